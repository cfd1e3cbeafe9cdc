import type { Process } from '#lib/kernel/process.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { tagOf } from '#lib/protocol/dicom/dataset/dictionary.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import type { CommandSet } from '#lib/protocol/dicom/dimse/command-dictionary.ts';
import { cFindRequest, nCreateRequest, nSetRequest } from '#lib/protocol/dicom/dimse/services.ts';
import { expect, test } from 'vitest';
import { quietWorld, run } from '../../../../../tests/simulation/community-world.ts';
import { placeOrder } from '../../../../../tests/support/place-order.ts';
import { openAssociation, type Answer } from '../../dicom/service-class-user.ts';
import { PRODUCTS } from '../../products.ts';
import type { World } from '../../world.ts';
import type { Modality } from '../modality/modality.ts';
import type { Ris } from './ris.ts';

/** What the service says on the wire; the state rules themselves are in performed-steps.test.ts. */

const STEP = UID.ModalityPerformedProcedureStepSOPClass;
const EXPLICIT = UID.LittleEndianExplicit;

type Response = Extract<Answer, { kind: 'response' }>;

function ask(world: World, command: CommandSet, data: Uint8Array[]): Response {
	function* session(): Process<Response> {
		const opened = yield* openAssociation(world, world.host('admin'), {
			host: 'ris',
			port: 104,
			calledAeTitle: 'RISMWL',
			callingAeTitle: 'PACSDESK',
			implementation: PRODUCTS.desk,
			contexts: [{ abstractSyntax: STEP, transferSyntaxes: [EXPLICIT] }],
		});
		if (!opened.ok) throw new Error('not opened');
		const answer = yield* opened.link.request(STEP, command, data);
		if (answer.kind !== 'response') throw new Error(`no response but ${answer.kind}`);
		yield* opened.link.release();
		return answer;
	}
	return run(world, session());
}

const encoded = (list: DataSet): Uint8Array[] => encodeDataSet(list, { transferSyntax: EXPLICIT });

/** The attribute list that CT 1 would send for an order. */
function beginOf(world: World): DataSet {
	const ct1 = world.device('ct1') as Modality;
	const order = placeOrder(world, 'ct1', 0);
	run(world, ct1.refreshWorklist());
	const accepts = world.device('ris') as Ris;
	accepts.config.acceptPerformedSteps = false;
	world.kernel.spawn('room', ct1.examine(order));
	world.kernel.runUntil(world.kernel.nowUs + 1);
	accepts.config.acceptPerformedSteps = true;
	const list = ct1.stepReports.reports[0]?.messages[0]?.list;
	if (!list) throw new Error('nothing to report');
	return list;
}

test('without a UID the RIS makes one and names it', () => {
	const world = quietWorld();
	const list = beginOf(world);
	const request = nCreateRequest({ messageId: 3, sopClassUid: STEP });
	const { command } = ask(world, request, encoded(list));
	expect(command).toMatchObject({ Status: 0x0000, AffectedSOPClassUID: STEP });
	const made = command.AffectedSOPInstanceUID ?? '';
	expect(made).toMatch(/^2\.25\.\d+$/);
	expect((world.device('ris') as Ris).performedSteps.get(made)?.status).toBe('IN PROGRESS');
	const set = nSetRequest({ messageId: 4, sopClassUid: STEP, sopInstanceUid: made });
	const bad = ask(world, set, encoded(DataSet.from({ PerformedProcedureStepStatus: 'DONE' })));
	expect(bad.command).toMatchObject({
		Status: 0x0106,
		AffectedSOPInstanceUID: made,
	});
	// The attribute goes back as the data set; the list of tags is for what is missing or not allowed.
	expect(bad.command.AttributeIdentifierList).toBeUndefined();
	const sent = decodeDataSet(bad.data ?? new Uint8Array(0), { transferSyntax: EXPLICIT });
	expect(sent.ok && sent.dataSet.text('PerformedProcedureStepStatus')).toBe('DONE');
});

test('refusals carry what PS3.7 gives them, and are logged', () => {
	const world = quietWorld();
	const list = beginOf(world);
	const create = nCreateRequest({ messageId: 1, sopClassUid: STEP, sopInstanceUid: '1.2.3' });
	const without = DataSet.from({ PatientID: 'SYN1' });
	const missing = ask(world, create, encoded(without)).command;
	expect(missing.Status).toBe(0x0120);
	expect(missing.AttributeIdentifierList).toContain(tagOf('PerformedProcedureStepID'));
	expect(missing.ErrorComment?.length).toBeLessThanOrEqual(64);
	expect(ask(world, create, [new Uint8Array(9)]).command.Status).toBe(0x0110);
	expect(ask(world, create, encoded(list)).command.Status).toBe(0x0000);
	expect(ask(world, create, encoded(list)).command.Status).toBe(0x0111);
	const set = nSetRequest({ messageId: 1, sopClassUid: STEP, sopInstanceUid: '1.2.3' });
	(world.device('ris') as Ris).performedSteps.get('1.2.3')!.status = 'COMPLETED';
	const late = ask(
		world,
		set,
		encoded(new DataSet().set('CommentsOnThePerformedProcedureStep', 'x')),
	);
	expect(late.command).toMatchObject({
		Status: 0x0110,
		ErrorID: 0xa710,
		ErrorComment: 'Performed Procedure Step Object may no longer be updated',
	});
	const other = nSetRequest({ messageId: 1, sopClassUid: STEP, sopInstanceUid: '1.2.4' });
	expect(ask(world, other, encoded(without)).command.Status).toBe(0x0112);
	const log = world.device('ris').logFile.lines.join('\n');
	for (const code of ['0120', '0110', '0111', '0112']) expect(log).toContain(`refused: ${code}`);
});

test('a worklist query on the context of the steps is no operation there', () => {
	const world = quietWorld();
	const find = cFindRequest({ messageId: 1, sopClassUid: STEP });
	expect(ask(world, find, encoded(DataSet.from({ PatientID: '' }))).command.Status).toBe(0x0211);
});
