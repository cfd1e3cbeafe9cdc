/**
 * Building and checking a certification path (RFC 5280 section 6, without policies, name constraints and
 * revocation), with the problems in the order and the words of OpenSSL 3.0.
 */
import type { Micros } from '#lib/kernel/time.ts';
import { isSelfIssued, isSignedBy, type Certificate } from './certificate.ts';
import { isKnownExtension } from './certificate-extensions.ts';
import { sameBytes } from './der.ts';
import { OID } from './object-identifiers.ts';
import { isAddress, matchesName } from './service-identity.ts';

/** What can be wrong, by the number that OpenSSL gives it (`X509_V_ERR_...`) and with the text it prints. */
export const VERIFY_TEXTS = {
	2: 'unable to get issuer certificate',
	7: 'certificate signature failure',
	9: 'certificate is not yet valid',
	10: 'certificate has expired',
	18: 'self-signed certificate',
	19: 'self-signed certificate in certificate chain',
	20: 'unable to get local issuer certificate',
	21: 'unable to verify the first certificate',
	22: 'certificate chain too long',
	25: 'path length constraint exceeded',
	26: 'unsuitable certificate purpose',
	34: 'unhandled critical extension',
	62: 'hostname mismatch',
	64: 'IP address mismatch',
	79: 'invalid CA certificate',
} as const;

export type VerifyNumber = keyof typeof VERIFY_TEXTS;

export interface CertificateProblem {
	readonly number: VerifyNumber;
	readonly text: string;
	/** Position in the path, 0 for the peer's own certificate. */
	readonly depth: number;
}

export interface VerifyInput {
	/** As the peer sent them, its own first. Not empty. */
	readonly presented: readonly [Certificate, ...Certificate[]];
	readonly trusted: readonly Certificate[];
	/** The verifier's own clock, µs since 1970. */
	readonly atUs: Micros;
	readonly purpose: 'serverAuth' | 'clientAuth';
	/** Host name or address that the certificate must be for; not looked at when left out. */
	readonly name?: string;
}

export interface VerifiedPath {
	/** From the peer's certificate upwards, as far as it could be built. */
	readonly path: readonly Certificate[];
	/** None when the certificate is good. */
	readonly problems: readonly CertificateProblem[];
}

const PATH_MAX = 10;

export function verifyCertificate(input: VerifyInput): VerifiedPath {
	const { path, trustedFrom } = buildPath(input);
	const top = path.length - 1;
	const problems: CertificateProblem[] = [];
	const add = (number: VerifyNumber, depth: number): void => {
		problems.push({ number, text: VERIFY_TEXTS[number], depth });
	};
	const complete = trustedFrom < path.length && isSelfIssued(path[top] ?? input.presented[0]);
	if (!complete) add(pathProblem(path, trustedFrom), top);
	for (const [depth, certificate] of path.entries()) {
		for (const number of extensionProblems(certificate, depth, path, input.purpose)) {
			add(number, depth);
		}
	}
	const { name } = input;
	if (name !== undefined && !matchesName(input.presented[0], name)) {
		add(isAddress(name) ? 64 : 62, 0);
	}
	// Without its issuer the top of a longer path stays unchecked.
	const from =
		complete || top === 0 || isSelfIssued(path[top] ?? input.presented[0]) ? top : top - 1;
	for (let depth = from; depth >= 0; depth--) {
		const certificate = path[depth];
		if (!certificate) continue;
		const issuer = path[depth + 1];
		if (issuer && !isSignedBy(certificate, issuer)) add(7, depth);
		// Without any issuer the only certificate's signature stays unchecked.
		if (!issuer && depth === 0 && !isSelfIssued(certificate)) add(21, 0);
		if (input.atUs < certificate.notBeforeUs) add(9, depth);
		if (input.atUs > certificate.notAfterUs) add(10, depth);
	}
	return { path, problems };
}

/** Issuers are looked for among the trusted certificates first, then among those that the peer sent. */
function buildPath({ presented, trusted }: VerifyInput): {
	path: Certificate[];
	trustedFrom: number;
} {
	const [leaf] = presented;
	const path: Certificate[] = [leaf];
	const isTrusted = (certificate: Certificate): boolean =>
		trusted.some((one) => sameBytes(one.der, certificate.der));
	let trustedFrom = isSelfIssued(leaf) && isTrusted(leaf) ? 0 : Infinity;
	while (path.length <= PATH_MAX) {
		const last = path.at(-1) ?? leaf;
		if (isSelfIssued(last)) break;
		const anchor = trusted.find((one) => couldIssue(one, last));
		const issuer = anchor ?? presented.find((one) => couldIssue(one, last));
		if (!issuer || path.includes(issuer)) break;
		if (isTrusted(issuer)) trustedFrom = Math.min(trustedFrom, path.length);
		path.push(issuer);
	}
	return { path, trustedFrom };
}

function couldIssue(issuer: Certificate, certificate: Certificate): boolean {
	if (!sameBytes(issuer.subject.der, certificate.issuer.der)) return false;
	const wanted = certificate.extensions.authorityKeyIdentifier;
	const own = issuer.extensions.subjectKeyIdentifier;
	return !wanted?.length || !own || sameBytes(wanted, own);
}

function pathProblem(path: readonly Certificate[], trustedFrom: number): VerifyNumber {
	const top = path.at(-1);
	if (path.length > PATH_MAX) return 22;
	if (top && isSelfIssued(top)) return path.length === 1 ? 18 : 19;
	return trustedFrom < path.length ? 2 : 20;
}

function extensionProblems(
	certificate: Certificate,
	depth: number,
	path: readonly Certificate[],
	purpose: VerifyInput['purpose'],
): VerifyNumber[] {
	const { basicConstraints, keyUsage, extendedKeyUsage } = certificate.extensions;
	const problems: VerifyNumber[] = [];
	if (certificate.entries.some(({ oid, critical }) => critical && !isKnownExtension(oid))) {
		problems.push(34);
	}
	const maySign = keyUsage?.includes('keyCertSign') ?? true;
	const unfitIssuer = depth > 0 && !(basicConstraints?.isAuthority && maySign);
	if (unfitIssuer) problems.push(79);
	const foreign = extendedKeyUsage !== undefined && !extendedKeyUsage.includes(OID[purpose]);
	if (foreign || unfitIssuer || (depth === 0 && !mayAuthenticate(keyUsage))) problems.push(26);
	const limit = basicConstraints?.pathLength;
	// Self-issued certificates between do not count (RFC 5280 6.1.4 (l)).
	const between = path.slice(1, depth).filter((one) => !isSelfIssued(one)).length;
	if (depth > 0 && limit !== undefined && between > limit) problems.push(25);
	return problems;
}

function mayAuthenticate(keyUsage: readonly string[] | undefined): boolean {
	return keyUsage?.some((usage) => usage !== 'keyCertSign' && usage !== 'cRLSign') ?? true;
}
