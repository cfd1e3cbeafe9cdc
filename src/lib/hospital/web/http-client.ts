import type { Kernel } from '#lib/kernel/kernel.ts';
import { race, wait, type Process } from '#lib/kernel/process.ts';
import { seconds, type Micros } from '#lib/kernel/time.ts';
import type { StreamEvent, TcpStream } from '#lib/network/tcp-stream.ts';
import { responseDecoder } from '#lib/protocol/http/decoders.ts';
import { encodeRequestHead } from '#lib/protocol/http/encode-head.ts';
import { DEFAULT_HTTP_LIMITS } from '#lib/protocol/http/limits.ts';
import type { HttpEvent } from '#lib/protocol/http/message-decoder.ts';
import { listMembers, type HttpField, type ResponseHead } from '#lib/protocol/http/message.ts';

export interface ClientRequest {
	readonly method: string;
	readonly target: string;
	/** All fields, Host and the framing included. */
	readonly fields: readonly HttpField[];
	readonly body: readonly Uint8Array[];
}

/** A step of an exchange as it happens. */
export type ExchangeEvent =
	| { readonly kind: 'interim'; readonly head: ResponseHead }
	| { readonly kind: 'body-sent' }
	| { readonly kind: 'head'; readonly head: ResponseHead };

export interface ExchangeResult {
	readonly events: readonly ExchangeEvent[];
	/** The final response, if it came. */
	readonly head: ResponseHead | undefined;
	readonly body: readonly Uint8Array[];
	/** What the response says of its length; undefined: until the end of the connection, or chunked. */
	readonly announcedBytes: number | undefined;
	/**
	 * `empty`: the peer ended without a byte; `cut`: within the response; `malformed`: it is no HTTP/1.1, or
	 * breaks off as such; `reset` and `lost`: the connection broke; `timeout`: the time given is over.
	 */
	readonly ended: 'complete' | 'empty' | 'cut' | 'malformed' | 'reset' | 'lost' | 'timeout';
	/** Whether the connection can be used again (RFC 9112 9.3). */
	readonly keepsAlive: boolean;
}

/** How long a client waits for 100 Continue before it sends its body all the same (RFC 9110 10.1.1). */
const CONTINUE_WAIT_US = seconds(1);
const PROTOCOL = 'HTTP/';
/** A client takes larger answers than a server takes requests. */
const LIMITS = { ...DEFAULT_HTTP_LIMITS, bodyBytes: 512 * 1024 * 1024 };

/** One request on an open connection, and its response. */
export function* exchange(
	kernel: Kernel,
	stream: TcpStream,
	request: ClientRequest,
	untilUs: Micros,
): Process<ExchangeResult> {
	const client = new Exchange(request, stream);
	client.begin();
	while (!client.ended) {
		const leftUs = untilUs - kernel.nowUs;
		if (leftUs <= 0) {
			client.end('timeout');
			break;
		}
		const waitUs = client.holdsBody ? Math.min(CONTINUE_WAIT_US, leftUs) : leftUs;
		const first = yield* wait(race({ read: stream.read(), timeout: kernel.timeout(waitUs) }));
		if (first.winner === 'read') client.receive(first.value);
		else if (client.holdsBody) client.sendBody();
	}
	return client.result();
}

class Exchange {
	readonly #request: ClientRequest;
	readonly #stream: TcpStream;
	readonly #decoder;
	readonly #events: ExchangeEvent[] = [];
	readonly #body: Uint8Array[] = [];
	#head: ResponseHead | undefined;
	#announcedBytes: number | undefined;
	#untilClose = false;
	/** The first characters of the answer, which tell HTTP from anything else. */
	#first = '';
	/** Whether a body waits for an invitation. */
	holdsBody: boolean;
	ended: ExchangeResult['ended'] | undefined;

	constructor(request: ClientRequest, stream: TcpStream) {
		this.#request = request;
		this.#stream = stream;
		this.#decoder = responseDecoder(() => request.method, LIMITS);
		this.holdsBody = listMembers(request.fields, 'Expect').includes('100-continue');
	}

	begin(): void {
		const { method, target, fields } = this.#request;
		this.#stream.write([encodeRequestHead(method, target, fields)]);
		if (!this.holdsBody && this.#request.body.length > 0) this.sendBody();
	}

	sendBody(): void {
		this.holdsBody = false;
		this.#stream.write(this.#request.body);
		this.#events.push({ kind: 'body-sent' });
	}

	end(how: ExchangeResult['ended']): void {
		this.ended ??= how;
	}

	receive(read: StreamEvent): void {
		switch (read.kind) {
			case 'data':
				for (const piece of read.pieces) {
					this.#begins(piece);
					for (const event of this.#decoder.push(piece)) this.#handle(event);
				}
				return;
			case 'end':
				for (const event of this.#decoder.end()) {
					if (event.kind === 'end') this.#handle(event);
				}
				this.end(this.#first === '' ? 'empty' : 'cut');
				return;
			case 'reset':
				this.end('reset');
				return;
			case 'timeout':
				this.end('lost');
		}
	}

	#begins(piece: Uint8Array): void {
		if (this.#first.length < PROTOCOL.length) {
			this.#first += String.fromCharCode(
				...piece.subarray(0, PROTOCOL.length - this.#first.length),
			);
		}
		// Another protocol answers: no line break may ever come.
		if (!PROTOCOL.startsWith(this.#first)) this.end('malformed');
	}

	#handle(event: HttpEvent<ResponseHead>): void {
		if (this.ended) return;
		switch (event.kind) {
			case 'head':
				if (event.head.status < 200) {
					this.#events.push({ kind: 'interim', head: event.head });
					if (event.head.status === 100 && this.holdsBody) this.sendBody();
					return;
				}
				// A final response before the body was asked for: it is not sent any more.
				this.holdsBody = false;
				this.#head = event.head;
				this.#announcedBytes = event.framing.kind === 'length' ? event.framing.bytes : undefined;
				this.#untilClose = event.framing.kind === 'until-close';
				this.#events.push({ kind: 'head', head: event.head });
				return;
			case 'body':
				this.#body.push(event.bytes);
				return;
			case 'end':
				if (this.#head) this.end('complete');
				return;
			case 'failed':
				this.end('malformed');
		}
	}

	result(): ExchangeResult {
		const head = this.#head;
		const options = head ? listMembers(head.fields, 'Connection') : [];
		const stays =
			head?.minorVersion === 1 ? !options.includes('close') : options.includes('keep-alive');
		return {
			events: this.#events,
			head,
			body: this.#body,
			announcedBytes: this.#announcedBytes,
			ended: this.ended ?? 'timeout',
			keepsAlive: this.ended === 'complete' && stays && !this.#untilClose,
		};
	}
}
