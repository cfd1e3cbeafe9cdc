import type { Process } from '#lib/kernel/process.ts';
import { encodeDataSet, joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cMoveRequest, PRIORITY } from '#lib/protocol/dicom/dimse/services.ts';
import { expect, test } from 'vitest';
import type { AssociationTarget } from '../../dicom/service-class-user.ts';
import type { World } from '../../world.ts';
import {
	context,
	conversation,
	counters,
	exchange,
	expectWholeCounters,
	failedUids,
	filled,
	identifierOf,
	keep,
	keysOf,
	statuses,
	storeDestination,
	study,
	talk,
	type Response,
	type Values,
} from '../../../../../tests/support/archive-conversation.ts';

const MOVE = UID.MOVEStudyRootQueryRetrieveInformationModel;
const PATIENT_MOVE = UID.MOVEPatientRootQueryRetrieveInformationModel;
const CT = UID.CTImageStorage;
const IMPLICIT = UID.LittleEndianImplicit;

interface Ask {
	model?: string;
	destination?: string;
	cancelAfter?: number;
	changes?: Partial<AssociationTarget>;
}

function move(world: World, keys: Values, ask: Ask = {}): Response[] {
	const model = ask.model ?? MOVE;
	const destination = ask.destination ?? 'PACSDESK';
	const priority = PRIORITY.high;
	const command = cMoveRequest({ messageId: 7, sopClassUid: model, destination, priority });
	return talk(
		world,
		[context(model)],
		(link) => exchange(link, model, command, identifierOf(keys), ask.cancelAfter),
		ask.changes,
	);
}

test('C-MOVE: pending responses with counters, and a final success without what remains', () => {
	const { world, uid, sopUids } = filled();
	const destination = storeDestination(world);
	const responses = move(world, { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: uid(0) });
	expect(statuses(responses)).toEqual([0xff00, 0xff00, 0x0000]);
	expect(responses.map(counters)).toEqual([
		{ remaining: 2, completed: 1, failed: 0, warning: 0 },
		{ remaining: 1, completed: 2, failed: 0, warning: 0 },
		{ remaining: undefined, completed: 3, failed: 0, warning: 0 },
	]);
	expect(responses.at(-1)?.identifier).toBeUndefined();
	expect(destination.associations).toBe(1);
	expect(destination.received.map(({ command }) => command.AffectedSOPInstanceUID)).toEqual(
		sopUids,
	);
	expect(destination.received[0]?.command).toMatchObject({
		MoveOriginatorApplicationEntityTitle: 'PACSDESK',
		MoveOriginatorMessageID: 7,
		Priority: PRIORITY.high,
	});
});

test('C-MOVE at each level moves what its unique keys name', () => {
	const { world, uid, sopUids, series } = filled();
	const destination = storeDestination(world);
	const moved = (keys: Values, model: string = MOVE): number => {
		const before = destination.received.length;
		expect(statuses(move(world, keys, { model })).at(-1)).toBe(0x0000);
		return destination.received.length - before;
	};
	expect(moved({ QueryRetrieveLevel: 'PATIENT', PatientID: 'P1' }, PATIENT_MOVE)).toBe(5);
	const both = `${uid(0)}\\${uid(2)}`;
	expect(moved({ QueryRetrieveLevel: 'STUDY', StudyInstanceUID: both })).toBe(4);
	const ofSeries = { StudyInstanceUID: uid(0), SeriesInstanceUID: series };
	expect(moved({ QueryRetrieveLevel: 'SERIES', ...ofSeries })).toBe(3);
	const images = `${sopUids[0]}\\${sopUids[2]}`;
	expect(moved({ QueryRetrieveLevel: 'IMAGE', ...ofSeries, SOPInstanceUID: images })).toBe(2);
	// Of another patient: nothing is found, which is a success of nothing.
	const other = { QueryRetrieveLevel: 'STUDY', PatientID: 'P2', StudyInstanceUID: uid(0) };
	expect(moved(other, PATIENT_MOVE)).toBe(0);
});

