/** The extensions of RFC 5280 4.2.1 that decide whether and for what a certificate is good. */
import {
	asciiBytes,
	asciiText,
	DER,
	der,
	derBoolean,
	derNamedBits,
	derOid,
	derSequence,
	derUnsigned,
	namedBits,
	oidOf,
	readDer,
	type DerElement,
} from './der.ts';
import { OID } from './object-identifiers.ts';

/** In the order of the bits (RFC 5280 4.2.1.3). */
export const KEY_USAGES = [
	'digitalSignature',
	'nonRepudiation',
	'keyEncipherment',
	'dataEncipherment',
	'keyAgreement',
	'keyCertSign',
	'cRLSign',
	'encipherOnly',
	'decipherOnly',
] as const;

export type KeyUsage = (typeof KEY_USAGES)[number];

/** A subject alternative name of the kinds that hosts have (RFC 5280 4.2.1.6). */
export interface AlternativeName {
	readonly kind: 'dns' | 'ip';
	/** A domain name, or an IPv4 address in dotted form. */
	readonly value: string;
}

export interface BasicConstraints {
	readonly isAuthority: boolean;
	/** How many intermediate authorities may follow. */
	readonly pathLength?: number;
}

/** What the extensions say; a field is there when its extension is. */
export interface CertificateExtensions {
	readonly basicConstraints?: BasicConstraints;
	readonly keyUsage?: readonly KeyUsage[];
	/** Object identifiers of purposes. */
	readonly extendedKeyUsage?: readonly string[];
	readonly alternativeNames?: readonly AlternativeName[];
	readonly subjectKeyIdentifier?: Uint8Array;
	readonly authorityKeyIdentifier?: Uint8Array;
}

/** One extension as it stands in the certificate. */
export interface ExtensionEntry {
	readonly oid: string;
	readonly critical: boolean;
	readonly value: Uint8Array;
}

const TAG_DNS_NAME = 0x82;
const TAG_IP_ADDRESS = 0x87;
const TAG_KEY_IDENTIFIER = 0x80;

/** In the order in which authorities usually write them; basicConstraints and keyUsage are critical. */
export function encodeExtensions(extensions: CertificateExtensions): Uint8Array {
	const { basicConstraints, keyUsage, extendedKeyUsage, alternativeNames } = extensions;
	const { subjectKeyIdentifier, authorityKeyIdentifier } = extensions;
	const entries: Uint8Array[] = [];
	const add = (oid: string, critical: boolean, value: Uint8Array): void => {
		const flag = critical ? [derBoolean(true)] : [];
		entries.push(derSequence(derOid(oid), ...flag, der(DER.octetString, value)));
	};
	if (subjectKeyIdentifier) {
		add(OID.subjectKeyIdentifier, false, der(DER.octetString, subjectKeyIdentifier));
	}
	if (authorityKeyIdentifier) {
		const identifier = der(TAG_KEY_IDENTIFIER, authorityKeyIdentifier);
		add(OID.authorityKeyIdentifier, false, derSequence(identifier));
	}
	if (basicConstraints) add(OID.basicConstraints, true, encodeBasicConstraints(basicConstraints));
	if (keyUsage) {
		const bits = keyUsage.map((usage) => KEY_USAGES.indexOf(usage));
		add(OID.keyUsage, true, derNamedBits(bits));
	}
	if (extendedKeyUsage) add(OID.extKeyUsage, false, derSequence(...extendedKeyUsage.map(derOid)));
	if (alternativeNames) {
		add(OID.subjectAltName, false, derSequence(...alternativeNames.map(encodeAlternativeName)));
	}
	return derSequence(...entries);
}

function encodeBasicConstraints({ isAuthority, pathLength }: BasicConstraints): Uint8Array {
	if (!isAuthority) return derSequence();
	const length = pathLength === undefined ? [] : [derUnsigned(Uint8Array.of(pathLength))];
	return derSequence(derBoolean(true), ...length);
}

