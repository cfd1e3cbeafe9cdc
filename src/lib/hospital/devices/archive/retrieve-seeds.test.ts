import type { Process } from '#lib/kernel/process.ts';
import { Random } from '#lib/kernel/random.ts';
import { seconds } from '#lib/kernel/time.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import {
	cFindRequest,
	cGetRequest,
	cMoveRequest,
	responseTo,
} from '#lib/protocol/dicom/dimse/services.ts';
import { expect, test } from 'vitest';
import type { AssociationTarget } from '../../dicom/service-class-user.ts';
import type { World } from '../../world.ts';
import {
	archiveWorld,
	context,
	conversation,
	exchange,
	identifierOf,
	keep,
	storeDestination,
	study,
	type Response,
} from '../../../../../tests/support/archive-conversation.ts';

const FIND = UID.FINDStudyRootQueryRetrieveInformationModel;
const MOVE = UID.MOVEStudyRootQueryRetrieveInformationModel;
const GET = UID.GETStudyRootQueryRetrieveInformationModel;
const CT = UID.CTImageStorage;
const STATUSES = [0x0000, 0x0000, 0x0000, 0xa700, 0xa900, 0xb000, 0xb007, 'abort', 0xc001] as const;

interface Talk {
	kind: 'find' | 'move' | 'get';
	total: number;
	responses: Response[];
}

/** Several requestors at once: they query, move and get, some cancel, and a destination is moody. */
function busyQuarter(seed: string): { world: World; talks: Talk[] } {
	const random = new Random(seed, 'busy-quarter');
	const { world, archive } = archiveWorld();
	const sizes = Array.from({ length: 4 }, () => random.between(1, 8));
	const studies = sizes.map((size, i) => study(`${seed}-${i}`, {}, size));
	for (const one of studies) keep(archive, one);
	const moods = Array.from({ length: 40 }, () => random.pick(STATUSES));
	storeDestination(world, { answer: (index) => moods[index] ?? 0x0000 });
	const talks: Talk[] = [];

	function* requestor(messageId: number): Process {
		yield* world.kernel.sleep(random.between(0, 50_000));
		const kind = random.pick(['find', 'move', 'get'] as const);
		const index = random.between(0, studies.length - 1);
		const cancelAfter = random.pick([undefined, undefined, 0, 1, 2, 3]);
		const uid = studies[index]?.[0]?.text('StudyInstanceUID') ?? '';
		const keys = { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: kind === 'find' ? '' : uid };
		const status = random.pick([0x0000, 0x0000, 0xa700, 0xb000]);
		const model = { find: FIND, move: MOVE, get: GET }[kind];
		const command = {
			find: cFindRequest({ messageId, sopClassUid: FIND }),
			move: cMoveRequest({ messageId, sopClassUid: MOVE, destination: 'PACSDESK' }),
			get: cGetRequest({ messageId, sopClassUid: GET }),
		}[kind];
		const asScp: Partial<AssociationTarget> = {
			roles: [{ sopClassUid: CT, scuRole: false, scpRole: true }],
			*serve(request) {
				yield* world.kernel.sleep(random.between(0, 20_000));
				request.respond(responseTo(request.command, { status }));
			},
		};
		const contexts = kind === 'get' ? [context(GET), context(CT)] : [context(model)];
		const responses = yield* conversation(
			world,
			contexts,
			(link) => exchange(link, model, command, identifierOf(keys), cancelAfter),
			kind === 'get' ? asScp : {},
		);
		talks.push({ kind, total: sizes[index] ?? 0, responses });
	}

	for (let i = 1; i <= 8; i++) world.kernel.spawn(`requestor ${i}`, requestor(i));
	world.kernel.runUntil(world.kernel.nowUs + seconds(120));
	return { world, talks };
}

const SEEDS = Array.from({ length: 20 }, (_, i) => `seed-${i}`);

test.each(SEEDS)(
	'%s: one final response each, counters that add up, and the same again',
	(seed) => {
		const { world, talks } = busyQuarter(seed);
		expect(talks.length).toBe(8);
		for (const { kind, total, responses } of talks) {
			const pending = responses.slice(0, -1);
			expect(pending.every(({ status }) => status === 0xff00)).toBe(true);
			const last = responses.at(-1);
			expect([0x0000, 0xa702, 0xb000, 0xfe00]).toContain(last?.status);
			if (kind === 'find') continue;
			for (const { command, status } of responses) {
				const remaining = command.NumberOfRemainingSuboperations;
				expect(remaining !== undefined).toBe(status === 0xff00 || status === 0xfe00);
				const done =
					(command.NumberOfCompletedSuboperations ?? 0) +
					(command.NumberOfFailedSuboperations ?? 0) +
					(command.NumberOfWarningSuboperations ?? 0);
				expect(done + (remaining ?? 0)).toBe(total);
			}
			const failed = last?.identifier?.texts('FailedSOPInstanceUIDList').length ?? 0;
			expect(failed).toBe(last?.command.NumberOfFailedSuboperations);
		}
		expect(busyQuarter(seed).world.kernel.trace.digest()).toBe(world.kernel.trace.digest());
	},
);
