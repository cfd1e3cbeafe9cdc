/** From the DICOM JSON Model (PS3.18 annex F) to a data set. */
import { DataSet } from '../dataset/data-set.ts';
import { DataSetError } from '../dataset/data-set-error.ts';
import { vrOfCode } from '../dataset/vr.ts';
import { fromBase64 } from './base64.ts';
import { BINARY_VRS, NAME_GROUPS } from './json-model.ts';

export interface ReadJsonOptions {
	/** The bytes behind a BulkDataURI, little endian; undefined when there are none. */
	readonly bulkData?: (uri: string) => Uint8Array | undefined;
}

export type ReadJsonResult =
	| { readonly ok: true; readonly dataSet: DataSet }
	/** `at` is the place in the document: `00400275[0].0040A043.Value`. */
	| { readonly ok: false; readonly at: string; readonly message: string };

const DEPTH_MAX = 32;
const ATTRIBUTES_MAX = 1_000_000;
const UTF_8 = 'ISO_IR 192';

class JsonProblem extends Error {
	readonly at: string;
	constructor(at: string, message: string) {
		super(message);
		this.at = at;
	}
}

/**
 * Reads one data set. Text becomes UTF-8, and (0008,0005) says so where it was given or is needed. Problems
 * of the document are data, never thrown: names that are no tags, unknown VRs, values that do not fit.
 */
