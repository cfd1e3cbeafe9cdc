import {
	cStoreRequest,
	nEventReportRequest,
	responseTo,
} from '#lib/protocol/dicom/dimse/services.ts';
import { wait, type Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import { negotiate } from '#lib/protocol/dicom/negotiation.ts';
import { expect, test } from 'vitest';
import { quietWorld } from '../../../../tests/simulation/community-world.ts';
import type { World } from '../world.ts';
import { DicomConnection } from './dicom-connection.ts';

import {
	CT,
	DATA,
	FIND,
	find,
	IMPLICIT,
	PORT,
	served,
	talk,
} from '../../../../tests/support/served-device.ts';

const REPORT = nEventReportRequest({
	messageId: 0,
	sopClassUid: CT,
	sopInstanceUid: '1.2',
	eventTypeId: 1,
	withDataSet: false,
});
const STORE = cStoreRequest({ messageId: 0, sopClassUid: CT, sopInstanceUid: '1.2' });

test.each([
	['a store, requestor is SCU only', STORE, undefined, 'role-not-accepted'],
	['a store, requestor is SCP', STORE, { scuRole: false, scpRole: true }, 'response'],
	['a report, requestor is SCU', REPORT, undefined, 'response'],
	[
		'a report, requestor is SCP only',
		REPORT,
		{ scuRole: false, scpRole: true },
		'role-not-accepted',
	],
] as const)('the acceptor asks on the same association: %s', (_, command, role, kind) => {
	const answers: string[] = [];
	const { world } = served(function* (request) {
		const data = command === STORE ? DATA : undefined;
		const answer = yield* request.invoke(CT, command, data);
		answers.push(answer.kind);
		if (answer.kind === 'response') answers.push(String(answer.command.Status));
		request.respond(responseTo(request.command, { status: 0x0000 }));
	});
	const asked: (number | undefined)[] = [];
	const answer = talk(
		world,
		function* (link) {
			return yield* link.request(FIND, find(1), DATA);
		},
		{
			...(role && { roles: [{ sopClassUid: CT, ...role }] }),
			*serve(request) {
				asked.push(request.command.MessageID);
				expect(request.callingAeTitle).toBe('SERVER');
				request.respond(responseTo(request.command, { status: 0xb000 }));
			},
		},
	);
	expect(answer).toMatchObject({ kind: 'response', command: { Status: 0x0000 } });
	expect(answers).toEqual(kind === 'response' ? ['response', String(0xb000)] : [kind]);
	expect(asked).toEqual(kind === 'response' ? [1] : []);
});

test('serveFor serves until its time is over, and answers the release of nobody', () => {
	const { world } = served(function* (request) {
		request.respond(responseTo(request.command, { status: 0x0000 }));
		yield* world.kernel.sleep(seconds(2));
		yield* request.invoke(CT, REPORT);
	});
	const reports: string[] = [];
	const [before, after, ended] = talk(
		world,
		function* (link): Process<[number, number, string]> {
			yield* link.request(FIND, find(1), DATA);
			const counts = reports.length;
			const event = yield* link.serveFor(seconds(5));
			yield* link.release();
			return [counts, reports.length, event.kind];
		},
		{
			*serve(request) {
				reports.push('report');
				request.respond(responseTo(request.command, { status: 0x0000 }));
			},
		},
	);
	expect([before, after, ended]).toEqual([0, 1, 'timeout']);
});

/** A peer of three lines: accepts, and answers each message with these Message IDs. */
function* careless(world: World, ids: number[]): Process {
	const stream = yield* wait(world.host('ris').listen(PORT).accept());
	const connection = new DicomConnection(world.kernel, stream, { role: 'acceptor' });
	world.kernel.spawn('careless.pump', connection.pump());
	connection.act((association) => association.transportConnected());
	for (;;) {
		const event = yield* wait(connection.take());
		if (event.kind === 'requested') {
			const supported = [{ abstractSyntax: FIND, transferSyntaxes: [IMPLICIT] }];
			const any = { aeTitles: 'any', acceptCalling: 'any', supported } as const;
			const limits = { maximumLengthBytes: 0, implementationClassUid: '1.2.3' };
			const answer = negotiate(event.rq, { ...any, ...limits }, 0);
			if (answer.kind === 'A-ASSOCIATE-AC') connection.act((one) => one.accept(answer));
		} else if (event.kind === 'message') {
			const { command, contextId } = event.message;
			for (const id of ids) {
				const response = responseTo({ ...command, MessageID: id }, { status: 0x0000 });
				connection.send({ contextId, command: response });
			}
		} else return;
	}
}

test('a response to a request that was never made, or a second one, is ignored', () => {
	const world = quietWorld();
	world.kernel.spawn('careless', careless(world, [77, 1, 1]));
	const answers = talk(world, function* (link) {
		const first = yield* link.request(FIND, find(1), DATA);
		const more = yield* link.serveFor(seconds(5));
		return [first, more];
	});
	expect(answers).toMatchObject([
		{ command: { MessageIDBeingRespondedTo: 1, Status: 0x0000 } },
		{ kind: 'timeout' },
	]);
});

test('an acceptor that gets no answer gives up, and does not ask again while it may not', () => {
	const kinds: string[] = [];
	const { world } = served(function* (request) {
		for (let i = 0; i < 2; i++) kinds.push((yield* request.invoke(CT, REPORT)).kind);
		request.respond(responseTo(request.command, { status: 0x0000 }));
	});
	const asked: number[] = [];
	talk(world, (link) => link.request(FIND, find(1), DATA), {
		answerTimeoutUs: seconds(120),
		*serve(request) {
			asked.push(request.command.MessageID ?? 0);
			yield* world.kernel.sleep(0);
		},
	});
	expect(kinds).toEqual(['timeout', 'timeout']);
	// One outstanding at a time is what was negotiated, and the first was never answered.
	expect(asked).toEqual([1]);
});

test('after the end every request learns at once how it ended', () => {
	const { world, server } = served(function* () {
		server.stop();
		yield* world.kernel.sleep(1);
	});
	const [kinds, waited] = talk(world, function* (link): Process<[string[], number]> {
		const first = yield* link.request(FIND, find(1), DATA);
		const since = world.kernel.nowUs;
		const second = yield* link.request(FIND, find(2), DATA);
		return [[first.kind, second.kind], world.kernel.nowUs - since];
	});
	expect(kinds).toEqual(['aborted', 'aborted']);
	expect(waited).toBe(0);
});
