import { Association, type AssociationOutput } from '#lib/protocol/dicom/association.ts';
import { joinParts } from '#lib/protocol/dicom/dimse/fragment-buffer.ts';
import type { DimseMessage } from '#lib/protocol/dicom/dimse/message.ts';
import {
	cCancelRequest,
	cEchoRequest,
	cFindRequest,
	cStoreRequest,
	isResponse,
	responseTo,
} from '#lib/protocol/dicom/dimse/services.ts';
import { negotiate } from '#lib/protocol/dicom/negotiation.ts';
import { encodePdu } from '#lib/protocol/dicom/upper-layer/encode-pdu.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyPdu, cuts, segmented } from '../upper-layer/pdu-arbitrary.ts';
import { CT, POLICY, STUDY_ROOT_FIND, lineOf, negotiated, raw, requestPdu } from './session.ts';

const SEED = 20_260_301;

const messageId = fc.integer({ min: 1, max: 65_535 });
const data = fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 3 });
const message: fc.Arbitrary<DimseMessage> = fc.oneof(
	messageId.map((id) => ({ contextId: 1, command: cEchoRequest({ messageId: id }) })),
	messageId.map((id) => ({ contextId: 5, command: cCancelRequest(id) })),
	fc.tuple(messageId, data).map(([id, parts]) => ({
		contextId: 3,
		command: cStoreRequest({ messageId: id, sopClassUid: CT, sopInstanceUid: `1.2.${id}` }),
		data: parts,
	})),
	fc.tuple(messageId, data).map(([id, parts]) => ({
		contextId: 5,
		command: cFindRequest({ messageId: id, sopClassUid: STUDY_ROOT_FIND }),
		data: parts,
	})),
);

const conversation = fc.record({
	messages: fc.array(message, { maxLength: 6 }),
	/** The acceptor's maximum length, which decides how messages are cut into PDUs. */
	maximumLengthBytes: fc.constantFrom(0, 8, 31, 128, 16_384),
	ending: fc.constantFrom('release', 'abort', 'none'),
});

type Conversation = typeof conversation extends fc.Arbitrary<infer T> ? T : never;

/** All bytes that the requestor of a conversation sends. */
function bytesOf({ messages, maximumLengthBytes, ending }: Conversation): Uint8Array {
	const pair = negotiated(
		{},
		{
			policy: { ...POLICY, maximumLengthBytes },
			acceptor: { maximumPduLengthBytes: maximumLengthBytes },
		},
	);
	for (const each of messages) expect(pair.requestor.send(each)).toEqual({ ok: true });
	if (ending === 'release') pair.requestor.release();
	if (ending === 'abort') pair.requestor.abort();
	pair.drain();
	return joinParts(pair.pdus('requestor').flatMap((pdu) => encodePdu(pdu)));
}

/** What an acceptor says and does when it gets these bytes; message data joined. */
function serve(chunks: Uint8Array[], maximumPduLengthBytes = 0): string[] {
	const acceptor = new Association({ role: 'acceptor', maximumPduLengthBytes });
	const log: string[] = [];
	const take = () => {
		for (let output = acceptor.next(); output; output = acceptor.next()) {
			log.push(describe(output));
			react(acceptor, output);
		}
	};
	acceptor.transportConnected();
	take();
	for (const chunk of chunks) {
		acceptor.receive(chunk);
		take();
	}
	acceptor.transportClosed();
	take();
	return [...log, acceptor.state];
}

function describe(output: AssociationOutput): string {
	if (output.kind !== 'message') return lineOf(output);
	const { contextId, command, data: parts } = output.message;
	const bytes = parts === undefined ? 'none' : Buffer.from(joinParts(parts)).toString('hex');
	return `message ${contextId} ${JSON.stringify(command)} ${bytes}`;
}

