import { Association } from '#lib/protocol/dicom/association.ts';
import { negotiate } from '#lib/protocol/dicom/negotiation.ts';
import type { AssociateRq } from '#lib/protocol/dicom/upper-layer/pdu.ts';
import { describe, expect, test } from 'vitest';
import { bytes, item } from '../upper-layer/bytes.ts';
import { CT, IMPLICIT, POLICY, lineOf, outputsOf, raw, requestPdu } from './session.ts';

/** What an acceptor does with the bytes of a request: its outputs, and its answer. */
function serve(wire: Uint8Array, policy = POLICY) {
	const acceptor = new Association({ role: 'acceptor' });
	acceptor.transportConnected();
	acceptor.receive(wire);
	const lines: string[] = [];
	for (let output = acceptor.next(); output; output = acceptor.next()) {
		if (output.kind !== 'associate-indication') {
			lines.push(lineOf(output));
			continue;
		}
		const answer = negotiate(output.rq, policy, 0);
		if (answer.kind === 'A-ASSOCIATE-AC') acceptor.accept(answer);
		else acceptor.reject(answer);
		return { rq: output.rq, answer, lines: [...lines, ...outputsOf(acceptor)], acceptor };
	}
	return { lines, acceptor };
}

const serveRequest = (changes: Partial<AssociateRq>) => serve(raw(requestPdu(changes)));

/** The request with other bytes in the two AE title fields. */
function titled(called: string, calling: string): Uint8Array {
	const wire = raw(requestPdu());
	wire.set(bytes(`'${called.padEnd(16)}'`), 10);
	wire.set(bytes(`'${calling.padEnd(16)}'`), 26);
	return wire;
}

const rejected = (values: string) => [
	'start-artim',
	'stop-artim',
	`send A-ASSOCIATE-RJ ${values}`,
	'start-artim',
];

describe('who is called and who calls', () => {
	test.each([
		['as configured', 'PACS1', 'A-ASSOCIATE-AC'],
		['spaces around it do not count', '   PACS1', 'A-ASSOCIATE-AC'],
		['another one', 'PACS2', 'A-ASSOCIATE-RJ 1/1/7'],
		['lower case', 'pacs1', 'A-ASSOCIATE-RJ 1/1/7'],
		['all spaces', '', 'A-ASSOCIATE-RJ 1/1/7'],
		['padded with NULs', 'PACS1\0\0\0', 'A-ASSOCIATE-RJ 1/1/7'],
		['not ASCII', 'P\u00c4CS1', 'A-ASSOCIATE-RJ 1/1/7'],
		['a space within', 'PAC S1', 'A-ASSOCIATE-RJ 1/1/7'],
	])('called AE title: %s', (_, called, answer) => {
		expect(serve(titled(called, 'CT2')).lines).toContain(`send ${answer}`);
	});

	test.each([
		['known', 'CT2', 'A-ASSOCIATE-AC'],
		['unknown', 'CT3', 'A-ASSOCIATE-RJ 1/1/3'],
		['all spaces', '', 'A-ASSOCIATE-RJ 1/1/3'],
		['lower case', 'ct2', 'A-ASSOCIATE-RJ 1/1/3'],
	])('calling AE title: %s', (_, calling, answer) => {
		const { lines } = serve(titled('PACS1', calling), { ...POLICY, acceptCalling: ['CT2'] });
		expect(lines).toContain(`send ${answer}`);
	});

	test('an answer echoes titles of every kind, though they are no titles of ours', () => {
		const { answer, lines } = serve(titled('\0\xff', ''), { ...POLICY, aeTitles: 'any' });
		expect(answer).toMatchObject({ calledAeTitle: '\0\xff', callingAeTitle: '' });
		expect(lines.at(-1)).toBe('send A-ASSOCIATE-AC');
	});
});

