import { decodeText, delimitersOf } from './character-sets.ts';
import {
	ElementOf,
	fragmentsElement,
	pendingTextElement,
	sequenceElement,
	valueElement,
} from './data-element.ts';
import { DataSetError } from './data-set-error.ts';
import { type DictionaryEntry, entryOf, entryOfKeyword, formatTag, tagOf } from './dictionary.ts';
import {
	elementOfValue,
	plainTextElement,
	type PlainValue,
	textElement,
	textOfValue,
} from './encode-value.ts';
import { bigintsOfBytes, bigintsOfText, numbersOfBytes, numbersOfText } from './values.ts';
import { type ValueRepresentation, vrOfCode } from './vr.ts';

export type DataElement = ElementOf<DataSet>;

/**
 * What a program may give as a value. '' is the empty value (or no items); several values are an
 * array; AT takes tags as numbers, hexadecimal digits or keywords.
 */
export type DataSetValue = PlainValue | readonly DataSet[];

/** A keyword of the dictionary or a tag as a number. */
export type AttributeKey = string | number;

const SPECIFIC_CHARACTER_SET = 0x00080005;
const PIXEL_REPRESENTATION = 0x00280103;

function toTag(key: AttributeKey): number {
	return typeof key === 'number' ? key >>> 0 : tagOf(key);
}

function isItems(value: DataSetValue): value is readonly DataSet[] {
	return typeof value === 'object' && Array.isArray(value) && value[0] instanceof DataSet;
}

/** The counts of a LUT descriptor as the signed numbers that have the same bits. */
function descriptorValue(value: DataSetValue): DataSetValue {
	if (!Array.isArray(value)) return value;
	return value.map((one, i) => (i !== 1 && Number(one) > 0x7fff ? Number(one) - 0x10000 : one));
}

function withoutPadding(text: string): string {
	let end = text.length;
	while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\0')) end -= 1;
	return text.slice(0, end);
}

/** How to read a value. UN of a standard attribute has the VR of the dictionary (PS3.5 6.2.2). */
function formOf(element: DataElement | undefined): ValueRepresentation | undefined {
	if (element === undefined) return undefined;
	return vrOfCode(element.vr === 'UN' ? (entryOf(element.tag)?.vr ?? 'UN') : element.vr);
}

/** LUT descriptors: only their second value can be negative (PS3.3 C.11.1.1.1, C.7.6.3.1.5). */
function isLutDescriptor(tag: number): boolean {
	return tag === 0x00283002 || (tag >= 0x00281100 && tag <= 0x00281113);
}

/**
 * A data set of PS3.5: elements in ascending order of their tags. It keeps the bytes it was read
 * from and decodes when asked, so that writing it again gives the same bytes. An item uses the
 * character set of the data set around it unless it has its own (PS3.5 6.1.2.5.4).
 *
 * An item belongs to one data set. Text that is not ASCII, in a data set without a character set of
 * its own, waits until the item is in its data set and is encoded then.
 */
export class DataSet {
	/** As an item: whether it was written with undefined length; undefined: not read from bytes. */
	readonly undefinedLength: boolean | undefined;
	/** As an item: where its item tag is in the bytes it was read from. */
	readonly offset: number | undefined;
	private readonly list: DataElement[] = [];
	private parent: DataSet | undefined;
	/** Some text waits for a character set, or a VR for the pixel representation. */
	private pending = false;
	private undecided: Set<number> | undefined;

	constructor(parent?: DataSet, undefinedLength?: boolean, offset?: number) {
		this.parent = parent;
		this.undefinedLength = undefinedLength;
		this.offset = offset;
	}

	/**
	 * Makes a data set from values by dictionary keyword. SpecificCharacterSet among them decides how
	 * text is encoded. Throws DataSetError for an unknown keyword, a value that does not fit its VR,
	 * and text the character set does not have.
	 */
	static from(values: Readonly<Record<string, DataSetValue>>): DataSet {
		const dataSet = new DataSet();
		const characterSet = values['SpecificCharacterSet'];
		if (characterSet !== undefined) dataSet.set(SPECIFIC_CHARACTER_SET, characterSet);
		for (const keyword in values) {
			if (keyword !== 'SpecificCharacterSet') dataSet.set(keyword, values[keyword]!);
		}
		return dataSet;
	}

	/** The position of a tag, or the complement of where it would have to be inserted. */
	private find(tag: number): number {
		let low = 0;
		let high = this.list.length - 1;
		while (low <= high) {
			const middle = (low + high) >> 1;
			const found = this.list[middle]!.tag;
			if (found === tag) return middle;
			if (found < tag) low = middle + 1;
			else high = middle - 1;
		}
		return ~low;
	}

	private raw(key: AttributeKey): DataElement | undefined {
		return this.list[this.find(toTag(key))];
	}

	has(key: AttributeKey): boolean {
		return this.find(toTag(key)) >= 0;
	}

	delete(key: AttributeKey): void {
		const at = this.find(toTag(key));
		if (at >= 0) this.list.splice(at, 1);
	}

