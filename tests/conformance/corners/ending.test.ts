import { encodeCommandSet } from '#lib/protocol/dicom/dimse/command-set.ts';
import { cEchoRequest, cStoreRequest, responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import { describe, expect, test } from 'vitest';
import { bytes } from '../upper-layer/bytes.ts';
import { wire } from '../upper-layer/pdu-fixtures.ts';
import { CT, dataPdu, lineOf, negotiated, outputsOf, pdv, requesting } from './session.ts';

const echo = cEchoRequest({ messageId: 1 });
const store = encodeCommandSet(
	cStoreRequest({ messageId: 2, sopClassUid: CT, sopInstanceUid: '1.2.3' }),
);

describe('release', () => {
	test('with requests outstanding: the answers still come, then the release is confirmed', () => {
		const pair = negotiated();
		for (let messageId = 1; messageId <= 3; messageId++) {
			pair.requestor.send({ contextId: 1, command: cEchoRequest({ messageId }) });
		}
		pair.requestor.release();
		pair.drain();
		// AR-6 in Sta7: the answers arrive although the release was asked for.
		const kinds = pair.news('requestor').map(({ kind }) => kind);
		expect(kinds).toEqual([
			'associate-confirm',
			'message',
			'message',
			'message',
			'release-confirm',
		]);
	});

	test('after its own release request nothing more is sent', () => {
		const { requestor } = negotiated();
		requestor.release();
		expect(requestor.send({ contextId: 1, command: echo })).toEqual({
			ok: false,
			error: 'not-established',
		});
	});

	test('the side that was asked may still send (AR-7), until it has answered', () => {
		const { acceptor } = negotiated();
		acceptor.receive(wire('A-RELEASE-RQ'));
		expect(outputsOf(acceptor)).toEqual(['release-indication']);
		const command = responseTo(echo, { status: 0 });
		expect(acceptor.send({ contextId: 1, command })).toEqual({ ok: true });
		acceptor.respondRelease();
		expect(acceptor.send({ contextId: 1, command })).toMatchObject({ error: 'not-established' });
		expect(outputsOf(acceptor)).toEqual(['send P-DATA-TF', 'send A-RELEASE-RP', 'start-artim']);
	});

	test('collision: both ask at once, the requestor answers first, both are confirmed', () => {
		const { requestor, acceptor } = negotiated();
		const log: string[] = [];
		const carry = (from: typeof requestor, to: typeof acceptor, name: string) => {
			for (let output = from.next(); output; output = from.next()) {
				log.push(`${name} ${lineOf(output)}`);
				if (output.kind === 'send') for (const piece of output.bytes) to.receive(piece);
				if (output.kind === 'close') to.transportClosed();
				if (output.kind === 'release-indication' && from.state === 'Sta9') from.respondRelease();
				if (output.kind === 'release-confirm' && from.state === 'Sta12') from.respondRelease();
			}
		};
		requestor.release();
		acceptor.release();
		for (let round = 0; round < 4; round++) {
			carry(requestor, acceptor, 'requestor');
			carry(acceptor, requestor, 'acceptor');
		}
		expect(log).toEqual([
			'requestor send A-RELEASE-RQ',
			'acceptor send A-RELEASE-RQ',
			'acceptor release-indication',
			'requestor release-indication',
			'requestor send A-RELEASE-RP',
			'acceptor release-confirm',
			'acceptor send A-RELEASE-RP',
			'acceptor start-artim',
			'requestor release-confirm',
			'requestor close',
			'acceptor stop-artim',
		]);
		expect([requestor.state, acceptor.state]).toEqual(['Sta1', 'Sta1']);
	});
});

describe('abort', () => {
	test('in the middle of a message: what was begun is dropped, the user is told once', () => {
		const pair = negotiated();
		pair.acceptor.receive(
			dataPdu(pdv(3, 'command', store), pdv(3, 'data', new Uint8Array(9), false)),
		);
		pair.acceptor.receive(wire('A-ABORT'));
		expect(outputsOf(pair.acceptor)).toEqual(['abort-indication 2/6 received', 'close']);
		expect(pair.acceptor.state).toBe('Sta1');
	});

	test('behind half a PDU its bytes are data: only the length says where a PDU ends', () => {
		const pair = negotiated();
		const message = dataPdu(pdv(3, 'command', store));
		pair.acceptor.receive(message.slice(0, message.length - 10));
		pair.acceptor.receive(wire('A-ABORT'));
		// The end of the command is what should have been an abort: it cannot be read.
		expect(outputsOf(pair.acceptor)[0]).toBe('send A-ABORT 2/6');
	});

	test('by the user has source 0 and reason 0; answers that come after it are ignored', () => {
		const { requestor } = negotiated();
		requestor.abort();
		requestor.receive(
			dataPdu(pdv(1, 'command', encodeCommandSet(responseTo(echo, { status: 0 })))),
		);
		expect(outputsOf(requestor)).toEqual(['send A-ABORT 0/0', 'start-artim']);
		requestor.transportClosed();
		expect(outputsOf(requestor)).toEqual(['stop-artim']);
	});
});

describe('the transport ends', () => {
	test('FIN, half close and RST are one input: what came before is told, then the loss', () => {
		const { acceptor } = negotiated();
		acceptor.receive(dataPdu(pdv(1, 'command', encodeCommandSet(echo))));
		acceptor.transportClosed();
		expect(outputsOf(acceptor)).toEqual(['message', 'abort-indication 2/0 own']);
		expect(acceptor.state).toBe('Sta1');
		expect(acceptor.send({ contextId: 1, command: echo })).toMatchObject({ ok: false });
	});

	test('in the middle of a PDU, and before the answer to a request', () => {
		const { acceptor } = negotiated();
		acceptor.receive(dataPdu(pdv(3, 'command', store)).slice(0, 20));
		acceptor.transportClosed();
		expect(outputsOf(acceptor)).toEqual(['abort-indication 2/0 own']);
		const requestor = requesting();
		requestor.transportClosed();
		expect(outputsOf(requestor)).toEqual(['abort-indication 2/0 own']);
	});

	test('with the release confirmed the close is no loss', () => {
		const { requestor } = negotiated();
		requestor.release();
		requestor.receive(wire('A-RELEASE-RP'));
		requestor.transportClosed();
		expect(outputsOf(requestor)).toEqual(['send A-RELEASE-RQ', 'release-confirm', 'close']);
	});

	test('PDUs after the close are ignored', () => {
		const { acceptor } = negotiated();
		acceptor.transportClosed();
		outputsOf(acceptor);
		for (const kind of ['P-DATA-TF', 'A-RELEASE-RQ', 'A-ASSOCIATE-RQ', 'A-ABORT'] as const) {
			acceptor.receive(wire(kind));
			expect(outputsOf(acceptor)).toEqual([]);
		}
	});
});

describe('PDUs that have no place in an association: AA-8, A-ABORT 2/2', () => {
	test.each([
		['a second A-ASSOCIATE-RQ', 'acceptor', wire('A-ASSOCIATE-RQ'), '2/2'],
		['an A-ASSOCIATE-AC from the requestor', 'acceptor', wire('A-ASSOCIATE-AC'), '2/2'],
		['an A-ASSOCIATE-RJ', 'acceptor', wire('A-ASSOCIATE-RJ'), '2/2'],
		['a second A-ASSOCIATE-AC', 'requestor', wire('A-ASSOCIATE-AC'), '2/2'],
		['an A-RELEASE-RP nobody asked for', 'requestor', wire('A-RELEASE-RP'), '2/2'],
		['a PDU type that does not exist', 'acceptor', bytes('0b 00 00 00 00 00'), '2/1'],
		['a web request', 'acceptor', bytes("'GET / HTTP/1.1'", '0d 0a 0d 0a'), '2/1'],
	] as const)('%s', (_, side, chunk, reason) => {
		const association = negotiated()[side];
		association.receive(chunk);
		expect(outputsOf(association)).toEqual([
			`send A-ABORT ${reason}`,
			`abort-indication ${reason} own`,
			'start-artim',
		]);
	});

	test('data before the answer to the request', () => {
		const requestor = requesting();
		requestor.receive(wire('P-DATA-TF'));
		expect(outputsOf(requestor)[0]).toBe('send A-ABORT 2/2');
	});
});
