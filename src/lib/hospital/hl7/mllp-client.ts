import { race, Signal, wait, type Process } from '#lib/kernel/process.ts';
import { seconds, type Micros } from '#lib/kernel/time.ts';
import type { StreamEvent, TcpStream } from '#lib/network/tcp-stream.ts';
import { valueAt } from '#lib/protocol/hl7/access.ts';
import type { Er7Message } from '#lib/protocol/hl7/message.ts';
import { encodeMllp, MllpDecoder, type MllpEvent } from '#lib/protocol/hl7/mllp.ts';
import { Hl7Sender, type SenderOutput } from '#lib/protocol/hl7/sender.ts';
import type { Device } from '../device.ts';
import type { MessageHistory, MessageRecord } from './message-history.ts';
import { typeOfMessage } from './read-messages.ts';

export interface MllpClientOptions {
	/** Read for every connection, so that a changed setting counts for the next. */
	target(): { readonly host: string; readonly port: number };
	/** How long an acknowledgement may take. */
	acknowledgementTimeoutUs(): Micros;
	/** Whether the queue stands still after AE or AR until a person releases it. */
	holdsAfterError(): boolean;
	readonly history: MessageHistory;
}

interface QueuedMessage extends MessageRecord {
	readonly message: Er7Message;
}

const CONNECT_TIMEOUT_US = seconds(20);
/** Between two attempts to connect. */
const RETRY_US = seconds(30);
/** How often one message is sent before the next one gets its turn. */
const MOST_ATTEMPTS = 5;

/**
 * Sends messages over one connection that is kept open, one after the other: the next one goes out when the
 * one before is acknowledged. Connecting is tried until it succeeds; after a time-out the connection is
 * closed, so that a late acknowledgement can never be taken for that of the next message.
 */
export class MllpClient {
	readonly #device: Device;
	readonly #options: MllpClientOptions;
	readonly #queue: QueuedMessage[] = [];
	#sender = new Hl7Sender({ mostAttempts: MOST_ATTEMPTS });
	#decoder = new MllpDecoder();
	#stream: TcpStream | undefined;
	#wake = new Signal();
	#isHeld = false;
	#isUnreachable = false;

	constructor(device: Device, options: MllpClientOptions) {
		this.#device = device;
		this.#options = options;
	}

	/** Messages that are not done with. */
	get waiting(): number {
		return this.#queue.length;
	}

	/** Whether a refused message holds up the others. */
	get isHeld(): boolean {
		return this.#isHeld;
	}

	/** Begins to send; what is still queued from before goes first. */
	open(): void {
		this.#sender = new Hl7Sender({ mostAttempts: MOST_ATTEMPTS });
		this.#device.spawn('hl7-sender', this.#run());
	}

