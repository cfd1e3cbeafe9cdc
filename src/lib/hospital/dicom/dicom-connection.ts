import type { Kernel } from '#lib/kernel/kernel.ts';
import { Mailbox, race, wait, type Process } from '#lib/kernel/process.ts';
import { seconds, type Micros } from '#lib/kernel/time.ts';
import type { TcpStream } from '#lib/network/tcp-stream.ts';
import { Association, type AssociationOptions } from '#lib/protocol/dicom/association.ts';
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

/** The ARTIM timer of PS3.8 section 9.1.5; the standard leaves its value to the implementation. */
const ARTIM_US = seconds(30);
/**
 * PDUs made at the same instant go to the stream in writes of about this size, as through a socket's send
 * buffer: each write is an event, and a connection that breaks loses whole writes.
 */
const SEND_BUFFER_BYTES = 64 * 1024;

/** Drives one sans-IO {@link Association} over one virtual TCP stream. */
export class DicomConnection {
	readonly association: Association;
	readonly stream: TcpStream;
	readonly #kernel: Kernel;
	readonly #events = new Mailbox<ConnectionEvent>();
	#cancelArtim: (() => void) | undefined;
	#nextMessageId = 1;
	#unwritten: Uint8Array[] = [];
	#unwrittenBytes = 0;

	constructor(kernel: Kernel, stream: TcpStream, options: AssociationOptions) {
		this.#kernel = kernel;
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
					this.#cancelArtim = this.#kernel.after(ARTIM_US, () => {
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
