/** From a data set to the DICOM JSON Model (PS3.18 annex F). */
import type { DataElement, DataSet } from '../dataset/data-set.ts';
import { numbersOfBytes } from '../dataset/values.ts';
import { vrOfCode } from '../dataset/vr.ts';
import { toBase64 } from './base64.ts';
import {
	BINARY_VRS,
	jsonTag,
	NAME_GROUPS,
	type JsonAttribute,
	type JsonDataSet,
	type JsonPersonName,
	type JsonValue,
} from './json-model.ts';

/** Where a value is: the tags of the sequences around it with item numbers from 1, then its own tag. */
export type AttributePath = readonly (string | number)[];

export interface WriteJsonOptions {
	/** The URI of a value that is not put inline; undefined puts it inline. */
	readonly bulkDataUri?: (element: DataElement, path: AttributePath) => string | undefined;
	/** Which attributes to write, items being whole; all unless given. */
	readonly include?: (element: DataElement) => boolean;
}

const SPECIFIC_CHARACTER_SET = 0x00080005;
const UTF_8 = 'ISO_IR 192';

/**
 * The JSON form of a data set. Text is Unicode, so (0008,0005), where there is one, says ISO_IR 192. DS and
 * IS are numbers where no digit gets lost, else strings (F.2.3). Group lengths are left out (F.2.2), and so
 * is encapsulated pixel data that has no URI, for which there is no inline form. JSON has no NaN: such a
 * value is null.
 */
export function dataSetToJson(dataSet: DataSet, options: WriteJsonOptions = {}): JsonDataSet {
	return writeDataSet(dataSet, options, []);
}

function writeDataSet(
	dataSet: DataSet,
	options: WriteJsonOptions,
	path: AttributePath,
): JsonDataSet {
	const json: JsonDataSet = {};
	for (const element of dataSet.elements()) {
		if ((element.tag & 0xffff) === 0) continue;
		if (path.length === 0 && options.include?.(element) === false) continue;
		const tag = jsonTag(element.tag);
		const attribute = writeAttribute(dataSet, element, options, [...path, tag]);
		if (attribute) json[tag] = attribute;
	}
	return json;
}

function writeAttribute(
	dataSet: DataSet,
	element: DataElement,
	options: WriteJsonOptions,
	path: AttributePath,
): JsonAttribute | undefined {
	const { vr, tag } = element;
	if (element.items) {
		const items = element.items.map((item, i) => writeDataSet(item, options, [...path, i + 1]));
		return items.length === 0 ? { vr } : { vr, Value: items };
	}
	const empty = element.length === 0 && !element.fragments;
	const uri = empty ? undefined : options.bulkDataUri?.(element, path);
	if (uri !== undefined) return { vr, BulkDataURI: uri };
	if (element.fragments) return undefined;
	if (empty) return { vr };
	if (BINARY_VRS.has(vr) || !vrOfCode(vr)) return { vr, InlineBinary: toBase64(element.bytes) };
	const Value = tag === SPECIFIC_CHARACTER_SET ? [UTF_8] : writeValues(dataSet, element);
	return Value.every((value) => value === null) && Value.length <= 1 ? { vr } : { vr, Value };
}

function writeValues(dataSet: DataSet, { tag, vr, bytes }: DataElement): JsonValue[] {
	switch (vr) {
		case 'AT':
			return dataSet.numbers(tag).map(jsonTag);
		case 'SV':
		case 'UV':
			return bigNumbers(bytes, vr);
		case 'PN':
			return dataSet.texts(tag).map(personName);
		case 'DS':
		case 'IS':
			return dataSet.texts(tag).map(decimal);
	}
	const known = vrOfCode(vr);
	if (known?.kind === 'uint' || known?.kind === 'int' || known?.kind === 'float') {
		return numbersOfBytes(bytes, known).map((number) => (Number.isFinite(number) ? number : null));
	}
	return dataSet.texts(tag).map((text) => (text === '' ? null : text));
}

/** 64-bit integers: a number where it is exact, else its digits (F.2.3). */
function bigNumbers(bytes: Uint8Array, vr: 'SV' | 'UV'): JsonValue[] {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	return Array.from({ length: Math.floor(bytes.length / 8) }, (_, i) => {
		const value = vr === 'SV' ? view.getBigInt64(i * 8, true) : view.getBigUint64(i * 8, true);
		const number = Number(value);
		return Number.isSafeInteger(number) ? number : String(value);
	});
}

function personName(text: string): JsonPersonName | null {
	const groups = text.split('=');
	const name: JsonPersonName = {};
	NAME_GROUPS.forEach((group, i) => {
		const value = groups[i];
		if (value !== undefined && value !== '') name[group] = value;
	});
	return Object.keys(name).length === 0 ? null : name;
}

function decimal(text: string): JsonValue {
	if (text === '') return null;
	const number = Number(text);
	const plain = significant(text);
	return plain !== undefined && plain === significant(String(number)) ? number : text;
}

/** Sign, digits without zeros around them, and the power of ten: equal for equal decimal numbers. */
function significant(text: string): string | undefined {
	const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text.trim());
	const [, sign = '', whole = '', fraction = '', power = '0'] = match ?? [];
	if (!match || whole + fraction === '') return undefined;
	const digits = (whole + fraction).replace(/^0+/, '');
	const short = digits.replace(/0+$/, '');
	if (short === '') return '0';
	const exponent = Number(power) - fraction.length + digits.length - short.length;
	return `${sign === '-' ? '-' : ''}${short}e${exponent}`;
}
