import { UpperLayer } from '#lib/protocol/dicom/upper-layer/upper-layer.ts';
import { describe, expect, test } from 'vitest';
import { bytes } from './bytes.ts';
import { drain, engineAt } from './engine-driver.ts';
import { acceptance, request, wire } from './pdu-fixtures.ts';

describe('order of inputs and answers', () => {
	test('data may be answered although an abort waits in the same chunk', () => {
		const engine = engineAt('Sta6', 'acceptor');
		engine.receive(bytes(wire('P-DATA-TF'), wire('A-ABORT')));
		expect(engine.next()).toMatchObject({ kind: 'data-indication' });
		expect(engine.state).toBe('Sta6');
		engine.sendData([{ contextId: 1, isCommand: true, isLast: true, data: bytes('00') }]);
		expect(drain(engine)).toEqual(['send P-DATA-TF', 'abort-indication 2/6 received', 'close']);
	});

	test('a connection that closes after A-RELEASE-RP still confirms the release', () => {
		const engine = engineAt('Sta7', 'requestor');
		engine.receive(bytes(wire('P-DATA-TF'), wire('A-RELEASE-RP')));
		engine.transportClosed();
		expect(drain(engine)).toEqual(['data-indication', 'release-confirm', 'close']);
		expect(engine.state).toBe('Sta1');
	});

	test('bytes after a close are ignored, also when the object serves again', () => {
		const engine = engineAt('Sta6', 'requestor');
		engine.receive(bytes(wire('A-ABORT'), wire('P-DATA-TF'), '04 00'));
		expect(drain(engine)).toEqual(['abort-indication 2/6 received', 'close']);
		engine.receive(wire('P-DATA-TF'));
		expect(drain(engine)).toEqual([]);
		engine.associate(request());
		engine.receive(wire('A-ABORT'));
		engine.transportConnected();
		engine.receive(wire('A-ASSOCIATE-AC'));
		expect(drain(engine)).toEqual(['connect', 'send A-ASSOCIATE-RQ', 'associate-confirm']);
	});

	test('a connection lost in the middle of a PDU is an A-P-ABORT', () => {
		const engine = engineAt('Sta6', 'acceptor');
		engine.receive(wire('P-DATA-TF').subarray(0, 11));
		engine.transportClosed();
		expect(drain(engine)).toEqual(['abort-indication 2/0 own']);
	});

	test('a request that cannot be encoded leaves the state as it was', () => {
		const engine = new UpperLayer({ role: 'requestor' });
		expect(() => engine.associate({ ...request(), calledAeTitle: '' })).toThrow('blank');
		expect(engine.state).toBe('Sta1');
		expect(drain(engine)).toEqual([]);
	});

	test('abort source and reason are sent as asked', () => {
		const engine = engineAt('Sta6', 'requestor');
		engine.abort(4, 2);
		expect(drain(engine)).toEqual(['send A-ABORT 2/4', 'start-artim']);
	});

	test('an abort of the machine says what the peer did', () => {
		const engine = engineAt('Sta2', 'acceptor');
		engine.receive(bytes("'GET / HTTP/1.1'", '0d 0a 0d 0a'));
		expect(engine.next()).toMatchObject({ kind: 'send', cause: 'PDU type 0x47 does not exist' });
		const other = engineAt('Sta6', 'acceptor');
		other.receive(wire('A-ASSOCIATE-AC'));
		expect(other.next()).toMatchObject({ cause: 'A-ASSOCIATE-AC received in Sta6' });
	});

	test('after an invalid PDU the A-ABORT of the peer still closes', () => {
		const engine = engineAt('Sta6', 'requestor');
		engine.receive(bytes('04 00 00 00 00 04 00 00 00 00', wire('A-ABORT')));
		expect(drain(engine).slice(-2)).toEqual(['stop-artim', 'close']);
		expect(engine.state).toBe('Sta1');
	});
});

