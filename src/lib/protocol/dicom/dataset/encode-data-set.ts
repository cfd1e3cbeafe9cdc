import { type ElementOf, valueElement } from './data-element.ts';
import type { DataElement, DataSet } from './data-set.ts';
import { type Encoding, encodingOf, swapBytes } from './transfer-syntax.ts';
import { vrOfCode } from './vr.ts';

export interface EncodeOptions {
	/** The UID of the transfer syntax; everything but implicit and big endian is explicit little. */
	readonly transferSyntax: string;
	/**
	 * How to write the lengths of sequences and items. Left out: as they were read, and defined for
	 * those that were not read.
	 */
	readonly sequences?: 'defined' | 'undefined';
	/** 'correct' computes the group lengths (gggg,0000) that are present; 'keep' is the default. */
	readonly groupLengths?: 'keep' | 'correct';
}

/** From this size on a value is a piece of its own, not copied. */
const VIEW_FROM_BYTES = 1024;
const UNDEFINED_LENGTH = 0xffffffff;
const ITEM = 0xfffee000;
const ITEM_DELIMITER = 0xfffee00d;
const SEQUENCE_DELIMITER = 0xfffee0dd;
const LONGEST_SHORT_VALUE = 0xfffe;

/**
 * Writes in two passes over the same elements: `measure` finds the lengths, `write` fills one buffer
 * with everything but the large values. `lengths` carries the lengths of sequences and items from
 * the first pass to the second, in the order in which both meet them.
 */
class Writer {
	private readonly options: EncodeOptions;
	private bigEndian: boolean;
	private readonly lengths: number[] = [];
	private nextLength = 0;
	private smallBytes = 0;
	private out = new Uint8Array(0);
	private at = 0;
	private cut = 0;
	private readonly pieces: Uint8Array[] = [];

	constructor(options: EncodeOptions, bigEndian: boolean) {
		this.options = options;
		this.bigEndian = bigEndian;
	}

	encode(elements: readonly DataElement[], explicit: boolean): Uint8Array[] {
		this.measure(elements, explicit);
		this.out = new Uint8Array(this.smallBytes);
		this.write(elements, explicit);
		this.flush();
		return this.pieces;
	}

	measure(elements: readonly DataElement[], explicit: boolean): number {
		let total = 0;
		for (const element of elements) total += this.measureElement(element, explicit);
		return total;
	}

	private isUndefined(element: DataElement, asRead: boolean | undefined): boolean {
		// The inside of UN is implicit; only its undefined length says that it is a sequence.
		if (element.vr === 'UN') return true;
		return this.options.sequences === undefined
			? asRead === true
			: this.options.sequences === 'undefined';
	}

	private measureElement(element: DataElement, explicit: boolean): number {
		const header = explicit ? headerBytes(element) : 8;
		this.smallBytes += header;
		const items = element.items;
		if (items !== undefined) return header + this.measureItems(element, items, explicit);
		const fragments = element.fragments;
		if (fragments !== undefined) {
			let total = 8;
			for (const fragment of fragments) {
				total += 8 + fragment.length;
				if (fragment.length < VIEW_FROM_BYTES) this.smallBytes += fragment.length;
			}
			this.smallBytes += 8 + fragments.length * 8;
			return header + total;
		}
		if (element.length < VIEW_FROM_BYTES) this.smallBytes += element.length;
		return header + element.length;
	}

	private measureItems(element: DataElement, items: readonly DataSet[], explicit: boolean): number {
		const slot = this.lengths.push(0) - 1;
		const inner = explicit && element.vr !== 'UN';
		let total = 0;
		for (const item of items) {
			const itemSlot = this.lengths.push(0) - 1;
			const length = this.measure(item.elements(), inner);
			const delimiter = this.isUndefined(element, item.undefinedLength) ? 8 : 0;
			this.lengths[itemSlot] = length;
			this.smallBytes += 8 + delimiter;
			total += 8 + length + delimiter;
		}
		this.lengths[slot] = total;
		if (!this.isUndefined(element, element.undefinedLength)) return total;
		this.smallBytes += 8;
		return total + 8;
	}

	private write(elements: readonly DataElement[], explicit: boolean): void {
		for (const element of elements) {
			const items = element.items;
			const fragments = element.fragments;
			if (items !== undefined) this.writeItems(element, items, explicit);
			else if (fragments !== undefined) this.writeFragments(element, fragments, explicit);
			else {
				this.writeHeader(element, element.length, explicit);
				this.writeValue(element);
			}
		}
	}

	private writeItems(element: DataElement, items: readonly DataSet[], explicit: boolean): void {
		const length = this.lengths[this.nextLength++]!;
		const open = this.isUndefined(element, element.undefinedLength);
		this.writeHeader(element, open ? UNDEFINED_LENGTH : length, explicit);
		const { bigEndian } = this;
		if (element.vr === 'UN') this.bigEndian = false;
		for (const item of items) {
			const itemLength = this.lengths[this.nextLength++]!;
			const itemOpen = this.isUndefined(element, item.undefinedLength);
			this.writeStructure(ITEM, itemOpen ? UNDEFINED_LENGTH : itemLength);
			this.write(item.elements(), explicit && element.vr !== 'UN');
			if (itemOpen) this.writeStructure(ITEM_DELIMITER, 0);
		}
		if (open) this.writeStructure(SEQUENCE_DELIMITER, 0);
		this.bigEndian = bigEndian;
	}

