import { afterEach, expect, test } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kernel } from '#lib/kernel/kernel.ts';
import { milliseconds } from '#lib/kernel/time.ts';
import { WallTime } from './wall-time.ts';

const running: WallTime[] = [];
afterEach(() => {
	for (const wallTime of running.splice(0)) wallTime.stop();
});

function started(kernel: Kernel, changes: Partial<ConstructorParameters<typeof WallTime>[1]> = {}) {
	const wallTime = new WallTime(kernel, {
		busy: () => false,
		advanced: () => undefined,
		failed: (error) => {
			throw error;
		},
		...changes,
	});
	running.push(wallTime);
	return wallTime;
}

test('events run in order when their wall time has come, never before', async () => {
	const kernel = new Kernel({ seed: 'wall' });
	kernel.runUntil(milliseconds(5_000));
	const begun = performance.now();
	const seen: [delayMs: number, elapsedMs: number][] = [];
	for (const delayMs of [60, 0.4, 20, 0.9]) {
		kernel.after(milliseconds(delayMs), () => seen.push([delayMs, performance.now() - begun]));
	}
	started(kernel, { busy: () => true });
	await expect.poll(() => seen.length, { timeout: 5_000 }).toBe(4);
	expect(seen.map(([delayMs]) => delayMs)).toEqual([0.4, 0.9, 20, 60]);
	for (const [delayMs, elapsedMs] of seen) expect(elapsedMs).toBeGreaterThanOrEqual(delayMs);
});

test('a change is made at the present instant and what it causes at once is run', async () => {
	const kernel = new Kernel({ seed: 'wall' });
	const wallTime = started(kernel);
	await sleep(20);
	let ranAtUs = -1;
	wallTime.act(() => kernel.after(0, () => (ranAtUs = kernel.nowUs)));
	expect(ranAtUs).toBeGreaterThanOrEqual(milliseconds(19));
});

test('an event makes itself heard although nothing was due before', async () => {
	const kernel = new Kernel({ seed: 'wall' });
	const wallTime = started(kernel);
	await sleep(5);
	let ran = false;
	wallTime.act(() => kernel.after(milliseconds(10), () => (ran = true)));
	await expect.poll(() => ran, { timeout: 5_000 }).toBe(true);
});

test('a failed process stops everything and is reported once', async () => {
	const kernel = new Kernel({ seed: 'wall' });
	const errors: unknown[] = [];
	let later = false;
	kernel.after(0, () => {
		throw new Error('broken device');
	});
	kernel.after(milliseconds(5), () => (later = true));
	const wallTime = started(kernel, { failed: (error) => errors.push(error) });
	await sleep(30);
	wallTime.act(() => (later = true));
	expect(errors.map(String)).toEqual(['Error: broken device']);
	expect(later).toBe(false);
});
