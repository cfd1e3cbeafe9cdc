/** The peer's certificate in a handshake: reading, checking, and the signatures made with its key. */
import { readCertificate, type Certificate } from '../x509/certificate.ts';
import { verifySignature, type PublicKey } from '../x509/keys.ts';
import {
	verifyCertificate,
	type CertificateProblem,
	type VerifyNumber,
} from '../x509/verify-certificate.ts';
import type { AlertName } from './alerts.ts';
import { SIGNATURE_SCHEMES, type SignatureScheme } from './extensions.ts';
import { decodeCertificateList } from './handshake-messages.ts';
import { decoded, HandshakeFault, type HandshakeLink } from './handshake-link.ts';

/** What a peer's certificate was found to be. */
export interface VerifiedPeer {
	readonly chain: readonly Certificate[];
	readonly path: readonly Certificate[];
	readonly problems: readonly CertificateProblem[];
}

export const NO_PEER: VerifiedPeer = { chain: [], path: [], problems: [] };

/** The alert for a certificate's problem: RFC 5246 7.2.2 as OpenSSL reads it. */
const PROBLEM_ALERTS: Readonly<Record<VerifyNumber, AlertName>> = {
	2: 'unknown_ca',
	7: 'decrypt_error',
	9: 'bad_certificate',
	10: 'certificate_expired',
	18: 'unknown_ca',
	19: 'unknown_ca',
	20: 'unknown_ca',
	21: 'unknown_ca',
	22: 'unknown_ca',
	25: 'unknown_ca',
	26: 'unsupported_certificate',
	34: 'certificate_unknown',
	62: 'bad_certificate',
	64: 'bad_certificate',
	79: 'unknown_ca',
};

/** Reads and checks a Certificate message; a fault when the policy does not let it pass. */
export function examinePeer(
	link: HandshakeLink,
	body: Uint8Array,
	purpose: 'serverAuth' | 'clientAuth',
): VerifiedPeer {
	const chain = decoded(decodeCertificateList(body)).map((bytes) => {
		const certificate = readCertificate(bytes);
		if (!certificate) throw new HandshakeFault('bad_certificate', 'ASN1 lib');
		return certificate;
	});
	const [leaf, ...others] = chain;
	const { policy, environment, progress } = link;
	progress.peerChain = chain;
	progress.peerAccepted = policy.verification === 'off';
	if (!leaf) return NO_PEER;
	if (policy.verification === 'off') return { chain, path: [leaf], problems: [] };
	const { expectedName } = policy;
	const { path, problems } = verifyCertificate({
		presented: [leaf, ...others],
		trusted: policy.trusted,
		atUs: environment.clockUs,
		purpose,
		...(purpose === 'serverAuth' && expectedName !== undefined ? { name: expectedName } : {}),
	});
	progress.peerPath = path;
	progress.peerProblems = problems;
	const [first] = problems;
	if (first && policy.verification === 'required') {
		throw new HandshakeFault(PROBLEM_ALERTS[first.number], 'certificate verify failed', problems);
	}
	progress.peerAccepted = true;
	return { chain, path, problems };
}

/** Checks a signature in the handshake and gives its scheme; a fault when that does not fit or it is wrong. */
export function checkSignature(
	key: PublicKey,
	signed: { readonly scheme: number; readonly signature: Uint8Array },
	message: Uint8Array,
): SignatureScheme {
	const scheme = SIGNATURE_SCHEMES.find(({ code }) => code === signed.scheme);
	if (scheme?.key !== key.kind) {
		throw new HandshakeFault('illegal_parameter', 'no shared signature algorithms');
	}
	if (!verifySignature(key, scheme.hash, message, signed.signature)) {
		throw new HandshakeFault('decrypt_error', 'bad signature');
	}
	return scheme;
}
