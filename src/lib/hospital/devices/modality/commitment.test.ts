import { wait, type Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import { DataSet, type DataSetValue } from '#lib/protocol/dicom/dataset/data-set.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import {
	nActionRequest,
	nEventReportRequest,
	responseTo,
} from '#lib/protocol/dicom/dimse/services.ts';
import type { AssociateRq } from '#lib/protocol/dicom/upper-layer/pdu.ts';
import { describe, expect, test } from 'vitest';
import { quietWorld, run } from '../../../../../tests/simulation/community-world.ts';
import { placeOrder } from '../../../../../tests/support/place-order.ts';
import {
	ct1,
	examined,
	lastTransaction,
	pacs,
	sopReferences,
	waitMinutes,
} from '../../../../../tests/support/storage-commitment.ts';
import { DicomConnection } from '../../dicom/dicom-connection.ts';
import { openAssociation } from '../../dicom/service-class-user.ts';
import { PRODUCTS } from '../../products.ts';
import type { World } from '../../world.ts';
import type { SendJob } from './send-queue.ts';

const PUSH = UID.StorageCommitmentPushModelSOPClass;
const INSTANCE = UID.StorageCommitmentPushModelSOPInstance;
const EXPLICIT = UID.LittleEndianExplicit;

const reports = (world: World): number =>
	world.kernel.trace.events.filter(({ kind }) => kind === 'commitment-reported').length;

const requestsTo = (world: World, host: string): unknown[] =>
	world.kernel.trace.events
		.filter((event) => event.kind === 'association-requested' && event['to'] === host)
		.map((event) => event['outcome']);