describe('version, application context and reserved fields', () => {
	test('protocol version bit 0 clear: rejected 1/2/2, whatever else is asked', () => {
		for (const protocolVersion of [0, 2, 0xfffe]) {
			expect(serveRequest({ protocolVersion, applicationContext: '' }).lines).toEqual(
				rejected('1/2/2'),
			);
		}
		expect(serveRequest({ protocolVersion: 3 }).lines).toContain('send A-ASSOCIATE-AC');
	});

	test.each(['1.2.840.10008.3.1.1.2', '', '1.2.840.10008.3.1.1.1.1', '1.2.840.10008.3.1.1.1 '])(
		'application context %j: rejected 1/1/2',
		(applicationContext) => {
			expect(serveRequest({ applicationContext }).lines).toEqual(rejected('1/1/2'));
		},
	);

	test('a NUL behind the application context is padding', () => {
		const applicationContext = '1.2.840.10008.3.1.1.1\0';
		expect(serveRequest({ applicationContext }).lines).toContain('send A-ASSOCIATE-AC');
	});
});

const proposal = (id: number, transferSyntaxes = [IMPLICIT]) => ({
	id,
	abstractSyntax: CT,
	transferSyntaxes,
});

describe('presentation contexts', () => {
	test.each([
		['even', [proposal(2)]],
		['0', [proposal(0)]],
		['twice', [proposal(1), proposal(3), proposal(1)]],
	])('an id that is %s: A-ABORT, for no PDU could answer it', (_, presentationContexts) => {
		const { lines, acceptor } = serveRequest({ presentationContexts });
		expect(lines).toEqual(['start-artim', 'send A-ABORT 0/0', 'start-artim']);
		expect(acceptor.state).toBe('Sta13');
	});

	test('id 255, and all 128 ids, each with 300 transfer syntaxes', () => {
		const transferSyntaxes = Array.from({ length: 300 }, (_, i) => `1.2.840.10008.1.2.${i}`);
		transferSyntaxes.push(IMPLICIT);
		const ids = Array.from({ length: 128 }, (_, i) => 2 * i + 1);
		const { acceptor, lines } = serveRequest({
			presentationContexts: ids.map((id) => proposal(id, transferSyntaxes)),
		});
		expect(lines.at(-1)).toBe('send A-ASSOCIATE-AC');
		expect([...acceptor.acceptedContexts.keys()]).toEqual(ids);
	});

	test.each([
		['no transfer syntax', [proposal(1, [])], [4]],
		['none at all', [], []],
		['none known', [{ ...proposal(1), abstractSyntax: '1.2.3' }], [3]],
		['one of two', [{ ...proposal(1), abstractSyntax: '' }, proposal(3)], [3, 0]],
	])('%s: still an A-ASSOCIATE-AC', (_, presentationContexts, results) => {
		const { answer, lines } = serveRequest({ presentationContexts });
		expect(lines.at(-1)).toBe('send A-ASSOCIATE-AC');
		if (answer?.kind !== 'A-ASSOCIATE-AC') throw new Error('not accepted');
		expect(answer.presentationContexts.map(({ result }) => result)).toEqual(results);
	});

	test('UIDs of any length are answered', () => {
		const long = '1.'.repeat(15_000);
		const { lines } = serveRequest({
			presentationContexts: [
				{ id: 1, abstractSyntax: long, transferSyntaxes: [long] },
				{ id: 3, abstractSyntax: CT, transferSyntaxes: [long] },
				{ id: 5, abstractSyntax: `${CT}\0`, transferSyntaxes: [`${IMPLICIT}\0`] },
				{ id: 7, abstractSyntax: `${CT} `, transferSyntaxes: [''] },
			],
		});
		expect(lines.at(-1)).toBe('send A-ASSOCIATE-AC');
	});
});

test('implementation version names of 0, 17 and 60,000 characters are taken', () => {
	for (const length of [0, 17, 60_000]) {
		const implementationVersionName = 'x'.repeat(length);
		const userInformation = { ...requestPdu().userInformation, implementationVersionName };
		const { acceptor } = serveRequest({ userInformation });
		expect(acceptor.peer?.implementationVersionName).toBe(implementationVersionName);
	}
});

test('user information beyond 64 KB in several items is taken, and its answer fits one', () => {
	const rq = raw(requestPdu());
	const roles = item(
		0x50,
		...Array.from({ length: 1900 }, () => item(0x54, '00 19', `'${CT}'`, '01 01')),
	);
	const wire = bytes(rq, roles, roles, roles);
	new DataView(wire.buffer).setUint32(2, wire.length - 6);
	const { rq: read, lines } = serve(wire);
	expect(read?.userInformation.roleSelections).toHaveLength(5700);
	expect(lines.at(-1)).toBe('send A-ASSOCIATE-AC');
});