describe('release collision (PS3.8 9.2.3)', () => {
	test('two engines that release at once both end confirmed', () => {
		const requestor = engineAt('Sta6', 'requestor');
		const acceptor = engineAt('Sta6', 'acceptor');
		requestor.release();
		acceptor.release();
		const states: string[] = [];
		for (let round = 0; round < 3; round++) {
			exchange(requestor, acceptor);
			states.push(`${requestor.state} ${acceptor.state}`);
			exchange(acceptor, requestor);
			states.push(`${requestor.state} ${acceptor.state}`);
		}
		expect(states.slice(0, 4)).toEqual(['Sta7 Sta10', 'Sta9 Sta10', 'Sta11 Sta12', 'Sta1 Sta13']);
		expect(requestor.state).toBe('Sta1');
		expect(acceptor.state).toBe('Sta13');
	});

	/** Carries bytes over; answers release indications, the acceptor only when it is confirmed. */
	function exchange(from: UpperLayer, to: UpperLayer): void {
		for (let output = from.next(); output; output = from.next()) {
			if (output.kind === 'send') for (const piece of output.bytes) to.receive(piece);
			if (output.kind === 'release-indication' && from.state === 'Sta9') from.respondRelease();
			if (output.kind === 'release-confirm' && from.state === 'Sta12') from.respondRelease();
		}
	}
});

describe('ARTIM', () => {
	test('runs from the connection to the request', () => {
		const engine = new UpperLayer({ role: 'acceptor' });
		engine.transportConnected();
		expect(drain(engine)).toEqual(['start-artim']);
		engine.receive(wire('A-ASSOCIATE-RQ').subarray(0, 300));
		expect(drain(engine)).toEqual([]);
		engine.receive(wire('A-ASSOCIATE-RQ').subarray(300));
		expect(drain(engine)).toEqual(['stop-artim', 'associate-indication']);
	});

	test('is not put off by a request that trickles in', () => {
		const engine = engineAt('Sta2', 'acceptor');
		for (const octet of wire('A-ASSOCIATE-RQ').subarray(0, 200)) {
			engine.receive(Uint8Array.of(octet));
			expect(drain(engine)).toEqual([]);
		}
		engine.artimExpired();
		expect(drain(engine)).toEqual(['close']);
		expect(engine.state).toBe('Sta1');
	});

	test('is restarted by the abort of AA-1 in Sta2, and its expiry closes', () => {
		const engine = engineAt('Sta2', 'acceptor');
		engine.receive(wire('A-RELEASE-RQ'));
		expect(drain(engine)).toEqual(['send A-ABORT 0/0', 'start-artim']);
		engine.artimExpired();
		expect(drain(engine)).toEqual(['close']);
	});

	test('stops when the peer closes in Sta13', () => {
		const engine = engineAt('Sta13', 'requestor');
		engine.transportClosed();
		expect(drain(engine)).toEqual(['stop-artim']);
	});

	test('an expiry after it was stopped does nothing', () => {
		const engine = engineAt('Sta2', 'acceptor');
		engine.receive(wire('A-ASSOCIATE-RQ'));
		engine.artimExpired();
		expect(drain(engine)).toEqual(['stop-artim', 'associate-indication']);
		expect(engine.state).toBe('Sta3');
	});

	test('is not needed to abort while connecting', () => {
		const engine = engineAt('Sta4', 'requestor');
		engine.abort();
		expect(drain(engine)).toEqual(['close']);
		engine.transportConnected();
		expect(drain(engine)).toEqual([]);
	});
});

test('reject values are sent as asked', () => {
	const engine = engineAt('Sta3', 'acceptor');
	engine.reject({ result: 2, source: 3, reason: 2 });
	expect(drain(engine)).toEqual(['send A-ASSOCIATE-RJ 2/3/2', 'start-artim']);
});

test('data after the release request of the peer may still be sent (AR-7)', () => {
	const engine = engineAt('Sta8', 'acceptor');
	engine.sendData([{ contextId: 1, isCommand: false, isLast: true, data: bytes('') }]);
	engine.respondRelease();
	expect(drain(engine)).toEqual(['send P-DATA-TF', 'send A-RELEASE-RP', 'start-artim']);
});

test('an answer that accepts nothing still establishes the association', () => {
	const engine = engineAt('Sta3', 'acceptor');
	engine.accept({
		...acceptance(),
		presentationContexts: [{ id: 1, result: 3, transferSyntax: '' }],
	});
	expect(engine.state).toBe('Sta6');
});
