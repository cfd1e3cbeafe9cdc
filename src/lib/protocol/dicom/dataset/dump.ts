/** Data sets as text, line by line as DCMTK's dcmdump 3.6.7 prints them. */
import type { DataElement, DataSet } from './data-set.ts';
import { entryOf, formatTag } from './dictionary.ts';
import { encodedLength, type EncodeOptions } from './encode-data-set.ts';
import { formatNumber } from './format-number.ts';
import { transferSyntaxName } from './transfer-syntax.ts';
import { UID, uidName } from './uids.ts';
import { numbersOfBytes } from './values.ts';
import { type ValueRepresentation, vrOfCode } from './vr.ts';

export interface DumpOptions {
	/** Decides lengths and, for implicit VR, what is known about private elements. */
	readonly transferSyntax: string;
	/** How lengths of sequences would be written; see EncodeOptions. */
	readonly sequences?: 'defined' | 'undefined';
	/** The File Meta Information of a file, printed first. */
	readonly fileMeta?: DataSet;
	/** Put before each line, as the logs of DCMTK do ("D: "). */
	readonly indent?: string;
}

/** Columns of the value, and where a long value is cut. */
const VALUE_COLUMNS = 40;
const LONGEST_VALUE = 70;

interface Line {
	readonly level: number;
	readonly tag: number;
	readonly vr: string;
	readonly value: string;
	/** undefined: undefined length. */
	readonly length: number | undefined;
	readonly multiplicity: number;
	readonly name: string;
}

function printLine(line: Line): string {
	const length = line.length === undefined ? 'u/l' : String(line.length).padStart(3);
	const multiplicity = String(line.multiplicity).padStart(2);
	return (
		`${'  '.repeat(line.level)}${formatTag(line.tag)} ${line.vr} ` +
		`${line.value.padEnd(VALUE_COLUMNS)} # ${length},${multiplicity} ${line.name}`
	);
}

function nameOf(tag: number): string {
	const entry = entryOf(tag);
	if (entry !== undefined) return entry.name;
	const element = tag & 0xffff;
	if ((tag >>> 16) % 2 === 1) {
		if (element === 0) return 'PrivateGroupLength';
		if (element >= 0x10 && element <= 0xff) return 'PrivateCreator';
	}
	return 'Unknown Tag & Data';
}

/** Bytes as characters of the same number, so that columns count bytes. */
function binaryText(bytes: Uint8Array): string {
	let text = '';
	for (const byte of bytes) text += String.fromCharCode(byte);
	return text;
}

/** Parts joined by backslashes as long as they fit, with "..." for the rest. */
function joinFitting(count: number, part: (index: number) => string, evenWidths = true): string {
	let text = '';
	for (let i = 0; i < count; i += 1) {
		const next = i === 0 ? part(i) : `${text}\\${part(i)}`;
		const needed = i === count - 1 ? next.length : next.length + 3;
		// Of numbers of different widths dcmdump leaves out the very last one without a sign.
		if (needed > LONGEST_VALUE) return evenWidths || i < count - 1 ? `${text}...` : text;
		text = next;
	}
	return text;
}

function hexadecimal(bytes: Uint8Array, at: number, count: 1 | 2): string {
	const value = count === 1 ? bytes[at]! : bytes[at]! | (bytes[at + 1]! << 8);
	return value.toString(16).padStart(count * 2, '0');
}

type Printed = readonly [value: string, multiplicity: number];

function printText(bytes: Uint8Array, vr: ValueRepresentation): Printed {
	const text = binaryText(bytes).replace(vr.code === 'UI' ? /[\0 ]+$/ : / +$/, '');
	if (text === '') return ['(no value available)', 0];
	const multiplicity = vr.multiple ? text.split('\\').length : 1;
	const name = vr.code === 'UI' ? uidName(text) : undefined;
	if (name !== undefined) return [`=${name}`, multiplicity];
	const fits = text.length + 2 <= LONGEST_VALUE;
	return [fits ? `[${text}]` : `[${text.slice(0, LONGEST_VALUE - 4)}...`, multiplicity];
}

/** The number type of "other" VRs, which dcmdump prints as numbers. */
const OTHER_NUMBERS: Readonly<Record<string, string>> = { OD: 'FD', OF: 'FL', OL: 'UL', OV: 'UV' };

function printNumbers(bytes: Uint8Array, vr: ValueRepresentation): Printed {
	const other = OTHER_NUMBERS[vr.code];
	const type = other === undefined ? vr : vrOfCode(other)!;
	const digits = type.code === 'FL' ? 9 : 17;
	const numbers = numbersOfBytes(bytes, type);
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const one = (i: number): string => {
		const number = numbers[i]!;
		if (type.code === 'UV') return String(view.getBigUint64(i * 8, true));
		if (type.code === 'SV') return String(view.getBigInt64(i * 8, true));
		if (type.kind === 'tag') return formatTag(number);
		return type.kind === 'float' ? formatNumber(number, digits) : String(number);
	};
	return [
		joinFitting(numbers.length, one, type.kind === 'tag'),
		other === undefined ? numbers.length : 1,
	];
}

function printValue(bytes: Uint8Array, vr: ValueRepresentation | undefined): Printed {
	if (vr?.kind === 'text' || vr?.kind === 'charset-text' || vr?.kind === 'decimal') {
		return printText(bytes, vr);
	}
	const counted = vr !== undefined && vr.kind !== 'bytes';
	if (bytes.length === 0) return ['(no value available)', counted ? 0 : 1];
	if (vr !== undefined && (counted || vr.code in OTHER_NUMBERS)) return printNumbers(bytes, vr);
	const size = vr?.code === 'OW' ? 2 : 1;
	const count = Math.floor(bytes.length / size);
	return [joinFitting(count, (i) => hexadecimal(bytes, i * size, size)), 1];
}

