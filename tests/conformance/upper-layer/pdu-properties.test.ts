import { PduEncodeError } from '#lib/protocol/dicom/upper-layer/byte-writer.ts';
import { PduReader } from '#lib/protocol/dicom/upper-layer/decode-pdu.ts';
import { encodePdu } from '#lib/protocol/dicom/upper-layer/encode-pdu.ts';
import { IllegalPrimitive } from '#lib/protocol/dicom/upper-layer/illegal-primitive.ts';
import { UpperLayer } from '#lib/protocol/dicom/upper-layer/upper-layer.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { join } from './bytes.ts';
import { drain } from './engine-driver.ts';
import { anyPdu, cuts, segmented } from './pdu-arbitrary.ts';
import { FIXTURES, acceptance, request } from './pdu-fixtures.ts';

const LIMITS = { dataBytes: 1 << 20, otherBytes: 1 << 20 };
const SEED = 20_260_101;

function readAll(chunks: Uint8Array[]) {
	const reader = new PduReader(LIMITS);
	const found = [];
	for (const chunk of chunks) {
		reader.push(chunk);
		for (let pdu = reader.next(); pdu; pdu = reader.next()) found.push(pdu);
	}
	return found;
}

test('what is written is read back, however it is cut', () => {
	fc.assert(
		fc.property(fc.array(anyPdu, { minLength: 1, maxLength: 4 }), cuts, (pdus, places) => {
			const wire = join(pdus.flatMap((pdu) => encodePdu(pdu)));
			expect(readAll([wire])).toEqual(pdus);
			expect(readAll(segmented(wire, places))).toEqual(pdus);
			expect(readAll(Array.from(wire, (octet) => Uint8Array.of(octet)))).toEqual(pdus);
		}),
		{ seed: SEED, numRuns: 300 },
	);
});

const mutation = fc.record({
	at: fc.nat(),
	value: fc.integer({ min: 0, max: 255 }),
	how: fc.constantFrom('set', 'insert', 'delete'),
});

function mutate(bytes: Uint8Array, mutations: { at: number; value: number; how: string }[]) {
	const out = Array.from(bytes);
	for (const { at, value, how } of mutations) {
		const place = at % Math.max(1, out.length);
		if (how === 'set') out[place] = value;
		else out.splice(place, how === 'delete' ? 1 : 0, ...(how === 'insert' ? [value] : []));
	}
	return Uint8Array.from(out);
}

const mutations = fc.array(mutation, { minLength: 1, maxLength: 6 });

test('damaged bytes never throw, and read the same however they are cut', () => {
	fc.assert(
		fc.property(anyPdu, mutations, cuts, (pdu, changes, places) => {
			const damaged = mutate(join(encodePdu(pdu)), changes);
			const whole = readAll([damaged]);
			expect(readAll(segmented(damaged, places))).toEqual(whole);
		}),
		{ seed: SEED, numRuns: 2000 },
	);
});

test('every single byte of every fixture may take any of some values without a throw', () => {
	for (const { wire } of Object.values(FIXTURES)) {
		for (let at = 0; at < wire.length; at++) {
			for (const value of [0x00, 0x01, 0x07, 0x21, 0x59, 0x7f, 0xff]) {
				const damaged = wire.slice();
				damaged[at] = value;
				expect(readAll([damaged]).length).toBeLessThanOrEqual(wire.length);
			}
		}
	}
});

/** The service primitives and inputs, at random; bytes are damaged now and then. */
type Act = { name: string; chunk: Uint8Array };
const act: fc.Arbitrary<Act> = fc.record({
	name: fc.constantFrom(
		...['associate', 'accept', 'reject', 'data', 'release', 'respond', 'abort'],
		...['up', 'down', 'artim', 'bytes', 'bytes', 'bytes', 'drain', 'drain'],
	),
	chunk: fc
		.tuple(
			fc.oneof(fc.constantFrom(...Object.values(FIXTURES).map((f) => f.pdu)), anyPdu),
			fc.option(mutations),
		)
		.map(([pdu, changes]) => mutate(join(encodePdu(pdu)), changes ?? [])),
});

const INPUTS: Record<string, (engine: UpperLayer, chunk: Uint8Array) => void> = {
	up: (engine) => engine.transportConnected(),
	down: (engine) => engine.transportClosed(),
	artim: (engine) => engine.artimExpired(),
	bytes: (engine, chunk) => engine.receive(chunk),
	drain: (engine) => void drain(engine),
};

const PRIMITIVES: Record<string, (engine: UpperLayer, chunk: Uint8Array) => void> = {
	associate: (engine) => engine.associate(request()),
	accept: (engine) => engine.accept(acceptance()),
	reject: (engine) => engine.reject({ result: 1, source: 1, reason: 3 }),
	data: (engine, data) => engine.sendData([{ contextId: 1, isCommand: false, isLast: true, data }]),
	release: (engine) => engine.release(),
	respond: (engine) => engine.respondRelease(),
	abort: (engine) => engine.abort(),
};

test('no sequence of inputs throws, and primitives throw only the typed errors', () => {
	fc.assert(
		fc.property(fc.boolean(), fc.array(act, { maxLength: 25 }), (requests, acts) => {
			const engine = new UpperLayer({ role: requests ? 'requestor' : 'acceptor' });
			for (const { name, chunk } of acts) {
				INPUTS[name]?.(engine, chunk);
				try {
					PRIMITIVES[name]?.(engine, chunk);
				} catch (error) {
					const typed = error instanceof IllegalPrimitive || error instanceof PduEncodeError;
					expect(typed, String(error)).toBe(true);
				}
				expect(engine.state).toMatch(/^Sta([1-9]|1[0-3])$/);
			}
		}),
		{ seed: SEED, numRuns: 1500 },
	);
});

test('the engine says the same however the stream is cut', () => {
	const stream = fc.array(anyPdu, { maxLength: 4 });
	fc.assert(
		fc.property(stream, fc.option(mutations), cuts, (pdus, changes, places) => {
			const damaged = mutate(join(pdus.flatMap((pdu) => encodePdu(pdu))), changes ?? []);
			const wire = join([FIXTURES['A-ASSOCIATE-RQ'].wire, damaged]);
			expect(runAcceptor(segmented(wire, places))).toEqual(runAcceptor([wire]));
		}),
		{ seed: SEED, numRuns: 500 },
	);
});

/** An acceptor that accepts at once and answers a release. */
function runAcceptor(chunks: Uint8Array[]): string[] {
	const engine = new UpperLayer({ role: 'acceptor' });
	engine.transportConnected();
	const lines: string[] = [];
	for (const chunk of chunks) {
		engine.receive(chunk);
		for (let output = engine.next(); output; output = engine.next()) {
			lines.push(JSON.stringify({ ...output, bytes: null, pdvs: null, kind: output.kind }));
			if (output.kind === 'associate-indication') engine.accept(acceptance());
			if (output.kind === 'release-indication') engine.respondRelease();
		}
	}
	return [...lines, engine.state];
}
