import { ElementOf, fragmentsElement, sequenceElement } from './data-element.ts';
import { type DataElement, DataSet } from './data-set.ts';
import { CLAUSES, type DecodeRemark } from './decode-remarks.ts';
import { inflateDataSet } from './deflate.ts';
import { implicitVr, signIsOpen } from './implicit-vr.ts';
import { type Encoding, encodingOf, swapBytes } from './transfer-syntax.ts';
import { vrOfBytes, vrOfCode } from './vr.ts';

export interface DecodeOptions {
	/** The UID of the transfer syntax; everything but implicit and big endian is explicit little. */
	readonly transferSyntax: string;
	/** True: what would be a remark is an error. */
	readonly strict?: boolean;
	/** Reading ends before the first element with this tag or a higher one. */
	readonly stopAtTag?: number;
	/** Reading ends before the first element of any other group. */
	readonly onlyGroup?: number;
	readonly limits?: {
		/** How deep sequences may be nested; 32 unless given. */
		readonly depth?: number;
		/** How many elements, items and fragments in all; 1,000,000 unless given. */
		readonly elements?: number;
		/** How many bytes a deflated data set may have when inflated; 256 MiB unless given. */
		readonly inflatedBytes?: number;
	};
}

export interface DecodeError {
	/** Where in the bytes; of a deflated data set: in what they inflate to. */
	readonly offset: number;
	readonly tag?: number;
	readonly message: string;
}

export type DecodeResult =
	| {
			readonly ok: true;
			readonly dataSet: DataSet;
			readonly remarks: readonly DecodeRemark[];
			/**
			 * Where reading ended: the length, or the offset of the element at `stopAtTag`; of a
			 * deflated data set in what it inflates to.
			 */
			readonly endOffset: number;
	  }
	| { readonly ok: false; readonly error: DecodeError; readonly partial?: DataSet };

const UNDEFINED_LENGTH = 0xffffffff;
const ITEM = 0xfffee000;
const ITEM_DELIMITER = 0xfffee00d;
const SEQUENCE_DELIMITER = 0xfffee0dd;
/** More remarks than a person would read are not kept. */
const MOST_REMARKS = 1000;
const MOST_INFLATED_BYTES = 256 * 1024 * 1024;

const UN = vrOfCode('UN')!;
const SQ = vrOfCode('SQ')!;

/** Ends the reading; never leaves this file. */
class Failure extends Error {
	readonly error: DecodeError;

	constructor(error: DecodeError) {
		super(error.message);
		this.error = error;
	}
}

class Reader {
	readonly remarks: DecodeRemark[] = [];
	/** What may be SS by a pixel representation that comes later, in the data set around it. */
	private readonly signs: [DataSet, number][] = [];
	private readonly bytes: Uint8Array;
	private bigEndian: boolean;
	private readonly strict: boolean;
	private readonly firstTag: number;
	private readonly stopAtTag: number;
	private readonly deepest: number;
	private left: number;
	at = 0;

	constructor(bytes: Uint8Array, options: DecodeOptions, bigEndian: boolean) {
		this.bytes = bytes;
		this.bigEndian = bigEndian;
		this.strict = options.strict ?? false;
		const { onlyGroup, stopAtTag = Infinity } = options;
		this.firstTag = onlyGroup === undefined ? 0 : onlyGroup * 0x10000;
		this.stopAtTag = onlyGroup === undefined ? stopAtTag : this.firstTag + 0x10000;
		this.deepest = options.limits?.depth ?? 32;
		this.left = options.limits?.elements ?? 1_000_000;
	}

	private fail(offset: number, message: string, tag?: number): never {
		throw new Failure(tag === undefined ? { offset, message } : { offset, tag, message });
	}

	private remark(offset: number, tag: number, kind: DecodeRemark['kind']): void {
		if (this.strict) this.fail(offset, `strict: ${kind.replaceAll('-', ' ')}`, tag);
		if (this.remarks.length < MOST_REMARKS) {
			this.remarks.push({ offset, tag, kind, clause: CLAUSES[kind] });
		}
	}

	private read16(at: number): number {
		const first = this.bytes[at]!;
		const second = this.bytes[at + 1]!;
		return this.bigEndian ? (first << 8) | second : first | (second << 8);
	}

	private read32(at: number): number {
		const low = this.read16(this.bigEndian ? at + 2 : at);
		const high = this.read16(this.bigEndian ? at : at + 2);
		return high * 0x10000 + low;
	}

	private readTag(at: number): number {
		return this.read16(at) * 0x10000 + this.read16(at + 2);
	}

	/** Eight more bytes must be there for a header; counts it against the limit. */
	private needHeader(end: number): void {
		if (end - this.at < 8) {
			this.fail(this.at, `${end - this.at} bytes are left where a header needs 8`);
		}
		this.left -= 1;
		if (this.left < 0) this.fail(this.at, 'more elements than the limit');
	}

