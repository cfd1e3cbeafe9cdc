/** ECDSA and key agreement on P-256 and P-384 (FIPS 186-5, SEC 1). */
import { p256, p384 } from '@noble/curves/nist.js';
import { OID } from './object-identifiers.ts';
import type { RandomBytes } from './random-bytes.ts';

export type CurveName = 'P-256' | 'P-384';

export interface EcPublic {
	readonly curve: CurveName;
	/** In uncompressed form (SEC 1 2.3.3). */
	readonly point: Uint8Array;
}

export interface EcPrivate {
	readonly curve: CurveName;
	/** Big-endian. */
	readonly scalar: Uint8Array;
}

interface Curve {
	readonly group: typeof p256;
	readonly oid: string;
	/** Chance that the reduction to a scalar needs (FIPS 186-5 A.2.1). */
	readonly seedBytes: number;
}

const CURVES: Readonly<Record<CurveName, Curve>> = {
	'P-256': { group: p256, oid: OID.secp256r1, seedBytes: 48 },
	'P-384': { group: p384, oid: OID.secp384r1, seedBytes: 72 },
};

/** Signatures are DER; small and large values of `s` both count (FIPS 186-5 knows no difference). */
const OPTIONS = { prehash: false, lowS: false, format: 'der' } as const;

export function curveOid(curve: CurveName): string {
	return CURVES[curve].oid;
}

export function curveOfOid(oid: string | undefined): CurveName | undefined {
	return oid === OID.secp256r1 ? 'P-256' : oid === OID.secp384r1 ? 'P-384' : undefined;
}

export function isPoint(curve: CurveName, point: Uint8Array): boolean {
	return CURVES[curve].group.utils.isValidPublicKey(point, false);
}

export function isScalar(curve: CurveName, scalar: Uint8Array): boolean {
	return CURVES[curve].group.utils.isValidSecretKey(scalar);
}

export function generateEc(random: RandomBytes, curve: CurveName): EcPrivate {
	const { group, seedBytes } = CURVES[curve];
	return { curve, scalar: group.utils.randomSecretKey(random(seedBytes)) };
}

export function pointOf({ curve, scalar }: EcPrivate): Uint8Array {
	return CURVES[curve].group.getPublicKey(scalar, false);
}

/** The x coordinate that two sides share (SEC 1 3.3.1); undefined for a point that is not on the curve. */
export function sharedSecret(key: EcPrivate, peerPoint: Uint8Array): Uint8Array | undefined {
	if (!isPoint(key.curve, peerPoint)) return undefined;
	return CURVES[key.curve].group.getSharedSecret(key.scalar, peerPoint).subarray(1);
}

/** With the nonce of RFC 6979, so that equal inputs give equal bytes. */
export function signEcdsa(key: EcPrivate, digest: Uint8Array): Uint8Array {
	return CURVES[key.curve].group.sign(digest, key.scalar, OPTIONS);
}

export function verifyEcdsa(key: EcPublic, digest: Uint8Array, signature: Uint8Array): boolean {
	try {
		return CURVES[key.curve].group.verify(signature, digest, key.point, OPTIONS);
	} catch {
		// The library throws for what is no signature at all.
		return false;
	}
}