describe('between scanner and archive', () => {
	test('everything is committed to, on an association that the archive opens', () => {
		const world = quietWorld();
		const { order, job } = examined(world);
		expect(order.archivedUs).toBeDefined();
		expect(job).toMatchObject({ state: 'sent', commitment: { state: 'committed', text: 'yes' } });
		expect(lastTransaction(world)).toMatchObject({
			requestor: 'CT1',
			state: 'reported',
			attempts: 1,
			result: '10 of 10 committed',
		});
		expect(requestsTo(world, 'ct1')).toEqual(['accepted']);
		expect(ct1(world).provider.history).toMatchObject([
			{ callingAeTitle: 'PACS1', calledAeTitle: 'CT1', outcome: 'accepted' },
		]);
	});

	test('on the association of the request when the scanner keeps it open', () => {
		const world = quietWorld();
		world.configure(ct1(world), 'commitment-keep-open', 30);
		const { job } = examined(world);
		expect(job.commitment.state).toBe('committed');
		expect(lastTransaction(world)).toMatchObject({ state: 'reported', attempts: 1 });
		expect(requestsTo(world, 'ct1')).toEqual([]);
		// It does not stay open longer than for the result.
		expect(pacs(world).provider.associationsInUse).toBe(0);
	});

	test('the archive proposes itself as SCP when it calls back, with roles 0 and 1', () => {
		const world = quietWorld();
		ct1(world).provider.close();
		const listener = ct1(world).host.listen(104);
		const requests: AssociateRq[] = [];
		function* listen(): Process {
			const stream = yield* wait(listener.accept());
			const connection = new DicomConnection(world.kernel, stream, { role: 'acceptor' });
			world.kernel.spawn('pump', connection.pump());
			connection.act((association) => association.transportConnected());
			const event = yield* connection.next(seconds(5));
			if (event.kind === 'requested') requests.push(event.rq);
			connection.act((association) => association.abort());
		}
		world.kernel.spawn('listener', listen());
		examined(world);
		expect(requests).toMatchObject([
			{
				callingAeTitle: 'PACS1',
				calledAeTitle: 'CT1',
				presentationContexts: [{ id: 1, abstractSyntax: PUSH }],
				userInformation: {
					roleSelections: [{ sopClassUid: PUSH, scuRole: false, scpRole: true }],
				},
			},
		]);
		// An abort is no result.
		expect(lastTransaction(world)).toMatchObject({ state: 'open', attempts: 1 });
	});

	test('an archive that always calls back does so although the association is open', () => {
		const world = quietWorld();
		world.configure(ct1(world), 'commitment-keep-open', 30);
		world.configure(pacs(world), 'commitment-same-association', false);
		expect(examined(world).job.commitment.state).toBe('committed');
		expect(requestsTo(world, 'ct1')).toEqual(['accepted']);
	});

	test('some images are missing: the rest is committed to, the study stays and is sent again', () => {
		const world = quietWorld();
		const { order, job } = examined(world);
		const [lost, other] = order.instances.map((uid) => pacs(world).store.instance(uid)!);
		const study = pacs(world).store.delete(order.studyInstanceUid);
		for (const instance of study) if (instance !== lost) pacs(world).store.add(instance);
		other!.sopClassUid = UID.MRImageStorage;
		ct1(world).askAgain(job.id);
		waitMinutes(world, 1);
		expect(job.commitment).toMatchObject({
			state: 'failed',
			text: 'no: 2 of 10 images, 0112 no such object instance, 0119 class/instance conflict',
		});
		expect([...job.commitment.failures]).toEqual([
			[lost?.sopInstanceUid, 0x0112],
			[other?.sopInstanceUid, 0x0119],
		]);
		expect(lastTransaction(world)).toMatchObject({
			state: 'reported',
			result: '8 of 10 committed',
		});
		const view = world.console(ct1(world));
		expect(view.tables[0]?.rows[0]).toMatchObject({ tone: 'bad' });
		expect(view.status.find(({ label }) => label === 'Storage commitment')?.tone).toBe('bad');
		// Only what failed goes out again; then all but the conflict is right.
		other!.sopClassUid = UID.CTImageStorage;
		expect(ct1(world).sendAgain(job.id)).toBe(true);
		expect(job.sentUids.size).toBe(8);
		waitMinutes(world, 1);
		expect(job.commitment.state).toBe('committed');
	});

	test('a scanner that cannot be reached: tried again with growing pauses, then it has the result', () => {
		const world = quietWorld();
		ct1(world).provider.close();
		const { job } = examined(world);
		expect(job.commitment.state).toBe('requested');
		expect(lastTransaction(world)).toMatchObject({
			state: 'open',
			attempts: 1,
			lastError: 'connection refused',
		});
		waitMinutes(world, 20);
		// After 1, 2, 4 and 8 minutes.
		expect(lastTransaction(world)).toMatchObject({ state: 'open', attempts: 5 });
		ct1(world).provider.open();
		waitMinutes(world, 12);
		expect(lastTransaction(world)).toMatchObject({ state: 'reported', attempts: 6, lastError: '' });
		expect(job.commitment.state).toBe('committed');
	});

	test('a firewall between archive and scanner: the report times out, studies go as always', () => {
		const world = quietWorld();
		const { rules } = world.host('fw1').firewall;
		const at = rules.findIndex(({ id }) => id === 'commit-mod');
		expect(at).toBeGreaterThanOrEqual(0);
		rules.splice(at, 1);
		const { order, job } = examined(world, 2);
		expect(order.archivedUs).toBeDefined();
		expect(job).toMatchObject({ state: 'sent', commitment: { state: 'requested' } });
		expect(lastTransaction(world)).toMatchObject({
			state: 'open',
			lastError: 'connection timed out',
		});
	});

	test.each([
		['an unknown node', 'AE title CT1 is not in the node table'],
		['a title that the scanner does not answer to', 'rejected'],
		['a scanner without the service', 'storage commitment not accepted'],
	])('never: %s; the study stays on the scanner', (kind, error) => {
		const world = quietWorld();
		const { config } = pacs(world);
		config.commitmentAttempts = 3;
		const order = placeOrder(world, 'ct1', 0);
		run(world, ct1(world).examine(order));
		const reached = (): boolean => pacs(world).commitments.transactions.length > 0;
		while (!reached()) world.kernel.runUntil(world.kernel.nowUs + 10_000);
		if (kind === 'an unknown node') config.nodes = config.nodes.filter((n) => n.aeTitle !== 'CT1');
		else if (kind.startsWith('a title')) ct1(world).config.aeTitle = 'CT1NEW';
		else ct1(world).config.commitment.enabled = false;
		waitMinutes(world, 30);
		expect(lastTransaction(world)).toMatchObject({ state: 'given-up', attempts: 3 });
		expect(lastTransaction(world).lastError).toContain(error);
		const job = ct1(world).queue.at(-1);
		expect(job?.commitment).toMatchObject({ state: 'requested', text: 'result awaited' });
	});

	test('studies that are not committed to are not forgotten, others are', () => {
		const held = (state: SendJob['commitment']['state']): number => {
			const world = quietWorld();
			const { entry } = examined(world).job;
			const { sendQueue } = ct1(world);
			for (let i = 0; i < 40; i++) {
				const job = sendQueue.add(entry, []);
				job.state = 'sent';
				job.commitment = { ...job.commitment, state };
			}
			return sendQueue.jobs.length;
		};
		expect(held('requested')).toBe(41);
		expect(held('failed')).toBe(41);
		expect(held('committed')).toBe(31);
		expect(held('off')).toBe(31);
	});

	test('switched off, nobody asks, and the scanner has no such service', () => {
		const world = quietWorld();
		world.configure(ct1(world), 'commitment-enabled', false);
		const { job } = examined(world);
		expect(job.commitment.state).toBe('off');
		expect(pacs(world).commitments.transactions).toEqual([]);
		expect(ct1(world).askAgain(job.id)).toBe(false);
	});

	test('the archive is down when it is asked: tried a few times, then left for a person', () => {
		const world = quietWorld();
		const { job } = examined(world);
		pacs(world).stop();
		ct1(world).askAgain(job.id);
		waitMinutes(world, 10);
		expect(job.commitment).toMatchObject({
			state: 'failed',
			text: 'connection refused',
			attempts: 3,
		});
		pacs(world).start();
		ct1(world).askAgain(job.id);
		waitMinutes(world, 1);
		expect(job.commitment.state).toBe('committed');
	});

	test('an archive stopped between request and result reports after its start', () => {
		const world = quietWorld();
		const order = placeOrder(world, 'ct1', 0);
		run(world, ct1(world).examine(order));
		while (pacs(world).commitments.transactions.length === 0) {
			world.kernel.runUntil(world.kernel.nowUs + 10_000);
		}
		pacs(world).stop();
		waitMinutes(world, 5);
		expect(lastTransaction(world).state).toBe('open');
		pacs(world).start();
		waitMinutes(world, 1);
		expect(lastTransaction(world).state).toBe('reported');
		expect(ct1(world).queue.at(-1)?.commitment.state).toBe('committed');
	});

	test('the result twice: answered with success, and nothing changes', () => {
		const world = quietWorld();
		const { job } = examined(world);
		const { commitment } = job;
		const { transactionUid } = lastTransaction(world);
		expect(pacs(world).commitments.reportAgain('1.2.3')).toBe(false);
		expect(pacs(world).commitments.reportAgain(transactionUid)).toBe(true);
		waitMinutes(world, 1);
		expect(lastTransaction(world)).toMatchObject({ state: 'reported', attempts: 1 });
		expect(reports(world)).toBe(2);
		expect(job.commitment).toBe(commitment);
	});

	test('the same seed gives the same day', () => {
		const digest = (): string => {
			const world = quietWorld(undefined, 'same');
			examined(world);
			return world.kernel.trace.digest();
		};
		expect(digest()).toBe(digest());
	});
});

