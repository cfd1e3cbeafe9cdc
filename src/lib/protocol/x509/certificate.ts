import type { Micros } from '#lib/kernel/time.ts';
import {
	decodeExtensions,
	readExtensionEntries,
	type CertificateExtensions,
	type ExtensionEntry,
} from './certificate-extensions.ts';
import { DER, oidOf, readDer, sameBytes, timeOf, type DerElement } from './der.ts';
import { decodeName, type DistinguishedName } from './distinguished-name.ts';
import { decodePublicKey, verifySignature, type PublicKey, type SigningKind } from './keys.ts';
import type { HashName } from './digest.ts';
import { OID } from './object-identifiers.ts';
import { decodePem, encodePem } from './pem.ts';

/** An X.509 certificate, version 3 (RFC 5280 4.1), as plain data. */
export interface Certificate {
	readonly der: Uint8Array;
	/** The part that is signed. */
	readonly toBeSigned: Uint8Array;
	readonly version: number;
	/** Big-endian, without sign byte. */
	readonly serialNumber: Uint8Array;
	readonly signatureAlgorithm: string;
	readonly signature: Uint8Array;
	readonly issuer: DistinguishedName;
	readonly subject: DistinguishedName;
	/** µs since 1970. */
	readonly notBeforeUs: Micros;
	readonly notAfterUs: Micros;
	readonly publicKey: PublicKey;
	/** In the order of the certificate. */
	readonly entries: readonly ExtensionEntry[];
	readonly extensions: CertificateExtensions;
}

/** Signature algorithms by identifier. The kind of key is that of the signer. */
export const SIGNATURE_ALGORITHMS: Readonly<
	Record<string, { readonly name: string; readonly key: SigningKind; readonly hash: HashName }>
> = {
	[OID.ecdsaWithSha256]: { name: 'ecdsa-with-SHA256', key: 'ec', hash: 'sha256' },
	[OID.ecdsaWithSha384]: { name: 'ecdsa-with-SHA384', key: 'ec', hash: 'sha384' },
	[OID.ecdsaWithSha512]: { name: 'ecdsa-with-SHA512', key: 'ec', hash: 'sha512' },
	[OID.sha256WithRsaEncryption]: { name: 'sha256WithRSAEncryption', key: 'rsa', hash: 'sha256' },
	[OID.sha384WithRsaEncryption]: { name: 'sha384WithRSAEncryption', key: 'rsa', hash: 'sha384' },
	[OID.sha512WithRsaEncryption]: { name: 'sha512WithRSAEncryption', key: 'rsa', hash: 'sha512' },
};

const VERSION = 0xa0;
const EXTENSIONS = 0xa3;

/** Reads a certificate; undefined when the bytes are none. */
export function readCertificate(bytes: Uint8Array): Certificate | undefined {
	const outer = readDer(bytes);
	const [tbs, algorithm, signature] = outer?.children ?? [];
	const signatureAlgorithm = oidOf(algorithm?.children[0]);
	if (outer?.tag !== DER.sequence || outer.children.length !== 3) return undefined;
	if (tbs?.tag !== DER.sequence || !algorithm || signatureAlgorithm === undefined) return undefined;
	if (signature?.tag !== DER.bitString || signature.content[0] !== 0) return undefined;
	// The same identifier stands in the signed part (RFC 5280 4.1.1.2).
	if (!tbs.children.some((child) => sameBytes(child.bytes, algorithm.bytes))) return undefined;
	const body = readBody(tbs);
	return (
		body && {
			der: bytes,
			toBeSigned: tbs.bytes,
			signatureAlgorithm,
			signature: signature.content.subarray(1),
			...body,
		}
	);
}

type Body = Omit<Certificate, 'der' | 'toBeSigned' | 'signatureAlgorithm' | 'signature'>;

function readBody(tbs: DerElement): Body | undefined {
	const versioned = tbs.children[0]?.tag === VERSION;
	const version = versioned ? 1 + (tbs.children[0]?.children[0]?.content[0] ?? 0) : 1;
	const fields = versioned ? tbs.children.slice(1) : tbs.children;
	const [serial, , issuerName, validity, subjectName, keyInfo, ...rest] = fields;
	const issuer = decodeName(issuerName);
	const subject = decodeName(subjectName);
	const notBeforeUs = timeOf(validity?.children[0]);
	const notAfterUs = timeOf(validity?.children[1]);
	const publicKey = decodePublicKey(keyInfo);
	if (serial?.tag !== DER.integer || !issuer || !subject || !publicKey) return undefined;
	if (notBeforeUs === undefined || notAfterUs === undefined) return undefined;
	const list = rest.find((element) => element.tag === EXTENSIONS)?.children[0];
	const entries = list ? readExtensionEntries(list) : [];
	const extensions = entries && decodeExtensions(entries);
	if (!entries || !extensions) return undefined;
	const signed = serial.content;
	const serialNumber = signed.length > 1 && signed[0] === 0 ? signed.subarray(1) : signed;
	const names = { issuer, subject, serialNumber };
	return { version, ...names, notBeforeUs, notAfterUs, publicKey, entries, extensions };
}

/** Whether the issuer's key made the signature. False too for an algorithm that is not supported. */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
	const algorithm = SIGNATURE_ALGORITHMS[certificate.signatureAlgorithm];
	if (!algorithm || algorithm.key !== issuer.publicKey.kind) return false;
	const { toBeSigned, signature } = certificate;
	return verifySignature(issuer.publicKey, algorithm.hash, toBeSigned, signature);
}

/** Whether subject and issuer are the same name; whether it is signed by itself is another question. */
export function isSelfIssued(certificate: Certificate): boolean {
	return sameBytes(certificate.subject.der, certificate.issuer.der);
}

/** The certificates of a PEM text in order; blocks that are none are left out. */
export function readPemCertificates(text: string): Certificate[] {
	return decodePem(text)
		.filter((block) => block.label === 'CERTIFICATE')
		.flatMap((block) => readCertificate(block.bytes) ?? []);
}

export function certificatePem(certificate: Certificate): string {
	return encodePem('CERTIFICATE', certificate.der);
}
