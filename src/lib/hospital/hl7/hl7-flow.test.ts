import { wait, type Process } from '#lib/kernel/process.ts';
import { minutes, seconds, type Micros } from '#lib/kernel/time.ts';
import type { TcpStream } from '#lib/network/tcp-stream.ts';
import { valueAt } from '#lib/protocol/hl7/access.ts';
import { acknowledge, type AcknowledgementCode } from '#lib/protocol/hl7/acknowledgement.ts';
import { writeEr7 } from '#lib/protocol/hl7/message.ts';
import { encodeMllp, MllpDecoder, type MllpFraming } from '#lib/protocol/hl7/mllp.ts';
import { parseEr7 } from '#lib/protocol/hl7/parse-er7.ts';
import { expect, test } from 'vitest';
import {
	communityHospital,
	quietWorld,
	run,
} from '../../../../tests/simulation/community-world.ts';
import { syntheticAcquisition } from '../../../../tests/support/synthetic-acquisition.ts';
import type { Archive } from '../devices/archive/archive.ts';
import type { StoredStudy } from '../devices/archive/study-store.ts';
import type { Ris } from '../devices/ris/ris.ts';
import type { Workstation } from '../devices/workstation/workstation.ts';
import { acquire } from '../objects/acquire.ts';
import type { World } from '../world.ts';
import { syntheticOrder } from './orders.fixture.ts';

const risOf = (world: World): Ris => world.device('ris') as Ris;
const archiveOf = (world: World): Archive => world.device('pacs') as Archive;
const outcomes = (world: World): string[] =>
	risOf(world).feed!.history.records.map((one) => `${one.type} ${one.outcome}`);

function pass(world: World, us: Micros): void {
	world.kernel.runUntil(world.kernel.nowUs + us);
}

function place(world: World, changes: Parameters<typeof syntheticOrder>[0] = {}): void {
	const order = syntheticOrder(changes);
	world.records.add(order);
	risOf(world).placeOrder(order);
	pass(world, seconds(2));
}

/** A study of the order's patient is in the archive. */
function file(world: World, patientId: string): StoredStudy {
	const [first] = acquire('CT', syntheticAcquisition('flow')).instances;
	const { dataSet } = first!;
	archiveOf(world).store.add({
		sopClassUid: dataSet.text('SOPClassUID') ?? '',
		sopInstanceUid: dataSet.text('SOPInstanceUID') ?? '',
		seriesInstanceUid: dataSet.text('SeriesInstanceUID') ?? '',
		studyInstanceUid: dataSet.text('StudyInstanceUID') ?? '',
		transferSyntax: '1.2.840.10008.1.2.1',
		bytes: new Uint8Array(0),
		dataSet,
		receivedUs: 0,
		callingAeTitle: 'CT1',
	});
	const [study] = archiveOf(world).store.studies.values();
	study!.patientId = patientId;
	return study!;
}

function operate(
	world: World,
	id: string,
	row: string | undefined,
	fields: Record<string, string>,
): string {
	const ris = risOf(world);
	const operation = world.operation(ris, id);
	if (!operation) throw new Error(`no operation ${id}`);
	const result = run(world, world.operate(ris, operation, { row, fields }));
	pass(world, seconds(2));
	return result.text;
}

test.each(['OMI^O23', 'ORM^O01'] as const)('an order placed reaches the archive as %s', (form) => {
	const world = quietWorld();
	risOf(world).feed!.config.orderMessage = form;
	place(world);
	expect(outcomes(world)).toEqual([`${form} AA`]);
	const announced = archiveOf(world).hl7!.procedures.get('A2603090001');
	expect(announced).toMatchObject({ patientId: 'SYN12345674', patientName: 'Larch^Zoë' });
	expect(announced?.procedure.studyInstanceUid).toBe('2.25.20260309');
	expect(
		world.console(archiveOf(world)).tables.find((one) => one.id === 'hl7-messages')?.rows,
	).toEqual([
		{
			id: 'in RIS0000001',
			cells: {
				time: '07:00:00',
				direction: 'in',
				peer: '10.20.20.20',
				type: form,
				'control-id': 'RIS0000001',
				about: 'A2603090001',
				outcome: 'AA',
			},
			tone: 'neutral',
		},
	]);
});