function evenBytes(bytes: Uint8Array): Uint8Array {
	if (bytes.length % 2 === 0) return bytes;
	const even = new Uint8Array(bytes.length + 1);
	even.set(bytes);
	return even;
}

class Dump {
	readonly lines: string[] = [];
	private readonly options: EncodeOptions;
	private readonly implicit: boolean;

	constructor(options: EncodeOptions) {
		this.options = options;
		this.implicit = options.transferSyntax === UID.LittleEndianImplicit;
	}

	dataSet(dataSet: DataSet, level: number): void {
		for (const element of dataSet.elements()) {
			if (element.items !== undefined) this.sequence(element, element.items, level);
			else if (element.fragments !== undefined) this.fragments(element, element.fragments, level);
			else this.value(element, dataSet, level);
		}
	}

	private line(level: number, tag: number, vr: string, value: string, rest: Partial<Line>): void {
		const defaults = { length: 0, multiplicity: 0, name: nameOf(tag) };
		this.lines.push(printLine({ level, tag, vr, value, ...defaults, ...rest }));
	}

	private value(element: DataElement, dataSet: DataSet, level: number): void {
		const { tag } = element;
		// DCMTK makes odd values even when it reads them.
		const bytes = evenBytes(element.bytes);
		const { length } = bytes;
		const [value, multiplicity] = printValue(bytes, vrOfCode(element.vr));
		const vr = this.shownVr(element, dataSet);
		this.line(level, tag, vr, value, { length, multiplicity });
	}

	/** dcmdump shows what implicit VR leaves open: private elements, and US or SS undecided. */
	private shownVr(element: DataElement, dataSet: DataSet): string {
		const { tag, vr } = element;
		if (vrOfCode(vr) === undefined) return '??';
		if (!this.implicit) return vr;
		if (vr === 'UN') return '??';
		const ambiguous = entryOf(tag)?.ambiguous;
		if (ambiguous === 'US or SS or OW') return 'lt';
		return ambiguous === 'US or SS' && dataSet.pixelsAreSigned() === undefined ? 'xs' : vr;
	}

	private isOpen(asRead: boolean | undefined): boolean {
		const { sequences } = this.options;
		return sequences === undefined ? asRead === true : sequences === 'undefined';
	}

	private sequence(element: DataElement, items: readonly DataSet[], level: number): void {
		const { tag } = element;
		const open = this.isOpen(element.undefinedLength);
		const form = open ? 'undefined' : 'explicit';
		const header = this.implicit ? 8 : 12;
		this.line(level, tag, 'SQ', `(Sequence with ${form} length #=${items.length})`, {
			length: open ? undefined : encodedLength([element], this.options) - header,
			multiplicity: 1,
		});
		for (const item of items) this.item(item, level + 1);
		const label = open ? 'SequenceDelimitationItem' : 'SequenceDelimitationItem for re-encod.';
		this.line(level, 0xfffee0dd, 'na', `(${label})`, { name: 'SequenceDelimitationItem' });
	}

	private item(item: DataSet, level: number): void {
		const open = this.isOpen(item.undefinedLength);
		const elements = item.elements();
		const form = open ? 'undefined' : 'explicit';
		this.line(level, 0xfffee000, 'na', `(Item with ${form} length #=${elements.length})`, {
			length: open ? undefined : encodedLength(elements, this.options),
			multiplicity: 1,
			name: 'Item',
		});
		this.dataSet(item, level + 1);
		const label = open ? 'ItemDelimitationItem' : 'ItemDelimitationItem for re-encoding';
		this.line(level, 0xfffee00d, 'na', `(${label})`, { name: 'ItemDelimitationItem' });
	}

	private fragments(element: DataElement, fragments: readonly Uint8Array[], level: number): void {
		const value = `(PixelSequence #=${fragments.length})`;
		this.line(level, element.tag, element.vr, value, { length: undefined, multiplicity: 1 });
		for (const fragment of fragments) {
			const [text] = printValue(fragment, vrOfCode('OB'));
			const rest = { length: fragment.length, multiplicity: 1, name: 'Item' };
			this.line(level + 1, 0xfffee000, 'pi', text, rest);
		}
		const label = 'SequenceDelimitationItem';
		this.line(level, 0xfffee0dd, 'na', `(${label})`, { name: label });
	}
}

function section(title: string, dataSet: DataSet, options: EncodeOptions): string[] {
	const dump = new Dump(options);
	dump.dataSet(dataSet, 0);
	const syntax = transferSyntaxName(options.transferSyntax);
	return ['', `# ${title}`, `# Used TransferSyntax: ${syntax}`, ...dump.lines];
}

/**
 * The data set as dcmdump prints it, each line ended by a line feed. Text is shown as a UTF-8
 * terminal shows its bytes, whatever the character set of the data set is. Not as dcmdump: private
 * elements are not named after their creators.
 */
export function dumpDataSet(dataSet: DataSet, options: DumpOptions): string {
	const { transferSyntax, sequences, fileMeta, indent = '' } = options;
	const lines = fileMeta
		? [
				'',
				'# Dicom-File-Format',
				...section('Dicom-Meta-Information-Header', fileMeta, {
					transferSyntax: UID.LittleEndianExplicit,
				}),
			]
		: [];
	const encoding: EncodeOptions = sequences ? { transferSyntax, sequences } : { transferSyntax };
	lines.push(...section('Dicom-Data-Set', dataSet, encoding));
	const binary = lines.map((line) => `${indent}${line}\n`).join('');
	return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
		Uint8Array.from(binary, (character) => character.charCodeAt(0)),
	);
}
