import { Kernel } from '#lib/kernel/kernel.ts';
import { Mailbox, wait, type Process } from '#lib/kernel/process.ts';
import type { Group } from './measure.ts';

const SLEEPERS = 100;
const SLEEPS_EACH = 2_000;
const TIMERS = 100_000;
const TIMER_SPREAD_US = 100_003;
const ROUND_TRIPS = 100_000;

function* sleeper(kernel: Kernel, offset: number): Process {
	for (let i = 0; i < SLEEPS_EACH; i++) yield* kernel.sleep(10 + ((i * 7 + offset) % 13));
}

/** Processes that sleep: the commonest event of a world. */
function sleeping(): number {
	const kernel = new Kernel({ seed: 'bench' });
	for (let i = 0; i < SLEEPERS; i++) kernel.spawn('sleeper', sleeper(kernel, i));
	kernel.runUntil(1e9);
	return kernel.eventCount;
}

/** Many timers pending at once, half of them taken back, as time-outs are. */
function timers(): number {
	const kernel = new Kernel({ seed: 'bench' });
	let fired = 0;
	for (let i = 0; i < TIMERS; i++) {
		const cancel = kernel.after((i * 7_919) % TIMER_SPREAD_US, () => {
			fired++;
		});
		if (i % 2 === 1) cancel();
	}
	kernel.runUntil(TIMER_SPREAD_US);
	if (fired !== TIMERS / 2) throw new Error(`${fired} timers fired`);
	return TIMERS;
}

function* player(from: Mailbox<number>, to: Mailbox<number>): Process {
	for (;;) {
		const ball = yield* wait(from.take());
		if (ball === 0) return;
		to.put(ball - 1);
	}
}

/** Two processes that hand a number to and fro; one handover counts as one event. */
function pingPong(): number {
	const kernel = new Kernel({ seed: 'bench' });
	const left = new Mailbox<number>();
	const right = new Mailbox<number>();
	kernel.spawn('left', player(left, right));
	kernel.spawn('right', player(right, left));
	kernel.after(1, () => {
		left.put(2 * ROUND_TRIPS);
	});
	kernel.runUntil(2);
	return 2 * ROUND_TRIPS;
}

export const kernelGroup: Group = {
	title: 'Kernel (events)',
	rounds: [7, 3],
	contestants: [
		{ id: 'sleeping', title: 'generator processes sleeping', run: sleeping },
		{ id: 'timers', title: 'timers set, half of them cancelled', run: timers },
		{ id: 'ping-pong', title: 'mailbox handovers between two processes', run: pingPong },
	],
};