export function jsonToDataSet(json: unknown, options: ReadJsonOptions = {}): ReadJsonResult {
	try {
		const counter = { attributes: 0 };
		const dataSet = readDataSet(json, options, '', 0, counter);
		return { ok: true, dataSet };
	} catch (error) {
		if (!(error instanceof JsonProblem)) throw error;
		return { ok: false, at: error.at, message: error.message };
	}
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readDataSet(
	json: unknown,
	options: ReadJsonOptions,
	at: string,
	depth: number,
	counter: { attributes: number },
): DataSet {
	if (!isObject(json)) throw new JsonProblem(at, 'a data set is a JSON object');
	if (depth > DEPTH_MAX) throw new JsonProblem(at, `nested deeper than ${DEPTH_MAX}`);
	const dataSet = new DataSet();
	// Text is encoded while it is set, so the character set comes first.
	if (depth === 0 && ('00080005' in json || hasOtherText(json))) {
		dataSet.set('SpecificCharacterSet', UTF_8);
	}
	for (const [name, attribute] of Object.entries(json)) {
		const here = at === '' ? name : `${at}.${name}`;
		if (!/^[0-9A-Fa-f]{8}$/.test(name)) throw new JsonProblem(here, 'the name is no tag');
		if (++counter.attributes > ATTRIBUTES_MAX) throw new JsonProblem(here, 'too many attributes');
		const tag = Number.parseInt(name, 16);
		if (tag === 0x00080005 || (tag & 0xffff) === 0) continue;
		readAttribute(dataSet, tag, attribute, { options, at: here, depth, counter });
	}
	return dataSet;
}

interface Place {
	options: ReadJsonOptions;
	at: string;
	depth: number;
	counter: { attributes: number };
}

function readAttribute(dataSet: DataSet, tag: number, json: unknown, place: Place): void {
	const { at, options, depth, counter } = place;
	const vr = isObject(json) ? json['vr'] : undefined;
	if (!isObject(json) || typeof vr !== 'string' || !vrOfCode(vr)) {
		throw new JsonProblem(at, 'the VR is missing or unknown');
	}
	const { Value, BulkDataURI, InlineBinary } = json;
	if ([Value, BulkDataURI, InlineBinary].filter((one) => one !== undefined).length > 1) {
		throw new JsonProblem(at, 'more than one of Value, BulkDataURI and InlineBinary');
	}
	if (BulkDataURI !== undefined || InlineBinary !== undefined) {
		const bytes =
			InlineBinary === undefined
				? typeof BulkDataURI === 'string' && options.bulkData?.(BulkDataURI)
				: typeof InlineBinary === 'string' && fromBase64(InlineBinary);
		if (!bytes || vr === 'SQ') throw new JsonProblem(at, 'the bytes cannot be had');
		attempt(at, () => dataSet.set(tag, bytes, vr));
		return;
	}
	const values = Value ?? [];
	if (!Array.isArray(values)) throw new JsonProblem(`${at}.Value`, 'Value is no array');
	if (vr === 'SQ') {
		const items = values.map((item: unknown, i) =>
			// An empty item may be written as null (F.2.5).
			readDataSet(item ?? {}, options, `${at}[${i}]`, depth + 1, counter),
		);
		attempt(at, () => dataSet.set(tag, items, 'SQ'));
		return;
	}
	if (BINARY_VRS.has(vr) && values.length > 0) {
		throw new JsonProblem(at, `VR ${vr} has no Value but InlineBinary or BulkDataURI`);
	}
	attempt(at, () => readValues(dataSet, tag, vr, values, at));
}

/** Runs a change of the data set; a value that does not fit is the document's problem. */
function attempt(at: string, change: () => unknown): void {
	try {
		change();
	} catch (error) {
		if (!(error instanceof DataSetError)) throw error;
		throw new JsonProblem(at, error.message);
	}
}

function readValues(
	dataSet: DataSet,
	tag: number,
	vr: string,
	values: readonly unknown[],
	at: string,
): void {
	if (vr === 'SV' || vr === 'UV') {
		dataSet.setRaw(tag, vr, bigBytes(values, vr, at));
		return;
	}
	const kind = vrOfCode(vr)?.kind;
	const out = values.map((value, i) => {
		const here = `${at}.Value[${i}]`;
		if (value === null) {
			// NaN has no other form in JSON; no other binary number has an empty value.
			if (kind === 'float') return Number.NaN;
			if (kind === 'uint' || kind === 'int' || kind === 'tag') {
				throw new JsonProblem(here, `VR ${vr} has no empty value`);
			}
			return '';
		}
		if (vr === 'PN') return nameText(value, here);
		const numeric = kind === 'uint' || kind === 'int' || kind === 'float';
		const fits =
			typeof value === 'number'
				? numeric || kind === 'decimal'
				: typeof value === 'string' && !numeric;
		if (!fits || (vr === 'AT' && !/^[0-9A-Fa-f]{8}$/.test(String(value)))) {
			throw new JsonProblem(here, `this is no value of VR ${vr}`);
		}
		return value as string | number;
	});
	dataSet.set(tag, out, vr);
}

function nameText(value: unknown, at: string): string {
	if (!isObject(value)) throw new JsonProblem(at, 'a person name is an object');
	const groups = NAME_GROUPS.map((group) => value[group] ?? '');
	if (!groups.every((group) => typeof group === 'string')) {
		throw new JsonProblem(at, 'a component group is text');
	}
	return groups.join('=').replace(/=+$/, '');
}

function bigBytes(values: readonly unknown[], vr: 'SV' | 'UV', at: string): Uint8Array {
	const bytes = new Uint8Array(values.length * 8);
	const view = new DataView(bytes.buffer);
	const [low, high] = vr === 'SV' ? [-(2n ** 63n), 2n ** 63n] : [0n, 2n ** 64n];
	values.forEach((value, i) => {
		const whole =
			typeof value === 'string' ? /^-?\d{1,20}$/.test(value) : Number.isSafeInteger(value);
		const big = whole ? BigInt(value as string | number) : high;
		if (big < low || big >= high)
			throw new JsonProblem(`${at}.Value[${i}]`, `no value of VR ${vr}`);
		view.setBigUint64(i * 8, BigInt.asUintN(64, big), true);
	});
	return bytes;
}

/** Whether any text in it is beyond ASCII, items included; levels that are refused anyway do not count. */
function hasOtherText(json: unknown, levels = 4 * DEPTH_MAX): boolean {
	if (typeof json === 'string') return /[^\0-\x7d]/.test(json);
	if (typeof json !== 'object' || json === null || levels === 0) return false;
	return Object.values(json).some((value) => hasOtherText(value, levels - 1));
}
