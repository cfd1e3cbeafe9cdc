import { wait, type Process } from '#lib/kernel/process.ts';
import { milliseconds } from '#lib/kernel/time.ts';
import type { Listener } from '#lib/network/tcp-listener.ts';
import type { TcpStream } from '#lib/network/tcp-stream.ts';
import { valueAt } from '#lib/protocol/hl7/access.ts';
import type { AcknowledgedError } from '#lib/protocol/hl7/acknowledgement.ts';
import { type Er7Message, writeEr7 } from '#lib/protocol/hl7/message.ts';
import { encodeMllp, MllpDecoder, type MllpEvent } from '#lib/protocol/hl7/mllp.ts';
import { respond, type Response } from '#lib/protocol/hl7/responder.ts';
import type { ReceiverProfile } from '#lib/protocol/hl7/validate.ts';
import type { Device } from '../device.ts';
import { hl7Time } from './message-context.ts';
import type { MessageHistory } from './message-history.ts';
import { typeOfMessage } from './read-messages.ts';

export interface MllpListenerOptions {
	/** Read when the port is opened. */
	port(): number;
	readonly receiver: ReceiverProfile;
	readonly history: MessageHistory;
	/** Does what a message asks for; the errors go into its acknowledgement. */
	process(message: Er7Message): readonly AcknowledgedError[];
	/** Whom or what a message is about, for the console. */
	about(message: Er7Message): string;
}

/** How long a message takes to be read and carried out. */
const PROCESSING_US = milliseconds(5);

/** Listens for HL7 over MLLP on a device's port; connections stay open until the peer ends them. */
export class MllpListener {
	readonly #device: Device;
	readonly #options: MllpListenerOptions;
	#listener: Listener | undefined;
	#answers = 0;

	constructor(device: Device, options: MllpListenerOptions) {
		this.#device = device;
		this.#options = options;
	}

	open(): void {
		this.#listener = this.#device.host.listen(this.#options.port());
		this.#device.spawn('hl7-acceptor', this.#accept(this.#listener));
	}

	close(): void {
		this.#listener?.close();
		this.#listener = undefined;
	}

	*#accept(listener: Listener): Process {
		for (;;) {
			const stream = yield* wait(listener.accept());
			this.#device.spawn('hl7-connection', this.#serve(stream));
		}
	}

	*#serve(stream: TcpStream): Process {
		const decoder = new MllpDecoder();
		const peer = stream.remote.address;
		this.#device.log('INFO', `HL7 connection from ${peer}`);
		try {
			for (;;) {
				const read = yield* wait(stream.read());
				const events =
					read.kind === 'data'
						? read.pieces.flatMap((piece) => decoder.push(piece))
						: decoder.end();
				for (const event of events) yield* this.#take(event, stream);
				if (read.kind === 'data') continue;
				this.#device.log('INFO', `HL7 connection from ${peer} ended`);
				stream.close();
				return;
			}
		} finally {
			if (stream.open) stream.reset();
		}
	}

	/** What is not framed as a block gets no answer: nobody knows where it begins or ends. */
	*#take(event: MllpEvent, stream: TcpStream): Process {
		const peer = stream.remote.address;
		if (event.kind !== 'block') {
			this.#device.log('WARN', `HL7 from ${peer}: ${event.kind}, ${event.bytes.length} bytes`);
			if (event.kind !== 'missing-carriage-return') return;
		}
		yield* this.#device.world.kernel.sleep(PROCESSING_US);
		const response = respond(event.bytes, {
			receiver: this.#options.receiver,
			process: (message) => this.#options.process(message),
			controlId: () => this.#controlId(),
			time: () => hl7Time(this.#device.os.clockUs()),
		});
		this.#note(response, peer);
		const blocks = response.acknowledgements.map((one) => encodeMllp(writeEr7(one)));
		if (stream.open) stream.write(blocks);
	}

	#controlId(): string {
		this.#answers += 1;
		return `${this.#device.id.toUpperCase()}${String(this.#answers).padStart(6, '0')}`;
	}

	#note({ message, code, errors }: Response, peer: string): void {
		const type = message ? typeOfMessage(message) : 'unreadable';
		const controlId = message ? valueAt(message, 'MSH-10').text : '';
		const about = message ? this.#options.about(message) : '';
		const words = errors.map((error) => `${error.code} ${error.userMessage ?? ''}`.trim());
		const outcome = [code, ...words].join('; ');
		const isGood = code === 'AA' || code === 'CA';
		this.#options.history.add({
			timeUs: this.#device.os.clockUs(),
			direction: 'in',
			peer,
			type,
			controlId,
			about,
			outcome,
			tone: isGood ? 'neutral' : 'bad',
		});
		this.#device.log(isGood ? 'INFO' : 'WARN', `HL7 ${type} ${controlId} from ${peer}: ${outcome}`);
		this.#device.world.kernel.record('hl7-received', {
			device: this.#device.id,
			peerAddress: peer,
			type,
			controlId,
			code,
		});
	}
}
