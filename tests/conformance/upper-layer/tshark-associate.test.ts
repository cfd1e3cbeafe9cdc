import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import { negotiate } from '#lib/protocol/dicom/negotiation.ts';
import { userNameIdentity } from '#lib/protocol/dicom/negotiation-user-identity.ts';
import { encodePdu } from '#lib/protocol/dicom/upper-layer/encode-pdu.ts';
import type { AssociateRq, Pdu } from '#lib/protocol/dicom/upper-layer/pdu.ts';
import { afterAll, expect, test } from 'vitest';
import { join } from './bytes.ts';

function present(): boolean {
	try {
		execFileSync('tshark', ['--version'], { stdio: 'ignore' });
		return true;
	} catch {
		console.warn(
			'skipped: association PDUs are not checked against tshark, which is not installed',
		);
		return false;
	}
}

const hasTshark = present();
const folder = mkdtempSync(path(tmpdir(), 'associate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const LINKTYPE_RAW = 101;
const HEADERS_BYTES = 40;

/** A capture file with one IPv4 packet for each payload, all of one TCP stream to port 104. */
function capture(payloads: Uint8Array[]): Uint8Array {
	const header = new DataView(new ArrayBuffer(24));
	header.setUint32(0, 0xa1b2c3d4);
	header.setUint16(4, 2);
	header.setUint16(6, 4);
	header.setUint32(16, 0xffff);
	header.setUint32(20, LINKTYPE_RAW);
	const pieces: Uint8Array[] = [new Uint8Array(header.buffer)];
	let sequence = 1;
	for (const payload of payloads) {
		const packet = new DataView(new ArrayBuffer(16 + HEADERS_BYTES));
		packet.setUint32(8, HEADERS_BYTES + payload.length);
		packet.setUint32(12, HEADERS_BYTES + payload.length);
		packet.setUint8(16, 0x45); // IPv4, five words
		packet.setUint16(18, HEADERS_BYTES + payload.length);
		packet.setUint8(24, 64);
		packet.setUint8(25, 6); // TCP
		packet.setUint32(28, 0x0a010101);
		packet.setUint32(32, 0x0a020202);
		packet.setUint16(36, 40_000);
		packet.setUint16(38, 104);
		packet.setUint32(40, sequence);
		packet.setUint8(48, 0x50); // five words
		packet.setUint8(49, 0x18); // PSH, ACK
		packet.setUint16(50, 0xffff);
		pieces.push(new Uint8Array(packet.buffer), payload);
		sequence += payload.length;
	}
	return join(pieces);
}

/** The lines in which tshark explains PDUs, one frame each; without indentation. */
function explain(pdus: Pdu[]): string[][] {
	const file = path(folder, 'pdus.pcap');
	writeFileSync(file, capture(pdus.map((pdu) => join(encodePdu(pdu)))));
	const options = ['-r', file, '-d', 'tcp.port==104,dicom', '-V', '-O', 'dicom'];
	const text = execFileSync('tshark', options, {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	return text
		.split(/^Frame /m)
		.slice(1)
		.map((frame) => frame.split('\n').map((line) => line.trim()));
}

const FIND = '1.2.840.10008.5.1.4.1.2.2.1';
const IMPLICIT = '1.2.840.10008.1.2';

const rq: AssociateRq = {
	kind: 'A-ASSOCIATE-RQ',
	protocolVersion: 1,
	calledAeTitle: 'ARCHIVE',
	callingAeTitle: 'CT2',
	applicationContext: '1.2.840.10008.3.1.1.1',
	presentationContexts: [{ id: 1, abstractSyntax: FIND, transferSyntaxes: [IMPLICIT] }],
	userInformation: {
		maximumLength: 32_768,
		implementationClassUid: '1.2.3.4',
		implementationVersionName: 'OWN_1',
		asynchronousOperationsWindow: { invoked: 0, performed: 7 },
		roleSelections: [{ sopClassUid: FIND, scuRole: true, scpRole: true }],
		extendedNegotiations: [{ sopClassUid: FIND, information: Uint8Array.of(1) }],
		userIdentity: userNameIdentity({
			userName: 'admin',
			passcode: 'geheim',
			positiveResponseRequested: true,
		}),
	},
};

test.skipIf(!hasTshark)('tshark reads what we ask and what we answer', () => {
	const ac = negotiate(
		rq,
		{
			aeTitles: 'any',
			acceptCalling: 'any',
			supported: [
				{
					abstractSyntax: FIND,
					transferSyntaxes: [IMPLICIT],
					extendedNegotiation: { rule: 'options-in-common', supported: [1] },
				},
			],
			maximumLengthBytes: 16_384,
			implementationClassUid: '1.2.3.5',
			operationsWindow: { invoked: 2, performed: 5 },
			userIdentity: { known: [{ userName: 'admin', passcode: 'geheim' }] },
		},
		0,
	);
	const [request, answer] = explain([rq, ac]);
	expect(request).toEqual(
		expect.arrayContaining([
			'Max PDU Length: 32768',
			'Implementation Class UID: 1.2.3.4',
			'Implementation Version: OWN_1',
			'Maximum-number-operations-invoked: 0',
			'Maximum-number-operations-performed: 7',
			'Role Selection: SCU-role: yes, SCP-role: yes',
			'Item Type: SOP Class Extended Negotiation (0x56)',
			'Type: Username as a string in UTF-8 and passcode (2)',
			'Response Requested: 1',
			'Primary Field: admin',
			'Secondary Field: geheim',
		]),
	);
	expect(answer).toEqual(
		expect.arrayContaining([
			'Max PDU Length: 16384',
			'Result: Accept (0x0)',
			'Maximum-number-operations-invoked: 5',
			'Maximum-number-operations-performed: 2',
			'Role Selection: SCU-role: yes, SCP-role: no',
			'Item Type: SOP Class Extended Negotiation (0x56)',
			// It does not know the user identity of an answer, and shows its two bytes of length.
			'Item Type: Unknown (0x59)',
			'Unknown Data: 0000',
		]),
	);
	for (const line of [...request!, ...answer!]) expect(line).not.toMatch(/malformed|expert/i);
});

test.skipIf(!hasTshark)('tshark reads rejections and aborts', () => {
	const [rejection, abort] = explain([
		{ kind: 'A-ASSOCIATE-RJ', result: 1, source: 2, reason: 1 },
		{ kind: 'A-ABORT', source: 2, reason: 6 },
	]);
	expect(rejection).toEqual(
		expect.arrayContaining([
			'Result: Reject Permanent',
			'Source: Provider (ACSE)',
			'Reason: No reason given',
		]),
	);
	expect(abort).toEqual(
		expect.arrayContaining(['Source: Provider', 'Reason: Invalid PDU parameter value']),
	);
});
