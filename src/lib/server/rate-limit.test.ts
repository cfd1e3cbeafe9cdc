import { expect, test } from 'vitest';
import { RateLimit } from './rate-limit.ts';

test('a burst up to the capacity, then one for each period', () => {
	let nowMs = 0;
	const limit = new RateLimit({ capacity: 2, secondsPerToken: 10, nowMs: () => nowMs });
	expect([limit.take('a'), limit.take('a')]).toEqual([{ allowed: true }, { allowed: true }]);
	nowMs = 2_500;
	expect(limit.take('a')).toEqual({ allowed: false, retryAfterSeconds: 8 });
	expect(limit.take('b')).toEqual({ allowed: true });
	nowMs = 10_000;
	expect(limit.take('a')).toEqual({ allowed: true });
	expect(limit.take('a').allowed).toBe(false);
	nowMs = 1_000_000;
	expect([limit.take('a'), limit.take('a'), limit.take('a')].map((one) => one.allowed)).toEqual([
		true,
		true,
		false,
	]);
});

test('asking while there is nothing does not postpone the next token', () => {
	let nowMs = 0;
	const limit = new RateLimit({ capacity: 1, secondsPerToken: 1, nowMs: () => nowMs });
	limit.take('a');
	for (nowMs = 100; nowMs < 1_000; nowMs += 100) expect(limit.take('a').allowed).toBe(false);
	nowMs = 1_001;
	expect(limit.take('a').allowed).toBe(true);
});

test('remembers a bounded number of keys, those used last', () => {
	const limit = new RateLimit({ capacity: 1, secondsPerToken: 1e6, keysMax: 2, nowMs: () => 0 });
	for (const key of ['a', 'b', 'a', 'c']) limit.take(key);
	expect(limit.take('a').allowed).toBe(false);
	expect(limit.take('b').allowed).toBe(true);
});
