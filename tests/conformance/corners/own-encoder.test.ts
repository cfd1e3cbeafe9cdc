import { Association, type AssociateRequestParameters } from '#lib/protocol/dicom/association.ts';
import { PduEncodeError } from '#lib/protocol/dicom/upper-layer/byte-writer.ts';
import { PduReader } from '#lib/protocol/dicom/upper-layer/decode-pdu.ts';
import type { AssociateRq } from '#lib/protocol/dicom/upper-layer/pdu.ts';
import { describe, expect, test } from 'vitest';
import { CT, IMPLICIT, REQUEST, raw, requestPdu } from './session.ts';

const LONG_UID = `1.2.${'3'.repeat(61)}`;
const context = (abstractSyntax = CT) => ({ abstractSyntax, transferSyntaxes: [IMPLICIT] });
const role = (sopClassUid: string) => ({ sopClassUid, scuRole: true, scpRole: false });

function request(changes: Partial<AssociateRequestParameters>): Association {
	const requestor = new Association({ role: 'requestor' });
	requestor.request({ ...REQUEST, ...changes });
	return requestor;
}

describe('a request that a conforming device does not send is refused by name', () => {
	test.each<[string, Partial<AssociateRequestParameters>, string]>([
		[
			'129 contexts',
			{ presentationContexts: Array.from({ length: 129 }, () => context()) },
			'129 pres',
		],
		['a called AE title of 17', { calledAeTitle: 'A'.repeat(17) }, 'called AE title'],
		['a blank calling AE title', { callingAeTitle: '   ' }, 'calling AE title: blank'],
		[
			'an abstract syntax of 65',
			{ presentationContexts: [context(LONG_UID)] },
			'abstract syntax: 65',
		],
		[
			'a transfer syntax of 65',
			{ presentationContexts: [{ abstractSyntax: CT, transferSyntaxes: [LONG_UID] }] },
			'transfer syntax: 65',
		],
		[
			'an implementation class UID of 65',
			{ implementationClassUid: LONG_UID },
			'implementation class',
		],
		['a version name of 17', { implementationVersionName: 'x'.repeat(17) }, 'version name: 17'],
		['a role for a UID of 65', { roles: [role(LONG_UID)] }, 'role selection UID'],
		[
			'extended negotiation for a UID of 65',
			{
				userInformation: {
					extendedNegotiations: [{ sopClassUid: LONG_UID, information: new Uint8Array(1) }],
				},
			},
			'extended negotiation UID',
		],
		[
			'a related general SOP class of 65',
			{
				userInformation: {
					commonExtendedNegotiations: [
						{ sopClassUid: CT, serviceClassUid: '1.2', relatedSopClassUids: [LONG_UID] },
					],
				},
			},
			'related general',
		],
		[
			'user information over 64 KB in sum',
			{ roles: Array.from({ length: 3000 }, () => role(CT)) },
			'user information: ',
		],
		[
			'a context over 64 KB in sum',
			{
				presentationContexts: [
					{ abstractSyntax: CT, transferSyntaxes: Array.from({ length: 4000 }, () => IMPLICIT) },
				],
			},
			'presentation context: ',
		],
	])('%s', (_, changes, message) => {
		expect(() => request(changes)).toThrow(PduEncodeError);
		expect(() => request(changes)).toThrow(message);
	});

	test('and leaves no trace: the same association may still ask', () => {
		const requestor = new Association({ role: 'requestor' });
		expect(() => requestor.request({ ...REQUEST, calledAeTitle: '' })).toThrow(PduEncodeError);
		expect(requestor.state).toBe('Sta1');
		requestor.request(REQUEST);
		expect(requestor.next()).toEqual({ kind: 'connect' });
	});

	test('128 contexts and UIDs of 64 are in order', () => {
		const presentationContexts = Array.from({ length: 128 }, () => context(LONG_UID.slice(1)));
		expect(request({ presentationContexts }).state).toBe('Sta4');
	});
});

describe('on purpose, everything that bytes can carry is sent', () => {
	const contexts = (...ids: number[]) => ({
		presentationContexts: ids.map((id) => ({ id, ...context(), transferSyntaxes: [IMPLICIT] })),
	});
	test.each<[string, Partial<AssociateRq>]>([
		['an even id', contexts(2)],
		['id 0 and 255', contexts(0, 255)],
		['an id twice', contexts(1, 1)],
		['300 contexts', contexts(...Array.from({ length: 300 }, (_, i) => i % 256))],
		['blank AE titles', { calledAeTitle: '', callingAeTitle: '' }],
		['a UID of 65', { applicationContext: LONG_UID }],
		['protocol version 0', { protocolVersion: 0 }],
		[
			'a version name of 60,000',
			{
				userInformation: {
					...requestPdu().userInformation,
					implementationVersionName: 'x'.repeat(60_000),
				},
			},
		],
	])('%s', (_, override) => {
		const requestor = request({ override });
		requestor.transportConnected();
		requestor.next();
		const sent = requestor.next();
		if (sent?.kind !== 'send') throw new Error('nothing sent');
		expect(sent.bytes[0]).toEqual(raw(requestPdu(override)));
	});

	test.each<[string, Partial<AssociateRq>]>([
		['an AE title of 17', { calledAeTitle: 'A'.repeat(17) }],
		['an id of 256', contexts(256)],
		['a UID of 64 KB', { applicationContext: '1'.repeat(0x10000) }],
		['a character beyond a byte', { callingAeTitle: '\u4e2d' }],
	])('%s cannot exist on the wire', (_, override) => {
		expect(() => request({ override })).toThrow(PduEncodeError);
	});

	test('such a request is what it says when it is read', () => {
		const reader = new PduReader({ dataBytes: 1 << 20, otherBytes: 1 << 20 });
		reader.push(raw(requestPdu({ applicationContext: LONG_UID })));
		expect(reader.next()).toMatchObject({ applicationContext: LONG_UID });
		reader.push(raw(requestPdu(contexts(4))));
		expect(reader.next()).toMatchObject({ kind: 'defect', reason: 6 });
	});
});
