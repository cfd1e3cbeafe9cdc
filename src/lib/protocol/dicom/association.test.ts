import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AssociationPair, type PairOptions } from '../../../../tests/support/association-pair.ts';
import { Association, type AssociateRequestParameters } from './association.ts';
import { joinParts } from './dimse/fragment-buffer.ts';
import {
	cEchoRequest,
	cStoreRequest,
	isResponse,
	responseTo,
	VERIFICATION_SOP_CLASS,
} from './dimse/services.ts';
import type { AcceptorPolicy } from './negotiation.ts';
import { encodePdu } from './upper-layer/encode-pdu.ts';
import type { AssociateAc, Pdu, Pdv } from './upper-layer/pdu.ts';

const CT = '1.2.840.10008.5.1.4.1.1.2';
const IMPLICIT = '1.2.840.10008.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';

const policy: AcceptorPolicy = {
	aeTitles: ['PACS1'],
	acceptCalling: ['CT2'],
	supported: [
		{ abstractSyntax: VERIFICATION_SOP_CLASS, transferSyntaxes: [IMPLICIT] },
		{ abstractSyntax: CT, transferSyntaxes: [EXPLICIT, IMPLICIT] },
	],
	maximumLengthBytes: 16384,
	implementationClassUid: '1.2.3.4',
	implementationVersionName: 'ARCHIVE_1',
};

const request: AssociateRequestParameters = {
	callingAeTitle: 'CT2',
	calledAeTitle: 'PACS1',
	presentationContexts: [
		{ abstractSyntax: VERIFICATION_SOP_CLASS, transferSyntaxes: [IMPLICIT] },
		{ abstractSyntax: CT, transferSyntaxes: [IMPLICIT] },
		{ abstractSyntax: '1.2.840.10008.5.1.4.1.1.4', transferSyntaxes: [IMPLICIT] },
	],
	implementationClassUid: '1.2.9',
};

/** An acceptor that answers every request with success. */
const answerAll: NonNullable<PairOptions['onNews']> = (side, output, pair) => {
	if (output.kind !== 'message' || isResponse(output.message.command)) return;
	const { contextId, command } = output.message;
	pair.side(side).send({ contextId, command: responseTo(command, { status: 0 }) });
};

function established(options: Partial<PairOptions> = {}, changes = {}): AssociationPair {
	const pair = new AssociationPair({ policy, onNews: answerAll, ...options });
	pair.requestor.request({ ...request, ...changes });
	pair.drain();
	return pair;
}

function dataPdu(...pdvs: Pdv[]): Uint8Array {
	return joinParts(encodePdu({ kind: 'P-DATA-TF', pdvs }));
}

function kinds(pdus: Pdu[]): string[] {
	return pdus.map((pdu) => pdu.kind);
}

test('C-ECHO from request to release', () => {
	const pair = established();
	expect(pair.requestor.state).toBe('Sta6');
	expect([...pair.requestor.acceptedContexts.values()]).toEqual([
		{ id: 1, abstractSyntax: VERIFICATION_SOP_CLASS, transferSyntax: IMPLICIT },
		{ id: 3, abstractSyntax: CT, transferSyntax: IMPLICIT },
	]);
	expect(pair.acceptor.acceptedContexts).toEqual(pair.requestor.acceptedContexts);
	expect(pair.requestor.peer).toEqual({
		aeTitle: 'PACS1',
		implementationClassUid: '1.2.3.4',
		implementationVersionName: 'ARCHIVE_1',
		maximumLengthBytes: 16384,
	});
	expect(pair.acceptor.peer?.aeTitle).toBe('CT2');

	const command = cEchoRequest({ messageId: 1 });
	expect(pair.requestor.send({ contextId: 1, command })).toEqual({ ok: true });
	pair.drain();
	expect(pair.news('requestor').at(-1)).toEqual({
		kind: 'message',
		message: { contextId: 1, command: responseTo(command, { status: 0 }) },
	});

	pair.requestor.release();
	pair.drain();
	expect(pair.news('requestor').at(-1)).toEqual({ kind: 'release-confirm' });
	expect([pair.requestor.state, pair.acceptor.state]).toEqual(['Sta1', 'Sta1']);
	expect(kinds(pair.pdus('requestor'))).toEqual(['A-ASSOCIATE-RQ', 'P-DATA-TF', 'A-RELEASE-RQ']);
	expect(kinds(pair.pdus('acceptor'))).toEqual(['A-ASSOCIATE-AC', 'P-DATA-TF', 'A-RELEASE-RP']);
});

