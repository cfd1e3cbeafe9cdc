import { acquireCtSeries } from '#lib/hospital/objects/ct-image.ts';
import { acquireDxSeries } from '#lib/hospital/objects/dx-image.ts';
import type { AcquisitionEquipment } from '#lib/hospital/objects/acquisition-context.ts';
import { PRODUCTS } from '#lib/hospital/products.ts';
import { Random } from '#lib/kernel/random.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { DataSetError } from '#lib/protocol/dicom/dataset/data-set-error.ts';
import { entryOf, tagOf } from '#lib/protocol/dicom/dataset/dictionary.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { readPart10, writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { z } from 'zod';
import { drawCase, LOCAL_SCHEME, type CaseModality, type ClinicalCase } from '../clinical-case.ts';
import type { ExhibitProblem } from '../define-exhibit.ts';

const keyword = z
	.string()
	.regex(/^[A-Z][A-Za-z0-9]*$/, 'write a keyword of the data dictionary, such as PatientID');
const plain = z.union([z.string(), z.number()]);

/** The parameters of the kinds that show a data set. */
export const objectParameters = z.strictObject({
	object: z.enum(['ct', 'dx']),
	tags: z.array(keyword).min(1).max(80).optional(),
	set: z.record(keyword, z.union([plain, z.array(plain).max(16)])).optional(),
	remove: z.array(keyword).max(40).optional(),
});

export type ObjectParameters = z.infer<typeof objectParameters>;

/** An image as a file holds it. */
export interface MadeObject {
	fileMeta: DataSet;
	dataSet: DataSet;
	/** Tags to be shown, ascending; undefined: all. */
	shown: readonly number[] | undefined;
}

const EQUIPMENT: Record<CaseModality, readonly Omit<AcquisitionEquipment, 'aeTitle'>[]> = {
	CT: [
		{
			manufacturer: 'Calyx Imaging',
			modelName: 'Calyx 64',
			serialNumber: 'CX64-1107',
			stationName: 'CTROOM1',
			institutionName: 'Larkfield Community Hospital',
			softwareVersions: 'VB30A',
		},
		{
			manufacturer: 'Calyx Imaging',
			modelName: 'Calyx 128',
			serialNumber: 'CX128-0342',
			stationName: 'CTROOM2',
			institutionName: 'Larkfield Community Hospital',
			softwareVersions: 'VB30A',
		},
	],
	DX: [
		{
			manufacturer: 'Fathom Radiography',
			modelName: 'Fathom DRX',
			serialNumber: 'FD-20931',
			stationName: 'DRROOM1',
			institutionName: 'Larkfield Community Hospital',
			softwareVersions: '4.1',
		},
	],
};

/** Of 8 mm each, which is usual for a head. */
const SLICES = 16;

/** What a modality knows when it makes images of a case. */
function contextOf(known: ClinicalCase, random: Random) {
	const { patient, procedure, nowUs } = known;
	return {
		patient,
		order: {
			accessionNumber: known.accession,
			placerOrderNumber: known.placer,
			requestedProcedureId: known.requestedProcedure,
			requestedProcedureDescription: procedure.text,
			scheduledProcedureStepId: known.scheduledStep,
			studyInstanceUid: known.studyUid,
			referringPhysician: `${known.attending[1]}^${known.attending[2]}`,
			procedureCode: { value: procedure.code, scheme: LOCAL_SCHEME, meaning: procedure.text },
		},
		equipment: {
			...random.pick(EQUIPMENT[procedure.modality]),
			aeTitle: known.stationAeTitle,
		},
		startUs: nowUs,
		operator: 'Technologist^Synthetic',
		random,
		// UTF-8, because the pages show text as UTF-8.
		specificCharacterSet: 'ISO_IR 192',
		// One finding for all: the pictures are drawn once, and only their first pixels are shown.
		variant: 0,
	};
}

/** The images of a case: one radiograph, or `slices` slices of a head. */
export function acquireImages(known: ClinicalCase, random: Random, slices: number): DataSet[] {
	const context = contextOf(known, random);
	const series =
		known.procedure.modality === 'CT'
			? acquireCtSeries(context, { slices })
			: acquireDxSeries(context);
	return series.instances.map(({ dataSet }) => dataSet);
}

/** A real acquired image with the author's changes; a problem where a keyword or value does not fit. */
export function makeObject(
	parameters: ObjectParameters,
	seed: string,
): MadeObject | ExhibitProblem {
	const known = drawCase(seed, parameters.object === 'ct' ? 'CT' : 'DX');
	const random = new Random(seed, 'object');
	const images = acquireImages(known, random, SLICES);
	const dataSet = random.pick(images);
	try {
		for (const key of parameters.remove ?? []) dataSet.delete(ownTag(key));
		for (const [key, value] of Object.entries(parameters.set ?? {})) {
			dataSet.set(ownTag(key), value);
		}
		const fileMeta = fileMetaOf(dataSet);
		const shown = parameters.tags?.map(tagOf).sort((a, b) => a - b);
		const missing = parameters.tags?.find(
			(key) => !dataSet.has(key) && !fileMeta.has(key) && !parameters.remove?.includes(key),
		);
		if (missing !== undefined) {
			return { problem: `the image has no ${missing}: give it a value in "set", or leave it out` };
		}
		return { fileMeta, dataSet, shown };
	} catch (error) {
		if (error instanceof DataSetError) return { problem: error.message };
		throw error;
	}
}

/** The tag of something that an author may change: of the data set, and no sequence. */
function ownTag(key: string): number {
	const tag = tagOf(key);
	if (tag >>> 16 < 8 || key === 'SpecificCharacterSet') {
		throw new DataSetError(
			'bad-value',
			`${key} decides how the rest is written and cannot be changed`,
		);
	}
	if (entryOf(tag)?.vr === 'SQ') {
		throw new DataSetError('bad-value', `${key} is a sequence and cannot be changed`);
	}
	return tag;
}

/** The File Meta Information that a file of this object has, as read back from a file without its pixels. */
function fileMetaOf(dataSet: DataSet): DataSet {
	const identity = DataSet.from({
		SOPClassUID: dataSet.text('SOPClassUID') ?? '',
		SOPInstanceUID: dataSet.text('SOPInstanceUID') ?? '',
	});
	const pieces = writePart10(identity, {
		transferSyntax: UID.LittleEndianExplicit,
		implementationClassUid: PRODUCTS.archive.classUid,
		implementationVersionName: PRODUCTS.archive.versionName,
	});
	const read = readPart10(joinBytes(pieces));
	if (!read.ok) throw new DataSetError('bad-value', read.error.message);
	return read.fileMeta;
}
