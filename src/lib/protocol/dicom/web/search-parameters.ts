/** Query parameters of a search (PS3.18 8.3.4). */
import { DataSet } from '../dataset/data-set.ts';
import { DataSetError } from '../dataset/data-set-error.ts';
import { entryOf, tagOf } from '../dataset/dictionary.ts';
import type { HttpProblem } from '../../http/message.ts';

/** An attribute, inside sequences where there are more tags than one. */
export type TagPath = readonly number[];

export interface SearchParameters {
	readonly keys: readonly { readonly path: TagPath; readonly value: string }[];
	readonly include: 'all' | readonly TagPath[];
	readonly limit: number | undefined;
	readonly offset: number;
	/** Asked for and not done: named in Warning headers. */
	readonly unsupported: readonly string[];
}

/** Ways of matching that are not done, and what is to be said of that (8.3.4.2, 8.3.4.5, 8.3.4.6). */
const SWITCHES: ReadonlyMap<string, string> = new Map([
	['fuzzymatching', 'Only literal matching has been performed.'],
	['emptyvaluematching', 'Empty Value Matching has not been performed.'],
	['multiplevaluematching', 'Multiple Value Matching has not been performed.'],
]);
const PARAMETERS_MAX = 200;

class BadParameter extends Error {}

/** What is said of a parameter that is ignored (8.3); its name only where it can stand in a header field. */
export function unknownParameter(name: string): string {
	const shown = /^[\w.]{1,64}$/.test(name) ? ` ${name}` : '';
	return `The parameter${shown} is not supported and was ignored.`;
}

/**
 * Reads the parameters; 400 for one that is there twice, or whose value is none. One that is no attribute
 * is ignored, and named in a Warning.
 */
export function parseSearchParameters(
	query: readonly (readonly [name: string, value: string])[],
): SearchParameters | HttpProblem {
	try {
		return readParameters(query);
	} catch (error) {
		if (!(error instanceof BadParameter)) throw error;
		return { status: 400, text: error.message };
	}
}

function readParameters(
	query: readonly (readonly [name: string, value: string])[],
): SearchParameters {
	if (query.length > PARAMETERS_MAX) throw new BadParameter('There are too many parameters.');
	const keys: { path: TagPath; value: string }[] = [];
	const include: TagPath[] = [];
	const unsupported: string[] = [];
	const seen = new Set<string>();
	let all = false;
	let limit: number | undefined;
	let offset = 0;
	for (const [name, value] of query) {
		if (name === 'includefield') {
			for (const field of value.split(',')) {
				if (field === 'all') all = true;
				else include.push(attributePath(field));
			}
			continue;
		}
		const isAttribute = !SWITCHES.has(name) && !RESERVED.has(name);
		if (isAttribute && tagFor(name.split('.')[0] ?? '') === undefined) {
			unsupported.push(unknownParameter(name));
			continue;
		}
		const path = isAttribute ? attributePath(name) : undefined;
		const id = path?.join('.') ?? name;
		if (seen.has(id)) throw new BadParameter(`The parameter ${name} is there twice.`);
		seen.add(id);
		if (path) keys.push({ path, value: keyValue(path, value) });
		else if (name === 'limit') limit = count(name, value);
		else if (name === 'offset') offset = count(name, value);
		else if (SWITCHES.has(name)) {
			if (value !== 'true' && value !== 'false') {
				throw new BadParameter(`${name} is true or false, not "${value}".`);
			}
			if (value === 'true') {
				unsupported.push(`The ${name} parameter is not supported. ${SWITCHES.get(name) ?? ''}`);
			}
		}
	}
	return { keys, include: all ? 'all' : include, limit, offset, unsupported };
}

/** Parameters that are about the response and not about attributes (8.3.3, 8.3.4.4). */
const RESERVED = new Set(['limit', 'offset', 'accept', 'charset']);

function count(name: string, value: string): number {
	if (!/^\d{1,9}$/.test(value)) {
		throw new BadParameter(`${name} is a whole number from 0, not "${value}".`);
	}
	return Number(value);
}

/** `PatientID`, `00100020`, or `RequestAttributesSequence.ScheduledProcedureStepID` (8.3.4.1). */
function attributePath(text: string): TagPath {
	return text.split('.').map((part, i, parts) => {
		const tag = tagFor(part);
		const entry = tag === undefined ? undefined : entryOf(tag);
		if (tag === undefined || !entry) {
			throw new BadParameter(
				`"${part}" is no attribute: use a keyword or eight hexadecimal digits.`,
			);
		}
		if (i < parts.length - 1 && entry.vr !== 'SQ') {
			throw new BadParameter(`${part} is no sequence, so that nothing is inside it.`);
		}
		return tag;
	});
}

/** The tag of a keyword or of eight hexadecimal digits; undefined for what the dictionary does not have. */
function tagFor(part: string): number | undefined {
	if (/^[0-9A-Fa-f]{8}$/.test(part)) {
		const tag = Number.parseInt(part, 16);
		return entryOf(tag) ? tag : undefined;
	}
	try {
		return tagOf(part);
	} catch (error) {
		if (error instanceof DataSetError) return undefined;
		throw error;
	}
}

/** UIDs of a list are parted by commas in a URL (8.3.4.1). */
function keyValue(path: TagPath, value: string): string {
	const vr = entryOf(path.at(-1) ?? 0)?.vr;
	if (vr === 'SQ') throw new BadParameter('A sequence has no value: name an attribute inside it.');
	return vr === 'UI' ? value.replaceAll(',', '\\') : value;
}

/**
 * The identifier of a C-FIND request with the same meaning: keys with their values, and what is to be
 * returned without one (PS3.4 C.2.2.1). 400 where a value does not fit its VR.
 */
export function searchIdentifier(
	keys: SearchParameters['keys'],
	returned: readonly TagPath[],
): DataSet | HttpProblem {
	const identifier = DataSet.from({ SpecificCharacterSet: 'ISO_IR 192' });
	try {
		for (const path of returned) place(identifier, path, '');
		for (const { path, value } of keys) place(identifier, path, value);
	} catch (error) {
		if (error instanceof DataSetError) return { status: 400, text: `${error.message}.` };
		throw error;
	}
	return identifier;
}

function place(dataSet: DataSet, path: TagPath, value: string): void {
	const [tag = 0, ...inner] = path;
	if (inner.length > 0) {
		const item = dataSet.items(tag)[0] ?? new DataSet();
		place(item, inner, value);
		dataSet.set(tag, [item]);
	} else if (!dataSet.has(tag) || value !== '') {
		dataSet.set(tag, entryOf(tag)?.vr === 'SQ' ? [] : value);
	}
}