	private writeFragments(
		element: DataElement,
		fragments: readonly Uint8Array[],
		explicit: boolean,
	): void {
		this.writeHeader(element, UNDEFINED_LENGTH, explicit);
		for (const fragment of fragments) {
			this.writeStructure(ITEM, fragment.length);
			this.writeBytes(fragment, 0, fragment.length);
		}
		this.writeStructure(SEQUENCE_DELIMITER, 0);
	}

	private writeValue(element: DataElement): void {
		const unitBytes = this.bigEndian ? (vrOfCode(element.vr)?.unitBytes ?? 1) : 1;
		if (unitBytes === 1) this.writeBytes(element.source, element.start, element.length);
		else this.writeBytes(swapBytes(element.bytes, unitBytes), 0, element.length);
	}

	private writeHeader(element: DataElement, length: number, explicit: boolean): void {
		this.write16(element.tag >>> 16);
		this.write16(element.tag & 0xffff);
		if (!explicit) {
			this.write32(length);
			return;
		}
		const long = headerBytes(element) === 12;
		// A value too long for the 16-bit length of its VR is written as UN (PS3.5 6.2.2 note 2).
		const vr = long && vrOfCode(element.vr)?.lengthBits === 16 ? 'UN' : element.vr;
		this.out[this.at] = vr.charCodeAt(0);
		this.out[this.at + 1] = vr.charCodeAt(1);
		this.at += 2;
		if (long) {
			this.at += 2;
			this.write32(length);
		} else {
			this.write16(length);
		}
	}

	private writeStructure(tag: number, length: number): void {
		this.write16(tag >>> 16);
		this.write16(tag & 0xffff);
		this.write32(length);
	}

	private write16(value: number): void {
		const { out, at } = this;
		out[at] = this.bigEndian ? value >>> 8 : value;
		out[at + 1] = this.bigEndian ? value : value >>> 8;
		this.at = at + 2;
	}

	private write32(value: number): void {
		this.write16(this.bigEndian ? value >>> 16 : value & 0xffff);
		this.write16(this.bigEndian ? value & 0xffff : value >>> 16);
	}

	private writeBytes(source: Uint8Array, start: number, length: number): void {
		if (length >= VIEW_FROM_BYTES) {
			this.flush();
			this.pieces.push(source.subarray(start, start + length));
			return;
		}
		// A loop is faster than a view and a copy for the usual short value.
		if (length > 48) this.out.set(source.subarray(start, start + length), this.at);
		else for (let i = 0; i < length; i += 1) this.out[this.at + i] = source[start + i]!;
		this.at += length;
	}

	private flush(): void {
		if (this.at > this.cut) this.pieces.push(this.out.subarray(this.cut, this.at));
		this.cut = this.at;
	}
}

/** The bytes of an explicit VR header: tag, VR and a length of 16 or 32 bits. */
function headerBytes(element: ElementOf<unknown>): 8 | 12 {
	return vrOfCode(element.vr)?.lengthBits === 16 && element.length <= LONGEST_SHORT_VALUE ? 8 : 12;
}

/** The elements with the group lengths that are present computed anew (PS3.5 7.2). */
function withGroupLengths(
	elements: readonly DataElement[],
	options: EncodeOptions,
	{ explicit, bigEndian }: Encoding,
): DataElement[] {
	return elements.map((element) => {
		if ((element.tag & 0xffff) !== 0) return element;
		const group = elements.filter(
			(other) => other !== element && other.tag >>> 16 === element.tag >>> 16,
		);
		const value = new DataView(new ArrayBuffer(4));
		value.setUint32(0, new Writer(options, bigEndian).measure(group, explicit), true);
		return valueElement(element.tag, 'UL', new Uint8Array(value.buffer));
	});
}

/**
 * Encodes a data set in ascending order of tags, as pieces to be sent one after the other. Values
 * of 1 KB and more are views, not copies. Values are written as they are: padding is the business of
 * `DataSet.set`, so that `setRaw` can be wrong on purpose. Throws DataSetError for text that no
 * character set of the data set has and for the deflated transfer syntax.
 */
export function encodeDataSet(dataSet: DataSet, options: EncodeOptions): Uint8Array[] {
	const encoding = encodingOf(options.transferSyntax);
	let elements = dataSet.elements();
	if (options.groupLengths === 'correct') {
		elements = withGroupLengths(elements, options, encoding);
	}
	return new Writer(options, encoding.bigEndian).encode(elements, encoding.explicit);
}

/** How many bytes these elements would take with these options. */
export function encodedLength(elements: readonly DataElement[], options: EncodeOptions): number {
	const { explicit, bigEndian } = encodingOf(options.transferSyntax);
	return new Writer(options, bigEndian).measure(elements, explicit);
}

/** The pieces as one array; a single piece is not copied. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
	const [first] = pieces;
	if (first !== undefined && pieces.length === 1) return first;
	const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
	let at = 0;
	for (const piece of pieces) {
		joined.set(piece, at);
		at += piece.length;
	}
	return joined;
}
