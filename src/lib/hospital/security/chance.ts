import type { Random } from '#lib/kernel/random.ts';
import type { RandomBytes } from '#lib/protocol/x509/random-bytes.ts';

/** Bytes from a stream of the kernel, for keys and nonces. */
export function chanceOf(random: Random): RandomBytes {
	return (count) => Uint8Array.from({ length: count }, () => random.below(256));
}
