import { PduReader } from '#lib/protocol/dicom/upper-layer/decode-pdu.ts';
import { describe, expect, test } from 'vitest';
import { bytes, framed, item } from './bytes.ts';
import { drain, engineAt } from './engine-driver.ts';

const LIMITS = { dataBytes: 1 << 20, otherBytes: 1 << 20 };

function readOne(chunk: Uint8Array) {
	const reader = new PduReader(LIMITS);
	reader.push(chunk);
	return reader.next();
}

const HEAD = bytes('00 01 00 00', "'ARCHIVE         '", "'CT2             '", new Uint8Array(32));
const VERIFICATION = item(0x30, "'1.2.840.10008.1.1'");
const IMPLICIT = item(0x40, "'1.2.840.10008.1.2'");
const EXPLICIT = item(0x40, "'1.2.840.10008.1.2.1'");
const rq = (...items: Uint8Array[]) => framed(1, bytes(HEAD, ...items));
const ac = (...items: Uint8Array[]) => framed(2, bytes(HEAD, ...items));
const info = (...items: Uint8Array[]) => item(0x50, ...items);

describe('lengths that do not fit are reason 6', () => {
	const cases: [string, Uint8Array][] = [
		['P-DATA-TF of length 0', bytes('04 00 00 00 00 00')],
		['PDV length 0', bytes('04 00 00 00 00 04 00 00 00 00')],
		['PDV length 1', bytes('04 00 00 00 00 05 00 00 00 01 01')],
		['PDV past the end of the PDU', bytes('04 00 00 00 00 06 00 00 00 03 01 03')],
		['PDV length of 4 GiB', bytes('04 00 00 00 00 06 ff ff ff ff 01 03')],
		['bytes after the last PDV', bytes('04 00 00 00 00 07 00 00 00 02 01 03 00')],
		['PDV on context 0', bytes('04 00 00 00 00 06 00 00 00 02 00 03')],
		['A-ASSOCIATE-RQ of length 0', bytes('01 00 00 00 00 00')],
		['A-ASSOCIATE-RQ shorter than its fixed part', framed(1, HEAD.subarray(0, 67))],
		['A-ASSOCIATE-RJ of length 3', bytes('03 00 00 00 00 03 00 01 01')],
		['A-RELEASE-RQ of length 5', bytes('05 00 00 00 00 05 00 00 00 00 00')],
		['A-RELEASE-RP of length 0', bytes('06 00 00 00 00 00')],
		['A-ABORT of length 2', bytes('07 00 00 00 00 02 00 00')],
		['an item header cut short', rq(bytes('10 00 00'))],
		['an item past the end of the PDU', rq(bytes('10 00 00 05 31'))],
		['a sub-item past the end of its item', rq(item(0x20, '01 00 00 00 30 00 00 09 31'))],
		['a presentation context without id', rq(item(0x20, ''))],
		['an even context id', rq(item(0x20, '02 00 00 00', VERIFICATION, IMPLICIT))],
		['context id 0', rq(item(0x20, '00 00 00 00', VERIFICATION, IMPLICIT))],
		['a context id twice', rq(item(0x20, '01 00 00 00'), item(0x20, '01 00 00 00'))],
		['a context result of 5', ac(item(0x21, '01 00 05 00', IMPLICIT))],
		['accepted without transfer syntax', ac(item(0x21, '01 00 00 00'))],
		['accepted with two transfer syntaxes', ac(item(0x21, '01 00 00 00', IMPLICIT, EXPLICIT))],
		['maximum length of 3 bytes', rq(info(item(0x51, '00 00 00')))],
		['maximum length of 5 bytes', rq(info(item(0x51, '00 00 00 00 00')))],
		['asynchronous window of 2 bytes', rq(info(item(0x53, '00 01')))],
		['role selection without roles', rq(info(item(0x54, '00 03', "'1.2'")))],
		['role selection with a UID past its end', rq(info(item(0x54, '00 09', "'1.2'", '01 01')))],
		['extended negotiation with a UID past its end', rq(info(item(0x56, '00 09', "'1.2'")))],
		[
			'a related class past the end of its list',
			rq(info(item(0x57, '00 01 31 00 01 31 00 03 00 05 31 32 33 34 35'))),
		],
		['user identity with fields past its end', rq(info(item(0x58, '01 00 00 09 61 00 00')))],
		['user identity with bytes left over', rq(info(item(0x58, '01 00 00 01 61 00 00 00')))],
		['user identity response cut short', ac(info(item(0x59, '00 05 61')))],
	];
	test.each(cases)('%s', (_name, chunk) => {
		expect(readOne(chunk)).toMatchObject({ kind: 'defect', reason: 6 });
		const engine = engineAt('Sta6', 'acceptor');
		engine.receive(chunk);
		expect(drain(engine)).toEqual(['send A-ABORT 2/6', 'abort-indication 2/6 own', 'start-artim']);
	});
});

