import { decodeText, delimitersOf } from './character-sets.ts';
import {
	type ElementOf,
	fragmentsElement,
	pendingTextElement,
	sequenceElement,
	valueElement,
} from './data-element.ts';
import { DataSetError } from './data-set-error.ts';
import { entryOf, formatTag, tagOf } from './dictionary.ts';
import {
	encodeValue,
	numbersOfBytes,
	numbersOfText,
	type PlainValue,
	textOfValue,
} from './values.ts';
import { vrOfCode } from './vr.ts';

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
	return Array.isArray(value) && value[0] instanceof DataSet;
}

function withoutPadding(text: string): string {
	let end = text.length;
	while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\0')) end -= 1;
	return text.slice(0, end);
}

function isAscii(text: string): boolean {
	for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 0x7d) return false;
	return true;
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
	private readonly list: DataElement[] = [];
	private parent: DataSet | undefined;
	private pending = false;

	constructor(parent?: DataSet, undefinedLength?: boolean) {
		this.parent = parent;
		this.undefinedLength = undefinedLength;
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
		for (const [keyword, value] of Object.entries(values)) {
			if (keyword !== 'SpecificCharacterSet') dataSet.set(keyword, value);
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
		const vr = vrOfCode(element.vr);
		switch (vr?.kind) {
			case 'charset-text':
			case 'text':
			case 'decimal': {
				const terms = vr.kind === 'charset-text' ? this.characterSets() : [];
				const end = element.start + element.length;
				const delimiters = delimitersOf(element.vr);
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
		const vr = vrOfCode(this.raw(key)?.vr ?? '');
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
	 * integers beyond 2^53 are rounded.
	 */
	numbers(key: AttributeKey): number[] {
		const element = this.raw(key);
		const vr = vrOfCode(element?.vr ?? '');
		switch (vr?.kind) {
			case 'decimal':
				return numbersOfText(this.texts(key), vr.code);
			case 'uint':
			case 'int':
			case 'float':
			case 'tag':
				return numbersOfBytes(element!.bytes, vr);
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
		const tag = toTag(key);
		const code = vr ?? this.vrFor(tag, value);
		if (code === 'SQ' || isItems(value)) {
			const items = isItems(value) ? [...value] : [];
			const empty = value === '' || (Array.isArray(value) && value.length === 0);
			if (code !== 'SQ' || (items.length === 0 && !empty)) {
				throw new DataSetError('bad-value', `${formatTag(tag)}: items and VR ${code} do not fit`);
			}
			for (const item of items) this.adopt(item);
			return this.put(sequenceElement(tag, 'SQ', items));
		}
		const kind = vrOfCode(code);
		if (kind?.kind !== 'charset-text' || value instanceof Uint8Array) {
			return this.put(valueElement(tag, code, encodeValue(tag, code, value, [])));
		}
		const text = textOfValue(tag, kind, value);
		const terms = isAscii(text) ? [] : this.characterSets();
		if (terms.length === 0 && !isAscii(text)) {
			this.pending = true;
			return this.put(pendingTextElement(tag, code, text));
		}
		return this.put(valueElement(tag, code, encodeValue(tag, code, text, terms)));
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
				const bytes = encodeValue(tag, vr, pendingText, this.characterSets());
				this.list[i] = valueElement(tag, vr, bytes);
			}
			element.items?.forEach((item) => item.settle());
		});
		this.pending = false;
	}

	private vrFor(tag: number, value: DataSetValue): string {
		const entry = entryOf(tag);
		if (entry?.ambiguous?.startsWith('US or SS')) {
			if (value instanceof Uint8Array) return entry.vr;
			const numbers = (Array.isArray(value) ? value : [value]).map(Number);
			return this.pixelsAreSigned() || numbers.some((number) => number < 0) ? 'SS' : 'US';
		}
		if (entry !== undefined) return entry.vr;
		if (isItems(value)) return 'SQ';
		if (value instanceof Uint8Array) return 'UN';
		const element = tag & 0xffff;
		if ((tag >>> 16) % 2 === 1 && element >= 0x10 && element <= 0xff) return 'LO';
		throw new DataSetError('unknown-keyword', `${formatTag(tag)} is in no dictionary: give its VR`);
	}
}
