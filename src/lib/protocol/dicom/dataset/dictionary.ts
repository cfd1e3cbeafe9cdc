import { DataSetError } from './data-set-error.ts';
import { PACKED_DICTIONARY } from './dictionary.generated.ts';

export interface DictionaryEntry {
	readonly tag: number;
	/** The value representation; for an ambiguous one the usual: US of "US or SS", OW of "OB or OW". */
	readonly vr: string;
	/** Set when the standard allows several: the choice depends on the data set (PS3.5 annex A). */
	readonly ambiguous: 'US or SS' | 'OB or OW' | 'US or SS or OW' | undefined;
	/** The keyword of PS3.6, for example PatientName. */
	readonly keyword: string;
	/** The name as DCMTK prints it: the keyword, with RETIRED_ before it when it is retired. */
	readonly name: string;
	/** Value multiplicity, for example "1" or "2-2n". */
	readonly vm: string;
}

const AMBIGUOUS: Record<string, Pick<DictionaryEntry, 'vr' | 'ambiguous'>> = {
	xs: { vr: 'US', ambiguous: 'US or SS' },
	ox: { vr: 'OW', ambiguous: 'OB or OW' },
	lt: { vr: 'OW', ambiguous: 'US or SS or OW' },
};

interface Tables {
	readonly byTag: Map<number, DictionaryEntry>;
	readonly byKeyword: Map<string, DictionaryEntry>;
	/** Entries of 50xx, 60xx and 7Fxx by the tag with "xx" as zero. */
	readonly repeating: Map<number, DictionaryEntry>;
}

let tables: Tables | undefined;

function parseLine(line: string): DictionaryEntry {
	const tag = Number.parseInt(line.slice(0, 8).replace('xx', '00'), 16);
	const code = line.slice(8, 10);
	const retired = line[10] === '~';
	const space = line.indexOf(' ');
	const keyword = line.slice(retired ? 11 : 10, space < 0 ? undefined : space);
	const { vr, ambiguous } = AMBIGUOUS[code] ?? { vr: code, ambiguous: undefined };
	const vm = space < 0 ? '1' : line.slice(space + 1);
	return { tag, vr, ambiguous, keyword, name: retired ? `RETIRED_${keyword}` : keyword, vm };
}

function load(): Tables {
	const loaded: Tables = { byTag: new Map(), byKeyword: new Map(), repeating: new Map() };
	for (const line of PACKED_DICTIONARY.trim().split('\n')) {
		const entry = parseLine(line);
		(line.slice(0, 8).includes('xx') ? loaded.repeating : loaded.byTag).set(entry.tag, entry);
		const known = loaded.byKeyword.get(entry.keyword);
		// A few retired attributes share their keyword with the one in use.
		if (known === undefined || known.name !== known.keyword) {
			loaded.byKeyword.set(entry.keyword, entry);
		}
	}
	return loaded;
}

/** Finds repeating groups (50xx, 60xx, 7Fxx) and (0020,31xx), and group lengths. */
function generalEntry(tag: number, repeating: Tables['repeating']): DictionaryEntry | undefined {
	const group = tag >>> 16;
	if (group % 2 === 1) return undefined;
	if ((tag & 0xffff) === 0) {
		const name = 'GenericGroupLength';
		return { tag, vr: 'UL', ambiguous: undefined, keyword: name, name, vm: '1' };
	}
	const base = tag >>> 8 === 0x002031 ? 0x00203100 : (tag & 0xff00ffff) >>> 0;
	const entry = repeating.get(base);
	return entry === undefined ? undefined : { ...entry, tag };
}

/**
 * The dictionary entry of a standard tag, repeating groups included. Private tags and unknown ones
 * are undefined; a group length (gggg,0000) is UL in every group of even number.
 */
export function entryOf(tag: number): DictionaryEntry | undefined {
	tables ??= load();
	return tables.byTag.get(tag) ?? generalEntry(tag, tables.repeating);
}

/** The entry of a keyword of PS3.6 or PS3.7; throws DataSetError "unknown-keyword". */
export function entryOfKeyword(keyword: string): DictionaryEntry {
	tables ??= load();
	const entry = tables.byKeyword.get(keyword);
	if (entry === undefined) {
		throw new DataSetError('unknown-keyword', `no attribute has the keyword "${keyword}"`);
	}
	return entry;
}

/** The tag of a keyword of PS3.6 or PS3.7; throws DataSetError "unknown-keyword". */
export function tagOf(keyword: string): number {
	return entryOfKeyword(keyword).tag;
}

/** A tag as the standard writes it, for example (0010,0010), with lower-case digits. */
export function formatTag(tag: number): string {
	const digits = (tag >>> 0).toString(16).padStart(8, '0');
	return `(${digits.slice(0, 4)},${digits.slice(4)})`;
}