function react(acceptor: Association, output: AssociationOutput): void {
	if (output.kind === 'associate-indication') {
		const answer = negotiate(output.rq, POLICY, 0);
		if (answer.kind === 'A-ASSOCIATE-AC') acceptor.accept(answer);
		else acceptor.reject(answer);
	} else if (output.kind === 'release-indication') acceptor.respondRelease();
	else if (output.kind === 'message' && !isResponse(output.message.command)) {
		const { contextId, command } = output.message;
		acceptor.send({ contextId, command: responseTo(command, { status: 0 }) });
	}
}

function singleBytes(bytes: Uint8Array): Uint8Array[] {
	return Array.from(bytes, (octet) => Uint8Array.of(octet));
}

test('any conversation means the same however it is cut, and every message arrives', () => {
	fc.assert(
		fc.property(conversation, cuts, (talk, places) => {
			const wire = bytesOf(talk);
			const whole = serve([wire]);
			expect(serve(segmented(wire, places))).toEqual(whole);
			const messages = whole.filter((line) => line.startsWith('message'));
			expect(messages).toEqual(
				talk.messages.map((sent) => describe({ kind: 'message', message: sent })),
			);
		}),
		{ seed: SEED, numRuns: 300 },
	);
});

test('one conversation, cut at every byte, and byte by byte', () => {
	const wire = bytesOf({
		messages: [
			{ contextId: 1, command: cEchoRequest({ messageId: 1 }) },
			{
				contextId: 3,
				command: cStoreRequest({ messageId: 2, sopClassUid: CT, sopInstanceUid: '1.2' }),
				data: [Uint8Array.from({ length: 301 }, (_, i) => i)],
			},
		],
		maximumLengthBytes: 128,
		ending: 'release',
	});
	const whole = serve([wire]);
	expect(whole.at(-1)).toBe('Sta1');
	expect(whole.filter((line) => line.startsWith('message'))).toHaveLength(2);
	expect(serve(singleBytes(wire))).toEqual(whole);
	for (let cut = 1; cut < wire.length; cut++) {
		expect(serve([wire.slice(0, cut), wire.slice(cut)])).toEqual(whole);
	}
});

const garbage = fc.oneof(
	fc.uint8Array({ maxLength: 200 }),
	anyPdu.map((pdu) => raw(pdu)),
	fc
		.tuple(fc.integer({ min: 0, max: 9 }), fc.uint8Array({ maxLength: 60 }))
		.map(([type, body]) => joinParts([Uint8Array.of(type, 0, 0, 0, 0, body.length), body])),
);

test('arbitrary bytes, before and within an association, never throw, and read the same in any pieces', () => {
	fc.assert(
		fc.property(fc.boolean(), fc.array(garbage, { maxLength: 5 }), cuts, (open, parts, places) => {
			const bytes = joinParts([...(open ? [raw(requestPdu())] : []), ...parts]);
			const whole = serve([bytes]);
			expect(serve(segmented(bytes, places))).toEqual(whole);
			expect(whole.at(-1)).toBe('Sta1');
		}),
		{ seed: SEED, numRuns: 1000 },
	);
});

test('arbitrary bytes never throw at a requestor either', () => {
	fc.assert(
		fc.property(fc.boolean(), fc.array(garbage, { maxLength: 5 }), (open, parts) => {
			const requestor = new Association({ role: 'requestor' });
			requestor.request({
				callingAeTitle: 'A',
				calledAeTitle: 'B',
				presentationContexts: [{ abstractSyntax: CT, transferSyntaxes: ['1.2'] }],
				implementationClassUid: '1.2',
			});
			requestor.transportConnected();
			const accepted = { id: 1, result: 0, transferSyntax: '1.2' } as const;
			if (open) {
				requestor.receive(
					raw({ ...requestPdu(), kind: 'A-ASSOCIATE-AC', presentationContexts: [accepted] }),
				);
			}
			for (const part of parts) {
				requestor.receive(part);
				for (let output = requestor.next(); output; output = requestor.next()) {
					if (output.kind === 'release-indication') requestor.respondRelease();
				}
			}
			requestor.transportClosed();
			while (requestor.next() !== undefined);
			expect(requestor.state).toBe('Sta1');
		}),
		{ seed: SEED, numRuns: 1000 },
	);
});
