import type { Device } from '#lib/hospital/device.ts';
import type { World } from '#lib/hospital/world.ts';
import { minutes, seconds, type Micros } from '#lib/kernel/time.ts';

/** How long it takes to type a line, to copy a file of one's own to the desk, to open an admin page, to speak with somebody, and so on. */
export const EFFORT = {
	typing: seconds(4),
	upload: minutes(1),
	openPage: seconds(15),
	readScreen: seconds(30),
	askEngineer: minutes(3),
	call: minutes(2),
	inform: minutes(1),
	diagnose: seconds(30),
	close: minutes(2),
} as const satisfies Record<string, Micros>;

/** Where the trainee is. Going somewhere takes time, and so does coming back. */
export class Whereabouts {
	readonly #world: World;
	#hostId: string;

	constructor(world: World) {
		this.#world = world;
		this.#hostId = world.spec.desk;
	}

	get atDesk(): boolean {
		return this.#hostId === this.#world.spec.desk;
	}

	/** Time to get back to the desk, 0 when there already; one is there afterwards. */
	goToDesk(): Micros {
		return this.#go(this.#world.spec.desk);
	}

	/** Time to get at a device's console: a walk, a page to open, or a call to its owner. */
	goTo(device: Device): Micros {
		if (device.reach === 'walk') return this.#go(device.host.id) + EFFORT.readScreen;
		const back = this.goToDesk();
		return back + (device.reach === 'request' ? EFFORT.askEngineer : EFFORT.openPage);
	}

	/** Walks lead past the desk. */
	#go(hostId: string): Micros {
		if (hostId === this.#hostId) return 0;
		const away = (id: string): number =>
			this.#world.spec.hosts.find((host) => host.id === id)?.minutesAway ?? 0;
		const walk = minutes(away(this.#hostId) + away(hostId));
		this.#hostId = hostId;
		return walk;
	}
}