test('one connection carries everything', () => {
	const world = quietWorld();
	for (const number of [1, 2, 3]) place(world, { accessionNumber: `A${number}` });
	pass(world, minutes(30));
	place(world, { accessionNumber: 'A4' });
	expect(outcomes(world)).toEqual(Array(4).fill('OMI^O23 AA'));
	const sockets = archiveOf(world)
		.host.sockets()
		.filter((row) => row.state === 'ESTABLISHED');
	expect(sockets).toHaveLength(1);
});

test('a correction reaches worklist, console and archive', () => {
	const world = quietWorld();
	place(world);
	const study = file(world, 'SYN12345674');
	const text = operate(world, 'correct-patient', 'A2603090001', {
		name: 'Larch^Chloé',
		'birth-date': '19640228',
	});
	expect(text).toBe('On file now: Larch^Chloé, born 19640228, F.');
	expect(study).toMatchObject({ patientName: 'Larch^Chloé', patientBirthDate: '19640228' });
	expect(archiveOf(world).hl7!.procedures.get('A2603090001')?.patientName).toBe('Larch^Chloé');
	expect(JSON.stringify(world.console(risOf(world)).tables)).toContain('Larch^Chloé (SYN12345674)');
	expect(world.records.byAccession('A2603090001')?.patient.name).toBe('Larch^Zoë');
	expect(operate(world, 'correct-patient', 'A9', {})).toBe('There is no order A9.');
});

const OTHER = { id: 'SYN76543212', name: 'Larch^Z', birthDate: '19640227', sex: 'F' } as const;

test('a merge moves studies and orders, and the old number is refused from then on', () => {
	const world = quietWorld();
	place(world);
	place(world, { accessionNumber: 'A2', patient: OTHER });
	const study = file(world, OTHER.id);
	const merge = { survivor: 'SYN12345674', prior: OTHER.id };
	expect(operate(world, 'merge-patients', undefined, merge)).toBe(
		`${OTHER.id} was merged into SYN12345674.`,
	);
	expect(study).toMatchObject({ patientId: 'SYN12345674', patientName: 'Larch^Zoë' });
	expect(archiveOf(world).hl7!.procedures.get('A2')?.patientId).toBe('SYN12345674');
	expect(operate(world, 'merge-patients', undefined, merge)).toMatch(/was merged into .* already/);
	expect(operate(world, 'correct-patient', 'A2', { name: 'Larch^Zara' })).toMatch(/Larch\^Zara/);
	expect(study.patientName).toBe('Larch^Zara');
	// Another system that was not told of the merge would still send the old number.
	risOf(world).feed!.corrected(OTHER, syntheticOrder());
	pass(world, seconds(2));
	expect(outcomes(world).at(-1)).toMatch(
		/^ADT\^A08 AR; Unknown key identifier: .* was merged into/,
	);
});

test('a merge into itself is refused by the archive', () => {
	const world = quietWorld();
	place(world);
	risOf(world).feed!.merged(syntheticOrder().patient, 'SYN12345674');
	pass(world, seconds(2));
	expect(outcomes(world).at(-1)).toBe(
		'ADT^A40 AR; Duplicate key identifier: MRG-1 is the number of PID-3',
	);
});

test('the same order again is no error, another patient under its number is', () => {
	const world = quietWorld();
	place(world);
	place(world);
	place(world, { patient: OTHER });
	expect(outcomes(world)).toEqual([
		'OMI^O23 AA',
		'OMI^O23 AA',
		'OMI^O23 AR; Duplicate key identifier: A2603090001 is an order of SYN12345674',
	]);
});

