import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Pdv } from '../upper-layer/pdu.ts';
import { encodeCommandSet } from './command-set.ts';
import { joinParts } from './fragment-buffer.ts';
import { fragmentMessage, MessageAssembler, type DimseMessage } from './message.ts';
import { cEchoRequest, cFindRequest, cStoreRequest, responseTo } from './services.ts';

const STORE = cStoreRequest({
	messageId: 3,
	sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
	sopInstanceUid: '1.2.3.4',
});
const ECHO = cEchoRequest({ messageId: 1 });

function fragments(message: DimseMessage, maximumLengthBytes: number): Pdv[][] {
	const fragmentation = fragmentMessage(message, maximumLengthBytes);
	if (!fragmentation.ok) throw new Error(fragmentation.error);
	return fragmentation.pdus;
}

function assembler(): MessageAssembler {
	return new MessageAssembler((id) => id === 1 || id === 3);
}

/** One PDV of a command or data set. */
function pdv(contextId: number, kind: 'command' | 'data', isLast: boolean, data: Uint8Array): Pdv {
	return { contextId, isCommand: kind === 'command', isLast, data };
}

const dataParts = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 });

test('any data in any parts under any maximum length comes together again, in even fragments', () => {
	fc.assert(
		fc.property(dataParts, fc.integer({ min: 8, max: 400 }), (data, maximum) => {
			const pdus = fragments({ contextId: 3, command: STORE, data }, maximum);
			const total = joinParts(data).length;
			for (const [i, [part, ...others]] of pdus.entries()) {
				expect(others).toEqual([]);
				expect(part!.data.length + 6).toBeLessThanOrEqual(maximum);
				const isEnd = i === pdus.length - 1;
				expect(part!.data.length % 2).toBe(isEnd ? total % 2 : 0);
			}
			const receiver = assembler();
			const results = pdus.flatMap((pdvs) => receiver.push(pdvs));
			expect(results).toHaveLength(1);
			const message = results[0] as DimseMessage;
			expect(message.contextId).toBe(3);
			expect(message.command).toEqual(STORE);
			expect(joinParts(message.data!)).toEqual(joinParts(data));
		}),
		{ numRuns: 300 },
	);
});

test('fragments of the same sequence are as large as the maximum allows', () => {
	const pdus = fragments({ contextId: 1, command: STORE, data: [new Uint8Array(100)] }, 47);
	const dataLengths = pdus.flat().flatMap((part) => (part.isCommand ? [] : [part.data.length]));
	expect(dataLengths).toEqual([40, 40, 20]);
	expect(pdus.flat().filter((part) => part.isLast)).toHaveLength(2);
});

test('a fragment within one part is a view, not a copy', () => {
	const data = new Uint8Array(1000);
	const pdus = fragments({ contextId: 1, command: STORE, data: [data] }, 506);
	expect(pdus.flat().every((part) => part.isCommand || part.data.buffer === data.buffer)).toBe(
		true,
	);
});

test('no limit, and limits beyond 1 MiB, give PDUs of at most 1 MiB', () => {
	const message = { contextId: 1, command: STORE, data: [new Uint8Array(3_000_000)] };
	for (const maximum of [0, 0xffffffff]) {
		expect(fragments(message, maximum).map(([part]) => part!.data.length)).toEqual([
			encodeCommandSet(STORE).length,
			1_048_570,
			1_048_570,
			902_860,
		]);
	}
});

test.each([1, 2, 6, 7])('a peer maximum of %i is a failure, never a hang', (maximum) => {
	expect(fragmentMessage({ contextId: 1, command: ECHO }, maximum)).toEqual({
		ok: false,
		error: 'maximum-length-too-small',
	});
});

test('a message that would need millions of fragments is refused', () => {
	const data = [new Uint8Array(4_000_000)];
	expect(fragmentMessage({ contextId: 1, command: STORE, data }, 8)).toEqual({
		ok: false,
		error: 'too-many-fragments',
	});
});

test('an empty data set is one empty last fragment', () => {
	const pdus = fragments({ contextId: 1, command: STORE, data: [] }, 16384);
	expect(pdus[1]).toEqual([pdv(1, 'data', true, new Uint8Array(0))]);
	const receiver = assembler();
	expect(pdus.flatMap((pdvs) => receiver.push(pdvs))).toEqual([
		{ contextId: 1, command: STORE, data: [] },
	]);
});

test('several PDVs in a PDU: two commands in a row, then command and data together', () => {
	const echo = encodeCommandSet(ECHO);
	const data = new Uint8Array([1, 2, 3, 4]);
	const results = assembler().push([
		pdv(1, 'command', true, echo),
		pdv(3, 'command', true, echo),
		pdv(3, 'command', true, encodeCommandSet(STORE)),
		pdv(3, 'data', true, data),
	]);
	expect(results).toEqual([
		{ contextId: 1, command: ECHO },
		{ contextId: 3, command: ECHO },
		{ contextId: 3, command: STORE, data: [data] },
	]);
});