/** Sends results to CT 1 as an archive does, on an association on which the sender is the SCP. */
function tell(
	world: World,
	events: { type?: number; instance?: string; information?: Record<string, DataSetValue> }[],
): (number | undefined)[] {
	const statuses: (number | undefined)[] = [];
	function* session(): Process {
		const opened = yield* openAssociation(world, world.host('pacs'), {
			host: 'ct1',
			port: 104,
			calledAeTitle: 'CT1',
			callingAeTitle: 'PACS1',
			implementation: PRODUCTS.archive,
			contexts: [{ abstractSyntax: PUSH, transferSyntaxes: [EXPLICIT] }],
			roles: [{ sopClassUid: PUSH, scuRole: false, scpRole: true }],
		});
		if (!opened.ok) throw new Error('not opened');
		for (const { type = 1, instance = INSTANCE, information = {} } of events) {
			const answer = yield* opened.link.request(
				PUSH,
				nEventReportRequest({
					messageId: opened.link.connection.messageId(),
					sopClassUid: PUSH,
					sopInstanceUid: instance,
					eventTypeId: type,
				}),
				encodeDataSet(DataSet.from(information), { transferSyntax: EXPLICIT }),
			);
			statuses.push(answer.kind === 'response' ? answer.command.Status : undefined);
		}
		yield* opened.link.release();
	}
	run(world, session());
	return statuses;
}

