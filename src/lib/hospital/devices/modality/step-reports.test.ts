import { minutes, seconds } from '#lib/kernel/time.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { expect, test } from 'vitest';
import { quietWorld, run } from '../../../../../tests/simulation/community-world.ts';
import { placeOrder } from '../../../../../tests/support/place-order.ts';
import type { FieldValue } from '../../console-view.ts';
import type { World } from '../../world.ts';
import type { Archive } from '../archive/archive.ts';
import { stepItems, stepText, type PerformedStep } from '../ris/performed-steps.ts';
import type { Ris, StepStatus } from '../ris/ris.ts';
import { reasonOf } from '../ris/step-link.ts';
import type { Modality } from './modality.ts';

const ct1 = (world: World): Modality => world.device('ct1') as Modality;
const ris = (world: World): Ris => world.device('ris') as Ris;
const statusOf = (world: World, accession: string): StepStatus | undefined =>
	ris(world).steps.get(accession)?.status;
const stepOf = (world: World): PerformedStep => {
	const [step] = ris(world).performedSteps.all();
	if (!step) throw new Error('no performed step');
	return step;
};
const wait = (world: World, amount: number): void =>
	void world.kernel.runUntil(world.kernel.nowUs + minutes(amount));

function operate(
	world: World,
	device: string,
	id: string,
	row?: string,
	fields: Record<string, FieldValue> = {},
): string {
	const target = world.device(device);
	const operation = world.operation(target, id);
	if (!operation) throw new Error(`no operation ${id}`);
	return run(world, world.operate(target, operation, { row, fields })).text;
}

/** Starts an examination and lets it go on for so long. */
function examine(world: World, forMinutes: number): void {
	const order = world.records.orders[0] ?? placeOrder(world, 'ct1', 0);
	world.kernel.spawn('room', ct1(world).examine(order));
	wait(world, forMinutes);
}

test('an order is scheduled, in progress, completed: RIS, worklist, images and step agree', () => {
	const world = quietWorld();
	const order = placeOrder(world, 'ct1', 0);
	expect(statusOf(world, 'A1')).toBe('scheduled');
	examine(world, 2);
	expect(statusOf(world, 'A1')).toBe('in progress');
	expect(order.status).toBe('scheduled');
	const step = stepOf(world);
	expect(step).toMatchObject({ status: 'IN PROGRESS', callingAeTitle: 'CT1' });
	expect(run(world, ct1(world).refreshWorklist())).toMatchObject({ ok: true, entries: [] });
	wait(world, 6);
	expect(statusOf(world, 'A1')).toBe('completed');
	expect(step.status).toBe('COMPLETED');
	const [scheduled] = stepItems(step, 'ScheduledStepAttributesSequence');
	expect(scheduled?.text('AccessionNumber')).toBe('A1');
	expect(scheduled?.text('ScheduledProcedureStepID')).toBe('SPS1');
	expect(scheduled?.text('StudyInstanceUID')).toBe(order.studyInstanceUid);
	expect(scheduled?.text('PlacerOrderNumberImagingServiceRequest')).toBe('P1');
	expect(stepText(step, 'PatientID')).toBe(order.patient.id);
	expect(stepText(step, 'PatientName')).toBe(order.patient.name);
	const [series] = stepItems(step, 'PerformedSeriesSequence');
	expect(
		series?.items('ReferencedImageSequence').map((i) => i.text('ReferencedSOPInstanceUID')),
	).toEqual(order.instances);
	expect(series?.text('ProtocolName')).toBe('Head routine');
	const archive = world.device('pacs') as Archive;
	for (const uid of order.instances) {
		const image = archive.store.instance(uid)?.dataSet;
		const [reference] = image?.items('ReferencedPerformedProcedureStepSequence') ?? [];
		expect(reference?.text('ReferencedSOPClassUID')).toBe(
			UID.ModalityPerformedProcedureStepSOPClass,
		);
		expect(reference?.text('ReferencedSOPInstanceUID')).toBe(step.sopInstanceUid);
		for (const keyword of [
			'PerformedProcedureStepID',
			'PerformedProcedureStepStartDate',
			'PerformedProcedureStepStartTime',
			'PatientID',
			'StudyID',
		]) {
			expect(image?.text(keyword), keyword).toBe(stepText(step, keyword));
		}
		expect(image?.text('SeriesInstanceUID')).toBe(series?.text('SeriesInstanceUID'));
		expect(image?.text('IssuerOfPatientID')).toBe('LARKFIELD');
		expect(image?.text('ReferringPhysicianName')).toBe(order.details.referringPhysician);
	}
	expect(ct1(world).stepReports.reports).toMatchObject([
		{ status: 'COMPLETED', state: 'reported', messages: [] },
	]);
});

