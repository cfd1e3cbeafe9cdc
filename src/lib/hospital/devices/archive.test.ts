import type { Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cFindRequest, cMoveRequest, cStoreRequest } from '#lib/protocol/dicom/dimse/services.ts';
import { expect, test } from 'vitest';
import { syntheticAcquisition } from '../../../../tests/support/synthetic-acquisition.ts';
import { quietWorld, run } from '../../../../tests/simulation/community-world.ts';
import { openAssociation, type Answer } from '../dicom/service-class-user.ts';
import { acquire } from '../objects/acquire.ts';
import type { AcquiredSeries } from '../objects/acquisition-context.ts';
import { PRODUCTS } from '../products.ts';
import type { World } from '../world.ts';
import type { Archive } from './archive/archive.ts';
import type { Workstation } from './workstation/workstation.ts';

const FIND = UID.FINDStudyRootQueryRetrieveInformationModel;
const MOVE = UID.MOVEStudyRootQueryRetrieveInformationModel;
const CT = UID.CTImageStorage;
const EXPLICIT = UID.LittleEndianExplicit;

type Command = Parameters<typeof cStoreRequest>[0];
interface Response {
	status: number | undefined;
	comment: string | undefined;
	command: Extract<Answer, { kind: 'response' }>['command'];
	data: DataSet | undefined;
}

const archiveOf = (world: World): Archive => world.device('pacs') as Archive;
const headCt = (seed = 'head'): AcquiredSeries => acquire('CT', syntheticAcquisition(seed));

function respond(answer: Answer): Response {
	if (answer.kind !== 'response') throw new Error(`no response but ${answer.kind}`);
	const decoded = answer.data && decodeDataSet(answer.data, { transferSyntax: EXPLICIT });
	return {
		status: answer.command.Status,
		comment: answer.command.ErrorComment,
		command: answer.command,
		data: decoded?.ok ? decoded.dataSet : undefined,
	};
}

/** One request from a host to the archive, and all responses to it. */
function* ask(
	world: World,
	caller: { host: string; aeTitle: string },
	sopClass: string,
	command: Parameters<typeof cFindRequest>[0] | Command | Parameters<typeof cMoveRequest>[0],
	data: Uint8Array[],
): Process<Response[]> {
	const opened = yield* openAssociation(world, world.host(caller.host), {
		host: 'pacs',
		port: 104,
		calledAeTitle: 'PACS1',
		callingAeTitle: caller.aeTitle,
		implementation: PRODUCTS.desk,
		contexts: [{ abstractSyntax: sopClass, transferSyntaxes: [EXPLICIT] }],
	});
	if (!opened.ok) throw new Error(`not opened: ${opened.failure.kind}`);
	const { link } = opened;
	const request =
		'destination' in command
			? cMoveRequest(command)
			: 'sopInstanceUid' in command
				? cStoreRequest(command)
				: cFindRequest(command);
	const responses = [respond(yield* link.request(sopClass, request, data))];
	while ((responses.at(-1)?.status ?? 0) >= 0xff00)
		responses.push(respond(yield* link.nextAnswer()));
	yield* link.release();
	return responses;
}

const DESK = { host: 'admin', aeTitle: 'PACSDESK' };
const CT1 = { host: 'ct1', aeTitle: 'CT1' };

function* store(
	world: World,
	series: AcquiredSeries,
	caller = CT1,
	changes: { uid?: string; data?: Uint8Array[] } = {},
): Process<Response[]> {
	const responses: Response[] = [];
	for (const { sopInstanceUid, dataSet } of series.instances) {
		const command = {
			messageId: 1,
			sopClassUid: CT,
			sopInstanceUid: changes.uid ?? sopInstanceUid,
		};
		const data = changes.data ?? encodeDataSet(dataSet, { transferSyntax: EXPLICIT });
		responses.push(...(yield* ask(world, caller, CT, command, data)));
		if (Object.keys(changes).length > 0) break;
	}
	return responses;
}

const find = (world: World, keys: Parameters<typeof DataSet.from>[0], caller = DESK) =>
	run(
		world,
		ask(
			world,
			caller,
			FIND,
			{ messageId: 1, sopClassUid: FIND },
			encodeDataSet(DataSet.from(keys), { transferSyntax: EXPLICIT }),
		),
	);

const move = (world: World, keys: Parameters<typeof DataSet.from>[0], destination: string) =>
	run(
		world,
		ask(
			world,
			DESK,
			MOVE,
			{ messageId: 7, sopClassUid: MOVE, destination },
			encodeDataSet(DataSet.from({ QueryRetrieveLevel: 'STUDY', ...keys }), {
				transferSyntax: EXPLICIT,
			}),
		),
	);

const statuses = (responses: Response[]): (number | undefined)[] =>
	responses.map((response) => response.status);
const studyUid = (series: AcquiredSeries): string =>
	series.instances[0]?.dataSet.text('StudyInstanceUID') ?? '';

