import { PerformedOperations } from '#lib/protocol/dicom/dimse/performed-operations.ts';
import { responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import type { DimseMessage } from '#lib/protocol/dicom/dimse/message.ts';
import { describe, expect, test } from 'vitest';
import { bytes } from '../upper-layer/bytes.ts';
import { dataPdu, negotiated, pdv } from './session.ts';

const GROUP_LENGTH = '00 00 00 00 04 00 00 00 38 00 00 00';
const SOP_CLASS = bytes('00 00 02 00 12 00 00 00', "'1.2.840.10008.1.1'", '00');
const FIELD = '00 00 00 01 02 00 00 00 30 00';
const MESSAGE_ID = '00 00 10 01 02 00 00 00 07 00';
const NO_DATA = '00 00 00 08 02 00 00 00 01 01';

/** What an acceptor makes of a command set on context 1: the message, or the abort. */
function received(...command: (string | Uint8Array)[]): DimseMessage | string {
	const pair = negotiated({}, { onNews: () => {} });
	pair.acceptor.receive(dataPdu(pdv(1, 'command', bytes(...command))));
	pair.drain();
	const output = pair.news('acceptor').at(-1);
	if (output?.kind === 'message') return output.message;
	if (output?.kind === 'abort-indication') return `aborted ${output.source}/${output.reason}`;
	return 'nothing';
}

const ECHO = {
	contextId: 1,
	command: {
		AffectedSOPClassUID: '1.2.840.10008.1.1',
		CommandField: 0x30,
		MessageID: 7,
		CommandDataSetType: 0x0101,
	},
};

test.each([
	['as it should be', [GROUP_LENGTH, SOP_CLASS, FIELD, MESSAGE_ID, NO_DATA]],
	['group length missing', [SOP_CLASS, FIELD, MESSAGE_ID, NO_DATA]],
	[
		'group length wrong',
		['00 00 00 00 04 00 00 00 ff ff ff ff', SOP_CLASS, FIELD, MESSAGE_ID, NO_DATA],
	],
	['group length twice', [GROUP_LENGTH, GROUP_LENGTH, SOP_CLASS, FIELD, MESSAGE_ID, NO_DATA]],
	['tags not sorted', [NO_DATA, MESSAGE_ID, FIELD, SOP_CLASS, GROUP_LENGTH]],
	[
		'an odd length',
		[bytes('00 00 02 00 11 00 00 00', "'1.2.840.10008.1.1'"), FIELD, MESSAGE_ID, NO_DATA],
	],
	['a retired element', [SOP_CLASS, FIELD, MESSAGE_ID, '00 00 10 50 02 00 00 00 20 20', NO_DATA]],
])('taken: %s', (_, command) => {
	expect(received(...command)).toEqual(ECHO);
});

test.each([
	[
		'an element of another group',
		[SOP_CLASS, FIELD, MESSAGE_ID, NO_DATA, '08 00 05 00 00 00 00 00'],
	],
	['a length past the end', [SOP_CLASS, FIELD, MESSAGE_ID, NO_DATA, '00 00 02 09 ff 00 00 00']],
	['a command field of 4 bytes', ['00 00 00 01 04 00 00 00 30 00 00 00', NO_DATA]],
	['no command field', [SOP_CLASS, MESSAGE_ID, NO_DATA]],
	['no command data set type', [SOP_CLASS, FIELD, MESSAGE_ID]],
	['half an element', [SOP_CLASS, FIELD, MESSAGE_ID, NO_DATA, '00 00 02']],
])('aborted 2/6: %s', (_, command) => {
	expect(received(...command)).toBe('aborted 2/6');
});

test('a command field that no service has is answered 0x0211, not aborted', () => {
	const message = received(SOP_CLASS, '00 00 00 01 02 00 00 00 77 07', MESSAGE_ID, NO_DATA);
	if (typeof message === 'string') throw new Error(message);
	const verdict = new PerformedOperations().request(message.command);
	expect(verdict).toEqual({ kind: 'refuse', status: 0x0211 });
	expect(responseTo(message.command, { status: 0x0211 })).toMatchObject({
		CommandField: 0x8777,
		MessageIDBeingRespondedTo: 7,
	});
});

describe('command data set type', () => {
	test.each([0x0000, 0x0001, 0x0100, 0x0102, 0xfefe])(
		'0x%s, as every value but 0x0101, announces a data set',
		(type) => {
			const pair = negotiated({}, { onNews: () => {} });
			const announce = Uint8Array.of(0, 0, 0, 8, 2, 0, 0, 0, type & 0xff, type >> 8);
			const command = bytes(SOP_CLASS, FIELD, MESSAGE_ID, announce);
			pair.acceptor.receive(dataPdu(pdv(1, 'command', command)));
			pair.drain();
			expect(pair.news('acceptor').map(({ kind }) => kind)).not.toContain('message');
			pair.acceptor.receive(dataPdu(pdv(1, 'data', new Uint8Array(2))));
			pair.drain();
			expect(pair.news('acceptor').at(-1)).toMatchObject({
				message: { data: [new Uint8Array(2)] },
			});
		},
	);
});

test.each([
	[
		'Requested where Affected belongs',
		{ RequestedSOPClassUID: '1.2', RequestedSOPInstanceUID: '1.3' },
	],
	[
		'Affected where Requested belongs',
		{ AffectedSOPClassUID: '1.2', AffectedSOPInstanceUID: '1.3' },
	],
])('%s: the answer names the instance all the same', (_, uids) => {
	const request = { CommandField: 0x0120, MessageID: 1, CommandDataSetType: 0x0101, ...uids };
	expect(responseTo(request, { status: 0 })).toMatchObject({
		AffectedSOPClassUID: '1.2',
		AffectedSOPInstanceUID: '1.3',
	});
});
