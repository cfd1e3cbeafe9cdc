const EMPTY = new Uint8Array(0);

/** What an element has instead of a plain value. */
type Content<Item> =
	| {
			readonly kind: 'items';
			readonly items: readonly Item[];
			/** How the length was written; undefined when the sequence did not come from bytes. */
			readonly undefinedLength: boolean | undefined;
	  }
	| { readonly kind: 'fragments'; readonly fragments: readonly Uint8Array[] }
	| { readonly kind: 'pending-text'; readonly text: string };

/**
 * One element of a data set. It has exactly one of a value (`bytes`), the items of a sequence, or the
 * fragments of encapsulated pixel data. Immutable. Values are in little endian order whatever the
 * transfer syntax was; the view on them is made when asked for, since most are never looked at.
 */
export class ElementOf<Item> {
	readonly tag: number;
	/** Two letters; UN for unknown. With a wrong one on purpose: whatever was set. */
	readonly vr: string;
	/** The value is source[start .. start + length]. */
	readonly source: Uint8Array;
	readonly start: number;
	readonly length: number;
	private readonly content: Content<Item> | undefined;

	constructor(
		tag: number,
		vr: string,
		source: Uint8Array,
		start: number,
		length: number,
		content?: Content<Item>,
	) {
		this.tag = tag;
		this.vr = vr;
		this.source = source;
		this.start = start;
		this.length = length;
		this.content = content;
	}

	/** The value as it is on the wire, padding included; empty for items and fragments. */
	get bytes(): Uint8Array {
		if (this.start === 0 && this.length === this.source.length) return this.source;
		return this.source.subarray(this.start, this.start + this.length);
	}

	/** True for a value that is known as bytes: no items, no fragments, no text that waits. */
	get isPlain(): boolean {
		return this.content === undefined;
	}

	/** The items of a sequence; undefined for any other element. */
	get items(): readonly Item[] | undefined {
		return this.content?.kind === 'items' ? this.content.items : undefined;
	}

	/** Encapsulated pixel data; the first fragment is the basic offset table (PS3.5 A.4). */
	get fragments(): readonly Uint8Array[] | undefined {
		return this.content?.kind === 'fragments' ? this.content.fragments : undefined;
	}

	/** Text that waits for the character set of the data set that will contain it. */
	get pendingText(): string | undefined {
		return this.content?.kind === 'pending-text' ? this.content.text : undefined;
	}

	/** How the length of a sequence was written; undefined when it did not come from bytes. */
	get undefinedLength(): boolean | undefined {
		return this.content?.kind === 'items' ? this.content.undefinedLength : undefined;
	}
}

export function valueElement<Item>(tag: number, vr: string, bytes: Uint8Array): ElementOf<Item> {
	return new ElementOf(tag, vr, bytes, 0, bytes.length);
}

export function sequenceElement<Item>(
	tag: number,
	vr: string,
	items: readonly Item[],
	undefinedLength?: boolean,
): ElementOf<Item> {
	return new ElementOf(tag, vr, EMPTY, 0, 0, { kind: 'items', items, undefinedLength });
}

export function fragmentsElement<Item>(
	tag: number,
	vr: string,
	fragments: readonly Uint8Array[],
): ElementOf<Item> {
	return new ElementOf(tag, vr, EMPTY, 0, 0, { kind: 'fragments', fragments });
}

export function pendingTextElement<Item>(tag: number, vr: string, text: string): ElementOf<Item> {
	return new ElementOf(tag, vr, EMPTY, 0, 0, { kind: 'pending-text', text });
}
