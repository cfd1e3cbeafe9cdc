import { DataSet, type DataSetValue } from '#lib/protocol/dicom/dataset/data-set.ts';
import { DataSetError } from '#lib/protocol/dicom/dataset/data-set-error.ts';
import { entryOfKeyword, tagOf } from '#lib/protocol/dicom/dataset/dictionary.ts';
import { framesOf } from '#lib/protocol/dicom/dataset/encapsulation.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { STORAGE_SYNTAXES, UNCOMPRESSED_SYNTAXES } from '../dicom/storage-classes.ts';
import { IMAGE_TYPE_TERMS, KEPT_ATTRIBUTES } from './donor-attributes.ts';

/** An image without anybody: pixels, geometry and technique. */
export type DonorResult =
	| { readonly ok: true; readonly donor: DataSet }
	/** Why it cannot be taken, as a sentence. */
	| { readonly ok: false; readonly problem: string };

interface DonorClass {
	readonly modality: string;
	/** Its pictures usually have text in them, so the file must say that this one has none. */
	readonly oftenAnnotated?: true;
}

/** The image SOP classes that can be taken, with the modality their images have. */
const DONOR_CLASSES: Readonly<Record<string, DonorClass>> = {
	[UID.CTImageStorage]: { modality: 'CT' },
	[UID.MRImageStorage]: { modality: 'MR' },
	[UID.ComputedRadiographyImageStorage]: { modality: 'CR' },
	[UID.DigitalXRayImageStorageForPresentation]: { modality: 'DX' },
	[UID.DigitalXRayImageStorageForProcessing]: { modality: 'DX' },
	[UID.UltrasoundImageStorage]: { modality: 'US', oftenAnnotated: true },
	[UID.SecondaryCaptureImageStorage]: { modality: 'OT', oftenAnnotated: true },
};

const NATIVE_SYNTAXES = [...UNCOMPRESSED_SYNTAXES, UID.DeflatedLittleEndianExplicit];
const VIDEO = /MPEG|HEVC/;
const STILL_SYNTAXES = STORAGE_SYNTAXES.filter(
	(uid) => !Object.entries(UID).some(([name, other]) => other === uid && VIDEO.test(name)),
);

const FRAME_OF_REFERENCE = 'FrameOfReferenceUID';
const PIXEL_DATA = tagOf('PixelData');
/** More values than any attribute of the list has. */
const VALUES_MAX = 16;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;

/** The modality of images of a SOP class; undefined when they cannot be taken. */
export function modalityOfDonor(sopClassUid: string): string | undefined {
	return DONOR_CLASSES[sopClassUid]?.modality;
}

/**
 * Takes from an object what {@link KEPT_ATTRIBUTES} names, its LUTs and its pixel data, and nothing else. Its
 * SOP class stays; a frame of reference stays as an empty attribute, to be filled with a new UID. Never throws:
 * an object that is no such image, or says that a person can be recognised in it, is refused in words.
 */
export function donorImage(object: DataSet, transferSyntax: string): DonorResult {
	const problem = problemOf(object);
	if (problem !== undefined) return { ok: false, problem };
	const sopClassUid = object.text('SOPClassUID') ?? '';
	const donor = new DataSet().set('SOPClassUID', sopClassUid);
	for (const keyword in KEPT_ATTRIBUTES) keep(donor, keyword, keptValue(object, keyword));
	keep(donor, 'ImageType', imageType(object, sopClassUid));
	keep(donor, 'ModalityLUTSequence', lookUpTables(object, 'ModalityLUTSequence'));
	keep(donor, 'VOILUTSequence', lookUpTables(object, 'VOILUTSequence'));
	if (object.has(FRAME_OF_REFERENCE)) donor.set(FRAME_OF_REFERENCE, '');
	const pixelProblem = takePixels(donor, object, transferSyntax);
	return pixelProblem === undefined ? { ok: true, donor } : { ok: false, problem: pixelProblem };
}

function problemOf(object: DataSet): string | undefined {
	const donorClass = DONOR_CLASSES[object.text('SOPClassUID') ?? ''];
	if (!donorClass) {
		return 'Only single CT, MR, CR, DX, ultrasound and secondary capture images can be taken; this is another kind of object.';
	}
	const burnedIn = object.text('BurnedInAnnotation')?.trim().toUpperCase();
	if (burnedIn === 'YES') {
		return 'The file says that patient data are burned into the picture (Burned In Annotation is YES).';
	}
	if (donorClass.oftenAnnotated && burnedIn !== 'NO') {
		return 'Pictures of this kind often show patient data, and the file does not say that this one has none (Burned In Annotation is not NO).';
	}
	if (object.text('RecognizableVisualFeatures')?.trim().toUpperCase() === 'YES') {
		return 'The file says that the person can be recognised in the picture (Recognizable Visual Features is YES).';
	}
	return undefined;
}

function keep(donor: DataSet, keyword: string, value: DataSetValue | undefined): void {
	if (value === undefined) return;
	try {
		donor.set(keyword, value);
	} catch (error) {
		// A number that its VR cannot hold: the attribute is worth nothing then.
		if (!(error instanceof DataSetError)) throw error;
	}
}