test.each([
	['without its unique key', { QueryRetrieveLevel: 'STUDY' }],
	['without the key above', { QueryRetrieveLevel: 'SERIES', SeriesInstanceUID: '1.2' }],
	[
		'with a key below its level',
		{ QueryRetrieveLevel: 'STUDY', StudyInstanceUID: '1.2', SeriesInstanceUID: '1.3' },
	],
	['at a level of the other model', { QueryRetrieveLevel: 'PATIENT', PatientID: 'P1' }],
])('C-MOVE %s: A900', (_, keys) => {
	const { world } = filled();
	const destination = storeDestination(world);
	const responses = move(world, keys);
	expect(statuses(responses)).toEqual([0xa900]);
	expect(responses[0]?.command.OffendingElement?.length).toBe(1);
	expect(destination.associations).toBe(0);
});

test('C-MOVE: relational retrieval, once negotiated, needs the key of its level only', () => {
	const { world, series } = filled();
	storeDestination(world);
	const keys = { QueryRetrieveLevel: 'SERIES', SeriesInstanceUID: series };
	const changes = {
		extendedNegotiations: [{ sopClassUid: MOVE, information: Uint8Array.of(1) }],
	};
	expect(counters(move(world, keys, { changes }).at(-1)!).completed).toBe(3);
});

test('C-MOVE to nobody: A801; to one that refuses or rejects: A702 with all UIDs', () => {
	const { world, uid, sopUids } = filled();
	const keys = { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: uid(0) };
	expect(statuses(move(world, keys, { destination: 'NOWHERE' }))).toEqual([0xa801]);
	expect(statuses(move(world, keys, { destination: '' }))).toEqual([0xa801]);
	const refused = move(world, keys);
	expect(statuses(refused)).toEqual([0xff00, 0xff00, 0xa702]);
	expect(failedUids(refused.at(-1))).toEqual(sopUids);
	expectWholeCounters(refused, 3);
	storeDestination(world, { rejects: true });
	expect(statuses(move(world, keys)).at(-1)).toBe(0xa702);
	expect(world.device('pacs').logFile.lines.join('\n')).toContain('result 1, source 1, reason 7');
});

test('C-MOVE: an object that is refused counts as failed, one with a warning as warning', () => {
	const { world, uid, sopUids } = filled();
	const answers = [0xa700, 0xb000, 0x0000];
	storeDestination(world, { answer: (index) => answers[index] ?? 0 });
	const responses = move(world, { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: uid(0) });
	expect(statuses(responses)).toEqual([0xff00, 0xff00, 0xb000]);
	expectWholeCounters(responses, 3);
	expect(counters(responses.at(-1)!)).toMatchObject({ completed: 1, failed: 1, warning: 1 });
	expect(failedUids(responses.at(-1))).toEqual([sopUids[0]]);
});

test('C-MOVE: warnings alone are B000 without a list of failures', () => {
	const { world, uid } = filled();
	storeDestination(world, { answer: () => 0xb007 });
	const last = move(world, { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: uid(0) }).at(-1);
	expect(last?.status).toBe(0xb000);
	expect(last?.identifier).toBeUndefined();
});

test.each(['abort', 'silence'] as const)(
	'C-MOVE: the destination ends with %s, and the rest fails at once',
	(ending) => {
		const { world, uid, sopUids } = filled();
		const destination = storeDestination(world, {
			answer: (index) => (index === 1 ? ending : 0x0000),
		});
		const started = world.kernel.nowUs;
		const responses = move(
			world,
			{ QueryRetrieveLevel: 'STUDY', StudyInstanceUID: uid(0) },
			{
				changes: { answerTimeoutUs: 120_000_000 },
			},
		);
		expect(responses.at(-1)?.status).toBe(0xb000);
		expectWholeCounters(responses, 3);
		expect(failedUids(responses.at(-1))).toEqual(sopUids.slice(1));
		expect(destination.received.length).toBe(2);
		const seconds = (world.kernel.nowUs - started) / 1_000_000;
		expect(seconds).toBeLessThan(ending === 'abort' ? 1 : 22);
	},
);

test('C-MOVE: an object goes out as it came, or written anew where only Implicit is taken', () => {
	const { world, uid, objects } = filled(UID.BigEndianExplicit);
	const only = (transferSyntax: string) => ({
		supported: [{ abstractSyntax: CT, transferSyntaxes: [transferSyntax] }],
	});
	const destination = storeDestination(world, only(IMPLICIT));
	const keys = { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: uid(0) };
	expect(statuses(move(world, keys)).at(-1)).toBe(0x0000);
	const [first] = destination.received;
	expect(first?.transferSyntax).toBe(IMPLICIT);
	const original = objects[0]?.[0];
	const expected = original && joinBytes(encodeDataSet(original, { transferSyntax: IMPLICIT }));
	expect(Buffer.from(first?.data ?? []).equals(Buffer.from(expected ?? []))).toBe(true);
});

