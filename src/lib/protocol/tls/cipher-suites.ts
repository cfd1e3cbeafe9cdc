/** Cipher suites by their IANA names. */
import type { HashName } from '../x509/digest.ts';
import type { SigningKind } from '../x509/keys.ts';

/** What a suite needs that is run here: AES-GCM with ephemeral elliptic curves (RFC 5289). */
export interface SuiteProtection {
	/** The kind of key in the server's certificate. */
	readonly authentication: SigningKind;
	/** Of the pseudo-random function. */
	readonly hash: HashName;
	readonly keyBytes: 16 | 32;
}

interface SuiteEntry {
	readonly code: number;
	/** As `openssl ciphers` calls it. */
	readonly openSslName: string;
	/** Absent for suites that are only offered: old devices know nothing else, and no new peer takes them. */
	readonly protection?: SuiteProtection;
}

export const CIPHER_SUITES = {
	TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: {
		code: 0xc02c,
		openSslName: 'ECDHE-ECDSA-AES256-GCM-SHA384',
		protection: { authentication: 'ec', hash: 'sha384', keyBytes: 32 },
	},
	TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: {
		code: 0xc030,
		openSslName: 'ECDHE-RSA-AES256-GCM-SHA384',
		protection: { authentication: 'rsa', hash: 'sha384', keyBytes: 32 },
	},
	TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: {
		code: 0xc02b,
		openSslName: 'ECDHE-ECDSA-AES128-GCM-SHA256',
		protection: { authentication: 'ec', hash: 'sha256', keyBytes: 16 },
	},
	TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: {
		code: 0xc02f,
		openSslName: 'ECDHE-RSA-AES128-GCM-SHA256',
		protection: { authentication: 'rsa', hash: 'sha256', keyBytes: 16 },
	},
	TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: { code: 0xc009, openSslName: 'ECDHE-ECDSA-AES128-SHA' },
	TLS_RSA_WITH_AES_128_CBC_SHA: { code: 0x002f, openSslName: 'AES128-SHA' },
	TLS_RSA_WITH_3DES_EDE_CBC_SHA: { code: 0x000a, openSslName: 'DES-CBC3-SHA' },
} as const satisfies Record<string, SuiteEntry>;

export type CipherSuiteName = keyof typeof CIPHER_SUITES;

/** A suite that is run here, with its name. */
export interface CipherSuite extends SuiteProtection {
	readonly name: CipherSuiteName;
	readonly code: number;
	readonly openSslName: string;
}

/** The suites among these names that are run here, in the same order. */
export function runnableSuites(names: readonly CipherSuiteName[]): CipherSuite[] {
	return names.flatMap((name) => {
		const { code, openSslName, protection }: SuiteEntry = CIPHER_SUITES[name];
		return protection ? [{ name, code, openSslName, ...protection }] : [];
	});
}
