import { expect, test } from 'vitest';
import { SliceRunner } from './slices.ts';

test('worlds take turns, one slice a turn of the event loop', async () => {
	const runner = new SliceRunner(() => 0);
	const order: string[] = [];
	const job = (name: string, slices: number) => () => {
		order.push(name);
		setImmediate(() => order.push('.'));
		slices -= 1;
		return slices === 0;
	};
	await Promise.all([runner.run(job('a', 3)), runner.run(job('b', 2))]);
	expect(order.join('')).toMatch(/^a\.?b\.?\.?a\.?\.?b\.?\.?a/);
	expect(order.filter((entry) => entry === '.').length).toBeGreaterThanOrEqual(3);
});

test('slices shrink until they fit and grow while they are cheap', async () => {
	let nowMs = 0;
	let msPerEvent = 0.5;
	const tookMs: number[] = [];
	const runner = new SliceRunner(() => nowMs);
	await runner.run((maxEvents) => {
		tookMs.push(maxEvents * msPerEvent);
		nowMs += maxEvents * msPerEvent;
		if (tookMs.length === 5) msPerEvent = 0.01;
		return tookMs.length === 20;
	});
	expect(tookMs[0]).toBe(25);
	expect(tookMs[1]).toBe(10);
	expect(Math.max(...tookMs.slice(1))).toBeLessThan(20);
	expect(tookMs.at(-1)).toBeGreaterThan(9);
});

test('what one world throws reaches its caller and stops no other', async () => {
	const runner = new SliceRunner();
	let left = 10;
	const broken = runner.run(() => {
		throw new Error('broken');
	});
	const sound = runner.run(() => (left -= 1) === 0);
	await expect(broken).rejects.toThrow('broken');
	await sound;
	expect(left).toBe(0);
});
