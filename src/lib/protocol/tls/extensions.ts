/** Hello extensions: numbers, values and how they are read. */
import { asciiBytes, asciiText } from '../x509/der.ts';
import type { CurveName } from '../x509/elliptic-curve.ts';
import type { HashName } from '../x509/digest.ts';
import type { SigningKind } from '../x509/keys.ts';
import { ByteReader, uint, uint16s } from './byte-reader.ts';
import { vector, type Extension } from './handshake-messages.ts';

const EXTENSION = {
	server_name: 0,
	supported_groups: 10,
	ec_point_formats: 11,
	signature_algorithms: 13,
	extended_master_secret: 23,
	supported_versions: 43,
	renegotiation_info: 0xff01,
} as const;

type ExtensionName = keyof typeof EXTENSION;

/** Signalling cipher suite of RFC 5746 3.3. */
export const RENEGOTIATION_SCSV = 0x00ff;

/** Groups for the key exchange (RFC 8422 5.1.1), the preferred one first. */
export const GROUPS: readonly { readonly code: number; readonly curve: CurveName }[] = [
	{ code: 23, curve: 'P-256' },
	{ code: 24, curve: 'P-384' },
];

export interface SignatureScheme {
	readonly code: number;
	readonly key: SigningKind;
	readonly hash: HashName;
}

/** Signatures that are made and verified, by their number in signature_algorithms. */
export const SIGNATURE_SCHEMES: readonly SignatureScheme[] = [
	{ code: 0x0403, key: 'ec', hash: 'sha256' },
	{ code: 0x0503, key: 'ec', hash: 'sha384' },
	{ code: 0x0603, key: 'ec', hash: 'sha512' },
	{ code: 0x0401, key: 'rsa', hash: 'sha256' },
	{ code: 0x0501, key: 'rsa', hash: 'sha384' },
	{ code: 0x0601, key: 'rsa', hash: 'sha512' },
];

/** Certificates that a server asks for, by the key in them (RFC 5246 7.4.4, RFC 8422 5.5). */
export const CERTIFICATE_TYPES: Readonly<Record<SigningKind, number>> = { ec: 64, rsa: 1 };

const UNCOMPRESSED = Uint8Array.of(0);

export function extensionNamed(
	extensions: readonly Extension[],
	name: ExtensionName,
): Uint8Array | undefined {
	return extensions.find(({ type }) => type === EXTENSION[name])?.data;
}

function extension(name: ExtensionName, data: Uint8Array = new Uint8Array(0)): Extension {
	return { type: EXTENSION[name], data };
}

/** What a client offers. Signature algorithms are a matter of TLS 1.2 (RFC 5246 7.4.1.4.1). */
export function clientExtensions(serverName: string | undefined, tls12: boolean): Extension[] {
	const named =
		serverName === undefined ? [] : [extension('server_name', encodeServerName(serverName))];
	const schemes = vector(2, uint16s(SIGNATURE_SCHEMES.map(({ code }) => code)));
	return [
		...named,
		extension('ec_point_formats', vector(1, UNCOMPRESSED)),
		extension('supported_groups', vector(2, uint16s(GROUPS.map(({ code }) => code)))),
		extension('extended_master_secret'),
		...(tls12 ? [extension('signature_algorithms', schemes)] : []),
		extension('renegotiation_info', vector(1)),
	];
}

/** What a server answers to what the client offered. Nothing else may be answered (RFC 5246 7.4.1.4). */
export function serverExtensions(offered: readonly Extension[], secure: boolean): Extension[] {
	const answers: Extension[] = [];
	if (secure) answers.push(extension('renegotiation_info', vector(1)));
	if (extensionNamed(offered, 'ec_point_formats')) {
		answers.push(extension('ec_point_formats', vector(1, UNCOMPRESSED)));
	}
	if (extensionNamed(offered, 'extended_master_secret')) {
		answers.push(extension('extended_master_secret'));
	}
	return answers;
}

/** Whether a server answers only what was offered. */
export function answersOffer(
	answers: readonly Extension[],
	offered: readonly Extension[],
): boolean {
	return answers.every(({ type }) => offered.some((offer) => offer.type === type));
}

function encodeServerName(name: string): Uint8Array {
	return vector(2, uint(0, 1), vector(2, asciiBytes(name)));
}

/** The host name of a server_name extension (RFC 6066 section 3); undefined when there is none. */
export function decodeServerName(data: Uint8Array | undefined): string | undefined {
	if (!data) return undefined;
	const list = new ByteReader(new ByteReader(data).vector(2));
	const type = list.uint(1);
	const name = list.vector(2);
	return list.failed || type !== 0 || name.length === 0 ? undefined : asciiText(name);
}

/** A list of 16-bit numbers after its length; undefined when it is malformed. */
export function decodeNumbers(
	data: Uint8Array | undefined,
	lengthBytes: 1 | 2,
): number[] | undefined {
	if (!data) return undefined;
	const reader = new ByteReader(data);
	const numbers = reader.uint16s(lengthBytes);
	return reader.complete ? numbers : undefined;
}