	/**
	 * Reads elements up to `end`; an open item (undefined length) up to its delimiter.
	 */
	elements(dataSet: DataSet, end: number, explicit: boolean, depth: number, open: boolean): void {
		let last = -1;
		while (this.at < end) {
			const offset = this.at;
			this.needHeader(end);
			const tag = this.readTag(offset);
			if (depth === 0 && (tag >= this.stopAtTag || tag < this.firstTag)) return;
			if (tag >= ITEM && tag <= SEQUENCE_DELIMITER) {
				const atEnd = depth > 0 && offset + 8 === end;
				if (tag !== ITEM_DELIMITER || !(open || atEnd)) {
					this.fail(offset, 'item structure where an element was expected', tag);
				}
				if (!open) this.remark(offset, tag, 'stray-delimiter');
				this.delimiter(offset, tag);
				return;
			}
			if (tag < last) this.remark(offset, tag, 'not-ascending');
			last = tag;
			const element = explicit
				? this.explicitElement(dataSet, offset, tag, end, depth)
				: this.implicitElement(dataSet, offset, tag, end, depth);
			if (!dataSet.add(element)) this.remark(offset, tag, 'duplicate');
		}
		if (open) this.fail(this.at, 'the delimiter of an item of undefined length is missing');
	}

	settleSigns(): void {
		for (const [dataSet, tag] of this.signs) {
			if (dataSet.pixelsAreSigned() === true) dataSet.makeSigned(tag);
		}
	}

	/** The items that are the whole of the bytes, in implicit VR. */
	items(parent: DataSet): readonly DataSet[] {
		const { length } = this.bytes;
		return this.sequence(parent, 0, 'SQ', length, length, false, 0).items ?? [];
	}

	private delimiter(offset: number, tag: number): void {
		if (this.read32(offset + 4) !== 0) this.remark(offset, tag, 'delimiter-with-length');
		this.at = offset + 8;
	}

	private explicitElement(
		dataSet: DataSet,
		offset: number,
		tag: number,
		end: number,
		depth: number,
	): DataElement {
		const first = this.bytes[offset + 4]!;
		const second = this.bytes[offset + 5]!;
		const vr = vrOfBytes(first, second);
		let code = vr?.code;
		if (code === undefined) {
			if (first < 65 || first > 90 || second < 65 || second > 90) {
				this.fail(offset + 4, `these two bytes are no VR${this.hint(dataSet, tag, end)}`, tag);
			}
			code = String.fromCharCode(first, second);
			this.remark(offset, tag, 'unknown-vr');
		}
		if (vr?.lengthBits === 16) {
			this.at = offset + 8;
			return this.value(offset, tag, vr.code, vr.unitBytes, this.read16(offset + 6), end);
		}
		if (end - offset < 12) this.fail(offset, 'the header is cut', tag);
		if (this.bytes[offset + 6] !== 0 || this.bytes[offset + 7] !== 0) {
			this.remark(offset, tag, 'reserved-not-zero');
		}
		this.at = offset + 12;
		const length = this.read32(offset + 8);
		if (vr === SQ) return this.sequence(dataSet, tag, code, length, end, true, depth);
		if (length !== UNDEFINED_LENGTH) {
			return this.value(offset, tag, code, vr?.unitBytes ?? 1, length, end);
		}
		// UN of undefined length is a sequence in implicit VR little endian (PS3.5 6.2.2 note 2).
		if (vr === UN) {
			const { bigEndian } = this;
			this.bigEndian = false;
			const element = this.sequence(dataSet, tag, code, length, end, false, depth);
			this.bigEndian = bigEndian;
			return element;
		}
		return this.encapsulated(offset, tag, code, end);
	}

	/** What else an element without a VR may be; `at` is still at its tag. */
	private hint(dataSet: DataSet, tag: number, end: number): string {
		const known = implicitVr(dataSet, tag) !== UN;
		const fits = this.read32(this.at + 4) <= end - this.at - 8;
		return known && fits ? ', but it would be an element of implicit VR' : '';
	}

	private implicitElement(
		dataSet: DataSet,
		offset: number,
		tag: number,
		end: number,
		depth: number,
	): DataElement {
		const vr = implicitVr(dataSet, tag);
		if (vr.code === 'US' && signIsOpen(dataSet, tag)) this.signs.push([dataSet, tag]);
		const length = this.read32(offset + 4);
		this.at = offset + 8;
		if (vr === SQ) return this.sequence(dataSet, tag, 'SQ', length, end, false, depth);
		if (length !== UNDEFINED_LENGTH) {
			return this.value(offset, tag, vr.code, vr.unitBytes, length, end);
		}
		if (vr === UN) return this.sequence(dataSet, tag, 'SQ', length, end, false, depth);
		return this.encapsulated(offset, tag, vr.code, end);
	}

	private value(
		offset: number,
		tag: number,
		vr: string,
		unitBytes: number,
		length: number,
		end: number,
	): DataElement {
		const start = this.at;
		if (length > end - start) {
			this.fail(offset, `the length ${length} goes past the end by ${length - end + start}`, tag);
		}
		if (length % 2 === 1) this.remark(offset, tag, 'odd-length');
		this.at = start + length;
		if (!this.bigEndian || unitBytes === 1) {
			return new ElementOf(tag, vr, this.bytes, start, length);
		}
		const swapped = swapBytes(this.bytes.subarray(start, start + length), unitBytes);
		return new ElementOf(tag, vr, swapped, 0, length);
	}

