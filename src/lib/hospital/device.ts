import type { Kernel } from '#lib/kernel/kernel.ts';
import type { Process, Task } from '#lib/kernel/process.ts';
import type { Micros } from '#lib/kernel/time.ts';
import type { Host } from '#lib/network/host.ts';
import type { Reach } from './console-view.ts';
import type { LogFile, OperatingSystem, Service } from './operating-system.ts';
import type { HospitalSpec } from './hospital-spec.ts';
import type { Records } from './records.ts';

/** What a device may know of the world around it. */
export interface DeviceWorld {
	readonly kernel: Kernel;
	readonly spec: HospitalSpec;
	/** Absolute time, µs since 1970, at which virtual time 0 is. */
	readonly epochUs: Micros;
	readonly records: Records;
	readonly devices: ReadonlyMap<string, Device>;
	/** True time, µs since 1970. */
	wallUs(): Micros;
	host(id: string): Host;
	system(hostId: string): OperatingSystem;
}

/** What every device is told when it is made. */
export interface DeviceEnvironment {
	id: string;
	kind: string;
	title: string;
	reach: Reach;
	operator: string | undefined;
	host: Host;
	os: OperatingSystem;
	world: DeviceWorld;
}

/**
 * An application on a host. A device is also a service of its host: it can be stopped and started, its
 * processes end and begin with that, and what it keeps on disk survives.
 */
export abstract class Device implements Service {
	readonly id: string;
	readonly kind: string;
	readonly title: string;
	readonly reach: Reach;
	readonly operator: string | undefined;
	readonly host: Host;
	readonly os: OperatingSystem;
	readonly world: DeviceWorld;
	/** Its own log file: its side of the story only, by its own clock. */
	readonly logFile: LogFile;
	#state: 'running' | 'stopped' = 'stopped';
	#sinceUs: Micros = 0;
	#tasks = new Set<{ readonly running: boolean; kill(): void }>();

	constructor(environment: DeviceEnvironment) {
		this.id = environment.id;
		this.kind = environment.kind;
		this.title = environment.title;
		this.reach = environment.reach;
		this.operator = environment.operator;
		this.host = environment.host;
		this.os = environment.os;
		this.world = environment.world;
		this.logFile = this.os.log(this.logPath());
		this.os.services.set(this.name, this);
	}

	/** The service name on its host. */
	get name(): string {
		return this.id;
	}

	get state(): 'running' | 'stopped' {
		return this.#state;
	}

	get sinceUs(): Micros {
		return this.#sinceUs;
	}

	start(): void {
		if (this.#state === 'running') return;
		this.#state = 'running';
		this.#sinceUs = this.world.kernel.nowUs;
		this.world.kernel.record('service-started', { device: this.id });
		this.log('INFO', `${this.title} started`);
		this.onStart();
	}

	stop(): void {
		if (this.#state === 'stopped') return;
		this.#state = 'stopped';
		this.#sinceUs = this.world.kernel.nowUs;
		this.log('INFO', `${this.title} stopping`);
		this.world.kernel.record('service-stopped', { device: this.id });
		this.onStop();
		for (const task of this.#tasks) task.kill();
		this.#tasks.clear();
	}

	/** Starts its processes and listeners. */
	protected abstract onStart(): void;

	/** Closes its listeners; processes are killed after it. */
	protected abstract onStop(): void;

	protected logPath(): string {
		return `/var/log/${this.kind}/${this.id}.log`;
	}

	/** Runs a process that ends when the device stops. */
	spawn<T>(name: string, body: Process<T>): Task<T> {
		const task = this.world.kernel.spawn(`${this.id}.${name}`, this.#tracked(body));
		this.#tasks.add(task);
		return task;
	}

	*#tracked<T>(body: Process<T>): Process<T> {
		try {
			return yield* body;
		} finally {
			for (const task of this.#tasks) if (!task.running) this.#tasks.delete(task);
		}
	}

	log(level: 'INFO' | 'WARN' | 'ERROR', text: string): void {
		this.logFile.append(`${this.os.logStamp()} ${level.padEnd(5)} ${text}`);
	}

	/** Ways in which its present settings let in more than they should, in words; none for most devices. */
	exposures(): string[] {
		return [];
	}
}