test('C-MOVE: a compressed object that the destination does not take fails, the others go', () => {
	const { world, archive, uid } = filled();
	const [compressed] = study('one', {}, 4).slice(3);
	if (!compressed) throw new Error('no image');
	compressed.set('StudyInstanceUID', uid(0));
	compressed.setFragments('PixelData', [new Uint8Array(0), new Uint8Array([1, 2, 3, 4])]);
	expect(keep(archive, [compressed], UID.JPEG2000LosslessOnly)).toEqual([0x0000]);
	const destination = storeDestination(world);
	const keys = { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: uid(0) };
	const last = move(world, keys).at(-1);
	expect(last?.status).toBe(0xb000);
	expect(failedUids(last)).toEqual([compressed.text('SOPInstanceUID')]);
	expect(destination.received.length).toBe(3);
	expect(archive.logFile.lines.join('\n')).toContain(
		'no presentation context for CTImageStorage with JPEG 2000 (Lossless only)',
	);
});

test.each([0, 1])('C-CANCEL of a C-MOVE after %i responses: FE00 with what remains', (after) => {
	const { world, uid } = filled();
	const destination = storeDestination(world);
	const responses = move(world, keysOf(uid(0)), { cancelAfter: after });
	expectWholeCounters(responses, 3);
	const last = responses.at(-1);
	expect(last?.status).toBe(0xfe00);
	expect(statuses(responses).filter((status) => status === 0xfe00).length).toBe(1);
	expect(counters(last!).remaining).toBeGreaterThan(0);
	expect(destination.received.length).toBe(counters(last!).completed);
	// The cancel overtakes the opening of the sub-association: nothing has been sent then.
	if (after === 0) expect(counters(last!).remaining).toBe(3);
	expect(statuses(move(world, keysOf(uid(0)))).at(-1)).toBe(0x0000);
});

test('C-CANCEL during the last sub-operation comes too late: the move is complete', () => {
	const { world, uid } = filled();
	storeDestination(world);
	const responses = move(world, keysOf(uid(0)), { cancelAfter: 2 });
	expect(statuses(responses)).toEqual([0xff00, 0xff00, 0x0000]);
});

test('a requestor that leaves ends the move: the rest is not sent', () => {
	const { world, archive, uid } = filled();
	const destination = storeDestination(world);
	talk(world, [context(MOVE)], function* (link) {
		const command = cMoveRequest({ messageId: 1, sopClassUid: MOVE, destination: 'PACSDESK' });
		yield* link.request(MOVE, command, identifierOf(keysOf(uid(0))));
		link.abort();
	});
	world.kernel.runUntil(world.kernel.nowUs + 2_000_000);
	expect(destination.received.length).toBeLessThan(3);
	expect(archive.logFile.lines.join('\n')).toContain('requestor is gone');
});

test('two moves to two destinations at the same time', () => {
	const { world, uid, archive } = filled();
	const desk = storeDestination(world);
	const done: { to: string; status: number }[] = [];
	function* one(destination: string): Process {
		const command = cMoveRequest({ messageId: 7, sopClassUid: MOVE, destination });
		const responses = yield* conversation(world, [context(MOVE)], (link) =>
			exchange(link, MOVE, command, identifierOf(keysOf(uid(0)))),
		);
		done.push({ to: destination, status: responses.at(-1)?.status ?? NaN });
	}
	for (const destination of ['PACSDESK', 'READ1'])
		world.kernel.spawn(destination, one(destination));
	world.kernel.runUntil(world.kernel.nowUs + 2_000_000);
	expect(done.map(({ status }) => status)).toEqual([0x0000, 0x0000]);
	expect(desk.received.length).toBe(3);
	const sent = world.kernel.trace.events.filter((event) => event.kind === 'association-accepted');
	expect(sent.map((event) => event['called']).sort()).toEqual(['PACS1', 'PACS1', 'READ1']);
	expect(archive.logFile.lines.filter((line) => line.includes('3 completed')).length).toBe(2);
});
