/** Reading and changing one place of a message. */
import { characterSetsOfField, type Er7FieldData, levelsOf, rawOfData } from './build.ts';
import { byteLayoutOf } from './character-sets.ts';
import { splitAt } from './delimiters.ts';
import { unescapeText } from './escapes.ts';
import {
	type Er7Coding,
	type Er7Message,
	type Er7Segment,
	fieldsOf,
	isHeader,
	segmentOfFields,
} from './message.ts';
import { type Er7Path, formatPath, parsePath } from './path.ts';

/**
 * absent: the message ends before this place; empty: the place is there with nothing in it; delete:
 * it is `""`, which tells the receiver to delete what it has (HL7 v2.5.1 section 2.5.3).
 */
export type Er7Presence = 'absent' | 'empty' | 'delete' | 'value';

export interface Er7Value {
	readonly presence: Er7Presence;
	/** Byte text of exactly this place, delimiters and escapes included. */
	readonly raw: string;
	/**
	 * What a receiver that expects a simple value reads: the first repetition, component and
	 * subcomponent of the place, unescaped. '' when there is none and for the delete value.
	 */
	readonly text: string;
	/** The text ends with the truncation character of v2.7: the sender has more of it. */
	readonly isTruncated: boolean;
}

export interface Er7Refusal {
	readonly code: 'no-such-segment' | 'delimiter-field' | 'undeclared-delimiter';
	readonly text: string;
}

const ABSENT: Er7Value = { presence: 'absent', raw: '', text: '', isTruncated: false };

/** Paths as they stand in the code are few, and asked for again and again. */
const MOST_PATHS = 500;
const paths = new Map<string, Er7Path>();

function pathOf(path: Er7Path | string): Er7Path {
	if (typeof path !== 'string') return path;
	const known = paths.get(path);
	if (known !== undefined) return known;
	const result = parsePath(path);
	if ('error' in result) throw new TypeError(result.error);
	if (paths.size >= MOST_PATHS) paths.clear();
	paths.set(path, result.path);
	return result.path;
}

/** Indices from 0 of the repetition, component and subcomponent; undefined: not looked into. */
function stepsOf({ repetition, component, subcomponent }: Er7Path): (number | undefined)[] {
	const numbers = [repetition, component, subcomponent];
	const deepest = numbers.findLastIndex((number) => number !== undefined);
	return numbers.map((number, level) => (level > deepest ? undefined : (number ?? 1) - 1));
}

/** Whether the field holds the delimiters: it has no parts and no escapes. */
export function isDelimiterField(segmentId: string, field: number): boolean {
	return isHeader(segmentId) && (field === 1 || field === 2);
}

/** The value of byte text that is to be split further at these delimiters. */
export function valueOfRaw(raw: string, levels: readonly string[], coding: Er7Coding): Er7Value {
	if (raw === '') return { ...ABSENT, presence: 'empty' };
	if (raw === '""') return { ...ABSENT, presence: 'delete', raw };
	const layout = byteLayoutOf(coding.characterSets);
	let leaf = raw;
	for (const delimiter of levels) leaf = splitAt(leaf, delimiter, layout)[0]!;
	const { truncation } = coding.delimiters;
	return {
		presence: 'value',
		raw,
		text: leaf === '""' ? '' : unescapeText(leaf, coding),
		isTruncated: truncation !== '' && leaf.endsWith(truncation),
	};
}

/**
 * The value at a path, in a segment of this message. `MSH-1` is the field separator and `MSH-2` the
 * encoding characters, both as they are.
 */
function valueInSegment(segment: Er7Segment, path: Er7Path, message: Er7Message): Er7Value {
	const field = fieldsOf(segment, message)[path.field];
	if (field === undefined) return ABSENT;
	if (isDelimiterField(segment.id, path.field)) {
		return { presence: 'value', raw: field, text: field, isTruncated: false };
	}
	const levels = levelsOf(message);
	const layout = byteLayoutOf(message.characterSets);
	let raw = field;
	let depth = 0;
	for (const step of stepsOf(path)) {
		if (step === undefined) break;
		const part = splitAt(raw, levels[depth]!, layout)[step];
		if (part === undefined) return ABSENT;
		raw = part;
		depth += 1;
	}
	return valueOfRaw(raw, levels.slice(depth), message);
}

/**
 * The value at a path such as `PID-3[2].4`. Never fails on what the message holds; throws TypeError
 * for text that is no path, so paths people type go through `parsePath` first.
 */
export function valueAt(message: Er7Message, path: Er7Path | string): Er7Value {
	const place = pathOf(path);
	let left = place.occurrence;
	for (const segment of message.segments) {
		if (segment.id === place.segment && (left -= 1) === 0) {
			return valueInSegment(segment, place, message);
		}
	}
	return ABSENT;
}

/** Replaces the part at these steps, padding with empty parts; undefined: a missing delimiter. */
function replacePart(
	raw: string,
	steps: readonly (number | undefined)[],
	levels: readonly string[],
	replacement: string,
	coding: Er7Coding,
): string | undefined {
	const [step, ...further] = steps;
	const [delimiter = '', ...below] = levels;
	if (step === undefined) return replacement;
	// What is to be deleted as a whole has no parts to keep.
	const parts = splitAt(raw === '""' ? '' : raw, delimiter, byteLayoutOf(coding.characterSets));
	if (delimiter === '' && step > 0) return undefined;
	while (parts.length <= step) parts.push('');
	const part = replacePart(parts[step]!, further, below, replacement, coding);
	if (part === undefined) return undefined;
	parts[step] = part;
	return parts.join(delimiter);
}

/**
 * A copy of the message with other data at the path; arrays mean the levels below the path. All else
 * keeps its bytes. Setting MSH-18 changes how text is read from then on and recodes nothing. MSH-1
 * and MSH-2 cannot be set. Throws TypeError for text that is no path.
 */
export function setAt(
	message: Er7Message,
	path: Er7Path | string,
	data: Er7FieldData,
): { readonly message: Er7Message } | { readonly error: Er7Refusal } {
	const place = pathOf(path);
	const refuse = (code: Er7Refusal['code'], text: string) => ({
		error: { code, text: `${formatPath(place)}: ${text}` },
	});
	if (isDelimiterField(place.segment, place.field)) {
		return refuse('delimiter-field', 'the delimiters of a message are not set by a path');
	}
	let left = place.occurrence;
	const index = message.segments.findIndex(
		(segment) => segment.id === place.segment && (left -= 1) === 0,
	);
	const segment = message.segments[index];
	if (segment === undefined) return refuse('no-such-segment', 'the message has no such segment');
	const fields = fieldsOf(segment, message);
	while (fields.length <= place.field) fields.push('');
	const steps = stepsOf(place);
	const depth = steps.filter((step) => step !== undefined).length;
	const levels = levelsOf(message);
	const replacement = rawOfData(data, levels.slice(depth), message);
	const field = replacePart(fields[place.field]!, steps, levels, replacement, message);
	if (field === undefined) {
		return refuse('undeclared-delimiter', 'MSH-2 declares no delimiter for this place');
	}
	fields[place.field] = field;
	const segments = message.segments.with(
		index,
		segmentOfFields(fields, message, segment.terminator),
	);
	const isLabel = index === 0 && place.segment === 'MSH' && place.field === 18;
	const relabels = isLabel && message.utf16 === undefined;
	const characterSets = relabels
		? characterSetsOfField(field, message.delimiters)
		: message.characterSets;
	return { message: { ...message, characterSets, segments } };
}
