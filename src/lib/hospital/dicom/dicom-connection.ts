import type { Kernel } from '#lib/kernel/kernel.ts';
import { Mailbox, race, wait, type Process, type Waitable } from '#lib/kernel/process.ts';
import type { Micros } from '#lib/kernel/time.ts';
import type { ByteStream } from '#lib/network/byte-stream.ts';
import { DEFAULT_ASSOCIATION_LIMITS } from '#lib/protocol/dicom/association-limits.ts';
import {
	Association,
	type AssociationOptions,
	type SendOutcome,
} from '#lib/protocol/dicom/association.ts';
import type { DimseMessage } from '#lib/protocol/dicom/dimse/message.ts';
import type { AssociateAc, AssociateRj, AssociateRq } from '#lib/protocol/dicom/upper-layer/pdu.ts';

/** What happens on an association, as its user sees it. */
export type ConnectionEvent =
	| { kind: 'requested'; rq: AssociateRq }
	| { kind: 'accepted'; ac: AssociateAc }
	| { kind: 'rejected'; rj: AssociateRj }
	| { kind: 'message'; message: DimseMessage }
	| { kind: 'release-requested' }
	| { kind: 'released' }
	/** `received`: the peer sent an A-ABORT; otherwise the transport was lost or the core gave up. */
	| { kind: 'aborted'; source: number; reason: number; received: boolean }
	/** The waiting itself ended. */
	| { kind: 'timeout' };

export interface ConnectionOptions extends AssociationOptions {
	/** The ARTIM timer of PS3.8 9.1.5. */
	artimUs?: Micros;
}

/**
 * PDUs made at the same instant go to the stream in writes of about this size, as through a socket's send
 * buffer: each write is an event, and a connection that breaks loses whole writes.
 */
const SEND_BUFFER_BYTES = 64 * 1024;

/** Drives one sans-IO {@link Association} over one virtual stream: TCP, or TLS on top of it. */
export class DicomConnection {
	readonly association: Association;
	readonly stream: ByteStream;
	readonly #kernel: Kernel;
	readonly #artimUs: Micros;
	readonly #events = new Mailbox<ConnectionEvent>();
	#cancelArtim: (() => void) | undefined;
	#nextMessageId = 1;
	#unwritten: Uint8Array[] = [];
	#unwrittenBytes = 0;

	constructor(kernel: Kernel, stream: ByteStream, options: ConnectionOptions) {
		this.#kernel = kernel;
		this.#artimUs = options.artimUs ?? DEFAULT_ASSOCIATION_LIMITS.artimUs;
		this.stream = stream;
		this.association = new Association(options);
	}

	/** Feeds what the peer sends to the core until the stream ends. Spawn it once per connection. */
	*pump(): Process {
		try {
			for (;;) {
				const read = yield* wait(this.stream.read());
				if (read.kind === 'data') {
					for (const piece of read.pieces) this.association.receive(piece);
					this.flush();
					continue;
				}
				this.association.transportClosed();
				this.flush();
				this.stream.close();
				return;
			}
		} finally {
			this.#cancelArtim?.();
			// A process killed with its device leaves the peer with a reset, as a killed program does.
			if (this.stream.open) this.stream.reset();
		}
	}

	/** Does something to the association and carries out what follows from it. */
	act(change: (association: Association) => void): void {
		change(this.association);
		this.flush();
	}

	/** Whether a message can be sent: established, or asked by the peer to release (PS3.8 AR-7). */
	get canSend(): boolean {
		return this.association.state === 'Sta6' || this.association.state === 'Sta8';
	}

	/**
	 * Sends a message. A peer whose maximum length is too small for any fragment, or for this message, could
	 * never be answered: the association is aborted, which its user learns as an event.
	 */
	send(message: DimseMessage): SendOutcome {
		if (!this.canSend) return { ok: false, error: 'not-established' };
		const outcome = this.association.send(message);
		if (!outcome.ok && outcome.error !== 'context-not-accepted') {
			this.association.abort();
			this.#events.put({ kind: 'aborted', source: 0, reason: 0, received: false });
		}
		this.flush();
		return outcome;
	}

	/** The next event, for as long as it takes. */
	take(): Waitable<ConnectionEvent> {
		return this.#events.take();
	}

	get nowUs(): Micros {
		return this.#kernel.nowUs;
	}

	/** The next event, or `timeout` when nothing came for that long. */
	*next(timeoutUs: Micros): Process<ConnectionEvent> {
		const first = yield* wait(
			race({ event: this.#events.take(), timeout: this.#kernel.timeout(timeoutUs) }),
		);
		return first.winner === 'event' ? first.value : { kind: 'timeout' };
	}

	/** A message id that is not in use: 1..65535, in order (PS3.7 9.1). */
	messageId(): number {
		const id = this.#nextMessageId;
		this.#nextMessageId = id === 65_535 ? 1 : id + 1;
		return id;
	}

	/** Carries out the core's outputs. */
	flush(): void {
		for (;;) {
			const output = this.association.next();
			if (output === undefined) break;
			switch (output.kind) {
				case 'send':
					this.#send(output.bytes);
					break;
				case 'close':
					this.#write();
					this.stream.close();
					break;
				case 'start-artim':
					this.#cancelArtim?.();
					this.#cancelArtim = this.#kernel.after(this.#artimUs, () => {
						this.#cancelArtim = undefined;
						this.association.artimExpired();
						this.flush();
					});
					break;
				case 'stop-artim':
					this.#cancelArtim?.();
					this.#cancelArtim = undefined;
					break;
				case 'connect':
					this.association.transportConnected();
					break;
				case 'associate-indication':
					this.#events.put({ kind: 'requested', rq: output.rq });
					break;
				case 'associate-confirm':
					this.#events.put({ kind: 'accepted', ac: output.ac });
					break;
				case 'reject-confirm':
					this.#events.put({ kind: 'rejected', rj: output.rj });
					break;
				case 'message':
					this.#events.put({ kind: 'message', message: output.message });
					break;
				case 'release-indication':
					this.#events.put({ kind: 'release-requested' });
					break;
				case 'release-confirm':
					this.#events.put({ kind: 'released' });
					break;
				case 'abort-indication':
					this.#events.put({
						kind: 'aborted',
						source: output.source,
						reason: output.reason,
						received: output.received,
					});
					break;
			}
		}
		this.#write();
	}

	/** Hands pieces to the stream, now or with what follows at this instant. */
	#send(pieces: readonly Uint8Array[]): void {
		for (const piece of pieces) {
			this.#unwritten.push(piece);
			this.#unwrittenBytes += piece.length;
		}
		if (this.#unwrittenBytes >= SEND_BUFFER_BYTES) this.#write();
	}

	#write(): void {
		if (this.#unwrittenBytes === 0) return;
		if (this.stream.open) this.stream.write(this.#unwritten);
		this.#unwritten = [];
		this.#unwrittenBytes = 0;
	}
}