test('messages wait while the archive is down, and go in order when it is back', () => {
	const world = quietWorld();
	place(world, { accessionNumber: 'A1' });
	archiveOf(world).stop();
	for (const number of [2, 3]) place(world, { accessionNumber: `A${number}` });
	pass(world, minutes(10));
	expect(outcomes(world)).toEqual([
		'OMI^O23 AA',
		'OMI^O23 queued: connection refused',
		'OMI^O23 queued',
	]);
	const warnings = risOf(world).logFile.lines.filter((line) => line.includes('refused'));
	expect(warnings).toHaveLength(1);
	archiveOf(world).start();
	pass(world, minutes(1));
	expect(outcomes(world)).toEqual(Array(3).fill('OMI^O23 AA'));
	expect([...archiveOf(world).hl7!.procedures.keys()]).toEqual(['A1', 'A2', 'A3']);
});

test('what waits when the RIS restarts goes out afterwards', () => {
	const world = quietWorld();
	archiveOf(world).stop();
	place(world);
	risOf(world).stop();
	archiveOf(world).start();
	risOf(world).start();
	pass(world, minutes(1));
	expect(outcomes(world)).toEqual(['OMI^O23 AA']);
});

test('after AE or AR the queue goes on, or is held until it is released', () => {
	const world = quietWorld();
	place(world);
	const ris = risOf(world);
	ris.feed!.config.afterError = 'hold';
	place(world, { patient: OTHER });
	place(world, { accessionNumber: 'A2' });
	expect(outcomes(world).at(-1)).toBe('OMI^O23 queued');
	expect(world.console(ris).status.find((one) => one.label === 'HL7 queue')).toMatchObject({
		value: 'held, 1 waiting',
		tone: 'bad',
	});
	expect(operate(world, 'hl7-release', undefined, {})).toBe('The queue goes on: 1 messages wait.');
	expect(outcomes(world).at(-1)).toBe('OMI^O23 AA');
	expect(operate(world, 'hl7-release', undefined, {})).toBe('The queue is not held.');
});

type Behaviour = {
	readonly code?: AcknowledgementCode;
	readonly framing?: MllpFraming;
	readonly delayUs?: Micros;
	/** MSA-2 is this instead of what was sent. */
	readonly controlId?: string;
};

/** Another product listens in the place of the archive and answers in its own way. */
function replaceArchive(world: World, behave: (count: number) => Behaviour | undefined): string[] {
	archiveOf(world).stop();
	const { kernel } = world;
	const received: string[] = [];
	function* serve(): Process {
		const listener = archiveOf(world).host.listen(2575);
		for (;;) kernel.spawn('peer', answer(yield* wait(listener.accept())));
	}
	function* answer(stream: TcpStream): Process {
		const decoder = new MllpDecoder();
		for (;;) {
			const read = yield* wait(stream.read());
			if (read.kind !== 'data') return;
			for (const { bytes } of read.pieces.flatMap((piece) => decoder.push(piece))) {
				const parsed = parseEr7(bytes);
				if ('error' in parsed) throw new Error(parsed.error.text);
				const { message } = parsed;
				received.push(valueAt(message, 'MSH-10').text);
				const behaviour = behave(received.length);
				if (!behaviour) continue;
				const { code = 'AA', framing, delayUs = 0, controlId } = behaviour;
				const answered = acknowledge(message, { code, controlId: 'X', time: '2026' });
				const content = new TextDecoder()
					.decode(writeEr7(answered))
					.replace(/(?<=\rMSA\|AA\|)\w+/, (sent) => controlId ?? sent);
				yield* kernel.sleep(delayUs);
				stream.write([encodeMllp(new TextEncoder().encode(content), framing)]);
			}
		}
	}
	kernel.spawn('other archive', serve());
	return received;
}

