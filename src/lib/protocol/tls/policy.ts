import type { Micros } from '#lib/kernel/time.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { CurveName } from '../x509/elliptic-curve.ts';
import type { HashName } from '../x509/digest.ts';
import type { PrivateKey, SigningKind } from '../x509/keys.ts';
import type { RandomBytes } from '../x509/random-bytes.ts';
import type { CertificateProblem } from '../x509/verify-certificate.ts';
import type { CipherSuite, CipherSuiteName } from './cipher-suites.ts';
import type { CertificateRequest } from './handshake-messages.ts';

/** Versions by the number on the wire. Only TLS 1.2 is run; the others say what a node would insist on. */
export const TLS_VERSIONS = {
	'TLS 1.0': 0x0301,
	'TLS 1.1': 0x0302,
	'TLS 1.2': 0x0303,
	'TLS 1.3': 0x0304,
} as const;

export type TlsVersion = keyof typeof TLS_VERSIONS;

/** What a node brings to a handshake and what it insists on, as plain data. */
export interface TlsPolicy {
	readonly minimumVersion: TlsVersion;
	readonly maximumVersion: TlsVersion;
	/** In order of preference. A server's order wins. */
	readonly cipherSuites: readonly CipherSuiteName[];
	/** Own certificate first, then the intermediate authorities that are sent with it. */
	readonly identity?: { readonly chain: readonly Certificate[]; readonly key: PrivateKey };
	/** Authorities that are believed. */
	readonly trusted: readonly Certificate[];
	/** `reported`: problems are told but do not end the handshake; `off`: nothing is looked at. */
	readonly verification: 'required' | 'reported' | 'off';
	/** Of a server: whether it asks for a certificate of the client, and whether it can do without. */
	readonly clientCertificate: 'none' | 'optional' | 'required';
	/** Of a client: the name or address that the server's certificate must be for, if that is looked at. */
	readonly expectedName?: string;
}

/** A policy as products of today have it; certificates are to be added. */
export const MODERN_POLICY: TlsPolicy = {
	minimumVersion: 'TLS 1.2',
	maximumVersion: 'TLS 1.2',
	cipherSuites: [
		'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
		'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
		'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
		'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
	],
	trusted: [],
	verification: 'required',
	clientCertificate: 'none',
};

/** What was agreed on. */
export interface TlsSession {
	readonly version: 'TLS 1.2';
	readonly cipherSuite: CipherSuite;
	/** As the peer sent it, its own certificate first; empty when it sent none. */
	readonly peerChain: readonly Certificate[];
	/** The verified path, and what is wrong with it when verification is only reported. */
	readonly peerPath: readonly Certificate[];
	readonly peerProblems: readonly CertificateProblem[];
	/** Name that the client asked for (RFC 6066 section 3). */
	readonly serverName: string | undefined;
	/** The line of a key log file with which Wireshark decrypts the connection. */
	readonly keyLogLine: string;
}

/** What a side has seen of a handshake so far, whether or not it succeeds: what `openssl s_client` prints. */
export interface TlsProgress {
	readBytes: number;
	writtenBytes: number;
	/** What came in Certificate, and the verdict on it. */
	peerChain: readonly Certificate[];
	peerPath: readonly Certificate[];
	peerProblems: readonly CertificateProblem[];
	/** Whether the handshake went on after the peer's certificate. */
	peerAccepted: boolean;
	serverHello?: {
		readonly suite: CipherSuite;
		readonly extendedMasterSecret: boolean;
		readonly secureRenegotiation: boolean;
	};
	keyExchange?: {
		readonly curve: CurveName;
		readonly key: SigningKind;
		readonly hash: HashName;
	};
	certificateRequest?: CertificateRequest;
	masterSecret?: Uint8Array;
}

/** What a connection needs beside its policy. */
export interface TlsEnvironment {
	/** The node's own clock, µs since 1970: a wrong one makes good certificates bad. */
	readonly clockUs: Micros;
	readonly random: RandomBytes;
	/** The name that a client sends (SNI); an address is never sent (RFC 6066 section 3). */
	readonly serverName?: string;
}