describe('the scanner as SCU', () => {
	test('an unknown transaction, event or instance is refused, and logged', () => {
		const world = quietWorld();
		expect(
			tell(world, [
				{ information: { TransactionUID: '1.2.3' } },
				{ type: 3 },
				{ instance: '1.2.3' },
				{},
			]),
		).toEqual([0x0115, 0x0113, 0x0112, 0x0115]);
		const lines = ct1(world).logFile.lines.join('\n');
		expect(lines).toContain('Unknown Transaction UID, 0115');
	});

	test('a result that the scanner refuses is not told again', () => {
		const world = quietWorld();
		// Another program on the scanner's host asks under the scanner's title.
		function* askAs(): Process {
			const target = ct1(world).target('archive');
			const contexts = [{ abstractSyntax: PUSH, transferSyntaxes: [EXPLICIT] }];
			const opened = yield* openAssociation(world, ct1(world).host, { ...target, contexts });
			if (!opened.ok) throw new Error('not opened');
			const information = DataSet.from({
				TransactionUID: '1.2.9',
				ReferencedSOPSequence: sopReferences([[UID.CTImageStorage, '1.2.3']]),
			});
			yield* opened.link.request(
				PUSH,
				nActionRequest({
					messageId: 1,
					sopClassUid: PUSH,
					sopInstanceUid: INSTANCE,
					actionTypeId: 1,
				}),
				encodeDataSet(information, { transferSyntax: EXPLICIT }),
			);
			yield* opened.link.release();
		}
		run(world, askAs());
		waitMinutes(world, 10);
		expect(lastTransaction(world)).toMatchObject({
			state: 'refused',
			attempts: 1,
			lastError: 'N-EVENT-REPORT answered with 0115 (Unknown Transaction UID)',
		});
	});

	test('the result may come before the response to the request', () => {
		const world = quietWorld();
		const scanner = ct1(world);
		// An archive of one request: it reports first and answers afterwards.
		pacs(world).commitments.serve = function* (request) {
			const decoded = decodeDataSet(request.data, {
				transferSyntax: request.context.transferSyntax,
			});
			if (!decoded.ok) throw new Error('unreadable');
			const items = decoded.dataSet
				.items('ReferencedSOPSequence')
				.map((item) => [
					item.text('ReferencedSOPClassUID') ?? '',
					item.text('ReferencedSOPInstanceUID') ?? '',
				]);
			yield* request.invoke(
				PUSH,
				nEventReportRequest({
					messageId: 1,
					sopClassUid: PUSH,
					sopInstanceUid: INSTANCE,
					eventTypeId: 1,
				}),
				encodeDataSet(
					DataSet.from({
						TransactionUID: decoded.dataSet.text('TransactionUID') ?? '',
						ReferencedSOPSequence: sopReferences(items as [string, string][]),
					}),
					{ transferSyntax: request.context.transferSyntax },
				),
			);
			request.respond(responseTo(request.command, { status: 0x0000 }));
		};
		const { job } = examined(world);
		expect(job.commitment.state).toBe('committed');
		expect(scanner.logFile.lines.join('\n')).toMatch(/all 10 images[^]*requested/);
	});

	test('what a result does not mention is not committed to', () => {
		const world = quietWorld();
		const node = pacs(world).config.nodes.find((n) => n.aeTitle === 'CT1')!;
		node.port = 11_999;
		const { job, order } = examined(world);
		const { transactionUid } = lastTransaction(world);
		const [first] = order.instances;
		const information = {
			TransactionUID: transactionUid,
			ReferencedSOPSequence: sopReferences([[UID.CTImageStorage, first ?? '']]),
		};
		expect(tell(world, [{ type: 1, information }])).toEqual([0x0000]);
		expect(job.commitment).toMatchObject({ state: 'failed' });
		expect(job.commitment.failures.size).toBe(9);
	});

	test('only the archive may call', () => {
		const world = quietWorld();
		ct1(world).config.archive.aeTitle = 'OTHER';
		expect(() => tell(world, [{}])).toThrow('not opened');
	});
});
