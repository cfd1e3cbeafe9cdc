/** Streams of MLLP that are wrong on purpose, for peers and lessons that have to cope with them. */
import { encodeMllp } from './mllp.ts';

/**
 * How a stream of blocks is wrong: no VT; no FS CR; FS without CR; CR without FS; several contents in
 * one block; only the first bytes of each content inside a block that is proper otherwise; blocks cut
 * into writes of so many bytes, which is no fault but breaks readers that take a read for a message.
 */
export type MllpFault =
	| { readonly kind: 'no-start' | 'no-end' | 'no-carriage-return' | 'no-file-separator' | 'merged' }
	| { readonly kind: 'cut-short'; readonly contentBytes: number }
	| { readonly kind: 'split'; readonly writeBytes: number };

function joined(parts: readonly Uint8Array[]): Uint8Array {
	const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		bytes.set(part, at);
		at += part.length;
	}
	return bytes;
}

/** The writes to the stream that carry these contents with the fault. Sizes below 1 count as 1. */
export function encodeWithFault(contents: readonly Uint8Array[], fault: MllpFault): Uint8Array[] {
	switch (fault.kind) {
		case 'no-start':
			return contents.map((one) => encodeMllp(one, { start: false, end: 'FS CR' }));
		case 'no-end':
			return contents.map((one) => encodeMllp(one, { start: true, end: 'none' }));
		case 'no-carriage-return':
			return contents.map((one) => encodeMllp(one, { start: true, end: 'FS' }));
		case 'no-file-separator':
			return contents.map((one) => encodeMllp(one, { start: true, end: 'CR' }));
		case 'merged':
			return [encodeMllp(joined(contents))];
		case 'cut-short':
			return contents.map((one) => encodeMllp(one.subarray(0, Math.max(1, fault.contentBytes))));
		case 'split': {
			const whole = joined(contents.map((one) => encodeMllp(one)));
			const size = Math.max(1, fault.writeBytes);
			const writes: Uint8Array[] = [];
			for (let at = 0; at < whole.length; at += size) writes.push(whole.subarray(at, at + size));
			return writes;
		}
	}
}
