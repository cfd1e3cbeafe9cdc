/** Certificates in the words of `openssl x509` of OpenSSL 3.0. */
import { civilFromMicros, type Micros } from '#lib/kernel/time.ts';
import { SIGNATURE_ALGORITHMS, type Certificate } from './certificate.ts';
import {
	decodeExtensions,
	type CertificateExtensions,
	type ExtensionEntry,
	type KeyUsage,
} from './certificate-extensions.ts';
import { nameText } from './distinguished-name.ts';
import type { PublicKey } from './keys.ts';
import { OID } from './object-identifiers.ts';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const KEY_BYTES_PER_LINE = 15;
const SIGNATURE_BYTES_PER_LINE = 18;

const USAGE_TEXTS: Readonly<Record<KeyUsage, string>> = {
	digitalSignature: 'Digital Signature',
	nonRepudiation: 'Non Repudiation',
	keyEncipherment: 'Key Encipherment',
	dataEncipherment: 'Data Encipherment',
	keyAgreement: 'Key Agreement',
	keyCertSign: 'Certificate Sign',
	cRLSign: 'CRL Sign',
	encipherOnly: 'Encipher Only',
	decipherOnly: 'Decipher Only',
};

const PURPOSE_TEXTS: Readonly<Record<string, string>> = {
	[OID.serverAuth]: 'TLS Web Server Authentication',
	[OID.clientAuth]: 'TLS Web Client Authentication',
};

/** `Mar  9 07:40:12 2026 GMT` */
export function certificateTime(us: Micros): string {
	const { year, month, day, hour, minute, second } = civilFromMicros(us);
	const clock = [hour, minute, second].map((n) => String(n).padStart(2, '0')).join(':');
	return `${MONTHS[month - 1] ?? ''} ${String(day).padStart(2)} ${clock} ${year} GMT`;
}

/** `id-ecPublicKey, 256 (bit)`: algorithm and size of a key. */
export function keyText(key: PublicKey): { algorithm: string; bits: number } {
	if (key.kind === 'ec') {
		return { algorithm: 'id-ecPublicKey', bits: key.curve === 'P-256' ? 256 : 384 };
	}
	if (key.kind === 'other') return { algorithm: key.algorithm, bits: 0 };
	const [first = 0] = key.modulus;
	return {
		algorithm: 'rsaEncryption',
		bits: key.modulus.length * 8 - Math.max(0, Math.clz32(first) - 24),
	};
}

export function signatureAlgorithmText(certificate: Certificate): string {
	const oid = certificate.signatureAlgorithm;
	return SIGNATURE_ALGORITHMS[oid]?.name ?? oid;
}

/** The output of `openssl x509 -noout -text`, without a trailing line break. */
export function certificateText(certificate: Certificate): string {
	const algorithm = signatureAlgorithmText(certificate);
	return [
		'Certificate:',
		'    Data:',
		`        Version: ${certificate.version} (0x${(certificate.version - 1).toString(16)})`,
		...serialLines(certificate.serialNumber),
		`        Signature Algorithm: ${algorithm}`,
		`        Issuer: ${nameText(certificate.issuer)}`,
		'        Validity',
		`            Not Before: ${certificateTime(certificate.notBeforeUs)}`,
		`            Not After : ${certificateTime(certificate.notAfterUs)}`,
		`        Subject: ${nameText(certificate.subject)}`,
		'        Subject Public Key Info:',
		...keyLines(certificate.publicKey),
		...(certificate.entries.length > 0 ? ['        X509v3 extensions:'] : []),
		...certificate.entries.flatMap(extensionLines),
		`    Signature Algorithm: ${algorithm}`,
		'    Signature Value:',
		...hexLines(certificate.signature, SIGNATURE_BYTES_PER_LINE, '        '),
	].join('\n');
}

/** Numbers that fit into eight bytes are shown as such. */
function serialLines(serial: Uint8Array): string[] {
	if (serial.length > 8) return ['        Serial Number:', `            ${hexText(serial)}`];
	const number = serial.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
	return [`        Serial Number: ${number} (0x${number.toString(16)})`];
}

function keyLines(key: PublicKey): string[] {
	const { algorithm, bits } = keyText(key);
	const head = [`            Public Key Algorithm: ${algorithm}`];
	const indent = ' '.repeat(20);
	if (key.kind === 'other') return head;
	head.push(`                Public-Key: (${bits} bit)`);
	if (key.kind === 'rsa') {
		const padded = (key.modulus[0] ?? 0) >= 0x80 ? [0, ...key.modulus] : [...key.modulus];
		const exponent = key.exponent.reduce((value, byte) => value * 256 + byte, 0);
		return [
			...head,
			'                Modulus:',
			...hexLines(Uint8Array.from(padded), KEY_BYTES_PER_LINE, indent),
			`                Exponent: ${exponent} (0x${exponent.toString(16)})`,
		];
	}
	return [
		...head,
		'                pub:',
		...hexLines(key.point, KEY_BYTES_PER_LINE, indent),
		`                ASN1 OID: ${key.curve === 'P-256' ? 'prime256v1' : 'secp384r1'}`,
		`                NIST CURVE: ${key.curve}`,
	];
}

function extensionLines(entry: ExtensionEntry): string[] {
	const text = extensionText(decodeExtensions([entry]) ?? {});
	const title = EXTENSION_TITLES[entry.oid] ?? entry.oid;
	const value = text ?? entry.value.reduce((out, byte) => out + printable(byte), '');
	const flag = entry.critical ? 'critical' : '';
	return [`            ${title}: ${flag}`, `                ${value}`];
}

const EXTENSION_TITLES: Readonly<Record<string, string>> = {
	[OID.subjectKeyIdentifier]: 'X509v3 Subject Key Identifier',
	[OID.authorityKeyIdentifier]: 'X509v3 Authority Key Identifier',
	[OID.basicConstraints]: 'X509v3 Basic Constraints',
	[OID.keyUsage]: 'X509v3 Key Usage',
	[OID.extKeyUsage]: 'X509v3 Extended Key Usage',
	[OID.subjectAltName]: 'X509v3 Subject Alternative Name',
};

function extensionText(extensions: CertificateExtensions): string | undefined {
	const { basicConstraints, keyUsage, extendedKeyUsage, alternativeNames } = extensions;
	const identifier = extensions.subjectKeyIdentifier ?? extensions.authorityKeyIdentifier;
	if (identifier) return hexText(identifier).toUpperCase();
	if (basicConstraints) {
		const { isAuthority, pathLength } = basicConstraints;
		const length = pathLength === undefined ? '' : `, pathlen:${pathLength}`;
		return `CA:${isAuthority ? 'TRUE' : 'FALSE'}${length}`;
	}
	if (keyUsage) return keyUsage.map((usage) => USAGE_TEXTS[usage]).join(', ');
	if (extendedKeyUsage) return extendedKeyUsage.map((oid) => PURPOSE_TEXTS[oid] ?? oid).join(', ');
	return alternativeNames
		?.map(({ kind, value }) => (kind === 'dns' ? `DNS:${value}` : `IP Address:${value}`))
		.join(', ');
}

function printable(byte: number): string {
	return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
}

function hexText(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

function hexLines(bytes: Uint8Array, perLine: number, indent: string): string[] {
	const lines: string[] = [];
	for (let at = 0; at < bytes.length; at += perLine) {
		const more = at + perLine < bytes.length ? ':' : '';
		lines.push(indent + hexText(bytes.subarray(at, at + perLine)) + more);
	}
	return lines;
}