test('without an acknowledgement the message is repeated on a new connection, then given up', () => {
	const world = quietWorld();
	const received = replaceArchive(world, (count) => (count > 5 ? {} : undefined));
	place(world, { accessionNumber: 'A1' });
	place(world, { accessionNumber: 'A2' });
	pass(world, minutes(5));
	expect(received).toEqual([...Array(5).fill('RIS0000001'), 'RIS0000002']);
	expect(outcomes(world)).toEqual(['OMI^O23 no acknowledgement after 5 attempts', 'OMI^O23 AA']);
});

test.each([
	['without VT and FS', { framing: { start: false, end: 'none' } }],
	['without FS', { framing: { start: true, end: 'CR' } }],
	['for another message', { controlId: 'OTHER' }],
	['too late', { delayUs: seconds(40) }],
] as const)('an acknowledgement %s counts for nothing', (_, wrong) => {
	const world = quietWorld();
	const received = replaceArchive(world, (count) => (count === 1 ? wrong : {}));
	place(world);
	pass(world, minutes(3));
	expect(received.slice(0, 2)).toEqual(['RIS0000001', 'RIS0000001']);
	expect(outcomes(world)).toEqual(['OMI^O23 AA']);
});

test('an acknowledgement whose last CR is missing is read when time is up', () => {
	const world = quietWorld();
	const received = replaceArchive(world, () => ({ framing: { start: true, end: 'FS' } }));
	place(world, { accessionNumber: 'A1' });
	pass(world, minutes(1));
	expect(received).toHaveLength(1);
	expect(outcomes(world)).toEqual(['OMI^O23 AA']);
});

test('a hospital without HL7 has none', () => {
	const spec = structuredClone(communityHospital());
	for (const { config } of spec.devices) for (const key of ['hl7', 'reports']) delete config[key];
	const world = quietWorld(spec);
	place(world);
	expect(risOf(world).feed).toBeUndefined();
	expect(
		archiveOf(world)
			.host.sockets()
			.some((row) => row.localPort === 2575),
	).toBe(false);
	expect(operate(world, 'hl7-release', undefined, {})).toBe('This RIS sends no HL7 messages.');
});

const workstationOf = (world: World): Workstation => world.device('ws1') as Workstation;
const reported = (world: World): string[] =>
	workstationOf(world).reports!.history.records.map((one) => `${one.about} ${one.outcome}`);

test('a report reaches the RIS and its order is reported', () => {
	const world = quietWorld();
	place(world);
	workstationOf(world).reports!.send(syntheticOrder());
	pass(world, seconds(2));
	expect(reported(world)).toEqual(['A2603090001 AA']);
	expect(risOf(world).reports?.reports.get('A2603090001')).toMatchObject({
		status: 'F',
		text: 'CT Head without contrast: no acute finding.',
	});
	const orders = world.console(risOf(world)).tables.find((one) => one.id === 'orders');
	expect(orders?.rows[0]?.cells['status']).toBe('reported');
});

test('a report goes under no order but that of its patient', () => {
	const world = quietWorld();
	place(world);
	place(world, { accessionNumber: 'A2', patient: OTHER });
	const { reports } = workstationOf(world);
	reports!.send(syntheticOrder({ accessionNumber: 'A9' }));
	reports!.send(syntheticOrder({ patient: OTHER }));
	pass(world, seconds(2));
	expect(reported(world)).toEqual([
		'A9 AR; Unknown key identifier: there is no order A9',
		'A2603090001 AR; Unknown key identifier: A2603090001 is not an order of SYN76543212',
	]);
	expect(risOf(world).reports?.reports.size).toBe(0);
	// After a merge the old number still finds the order.
	risOf(world).mergePatients('SYN12345674', OTHER.id);
	reports!.send(syntheticOrder({ accessionNumber: 'A2', patient: OTHER }));
	pass(world, seconds(2));
	expect(reported(world).at(-1)).toBe('A2 AA');
});
