import { createPrivateKey, createPublicKey, verify, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIsoLocal } from '#lib/kernel/time.ts';
import { Pki, randomBytes } from '../tls/tls-pair.fixture.ts';
import { certificatePem, isSignedBy, readCertificate, readPemCertificates } from './certificate.ts';
import { certificateTime } from './describe-certificate.ts';
import {
	DER,
	der,
	derNamedBits,
	derOid,
	derTime,
	namedBits,
	oidOf,
	readDer,
	timeOf,
} from './der.ts';
import {
	generateKey,
	privateKeyPem,
	publicKeyOf,
	readPemPrivateKey,
	sign,
	verifySignature,
} from './keys.ts';
import { decodePem, encodePem } from './pem.ts';
import { matchesName } from './service-identity.ts';
import { verifyCertificate } from './verify-certificate.ts';

const pki = new Pki('x509');
const host = pki.host([
	{ kind: 'dns', value: 'pacs.hospital.example' },
	{ kind: 'dns', value: '*.wild.example' },
	{ kind: 'ip', value: '10.20.20.10' },
]);

describe('DER', () => {
	test('reads what it writes', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 400 }), fc.uint8Array({ maxLength: 400 }), (a, b) => {
				const bytes = der(DER.sequence, der(DER.octetString, a), der(DER.octetString, b));
				const read = readDer(bytes);
				expect(read?.children.map(({ content }) => [...content])).toEqual([[...a], [...b]]);
				expect(read?.bytes).toEqual(bytes);
			}),
		);
	});

	test.each(['1.2.840.10045.4.3.2', '2.5.29.17', '1.3.6.1.5.5.7.3.1', '2.16.840.1.101.3.4.2.1'])(
		'object identifier %s there and back',
		(oid) => {
			expect(oidOf(readDer(derOid(oid)))).toBe(oid);
		},
	);

	test('named bits there and back', () => {
		fc.assert(
			fc.property(fc.uniqueArray(fc.nat({ max: 8 })), (bits) => {
				const sorted = bits.toSorted((a, b) => a - b);
				expect(namedBits(readDer(derNamedBits(bits)))).toEqual(sorted);
			}),
		);
	});

	test.each([
		['2026-03-09T07:40', DER.utcTime],
		['1999-12-31T23:59:59', DER.utcTime],
		['2049-12-31T23:59:59', DER.utcTime],
		['2050-01-01T00:00', DER.generalizedTime],
	])('a time of %s', (text, tag) => {
		const us = parseIsoLocal(text) ?? NaN;
		const element = readDer(derTime(us));
		expect([element?.tag, timeOf(element)]).toEqual([tag, us]);
	});

	test.each([
		['nothing', []],
		['a length without its bytes', [0x30, 0x05, 0x01]],
		['an indefinite length', [0x30, 0x80, 0, 0]],
		['a length of five bytes', [0x04, 0x85, 0, 0, 0, 0, 1, 7]],
		['a tag of several bytes', [0x1f, 0x81, 0x01, 0]],
		['something behind it', [0x05, 0x00, 0x00]],
		['nesting without end', Array.from({ length: 100 }, (_, i) => [0x30, 2 * (99 - i)]).flat()],
	])('%s is not read', (_, bytes) => {
		expect(readDer(Uint8Array.from(bytes))).toBeUndefined();
	});
});

