import type { Random } from '#lib/kernel/random.ts';

/** Something that reads what strangers send. */
export interface FuzzTarget {
	name: string;
	/** Well-formed inputs that mutations start from. */
	seeds(): Uint8Array[];
	/** Reads the input, cut as `random` likes. Must neither throw nor hang, whatever the bytes are. */
	run(input: Uint8Array, random: Random): void;
	/** Whether a well-formed input was understood: a fuzzer whose seeds are refused at once finds nothing. */
	understands(seed: Uint8Array): boolean;
}

/** Cuts the bytes into chunks of random sizes, now and then into single bytes. */
export function* chunksOf(bytes: Uint8Array, random: Random): Generator<Uint8Array> {
	const most = random.chance(1, 8) ? 3 : random.chance(1, 2) ? 200 : bytes.length + 1;
	for (let at = 0; at < bytes.length;) {
		const size = 1 + random.below(most);
		yield bytes.slice(at, at + size);
		at += size;
	}
}