	/** Where a sequence or item of this length ends; undefined length: where its parent ends. */
	private endOf(offset: number, tag: number, length: number, end: number): number {
		if (length === UNDEFINED_LENGTH) return end;
		if (length > end - this.at) {
			this.fail(offset, `the length ${length} goes past the end by ${length - end + this.at}`, tag);
		}
		return this.at + length;
	}

	private sequence(
		parent: DataSet,
		tag: number,
		vr: string,
		length: number,
		parentEnd: number,
		explicit: boolean,
		depth: number,
	): DataElement {
		const end = this.endOf(this.at - 8, tag, length, parentEnd);
		if (depth >= this.deepest) this.fail(this.at, `nested deeper than ${this.deepest}`, tag);
		const open = length === UNDEFINED_LENGTH;
		const items: DataSet[] = [];
		const element = sequenceElement(tag, vr, items, open);
		while (this.at < end) {
			const offset = this.at;
			this.needHeader(end);
			const itemTag = this.readTag(offset);
			if (itemTag === SEQUENCE_DELIMITER && (open || offset + 8 === end)) {
				if (!open) this.remark(offset, itemTag, 'stray-delimiter');
				this.delimiter(offset, itemTag);
				return element;
			}
			if (itemTag !== ITEM) this.fail(offset, 'something else where an item was expected', itemTag);
			const itemLength = this.read32(offset + 4);
			this.at = offset + 8;
			const itemEnd = this.endOf(offset, itemTag, itemLength, end);
			const itemOpen = itemLength === UNDEFINED_LENGTH;
			const item = new DataSet(parent, itemOpen, offset);
			items.push(item);
			this.elements(item, itemEnd, explicit, depth + 1, itemOpen);
		}
		if (open) this.fail(this.at, 'the delimiter of a sequence of undefined length is missing', tag);
		return element;
	}

	/** Pixel data in fragments: items without data sets (PS3.5 A.4). */
	private encapsulated(start: number, tag: number, vr: string, end: number): DataElement {
		if (vr !== 'OB' && vr !== 'OW') this.fail(start, `VR ${vr} has no undefined length`, tag);
		const fragments: Uint8Array[] = [];
		while (this.at < end) {
			const offset = this.at;
			this.needHeader(end);
			const itemTag = this.readTag(offset);
			if (itemTag === SEQUENCE_DELIMITER) {
				this.delimiter(offset, itemTag);
				return fragmentsElement(tag, vr, fragments);
			}
			const length = this.read32(offset + 4);
			this.at = offset + 8;
			if (itemTag !== ITEM || length === UNDEFINED_LENGTH) {
				this.fail(offset, 'something else where a fragment was expected', itemTag);
			}
			const itemEnd = this.endOf(offset, itemTag, length, end);
			fragments.push(this.bytes.subarray(this.at, itemEnd));
			this.at = itemEnd;
		}
		return this.fail(this.at, 'the delimiter of encapsulated pixel data is missing', tag);
	}
}

function read(
	bytes: Uint8Array,
	options: DecodeOptions,
	{ explicit, bigEndian }: Pick<Encoding, 'explicit' | 'bigEndian'>,
): DecodeResult {
	const dataSet = new DataSet();
	const reader = new Reader(bytes, options, bigEndian);
	try {
		reader.elements(dataSet, bytes.length, explicit, 0, false);
		reader.settleSigns();
		return { ok: true, dataSet, remarks: reader.remarks, endOffset: reader.at };
	} catch (problem) {
		if (!(problem instanceof Failure)) throw problem;
		return { ok: false, error: problem.error, partial: dataSet };
	}
}

/**
 * Reads a data set. Values are views on `bytes`, which must not be changed afterwards. Never throws
 * for bad bytes: the result says what is wrong and where, with the elements read until then.
 */
export function decodeDataSet(bytes: Uint8Array, options: DecodeOptions): DecodeResult {
	const encoding = encodingOf(options.transferSyntax);
	if (!encoding.deflated) return read(bytes, options, encoding);
	const mostBytes = options.limits?.inflatedBytes ?? MOST_INFLATED_BYTES;
	const inflated = inflateDataSet(bytes, mostBytes);
	if (inflated.ok) return read(inflated.bytes, options, encoding);
	const { offset, message } = inflated;
	return { ok: false, error: { offset, message: `the deflated data set ${message}` } };
}

/**
 * Reads the items of a sequence that came as the bytes of a value of VR UN: implicit VR little
 * endian (PS3.5 6.2.2 note). undefined when they are not the items of a sequence.
 */
export function decodeUnknownItems(
	bytes: Uint8Array,
	parent: DataSet,
): readonly DataSet[] | undefined {
	const reader = new Reader(bytes, { transferSyntax: '' }, false);
	try {
		return reader.items(parent);
	} catch (problem) {
		if (!(problem instanceof Failure)) throw problem;
		return undefined;
	}
}
