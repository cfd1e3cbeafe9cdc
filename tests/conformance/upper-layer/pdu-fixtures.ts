import type { Pdu } from '#lib/protocol/dicom/upper-layer/pdu.ts';
import { bytes } from './bytes.ts';

/**
 * PDUs written by hand from the tables of PS3.8 section 9.3 and PS3.7 Annex D.3.3, with their
 * meaning.
 */
export const FIXTURES: Record<Pdu['kind'], { wire: Uint8Array; pdu: Pdu }> = {
	'A-ASSOCIATE-RQ': {
		wire: bytes(
			'01 00 00 00 01 36', // type, reserved, length 310
			'00 01 00 00', // protocol version 1, reserved
			"'ARCHIVE         '", // called
			"'CT2             '", // calling
			'00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00',
			'00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00',
			'10 00 00 15', // application context, 21 bytes
			"'1.2.840.10008.3.1.1.1'",
			'20 00 00 2e 01 00 00 00', // presentation context, 46 bytes, id 1
			'30 00 00 11', // abstract syntax: Verification
			"'1.2.840.10008.1.1'",
			'40 00 00 11', // transfer syntax: implicit VR little endian
			"'1.2.840.10008.1.2'",
			'50 00 00 a3', // user information, 163 bytes
			'51 00 00 04 00 00 40 00', // maximum length 16384
			'52 00 00 07', // implementation class UID
			"'1.2.3.4'",
			'53 00 00 04 00 02 00 03', // asynchronous operations: 2 invoked, 3 performed
			'54 00 00 15 00 11', // role selection
			"'1.2.840.10008.1.1'",
			'01 00', // SCU yes, SCP no
			'55 00 00 05', // implementation version name
			"'OWN_1'",
			'56 00 00 14 00 11', // extended negotiation
			"'1.2.840.10008.1.1'",
			'07',
			'57 00 00 3b 00 11', // common extended negotiation: SOP class
			"'1.2.840.10008.1.1'",
			'00 11', // service class
			"'1.2.840.10008.4.2'",
			'00 13 00 11', // one related general SOP class
			"'1.2.840.10008.1.9'",
			'58 00 00 0b 02 01 00 03', // user identity: name and passcode, response asked
			"'abc'",
			'00 02',
			"'de'",
		),
		pdu: {
			kind: 'A-ASSOCIATE-RQ',
			protocolVersion: 1,
			calledAeTitle: 'ARCHIVE',
			callingAeTitle: 'CT2',
			applicationContext: '1.2.840.10008.3.1.1.1',
			presentationContexts: [
				{ id: 1, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] },
			],
			userInformation: {
				maximumLength: 16384,
				implementationClassUid: '1.2.3.4',
				asynchronousOperationsWindow: { invoked: 2, performed: 3 },
				roleSelections: [{ sopClassUid: '1.2.840.10008.1.1', scuRole: true, scpRole: false }],
				implementationVersionName: 'OWN_1',
				extendedNegotiations: [{ sopClassUid: '1.2.840.10008.1.1', information: Uint8Array.of(7) }],
				commonExtendedNegotiations: [
					{
						sopClassUid: '1.2.840.10008.1.1',
						serviceClassUid: '1.2.840.10008.4.2',
						relatedSopClassUids: ['1.2.840.10008.1.9'],
					},
				],
				userIdentity: {
					type: 2,
					positiveResponseRequested: true,
					primaryField: bytes("'abc'"),
					secondaryField: bytes("'de'"),
				},
			},
		},
	},
	'A-ASSOCIATE-AC': {
		wire: bytes(
			'02 00 00 00 00 a5', // length 165
			'00 01 00 00',
			"'ARCHIVE         '",
			"'CT2             '",
			'00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00',
			'00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00',
			'10 00 00 15',
			"'1.2.840.10008.3.1.1.1'",
			'21 00 00 19 01 00 00 00', // context 1: result 0, accepted
			'40 00 00 11',
			"'1.2.840.10008.1.2'",
			'21 00 00 08 03 00 03 00', // context 3: result 3, abstract syntax not supported
			'40 00 00 00', // transfer syntax without meaning
			'50 00 00 1b',
			'51 00 00 04 00 00 00 00', // maximum length 0: no limit
			'52 00 00 07',
			"'1.2.3.5'",
			'59 00 00 04 00 02', // user identity response
			"'ok'",
		),
		pdu: {
			kind: 'A-ASSOCIATE-AC',
			protocolVersion: 1,
			calledAeTitle: 'ARCHIVE',
			callingAeTitle: 'CT2',
			applicationContext: '1.2.840.10008.3.1.1.1',
			presentationContexts: [
				{ id: 1, result: 0, transferSyntax: '1.2.840.10008.1.2' },
				{ id: 3, result: 3, transferSyntax: '' },
			],
			userInformation: {
				maximumLength: 0,
				implementationClassUid: '1.2.3.5',
				userIdentityResponse: bytes("'ok'"),
			},
		},
	},
	'A-ASSOCIATE-RJ': {
		wire: bytes('03 00 00 00 00 04 00 01 01 07'), // permanent, service user, called AE title
		pdu: { kind: 'A-ASSOCIATE-RJ', result: 1, source: 1, reason: 7 },
	},
	'P-DATA-TF': {
		wire: bytes(
			'04 00 00 00 00 10', // length 16
			'00 00 00 05 01 03 aa bb cc', // PDV of 5: context 1, last command fragment
			'00 00 00 03 05 00 dd', // PDV of 3: context 5, data, more to come
		),
		pdu: {
			kind: 'P-DATA-TF',
			pdvs: [
				{ contextId: 1, isCommand: true, isLast: true, data: bytes('aa bb cc') },
				{ contextId: 5, isCommand: false, isLast: false, data: bytes('dd') },
			],
		},
	},
	'A-RELEASE-RQ': { wire: bytes('05 00 00 00 00 04 00 00 00 00'), pdu: { kind: 'A-RELEASE-RQ' } },
	'A-RELEASE-RP': { wire: bytes('06 00 00 00 00 04 00 00 00 00'), pdu: { kind: 'A-RELEASE-RP' } },
	'A-ABORT': {
		wire: bytes('07 00 00 00 00 04 00 00 02 06'), // service provider, invalid parameter value
		pdu: { kind: 'A-ABORT', source: 2, reason: 6 },
	},
};

/** The bytes of a fixture. */
export function wire(kind: Pdu['kind']): Uint8Array {
	return FIXTURES[kind].wire;
}

/** The A-ASSOCIATE-RQ fixture, for the service primitive. */
export function request() {
	const { pdu } = FIXTURES['A-ASSOCIATE-RQ'];
	if (pdu.kind !== 'A-ASSOCIATE-RQ') throw new Error('wrong fixture');
	return pdu;
}

/** The A-ASSOCIATE-AC fixture, for the service primitive. */
export function acceptance() {
	const { pdu } = FIXTURES['A-ASSOCIATE-AC'];
	if (pdu.kind !== 'A-ASSOCIATE-AC') throw new Error('wrong fixture');
	return pdu;
}
