import { DataSet, type DataSetValue } from '#lib/protocol/dicom/dataset/data-set.ts';
import { DataSetError } from '#lib/protocol/dicom/dataset/data-set-error.ts';
import { entryOf, tagOf } from '#lib/protocol/dicom/dataset/dictionary.ts';

/** Keys of findscu and movescu (`-k`): `0008,0052=STUDY`, `PatientName=A*`, `(0040,0100)[0].Modality=CT`. */

const KEYS_MAX = 64;
const DEPTH_MAX = 5;
const ITEM_MAX = 9;
const TAG = /^\(?([0-9a-f]{4}),([0-9a-f]{4})\)?/i;
const NAME = /^[A-Za-z][A-Za-z0-9]*/;

type Attributes = Map<number, string | Attributes[]>;

export type QueryKeys =
	| { ok: true; identifier: DataSet }
	/** `key` as typed; `at` is what could not be read. */
	| { ok: false; key: string; at: string };

/** Builds the request identifier from keys in order; a later key replaces an earlier one. */
export function readKeys(keys: readonly string[]): QueryKeys {
	const root: Attributes = new Map();
	for (const key of keys.slice(0, KEYS_MAX)) {
		const problem = addKey(root, key);
		if (problem !== undefined) return { ok: false, key, at: problem.replace(/=.*$/s, '') };
	}
	try {
		const identifier = build(root);
		const foreign = keys.some((key) => /[^ -~]/.test(key));
		if (foreign && !identifier.has('SpecificCharacterSet')) {
			identifier.set('SpecificCharacterSet', 'ISO_IR 192');
		}
		// Asks for the encoding of all text now, so that nothing fails later.
		identifier.elements();
		return { ok: true, identifier };
	} catch (error) {
		if (!(error instanceof DataSetError)) throw error;
		return { ok: false, key: keys.join(' '), at: error.message };
	}
}

/** Returns what could not be read, or undefined. */
function addKey(root: Attributes, key: string): string | undefined {
	let rest = key;
	let level = root;
	for (let depth = 0; depth < DEPTH_MAX; depth++) {
		const element = readElement(rest);
		if (!element) return rest;
		rest = rest.slice(element.length);
		const { tag } = element;
		if (rest === '' || rest.startsWith('=')) {
			const isSequence = entryOf(tag)?.vr === 'SQ';
			if (isSequence && rest.length > 1) return rest;
			level.set(tag, isSequence ? [] : rest.slice(1));
			return undefined;
		}
		const item = /^\[(\d)\](\.|$)/.exec(rest);
		const index = Number(item?.[1]);
		if (!item || index > ITEM_MAX || entryOf(tag)?.vr !== 'SQ') return rest;
		rest = rest.slice(item[0].length);
		const present = level.get(tag);
		const items = Array.isArray(present) ? present : [];
		while (items.length <= index) items.push(new Map());
		level.set(tag, items);
		if (rest === '') return undefined;
		level = items[index] ?? root;
	}
	return rest;
}

function readElement(text: string): { tag: number; length: number } | undefined {
	const numbers = TAG.exec(text);
	if (numbers) {
		const tag = Number.parseInt(`${numbers[1]}${numbers[2]}`, 16);
		return entryOf(tag) ? { tag, length: numbers[0].length } : undefined;
	}
	const name = NAME.exec(text)?.[0];
	if (name === undefined) return undefined;
	try {
		return { tag: tagOf(name), length: name.length };
	} catch (error) {
		if (error instanceof DataSetError) return undefined;
		throw error;
	}
}

function build(attributes: Attributes): DataSet {
	const dataSet = new DataSet();
	for (const [tag, value] of [...attributes].sort(([a], [b]) => a - b)) {
		const content: DataSetValue = typeof value === 'string' ? value : value.map(build);
		dataSet.set(tag, content);
	}
	return dataSet;
}

/** The tag of `0010,0020`, `(0010,0020)` or a keyword; undefined when it is none. */
export function tagOfText(text: string): number | undefined {
	const element = readElement(text);
	return element?.length === text.length ? element.tag : undefined;
}
