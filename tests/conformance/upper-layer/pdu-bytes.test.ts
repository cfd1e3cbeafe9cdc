import { PduEncodeError } from '#lib/protocol/dicom/upper-layer/byte-writer.ts';
import { PduReader } from '#lib/protocol/dicom/upper-layer/decode-pdu.ts';
import { encodePdu } from '#lib/protocol/dicom/upper-layer/encode-pdu.ts';
import type { AssociateRq, Pdu } from '#lib/protocol/dicom/upper-layer/pdu.ts';
import { describe, expect, test } from 'vitest';
import { join } from './bytes.ts';
import { FIXTURES, acceptance, request } from './pdu-fixtures.ts';

const LIMITS = { dataBytes: 1 << 20, otherBytes: 1 << 20 };

function readAll(...chunks: Uint8Array[]) {
	const reader = new PduReader(LIMITS);
	const found = [];
	for (const chunk of chunks) {
		reader.push(chunk);
		for (let pdu = reader.next(); pdu; pdu = reader.next()) found.push(pdu);
	}
	return found;
}

describe.each(Object.entries(FIXTURES))('%s', (_kind, { wire, pdu }) => {
	test('is written as the fixture', () => {
		expect(join(encodePdu(pdu))).toEqual(wire);
	});

	test('is read from the fixture', () => {
		expect(readAll(wire)).toEqual([pdu]);
	});

	test('is read byte by byte', () => {
		expect(readAll(...Array.from(wire, (octet) => Uint8Array.of(octet)))).toEqual([pdu]);
	});

	test('cut at every byte gives nothing until the rest comes', () => {
		for (let cut = 0; cut < wire.length; cut++) {
			const reader = new PduReader(LIMITS);
			reader.push(wire.slice(0, cut));
			expect(reader.next()).toBeUndefined();
			reader.push(wire.slice(cut));
			expect(reader.next()).toEqual(pdu);
			expect(reader.next()).toBeUndefined();
		}
	});

	test('with reserved bytes set reads the same', () => {
		const noisy = wire.slice();
		noisy[1] = 0xff;
		if (pdu.kind.startsWith('A-RELEASE')) noisy.fill(0xff, 6);
		if (pdu.kind.startsWith('A-ASSOCIATE') && pdu.kind !== 'A-ASSOCIATE-RJ') {
			noisy.fill(0xff, 8, 10);
			noisy.fill(0xff, 42, 74);
			noisy[75] = 0xff; // in the header of the application context item
		}
		expect(readAll(noisy)).toEqual([pdu]);
	});
});

test('all PDUs in one chunk come out in order', () => {
	const all = Object.values(FIXTURES);
	expect(readAll(join(all.map(({ wire }) => wire)))).toEqual(all.map(({ pdu }) => pdu));
});

test('the data of a P-DATA-TF is neither copied on writing nor on reading in one chunk', () => {
	const data = new Uint8Array(1000);
	const pieces = encodePdu({
		kind: 'P-DATA-TF',
		pdvs: [{ contextId: 1, isCommand: false, isLast: true, data }],
	});
	expect(pieces.map((piece) => piece.length)).toEqual([12, 1000]);
	expect(pieces[1]).toBe(data);
	const chunk = join(pieces);
	const [pdu] = readAll(chunk);
	expect(pdu?.kind === 'P-DATA-TF' && pdu.pdvs[0]?.data.buffer).toBe(chunk.buffer);
});

test('AE titles lose spaces at both ends and nothing else', () => {
	const wire = FIXTURES['A-ASSOCIATE-RQ'].wire.slice();
	wire.set(new TextEncoder().encode('  arc HIVE \0    '), 10);
	const [pdu] = readAll(wire);
	expect(pdu).toMatchObject({ calledAeTitle: 'arc HIVE \0', callingAeTitle: 'CT2' });
});

describe('the encoder refuses', () => {
	const rq = (change: Partial<AssociateRq>): Pdu => ({ ...request(), ...change });
	const info = (change: object): Pdu =>
		rq({ userInformation: { ...request().userInformation, ...change } });
	const context = (id: number) => ({ id, abstractSyntax: '1.2', transferSyntaxes: ['1.2'] });
	const cases: [string, Pdu][] = [
		['an AE title of 17 characters', rq({ calledAeTitle: 'A'.repeat(17) })],
		['a blank called AE title', rq({ calledAeTitle: ' '.repeat(16) })],
		['an empty calling AE title', rq({ callingAeTitle: '' })],
		['a character that is no byte', rq({ callingAeTitle: 'CT\u20ac' })],
		['context id 0', rq({ presentationContexts: [context(0)] })],
		['an even context id', rq({ presentationContexts: [context(2)] })],
		['context id 257', rq({ presentationContexts: [context(257)] })],
		['a context id twice', rq({ presentationContexts: [context(1), context(1)] })],
		['a string of 64 KB', info({ implementationVersionName: 'x'.repeat(0x10000) })],
		[
			'items of more than 64 KB in sum',
			info({
				implementationClassUid: '1'.repeat(40000),
				implementationVersionName: 'x'.repeat(40000),
			}),
		],
		['a maximum length over 32 bits', info({ maximumLength: 2 ** 32 })],
		['a negative maximum length', info({ maximumLength: -1 })],
		['a user identity response in a request', info({ userIdentityResponse: new Uint8Array(1) })],
		[
			'a user identity in an answer',
			{ ...acceptance(), userInformation: request().userInformation },
		],
		['a P-DATA-TF without PDV', { kind: 'P-DATA-TF', pdvs: [] }],
		['an abort reason over a byte', { kind: 'A-ABORT', source: 2, reason: 256 }],
		[
			'a PDV on an even context',
			{
				kind: 'P-DATA-TF',
				pdvs: [{ contextId: 4, isCommand: true, isLast: true, data: new Uint8Array(2) }],
			},
		],
	];
	test.each(cases)('%s', (_name, pdu) => {
		expect(() => encodePdu(pdu)).toThrow(PduEncodeError);
	});
});

test('blank AE titles may be echoed in an answer', () => {
	const answer = { ...acceptance(), calledAeTitle: '', callingAeTitle: '' };
	expect(readAll(join(encodePdu(answer)))).toEqual([answer]);
});

test('128 contexts, 300 transfer syntaxes and maximum length 2^32 - 1 pass', () => {
	const transferSyntaxes = Array.from({ length: 300 }, (_, i) => `1.2.840.10008.1.2.${i}`);
	const presentationContexts = Array.from({ length: 128 }, (_, i) => ({
		id: 2 * i + 1,
		abstractSyntax: '1.2.840.10008.1.1',
		transferSyntaxes,
	}));
	const userInformation = { maximumLength: 0xffff_ffff, implementationClassUid: '1.2' };
	const rq = { ...request(), presentationContexts, userInformation };
	expect(readAll(join(encodePdu(rq)))).toEqual([rq]);
});
