import type { Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import { DataSet, type DataSetValue } from '#lib/protocol/dicom/dataset/data-set.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { nActionRequest, responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import { describe, expect, test } from 'vitest';
import { quietWorld, run } from '../../../../../tests/simulation/community-world.ts';
import {
	examined,
	lastTransaction,
	pacs,
	sopReferences,
	waitMinutes,
} from '../../../../../tests/support/storage-commitment.ts';
import { openAssociation } from '../../dicom/service-class-user.ts';
import { PRODUCTS } from '../../products.ts';
import type { World } from '../../world.ts';

const PUSH = UID.StorageCommitmentPushModelSOPClass;
const INSTANCE = UID.StorageCommitmentPushModelSOPInstance;
const EXPLICIT = UID.LittleEndianExplicit;

/** What the archive answers to an N-ACTION of CT 1's title, and what it reports on the same association. */
interface Asked {
	status: number | undefined;
	action: number | undefined;
	events: { type: number | undefined; data: DataSet | undefined }[];
}

function ask(
	world: World,
	information: Record<string, DataSetValue>,
	command: { actionTypeId?: number; sopInstanceUid?: string } = {},
): Asked {
	const asked: Asked = { status: undefined, action: undefined, events: [] };
	function* session(): Process {
		const opened = yield* openAssociation(world, world.host('ct1'), {
			host: 'pacs',
			port: 104,
			calledAeTitle: 'PACS1',
			callingAeTitle: 'CT1',
			implementation: PRODUCTS.desk,
			contexts: [{ abstractSyntax: PUSH, transferSyntaxes: [EXPLICIT] }],
			*serve(request) {
				const decoded = decodeDataSet(request.data, { transferSyntax: EXPLICIT });
				asked.events.push({
					type: request.command.EventTypeID,
					data: decoded.ok ? decoded.dataSet : undefined,
				});
				request.respond(responseTo(request.command, { status: 0x0000 }));
			},
		});
		if (!opened.ok) throw new Error('not opened');
		const answer = yield* opened.link.request(
			PUSH,
			nActionRequest({
				messageId: 7,
				sopClassUid: PUSH,
				sopInstanceUid: command.sopInstanceUid ?? INSTANCE,
				actionTypeId: command.actionTypeId ?? 1,
			}),
			encodeDataSet(DataSet.from(information), { transferSyntax: EXPLICIT }),
		);
		if (answer.kind !== 'response') throw new Error(`no response but ${answer.kind}`);
		asked.status = answer.command.Status;
		asked.action = answer.command.ActionTypeID;
		yield* opened.link.serveFor(seconds(5));
		yield* opened.link.release();
	}
	run(world, session());
	return asked;
}

const failuresOf = (asked: Asked): [string | undefined, number | undefined][] =>
	(asked.events[0]?.data?.items('FailedSOPSequence') ?? []).map((item) => [
		item.text('ReferencedSOPInstanceUID'),
		item.number('FailureReason'),
	]);

describe('the archive as SCP', () => {
	test('event 1 with all, event 2 with a reason for each that fails', () => {
		const world = quietWorld();
		const { order } = examined(world);
		const uids = order.instances;
		const CT = UID.CTImageStorage;
		const all = ask(world, {
			TransactionUID: '1.2.1',
			ReferencedSOPSequence: sopReferences(uids.map((uid) => [CT, uid])),
		});
		expect(all).toMatchObject({ status: 0x0000, action: 1, events: [{ type: 1 }] });
		const result = all.events[0]?.data;
		expect(result?.text('TransactionUID')).toBe('1.2.1');
		expect(result?.text('RetrieveAETitle')).toBe('PACS1');
		expect(result?.has('FailedSOPSequence')).toBe(false);
		expect(result?.items('ReferencedSOPSequence')).toHaveLength(10);

		pacs(world).store.instance(uids[3]!)!.bytes = new Uint8Array(0);
		const some = ask(world, {
			TransactionUID: '1.2.2',
			ReferencedSOPSequence: sopReferences([
				[CT, uids[0]!],
				[CT, '1.2.3.4'],
				[UID.MRImageStorage, uids[1]!],
				['1.2.840.99999', '1.2.3.5'],
				[CT, uids[3]!],
			]),
		});
		expect(some.events[0]?.type).toBe(2);
		expect(failuresOf(some)).toEqual([
			['1.2.3.4', 0x0112],
			[uids[1], 0x0119],
			['1.2.3.5', 0x0122],
			[uids[3], 0x0110],
		]);
		expect(some.events[0]?.data?.items('ReferencedSOPSequence')).toHaveLength(1);

		const again = ask(world, {
			TransactionUID: '1.2.1',
			ReferencedSOPSequence: sopReferences([[CT, uids[0]!]]),
		});
		expect(failuresOf(again)).toEqual([[uids[0], 0x0131]]);

		const many = Array.from({ length: 20_001 }, (_, i): [string, string] => [CT, `1.2.${i}`]);
		const tooMany = ask(world, {
			TransactionUID: '1.2.4',
			ReferencedSOPSequence: sopReferences(many),
		});
		expect(tooMany.status).toBe(0x0000);
		waitMinutes(world, 1);
		expect(lastTransaction(world)).toMatchObject({ result: '0 of 20001 committed' });
	});

	test.each([
		['another action', 0x0123, { TransactionUID: '1.2.3' }, { actionTypeId: 2 }],
		['another instance', 0x0112, { TransactionUID: '1.2.3' }, { sopInstanceUid: '1.2.3' }],
		['no Transaction UID', 0x0115, { ReferencedSOPSequence: sopReferences([['1.2', '1.3']]) }, {}],
		['nothing to commit to', 0x0115, { TransactionUID: '1.2.3' }, {}],
		[
			'a reference without a UID',
			0x0115,
			{ TransactionUID: '1.2.3', ReferencedSOPSequence: [new DataSet()] },
			{},
		],
	] as [string, number, Record<string, DataSetValue>, object][])(
		'%s is refused with %i and no result',
		(_, status, information, command) => {
			const world = quietWorld();
			expect(ask(world, information, command)).toMatchObject({ status, events: [] });
			expect(pacs(world).commitments.transactions).toEqual([]);
		},
	);

	test('who may not store may not ask', () => {
		const world = quietWorld();
		pacs(world).config.nodes.find((n) => n.aeTitle === 'CT1')!.mayStore = false;
		expect(ask(world, { TransactionUID: '1.2.3' }).status).toBe(0x0124);
	});
});
