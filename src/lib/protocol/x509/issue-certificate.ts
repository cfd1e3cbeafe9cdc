import { sha1 } from '@noble/hashes/legacy.js';
import type { Micros } from '#lib/kernel/time.ts';
import { readCertificate, type Certificate } from './certificate.ts';
import {
	encodeExtensions,
	type AlternativeName,
	type CertificateExtensions,
} from './certificate-extensions.ts';
import {
	DER,
	der,
	derBitString,
	derExplicit,
	derOid,
	derSequence,
	derTime,
	derUnsigned,
} from './der.ts';
import { encodeName, type NameAttributes } from './distinguished-name.ts';
import {
	encodePublicKey,
	generateKey,
	publicKeyBits,
	publicKeyOf,
	sign,
	type KeyType,
	type PrivateKey,
	type SigningPublicKey,
} from './keys.ts';
import type { HashName } from './digest.ts';
import { OID } from './object-identifiers.ts';
import type { RandomBytes } from './random-bytes.ts';

const SERIAL_BYTES = 16;

/** A certificate with the key that belongs to it. */
export interface Credential {
	readonly certificate: Certificate;
	readonly key: PrivateKey;
}

interface Validity {
	/** µs since 1970, whole seconds. */
	readonly notBeforeUs: Micros;
	readonly notAfterUs: Micros;
	/** P-256 unless told otherwise. */
	readonly keyType?: KeyType;
}

export interface AuthorityProfile extends Validity {
	readonly subject: NameAttributes;
	/** How many intermediate authorities may follow; any number unless told otherwise. */
	readonly pathLength?: number;
}

export interface EndEntityProfile extends Validity {
	readonly subject: NameAttributes;
	readonly names: readonly AlternativeName[];
	/** TLS servers, clients, or both, which is what DICOM nodes are. */
	readonly purposes: readonly ('serverAuth' | 'clientAuth')[];
}

/** A certification authority: self-signed without an issuer, intermediate with one. */
export function issueAuthority(
	profile: AuthorityProfile,
	random: RandomBytes,
	issuer?: Credential,
): Credential {
	const { pathLength } = profile;
	const extensions: CertificateExtensions = {
		basicConstraints: { isAuthority: true, ...(pathLength === undefined ? {} : { pathLength }) },
		keyUsage: ['keyCertSign', 'cRLSign'],
	};
	return issue(profile, extensions, random, issuer);
}

/** A certificate for a host, with a new key; self-signed without an issuer. */
export function issueEndEntity(
	profile: EndEntityProfile,
	random: RandomBytes,
	issuer?: Credential,
): Credential {
	const extensions: CertificateExtensions = {
		basicConstraints: { isAuthority: false },
		// An RSA key could also take part in the key exchange without elliptic curves (RFC 5246 7.4.2).
		keyUsage:
			profile.keyType === 'RSA-2048'
				? ['digitalSignature', 'keyEncipherment']
				: ['digitalSignature'],
		extendedKeyUsage: profile.purposes.map((purpose) => OID[purpose]),
		...(profile.names.length > 0 ? { alternativeNames: profile.names } : {}),
	};
	return issue(profile, extensions, random, issuer);
}

/**
 * Issues a certificate with whatever extensions, also such as no authority should give; key identifiers are
 * added (RFC 5280 4.2.1.1 and 4.2.1.2).
 */
export function issue(
	profile: Validity & { readonly subject: NameAttributes },
	extensions: CertificateExtensions,
	random: RandomBytes,
	issuer?: Credential,
): Credential {
	const key = generateKey(random, profile.keyType ?? 'P-256');
	const publicKey = publicKeyOf(key);
	const signer = issuer?.key ?? key;
	const subject = encodeName(profile.subject);
	const serial = random(SERIAL_BYTES);
	// Positive and of full length (RFC 5280 4.1.2.2).
	serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
	const { algorithm, hash } = signatureOf(signer);
	const toBeSigned = derSequence(
		derExplicit(0, derUnsigned(Uint8Array.of(2))),
		derUnsigned(serial),
		algorithm,
		issuer?.certificate.subject.der ?? subject,
		derSequence(derTime(profile.notBeforeUs), derTime(profile.notAfterUs)),
		subject,
		encodePublicKey(publicKey),
		derExplicit(
			3,
			encodeExtensions({
				subjectKeyIdentifier: keyIdentifier(publicKey),
				authorityKeyIdentifier:
					issuer?.certificate.extensions.subjectKeyIdentifier ?? keyIdentifier(publicKey),
				...extensions,
			}),
		),
	);
	const signature = sign(signer, hash, toBeSigned);
	const certificate = readCertificate(derSequence(toBeSigned, algorithm, derBitString(signature)));
	if (!certificate) throw new Error('a certificate that was issued cannot be read');
	return { certificate, key };
}

function signatureOf(signer: PrivateKey): { algorithm: Uint8Array; hash: HashName } {
	if (signer.kind === 'rsa') {
		const algorithm = derSequence(derOid(OID.sha256WithRsaEncryption), der(DER.null));
		return { algorithm, hash: 'sha256' };
	}
	return signer.curve === 'P-256'
		? { algorithm: derSequence(derOid(OID.ecdsaWithSha256)), hash: 'sha256' }
		: { algorithm: derSequence(derOid(OID.ecdsaWithSha384)), hash: 'sha384' };
}

/** SHA-1 of the key's bits (RFC 5280 4.2.1.2, method 1): a name, not a protection. */
function keyIdentifier(key: SigningPublicKey): Uint8Array {
	return sha1(publicKeyBits(key));
}