	/** Puts a message at the end of the queue. */
	send(message: Er7Message, about: string): void {
		const record = this.#options.history.add<QueuedMessage>({
			timeUs: this.#device.os.clockUs(),
			direction: 'out',
			peer: this.#options.target().host,
			type: typeOfMessage(message),
			controlId: valueAt(message, 'MSH-10').text,
			about,
			outcome: 'queued',
			tone: 'neutral',
			message,
		});
		this.#queue.push(record);
		this.#wake.fire();
	}

	/** Goes on after a refused message. False when nothing was held. */
	release(): boolean {
		if (!this.#isHeld) return false;
		this.#isHeld = false;
		this.#wake.fire();
		return true;
	}

	*#run(): Process {
		try {
			for (;;) {
				const first = this.#isHeld ? undefined : this.#queue[0];
				if (first === undefined) yield* this.#idle();
				else yield* this.#deliver(first);
			}
		} finally {
			this.#drop('reset');
		}
	}

	/** Until there is something to do; meanwhile the peer may close, or tell of a message accepted earlier. */
	*#idle(): Process {
		this.#wake = new Signal();
		const wake = this.#wake;
		const stream = this.#stream;
		if (stream === undefined) {
			yield* wait(wake);
			return;
		}
		const first = yield* wait(race({ wake, read: stream.read() }));
		if (first.winner === 'read') this.#received(first.value);
	}

	*#deliver(message: QueuedMessage): Process {
		yield* this.#connect(message);
		this.#state(message, 'sent, waits for its acknowledgement');
		this.#carryOut(this.#sender.send(message.message));
		let deadlineUs = this.#deadlineUs();
		while (this.#sender.isWaiting) {
			const { kernel } = this.#device.world;
			const stream = this.#stream;
			const first = stream
				? yield* wait(
						race({
							read: stream.read(),
							timeout: kernel.timeout(Math.max(0, deadlineUs - kernel.nowUs)),
						}),
					)
				: undefined;
			if (first?.winner === 'read') {
				this.#received(first.value);
				if (this.#stream) continue;
			} else if (first) {
				this.#device.log('WARN', `HL7 ${message.controlId}: no acknowledgement in time`);
				// One whose last CR is missing ends only now.
				this.#takeIn(this.#decoder.end());
				this.#drop('close');
			}
			if (!this.#sender.isWaiting) return;
			yield* this.#connect(message);
			this.#carryOut(this.#sender.timeout());
			deadlineUs = this.#deadlineUs();
		}
	}

	#deadlineUs(): Micros {
		return this.#device.world.kernel.nowUs + this.#options.acknowledgementTimeoutUs();
	}

	/** Connects unless there is a connection; tries until it succeeds. */
	*#connect(message: QueuedMessage): Process {
		while (this.#stream === undefined) {
			const failure = yield* this.#tryToConnect();
			if (failure === undefined) return;
			const { host, port } = this.#options.target();
			if (!this.#isUnreachable) this.#device.log('WARN', `HL7 to ${host}:${port}: ${failure}`);
			this.#isUnreachable = true;
			this.#state(message, `queued: ${failure}`, 'warning');
			yield* this.#device.world.kernel.sleep(RETRY_US);
		}
	}

	/** A sentence when there is no connection. */
	*#tryToConnect(): Process<string | undefined> {
		const { host, port } = this.#options.target();
		const resolved = yield* this.#device.host.resolve(host);
		if (!('address' in resolved)) return `host name "${host}" could not be resolved`;
		const to = { address: resolved.address, port };
		const stream = yield* this.#device.host.connect(to, { timeoutUs: CONNECT_TIMEOUT_US });
		if (stream.kind !== 'connected') return `connection ${stream.kind}`;
		this.#stream = stream;
		this.#decoder = new MllpDecoder();
		this.#isUnreachable = false;
		this.#device.log('INFO', `HL7 connected to ${host}:${port}`);
		return undefined;
	}

	#received(read: StreamEvent): void {
		if (read.kind === 'data') {
			this.#takeIn(read.pieces.flatMap((piece) => this.#decoder.push(piece)));
			return;
		}
		this.#device.log('INFO', 'HL7 connection ended by the peer');
		this.#takeIn(this.#decoder.end());
		this.#drop('close');
	}

	#takeIn(events: readonly MllpEvent[]): void {
		for (const event of events) {
			if (event.kind === 'block' || event.kind === 'missing-carriage-return') {
				this.#carryOut(this.#sender.receive(event.bytes));
			} else {
				this.#device.log('WARN', `HL7: ${event.kind}, ${event.bytes.length} bytes`);
			}
		}
	}

	#carryOut(outputs: readonly SenderOutput[]): void {
		for (const output of outputs) {
			switch (output.kind) {
				case 'send':
					this.#stream?.write([encodeMllp(output.bytes)]);
					break;
				case 'settled':
					this.#settled(output.controlId, output.code, output.text);
					break;
				case 'accepted':
					this.#leave(output.controlId, 'CA', 'neutral');
					break;
				case 'unexpected':
					this.#device.log('WARN', `HL7: unexpected ${output.text}`);
					break;
				case 'gave-up': {
					const text = `no acknowledgement after ${output.attempts} attempts`;
					this.#leave(output.controlId, text, 'bad');
					break;
				}
				case 'not-sendable': {
					const text = `byte ${output.offset} would break the block`;
					this.#leave(output.controlId, text, 'bad');
					break;
				}
			}
		}
	}

	#settled(controlId: string, code: string, text: string): void {
		const isGood = code === '' || code === 'AA' || code === 'CA';
		const outcome = [code || 'sent', text].filter((part) => part !== '').join('; ');
		this.#leave(controlId, outcome, isGood ? 'neutral' : 'bad');
		if (!isGood && this.#options.holdsAfterError()) {
			this.#isHeld = true;
			this.#device.log('WARN', 'HL7 queue held after an error');
		}
	}

	/** The message is done with. An application acknowledgement may come when it has left the queue. */
	#leave(controlId: string, outcome: string, tone: MessageRecord['tone']): void {
		const index = this.#queue.findIndex((one) => one.controlId === controlId);
		const [message] = index < 0 ? [] : this.#queue.splice(index, 1);
		if (message) this.#state(message, outcome, tone);
		const type = message?.type ?? '';
		this.#device.log(
			tone === 'bad' ? 'WARN' : 'INFO',
			`HL7 ${type} ${controlId} to ${this.#options.target().host}: ${outcome}`,
		);
		this.#device.world.kernel.record('hl7-sent', {
			device: this.#device.id,
			type,
			controlId,
			outcome,
		});
	}

	#state(message: QueuedMessage, outcome: string, tone: MessageRecord['tone'] = 'neutral'): void {
		message.outcome = outcome;
		message.tone = tone;
	}

	#drop(how: 'close' | 'reset'): void {
		const stream = this.#stream;
		this.#stream = undefined;
		if (!stream?.open) return;
		if (how === 'close') stream.close();
		else stream.reset();
	}
}