test.each([9, 127, 4097, 16384])(
	'C-STORE of a large data set to an acceptor with a maximum length of %i',
	(maximumLengthBytes) => {
		const data = [1001, 1, 3000, 40_000].map((size, i) => new Uint8Array(size).fill(i + 1));
		const pair = established({
			policy: { ...policy, maximumLengthBytes },
			acceptor: { maximumPduLengthBytes: maximumLengthBytes },
			chunkBytes: 1460,
		});
		const contextId = pair.requestor.contextFor(CT)!.id;
		const command = cStoreRequest({ messageId: 5, sopClassUid: CT, sopInstanceUid: '1.2.3' });
		expect(pair.requestor.send({ contextId, command, data })).toEqual({ ok: true });
		pair.drain();
		const received = pair.news('acceptor').find((output) => output.kind === 'message');
		expect(received?.message.command).toEqual(command);
		expect(joinParts(received!.message.data!)).toEqual(joinParts(data));
		const answer = pair.news('requestor').at(-1);
		expect(answer).toMatchObject({ message: { command: { CommandField: 0x8001, Status: 0 } } });
		const lengths = pair
			.pdus('requestor')
			.flatMap((pdu) => (pdu.kind === 'P-DATA-TF' ? pdu.pdvs[0]!.data.length + 6 : []));
		expect(Math.max(...lengths)).toBeLessThanOrEqual(maximumLengthBytes);
		expect(lengths.every((length) => length % 2 === 0)).toBe(true);
	},
);

test('a peer whose maximum length is 7 gets nothing, and the sender is told', () => {
	const pair = established({}, { maximumLengthBytes: 7 });
	const command = cEchoRequest({ messageId: 1 });
	expect(pair.acceptor.send({ contextId: 1, command })).toEqual({
		ok: false,
		error: 'maximum-length-too-small',
	});
	expect(kinds(pair.pdus('acceptor'))).toEqual(['A-ASSOCIATE-AC']);
});

test('sending without an association or on a context not accepted is an outcome, not an exception', () => {
	const command = cEchoRequest({ messageId: 1 });
	const pair = established();
	expect(pair.requestor.send({ contextId: 5, command })).toEqual({
		ok: false,
		error: 'context-not-accepted',
	});
	pair.requestor.abort();
	pair.drain();
	expect(pair.acceptor.send({ contextId: 1, command })).toEqual({
		ok: false,
		error: 'not-established',
	});
});

test('a rejection reaches the requestor and closes', () => {
	const pair = established({}, { callingAeTitle: 'CT7' });
	expect(pair.news('requestor')).toEqual([
		{ kind: 'reject-confirm', rj: { kind: 'A-ASSOCIATE-RJ', result: 1, source: 1, reason: 3 } },
	]);
	expect(pair.requestor.state).toBe('Sta1');
	expect(pair.requestor.acceptedContexts.size).toBe(0);
});

test('the acceptor may still answer after the release request (Sta8), the requestor takes it (Sta7)', () => {
	const command = cEchoRequest({ messageId: 4 });
	const pair = established({
		holdRelease: true,
		onNews: (_, output, { acceptor }) => {
			if (output.kind !== 'release-indication') return;
			expect(acceptor.state).toBe('Sta8');
			const response = responseTo(command, { status: 0 });
			expect(acceptor.send({ contextId: 1, command: response })).toEqual({ ok: true });
			acceptor.respondRelease();
		},
	});
	pair.requestor.send({ contextId: 1, command });
	pair.requestor.release();
	pair.drain();
	expect(pair.news('requestor').slice(-2)).toMatchObject([
		{ kind: 'message', message: { command: { CommandField: 0x8030 } } },
		{ kind: 'release-confirm' },
	]);
});

test.each<[string, number, Pdv]>([
	[
		'a message on a context not accepted',
		6,
		{ contextId: 5, isCommand: true, isLast: true, data: new Uint8Array(4) },
	],
	[
		'a command that cannot be read',
		6,
		{ contextId: 1, isCommand: true, isLast: true, data: new Uint8Array(4) },
	],
	[
		'data without a command',
		5,
		{ contextId: 1, isCommand: false, isLast: true, data: new Uint8Array(4) },
	],
])('%s ends in A-ABORT 2/%i, visible on both sides', (_, reason, pdv) => {
	const pair = established();
	pair.acceptor.receive(dataPdu(pdv, pdv));
	pair.drain();
	expect(pair.pdus('acceptor').at(-1)).toEqual({ kind: 'A-ABORT', source: 2, reason });
	const news = pair.news('acceptor').filter((output) => output.kind === 'abort-indication');
	expect(news).toEqual([{ kind: 'abort-indication', source: 2, reason, received: false }]);
	expect(pair.news('requestor').at(-1)).toEqual({
		kind: 'abort-indication',
		source: 2,
		reason,
		received: true,
	});
	const order = pair.log.filter(({ side }) => side === 'acceptor').map(({ output }) => output.kind);
	expect(order.lastIndexOf('send')).toBeLessThan(order.indexOf('abort-indication'));
	expect([pair.requestor.state, pair.acceptor.state]).toEqual(['Sta1', 'Sta1']);
});

