import { PduReader } from '#lib/protocol/dicom/upper-layer/decode-pdu.ts';
import { UpperLayer } from '#lib/protocol/dicom/upper-layer/upper-layer.ts';
import type { UpperLayerOptions } from '#lib/protocol/dicom/upper-layer/upper-layer-options.ts';
import { describe, expect, test } from 'vitest';
import { bytes, framed } from './bytes.ts';
import { drain } from './engine-driver.ts';
import { request, wire } from './pdu-fixtures.ts';

const LIMITS = { dataBytes: 1 << 20, otherBytes: 1 << 20 };

function readOne(chunk: Uint8Array) {
	const reader = new PduReader(LIMITS);
	reader.push(chunk);
	return reader.next();
}

describe('PDU length caps', () => {
	const header = (type: number, lengthBytes: number) => {
		const out = framed(type, new Uint8Array(0));
		new DataView(out.buffer).setUint32(2, lengthBytes);
		return out;
	};

	test.each([1, 2, 3, 4, 5, 6, 7])('type %i with 4 GiB is refused at its header', (type) => {
		expect(readOne(header(type, 0xffff_ffff))).toMatchObject({ kind: 'defect', reason: 6 });
	});

	test('a declared length does not allocate, even without a cap', () => {
		const limits = { dataBytes: 0xffff_ffff, otherBytes: 0xffff_ffff };
		const before = process.memoryUsage().arrayBuffers;
		const reader = new PduReader(limits);
		reader.push(header(4, 0xffff_fff0));
		expect(reader.next()).toBeUndefined();
		for (let i = 0; i < 100; i++) reader.push(new Uint8Array(1000));
		expect(reader.next()).toBeUndefined();
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 << 20);
	});

	test('a refused PDU is skipped without storing it, and what follows is read', () => {
		const reader = new PduReader({ dataBytes: 100, otherBytes: 100 });
		reader.push(header(4, 5_000));
		expect(reader.next()).toMatchObject({ kind: 'defect' });
		for (let i = 0; i < 5; i++) {
			reader.push(new Uint8Array(1_000).fill(7));
			expect(reader.next()).toBeUndefined();
		}
		reader.push(wire('A-ABORT'));
		expect(reader.next()).toMatchObject({ kind: 'A-ABORT' });
	});

	test('a PDU of 1 MiB in single bytes is read in linear time', () => {
		const body = bytes('00 0f ff fc 01 02');
		const chunk = framed(4, bytes(body, new Uint8Array(0x10_0000 - 6)));
		const reader = new PduReader(LIMITS);
		for (let i = 0; i < chunk.length - 1; i++) {
			reader.push(chunk.subarray(i, i + 1));
			if (reader.next()) throw new Error('too early');
		}
		reader.push(chunk.subarray(-1));
		const pdu = reader.next();
		expect(pdu?.kind === 'P-DATA-TF' && pdu.pdvs[0]?.data.length).toBe(0x10_0000 - 6);
	});

	const established = (options: Partial<UpperLayerOptions>) => {
		const engine = new UpperLayer({ role: 'requestor', ...options });
		engine.associate(request());
		engine.transportConnected();
		engine.receive(wire('A-ASSOCIATE-AC'));
		drain(engine);
		return engine;
	};
	/** A P-DATA-TF of the given length, one PDV. */
	const dataOf = (lengthBytes: number) => {
		const body = new Uint8Array(lengthBytes);
		new DataView(body.buffer).setUint32(0, lengthBytes - 4);
		body[4] = 1;
		return framed(4, body);
	};

	test.each([
		[{}, 16384, 16385],
		[{ maximumPduLengthBytes: 4096 }, 4096, 4097],
		[{ maximumPduLengthBytes: 4096, dataPduSlackBytes: 6 }, 4102, 4103],
		[{ maximumPduLengthBytes: 0, unlimitedDataPduBytes: 200_000 }, 200_000, 200_001],
		[{ maximumPduLengthBytes: 7 }, 7, 8],
	])('with %o data of %i bytes is taken, of %i aborted', (options, taken, refused) => {
		const engine = established(options);
		engine.receive(dataOf(taken));
		expect(drain(engine)).toEqual(['data-indication']);
		engine.receive(dataOf(refused));
		expect(drain(engine)).toContain('send A-ABORT 2/6');
	});

	test('the cap on association PDUs is an option', () => {
		const engine = new UpperLayer({ role: 'acceptor', maximumOtherPduBytes: 100 });
		engine.transportConnected();
		engine.receive(wire('A-ASSOCIATE-RQ'));
		expect(drain(engine)).toContain('send A-ABORT 0/0');
	});
});