test('odd fragments, two-byte fragments and an empty last fragment are accepted', () => {
	const receiver = assembler();
	const command = encodeCommandSet(STORE);
	for (let at = 0; at < command.length; at += 3) {
		receiver.push([pdv(1, 'command', false, command.subarray(at, at + 3))]);
	}
	receiver.push([pdv(1, 'command', true, new Uint8Array(0))]);
	const data = Uint8Array.from({ length: 40_001 }, (_, i) => i);
	for (let at = 0; at < data.length; at += 2) {
		receiver.push([pdv(1, 'data', false, data.subarray(at, at + 2))]);
	}
	const [message] = receiver.push([pdv(1, 'data', true, new Uint8Array(0))]) as DimseMessage[];
	expect(joinParts(message!.data!)).toEqual(data);
	expect(message!.data!.length).toBe(Math.ceil(data.length / 16384));
});

const storeBytes = encodeCommandSet(STORE);
const echoBytes = encodeCommandSet(ECHO);
const some = new Uint8Array(10);

test.each<[string, number, Pdv[]]>([
	['data without a command', 5, [pdv(1, 'data', true, some)]],
	[
		'data after a command that announced none',
		5,
		[pdv(1, 'command', true, echoBytes), pdv(1, 'data', true, some)],
	],
	[
		'data before the command ended',
		5,
		[pdv(1, 'command', false, storeBytes), pdv(1, 'data', true, some)],
	],
	[
		'command where a data set is due',
		5,
		[pdv(1, 'command', true, storeBytes), pdv(1, 'command', true, echoBytes)],
	],
	[
		'second command before the data ended',
		5,
		[
			pdv(1, 'command', true, storeBytes),
			pdv(1, 'data', false, some),
			pdv(1, 'command', true, echoBytes),
		],
	],
	['data on another context', 5, [pdv(1, 'command', true, storeBytes), pdv(3, 'data', true, some)]],
	[
		'interleaved commands',
		5,
		[pdv(1, 'command', false, storeBytes), pdv(3, 'command', true, echoBytes)],
	],
	['context that was not accepted', 6, [pdv(5, 'command', true, echoBytes)]],
	['command that cannot be read', 6, [pdv(1, 'command', true, some.fill(7))]],
	['empty command', 6, [pdv(1, 'command', true, new Uint8Array(0))]],
	['command over 64 KiB', 0, [pdv(1, 'command', false, new Uint8Array(65_537))]],
])('defect: %s -> abort reason %i', (_, abortReason, pdvs) => {
	const receiver = assembler();
	const last = pdvs.flatMap((part) => receiver.push([part])).at(-1);
	expect(last).toEqual({ defect: expect.any(String), abortReason });
	expect(receiver.push([pdv(1, 'command', true, echoBytes)])).toEqual([]);
});

test('a data set over its limit is a defect as soon as it is over', () => {
	const receiver = new MessageAssembler(() => true, { maximumDataSetBytes: 1000 });
	receiver.push([pdv(1, 'command', true, storeBytes)]);
	expect(receiver.push([pdv(1, 'data', false, new Uint8Array(1000))])).toEqual([]);
	expect(receiver.push([pdv(1, 'data', false, new Uint8Array(1))])).toEqual([
		{ defect: 'data set longer than 1000 bytes', abortReason: 0 },
	]);
});

test('arbitrary PDVs never throw', () => {
	const anyPdv = fc.record<Pdv>({
		contextId: fc.constantFrom(1, 3, 5),
		isCommand: fc.boolean(),
		isLast: fc.boolean(),
		data: fc.oneof(fc.constantFrom(storeBytes, echoBytes), fc.uint8Array({ maxLength: 30 })),
	});
	fc.assert(
		fc.property(fc.array(fc.array(anyPdv, { maxLength: 4 }), { maxLength: 8 }), (pdus) => {
			const receiver = assembler();
			for (const pdvs of pdus) receiver.push(pdvs);
		}),
		{ numRuns: 500 },
	);
});

test('responses take over what identifies the request', () => {
	const response = responseTo(STORE, { status: 0xa700, errorComment: 'volume full' });
	expect(response).toEqual({
		AffectedSOPClassUID: STORE.AffectedSOPClassUID,
		CommandField: 0x8001,
		MessageIDBeingRespondedTo: 3,
		CommandDataSetType: 0x0101,
		Status: 0xa700,
		ErrorComment: 'volume full',
		AffectedSOPInstanceUID: '1.2.3.4',
	});
	const find = cFindRequest({ messageId: 8, sopClassUid: '1.2.840.10008.5.1.4.31' });
	const pending = responseTo(find, { status: 0xff00, withDataSet: true });
	expect(pending.CommandDataSetType).not.toBe(0x0101);
	expect(pending).not.toHaveProperty('AffectedSOPInstanceUID');
});
