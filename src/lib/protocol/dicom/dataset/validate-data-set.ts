/** What is wrong with a data set that could be read: values, multiplicities, missing attributes. */
import { codedSetsOf } from './coded-character-sets.ts';
import type { DataElement, DataSet } from './data-set.ts';
import { entryOf, formatTag, tagOf } from './dictionary.ts';
import { guessCharacterSet } from './guess-character-set.ts';
import { privateCreatorOf } from './private-blocks.ts';
import { fitsMultiplicity, hasControlCharacters, valueProblem } from './value-rules.ts';
import { type ValueRepresentation, vrOfCode } from './vr.ts';

export interface DataSetRemark {
	/** Where, from the outside in: "(0008,1115)[0].(0020,000e)"; items are counted from 0. */
	readonly path: string;
	readonly tag: number;
	/** Where the value begins in the bytes that were given; undefined for what is not in them. */
	readonly offset?: number;
	/** "warning": allowed or harmless, but a sign of trouble. */
	readonly severity: 'error' | 'warning';
	readonly text: string;
	readonly clause: string;
}

interface ValidateOptions {
	/** The bytes that the data set was read from; offsets count from their start. */
	readonly bytes?: Uint8Array;
}

const TABLE = 'PS3.5 6.2';
/** VRs whose rules are not in the table but in a section of their own. */
const CLAUSES: Readonly<Record<string, string>> = { PN: 'PS3.5 6.2.1', UI: 'PS3.5 9.1' };
const CHARACTER_SET_CLAUSE = 'PS3.3 C.12.1.1.2';
const SPECIFIC_CHARACTER_SET = 0x00080005;
/** More remarks than a person would read are not kept. */
const MOST_REMARKS = 1000;

/** Attributes that every image, report or other composite object of a patient has. */
const REQUIRED: readonly [keyword: string, type: 1 | 2, clause: string][] = [
	['SOPClassUID', 1, 'PS3.3 C.12.1'],
	['SOPInstanceUID', 1, 'PS3.3 C.12.1'],
	['PatientName', 2, 'PS3.3 C.7.1.1'],
	['PatientID', 2, 'PS3.3 C.7.1.1'],
	['PatientBirthDate', 2, 'PS3.3 C.7.1.1'],
	['PatientSex', 2, 'PS3.3 C.7.1.1'],
	['StudyInstanceUID', 1, 'PS3.3 C.7.2.1'],
	['StudyDate', 2, 'PS3.3 C.7.2.1'],
	['StudyTime', 2, 'PS3.3 C.7.2.1'],
	['ReferringPhysicianName', 2, 'PS3.3 C.7.2.1'],
	['StudyID', 2, 'PS3.3 C.7.2.1'],
	['AccessionNumber', 2, 'PS3.3 C.7.2.1'],
	['Modality', 1, 'PS3.3 C.7.3.1'],
	['SeriesInstanceUID', 1, 'PS3.3 C.7.3.1'],
];

/** Groups of messages and files, and the odd ones that are not for private elements (PS3.5 7.1). */
const FOREIGN_GROUPS = [0x0000, 0x0001, 0x0002, 0x0003, 0x0005, 0x0007, 0xffff];

/** The longest text in a sentence. */
const LONGEST_SHOWN = 40;

function shown(text: string): string {
	return text.length > LONGEST_SHOWN ? `"${text.slice(0, LONGEST_SHOWN)}..."` : `"${text}"`;
}

/** Storage SOP classes of objects of a patient; those of the inventory are the exception. */
function isCompositeObject(dataSet: DataSet): boolean {
	const sopClass = dataSet.text('SOPClassUID');
	if (sopClass === undefined) return dataSet.has('PixelData');
	return (
		sopClass.startsWith('1.2.840.10008.5.1.4.1.1.') &&
		!sopClass.startsWith('1.2.840.10008.5.1.4.1.1.201.')
	);
}

function isKnownTerm(term: string): boolean {
	const whole = term === 'ISO_IR 192' || term === 'GB18030' || term === 'GBK';
	return whole || codedSetsOf(term) !== undefined;
}

class Validation {
	readonly remarks: DataSetRemark[] = [];
	private readonly bytes: Uint8Array | undefined;