describe('certificates', () => {
	test('are read by an independent decoder, with the same content', () => {
		const theirs = new X509Certificate(host.certificate.der);
		const issuer = new X509Certificate(pki.intermediate.certificate.der);
		expect(theirs.subject).toBe('O=Synthetic Hospital\nCN=pacs.hospital.example');
		expect(theirs.subjectAltName).toBe(
			'DNS:pacs.hospital.example, DNS:*.wild.example, IP Address:10.20.20.10',
		);
		expect(theirs.validFrom).toBe(certificateTime(host.certificate.notBeforeUs));
		expect(theirs.validTo).toBe(certificateTime(host.certificate.notAfterUs));
		expect(theirs.verify(issuer.publicKey)).toBe(true);
		expect(theirs.checkIssued(issuer)).toBe(true);
		expect(theirs.ca).toBe(false);
		expect(issuer.ca).toBe(true);
	});

	test('keep everything when written as PEM and read again', () => {
		const text = `Some remark\n${certificatePem(host.certificate)}${certificatePem(pki.root.certificate)}`;
		expect(readPemCertificates(text)).toEqual([host.certificate, pki.root.certificate]);
	});

	test('with any byte wrong are refused, or not believed', () => {
		const { der: bytes } = host.certificate;
		fc.assert(
			fc.property(
				fc.nat({ max: bytes.length - 1 }),
				fc.integer({ min: 1, max: 255 }),
				(at, change) => {
					const wrong = Uint8Array.from(bytes);
					wrong[at] = (wrong[at] ?? 0) ^ change;
					const read = readCertificate(wrong);
					if (read) expect(isSignedBy(read, pki.intermediate.certificate)).toBe(false);
				},
			),
			{ numRuns: 300 },
		);
	});

	test('are never made of chance', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
				expect(readCertificate(bytes)).toBeUndefined();
			}),
			{ numRuns: 1_000 },
		);
	});

	test('begin and end with the second that they name', () => {
		const numbers = (atUs: number): number[] =>
			verifyCertificate({
				presented: [host.certificate, pki.intermediate.certificate],
				trusted: [pki.root.certificate],
				purpose: 'serverAuth',
				atUs,
			}).problems.map(({ number }) => number);
		const { notBeforeUs, notAfterUs } = host.certificate;
		expect(numbers(notBeforeUs - 1)).toEqual([9]);
		expect(numbers(notBeforeUs)).toEqual([]);
		expect(numbers(notAfterUs)).toEqual([]);
		expect(numbers(notAfterUs + 1)).toEqual([10]);
	});

	test.each([
		['pacs.hospital.example', true],
		['PACS.Hospital.Example', true],
		['pacs.hospital.example.', true],
		['pacs', false],
		['hospital.example', false],
		['a.wild.example', true],
		['a.b.wild.example', false],
		['wild.example', false],
		['*.wild.example', true],
		['10.20.20.10', true],
		['10.20.20.11', false],
	])('are for %s: %s', (name, matches) => {
		expect(matchesName(host.certificate, name)).toBe(matches);
	});
});

describe('keys', () => {
	const keys = (['P-256', 'P-384', 'RSA-2048'] as const).map(
		(type) => [type, generateKey(randomBytes(type), type)] as const,
	);

	test.each(keys)('%s follows from the chance that it is given', (type, key) => {
		expect(generateKey(randomBytes(type), type)).toEqual(key);
		expect(readPemPrivateKey(privateKeyPem(key))).toEqual(key);
	});

	test.each(keys)('%s signs so that others can verify, and the other way round', (_, key) => {
		const message = new TextEncoder().encode('message');
		const nodeKey = createPrivateKey(privateKeyPem(key));
		const signature = sign(key, 'sha256', message);
		expect(verify('sha256', message, createPublicKey(nodeKey), signature)).toBe(true);
		expect(verifySignature(publicKeyOf(key), 'sha256', message, signature)).toBe(true);
		expect(verifySignature(publicKeyOf(key), 'sha384', message, signature)).toBe(false);
		signature[signature.length - 1]! ^= 1;
		expect(verifySignature(publicKeyOf(key), 'sha256', message, signature)).toBe(false);
	});

	test.each(keys)('%s is read from PKCS #8 too', (_, key) => {
		const pkcs8 = createPrivateKey(privateKeyPem(key)).export({ type: 'pkcs8', format: 'pem' });
		expect(readPemPrivateKey(pkcs8.toString())).toEqual(key);
	});

	test('what is no key is none', () => {
		for (const label of ['EC PRIVATE KEY', 'RSA PRIVATE KEY', 'PRIVATE KEY', 'CERTIFICATE']) {
			const bytes = der(DER.sequence, der(DER.integer, Uint8Array.of(1)));
			expect(readPemPrivateKey(encodePem(label, bytes))).toBeUndefined();
			expect(readPemPrivateKey(encodePem(label, Uint8Array.of(1, 2, 3)))).toBeUndefined();
		}
		expect(readPemPrivateKey('')).toBeUndefined();
	});
});

test('PEM there and back', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
			expect(decodePem(encodePem('X509 CRL', bytes))).toEqual([
				{ label: 'X509 CRL', bytes: Uint8Array.from(bytes) },
			]);
		}),
	);
});
