import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { entryOf, type DictionaryEntry } from '#lib/protocol/dicom/dataset/dictionary.ts';
import { vrOfCode } from '#lib/protocol/dicom/dataset/vr.ts';
import { isTimeRange, matchesCombined, matchesTime } from './match-time.ts';

import type { QueryRecord } from './query-record.ts';

export { answerIdentifier } from './answer-identifier.ts';
export type { QueryRecord } from './query-record.ts';

/**
 * C-FIND matching (PS3.4 C.2.2.2) of one record against a request identifier: universal, single value,
 * wildcard, list of UID, range and sequence matching; empty and multiple value matching where negotiated.
 */

/** What extended negotiation adds (PS3.4 C.5.1.1); nothing unless it was agreed on. */
export interface MatchOptions {
	/** Date and time keys that are both ranges make one range (PS3.4 C.2.2.2.5.3). */
	combinedDateTime?: boolean;
	/** A key of two quotation marks matches an attribute without a value (PS3.4 C.2.2.2.7). */
	emptyValue?: boolean;
	/** Every value of a key must be among those of the attribute (PS3.4 C.2.2.2.8). */
	multipleValue?: boolean;
}

/** Attributes that steer the query and are not keys (PS3.4 C.4.1.1.3). */
const NOT_KEYS = new Set([
	'QueryRetrieveLevel',
	'SpecificCharacterSet',
	'TimezoneOffsetFromUTC',
	'GenericGroupLength',
]);
const TIME_VRS = new Set(['DA', 'TM', 'DT']);
const NUMBER_VRS = new Set(['IS', 'DS', 'US', 'SS', 'UL', 'SL', 'FL', 'FD', 'SV', 'UV']);
const WILDCARD_VRS = new Set(['AE', 'CS', 'LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UR', 'UT']);
const EMPTY_VALUE = '""';

/** Whether a record matches every key of the identifier that the record knows. */
export function matches(
	identifier: DataSet,
	record: QueryRecord,
	options: MatchOptions = {},
): boolean {
	const combined = options.combinedDateTime ? combinedKeys(identifier) : undefined;
	for (const tag of identifier.tags()) {
		const entry = entryOf(tag);
		if (!entry || NOT_KEYS.has(entry.keyword) || !(entry.keyword in record)) continue;
		const value = record[entry.keyword];
		if (entry.vr === 'SQ') {
			const key = identifier.items(tag)[0];
			const items = Array.isArray(value) ? value : [];
			if (!key || key.tags().length === 0) continue;
			if (!items.some((item) => matches(key, item, options)) && hasValues(key)) return false;
			continue;
		}
		if (combined?.has(entry.keyword)) continue;
		const wanted = identifier.text(tag) ?? '';
		const text = typeof value === 'string' ? value : '';
		if (!matchesValue(entry.vr, wanted, text, options)) return false;
	}
	return !combined || matchesCombinedKeys(identifier, record, combined);
}

/** The keys of an identifier that a record does not know: optional keys that are not supported. */
export function unsupportedKeys(identifier: DataSet, record: QueryRecord): number[] {
	return identifier.tags().filter((tag) => {
		const entry = entryOf(tag);
		if (!entry) return true;
		return !NOT_KEYS.has(entry.keyword) && !(entry.keyword in record);
	});
}

/** One attribute: an empty key matches everything. */
export function matchesValue(
	vr: string,
	key: string,
	value: string,
	options: MatchOptions = {},
): boolean {
	if (key === '') return true;
	if (options.emptyValue && key === EMPTY_VALUE) return value === '';
	if (isTimeVr(vr)) return matchesTime(vr, key, value);
	const multiple = vrOfCode(vr)?.multiple ?? true;
	const keys = multiple ? key.split('\\') : [key];
	const values = multiple ? value.split('\\') : [value];
	const found = (one: string): boolean => values.some((v) => matchesSingle(vr, one, v));
	// A list means any of its UIDs; what several other values mean is open unless it was negotiated.
	return options.multipleValue && vr !== 'UI' ? keys.every(found) : keys.some(found);
}

function isTimeVr(vr: string): vr is 'DA' | 'TM' | 'DT' {
	return TIME_VRS.has(vr);
}

