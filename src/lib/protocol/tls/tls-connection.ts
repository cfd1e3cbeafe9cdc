import { concatBytes } from '../x509/der.ts';
import { ALERT, FATAL, WARNING, type AlertName } from './alerts.ts';
import { ClientHandshake } from './client-handshake.ts';
import type { TlsFailure } from './failure.ts';
import { handshakeMessage, MESSAGE } from './handshake-messages.ts';
import { HandshakeFault, type Handshake, type HandshakeLink } from './handshake-link.ts';
import type { DirectionKeys } from './key-schedule.ts';
import type { TlsReason } from './openssl-errors.ts';
import {
	TLS_VERSIONS,
	type TlsEnvironment,
	type TlsPolicy,
	type TlsProgress,
	type TlsSession,
} from './policy.ts';
import { CONTENT, RecordReader, RecordWriter, type TlsRecord } from './records.ts';
import { ServerHandshake } from './server-handshake.ts';

export type TlsOutput =
	| { readonly kind: 'send'; readonly bytes: Uint8Array }
	| { readonly kind: 'established'; readonly session: TlsSession }
	| { readonly kind: 'data'; readonly bytes: Uint8Array }
	/** The peer sent close_notify, and ours is on its way: the transport is to be closed. */
	| { readonly kind: 'closed' }
	/** The connection is over, and its transport is to be closed once everything is sent. */
	| { readonly kind: 'failed'; readonly failure: TlsFailure };

/** As OpenSSL limits them. */
const MESSAGE_BYTES_MAX = 100 * 1024;
const WARNINGS_MAX = 5;
const EMPTY_RECORDS_MAX = 32;
const HEADER_BYTES = 4;

/**
 * One side of a TLS 1.2 connection (RFC 5246). Sans-IO: call `start` once the transport is there, give it
 * what arrives, take outputs with `next()` until there are none. Nothing that a peer sends makes it throw.
 */
export class TlsConnection {
	/** What was seen so far; grows during the handshake. */
	readonly progress: TlsProgress = {
		readBytes: 0,
		writtenBytes: 0,
		peerChain: [],
		peerPath: [],
		peerProblems: [],
		peerAccepted: false,
	};
	readonly #role: 'client' | 'server';
	readonly #handshake: Handshake & { start?(): void };
	readonly #reader = new RecordReader();
	readonly #writer = new RecordWriter();
	readonly #transcript: Uint8Array[] = [];
	readonly #outputs: TlsOutput[] = [];
	#state: 'handshake' | 'established' | 'closed' = 'handshake';
	/** Of the records sent. A ClientHello says TLS 1.0, which every server reads (RFC 5246 E.1). */
	#version: number;
	#unsent: Uint8Array[] = [];
	#message = new Uint8Array(0);
	#awaitedKeys: DirectionKeys | undefined;
	#warnings = 0;
	#emptyRecords = 0;

	constructor(role: 'client' | 'server', policy: TlsPolicy, environment: TlsEnvironment) {
		this.#role = role;
		this.#version = TLS_VERSIONS[role === 'client' ? 'TLS 1.0' : 'TLS 1.2'];
		const link = this.#link(policy, environment);
		this.#handshake = role === 'client' ? new ClientHandshake(link) : new ServerHandshake(link);
	}

	get state(): 'handshake' | 'established' | 'closed' {
		return this.#state;
	}

	/** A client says hello; a server waits for it. */
	start(): void {
		this.#handshake.start?.();
	}