test('C-STORE: success, kept byte for byte, the volume fills by what came', () => {
	const world = quietWorld();
	const archive = archiveOf(world);
	const usedBefore = archive.volume.usedBytes;
	const series = headCt();
	const responses = run(world, store(world, series));
	expect(statuses(responses)).toEqual(new Array(10).fill(0x0000));
	expect(archive.store.instanceCount).toBe(10);
	const [study] = archive.store.studies.values();
	const kept = [...(study?.series.values() ?? [])].flatMap((s) => [...s.instances.values()]);
	for (const [i, { dataSet }] of series.instances.entries()) {
		const sent = encodeDataSet(dataSet, { transferSyntax: EXPLICIT });
		expect(Buffer.concat(sent).equals(kept[i]?.bytes ?? new Uint8Array(0))).toBe(true);
	}
	const bytes = kept.reduce((sum, { bytes }) => sum + bytes.length, 0);
	expect(archive.volume.usedBytes - usedBefore).toBe(bytes);
	// The same again: still a success, nothing twice.
	expect(statuses(run(world, store(world, series)))).toEqual(new Array(10).fill(0x0000));
	expect(archive.store.instanceCount).toBe(10);
	expect(archive.volume.usedBytes - usedBefore).toBe(bytes);
});

test('C-STORE: A700 when the volume is full, and nothing is kept', () => {
	const world = quietWorld();
	const archive = archiveOf(world);
	archive.volume.usedBytes = archive.volume.sizeBytes - 40_000;
	const responses = run(world, store(world, headCt()));
	expect(statuses(responses)).toEqual([0x0000, ...new Array<number>(9).fill(0xa700)]);
	expect(responses[1]?.comment).toContain('No space left');
	expect(archive.store.instanceCount).toBe(1);
	expect(archive.volume.usedBytes).toBeLessThanOrEqual(archive.volume.sizeBytes);
	expect(world.kernel.trace.events.filter((e) => e.kind === 'store-refused').length).toBe(9);
});

test('C-STORE: A900 when command and object do not agree, C000 when it cannot be read', () => {
	const world = quietWorld();
	const mismatch = run(world, store(world, headCt(), CT1, { uid: '1.2.3' }));
	expect(statuses(mismatch)).toEqual([0xa900]);
	const unreadable = run(world, store(world, headCt(), CT1, { data: [new Uint8Array(9)] }));
	expect(statuses(unreadable)).toEqual([0xc000]);
	const [first] = headCt().instances;
	if (!first) throw new Error('nothing acquired');
	first.dataSet.delete('StudyInstanceUID');
	const data = encodeDataSet(first.dataSet, { transferSyntax: EXPLICIT });
	expect(statuses(run(world, store(world, headCt(), CT1, { data })))).toEqual([0xa900]);
	expect(archiveOf(world).store.instanceCount).toBe(0);
});

test('0124 for a service that the node table does not grant', () => {
	const world = quietWorld();
	const reader = { host: 'ws1', aeTitle: 'READ1' };
	expect(statuses(run(world, store(world, headCt(), reader, { uid: '1.2' })))).toEqual([0x0124]);
	expect(statuses(find(world, { QueryRetrieveLevel: 'STUDY' }, CT1))).toEqual([0x0124]);
	expect(archiveOf(world).logFile.lines.at(-1)).toContain('CT1 is not allowed this service: 0124');
});

test('C-FIND: pending answers and a final success at each level', () => {
	const world = quietWorld();
	const [one, two] = [headCt('one'), headCt('two')];
	run(world, store(world, one));
	run(world, store(world, two));
	const study = { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: '', PatientName: '' };
	const all = find(world, { ...study, NumberOfStudyRelatedInstances: '' });
	expect(statuses(all)).toEqual([0xff00, 0xff00, 0x0000]);
	expect(all.slice(0, 2).map((r) => r.data?.text('StudyInstanceUID'))).toEqual([
		studyUid(one),
		studyUid(two),
	]);
	expect(all[0]?.data?.text('NumberOfStudyRelatedInstances')).toBe('10');
	expect(all[0]?.data?.text('PatientName')).toBe(one.instances[0]?.dataSet.text('PatientName'));
	expect(statuses(find(world, { ...study, StudyInstanceUID: studyUid(two) })).length).toBe(2);
	expect(statuses(find(world, { ...study, PatientName: 'NOBODY*' }))).toEqual([0x0000]);
	const series = { QueryRetrieveLevel: 'SERIES', StudyInstanceUID: studyUid(one), Modality: 'CT' };
	expect(statuses(find(world, series))).toEqual([0xff00, 0x0000]);
	const image = {
		QueryRetrieveLevel: 'IMAGE',
		StudyInstanceUID: studyUid(one),
		SeriesInstanceUID: one.instances[0]?.dataSet.text('SeriesInstanceUID') ?? '',
		SOPInstanceUID: '',
	};
	expect(statuses(find(world, image)).length).toBe(11);
});

