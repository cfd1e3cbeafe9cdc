import type { DataSet } from './data-set.ts';

const EMPTY = new Uint8Array(0);

/**
 * One element of a data set. Exactly one of three contents: a value (`bytes`), the items of a
 * sequence, or the fragments of encapsulated pixel data. Immutable; bytes are in little endian order
 * whatever the transfer syntax was, and are a view that is made when asked for.
 */
export class DataElement {
	readonly tag: number;
	/** Two letters; UN for unknown. With a wrong one on purpose: whatever was set. */
	readonly vr: string;
	/** The value is source[start .. start + length]. */
	readonly source: Uint8Array;
	readonly start: number;
	readonly length: number;
	readonly items: readonly DataSet[] | undefined;
	/** The first fragment is the basic offset table (PS3.5 A.4). */
	readonly fragments: readonly Uint8Array[] | undefined;
	/** How the length of a sequence was written: undefined when it did not come from bytes. */
	readonly undefinedLength: boolean | undefined;
	/** Text that waits for the character set of the data set that will contain it. */
	readonly pendingText: string | undefined;

	constructor(
		tag: number,
		vr: string,
		source: Uint8Array,
		start: number,
		length: number,
		items: readonly DataSet[] | undefined,
		fragments: readonly Uint8Array[] | undefined,
		undefinedLength: boolean | undefined,
		pendingText: string | undefined,
	) {
		this.tag = tag;
		this.vr = vr;
		this.source = source;
		this.start = start;
		this.length = length;
		this.items = items;
		this.fragments = fragments;
		this.undefinedLength = undefinedLength;
		this.pendingText = pendingText;
	}

	/** The value as it is on the wire, padding included; empty for items and fragments. */
	get bytes(): Uint8Array {
		if (this.start === 0 && this.length === this.source.length) return this.source;
		return this.source.subarray(this.start, this.start + this.length);
	}
}

export function valueElement(tag: number, vr: string, bytes: Uint8Array): DataElement {
	return new DataElement(
		tag,
		vr,
		bytes,
		0,
		bytes.length,
		undefined,
		undefined,
		undefined,
		undefined,
	);
}

export function sequenceElement(
	tag: number,
	vr: string,
	items: readonly DataSet[],
	undefinedLength: boolean | undefined,
): DataElement {
	return new DataElement(tag, vr, EMPTY, 0, 0, items, undefined, undefinedLength, undefined);
}

export function fragmentsElement(
	tag: number,
	vr: string,
	fragments: readonly Uint8Array[],
): DataElement {
	return new DataElement(tag, vr, EMPTY, 0, 0, undefined, fragments, true, undefined);
}

export function pendingTextElement(tag: number, vr: string, text: string): DataElement {
	return new DataElement(tag, vr, EMPTY, 0, 0, undefined, undefined, undefined, text);
}