	receive(bytes: Uint8Array): void {
		if (this.#state === 'closed') return;
		this.progress.readBytes += bytes.length;
		this.#reader.feed(bytes);
		try {
			while (this.#readRecord()) continue;
		} catch (error) {
			if (!(error instanceof HandshakeFault)) throw error;
			this.#sendAlert(FATAL, error.alert);
			const { alert, reason, problems } = error;
			this.#fail({ kind: 'alert-sent', alert, reason, problems });
		}
	}

	/** Sends application data; without effect unless the connection is established. */
	write(pieces: readonly Uint8Array[]): void {
		if (this.#state === 'established') {
			this.#send(CONTENT.application_data, concatBytes(pieces));
		}
	}

	/** Sends close_notify and reads no further. */
	close(): void {
		if (this.#state === 'closed') return;
		this.#sendAlert(WARNING, ALERT.close_notify);
		this.#state = 'closed';
	}

	/** The transport ended in either way. */
	transportClosed(): void {
		if (this.#state !== 'closed') this.#fail({ kind: 'transport-closed' });
	}

	/** What to do next; bytes to send come before everything that follows from sending them. */
	next(): TlsOutput | undefined {
		if (this.#outputs.length === 0) this.#flush();
		return this.#outputs.shift();
	}

	/** Messages and alerts of one instant leave together. */
	#flush(): void {
		if (this.#unsent.length === 0) return;
		const bytes = concatBytes(this.#unsent);
		this.progress.writtenBytes += bytes.length;
		this.#outputs.push({ kind: 'send', bytes });
		this.#unsent = [];
	}

	#put(output: TlsOutput): void {
		this.#flush();
		this.#outputs.push(output);
	}

	#send(type: number, bytes: Uint8Array): void {
		this.#unsent.push(...this.#writer.write(type, this.#version, bytes));
	}

	#sendAlert(level: number, alert: number): void {
		this.#send(CONTENT.alert, Uint8Array.of(level, alert));
	}

	#fail(failure: TlsFailure): void {
		this.#state = 'closed';
		this.#put({ kind: 'failed', failure });
	}

	/** False when there is nothing left to read. */
	#readRecord(): boolean {
		if (this.#state === 'closed') return false;
		const read = this.#reader.next();
		if (read.kind === 'more') return false;
		if (read.kind === 'record') {
			this.#take(read.record);
			return true;
		}
		if (read.fault === 'not-tls') {
			this.#fail({ kind: 'not-tls', firstBytes: this.#reader.pending.slice(0, 8) });
			return false;
		}
		const [alert, reason] = RECORD_FAULTS[read.fault];
		throw new HandshakeFault(alert, reason);
	}

	#take({ type, fragment }: TlsRecord): void {
		this.#limitEmpty(type, fragment);
		// Nothing may come between the pieces of a handshake message (RFC 5246 6.2.1).
		if (this.#message.length > 0 && type !== CONTENT.handshake) throw unexpected();
		switch (type) {
			case CONTENT.alert:
				this.#takeAlert(fragment);
				break;
			case CONTENT.handshake:
				this.#takeHandshake(fragment);
				break;
			case CONTENT.change_cipher_spec:
				this.#takeChangeCipherSpec(fragment);
				break;
			case CONTENT.application_data:
				if (this.#state !== 'established') throw unexpected();
				if (fragment.length > 0) this.#put({ kind: 'data', bytes: fragment });
				break;
			default:
				throw unexpected();
		}
	}

	/** Only application data may be empty, and not for ever (RFC 5246 6.2.1). */
	#limitEmpty(type: number, fragment: Uint8Array): void {
		if (fragment.length > 0) {
			this.#emptyRecords = 0;
			return;
		}
		if (type !== CONTENT.application_data) throw unexpected();
		if (++this.#emptyRecords > EMPTY_RECORDS_MAX) {
			throw new HandshakeFault('unexpected_message', 'record too small');
		}
	}

	#takeAlert(fragment: Uint8Array): void {
		const [level, alert] = fragment;
		if (fragment.length !== 2 || alert === undefined) {
			throw new HandshakeFault('decode_error', 'invalid alert');
		}
		if (level === FATAL) {
			this.#fail({ kind: 'alert-received', alert });
			return;
		}
		if (level !== WARNING) throw new HandshakeFault('illegal_parameter', 'unknown alert type');
		if (alert === ALERT.close_notify) {
			this.#sendAlert(WARNING, ALERT.close_notify);
			const wasEstablished = this.#state === 'established';
			this.#state = 'closed';
			this.#put(
				wasEstablished
					? { kind: 'closed' }
					: { kind: 'failed', failure: { kind: 'alert-received', alert } },
			);
			return;
		}
		if (++this.#warnings > WARNINGS_MAX) {
			throw new HandshakeFault('unexpected_message', 'too many warn alerts');
		}
	}

	#takeChangeCipherSpec(fragment: Uint8Array): void {
		if (!this.#awaitedKeys || fragment.length !== 1 || fragment[0] !== 1) throw unexpected();
		this.#reader.protect(this.#awaitedKeys);
		this.#awaitedKeys = undefined;
	}

	#takeHandshake(fragment: Uint8Array): void {
		let bytes = concatBytes([this.#message, fragment]);
		while (this.#state !== 'closed' && bytes.length >= HEADER_BYTES) {
			const [type = 0, high = 0, middle = 0, low = 0] = bytes;
			const end = HEADER_BYTES + ((high << 16) | (middle << 8) | low);
			if (end > MESSAGE_BYTES_MAX) {
				throw new HandshakeFault('illegal_parameter', 'excessive message size');
			}
			if (bytes.length < end) break;
			const message = bytes.subarray(0, end);
			bytes = bytes.subarray(end);
			this.#takeMessage(type, message);
		}
		this.#message = bytes as Uint8Array<ArrayBuffer>;
	}

	#takeMessage(type: number, message: Uint8Array): void {
		const asksAgain =
			type === (this.#role === 'client' ? MESSAGE.hello_request : MESSAGE.client_hello);
		if (this.#state === 'established' && asksAgain) {
			this.#sendAlert(WARNING, ALERT.no_renegotiation);
			return;
		}
		// Ignored during a handshake and part of no hash (RFC 5246 7.4.1.1).
		if (this.#role === 'client' && type === MESSAGE.hello_request) return;
		// The keys of the peer's Finished come with ChangeCipherSpec only.
		if (type === MESSAGE.finished && this.#awaitedKeys) throw unexpected();
		this.#transcript.push(message);
		this.#handshake.handle(type, message.subarray(HEADER_BYTES));
	}

	#link(policy: TlsPolicy, environment: TlsEnvironment): HandshakeLink {
		return {
			policy,
			environment,
			progress: this.progress,
			transcript: this.#transcript,
			send: (type, body) => {
				const message = handshakeMessage(type, body);
				this.#transcript.push(message);
				this.#send(CONTENT.handshake, message);
			},
			sendChangeCipherSpec: (keys) => {
				this.#send(CONTENT.change_cipher_spec, Uint8Array.of(1));
				this.#writer.protect(keys);
			},
			awaitChangeCipherSpec: (keys) => {
				this.#awaitedKeys = keys;
			},
			agreeOnVersion: (version) => {
				this.#version = version;
				this.#reader.expectVersion(version);
			},
			complete: (session) => {
				this.#state = 'established';
				// Nothing hashes the handshake any more.
				this.#transcript.length = 0;
				this.#put({ kind: 'established', session });
			},
		};
	}
}

const RECORD_FAULTS: Readonly<
	Record<'version' | 'overflow' | 'mac', readonly [AlertName, TlsReason]>
> = {
	version: ['protocol_version', 'wrong version number'],
	overflow: ['record_overflow', 'data length too long'],
	mac: ['bad_record_mac', 'decryption failed or bad record mac'],
};

function unexpected(): HandshakeFault {
	return new HandshakeFault('unexpected_message', 'unexpected message');
}