	/** The tags in ascending order. */
	tags(): number[] {
		return this.list.map((element) => element.tag);
	}

	/** The elements in ascending order of tags. Throws like `set` when waiting text has no encoding. */
	elements(): readonly DataElement[] {
		if (this.pending) this.settle();
		return this.list;
	}

	element(key: AttributeKey): DataElement | undefined {
		if (this.pending) this.settle();
		return this.raw(key);
	}

	/** The defined terms of (0008,0005) that apply here; empty: the default repertoire. */
	characterSets(): readonly string[] {
		const own = this.raw(SPECIFIC_CHARACTER_SET);
		if (own === undefined) return this.parent?.characterSets() ?? [];
		const text = decodeText(own.source, [], '\\', own.start, own.start + own.length);
		return text.split('\\').map((term) => withoutPadding(term).trimStart());
	}

	/**
	 * The whole value as text, backslashes included, without trailing padding. Binary numbers and
	 * tags are joined by backslashes. undefined: no such element, or its VR is not text or numbers.
	 */
	text(key: AttributeKey): string | undefined {
		const element = this.raw(key);
		if (element === undefined) return undefined;
		if (element.pendingText !== undefined) return withoutPadding(element.pendingText);
		const vr = formOf(element);
		switch (vr?.kind) {
			case 'charset-text':
			case 'text':
			case 'decimal': {
				const terms = vr.kind === 'charset-text' ? this.characterSets() : [];
				const end = element.start + element.length;
				const delimiters = delimitersOf(vr.code);
				return withoutPadding(decodeText(element.source, terms, delimiters, element.start, end));
			}
			case 'uint':
			case 'int':
			case 'float':
				return numbersOfBytes(element.bytes, vr).join('\\');
			case 'tag':
				return numbersOfBytes(element.bytes, vr).map(formatTag).join('\\');
			default:
				return undefined;
		}
	}

	/** The single values of `text`, each without padding; empty when absent or without a value. */
	texts(key: AttributeKey): string[] {
		const text = this.text(key);
		if (text === undefined || text === '') return [];
		const vr = formOf(this.raw(key));
		if (vr?.multiple === false) return [text];
		const parts = text.split('\\').map(withoutPadding);
		return vr?.kind === 'charset-text' ? parts : parts.map((part) => part.trimStart());
	}

	/** The first value as a number; undefined when absent, empty or no number. */
	number(key: AttributeKey): number | undefined {
		const first = this.numbers(key)[0];
		return first === undefined || Number.isNaN(first) ? undefined : first;
	}

	/**
	 * The values as numbers: DS, IS, all binary numbers and AT. NaN where text is no number; 64-bit
	 * integers beyond 2^53 are rounded, see `bigints`. Of a LUT descriptor the first and the third
	 * value are unsigned whatever its VR.
	 */
	numbers(key: AttributeKey): number[] {
		const element = this.raw(key);
		const vr = formOf(element);
		switch (vr?.kind) {
			case 'decimal':
				return numbersOfText(this.texts(key), vr.code);
			case 'uint':
			case 'int':
			case 'float':
			case 'tag': {
				const numbers = numbersOfBytes(element!.bytes, vr);
				if (vr.code !== 'SS' || !isLutDescriptor(element!.tag)) return numbers;
				return numbers.map((number, i) => (i === 1 ? number : number & 0xffff));
			}
			default:
				return [];
		}
	}

	/**
	 * The values as exact integers, up to the 64 bits of UV and SV: IS, all binary integers and AT.
	 * undefined where text is no integer.
	 */
	bigints(key: AttributeKey): (bigint | undefined)[] {
		const element = this.raw(key);
		const vr = formOf(element);
		switch (vr?.kind) {
			case 'decimal':
				return vr.code === 'IS' ? bigintsOfText(this.texts(key)) : [];
			case 'uint':
			case 'int':
			case 'tag':
				return bigintsOfBytes(element!.bytes, vr);
			default:
				return [];
		}
	}

	/** The items of a sequence; empty when absent or no sequence. */
	items(key: AttributeKey): readonly DataSet[] {
		return this.raw(key)?.items ?? [];
	}

	/** The value as on the wire in little endian order, padding included; undefined when absent. */
	bytes(key: AttributeKey): Uint8Array | undefined {
		return this.element(key)?.bytes;
	}

	/**
	 * Sets an element, padded to even length. The VR is that of the dictionary unless given, which
	 * private elements need. Throws DataSetError like `from`.
	 */
	set(key: AttributeKey, value: DataSetValue, vr?: string): this {
		const entry = typeof key === 'string' ? entryOfKeyword(key) : entryOf(key >>> 0);
		const tag = entry === undefined ? (key as number) >>> 0 : entry.tag;
		const code = vr ?? this.vrFor(tag, entry, value);
		const form = vrOfCode(code);
		if (form?.kind === 'items' || isItems(value)) return this.setItems(tag, code, value);
		if (form?.kind === 'charset-text' && !(value instanceof Uint8Array)) {
			return this.setText(tag, form, textOfValue(tag, form, value));
		}
		const plain = code === 'SS' && isLutDescriptor(tag) ? descriptorValue(value) : value;
		return this.put(elementOfValue(tag, code, plain as PlainValue, []));
	}