function matchesSingle(vr: string, key: string, value: string): boolean {
	if (vr === 'PN') return matchesName(key, value);
	const wanted = composed(key);
	const text = composed(value);
	if (WILDCARD_VRS.has(vr) && /[*?]/.test(wanted)) return wildcard(wanted, text);
	if (wanted === text) return true;
	return NUMBER_VRS.has(vr) && wanted.trim() !== '' && Number(wanted) === numberOf(text);
}

function numberOf(text: string): number {
	return text.trim() === '' ? Number.NaN : Number(text);
}

/**
 * Person names are matched without regard to case (PS3.4 C.2.2.2.1 leaves that to the SCP), and as a whole
 * or by one of their component groups: a query for `Yamada*` finds `Yamada^Tarou=山田^太郎`.
 */
function matchesName(key: string, value: string): boolean {
	const wanted = foldedName(key);
	const text = foldedName(value);
	const matchesText = (one: string): boolean =>
		/[*?]/.test(wanted) ? wildcard(wanted, one) : wanted === one;
	return matchesText(text) || (text.includes('=') && text.split('=').some(matchesText));
}

/** Lower case, without the delimiters of components that are not there (PS3.5 6.2.1.1). */
function foldedName(name: string): string {
	const folded = composed(name).toLowerCase();
	return folded.includes('^') || folded.endsWith('=')
		? folded
				.split('=')
				.map((group) => group.replace(/\^+$/, ''))
				.join('=')
				.replace(/=+$/, '')
		: folded;
}

/** Two ways to write an accented letter in Unicode are the same letter. */
function composed(text: string): string {
	for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return text.normalize('NFC');
	return text;
}

/** `*` any run of characters, `?` exactly one. Linear in time for any pattern. */
function wildcard(pattern: string, text: string): boolean {
	let p = 0;
	let t = 0;
	let star = -1;
	let mark = 0;
	while (t < text.length) {
		if (p < pattern.length && pattern[p] === '*') {
			star = p++;
			mark = t;
		} else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
			p++;
			t++;
		} else if (star >= 0) {
			p = star + 1;
			t = ++mark;
		} else return false;
	}
	while (pattern[p] === '*') p++;
	return p === pattern.length;
}

/** Whether any key of an item, or of an item in it, asks for a certain value. */
function hasValues(key: DataSet): boolean {
	return key.tags().some((tag) => {
		if (entryOf(tag)?.vr === 'SQ') return key.items(tag).some(hasValues);
		return (key.text(tag) ?? '') !== '';
	});
}

/** Keywords of date and time keys that belong together, are both ranges, and so are matched as one. */
function combinedKeys(identifier: DataSet): Set<string> {
	const keywords = new Set<string>();
	for (const tag of identifier.tags()) {
		const entry = entryOf(tag);
		if (!entry) continue;
		const date = dateKeywordOf(entry);
		if (date === undefined || !identifier.has(date)) continue;
		const dateKey = identifier.text(date) ?? '';
		const timeKey = identifier.text(tag) ?? '';
		if (!isTimeRange('DA', dateKey) || !isTimeRange('TM', timeKey)) continue;
		keywords.add(date).add(entry.keyword);
	}
	return keywords;
}

/** StudyDate for StudyTime, ScheduledProcedureStepStartDate for ...StartTime, and so on. */
function dateKeywordOf(entry: DictionaryEntry): string | undefined {
	if (entry.vr !== 'TM' || !entry.keyword.endsWith('Time')) return undefined;
	return `${entry.keyword.slice(0, -'Time'.length)}Date`;
}

function matchesCombinedKeys(
	identifier: DataSet,
	record: QueryRecord,
	combined: ReadonlySet<string>,
): boolean {
	const text = (keyword: string): string => {
		const value = record[keyword];
		return typeof value === 'string' ? value : '';
	};
	for (const time of combined) {
		if (!time.endsWith('Time')) continue;
		const date = `${time.slice(0, -'Time'.length)}Date`;
		const key = { date: identifier.text(date) ?? '', time: identifier.text(time) ?? '' };
		if (!matchesCombined(key, { date: text(date), time: text(time) })) return false;
	}
	return true;
}