test('a defect is explained', () => {
	expect(readOne(bytes('04 00 00 00 00 05 00 00 00 01 01'))).toMatchObject({
		explanation: 'PDV length 1 is below 2',
	});
});

describe('what is unknown, repeated or in another order', () => {
	const unknown = item(0x7f, 'de ad be ef');
	const context = (...more: Uint8Array[]) =>
		item(0x20, '01 00 00 00', VERIFICATION, IMPLICIT, ...more);

	test('unknown items are skipped at each level', () => {
		const chunk = rq(
			unknown,
			context(unknown),
			info(unknown, item(0x51, '00 00 10 00'), unknown),
			unknown,
		);
		expect(readOne(chunk)).toMatchObject({
			presentationContexts: [{ id: 1, transferSyntaxes: ['1.2.840.10008.1.2'] }],
			userInformation: { maximumLength: 4096 },
		});
	});

	test('items may come in any order', () => {
		const chunk = rq(
			info(item(0x52, "'1.2'"), item(0x51, '00 00 10 00')),
			item(0x20, '01 00 00 00', IMPLICIT, VERIFICATION),
			item(0x10, "'1.2.840.10008.3.1.1.1'"),
		);
		expect(readOne(chunk)).toMatchObject({
			applicationContext: '1.2.840.10008.3.1.1.1',
			presentationContexts: [{ id: 1, abstractSyntax: '1.2.840.10008.1.1' }],
			userInformation: { maximumLength: 4096, implementationClassUid: '1.2' },
		});
	});

	test('of what may stand once the last wins, and user information is merged', () => {
		const chunk = rq(
			item(0x10, "'1.1'"),
			item(0x10, "'1.2'"),
			info(item(0x51, '00 00 10 00'), item(0x51, '00 00 20 00'), item(0x55, "'OLD'")),
			info(item(0x55, "'NEW'")),
		);
		expect(readOne(chunk)).toMatchObject({
			applicationContext: '1.2',
			userInformation: { maximumLength: 8192, implementationVersionName: 'NEW' },
		});
	});

	test('sub-items of the other association PDU are skipped', () => {
		const response = item(0x59, '00 01 61');
		const identity = item(0x58, '01 00 00 01 61 00 00');
		const common = item(0x57, '00 01 31 00 01 31 00 00');
		const absent = { maximumLength: 0, implementationClassUid: '' };
		expect(readOne(rq(info(response)))).toMatchObject({ userInformation: absent });
		const answer = readOne(ac(info(identity, common)));
		expect(answer?.kind === 'A-ASSOCIATE-AC' && answer.userInformation).toEqual(absent);
	});

	test('a context item of the other association PDU is reason 5', () => {
		const proposal = item(0x20, '01 00 00 00', VERIFICATION, IMPLICIT);
		const answer = item(0x21, '01 00 00 00', IMPLICIT);
		expect(readOne(rq(answer))).toMatchObject({ kind: 'defect', reason: 5 });
		expect(readOne(ac(proposal))).toMatchObject({ kind: 'defect', reason: 5 });
	});

	test('an empty request and contexts without syntaxes are for the acceptor to answer', () => {
		expect(readOne(rq())).toMatchObject({ applicationContext: '', presentationContexts: [] });
		expect(readOne(rq(item(0x20, '01 00 00 00')))).toMatchObject({
			presentationContexts: [{ id: 1, abstractSyntax: '', transferSyntaxes: [] }],
		});
	});

	test('an answer may accept nothing, and leave out what a rejected context does not need', () => {
		expect(readOne(ac())).toMatchObject({ presentationContexts: [] });
		expect(readOne(ac(item(0x21, 'ff 00 04 00')))).toMatchObject({
			presentationContexts: [{ id: 255, result: 4, transferSyntax: '' }],
		});
	});

	test('UIDs lose NULs at the end and nothing else', () => {
		const padded = item(0x20, '01 00 00 00', item(0x30, "'1.2'", '00'), item(0x40, "'1.3 '"));
		expect(readOne(rq(padded))).toMatchObject({
			presentationContexts: [{ abstractSyntax: '1.2', transferSyntaxes: ['1.3 '] }],
		});
	});

	test('strings up to the 16-bit length are taken as they are', () => {
		const name = 'x'.repeat(65_000);
		const read = readOne(rq(info(item(0x55, `'${name}'`))));
		expect(read).toMatchObject({ userInformation: { implementationVersionName: name } });
	});

	test('user identity of any type and with empty fields is told', () => {
		for (const type of ['00', '01', '05', 'ff']) {
			const chunk = rq(info(item(0x58, `${type} 00 00 00 00 00`)));
			expect(readOne(chunk)).toMatchObject({
				userInformation: { userIdentity: { type: Number.parseInt(type, 16) } },
			});
		}
	});
});
