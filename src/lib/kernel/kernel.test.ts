import { expect, test } from 'vitest';
import { EventBudgetExceeded, Kernel } from './kernel.ts';
import type { Process } from './process.ts';

test('the clock goes from event to event and ends where the run ends', () => {
	const kernel = new Kernel({ seed: 's', startUs: 100 });
	const seen: number[] = [];
	kernel.at(300, () => seen.push(kernel.nowUs));
	kernel.after(50, () => seen.push(kernel.nowUs));
	kernel.at(20, () => seen.push(kernel.nowUs));
	expect(kernel.nextEventUs).toBe(100);
	expect(kernel.runUntil(300)).toBe(true);
	expect(seen).toEqual([100, 150, 300]);
	kernel.runUntil(1_000);
	expect(kernel.nowUs).toBe(1_000);
	kernel.runUntil(500);
	expect(kernel.nowUs).toBe(1_000);
});

test('what was taken back does not happen', () => {
	const kernel = new Kernel({ seed: 's' });
	let ran = false;
	const cancel = kernel.after(10, () => (ran = true));
	cancel();
	kernel.runUntil(100);
	expect([ran, kernel.eventCount]).toEqual([false, 0]);
});

test('a run in slices is the same run', () => {
	const run = (slice: number): string => {
		const kernel = new Kernel({ seed: 's' });
		function* walker(name: string): Process {
			for (let i = 0; i < 50; i++) {
				yield* kernel.sleep(kernel.random(name).below(20));
				kernel.record('step', { name, i });
			}
		}
		for (const name of ['a', 'b', 'c']) kernel.spawn(name, walker(name));
		while (!kernel.runUntil(2_000, slice));
		expect(kernel.nowUs).toBe(2_000);
		return kernel.trace.digest();
	};
	expect(run(7)).toBe(run(Infinity));
	expect(run(1)).toBe(run(Infinity));
});

test('two processes chasing each other use up the budget and are told so', () => {
	const kernel = new Kernel({ seed: 's', eventBudget: 1_000 });
	function* restless(): Process {
		for (;;) yield* kernel.sleep(0);
	}
	kernel.after(5, () => {
		kernel.spawn('a', restless());
		kernel.spawn('b', restless());
	});
	let error: unknown;
	try {
		kernel.runUntil(1_000_000);
	} catch (thrown) {
		error = thrown;
	}
	expect(error).toBeInstanceOf(EventBudgetExceeded);
	expect(error).toMatchObject({ budget: 1_000, timeUs: 5 });
	expect(kernel.eventCount).toBe(1_000);
});

test('a budget that is just enough is enough', () => {
	const kernel = new Kernel({ seed: 's', eventBudget: 3 });
	for (let i = 0; i < 3; i++) kernel.after(i, () => undefined);
	expect(kernel.runUntil(10)).toBe(true);
	kernel.after(1, () => undefined);
	expect(() => kernel.runUntil(20)).toThrow(EventBudgetExceeded);
});

test('a task is run until it ends, its events are used up, or nothing is left', () => {
	const kernel = new Kernel({ seed: 's' });
	function* work(): Process {
		yield* kernel.sleep(10);
		yield* kernel.sleep(10);
	}
	const task = kernel.spawn('work', work());
	kernel.at(1_000, () => undefined);
	expect(kernel.runTask(task, 2)).toBe(false);
	expect(kernel.runTask(task)).toBe(true);
	expect([kernel.nowUs, kernel.nextEventUs]).toEqual([20, 1_000]);
	function* stuck(): Process {
		yield { subscribe: () => () => undefined };
	}
	expect(kernel.runTask(kernel.spawn('stuck', stuck()))).toBe(false);
});
