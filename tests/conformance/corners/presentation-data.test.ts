import { encodeCommandSet } from '#lib/protocol/dicom/dimse/command-set.ts';
import { joinParts } from '#lib/protocol/dicom/dimse/fragment-buffer.ts';
import { cEchoRequest, cStoreRequest } from '#lib/protocol/dicom/dimse/services.ts';
import type { Pdv } from '#lib/protocol/dicom/upper-layer/pdu.ts';
import { describe, expect, test } from 'vitest';
import { bytes, framed } from '../upper-layer/bytes.ts';
import { CT, POLICY, dataPdu, negotiated, pdv } from './session.ts';

const STORE = cStoreRequest({ messageId: 5, sopClassUid: CT, sopInstanceUid: '1.2.3' });
const store = encodeCommandSet(STORE);
const echo = encodeCommandSet(cEchoRequest({ messageId: 6 }));
const image = Uint8Array.from({ length: 1001 }, (_, i) => i);
const nothing = new Uint8Array(0);

/** What an acceptor was told after these PDUs, each of them one chunk: messages by id and size, ends. */
function told(...pdus: Uint8Array[]): string[] {
	const pair = negotiated({}, { onNews: () => {} });
	for (const wire of pdus) {
		pair.acceptor.receive(wire);
		pair.drain();
	}
	return pair.news('acceptor').flatMap((output) => {
		if (output.kind === 'message') {
			const { contextId, command, data } = output.message;
			const size = data === undefined ? 'no data' : `${joinParts(data).length} bytes`;
			return [`${contextId}: message ${command.MessageID}, ${size}`];
		}
		if (output.kind === 'abort-indication') return [`aborted ${output.source}/${output.reason}`];
		return [];
	});
}

/** A part cut into fragments of a size, one PDU each, with an empty last one if wanted. */
function cut(
	part: 'command' | 'data',
	data: Uint8Array,
	size: number,
	emptyLast = false,
): Uint8Array[] {
	const pdus: Uint8Array[] = [];
	for (let at = 0; at < data.length; at += size) {
		const isLast = !emptyLast && at + size >= data.length;
		pdus.push(dataPdu(pdv(3, part, data.subarray(at, at + size), isLast)));
	}
	if (emptyLast) pdus.push(dataPdu(pdv(3, part, nothing)));
	return pdus;
}

const WHOLE = ['3: message 5, 1001 bytes'];

describe('fragments are put together', () => {
	test.each([
		['of 2 bytes', cut('command', store, 2), cut('data', image, 2)],
		['of 1 byte', cut('command', store, 1), cut('data', image, 1)],
		['of odd lengths', cut('command', store, 7), cut('data', image, 333)],
		['with an empty last one', cut('command', store, 50, true), cut('data', image, 500, true)],
		[
			'with empty ones between',
			[dataPdu(pdv(3, 'command', nothing, false), pdv(3, 'command', store))],
			[dataPdu(pdv(3, 'data', nothing, false)), ...cut('data', image, 900)],
		],
	])('%s', (_, command, data) => {
		expect(told(...command, ...data)).toEqual(WHOLE);
	});

	test('a data set of no bytes is there and empty', () => {
		expect(told(dataPdu(pdv(3, 'command', store), pdv(3, 'data', nothing)))).toEqual([
			'3: message 5, 0 bytes',
		]);
	});
});

describe('several PDVs in one P-DATA-TF are taken in order', () => {
	test.each<[string, Pdv[], string[]]>([
		['command and data', [pdv(3, 'command', store), pdv(3, 'data', image)], WHOLE],
		[
			'commands of two messages in a row, on two contexts',
			[pdv(1, 'command', echo), pdv(3, 'command', echo)],
			['1: message 6, no data', '3: message 6, no data'],
		],
		[
			'the end of one message and the whole of the next',
			[pdv(3, 'command', store), pdv(3, 'data', image), pdv(1, 'command', echo)],
			[...WHOLE, '1: message 6, no data'],
		],
	])('%s', (_, pdvs, expected) => {
		expect(told(dataPdu(...pdvs))).toEqual(expected);
	});
});

