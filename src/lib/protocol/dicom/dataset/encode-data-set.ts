import { type ElementOf, valueElement } from './data-element.ts';
import type { DataElement, DataSet } from './data-set.ts';
import { deflateDataSet } from './deflate.ts';
import { type EncodingFault, Faults } from './encoding-faults.ts';
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
	/** Mistakes to be made on purpose. */
	readonly faults?: readonly EncodingFault[];
}

/** From this size on a value is a piece of its own, not copied. */
const VIEW_FROM_BYTES = 1024;
const UNDEFINED_LENGTH = 0xffffffff;
const ITEM = 0xfffee000;
const ITEM_DELIMITER = 0xfffee00d;
const SEQUENCE_DELIMITER = 0xfffee0dd;
/** Undefined and defined length of a sequence or item, with the bytes of its delimiter. */
const OPEN = { open: true, delimiter: 8 };
const CLOSED = { open: false, delimiter: 0 };
const LONGEST_SHORT_VALUE = 0xffff;

/**
 * Writes in two passes over the same elements: `measure` finds the lengths, `write` fills one buffer
 * with everything but the large values. `lengths` carries the lengths of sequences and items from
 * the first pass to the second, in the order in which both meet them.
 */
class Writer {
	private readonly sequences: EncodeOptions['sequences'];
	private readonly faults: Faults | undefined;
	private bigEndian: boolean;
	private readonly lengths: number[] = [];
	private nextLength = 0;
	private smallBytes = 0;
	private out = new Uint8Array(0);
	private at = 0;
	private cut = 0;
	private readonly pieces: Uint8Array[] = [];

	constructor(options: EncodeOptions, bigEndian: boolean) {
		this.sequences = options.sequences;
		this.faults = options.faults && new Faults(options.faults);
		this.bigEndian = this.faults?.has('wrong-byte-order') ? !bigEndian : bigEndian;
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
		for (const element of elements) {
			const { length } = element;
			const header = explicit ? headerBytes(element) : 8;
			this.smallBytes += length < VIEW_FROM_BYTES ? header + length : header;
			total += header + length;
			if (!element.isPlain) total += this.measureContent(element, explicit);
		}
		return total;
	}

	/** Whether an item or sequence is written with undefined length. */
	private isOpen(asRead: boolean | undefined): boolean {
		return this.sequences === undefined ? asRead === true : this.sequences === 'undefined';
	}

	/** Which delimiters a sequence has; undefined lengths without them are a fault on purpose. */
	private formOf(element: DataElement, part: 'sequence' | 'item', asRead: boolean | undefined) {
		// The inside of UN is implicit; only its undefined length says that it is a sequence.
		const open = (part === 'sequence' && element.vr === 'UN') || this.isOpen(asRead);
		if (this.faults?.leavesOut(element.tag, part)) return { open: true, delimiter: 0 };
		return open ? OPEN : CLOSED;
	}

	private elementsOf(item: DataSet): readonly DataElement[] {
		const elements = item.elements();
		return this.faults === undefined ? elements : this.faults.elements(elements);
	}

	/** What comes after the header of a sequence or of encapsulated pixel data. */
	private measureContent(element: DataElement, explicit: boolean): number {
		const { items, fragments = [] } = element;
		if (items !== undefined) return this.measureItems(element, items, explicit);
		let total = 8;
		for (const fragment of fragments) {
			total += 8 + fragment.length;
			if (fragment.length < VIEW_FROM_BYTES) this.smallBytes += fragment.length;
		}
		this.smallBytes += 8 + fragments.length * 8;
		return total;
	}

