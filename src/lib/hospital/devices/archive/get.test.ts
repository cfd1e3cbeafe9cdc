import type { Process } from '#lib/kernel/process.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cGetRequest, COMMAND_FIELD, responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import { expect, test } from 'vitest';
import type { AssociationTarget } from '../../dicom/service-class-user.ts';
import type { ServiceRequest } from '../../dicom/service-request.ts';
import type { World } from '../../world.ts';
import {
	context,
	counters,
	exchange,
	expectWholeCounters,
	failedUids,
	filled,
	identifierOf,
	keysOf,
	statuses,
	talk,
	type Response,
	type Values,
} from '../../../../../tests/support/archive-conversation.ts';

const GET = UID.GETStudyRootQueryRetrieveInformationModel;
const CT = UID.CTImageStorage;
const EXPLICIT = UID.LittleEndianExplicit;
const IMPLICIT = UID.LittleEndianImplicit;

/** What comes in on the association of a C-GET, and how it is answered. */
function getting(answer: (index: number) => number = () => 0x0000) {
	const received: { sopInstanceUid: string; transferSyntax: string; bytes: Uint8Array }[] = [];
	return {
		received,
		*serve(request: ServiceRequest): Process {
			const status = answer(received.length);
			received.push({
				sopInstanceUid: request.command.AffectedSOPInstanceUID ?? '',
				transferSyntax: request.context.transferSyntax,
				bytes: request.data,
			});
			expect(request.command.CommandField).toBe(COMMAND_FIELD['C-STORE-RQ']);
			expect(request.command.MoveOriginatorMessageID).toBeUndefined();
			request.respond(responseTo(request.command, { status }));
		},
	};
}

const AS_SCP = { roles: [{ sopClassUid: CT, scuRole: false, scpRole: true }] };

function get(
	world: World,
	keys: Values,
	changes: Partial<AssociationTarget>,
	contexts = [context(CT, EXPLICIT)],
	cancelAfter?: number,
): Response[] {
	const command = cGetRequest({ messageId: 3, sopClassUid: GET });
	return talk(
		world,
		[context(GET), ...contexts],
		(link) => exchange(link, GET, command, identifierOf(keys), cancelAfter),
		changes,
	);
}

test('C-GET: the objects come back on the same association, byte for byte', () => {
	const { world, archive, uid, sopUids } = filled();
	const scp = getting();
	const responses = get(world, keysOf(uid(0)), { ...AS_SCP, serve: scp.serve });
	expect(statuses(responses)).toEqual([0xff00, 0xff00, 0x0000]);
	expectWholeCounters(responses, 3);
	expect(scp.received.map((one) => one.sopInstanceUid)).toEqual(sopUids);
	for (const { sopInstanceUid, bytes } of scp.received) {
		expect(Buffer.from(bytes).equals(archive.store.instance(sopInstanceUid)!.bytes)).toBe(true);
	}
	expect(archive.provider.history.length).toBe(1);
});

test.each([
	['without the SCP role', {}, [context(CT, EXPLICIT)]],
	['without a context for the class', AS_SCP, []],
	['with a context for another class only', AS_SCP, [context(UID.MRImageStorage)]],
])('C-GET %s: every sub-operation fails, A702', (_, changes, contexts) => {
	const { world, uid, sopUids } = filled();
	const scp = getting();
	const responses = get(world, keysOf(uid(0)), { ...changes, serve: scp.serve }, contexts);
	expect(responses.at(-1)?.status).toBe(0xa702);
	expect(failedUids(responses.at(-1))).toEqual(sopUids);
	expectWholeCounters(responses, 3);
	expect(scp.received).toEqual([]);
});

test('C-GET: what the requestor refuses counts as failed, and its warnings as warnings', () => {
	const { world, uid, sopUids } = filled();
	const answers = [0xb007, 0xa700, 0x0000];
	const scp = getting((index) => answers[index] ?? 0);
	const responses = get(world, keysOf(uid(0)), { ...AS_SCP, serve: scp.serve });
	expect(responses.at(-1)?.status).toBe(0xb000);
	expect(counters(responses.at(-1)!)).toMatchObject({ completed: 1, failed: 1, warning: 1 });
	expect(failedUids(responses.at(-1))).toEqual([sopUids[1]]);
});

test('C-GET without anybody to serve the sub-operations: they are answered 0211 and fail', () => {
	const { world, uid } = filled();
	expect(get(world, keysOf(uid(0)), AS_SCP).at(-1)?.status).toBe(0xa702);
});

test('C-GET: written anew in the uncompressed syntax that was accepted', () => {
	const { world, uid, objects } = filled(IMPLICIT);
	const scp = getting();
	get(world, keysOf(uid(0)), { ...AS_SCP, serve: scp.serve });
	const [first] = scp.received;
	expect(first?.transferSyntax).toBe(EXPLICIT);
	const decoded = decodeDataSet(first?.bytes ?? new Uint8Array(0), { transferSyntax: EXPLICIT });
	const pixels = decoded.ok ? decoded.dataSet.bytes('PixelData') : undefined;
	expect(pixels).toEqual(objects[0]?.[0]?.bytes('PixelData'));
});

test('C-CANCEL of a C-GET: FE00 with what remains, and the association goes on', () => {
	const { world, uid } = filled();
	const scp = getting();
	const changes = { ...AS_SCP, serve: scp.serve };
	const responses = get(world, keysOf(uid(0)), changes, undefined, 1);
	expect(responses.at(-1)?.status).toBe(0xfe00);
	expectWholeCounters(responses, 3);
	expect(scp.received.length).toBe(counters(responses.at(-1)!).completed);
});
