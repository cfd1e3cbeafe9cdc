import type { Random } from '#lib/kernel/random.ts';

/** Longest input that mutations may grow to, in bytes. */
const LONGEST_INPUT_BYTES = 256 * 1024;

/** Numbers at which length fields and counters turn over. */
const EDGES = [
	0, 1, 2, 3, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xfffe, 0xffff, 0x10000, 0x7fffffff,
	0x80000000, 0xfffffffe, 0xffffffff,
];

type Mutation = (bytes: Uint8Array, random: Random, seeds: readonly Uint8Array[]) => Uint8Array;

function replaced(bytes: Uint8Array, at: number, count: number, by: Uint8Array): Uint8Array {
	const out = new Uint8Array(bytes.length - count + by.length);
	out.set(bytes.subarray(0, at));
	out.set(by, at);
	out.set(bytes.subarray(at + count), at + by.length);
	return out;
}

const noise = (random: Random, count: number): Uint8Array =>
	Uint8Array.from({ length: count }, () => random.below(256));

const MUTATIONS: readonly Mutation[] = [
	function flipBit(bytes, random) {
		const out = bytes.slice();
		const at = random.below(out.length);
		out[at] = out[at]! ^ (1 << random.below(8));
		return out;
	},
	function setByte(bytes, random) {
		const out = bytes.slice();
		out[random.below(out.length)] = random.below(256);
		return out;
	},
	function setNumber(bytes, random) {
		const out = bytes.slice();
		const view = new DataView(out.buffer);
		const value = random.chance(1, 2) ? random.pick(EDGES) : random.uint32();
		const little = random.chance(1, 2);
		if (random.chance(1, 2) && out.length >= 4) {
			view.setUint32(random.below(out.length - 3), value, little);
		} else if (out.length >= 2) view.setUint16(random.below(out.length - 1), value, little);
		return out;
	},
	function deleteRange(bytes, random) {
		const at = random.below(bytes.length);
		return replaced(bytes, at, 1 + random.below(Math.min(64, bytes.length - at)), new Uint8Array());
	},
	function repeatRange(bytes, random) {
		const at = random.below(bytes.length);
		const part = bytes.slice(at, at + 1 + random.below(256));
		return replaced(bytes, at, 0, part);
	},
	function insertNoise(bytes, random) {
		return replaced(bytes, random.below(bytes.length + 1), 0, noise(random, 1 + random.below(32)));
	},
	function overwriteWithNoise(bytes, random) {
		const at = random.below(bytes.length);
		const count = Math.min(bytes.length - at, 1 + random.below(16));
		return replaced(bytes, at, count, noise(random, count));
	},
	function cutOff(bytes, random) {
		return bytes.slice(0, random.below(bytes.length + 1));
	},
	function spliceOther(bytes, random, seeds) {
		const other = random.pick(seeds);
		const from = random.below(other.length + 1);
		return replaced(
			bytes,
			random.below(bytes.length + 1),
			0,
			other.slice(from, from + 1 + random.below(512)),
		);
	},
];

/** A seed with one to six things done to it. */
export function mutate(seeds: readonly Uint8Array[], random: Random): Uint8Array {
	let bytes = random.pick(seeds);
	for (let left = 1 + random.below(6); left > 0; left--) {
		if (bytes.length === 0) bytes = noise(random, 16);
		bytes = random.pick(MUTATIONS)(bytes, random, seeds);
	}
	return bytes.slice(0, LONGEST_INPUT_BYTES);
}
