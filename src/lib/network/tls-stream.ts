import type { Kernel } from '#lib/kernel/kernel.ts';
import { race, wait, type Process, type Resume, type Waitable } from '#lib/kernel/process.ts';
import { milliseconds, seconds, type Micros } from '#lib/kernel/time.ts';
import { openSslError, type TlsFailure } from '#lib/protocol/tls/failure.ts';
import type {
	TlsEnvironment,
	TlsPolicy,
	TlsProgress,
	TlsSession,
} from '#lib/protocol/tls/policy.ts';
import { TlsConnection } from '#lib/protocol/tls/tls-connection.ts';
import type { ByteStream } from './byte-stream.ts';
import type { SocketAddress, StreamEvent } from './tcp-stream.ts';

/** What a side computes before each of its flights: signatures and key agreement. */
const COMPUTING_US = milliseconds(2);
const HANDSHAKE_TIMEOUT_US = seconds(30);

export interface TlsOptions extends TlsEnvironment {
	readonly role: 'client' | 'server';
	readonly policy: TlsPolicy;
	/** How long the handshake may take in all; 30 s unless told otherwise. */
	readonly timeoutUs?: Micros;
}

/** Why there is no TLS connection. */
export type TlsOpenFailure = TlsFailure | { readonly kind: 'no-answer' };

/** `progress` is what was seen of the handshake, as far as it got. */
export type TlsOpened = { readonly progress: TlsProgress } & (
	| { readonly ok: true; readonly stream: TlsStream; readonly session: TlsSession }
	| { readonly ok: false; readonly failure: TlsOpenFailure }
);

/** The handshake on a TCP connection that is open. When it fails, the TCP connection is closed. */
export function* openTls(kernel: Kernel, tcp: ByteStream, options: TlsOptions): Process<TlsOpened> {
	const connection = new TlsConnection(options.role, options.policy, options);
	const deadlineUs = kernel.nowUs + (options.timeoutUs ?? HANDSHAKE_TIMEOUT_US);
	const { progress } = connection;
	let over = false;
	connection.start();
	try {
		for (;;) {
			for (let out = connection.next(); out; out = connection.next()) {
				if (out.kind === 'send') {
					yield* kernel.sleep(COMPUTING_US);
					tcp.write([out.bytes]);
				} else if (out.kind === 'established') {
					over = true;
					const stream = new TlsStream(tcp, connection);
					return { ok: true, stream, session: out.session, progress };
				} else if (out.kind === 'failed') {
					over = true;
					tcp.close();
					return { ok: false, failure: out.failure, progress };
				}
			}
			const left = kernel.timeout(Math.max(0, deadlineUs - kernel.nowUs));
			const read = yield* wait(race({ event: tcp.read(), timeout: left }));
			if (read.winner === 'timeout') {
				return { ok: false, failure: { kind: 'no-answer' }, progress };
			}
			if (read.value.kind === 'data') {
				for (const piece of read.value.pieces) connection.receive(piece);
			} else connection.transportClosed();
		}
	} finally {
		// Nobody waits any more, or the program was stopped.
		if (!over) tcp.reset();
	}
}

/** An established TLS connection in virtual time, with the surface of the TCP stream below it. */
export class TlsStream implements ByteStream {
	readonly local: SocketAddress;
	readonly remote: SocketAddress;
	readonly #tcp: ByteStream;
	readonly #connection: TlsConnection;
	#last: StreamEvent | undefined;

	/** Made by {@link openTls} only. */
	constructor(tcp: ByteStream, connection: TlsConnection) {
		this.#tcp = tcp;
		this.#connection = connection;
		this.local = tcp.local;
		this.remote = tcp.remote;
	}

	/** Whether this side may write. Unlike TCP, TLS 1.2 ends in both directions at once (RFC 5246 7.2.1). */
	get open(): boolean {
		return this.#connection.state === 'established' && this.#tcp.open;
	}

	/** Sends the pieces as application data; without effect when the stream is not open. */
	write(pieces: readonly Uint8Array[]): void {
		if (!this.open) return;
		this.#connection.write(pieces);
		this.#carryOut(undefined);
	}

	/** What arrives next; one reader at a time. The end is repeated to later readers. */
	read(): Waitable<StreamEvent> {
		return { subscribe: (resume) => this.#subscribe(resume) };
	}

	/** Sends close_notify and ends TCP's direction after it. */
	close(): void {
		this.#connection.close();
		this.#carryOut(undefined);
		this.#tcp.close();
	}

	/** Breaks the TCP connection at once. */
	reset(): void {
		this.#tcp.reset();
	}

	/** Reads from TCP until that gives something to the reader; records need not arrive whole. */
	#subscribe(resume: Resume<StreamEvent>): () => void {
		let cancel: () => void = () => undefined;
		let done = false;
		const look = (below: StreamEvent | undefined): boolean => {
			const event = this.#carryOut(below) ?? this.#last;
			if (!event) return false;
			done = true;
			resume({ ok: true, value: event });
			return true;
		};
		const pull = (): void => {
			// A loop, because TCP may have several events at hand.
			for (let again = true; again && !done;) {
				again = false;
				let within = true;
				cancel = this.#tcp.read().subscribe((outcome) => {
					if (done) return;
					if (!outcome.ok) {
						done = true;
						resume(outcome);
					} else if (!look(outcome.value)) {
						if (within) again = true;
						else pull();
					}
				});
				within = false;
			}
		};
		if (!look(undefined)) pull();
		return () => {
			done = true;
			cancel();
		};
	}

	/** Gives the connection what came from below and does what it says; the data that came out of it. */
	#carryOut(below: StreamEvent | undefined): StreamEvent | undefined {
		if (below?.kind === 'data') {
			for (const piece of below.pieces) this.#connection.receive(piece);
		} else if (below) this.#connection.transportClosed();
		const pieces: Uint8Array[] = [];
		for (let out = this.#connection.next(); out; out = this.#connection.next()) {
			if (out.kind === 'send') this.#tcp.write([out.bytes]);
			else if (out.kind === 'data') pieces.push(out.bytes);
			else if (out.kind === 'closed') this.#end({ kind: 'end' });
			else if (out.kind === 'failed') {
				this.#end(out.failure.kind === 'transport-closed' && below ? below : { kind: 'reset' });
			}
		}
		// After our own close_notify the end comes from TCP.
		if (below && below.kind !== 'data') this.#end(below);
		return pieces.length > 0 ? { kind: 'data', pieces } : undefined;
	}

	#end(event: StreamEvent): void {
		this.#last ??= event;
		this.#tcp.close();
	}
}

/** Why a handshake failed, as a fact: canonical, without names. */
export function tlsFailureFact(failure: TlsOpenFailure): string {
	switch (failure.kind) {
		case 'alert-sent':
			return `TLS alert ${failure.alert} sent: ${failure.problems[0]?.text ?? failure.reason}`;
		case 'alert-received':
			return `TLS alert ${failure.alert} received`;
		case 'not-tls':
			return 'peer does not speak TLS';
		case 'transport-closed':
			return 'connection closed during TLS handshake';
		case 'no-answer':
			return 'no answer to TLS handshake';
	}
}

/** The same as a program with OpenSSL logs it. */
export function tlsFailureText(failure: TlsOpenFailure): string {
	if (failure.kind === 'no-answer') return 'no answer to the TLS handshake';
	const { text } = openSslError(failure);
	const problem = failure.kind === 'alert-sent' ? failure.problems[0] : undefined;
	return problem ? `${text}: ${problem.text}` : text;
}