test('a whole message before the defect in the same PDU is still delivered', () => {
	const pair = established({ onNews: () => {} });
	pair.requestor.send({ contextId: 1, command: cEchoRequest({ messageId: 9 }) });
	const first = pair.requestor.next();
	if (first?.kind !== 'send' || first.pdu.kind !== 'P-DATA-TF') throw new Error('no data');
	const stray: Pdv = { contextId: 1, isCommand: false, isLast: true, data: new Uint8Array(2) };
	pair.acceptor.receive(dataPdu(...first.pdu.pdvs, stray));
	pair.drain();
	expect(pair.news('acceptor').slice(-2)).toMatchObject([
		{ kind: 'message', message: { command: { MessageID: 9 } } },
		{ kind: 'abort-indication', reason: 5 },
	]);
});

test('a user who aborts before taking a bad PDU does not abort twice', () => {
	const pair = established();
	pair.acceptor.receive(
		dataPdu({ contextId: 1, isCommand: false, isLast: true, data: new Uint8Array(2) }),
	);
	pair.acceptor.abort();
	pair.drain();
	expect(kinds(pair.pdus('acceptor'))).toEqual(['A-ASSOCIATE-AC', 'A-ABORT']);
	expect(pair.news('requestor').at(-1)).toMatchObject({ source: 0, received: true });
});

test('an answer with ids never proposed, unanswered ids, repeated ids and foreign syntaxes', () => {
	const requestor = new Association({ role: 'requestor' });
	requestor.request({
		...request,
		presentationContexts: [1, 2, 3, 4].map(() => ({
			abstractSyntax: CT,
			transferSyntaxes: [IMPLICIT, EXPLICIT],
		})),
	});
	requestor.transportConnected();
	const ac: AssociateAc = {
		kind: 'A-ASSOCIATE-AC',
		protocolVersion: 1,
		calledAeTitle: '',
		callingAeTitle: '',
		applicationContext: '1.2.840.10008.3.1.1.1',
		presentationContexts: [
			{ id: 9, result: 0, transferSyntax: IMPLICIT },
			{ id: 3, result: 0, transferSyntax: EXPLICIT },
			{ id: 5, result: 0, transferSyntax: '1.2.840.10008.1.2.4.50' },
			{ id: 7, result: 2, transferSyntax: IMPLICIT },
		],
		userInformation: { maximumLength: 0, implementationClassUid: '1.2' },
	};
	requestor.receive(joinParts(encodePdu(ac)));
	while (requestor.next() !== undefined);
	expect([...requestor.acceptedContexts.values()]).toEqual([
		{ id: 3, abstractSyntax: CT, transferSyntax: EXPLICIT },
	]);
	expect(requestor.contextFor(CT, EXPLICIT)?.id).toBe(3);
	expect(requestor.contextFor(CT, IMPLICIT)).toBeUndefined();
	expect(requestor.peer?.aeTitle).toBe('PACS1');
});

test('fields of the request can be overridden to be wrong on purpose', () => {
	const pair = established({}, { override: { applicationContext: '1.2.3' } });
	expect(pair.news('requestor')).toMatchObject([{ rj: { result: 1, source: 1, reason: 2 } }]);
});

test('mutated sessions never throw and end quiet', () => {
	const recorded = established();
	recorded.requestor.send({
		contextId: 3,
		command: cStoreRequest({ messageId: 1, sopClassUid: CT, sopInstanceUid: '1.2.3' }),
		data: [new Uint8Array(300)],
	});
	recorded.requestor.send({ contextId: 1, command: cEchoRequest({ messageId: 2 }) });
	recorded.requestor.release();
	recorded.drain();
	const session = joinParts(recorded.pdus('requestor').flatMap((pdu) => encodePdu(pdu)));
	const mutation = fc.tuple(fc.nat(session.length - 1), fc.integer({ min: 0, max: 255 }));
	fc.assert(
		fc.property(
			fc.array(mutation, { maxLength: 5 }),
			fc.integer({ min: 1, max: session.length }),
			(mutations, chunkBytes) => {
				const pair = new AssociationPair({ policy, onNews: answerAll });
				const bytes = session.slice();
				for (const [at, value] of mutations) bytes[at] = value;
				pair.acceptor.transportConnected();
				for (let at = 0; at < bytes.length; at += chunkBytes) {
					pair.acceptor.receive(bytes.slice(at, at + chunkBytes));
					pair.drain(1000);
				}
				pair.acceptor.transportClosed();
				pair.drain(1000);
				expect(pair.acceptor.state).toBe('Sta1');
			},
		),
		{ numRuns: 400 },
	);
});
