import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Association } from '#lib/protocol/dicom/association.ts';
import { encodeCommandSet } from '#lib/protocol/dicom/dimse/command-set.ts';
import { cEchoRequest, cStoreRequest, responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import { expect, test } from 'vitest';
import { CT, dataPdu, negotiated, outputsOf, pdv, raw, requestPdu } from './session.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function usedBytes(): number {
	collectGarbage();
	const { heapUsed, arrayBuffers } = process.memoryUsage();
	return heapUsed + arrayBuffers;
}

/** Bytes that each of many associations holds after `open`. */
function bytesEach(count: number, open: (association: Association) => void): number {
	const before = usedBytes();
	const all: Association[] = [];
	for (let i = 0; i < count; i++) {
		const association = new Association({ role: 'acceptor' });
		open(association);
		outputsOf(association);
		all.push(association);
	}
	const each = (usedBytes() - before) / count;
	expect(all).toHaveLength(count);
	return each;
}

test('10,000 peers that connect and say nothing, or half of a request, cost a few KB each', () => {
	const request = raw(requestPdu());
	const silent = bytesEach(10_000, (association) => association.transportConnected());
	const half = bytesEach(10_000, (association) => {
		association.transportConnected();
		for (const at of [0, 100]) association.receive(request.slice(at, at + 100));
	});
	expect(silent).toBeLessThan(4 * 1024);
	expect(half).toBeLessThan(6 * 1024);
});

test.each([
	['A-ASSOCIATE-RQ', Uint8Array.of(1, 0, 0, 0x0f, 0xff, 0xff)],
	['P-DATA-TF', Uint8Array.of(4, 0, 0, 0, 0x40, 0)],
])('a large %s that is announced and never sent costs what came of it', (_, header) => {
	const announced = bytesEach(10_000, (association) => {
		association.transportConnected();
		association.receive(header.slice());
		for (let i = 0; i < 3; i++) association.receive(new Uint8Array(10));
	});
	expect(announced).toBeLessThan(4 * 1024);
});

test('a data set of two-byte fragments costs its bytes, not an object for each', () => {
	const { acceptor } = negotiated();
	const store = cStoreRequest({ messageId: 1, sopClassUid: CT, sopInstanceUid: '1.2' });
	acceptor.receive(dataPdu(pdv(3, 'command', encodeCommandSet(store))));
	const before = usedBytes();
	const fragments = Array.from({ length: 500 }, () => pdv(3, 'data', new Uint8Array(2), false));
	for (let i = 0; i < 200; i++) {
		acceptor.receive(dataPdu(...fragments));
		outputsOf(acceptor);
	}
	expect(usedBytes() - before).toBeLessThan(1024 * 1024);
});

const image = [new Uint8Array(500_000)];

test('a peer that never reads: the queue is bounded, and sending goes on when it is taken', () => {
	const { requestor } = negotiated({}, { requestor: { maximumUnsentBytes: 1_000_000 } });
	const store = (messageId: number) => ({
		contextId: 3,
		command: cStoreRequest({ messageId, sopClassUid: CT, sopInstanceUid: '1.2' }),
		data: image,
	});
	const outcomes = [1, 2, 3, 4].map((id) => requestor.send(store(id)));
	expect(outcomes).toEqual([
		{ ok: true },
		{ ok: true },
		{ ok: false, error: 'send-queue-full' },
		{ ok: false, error: 'send-queue-full' },
	]);
	expect(requestor.unsentBytes).toBeGreaterThan(1_000_000);
	expect(requestor.unsentBytes).toBeLessThan(1_020_000);
	// The connection takes some of it: the rest is below the limit, and one more message goes.
	for (let i = 0; i < 32; i++) requestor.next();
	expect(requestor.unsentBytes).toBeLessThan(1_000_000);
	expect(requestor.send(store(3))).toEqual({ ok: true });
	requestor.abort();
	expect(outputsOf(requestor).slice(-2)).toEqual(['send A-ABORT 0/0', 'start-artim']);
	expect(requestor.unsentBytes).toBe(0);
});

test('a peer that asks and asks and never reads: a driver that stops taking stops growing', () => {
	const SOCKET_BYTES = 4096;
	const { acceptor } = negotiated({}, { acceptor: { maximumUnsentBytes: 2048 } });
	let written = 0;
	let refused = 0;
	/** Takes outputs while the socket has room; answers what it is told. */
	const drive = (): boolean => {
		while (written < SOCKET_BYTES) {
			const output = acceptor.next();
			if (output === undefined) return true;
			if (output.kind === 'send') for (const piece of output.bytes) written += piece.length;
			if (output.kind !== 'message') continue;
			const { contextId, command } = output.message;
			const outcome = acceptor.send({ contextId, command: responseTo(command, { status: 0 }) });
			if (!outcome.ok) refused += 1;
		}
		return false;
	};
	let fed = 0;
	while (drive()) {
		const command = encodeCommandSet(cEchoRequest({ messageId: 1 + (fed % 65_535) }));
		acceptor.receive(dataPdu(pdv(1, 'command', command)));
		fed += 1;
		if (fed > 1000) throw new Error('the driver never stopped');
	}
	expect(fed).toBeLessThan(100);
	expect(acceptor.unsentBytes).toBeLessThan(2048 + 200);
	expect(refused).toBe(0);
});