function encodeAlternativeName({ kind, value }: AlternativeName): Uint8Array {
	return kind === 'dns'
		? der(TAG_DNS_NAME, asciiBytes(value))
		: der(TAG_IP_ADDRESS, Uint8Array.from(value.split('.').map(Number)));
}

/** The entries of an Extensions sequence; undefined when one is malformed. */
export function readExtensionEntries(element: DerElement): ExtensionEntry[] | undefined {
	const entries: ExtensionEntry[] = [];
	for (const { children } of element.children) {
		const oid = oidOf(children[0]);
		const value = children.at(-1);
		if (oid === undefined || value?.tag !== DER.octetString) return undefined;
		const flag = children.length === 3 ? children[1] : undefined;
		if (flag && flag.tag !== DER.boolean) return undefined;
		entries.push({ oid, critical: (flag?.content[0] ?? 0) !== 0, value: value.content });
	}
	return entries;
}

/** What the known ones among the entries say; undefined when a known one is malformed. */
export function decodeExtensions(
	entries: readonly ExtensionEntry[],
): CertificateExtensions | undefined {
	const out: Partial<Record<keyof CertificateExtensions, unknown>> = {};
	for (const { oid, value } of entries) {
		const decoder = DECODERS[oid];
		if (!decoder) continue;
		const element = readDer(value);
		const decoded = element && decoder.decode(element);
		if (decoded === undefined) return undefined;
		out[decoder.field] = decoded;
	}
	return out as CertificateExtensions;
}

/** Whether a critical extension would be processed here (RFC 5280 4.2: otherwise it must be refused). */
export function isKnownExtension(oid: string): boolean {
	return oid in DECODERS;
}

interface Decoder {
	field: keyof CertificateExtensions;
	decode(element: DerElement): unknown;
}

const DECODERS: Readonly<Record<string, Decoder>> = {
	[OID.basicConstraints]: { field: 'basicConstraints', decode: decodeBasicConstraints },
	[OID.keyUsage]: {
		field: 'keyUsage',
		decode: (element) => namedBits(element)?.flatMap((bit) => KEY_USAGES[bit] ?? []),
	},
	[OID.extKeyUsage]: {
		field: 'extendedKeyUsage',
		decode: (element) => element.children.flatMap((child) => oidOf(child) ?? []),
	},
	[OID.subjectAltName]: {
		field: 'alternativeNames',
		decode: (element) => element.children.flatMap(decodeAlternativeName),
	},
	[OID.subjectKeyIdentifier]: {
		field: 'subjectKeyIdentifier',
		decode: ({ tag, content }) => (tag === DER.octetString ? content : undefined),
	},
	[OID.authorityKeyIdentifier]: {
		field: 'authorityKeyIdentifier',
		// Without a key identifier it names issuer and serial number, which nothing here looks at.
		decode: ({ children }) =>
			children.find((child) => child.tag === TAG_KEY_IDENTIFIER)?.content ?? new Uint8Array(0),
	},
};

function decodeBasicConstraints(element: DerElement): BasicConstraints | undefined {
	if (element.tag !== DER.sequence) return undefined;
	const [first, second] = element.children;
	const isAuthority = first?.tag === DER.boolean && (first.content[0] ?? 0) !== 0;
	const length = first?.tag === DER.integer ? first : second;
	if (length?.tag !== DER.integer) return { isAuthority };
	const pathLength = length.content.reduce((value, byte) => value * 256 + byte, 0);
	return { isAuthority, pathLength };
}

function decodeAlternativeName({ tag, content }: DerElement): AlternativeName[] {
	if (tag === TAG_DNS_NAME) return [{ kind: 'dns', value: asciiText(content) }];
	if (tag !== TAG_IP_ADDRESS || content.length !== 4) return [];
	return [{ kind: 'ip', value: content.join('.') }];
}
