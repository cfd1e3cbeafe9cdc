import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Trace, type TraceEvent } from './trace.ts';

function digestOf(...events: TraceEvent[]): string {
	const trace = new Trace();
	for (const event of events) trace.append(event);
	return trace.digest();
}

const withValue = (value: unknown): string => digestOf({ timeUs: 0, kind: 'x', value });

test('the digest is frozen: stored fingerprints stay comparable', () => {
	const bytes = Uint8Array.from({ length: 40 }, (_, i) => i);
	const digest = digestOf(
		{
			timeUs: 1_500_000,
			kind: 'frame',
			pieces: [bytes, new Uint8Array(2)],
			taps: [{ host: 'ct1', nic: 0 }],
			lost: false,
			note: undefined,
		},
		{ timeUs: 1_500_001, kind: 'study-read', accession: 'Ä1' },
	);
	expect(digest).toBe('a4aa4c88cbc886565c4d2849ac824e1992f6dba3df62cb2b86657d6d26c10b7e');
});

const leaf = fc.oneof(
	fc.string(),
	fc.integer(),
	fc.boolean(),
	fc.constant(null),
	fc.uint8Array({ maxLength: 60 }),
);
const { plain } = fc.letrec((tie) => ({
	plain: fc.oneof(
		{ maxDepth: 4 },
		leaf,
		fc.array(tie('plain'), { maxLength: 4 }),
		fc.dictionary(fc.string({ maxLength: 6 }), tie('plain'), { maxKeys: 4 }),
	),
}));

/** The same value without sharing anything, its keys in reverse order. */
function rebuilt(value: unknown): unknown {
	if (value instanceof Uint8Array) {
		const buffer = new Uint8Array(value.length + 7);
		buffer.set(value, 3);
		return buffer.subarray(3, 3 + value.length);
	}
	if (Array.isArray(value)) return value.map(rebuilt);
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).map(([key, part]) => [key, rebuilt(part)] as const);
	return Object.fromEntries(entries.reverse());
}

test('neither the order of keys nor what is shared makes a difference', () => {
	fc.assert(
		fc.property(plain, (value) => {
			const shared = { timeUs: 0, kind: 'x', once: value, twice: [value, value] };
			const apart = {
				twice: [rebuilt(value), rebuilt(value)],
				once: rebuilt(value),
				kind: 'x',
				timeUs: 0,
			};
			expect(digestOf(shared)).toBe(digestOf(apart));
		}),
	);
});

test('different values have different digests', () => {
	fc.assert(
		fc.property(plain, plain, (a, b) => {
			const same = JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
			expect(withValue(a) === withValue(b)).toBe(same);
		}),
	);
});

/** For comparing in the test only: bytes told from arrays, keys in order, -0 as 0. */
function canonical(value: unknown): unknown {
	if (value instanceof Uint8Array) return { bytes: [...value] };
	if (Array.isArray(value)) return { array: value.map(canonical) };
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).map(([key, part]) => [key, canonical(part)] as const);
	return { object: entries.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

test.each([
	['1', 1],
	['', null],
	[true, 'true'],
	[true, 1],
	[[], {}],
	[[], new Uint8Array(0)],
	[['ab'], ['a', 'b']],
	[
		['a', ['b']],
		[['a'], 'b'],
	],
	[{ a: 'b' }, ['a', 'b']],
	[{ a: { b: 1 } }, { a: { b: 2 } }],
	[new Uint8Array(16), new Uint8Array(17)],
	[new Uint8Array(100), new Uint8Array(100).fill(1, 99)],
	[Uint8Array.of(1, 2), [1, 2]],
])('%j and %j differ', (a, b) => {
	expect(withValue(a)).not.toBe(withValue(b));
});

test('views on one buffer are told apart by where they begin', () => {
	const buffer = Uint8Array.from({ length: 200 }, (_, i) => i);
	const [a, b] = [buffer.subarray(0, 90), buffer.subarray(90, 180)];
	expect(withValue([a, b])).toBe(withValue([a.slice(), b.slice()]));
	expect(withValue([a, b])).not.toBe(withValue([a, a]));
});

test('the order of events and what happens when count', () => {
	const a = { timeUs: 0, kind: 'a' };
	const b = { timeUs: 0, kind: 'b' };
	expect(digestOf(a, b)).not.toBe(digestOf(b, a));
	expect(digestOf(a)).not.toBe(digestOf({ ...a, timeUs: 1 }));
	expect(digestOf(a)).not.toBe(digestOf(a, a));
});

test('a digest may be asked for again, also after more happened', () => {
	const trace = new Trace();
	trace.append({ timeUs: 0, kind: 'a' });
	const first = trace.digest();
	expect(trace.digest()).toBe(first);
	trace.append({ timeUs: 0, kind: 'b' });
	expect(trace.digest()).not.toBe(first);
});

test('only plain data has a digest', () => {
	expect(() => withValue(() => 1)).toThrow('not function');
	expect(() => withValue({ deep: [1n] })).toThrow('not bigint');
});

test('observers see what comes until they stop', () => {
	const trace = new Trace();
	const seen: string[] = [];
	trace.append({ timeUs: 0, kind: 'before' });
	const stop = trace.observe((event) => seen.push(event.kind));
	trace.append({ timeUs: 1, kind: 'during' });
	stop();
	trace.append({ timeUs: 2, kind: 'after' });
	expect(seen).toEqual(['during']);
});