test('a radiograph tells its exposures', () => {
	const world = quietWorld();
	const procedure = world.spec.procedures.find(({ id }) => id === 'dx-chest')!;
	const order = placeOrder(world, 'dr1', 0, { procedure });
	run(world, (world.device('dr1') as Modality).examine(order));
	wait(world, 1);
	const step = stepOf(world);
	expect(stepText(step, 'TotalNumberOfExposures')).toBe('1');
	const [exposure] = stepItems(step, 'ExposureDoseSequence');
	expect(exposure?.text('KVP')).toBe('125');
	expect(exposure?.number('XRayTubeCurrentInuA')).toBe(320_000);
});

test('when a step leaves the worklist is a setting of the RIS', () => {
	const onList = (leaves: string, afterMinutes: number): string[] => {
		const world = quietWorld();
		expect(world.configure(ris(world), 'leaves-worklist', leaves)).toBeUndefined();
		placeOrder(world, 'ct1', 0);
		examine(world, afterMinutes);
		run(world, ct1(world).refreshWorklist());
		return ct1(world).worklist.map((entry) => entry.accessionNumber);
	};
	expect(onList('started', 2)).toEqual([]);
	expect(onList('completed', 2)).toEqual(['A1']);
	expect(onList('completed', 8)).toEqual([]);
	expect(onList('by-hand', 8)).toEqual(['A1']);
});

test('a RIS that is down delays nothing: the study goes, the step is told when it is back', () => {
	const world = quietWorld();
	const order = placeOrder(world, 'ct1', 0);
	run(world, ct1(world).refreshWorklist());
	ris(world).stop();
	run(world, ct1(world).examine(order));
	wait(world, 1);
	expect(order.archivedUs).toBeDefined();
	wait(world, 10);
	const [report] = ct1(world).stepReports.reports;
	expect(report).toMatchObject({
		status: 'COMPLETED',
		state: 'failed',
		attempts: 3,
		lastError: 'connection refused',
	});
	expect(report?.messages.map(({ service }) => service)).toEqual(['N-CREATE', 'N-SET']);
	const view = world.console(ct1(world));
	expect(view.status.find(({ label }) => label === 'Performed steps')).toMatchObject({
		value: '1 not reported',
		tone: 'bad',
	});
	ris(world).start();
	wait(world, 10);
	expect(statusOf(world, 'A1')).toBe('scheduled');
	expect(operate(world, 'ct1', 'report-step-again', 'nothing')).toContain('Only a step');
	operate(world, 'ct1', 'report-step-again', report?.id);
	wait(world, 1);
	expect(statusOf(world, 'A1')).toBe('completed');
	expect(report).toMatchObject({ state: 'reported', lastError: '' });
});

test('a RIS that comes back in time is told by the retry', () => {
	const world = quietWorld();
	const order = placeOrder(world, 'ct1', 0);
	run(world, ct1(world).refreshWorklist());
	ris(world).stop();
	world.kernel.spawn('room', ct1(world).examine(order));
	wait(world, 1.5);
	ris(world).start();
	wait(world, 1);
	expect(statusOf(world, 'A1')).toBe('in progress');
	expect(ct1(world).stepReports.reports).toMatchObject([{ state: 'reported', lastError: '' }]);
});

test('a first N-CREATE whose answer was lost: 0111 counts as created, and the N-SET follows', () => {
	const world = quietWorld();
	const order = placeOrder(world, 'ct1', 0);
	run(world, ct1(world).refreshWorklist());
	ris(world).stop();
	world.kernel.spawn('room', ct1(world).examine(order));
	world.kernel.runUntil(world.kernel.nowUs + 1);
	const [report] = ct1(world).stepReports.reports;
	const [message] = report?.messages ?? [];
	if (!report || !message) throw new Error('nothing to report');
	const sender = { callingAeTitle: 'CT1', nowUs: 0 };
	ris(world).performedSteps.create(report.sopInstanceUid, message.list, sender);
	ris(world).start();
	wait(world, 10);
	expect(ris(world).logFile.lines.join('\n')).toContain('N-CREATE from CT1 refused: 0111');
	expect(report).toMatchObject({ state: 'reported', status: 'COMPLETED' });
	expect(statusOf(world, 'A1')).toBe('completed');
	expect(ris(world).performedSteps.all()).toHaveLength(1);
});

test('a step that somebody has ended already cannot be ended again: 0110 with its comment', () => {
	const world = quietWorld();
	examine(world, 2);
	stepOf(world).status = 'DISCONTINUED';
	wait(world, 8);
	expect(ct1(world).stepReports.reports).toMatchObject([
		{
			state: 'failed',
			attempts: 1,
			lastError:
				'N-SET failed, status 0110 (Performed Procedure Step Object may no longer be updated)',
		},
	]);
});

