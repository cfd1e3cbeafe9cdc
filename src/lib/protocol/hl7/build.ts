/** Messages from plain data. */
import { encodingCharactersOf, type Er7Delimiters, STANDARD_DELIMITERS } from './delimiters.ts';
import { escapeText, unescapeText } from './escapes.ts';
import {
	type Er7Coding,
	type Er7Message,
	type Er7Segment,
	isHeader,
	segmentOfFields,
} from './message.ts';
import { LARGEST_PATH_NUMBER } from './path.ts';
import { UTF16_LABEL } from './utf16.ts';

/**
 * Text, which is escaped; null for the delete value `""`; undefined for nothing; formatted text (FT),
 * whose line feeds become \.br\; or byte text to be written as it is, which may be wrong on purpose.
 */
export type Er7Leaf =
	string | null | undefined | { readonly formatted: string } | { readonly raw: string };
/** An array is a list of subcomponents. */
export type Er7ComponentData = Er7Leaf | readonly Er7Leaf[];
/** An array is a list of components. */
export type Er7RepetitionData = Er7Leaf | readonly Er7ComponentData[];
/** An array is a list of repetitions: `[['DOE', 'JOHN']]` is one name. */
export type Er7FieldData = Er7Leaf | readonly Er7RepetitionData[];
/** Fields by number. */
export type Er7Fields = Readonly<Record<number, Er7FieldData>>;

/** The data of a level above leaves; see `rawOfData`. */
export type Er7Data = Er7Leaf | readonly Er7Data[];

/** The delimiters between repetitions, components and subcomponents. */
export function levelsOf({ delimiters }: Er7Coding): readonly string[] {
	return [delimiters.repetition, delimiters.component, delimiters.subcomponent];
}

/** The byte text of data whose arrays are joined by these delimiters, the outermost first. */
export function rawOfData(data: Er7Data, levels: readonly string[], coding: Er7Coding): string {
	if (data === undefined) return '';
	if (data === null) return '""';
	if (typeof data === 'string') return escapeText(data, coding);
	if ('raw' in data) return data.raw;
	if ('formatted' in data) return escapeText(data.formatted, coding, 'formatted');
	const [delimiter = '', ...below] = levels;
	return data.map((part) => rawOfData(part, below, coding)).join(delimiter);
}

/**
 * A segment for a message of this coding. It ends with the field of the largest number. In a header
 * segment fields 1 and 2 are the delimiters of the coding, whatever is given. Throws RangeError for
 * a number that is not from 1 to 9999.
 */
export function makeSegment(id: string, fields: Er7Fields, coding: Er7Coding): Er7Segment {
	const numbers = Object.keys(fields).map(Number);
	const wrong = numbers.find((n) => !Number.isInteger(n) || n < 1 || n > LARGEST_PATH_NUMBER);
	if (wrong !== undefined) throw new RangeError(`${id} has no field ${wrong}`);
	const raws = Array.from({ length: Math.max(0, ...numbers) }, (_, i) =>
		rawOfData(fields[i + 1], levelsOf(coding), coding),
	);
	if (isHeader(id)) {
		raws[0] = coding.delimiters.field;
		raws[1] = encodingCharactersOf(coding.delimiters);
	}
	return segmentOfFields([id, ...raws], coding);
}

/** The values of MSH-18 in byte text of the field. */
export function characterSetsOfField(raw: string, delimiters: Er7Delimiters): string[] {
	const { repetition } = delimiters;
	const parts = repetition === '' ? [raw] : raw.split(repetition);
	const labels = parts.map((part) => unescapeText(part, { delimiters, characterSets: [] }).trim());
	return labels.every((label) => label === '') ? [] : labels;
}

/**
 * A message from the fields of its MSH, from MSH-3 on, and its other segments. Text is encoded as
 * MSH-18 says; characters that set does not have become "?". A message that says it is in UTF-16 is
 * written so, big-endian without a byte order mark.
 */
export function buildMessage(
	header: Er7Fields,
	segments: readonly (readonly [id: string, fields: Er7Fields])[],
	delimiters: Er7Delimiters = STANDARD_DELIMITERS,
): Er7Message {
	const plain: Er7Coding = { delimiters, characterSets: [] };
	const label = rawOfData(header[18], levelsOf(plain), plain);
	const characterSets = characterSetsOfField(label, delimiters);
	const coding: Er7Coding = { delimiters, characterSets };
	const all = [['MSH', header] as const, ...segments];
	return {
		...coding,
		lead: '',
		segments: all.map(([id, fields]) => makeSegment(id, fields, coding)),
		...(characterSets[0] === UTF16_LABEL ? { utf16: 'big-endian' } : {}),
	};
}
