import type { CertificateProblem } from '../x509/verify-certificate.ts';
import { ALERT, type AlertName } from './alerts.ts';
import type { DirectionKeys } from './key-schedule.ts';
import type { TlsReason } from './openssl-errors.ts';
import type { TlsEnvironment, TlsPolicy, TlsProgress, TlsSession } from './policy.ts';

/** What a handshake may do to the connection it belongs to. */
export interface HandshakeLink {
	readonly policy: TlsPolicy;
	readonly environment: TlsEnvironment;
	readonly progress: TlsProgress;
	/** All handshake messages sent and received so far, with their headers. */
	readonly transcript: readonly Uint8Array[];
	send(type: number, body: Uint8Array): void;
	/** Sends ChangeCipherSpec; what is sent afterwards is protected. */
	sendChangeCipherSpec(keys: DirectionKeys): void;
	/** Lets the peer send ChangeCipherSpec next. */
	awaitChangeCipherSpec(keys: DirectionKeys): void;
	/** The version of all records from now on. */
	agreeOnVersion(version: number): void;
	complete(session: TlsSession): void;
}

/** One side's part of the handshake. */
export interface Handshake {
	/** A message in full; it is the last one of the transcript already. */
	handle(type: number, body: Uint8Array): void;
}

/** The peer broke the rules, or fails the policy. Thrown inside the core and caught by the connection only. */
export class HandshakeFault extends Error {
	readonly alert: number;
	readonly reason: TlsReason;
	readonly problems: readonly CertificateProblem[];

	constructor(alert: AlertName, reason: TlsReason, problems: readonly CertificateProblem[] = []) {
		super(reason);
		this.name = 'HandshakeFault';
		this.alert = ALERT[alert];
		this.reason = reason;
		this.problems = problems;
	}
}

/** The value, or the fault of a message that cannot be decoded. */
export function decoded<T>(value: T | undefined): T {
	if (value === undefined) throw new HandshakeFault('decode_error', 'length mismatch');
	return value;
}