test('C-FIND: A900 without a level that exists', () => {
	const world = quietWorld();
	expect(statuses(find(world, { PatientID: '' }))).toEqual([0xa900]);
	expect(statuses(find(world, { QueryRetrieveLevel: 'PATIENT' }))).toEqual([0xa900]);
});

test('C-MOVE delivers the images to the workstation and counts them', () => {
	const world = quietWorld();
	const workstation = world.device('ws1') as Workstation;
	const series = headCt();
	// The reader would open the study by itself; only one retrieval is wanted here.
	workstation.config.refreshSeconds = 3_600;
	run(world, store(world, series));
	world.kernel.runUntil(world.kernel.nowUs + seconds(1));
	run(world, workstation.refresh());
	const listed = workstation.list.get(studyUid(series));
	const already = world.kernel.trace.events.length;
	const responses = move(world, { StudyInstanceUID: studyUid(series) }, 'READ1');
	expect(statuses(responses)).toEqual([...new Array<number>(9).fill(0xff00), 0x0000]);
	expect(responses[0]?.command).toMatchObject({
		NumberOfRemainingSuboperations: 9,
		NumberOfCompletedSuboperations: 1,
	});
	expect(responses.at(-1)?.command).toMatchObject({
		NumberOfCompletedSuboperations: 10,
		NumberOfFailedSuboperations: 0,
	});
	expect([...(listed?.received ?? [])].sort()).toEqual(
		series.instances.map((instance) => instance.sopInstanceUid).sort(),
	);
	const accepted = world.kernel.trace.events
		.slice(already)
		.filter((e) => e.kind === 'association-accepted');
	expect(accepted.map((e) => [e['device'], e['calling'], e['called']])).toEqual([
		['pacs', 'PACSDESK', 'PACS1'],
		['ws1', 'PACS1', 'READ1'],
	]);
});

test('C-MOVE of one series or image moves no more', () => {
	const world = quietWorld();
	const series = headCt();
	run(world, store(world, series));
	const one = series.instances[3];
	const keys = {
		QueryRetrieveLevel: 'IMAGE',
		StudyInstanceUID: studyUid(series),
		SeriesInstanceUID: one?.dataSet.text('SeriesInstanceUID') ?? '',
		SOPInstanceUID: one?.sopInstanceUid ?? '',
	};
	expect(move(world, keys, 'READ1').at(-1)?.command.NumberOfCompletedSuboperations).toBe(1);
	const none = {
		QueryRetrieveLevel: 'SERIES',
		StudyInstanceUID: studyUid(series),
		SeriesInstanceUID: '1.2.3',
	};
	expect(statuses(move(world, none, 'READ1'))).toEqual([0x0000]);
});

test('C-MOVE: A801 for an unknown destination, A702 for one that is not there', () => {
	const world = quietWorld();
	const series = headCt();
	run(world, store(world, series));
	const unknown = move(world, { StudyInstanceUID: studyUid(series) }, 'NOWHERE');
	expect(statuses(unknown)).toEqual([0xa801]);
	// The desk is in the node table, but nothing listens on its port.
	const absent = move(world, { StudyInstanceUID: studyUid(series) }, 'PACSDESK').at(-1);
	expect(absent?.status).toBe(0xa702);
	expect(absent?.command.NumberOfFailedSuboperations).toBe(10);
	expect(absent?.data?.texts('FailedSOPInstanceUIDList')).toEqual(
		series.instances.map((instance) => instance.sopInstanceUid),
	);
	expect(archiveOf(world).logFile.lines.join('\n')).toContain('connection refused');
});

test('a setting counts for the next association', () => {
	const world = quietWorld();
	const archive = archiveOf(world);
	const before = world.configuration();
	expect(world.configure(archive, 'ae-title', '')).toContain('must not be empty');
	expect(world.configure(archive, 'ae-title', 'A'.repeat(17))).toContain('16 characters');
	expect(world.configuration()).toEqual(before);
	expect(world.configure(archive, 'ae-title', 'NEWPACS')).toBeUndefined();
	expect(world.configuration().get('pacs.ae-title')).toBe('NEWPACS');
	expect(() => find(world, { QueryRetrieveLevel: 'STUDY' })).toThrow('not opened: rejected');
});

test('the purge goes down to the low watermark and never touches what has no second copy', () => {
	const world = quietWorld();
	const { volume, holdings, config } = archiveOf(world);
	const archive = archiveOf(world);
	volume.usedBytes = Math.round(volume.sizeBytes * 0.97);
	const freed = archive.purgeNow();
	expect(freed).toBeGreaterThan(0);
	expect(volume.usedBytes).toBe((volume.sizeBytes * config.lowWatermarkPercent) / 100);
	const withoutCopy = holdings.bytes - holdings.withSecondCopyBytes;
	config.lowWatermarkPercent = 1;
	archive.purgeNow();
	expect(holdings).toEqual({ bytes: withoutCopy, withSecondCopyBytes: 0 });
	expect(archive.purgeNow()).toBe(0);
});
