/** Public and private keys of either kind, their signatures and their encodings. */
import {
	DER,
	der,
	derBitString,
	derExplicit,
	derOid,
	derSequence,
	derUnsigned,
	oidOf,
	readDer,
	type DerElement,
} from './der.ts';
import {
	curveOfOid,
	curveOid,
	generateEc,
	isPoint,
	isScalar,
	pointOf,
	signEcdsa,
	verifyEcdsa,
	type CurveName,
	type EcPrivate,
	type EcPublic,
} from './elliptic-curve.ts';
import { HASHES, type HashName } from './digest.ts';
import { OID } from './object-identifiers.ts';
import type { RandomBytes } from './random-bytes.ts';
import { encodePem, decodePem } from './pem.ts';
import {
	generateRsa,
	signRsaPkcs1,
	verifyRsaPkcs1,
	type RsaPrivate,
	type RsaPublic,
} from './rsa.ts';

/** Kinds of key that can be made. */
export type KeyType = 'P-256' | 'P-384' | 'RSA-2048';

/** The kinds that sign, by the name of their algorithm. */
export type SigningKind = 'ec' | 'rsa';

export type SigningPublicKey =
	({ readonly kind: 'ec' } & EcPublic) | ({ readonly kind: 'rsa' } & RsaPublic);

export type PublicKey =
	| SigningPublicKey
	/** An algorithm whose signatures are not verified here. */
	| { readonly kind: 'other'; readonly algorithm: string };

export type PrivateKey =
	({ readonly kind: 'ec' } & EcPrivate) | ({ readonly kind: 'rsa' } & RsaPrivate);

export function generateKey(random: RandomBytes, type: KeyType): PrivateKey {
	return type === 'RSA-2048'
		? { kind: 'rsa', ...generateRsa(random) }
		: { kind: 'ec', ...generateEc(random, type) };
}

export function publicKeyOf(key: PrivateKey): SigningPublicKey {
	return key.kind === 'ec'
		? { kind: 'ec', curve: key.curve, point: pointOf(key) }
		: { kind: 'rsa', modulus: key.modulus, exponent: key.exponent };
}

/** ECDSA in DER, or RSASSA-PKCS1-v1_5. */
export function sign(key: PrivateKey, hash: HashName, message: Uint8Array): Uint8Array {
	const digest = HASHES[hash](message);
	return key.kind === 'ec' ? signEcdsa(key, digest) : signRsaPkcs1(key, hash, digest);
}

/** Whether a signature is right. A malformed one is false, and so is one that cannot be verified here. */
export function verifySignature(
	key: PublicKey,
	hash: HashName,
	message: Uint8Array,
	signature: Uint8Array,
): boolean {
	const digest = HASHES[hash](message);
	if (key.kind === 'ec') return verifyEcdsa(key, digest, signature);
	return key.kind === 'rsa' && verifyRsaPkcs1(key, hash, digest, signature);
}

/** The content of the BIT STRING in a SubjectPublicKeyInfo. */
export function publicKeyBits(key: SigningPublicKey): Uint8Array {
	if (key.kind === 'ec') return key.point;
	return derSequence(derUnsigned(key.modulus), derUnsigned(key.exponent));
}

/** SubjectPublicKeyInfo (RFC 5280 4.1.2.7, RFC 5480, RFC 3279). */
export function encodePublicKey(key: SigningPublicKey): Uint8Array {
	const algorithm =
		key.kind === 'ec'
			? derSequence(derOid(OID.ecPublicKey), derOid(curveOid(key.curve)))
			: derSequence(derOid(OID.rsaEncryption), der(DER.null));
	return derSequence(algorithm, derBitString(publicKeyBits(key)));
}