describe('PDVs that form no message: A-ABORT of the provider', () => {
	test.each<[string, Pdv[], string[]]>([
		['data without a command', [pdv(3, 'data', image)], ['aborted 2/5']],
		[
			'data after a command that said there is none (0x0101)',
			[pdv(1, 'command', echo), pdv(1, 'data', image)],
			['1: message 6, no data', 'aborted 2/5'],
		],
		[
			'a command where a data set was announced',
			[pdv(3, 'command', store), pdv(3, 'command', echo)],
			['aborted 2/5'],
		],
		[
			'a second command before the data ended',
			[pdv(3, 'command', store), pdv(3, 'data', image, false), pdv(3, 'command', echo)],
			['aborted 2/5'],
		],
		['data on another context', [pdv(3, 'command', store), pdv(1, 'data', image)], ['aborted 2/5']],
		[
			'messages interleaved on two contexts',
			[pdv(3, 'command', store), pdv(3, 'data', image, false), pdv(1, 'command', echo)],
			['aborted 2/5'],
		],
		['a context that was not accepted', [pdv(9, 'command', echo)], ['aborted 2/6']],
		['a command set that is none', [pdv(1, 'command', image)], ['aborted 2/6']],
		['an empty command set', [pdv(1, 'command', nothing)], ['aborted 2/6']],
	])('%s', (_, pdvs, expected) => {
		expect(told(dataPdu(...pdvs))).toEqual(expected);
		expect(told(...pdvs.map((part) => dataPdu(part)))).toEqual(expected);
	});
});

describe('lengths', () => {
	test.each([
		['a P-DATA-TF without PDV', framed(4, nothing)],
		['PDV length 0', framed(4, bytes('00 00 00 00'))],
		['PDV length 1', framed(4, bytes('00 00 00 01 01'))],
		['a PDV past the end', framed(4, bytes('00 00 00 09 01 03 00 00'))],
		['a PDV of 4 GiB', framed(4, bytes('ff ff ff ff 01 03 00 00'))],
		['a P-DATA-TF of 4 GiB', bytes('04 00 ff ff ff ff')],
	])('%s: A-ABORT 2/6', (_, wire) => {
		expect(told(wire)).toEqual(['aborted 2/6']);
	});

	/** The length counts what follows the PDU header: 6 bytes of PDV header and the data. */
	test.each([
		['as long as announced', 0, 16384, bytesTold(16378)],
		['longer by one', 0, 16385, ['aborted 2/6']],
		['longer, within the slack that the node allows', 6, 16390, bytesTold(16384)],
		['longer than the slack', 6, 16391, ['aborted 2/6']],
	])('a P-DATA-TF %s', (_, dataPduSlackBytes, lengthBytes, expected) => {
		const pair = negotiated({}, { acceptor: { dataPduSlackBytes }, onNews: () => {} });
		pair.acceptor.receive(dataPdu(pdv(3, 'command', store)));
		pair.acceptor.receive(dataPdu(pdv(3, 'data', new Uint8Array(lengthBytes - 6))));
		pair.drain();
		const news = pair.news('acceptor').flatMap((output) => {
			if (output.kind === 'message') return [`${joinParts(output.message.data!).length} bytes`];
			return output.kind === 'abort-indication'
				? [`aborted ${output.source}/${output.reason}`]
				: [];
		});
		expect(news).toEqual(expected);
	});

	function bytesTold(size: number): string[] {
		return [`${size} bytes`];
	}

	test.each([
		['0: no limit', 0, 'ok'],
		['1', 1, 'maximum-length-too-small'],
		['6', 6, 'maximum-length-too-small'],
		['7', 7, 'maximum-length-too-small'],
		['8, the least: fragments of two bytes', 8, 'ok'],
		['odd: fragments stay even', 129, 'ok'],
		['2^32 - 1', 0xffff_ffff, 'ok'],
	])('a peer that announces a maximum length of %s', (_, maximumLengthBytes, outcome) => {
		const pair = negotiated(
			{},
			{
				policy: { ...POLICY, maximumLengthBytes },
				acceptor: { maximumPduLengthBytes: maximumLengthBytes },
				onNews: () => {},
			},
		);
		const sent = pair.requestor.send({ contextId: 3, command: STORE, data: [image] });
		expect(sent.ok ? 'ok' : sent.error).toBe(outcome);
		pair.drain();
		const fragments = pair
			.pdus('requestor')
			.flatMap((pdu) => (pdu.kind === 'P-DATA-TF' ? pdu.pdvs.map(({ data }) => data.length) : []));
		expect(fragments.slice(0, -1).every((length) => length % 2 === 0)).toBe(true);
		const messages = pair.news('acceptor').filter(({ kind }) => kind === 'message');
		expect(messages).toHaveLength(outcome === 'ok' ? 1 : 0);
	});
});
