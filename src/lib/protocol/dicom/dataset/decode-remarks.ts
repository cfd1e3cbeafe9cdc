/** What a reader that is not strict goes on after, and the clause of PS3.5 it is against. */
export const CLAUSES = {
	'odd-length': 'PS3.5 7.1.1',
	/** The element was put at its place. */
	'not-ascending': 'PS3.5 7.1',
	/** The first one was kept. */
	duplicate: 'PS3.5 7.1',
	/** Read with a 32-bit length. */
	'unknown-vr': 'PS3.5 6.2',
	/** The two bytes after a VR with 32-bit length are not zero; they are not kept. */
	'reserved-not-zero': 'PS3.5 7.1.2',
	/** The length is not kept. */
	'delimiter-with-length': 'PS3.5 7.5.2',
	/** A delimiter at the end of an item or sequence of defined length; it is not kept. */
	'stray-delimiter': 'PS3.5 7.5.2',
} as const;

/**
 * Something that is wrong but does not stop a reader that is not strict. Without a remark, and after
 * "odd-length" and "unknown-vr", writing gives the bytes that were read.
 */
export interface DecodeRemark {
	readonly offset: number;
	readonly tag: number;
	readonly kind: keyof typeof CLAUSES;
	/** The clause it is against. */
	readonly clause: string;
}