	private setItems(tag: number, vr: string, value: DataSetValue): this {
		const items = isItems(value) ? [...value] : [];
		const empty = value === '' || (Array.isArray(value) && value.length === 0);
		if (vr !== 'SQ' || (items.length === 0 && !empty)) {
			throw new DataSetError('bad-value', `${formatTag(tag)}: items and VR ${vr} do not fit`);
		}
		for (const item of items) this.adopt(item);
		return this.put(sequenceElement(tag, 'SQ', items));
	}

	private setText(tag: number, vr: ValueRepresentation, text: string): this {
		const plain = plainTextElement<DataSet>(tag, vr, text);
		if (plain !== undefined) return this.put(plain);
		const terms = this.characterSets();
		if (terms.length > 0) return this.put(textElement(tag, vr, text, terms));
		this.pending = true;
		return this.put(pendingTextElement(tag, vr.code, text));
	}

	/** Sets an element to exactly these bytes: nothing is checked or padded, not even the VR. */
	setRaw(tag: number, vr: string, bytes: Uint8Array): this {
		return this.put(valueElement(tag >>> 0, vr, bytes));
	}

	/** Sets encapsulated pixel data; the first fragment is the basic offset table (PS3.5 A.4). */
	setFragments(key: AttributeKey, fragments: readonly Uint8Array[], vr = 'OB'): this {
		return this.put(fragmentsElement(toTag(key), vr, fragments));
	}

	/**
	 * Adds an element at its place in the order. False: there is one with this tag already, which
	 * stays.
	 */
	add(element: DataElement): boolean {
		const last = this.list[this.list.length - 1];
		if (last === undefined || last.tag < element.tag) {
			this.list.push(element);
			return true;
		}
		const at = this.find(element.tag);
		if (at < 0) this.list.splice(~at, 0, element);
		return at < 0;
	}

	/**
	 * Whether pixel values are signed here, which decides between US and SS (PS3.3 C.7.6.3);
	 * undefined when neither this data set nor one around it says.
	 */
	pixelsAreSigned(): boolean | undefined {
		const own = this.number(PIXEL_REPRESENTATION);
		return own === undefined ? this.parent?.pixelsAreSigned() : own === 1;
	}

	/** Makes SS of an element that is US, when that was open before (PS3.5 A.1). */
	makeSigned(tag: number): void {
		const at = this.find(tag);
		const element = this.list[at];
		if (element?.vr !== 'US') return;
		const { source, start, length } = element;
		this.list[at] = new ElementOf(tag, 'SS', source, start, length);
	}

	private put(element: DataElement): this {
		if (!this.add(element)) this.list[this.find(element.tag)] = element;
		return this;
	}

	private adopt(item: DataSet): void {
		item.parent = this;
		if (this.characterSets().length > 0) item.settle();
	}

	/** Encodes the text that waited for a character set, here and in the items. */
	private settle(): void {
		this.list.forEach((element, i) => {
			const { tag, vr, pendingText } = element;
			if (pendingText !== undefined) {
				this.list[i] = elementOfValue(tag, vr, pendingText, this.characterSets());
			}
			element.items?.forEach((item) => item.settle());
		});
		this.pending = false;
		if (this.undecided !== undefined) this.settleSigns(this.undecided);
	}

	/** Makes SS what was set before it was known that pixel values are signed. */
	private settleSigns(tags: ReadonlySet<number>): void {
		const signed = this.pixelsAreSigned();
		if (signed === undefined) {
			this.pending = true;
			return;
		}
		this.undecided = undefined;
		if (signed) for (const tag of tags) this.makeSigned(tag);
	}

	private vrFor(tag: number, entry: DictionaryEntry | undefined, value: DataSetValue): string {
		if (entry !== undefined) {
			return entry.ambiguous === undefined ? entry.vr : this.chooseVr(entry, value);
		}
		if (isItems(value)) return 'SQ';
		if (value instanceof Uint8Array) return 'UN';
		const element = tag & 0xffff;
		if ((tag >>> 16) % 2 === 1 && element >= 0x10 && element <= 0xff) return 'LO';
		throw new DataSetError('unknown-keyword', `${formatTag(tag)} is in no dictionary: give its VR`);
	}

	/** One VR of several by the data set around the value (PS3.5 A.1 and A.2). */
	private chooseVr(entry: DictionaryEntry, value: DataSetValue): string {
		if (entry.ambiguous === 'OB or OW' || value instanceof Uint8Array) return entry.vr;
		if (entry.ambiguous === 'US or SS or OW') return 'US';
		const numbers = (Array.isArray(value) ? value : [value]).map(Number);
		if (numbers.some((number) => number < 0)) return 'SS';
		const signed = this.pixelsAreSigned();
		if (signed === undefined) {
			this.undecided ??= new Set();
			this.undecided.add(entry.tag);
			this.pending = true;
		}
		return signed ? 'SS' : 'US';
	}
}
