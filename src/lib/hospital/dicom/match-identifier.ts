import { DataSet, type DataSetValue } from '#lib/protocol/dicom/dataset/data-set.ts';
import { entryOf } from '#lib/protocol/dicom/dataset/dictionary.ts';

/**
 * C-FIND matching (PS3.4 C.2.2.2) of one record against a request identifier: universal, single value,
 * wildcard, list of UID and range matching, and matching inside sequences.
 */

/** The attributes of one record by keyword; sequences are arrays of records. */
export interface QueryRecord {
	[keyword: string]: string | QueryRecord[] | undefined;
}

/** Attributes that steer the query and are not keys. */
const NOT_KEYS = new Set(['QueryRetrieveLevel', 'SpecificCharacterSet']);
const RANGE_VRS = new Set(['DA', 'TM', 'DT']);
const WILDCARD_VRS = new Set(['AE', 'CS', 'LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UR', 'UT']);

/** Whether a record matches every key of the identifier that the record knows. */
export function matches(identifier: DataSet, record: QueryRecord): boolean {
	for (const tag of identifier.tags()) {
		const entry = entryOf(tag);
		if (!entry || NOT_KEYS.has(entry.keyword) || !(entry.keyword in record)) continue;
		const value = record[entry.keyword];
		if (entry.vr === 'SQ') {
			const key = identifier.items(tag)[0];
			const items = Array.isArray(value) ? value : [];
			if (key && key.tags().length > 0 && !items.some((item) => matches(key, item))) return false;
			continue;
		}
		const wanted = identifier.text(tag) ?? '';
		if (!matchesValue(entry.vr, wanted, typeof value === 'string' ? value : '')) return false;
	}
	return true;
}

/** One attribute: an empty key matches everything. */
export function matchesValue(vr: string, key: string, value: string): boolean {
	if (key === '') return true;
	if (vr === 'UI') return key.split('\\').includes(value);
	if (RANGE_VRS.has(vr) && key.includes('-')) return inRange(key, value);
	if (WILDCARD_VRS.has(vr) && /[*?]/.test(key)) return wildcard(key, value, vr === 'PN');
	// Person names may be matched without regard to case (PS3.4 C.2.2.2.1); archives commonly do.
	if (vr === 'PN') return key.toLowerCase() === value.toLowerCase();
	return value.split('\\').includes(key);
}

function inRange(key: string, value: string): boolean {
	if (value === '') return false;
	const [from = '', to = ''] = key.split('-');
	return (from === '' || value >= from) && (to === '' || value.slice(0, to.length) <= to);
}

/** `*` any run of characters, `?` exactly one. Linear in time for any pattern. */
function wildcard(key: string, value: string, ignoreCase: boolean): boolean {
	const pattern = ignoreCase ? key.toLowerCase() : key;
	const text = ignoreCase ? value.toLowerCase() : value;
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

/** The response identifier: every requested attribute with the record's value, empty where it has none. */
export function answerIdentifier(identifier: DataSet, record: QueryRecord): DataSet {
	return DataSet.from(answerValues(identifier, record));
}

function answerValues(identifier: DataSet, record: QueryRecord): Record<string, DataSetValue> {
	const out: Record<string, DataSetValue> = {};
	for (const tag of identifier.tags()) {
		const entry = entryOf(tag);
		if (!entry) continue;
		const value = record[entry.keyword];
		if (entry.vr === 'SQ') {
			const key = identifier.items(tag)[0];
			const items = Array.isArray(value) ? value : [];
			out[entry.keyword] = items.map((item) =>
				DataSet.from(key && key.tags().length > 0 ? answerValues(key, item) : everything(item)),
			);
		} else if (entry.keyword === 'QueryRetrieveLevel') {
			out[entry.keyword] = identifier.text(tag) ?? '';
		} else out[entry.keyword] = typeof value === 'string' ? value : '';
	}
	if (typeof record['SpecificCharacterSet'] === 'string') {
		out['SpecificCharacterSet'] = record['SpecificCharacterSet'];
	}
	return out;
}

/** A sequence asked for without item keys is answered whole. */
function everything(record: QueryRecord): Record<string, DataSetValue> {
	const out: Record<string, DataSetValue> = {};
	for (const [keyword, value] of Object.entries(record)) {
		if (typeof value === 'string') out[keyword] = value;
		else if (value) out[keyword] = value.map((item) => DataSet.from(everything(item)));
	}
	return out;
}