	constructor(bytes: Uint8Array | undefined) {
		this.bytes = bytes;
	}

	private offsetOf({ source, start }: DataElement): number | undefined {
		if (this.bytes === undefined || source.buffer !== this.bytes.buffer) return undefined;
		const offset = source.byteOffset + start - this.bytes.byteOffset;
		return offset >= 0 && offset <= this.bytes.length ? offset : undefined;
	}

	private add(
		path: string,
		at: DataElement | number,
		severity: DataSetRemark['severity'],
		text: string,
		clause: string,
	): void {
		if (this.remarks.length >= MOST_REMARKS) return;
		const tag = typeof at === 'number' ? at : at.tag;
		const offset = typeof at === 'number' ? undefined : this.offsetOf(at);
		const where = offset === undefined ? {} : { offset };
		this.remarks.push({ path, tag, ...where, severity, text, clause });
	}

	required(dataSet: DataSet): void {
		for (const [keyword, type, clause] of REQUIRED) {
			const element = dataSet.element(keyword);
			const empty = element === undefined || (type === 1 && dataSet.text(keyword) === '');
			if (!empty) continue;
			const tag = tagOf(keyword);
			const state = element === undefined ? 'is missing' : 'is empty';
			const text = `${keyword} ${state}; it is of type ${type}`;
			this.add(formatTag(tag), element ?? tag, 'error', text, clause);
		}
	}

	dataSet(dataSet: DataSet, prefix: string): void {
		for (const element of dataSet.elements()) {
			const path = prefix + formatTag(element.tag);
			this.place(dataSet, element, path);
			element.items?.forEach((item, i) => {
				this.dataSet(item, `${path}[${i}].`);
			});
			if (element.isPlain) this.value(dataSet, element, path);
		}
	}

	/** Whether the element may be here at all, with this VR. */
	private place(dataSet: DataSet, element: DataElement, path: string): void {
		const { tag, vr } = element;
		const group = tag >>> 16;
		if (FOREIGN_GROUPS.includes(group)) {
			const name = group.toString(16).padStart(4, '0');
			this.add(path, element, 'error', `group ${name} is not for data sets`, 'PS3.5 7.1');
		} else if ((tag & 0xffff) === 0) {
			const text = 'group lengths are retired but for groups 0000 and 0002';
			this.add(path, element, 'warning', text, 'PS3.5 7.2');
		} else if (group % 2 === 1 && (tag & 0xffff) >= 0x1000) {
			if (privateCreatorOf(dataSet, tag) !== undefined) return;
			this.add(path, element, 'error', 'no private creator has reserved its block', 'PS3.5 7.8.1');
		}
		const entry = entryOf(tag);
		const unsure = entry === undefined || entry.ambiguous !== undefined || vr === 'UN';
		if (unsure || entry.vr === vr) return;
		this.add(path, element, 'warning', `VR ${vr}, but ${entry.vr} in the dictionary`, 'PS3.6 6');
	}

	private value(dataSet: DataSet, element: DataElement, path: string): void {
		const vr = vrOfCode(element.vr);
		if (element.length % 2 === 1) {
			this.add(path, element, 'error', `${element.length} bytes, an odd length`, 'PS3.5 7.1.1');
		}
		if (vr === undefined) {
			this.add(path, element, 'error', `VR ${element.vr} is not of the standard`, TABLE);
		} else if (vr.kind === 'text' || vr.kind === 'charset-text' || vr.kind === 'decimal') {
			this.text(dataSet, element, vr, path);
		} else {
			this.numbers(element, vr, path);
		}
	}

	private numbers(element: DataElement, vr: ValueRepresentation, path: string): void {
		const size = vr.kind === 'tag' ? 4 : vr.unitBytes;
		if (element.length % size !== 0) {
			const text = `${element.length} bytes are no whole number of values of ${size} bytes`;
			this.add(path, element, 'error', text, TABLE);
		}
		const single = vr.kind === 'bytes' && element.length > 0;
		this.multiplicity(element, path, single ? 1 : Math.floor(element.length / size));
	}

