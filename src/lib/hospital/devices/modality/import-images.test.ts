import { minutes } from '#lib/kernel/time.ts';
import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { readDicomdir } from '#lib/protocol/dicom/dataset/read-dicomdir.ts';
import { readPart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { compressRle } from '#lib/protocol/dicom/dataset/rle-pixel-data.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { expect, test } from 'vitest';
import { quietWorld, run } from '../../../../../tests/simulation/community-world.ts';
import {
	asPart10,
	IDENTITY,
	identifiedImage,
} from '../../../../../tests/support/identified-image.ts';
import { placeOrder } from '../../../../../tests/support/place-order.ts';
import type { FieldValue } from '../../console-view.ts';
import type { OperationResult } from '../../define-device.ts';
import type { World } from '../../world.ts';
import type { Archive } from '../archive/archive.ts';
import { instancesOf } from '../archive/study-store.ts';
import { stepItems } from '../ris/performed-steps.ts';
import type { Ris } from '../ris/ris.ts';
import type { Modality } from './modality.ts';

const HOME = '/home/you';
const ct1 = (world: World): Modality => world.device('ct1') as Modality;
const archive = (world: World): Archive => world.device('pacs') as Archive;
const ris = (world: World): Ris => world.device('ris') as Ris;
const desk = (world: World): Map<string, Uint8Array> => world.system(world.spec.desk).files;

function operate(
	world: World,
	device: string,
	id: string,
	row?: string,
	fields: Record<string, FieldValue> = {},
): OperationResult {
	const target = world.device(device);
	const operation = world.operation(target, id);
	if (!operation) throw new Error(`no operation ${id}`);
	return run(world, world.operate(target, operation, { row, fields }));
}

const importAt = (world: World, source = '~/upload', row = 'A1'): OperationResult =>
	operate(world, 'ct1', 'import-images', row, { source });

/** A world with one order at CT 1 that its worklist shows, and these files in the upload folder. */
function prepared(images: DataSet[], transferSyntax?: string): World {
	const world = quietWorld();
	placeOrder(world, 'ct1', 30);
	run(world, ct1(world).refreshWorklist());
	images.forEach((image, i) =>
		desk(world).set(`${HOME}/upload/image-${i}.dcm`, asPart10(image, transferSyntax)),
	);
	return world;
}

function slice(number: number): DataSet {
	return identifiedImage()
		.set('InstanceNumber', number)
		.set('ImagePositionPatient', [0, 0, number * 5]);
}

function storedImages(world: World): DataSet[] {
	const [study] = archive(world).store.studies.values();
	return study ? instancesOf(study).map(({ dataSet }) => dataSet) : [];
}

test('images from the desk go out as the study of a worklist entry, reported and complete', () => {
	const world = prepared([slice(3), slice(1), slice(2)]);
	const [order] = world.records.orders;
	if (!order) throw new Error('no order');
	const result = importAt(world);
	expect(result.text).toBe(
		`3 images imported as ${order.procedure.description} of ${order.patient.name}; the study is in the send queue.`,
	);
	world.kernel.runUntil(world.kernel.nowUs + minutes(3));
	const images = storedImages(world);
	expect(images.map((image) => image.text('InstanceNumber'))).toEqual(['1', '2', '3']);
	expect(images.map((image) => image.numbers('ImagePositionPatient')[2])).toEqual([5, 10, 15]);
	const originals = [slice(1), slice(2), slice(3)];
	for (const [i, image] of images.entries()) {
		expect(image.text('PatientID')).toBe(order.patient.id);
		expect(image.text('AccessionNumber')).toBe('A1');
		expect(image.text('StudyInstanceUID')).toBe(order.studyInstanceUid);
		expect(image.text('StationName')).toBe(ct1(world).config.stationName);
		expect(image.bytes('PixelData')).toEqual(originals[i]?.bytes('PixelData'));
		expect(Buffer.from(asPart10(image)).includes(IDENTITY.name)).toBe(false);
	}
	const uids = (keyword: string) => new Set(images.map((image) => image.text(keyword)));
	expect(uids('SOPInstanceUID').size).toBe(3);
	expect(uids('SeriesInstanceUID').size).toBe(1);
	expect(uids('FrameOfReferenceUID').size).toBe(1);
	expect([...uids('FrameOfReferenceUID')][0]).toMatch(/^2\.25\./);
	expect(uids('FrameOfReferenceUID')).not.toContain(slice(1).text('FrameOfReferenceUID'));
	expect(order).toMatchObject({ status: 'acquired', instances: [...uids('SOPInstanceUID')] });
	expect(order.archivedUs).toBeDefined();
	const [step] = ris(world).performedSteps.all();
	if (!step) throw new Error('no step');
	const [series] = stepItems(step, 'PerformedSeriesSequence');
	expect(step.status).toBe('COMPLETED');
	expect(
		series?.items('ReferencedImageSequence').map((one) => one.text('ReferencedSOPInstanceUID')),
	).toEqual(order.instances);
	expect(ris(world).steps.get('A1')?.status).toBe('completed');
});

test('nobody is examined once more for an entry that images were taken for', () => {
	const world = prepared([slice(1)]);
	const [order] = world.records.orders;
	if (!order) throw new Error('no order');
	importAt(world);
	world.kernel.runUntil(world.kernel.nowUs + minutes(3));
	// The screen may still show the entry, or not any more.
	expect(ct1(world).worklist).toHaveLength(1);
	run(world, ct1(world).examine(order));
	ct1(world).worklist = [];
	run(world, ct1(world).examine(order));
	expect(order.instances).toHaveLength(1);
	expect(ris(world).performedSteps.all()).toHaveLength(1);
});

test('images of a patient without an order are an unscheduled study', () => {
	const world = prepared([slice(1)]);
	operate(world, 'ct1', 'import-unscheduled', undefined, { source: 'upload/image-0.dcm' });
	world.kernel.runUntil(world.kernel.nowUs + minutes(3));
	const [image] = storedImages(world);
	expect(image?.text('AccessionNumber')).toBe('');
	expect(image?.has('RequestAttributesSequence')).toBe(false);
	expect(world.records.orders[0]?.status).toBe('scheduled');
	const [uid] = archive(world).store.studies.keys();
	expect(operate(world, 'pacs', 'export-study', uid).text).toBe(
		`1 object and a DICOMDIR written to ${HOME}/export/${uid} on your desk.`,
	);
	const directory = readDicomdir(
		desk(world).get(`${HOME}/export/${uid}/DICOMDIR`) ?? new Uint8Array(),
	);
	expect(directory.ok && directory.roots[0]?.children[0]?.record.text('StudyID')).toBe('1');
	expect(ris(world).steps.get('A1')?.status).toBe('scheduled');
});

test('compressed images are proposed and kept in their transfer syntax', () => {
	const compressed = compressRle(slice(1));
	if (!compressed.ok) throw new Error(compressed.message);
	const image = compressed.dataSet;
	const world = prepared([image], UID.RLELossless);
	importAt(world);
	world.kernel.runUntil(world.kernel.nowUs + minutes(3));
	const [study] = archive(world).store.studies.values();
	const [stored] = study ? instancesOf(study) : [];
	expect(stored?.transferSyntax).toBe(UID.RLELossless);
	expect(stored?.dataSet.element('PixelData')?.fragments?.slice(1)).toEqual(
		image.element('PixelData')?.fragments?.slice(1),
	);
});

test.each([
	['nothing there', '~/nowhere', () => [slice(1)], /no DICOM images at ~\/nowhere/],
	[
		'another modality',
		'~/upload',
		() => [identifiedImage('DX')],
		/is a DX image; this device takes CT/,
	],
	['no file of DICOM', '~/notes.txt', () => [slice(1)], /is no DICOM file/],
	[
		'burned-in data',
		'~/upload',
		() => [slice(1).set('BurnedInAnnotation', 'YES')],
		/Burned In Annotation is YES/,
	],
] as const)('%s is refused and nothing happens', (_, source, images, reason) => {
	const world = prepared(images());
	desk(world).set(`${HOME}/notes.txt`, new TextEncoder().encode('bring milk'));
	const before = world.kernel.nowUs;
	expect(importAt(world, source)).toMatchObject({
		refused: true,
		text: expect.stringMatching(reason),
	});
	expect(importAt(world, '~/upload', 'A99').refused).toBe(true);
	expect(world.kernel.nowUs).toBe(before);
	expect(ct1(world).queue).toEqual([]);
	expect(ris(world).performedSteps.all()).toEqual([]);
});

test('the room for imported images ends', () => {
	const world = prepared([slice(1)]);
	ct1(world).importedBytes = 60e6;
	expect(importAt(world)).toMatchObject({ refused: true, text: expect.stringMatching(/used up/) });
});

test('a study is exported as a file-set that leads to its objects, and can be imported again', () => {
	const world = prepared([slice(1), slice(2)]);
	const [order] = world.records.orders;
	if (!order) throw new Error('no order');
	importAt(world);
	world.kernel.runUntil(world.kernel.nowUs + minutes(3));
	const result = operate(world, 'pacs', 'export-study', order.studyInstanceUid);
	expect(result.text).toBe('2 objects and a DICOMDIR written to /home/you/export/A1 on your desk.');
	const files = desk(world);
	const directory = readDicomdir(files.get(`${HOME}/export/A1/DICOMDIR`) ?? new Uint8Array(), {
		strict: true,
	});
	if (!directory.ok) throw new Error(directory.error.message);
	expect(directory.remarks).toEqual([]);
	const images = directory.roots[0]?.children[0]?.children[0]?.children ?? [];
	const read = images.map(({ fileId = [] }) =>
		readPart10(files.get(`${HOME}/export/A1/${fileId.join('/')}`) ?? new Uint8Array(), {
			strict: true,
		}),
	);
	expect(read.map((one) => one.ok && one.dataSet.text('SOPInstanceUID'))).toEqual(order.instances);
	placeOrder(world, 'ct1', 60);
	run(world, ct1(world).refreshWorklist());
	expect(importAt(world, '~/export/A1', 'A2').text).toMatch(/^2 images imported/);
	world.kernel.runUntil(world.kernel.nowUs + minutes(3));
	expect(world.records.byAccession('A2')?.archivedUs).toBeDefined();
});

test('the same seed and steps give the same bytes', () => {
	const play = (): string => {
		const world = prepared([slice(1), slice(2)]);
		importAt(world);
		world.kernel.runUntil(world.kernel.nowUs + minutes(3));
		operate(world, 'pacs', 'export-study', world.records.orders[0]?.studyInstanceUid);
		const hex = [...desk(world)].map(([path, bytes]) => path + Buffer.from(bytes).toString('hex'));
		return world.kernel.trace.digest() + hex.join();
	};
	expect(play()).toBe(play());
});
