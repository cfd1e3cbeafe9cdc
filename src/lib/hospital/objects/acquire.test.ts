import { expect, test } from 'vitest';
import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { encodeDataSet, joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { syntheticAcquisition } from '../../../../tests/support/synthetic-acquisition.ts';
import { phantom as ctHead } from '../phantoms/ct-head.ts';
import { phantom as dxChest } from '../phantoms/dx-chest.ts';
import { acquire } from './acquire.ts';
import type { AcquiredSeries } from './acquisition-context.ts';
import { acquireCtSeries } from './ct-image.ts';

const encode = (dataSet: DataSet): Uint8Array[] =>
	encodeDataSet(dataSet, { transferSyntax: UID.LittleEndianExplicit });

const bytesOf = ({ instances }: AcquiredSeries): Uint8Array[] =>
	instances.map(({ dataSet }) => joinBytes(encode(dataSet)));

const texts = ({ instances }: AcquiredSeries, keyword: string): (string | undefined)[] =>
	instances.map(({ dataSet }) => dataSet.text(keyword));

const first = ({ instances }: AcquiredSeries): DataSet => {
	const [instance] = instances;
	if (!instance) throw new Error('nothing was acquired');
	return instance.dataSet;
};

test.each(['CT', 'DX'] as const)('%s: the same seed gives the same bytes', (modality) => {
	const once = bytesOf(acquire(modality, syntheticAcquisition('a')));
	expect(bytesOf(acquire(modality, syntheticAcquisition('a')))).toEqual(once);
	expect(bytesOf(acquire(modality, syntheticAcquisition('b')))).not.toEqual(once);
});

test.each([
	['CT', ctHead],
	['DX', dxChest],
] as const)('%s: every object sends the one buffer of the phantom', (modality, phantom) => {
	for (const seed of ['a', 'b']) {
		const { instances } = acquire(modality, syntheticAcquisition(seed, { variant: 2 }));
		expect(instances.length).toBeGreaterThan(0);
		instances.forEach(({ dataSet }, index) => {
			// The slice of the phantom that the middle of this image goes through.
			const slice = Math.floor(((index + 0.5) * phantom.slices) / instances.length);
			const pixels = phantom.render(2, slice);
			const piece = encode(dataSet).find(({ length }) => length === pixels.length);
			expect(dataSet.bytes('PixelData')).toBe(pixels);
			expect(piece?.buffer).toBe(pixels.buffer);
		});
	}
});

test.each(['CT', 'DX'] as const)(
	'%s: identifiers come from the order and the patient',
	(modality) => {
		const ctx = syntheticAcquisition('ids');
		const series = acquire(modality, ctx);
		for (const { dataSet, sopInstanceUid } of series.instances) {
			expect(dataSet.text('PatientID')).toBe(ctx.patient.id);
			expect(dataSet.text('PatientName')).toBe(ctx.patient.name);
			expect(dataSet.text('AccessionNumber')).toBe('A2603090001');
			expect(dataSet.text('StudyInstanceUID')).toBe(ctx.order.studyInstanceUid);
			expect(dataSet.text('SeriesInstanceUID')).toBe(series.seriesInstanceUid);
			expect(dataSet.text('SOPInstanceUID')).toBe(sopInstanceUid);
			expect(dataSet.text('SOPClassUID')).toBe(series.sopClassUid);
			expect(dataSet.text('StudyTime')).toBe('074012');
			const [request] = dataSet.items('RequestAttributesSequence');
			expect(request?.text('ScheduledProcedureStepID')).toBe('SPS2603090001');
			const [step] = dataSet.items('ReferencedPerformedProcedureStepSequence');
			expect(step?.text('ReferencedSOPInstanceUID')).toBe(
				ctx.performedProcedureStep?.sopInstanceUid,
			);
		}
		const uids = [series.seriesInstanceUid, ...series.instances.map((one) => one.sopInstanceUid)];
		expect(new Set(uids).size).toBe(series.instances.length + 1);
	},
);

test('a CT lies in space as its slices do', () => {
	const series = acquireCtSeries(syntheticAcquisition('geometry'), { slices: 16 });
	expect(texts(series, 'InstanceNumber')).toEqual(Array.from({ length: 16 }, (_, i) => `${i + 1}`));
	expect(texts(series, 'ImagePositionPatient').slice(0, 2)).toEqual([
		'-119.0625\\-119.0625\\-60',
		'-119.0625\\-119.0625\\-52',
	]);
	expect(new Set(texts(series, 'SliceThickness'))).toEqual(new Set(['8']));
	expect(new Set(texts(series, 'FrameOfReferenceUID')).size).toBe(1);
	expect(texts(series, 'AcquisitionTime').slice(0, 3)).toEqual(['074012', '074012', '074013']);
});

test.each([1, 5, 64, 333])('a CT of %i slices covers the same head', (slices) => {
	const { instances } = acquireCtSeries(syntheticAcquisition('thin'), { slices });
	const heights = instances.map(({ dataSet }) => dataSet.numbers('ImagePositionPatient')[2] ?? NaN);
	const thickness = instances[0]?.dataSet.number('SliceThickness') ?? NaN;
	expect(instances.length).toBe(slices);
	expect(thickness).toBeCloseTo(128 / slices, 3);
	expect((heights.at(-1) ?? NaN) - (heights[0] ?? NaN) + thickness).toBeCloseTo(128, 1);
	for (const text of texts({ instances } as unknown as AcquiredSeries, 'ImagePositionPatient')) {
		for (const value of (text ?? '').split('\\')) expect(value.length).toBeLessThanOrEqual(16);
	}
});

test.each([0, -1, 1.5, 2_001])('a CT of %d slices does not exist', (slices) => {
	expect(() => acquireCtSeries(syntheticAcquisition('x'), { slices })).toThrow(RangeError);
});

test('a device writes a question mark for what its character set does not have', () => {
	const patient = { ...syntheticAcquisition('x').patient, name: 'Larch^Zoë 林' };
	const name = (specificCharacterSet: string): string | undefined =>
		first(acquire('DX', syntheticAcquisition('x', { patient, specificCharacterSet }))).text(
			'PatientName',
		);
	expect(name('ISO_IR 192')).toBe('Larch^Zoë 林');
	expect(name('ISO_IR 100')).toBe('Larch^Zoë ?');
	expect(name('')).toBe('Larch^Zo? ?');
	expect(name('\\ISO 2022 IR 87')).toBe('Larch^Zo? 林');
});

test('without a performed procedure step or a procedure code there are no such attributes', () => {
	const { performedProcedureStep: _step, ...ctx } = syntheticAcquisition('bare');
	const { procedureCode: _code, ...order } = ctx.order;
	const dataSet = first(acquire('DX', { ...ctx, order, specificCharacterSet: '' }));
	for (const keyword of [
		'PerformedProcedureStepID',
		'ReferencedPerformedProcedureStepSequence',
		'ProcedureCodeSequence',
		'SpecificCharacterSet',
	]) {
		expect(dataSet.has(keyword)).toBe(false);
	}
});