	private multiplicity(element: DataElement, path: string, count: number): void {
		const entry = entryOf(element.tag);
		if (entry === undefined || count === 0 || element.vr === 'UN') return;
		// OW and OB have one value, whatever the dictionary says of numbers in the same place.
		if (entry.ambiguous !== undefined && vrOfCode(element.vr)?.kind === 'bytes') return;
		if (fitsMultiplicity(count, entry.vm)) return;
		const values = count === 1 ? 'one value' : `${count} values`;
		const text = `${values}, where the multiplicity is ${entry.vm}`;
		this.add(path, element, 'error', text, 'PS3.5 6.4');
	}

	private text(
		dataSet: DataSet,
		element: DataElement,
		vr: ValueRepresentation,
		path: string,
	): void {
		this.repertoire(dataSet, element, vr, path);
		this.padding(element, vr, path);
		const values = dataSet.texts(element.tag);
		this.multiplicity(element, path, values.length);
		for (const value of values) {
			const problem = valueProblem(vr.code, vr.kind === 'decimal' ? value.trim() : value);
			if (problem !== undefined) {
				const clause = CLAUSES[vr.code] ?? TABLE;
				this.add(path, element, 'error', `${shown(value)}: ${problem}`, clause);
			}
			const { length } = vr.kind === 'charset-text' ? [...value] : value;
			if (vr.maxLength !== undefined && vr.code !== 'PN' && length > vr.maxLength) {
				const text = `${shown(value)}: ${length} characters, ${vr.code} has ${vr.maxLength} at most`;
				this.add(path, element, 'error', text, TABLE);
			}
			if (hasControlCharacters(vr.code, value)) {
				this.add(path, element, 'error', `${shown(value)}: control characters`, 'PS3.5 6.1.3');
			}
		}
		if (element.tag === SPECIFIC_CHARACTER_SET) this.terms(values, element, path);
	}

	private terms(terms: readonly string[], element: DataElement, path: string): void {
		for (const term of terms) {
			if (isKnownTerm(term)) continue;
			const text = `${shown(term)} is no defined term for a character set`;
			this.add(path, element, 'error', text, CHARACTER_SET_CLAUSE);
		}
	}

	/** Characters that the character set does not have, or that seem to be of another one. */
	private repertoire(
		dataSet: DataSet,
		element: DataElement,
		vr: ValueRepresentation,
		path: string,
	): void {
		const { bytes } = element;
		if (vr.kind !== 'charset-text') {
			if (bytes.every((byte) => byte < 0x80)) return;
			const text = `bytes above 7F, but ${vr.code} has the default repertoire only`;
			this.add(path, element, 'error', text, 'PS3.5 6.1.2.1');
			return;
		}
		const terms = dataSet.characterSets();
		const { fits, likely } = guessCharacterSet(bytes, terms);
		if (fits) return;
		const label = terms.length === 0 ? 'the default repertoire' : terms.join('\\');
		const text =
			likely === undefined
				? `bytes that ${label} does not have`
				: `labelled as ${label}, but seems to be ${likely.terms.join('\\')}. ${likely.reason}`;
		this.add(path, element, 'error', text, CHARACTER_SET_CLAUSE);
	}

	private padding(element: DataElement, vr: ValueRepresentation, path: string): void {
		const last = element.length === 0 ? undefined : element.bytes[element.length - 1];
		if (vr.code === 'UI' && last === 0x20) {
			this.add(path, element, 'warning', 'a UID padded with a space, not NUL', 'PS3.5 9.1');
		} else if (vr.code !== 'UI' && last === 0) {
			this.add(path, element, 'warning', `${vr.code} padded with NUL, not a space`, TABLE);
		}
	}
}

/**
 * Examines a data set: the values of each VR (PS3.5 table 6.2-1), multiplicities (PS3.6), character
 * sets, private elements, and for objects of a storage SOP class the attributes that the modules
 * Patient, General Study, General Series and SOP Common always need. It is for objects: the ranges
 * and wildcards of queries are remarks. At most 1000 remarks.
 */
export function validateDataSet(
	dataSet: DataSet,
	options: ValidateOptions = {},
): readonly DataSetRemark[] {
	const validation = new Validation(options.bytes);
	if (isCompositeObject(dataSet)) validation.required(dataSet);
	validation.dataSet(dataSet, '');
	return validation.remarks;
}
