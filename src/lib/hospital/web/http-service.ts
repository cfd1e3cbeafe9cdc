import { race, wait, type Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import type { Listener } from '#lib/network/tcp-listener.ts';
import type { TcpStream } from '#lib/network/tcp-stream.ts';
import { DEFAULT_HTTP_LIMITS, type HttpLimits } from '#lib/protocol/http/limits.ts';
import {
	sizeOf,
	type HttpProblem,
	type HttpRequest,
	type HttpResponse,
	type RequestHead,
} from '#lib/protocol/http/message.ts';
import { ServerConnection } from '#lib/protocol/http/server-connection.ts';
import type { Device } from '../device.ts';

export interface HttpServiceOptions {
	/** Read when the port is opened. */
	port(): number;
	/** The Server field (RFC 9110 10.2.4). */
	readonly product: string;
	readonly limits?: Partial<HttpLimits>;
	/** Connections at the same time; more get 503. */
	readonly connectionsMax: number;
	/** Looks at a request before its body comes. */
	admit(head: RequestHead, peerAddress: string): HttpProblem | undefined;
	/** Answers a request; may take time. */
	serve(request: HttpRequest, peerAddress: string): Process<HttpResponse>;
}

/** How long a kept connection may be idle, and how long a request may take to arrive. */
const IDLE_TIMEOUT_US = seconds(60);
const REQUEST_TIMEOUT_US = seconds(30);

/** Listens on a device's port and serves HTTP until closed. Each request is a line of the device's log. */
export class HttpService {
	readonly #device: Device;
	readonly #options: HttpServiceOptions;
	#listener: Listener | undefined;
	#inUse = 0;

	constructor(device: Device, options: HttpServiceOptions) {
		this.#device = device;
		this.#options = options;
	}

	open(): void {
		this.#listener = this.#device.host.listen(this.#options.port());
		this.#device.spawn('http', this.#accept(this.#listener));
	}

	close(): void {
		this.#listener?.close();
		this.#listener = undefined;
		this.#inUse = 0;
	}

	*#accept(listener: Listener): Process {
		for (;;) {
			const stream = yield* wait(listener.accept());
			this.#device.spawn('http-connection', this.#connect(stream));
		}
	}

	*#connect(stream: TcpStream): Process {
		const peer = stream.remote.address;
		const busy = this.#inUse >= this.#options.connectionsMax;
		const connection = new ServerConnection({
			limits: { ...DEFAULT_HTTP_LIMITS, ...this.#options.limits },
			// No Date field: the hospital's clocks show local time, and Date has to be in GMT (RFC 9110 6.6.1).
			fields: () => [['Server', this.#options.product]],
			admit: (head) =>
				busy
					? { status: 503, text: 'Too many connections at the same time. Try again later.' }
					: this.#options.admit(head, peer),
		});
		this.#inUse++;
		try {
			while (yield* this.#carryOut(connection, stream)) {
				if (!(yield* this.#read(connection, stream))) return;
			}
		} finally {
			this.#inUse = Math.max(0, this.#inUse - 1);
			// A process killed with its device leaves the peer with a reset, as a killed program does.
			if (stream.open) stream.reset();
		}
	}

	/** Does what the connection wants done; false once it is closed. */
	*#carryOut(connection: ServerConnection, stream: TcpStream): Process<boolean> {
		const peer = stream.remote.address;
		for (let output = connection.next(); output; output = connection.next()) {
			switch (output.kind) {
				case 'send':
					stream.write(output.pieces);
					break;
				case 'request': {
					const response = yield* this.#options.serve(output.request, peer);
					this.#log(peer, output.request, response.status, sizeOf(response.body));
					connection.respond(response);
					break;
				}
				case 'refused':
					this.#log(peer, output.head, output.problem.status, output.sizeBytes);
					break;
				case 'close':
					stream.close();
					return false;
			}
		}
		return true;
	}

	/** Waits for more from the peer; false when the stream is gone. */
	*#read(connection: ServerConnection, stream: TcpStream): Process<boolean> {
		const idle = connection.waitingFor === 'request';
		const timeout = this.#device.world.kernel.timeout(idle ? IDLE_TIMEOUT_US : REQUEST_TIMEOUT_US);
		const first = yield* wait(race({ read: stream.read(), timeout }));
		if (first.winner === 'timeout') {
			connection.timedOut();
			return true;
		}
		const read = first.value;
		if (read.kind === 'data') for (const piece of read.pieces) connection.receive(piece);
		else if (read.kind === 'end') connection.peerEnded();
		else return false;
		return true;
	}

	/** The access log, in the manner of the common log format. */
	#log(peer: string, head: RequestHead | undefined, status: number, sizeBytes: number): void {
		const line = head ? `${head.method} ${head.target} HTTP/1.${head.minorVersion}` : '-';
		const level = status >= 500 ? 'ERROR' : status >= 400 ? 'WARN' : 'INFO';
		this.#device.log(level, `http ${peer} "${line}" ${status} ${sizeBytes}`);
		this.#device.world.kernel.record('http-request', {
			device: this.#device.id,
			peerAddress: peer,
			method: head?.method ?? '',
			target: head?.target ?? '',
			status,
		});
	}
}