	private measureItems(element: DataElement, items: readonly DataSet[], explicit: boolean): number {
		const slot = this.lengths.push(0) - 1;
		const inner = explicit && element.vr !== 'UN';
		let total = 0;
		for (const item of items) {
			const itemSlot = this.lengths.push(0) - 1;
			const length = this.measure(this.elementsOf(item), inner);
			const { delimiter } = this.formOf(element, 'item', item.undefinedLength);
			this.lengths[itemSlot] = length;
			this.smallBytes += 8 + delimiter;
			total += 8 + length + delimiter;
		}
		this.lengths[slot] = total;
		const { delimiter } = this.formOf(element, 'sequence', element.undefinedLength);
		this.smallBytes += delimiter;
		return total + delimiter;
	}

	private write(elements: readonly DataElement[], explicit: boolean): void {
		for (const element of elements) {
			if (element.isPlain) {
				const change = this.faults?.lengthChange(element.tag) ?? 0;
				this.writeHeader(element, element.length + change, explicit);
				this.writeValue(element);
				continue;
			}
			const { items, fragments = [] } = element;
			if (items !== undefined) this.writeItems(element, items, explicit);
			else this.writeFragments(element, fragments, explicit);
		}
	}

	private writeItems(element: DataElement, items: readonly DataSet[], explicit: boolean): void {
		const { tag, vr } = element;
		const length = this.lengths[this.nextLength++]! + (this.faults?.lengthChange(tag) ?? 0);
		const { open, delimiter } = this.formOf(element, 'sequence', element.undefinedLength);
		this.writeHeader(element, open ? UNDEFINED_LENGTH : length, explicit);
		const { bigEndian } = this;
		if (vr === 'UN') this.bigEndian = false;
		items.forEach((item, i) => {
			const change = this.faults?.itemLengthChange(tag, i) ?? 0;
			const itemLength = this.lengths[this.nextLength++]! + change;
			const form = this.formOf(element, 'item', item.undefinedLength);
			this.writeStructure(ITEM, form.open ? UNDEFINED_LENGTH : itemLength);
			this.write(this.elementsOf(item), explicit && vr !== 'UN');
			if (form.delimiter > 0) this.writeStructure(ITEM_DELIMITER, 0);
		});
		if (delimiter > 0) this.writeStructure(SEQUENCE_DELIMITER, 0);
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
		this.writeTag(element.tag);
		if (!explicit) {
			this.write32(length);
			return;
		}
		const long = headerBytes(element) === 12;
		// A value too long for the 16-bit length of its VR is written as UN (PS3.5 6.2.2 note 2).
		const vr = long && vrOfCode(element.vr)?.lengthBits === 16 ? 'UN' : element.vr;
		this.out[this.at] = vr.charCodeAt(0);
		this.out[this.at + 1] = vr.charCodeAt(1);
		this.at += long ? 4 : 2;
		if (long) this.write32(length);
		else this.write16(length);
	}

	private writeStructure(tag: number, length: number): void {
		this.writeTag(tag);
		this.write32(length);
	}

	private writeTag(tag: number): void {
		this.write16(tag >>> 16);
		this.write16(tag & 0xffff);
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
		const { out, at } = this;
		if (length > 96) out.set(source.subarray(start, start + length), at);
		else for (let i = 0; i < length; i += 1) out[at + i] = source[start + i]!;
		this.at = at + length;
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
 * `DataSet.set`, so that `setRaw` can be wrong on purpose. A deflated transfer syntax gives one
 * piece. Throws DataSetError for text that no character set of the data set has.
 */
export function encodeDataSet(dataSet: DataSet, options: EncodeOptions): Uint8Array[] {
	const encoding = encodingOf(options.transferSyntax);
	let elements = dataSet.elements();
	if (options.groupLengths === 'correct') {
		elements = withGroupLengths(elements, options, encoding);
	}
	if (options.faults !== undefined) elements = new Faults(options.faults).elements(elements);
	const pieces = new Writer(options, encoding.bigEndian).encode(elements, encoding.explicit);
	return encoding.deflated ? [deflateDataSet(joinBytes(pieces))] : pieces;
}

/** How many bytes these elements would take with these options, before any compression. */
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