/** The value of a kept attribute by its rule; undefined when there is none or it is something else. */
function keptValue(object: DataSet, keyword: string): DataSetValue | undefined {
	const rule = KEPT_ATTRIBUTES[keyword];
	if (rule === undefined) return undefined;
	if (rule === 'number') return numberValue(object, keyword);
	const terms = object.texts(keyword).map((term) => term.trim());
	const known = terms.length <= VALUES_MAX && terms.every((term) => rule.includes(term));
	return terms.length > 0 && known ? terms : undefined;
}

function numberValue(object: DataSet, keyword: string): DataSetValue | undefined {
	const { vr, ambiguous } = entryOfKeyword(keyword);
	if (vr === 'DS' || vr === 'IS') {
		const texts = object.texts(keyword).map((text) => text.trim());
		const form = vr === 'DS' ? DECIMAL : INTEGER;
		const fits = texts.every((text) => form.test(text) && text.length <= 16);
		return texts.length > 0 && texts.length <= VALUES_MAX && fits ? texts : undefined;
	}
	const values = object.numbers(keyword);
	if (values.length === 0 || values.length > VALUES_MAX || !values.every(Number.isFinite)) {
		return undefined;
	}
	if (ambiguous !== 'US or SS') return values;
	// Some files have US where the pixels are signed: the same bits mean the same value.
	const signed = object.number('PixelRepresentation') === 1;
	return values.map((value) => {
		if (signed && value > 0x7fff) return value - 0x10000;
		return !signed && value < 0 ? value + 0x10000 : value;
	});
}

function imageType(object: DataSet, sopClassUid: string): DataSetValue | undefined {
	const values = object.texts('ImageType').slice(0, IMAGE_TYPE_TERMS.length);
	const known: string[] = [];
	for (const [index, value] of values.entries()) {
		const isKnown = IMAGE_TYPE_TERMS[index]?.includes(value) === true;
		if (isKnown) known.push(value);
		else if (index === 2 && sopClassUid === UID.MRImageStorage) known.push('OTHER');
		else break;
	}
	return known.length > 1 ? known : undefined;
}

/** The tables without their explanations; undefined when one of them is not as long as it says. */
function lookUpTables(object: DataSet, keyword: string): DataSet[] | undefined {
	const tables: DataSet[] = [];
	for (const item of object.items(keyword).slice(0, VALUES_MAX)) {
		const descriptor = item.numbers('LUTDescriptor');
		const data = item.element('LUTData');
		const [count = 0, , bits = 0] = descriptor;
		const entries = count === 0 ? 0x10000 : count;
		if (descriptor.length !== 3 || data?.isPlain !== true) return undefined;
		if (data.length !== entries * (bits > 8 ? 2 : 1) + (bits > 8 ? 0 : entries % 2)) {
			return undefined;
		}
		const table = new DataSet();
		keep(table, 'LUTDescriptor', descriptor);
		keep(table, 'LUTData', data.bytes);
		const type = item.text('ModalityLUTType');
		if (type === 'HU' || type === 'US' || type === 'OD') table.set('ModalityLUTType', type);
		if (!table.has('LUTDescriptor')) return undefined;
		tables.push(table);
	}
	return tables.length > 0 ? tables : undefined;
}

/** Takes the pixel data over; a sentence when they are not what the attributes describe. */
function takePixels(donor: DataSet, object: DataSet, transferSyntax: string): string | undefined {
	if ((object.number('NumberOfFrames') ?? 1) !== 1) {
		return 'The image has several frames; only single images can be taken.';
	}
	const number = (keyword: string): number => donor.number(keyword) ?? 0;
	const samples = number('SamplesPerPixel');
	const allocated = number('BitsAllocated');
	const pixels = number('Rows') * number('Columns');
	const known =
		pixels > 0 &&
		[1, 3].includes(samples) &&
		[8, 16].includes(allocated) &&
		donor.has('BitsStored');
	if (!known || !donor.has('PhotometricInterpretation')) {
		return 'The attributes that describe the pixels are missing, or of a kind that cannot be taken.';
	}
	const element = object.element(PIXEL_DATA);
	if (!element) return 'The file has no pixel data.';
	if (!STILL_SYNTAXES.includes(transferSyntax)) {
		return `The transfer syntax ${transferSyntax} is none of those for single images.`;
	}
	if (NATIVE_SYNTAXES.includes(transferSyntax) === (element.fragments !== undefined)) {
		return 'The pixel data are not written as the transfer syntax says.';
	}
	if (element.fragments) {
		const frames = framesOf(object, transferSyntax);
		if (!frames.ok) return `The pixel data are broken: ${frames.message}.`;
		// One frame needs no offset table (PS3.5 A.4).
		donor.setFragments(PIXEL_DATA, [new Uint8Array(0), ...(frames.frames[0] ?? [])]);
		return undefined;
	}
	const sizeBytes = (pixels * samples * allocated) / 8;
	if (!element.isPlain || element.length !== sizeBytes + (sizeBytes % 2)) {
		return `The pixel data have ${element.length} bytes, where rows, columns and bits ask for ${sizeBytes}.`;
	}
	// What a file may have hidden in the pad byte goes with it.
	const exact = element.bytes.subarray(0, sizeBytes);
	donor.set(PIXEL_DATA, exact, element.vr === 'OB' && allocated === 8 ? 'OB' : 'OW');
	return undefined;
}