test('a RIS without MPPS: the context is not accepted, images go on', () => {
	const world = quietWorld();
	world.configure(ris(world), 'accept-performed-steps', false);
	const order = placeOrder(world, 'ct1', 0);
	run(world, ct1(world).examine(order));
	wait(world, 1);
	expect(order.archivedUs).toBeDefined();
	expect(ct1(world).stepReports.reports).toMatchObject([
		{ state: 'failed', lastError: 'performed step service not accepted' },
	]);
	expect(statusOf(world, 'A1')).toBe('scheduled');
	expect(operate(world, 'ris', 'complete-order', 'A1')).toBe('Order A1 is completed.');
	expect(operate(world, 'ris', 'complete-order', 'A1')).toContain('cannot be completed');
	run(world, ct1(world).refreshWorklist());
	expect(ct1(world).worklist).toEqual([]);
});

test('discontinued: with its reason, a series without images, and no study', () => {
	const world = quietWorld();
	const order = placeOrder(world, 'ct1', 0);
	expect(operate(world, 'ct1', 'discontinue', undefined, { reason: '110505' })).toContain(
		'No exam',
	);
	examine(world, 2);
	operate(world, 'ct1', 'discontinue', undefined, { reason: '110505' });
	wait(world, 1);
	expect(order).toMatchObject({ status: 'discontinued', instances: [] });
	expect(statusOf(world, 'A1')).toBe('discontinued');
	const step = stepOf(world);
	expect(step.status).toBe('DISCONTINUED');
	expect(reasonOf(step)).toEqual({
		value: '110505',
		meaning: 'Patient refused to continue procedure',
	});
	const [series] = stepItems(step, 'PerformedSeriesSequence');
	expect(series?.items('ReferencedImageSequence')).toEqual([]);
	expect(ct1(world).queue).toEqual([]);
});

test('discontinued as the wrong entry: the order is scheduled again', () => {
	const world = quietWorld();
	const order = placeOrder(world, 'ct1', 0);
	examine(world, 2);
	operate(world, 'ct1', 'discontinue', undefined, { reason: '110514' });
	wait(world, 1);
	expect(order.status).toBe('scheduled');
	expect(statusOf(world, 'A1')).toBe('scheduled');
	run(world, ct1(world).refreshWorklist());
	expect(ct1(world).worklist).toHaveLength(1);
	run(world, ct1(world).examine(order));
	wait(world, 1);
	expect(statusOf(world, 'A1')).toBe('completed');
	expect(
		ris(world)
			.performedSteps.all()
			.map(({ status }) => status),
	).toEqual(['DISCONTINUED', 'COMPLETED']);
});

test('an emergency patient without an order: an unscheduled step, empty accession', () => {
	const world = quietWorld();
	expect(operate(world, 'ct1', 'examine-unscheduled')).toContain('is being examined');
	expect(operate(world, 'ct1', 'examine-unscheduled')).toBe('The room is not free.');
	wait(world, 8);
	const step = stepOf(world);
	expect(step.status).toBe('COMPLETED');
	const [scheduled] = stepItems(step, 'ScheduledStepAttributesSequence');
	expect(scheduled?.text('AccessionNumber')).toBe('');
	expect(scheduled?.text('ScheduledProcedureStepID')).toBe('');
	const [order] = world.records.orders;
	expect(order).toMatchObject({ accessionNumber: '', status: 'acquired' });
	expect(order?.archivedUs).toBeDefined();
	const row = world.console(ris(world)).tables.find(({ id }) => id === 'performed-steps')?.rows[0];
	expect(row?.cells).toMatchObject({ order: 'unscheduled', status: 'COMPLETED', images: '10' });
	const uid = order?.instances[0] ?? '';
	const image = (world.device('pacs') as Archive).store.instance(uid)?.dataSet;
	expect(image?.has('RequestAttributesSequence')).toBe(false);
});

test('a scanner stopped in the middle goes on reporting after its start', () => {
	const world = quietWorld();
	const order = placeOrder(world, 'ct1', 0);
	world.kernel.spawn('room', ct1(world).examine(order));
	while (ct1(world).stepReports.reports[0]?.state !== 'sending') {
		world.kernel.runUntil(world.kernel.nowUs + 200);
		if (world.kernel.nowUs > minutes(3)) throw new Error('never sending');
	}
	ct1(world).stop();
	world.kernel.runUntil(world.kernel.nowUs + seconds(5));
	const open = ct1(world)
		.host.sockets()
		.filter(({ state }) => state !== 'TIME_WAIT');
	expect(open).toEqual([]);
	ct1(world).start();
	wait(world, 10);
	expect(statusOf(world, 'A1')).toBe('completed');
});

test('the same seed reports the same steps', () => {
	const uids = (): string[] => {
		const world = quietWorld(undefined, 'same');
		placeOrder(world, 'ct1', 0);
		examine(world, 8);
		return [stepOf(world).sopInstanceUid, world.kernel.trace.digest()];
	};
	expect(uids()).toEqual(uids());
});