/** Reads a SubjectPublicKeyInfo; undefined when it is malformed. */
export function decodePublicKey(element: DerElement | undefined): PublicKey | undefined {
	const [algorithm, bits] = element?.children ?? [];
	const oid = oidOf(algorithm?.children[0]);
	if (oid === undefined || bits?.tag !== DER.bitString || bits.content[0] !== 0) return undefined;
	const content = bits.content.subarray(1);
	if (oid === OID.ecPublicKey) {
		const curve = curveOfOid(oidOf(algorithm?.children[1]));
		if (!curve) return { kind: 'other', algorithm: oid };
		return isPoint(curve, content) ? { kind: 'ec', curve, point: content } : undefined;
	}
	if (oid !== OID.rsaEncryption) return { kind: 'other', algorithm: oid };
	const [modulus, exponent] = unsignedList(readDer(content)?.children);
	return modulus && exponent ? { kind: 'rsa', modulus, exponent } : undefined;
}

/** Big-endian numbers without sign byte; empty when one is no INTEGER. */
function unsignedList(elements: readonly DerElement[] | undefined): Uint8Array[] {
	if (!elements?.every(({ tag }) => tag === DER.integer)) return [];
	return elements.map(({ content }) => {
		const first = content.findIndex((byte) => byte !== 0);
		return first < 0 ? content.subarray(content.length) : content.subarray(first);
	});
}

/** The key as PEM: `EC PRIVATE KEY` (SEC 1 C.4) or `RSA PRIVATE KEY` (RFC 8017 A.1.2). */
export function privateKeyPem(key: PrivateKey): string {
	if (key.kind === 'rsa') {
		const numbers = [
			...[Uint8Array.of(0), key.modulus, key.exponent, key.privateExponent],
			...[key.prime1, key.prime2, key.exponent1, key.exponent2, key.coefficient],
		];
		return encodePem('RSA PRIVATE KEY', derSequence(...numbers.map(derUnsigned)));
	}
	return encodePem(
		'EC PRIVATE KEY',
		derSequence(
			der(DER.integer, Uint8Array.of(1)),
			der(DER.octetString, key.scalar),
			derExplicit(0, derOid(curveOid(key.curve))),
			derExplicit(1, derBitString(pointOf(key))),
		),
	);
}

/** The first private key of a PEM text, in one of those forms or in PKCS #8 (RFC 5208) without a password. */
export function readPemPrivateKey(text: string): PrivateKey | undefined {
	for (const { label, bytes } of decodePem(text)) {
		const parts = readDer(bytes)?.children;
		if (label === 'EC PRIVATE KEY') return fromSec1(parts, undefined);
		if (label === 'RSA PRIVATE KEY') return fromPkcs1(parts);
		if (label === 'PRIVATE KEY') return fromPkcs8(parts);
	}
	return undefined;
}

function fromPkcs8(parts: readonly DerElement[] | undefined): PrivateKey | undefined {
	const [, algorithm, octets] = parts ?? [];
	if (octets?.tag !== DER.octetString) return undefined;
	const inner = readDer(octets.content)?.children;
	const oid = oidOf(algorithm?.children[0]);
	if (oid === OID.rsaEncryption) return fromPkcs1(inner);
	const curve = curveOfOid(oidOf(algorithm?.children[1]));
	return oid === OID.ecPublicKey ? fromSec1(inner, curve) : undefined;
}

function fromSec1(
	parts: readonly DerElement[] | undefined,
	outerCurve: CurveName | undefined,
): PrivateKey | undefined {
	const named = parts?.find((part) => part.tag === 0xa0)?.children[0];
	const curve = outerCurve ?? curveOfOid(oidOf(named));
	const octets = parts?.[1];
	if (!curve || octets?.tag !== DER.octetString) return undefined;
	return isScalar(curve, octets.content)
		? { kind: 'ec', curve, scalar: octets.content }
		: undefined;
}

function fromPkcs1(parts: readonly DerElement[] | undefined): PrivateKey | undefined {
	const [, modulus, exponent, privateExponent, prime1, prime2, ...rest] = unsignedList(parts);
	const [exponent1, exponent2, coefficient] = rest;
	if (!modulus || !exponent || !privateExponent || !prime1 || !prime2) return undefined;
	if (!exponent1 || !exponent2 || !coefficient) return undefined;
	const numbers = { modulus, exponent, privateExponent, prime1, prime2 };
	return { kind: 'rsa', ...numbers, exponent1, exponent2, coefficient };
}
