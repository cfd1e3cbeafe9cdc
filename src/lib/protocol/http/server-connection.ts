/** The server's end of one HTTP/1.1 connection (RFC 9112 section 9), without sockets and clocks. */
import type { BodyFraming } from './body-framing.ts';
import { requestDecoder } from './decoders.ts';
import { encodeResponseHead } from './encode-head.ts';
import { DEFAULT_HTTP_LIMITS, type HttpLimits } from './limits.ts';
import type { HttpEvent } from './message-decoder.ts';
import {
	listMembers,
	sizeOf,
	textResponse,
	type HttpField,
	type HttpProblem,
	type HttpRequest,
	type HttpResponse,
	type RequestHead,
} from './message.ts';

export type ServerOutput =
	| { readonly kind: 'send'; readonly pieces: readonly Uint8Array[] }
	/** A complete request; `respond` is due, and nothing else is read before it. */
	| { readonly kind: 'request'; readonly request: HttpRequest }
	/** A response that the connection gave by itself, for the access log. */
	| {
			readonly kind: 'refused';
			readonly head: RequestHead | undefined;
			readonly problem: HttpProblem;
			readonly sizeBytes: number;
	  }
	/** End this direction after what was sent; what still arrives is thrown away. */
	| { readonly kind: 'close' };

export interface ServerOptions {
	readonly limits?: HttpLimits;
	/** Fields of every response, such as Server and Date. */
	readonly fields?: () => readonly HttpField[];
	/** Looks at a request before its body is asked for: a problem refuses it and closes. */
	readonly admit?: (head: RequestHead) => HttpProblem | undefined;
}

const CONTINUE = encodeResponseHead(100, []);
/** Where a response has no content and no length (RFC 9110 8.6). */
const WITHOUT_LENGTH = new Set([204, 304]);

/**
 * Takes bytes, gives requests, takes their responses in order. Pipelined requests wait for each other. What
 * cannot be understood is answered with the status of RFC 9110 and ends the connection.
 */
export class ServerConnection {
	readonly #options: ServerOptions;
	readonly #decoder;
	readonly #events: HttpEvent<RequestHead>[] = [];
	readonly #outputs: ServerOutput[] = [];
	#head: RequestHead | undefined;
	#body: Uint8Array[] = [];
	#state: 'reading' | 'responding' | 'closed' = 'reading';
	#peerEnded = false;

	constructor(options: ServerOptions = {}) {
		this.#options = options;
		this.#decoder = requestDecoder(options.limits ?? DEFAULT_HTTP_LIMITS);
	}

	/** Whether to read on: not while a response is due, so that the peer's sending is held up. */
	get wantsInput(): boolean {
		return this.#state === 'reading';
	}

	/** What the peer owes: nothing (between requests), the rest of a request, or it is our turn. */
	get waitingFor(): 'request' | 'rest-of-request' | 'response' | 'nothing' {
		if (this.#state === 'closed') return 'nothing';
		if (this.#state === 'responding') return 'response';
		return this.#head === undefined && this.#decoder.idle ? 'request' : 'rest-of-request';
	}

	/** Bytes from the peer. Never throws. */
	receive(bytes: Uint8Array): void {
		if (this.#state === 'closed') return;
		this.#events.push(...this.#decoder.push(bytes));
		this.#advance();
	}

	/** The peer ended its direction. It may still want the responses to what it sent. */
	peerEnded(): void {
		if (this.#peerEnded) return;
		this.#peerEnded = true;
		// A request that was cut off is nobody's to answer.
		this.#advance();
	}

	/** The peer was silent for too long: 408 in the middle of a request, else just the end (RFC 9110 15.5.9). */
	timedOut(): void {
		const { waitingFor } = this;
		if (waitingFor === 'rest-of-request') {
			this.#refuse({ status: 408, text: 'The rest of the request did not come in time.' });
		} else if (waitingFor === 'request') this.#close();
	}

	/** Answers the request given last. Throws if none is waiting: a mistake of the service. */
	respond(response: HttpResponse): void {
		const head = this.#head;
		if (this.#state === 'closed') return;
		if (this.#state !== 'responding' || !head) throw new Error('no request waits for a response');
		const last = !keepsAlive(head) || listMembers(response.fields, 'Connection').includes('close');
		this.#send(response, head, last);
		this.#head = undefined;
		this.#body = [];
		this.#state = 'reading';
		if (last) this.#close();
		else this.#advance();
	}

	/** The next thing to do, in order; undefined: nothing for now. */
	next(): ServerOutput | undefined {
		return this.#outputs.shift();
	}

	#advance(): void {
		while (this.#state === 'reading') {
			const event = this.#events.shift();
			if (event === undefined) break;
			this.#handle(event);
		}
		if (this.#peerEnded && this.#state === 'reading') this.#close();
	}

	#handle(event: HttpEvent<RequestHead>): void {
		switch (event.kind) {
			case 'head':
				this.#begin(event.head, event.framing);
				return;
			case 'body':
				this.#body.push(event.bytes);
				return;
			case 'end': {
				const head = this.#head;
				if (!head) return;
				this.#state = 'responding';
				this.#outputs.push({ kind: 'request', request: { ...head, body: this.#body } });
				return;
			}
			case 'failed':
				this.#head ??= event.head;
				this.#refuse(event.problem);
		}
	}

	/** Refuses or admits a request, and tells a client that waits for it to go on (RFC 9110 10.1.1). */
	#begin(head: RequestHead, framing: BodyFraming): void {
		this.#head = head;
		const expectations = head.minorVersion === 1 ? listMembers(head.fields, 'Expect') : [];
		if (expectations.some((expectation) => expectation !== '100-continue')) {
			this.#refuse({ status: 417, text: 'The only expectation met here is 100-continue.' });
			return;
		}
		const problem = this.#options.admit?.(head);
		if (problem) {
			this.#refuse(problem);
			return;
		}
		const hasBody = framing.kind !== 'length' || framing.bytes > 0;
		// Content that is here already needs no invitation.
		if (expectations.length > 0 && hasBody && this.#events.length === 0) {
			this.#outputs.push({ kind: 'send', pieces: [CONTINUE] });
		}
	}

	#refuse(problem: HttpProblem): void {
		const response = textResponse(problem);
		const head = this.#head;
		this.#send(response, head, true);
		this.#outputs.push({ kind: 'refused', head, problem, sizeBytes: sizeOf(response.body) });
		this.#close();
	}

	#send({ status, fields, body }: HttpResponse, head: RequestHead | undefined, last: boolean) {
		const all: HttpField[] = [...(this.#options.fields?.() ?? []), ...fields];
		if (!WITHOUT_LENGTH.has(status)) all.push(['Content-Length', String(sizeOf(body))]);
		const closing = last && !listMembers(fields, 'Connection').includes('close');
		if (closing) all.push(['Connection', 'close']);
		else if (!last && head?.minorVersion === 0) all.push(['Connection', 'keep-alive']);
		const bodiless = head?.method === 'HEAD' || WITHOUT_LENGTH.has(status);
		const pieces = [encodeResponseHead(status, all), ...(bodiless ? [] : body)];
		this.#outputs.push({ kind: 'send', pieces });
	}

	#close(): void {
		this.#state = 'closed';
		this.#events.length = 0;
		this.#outputs.push({ kind: 'close' });
	}
}

/** Whether the connection stays open after a request (RFC 9112 9.3). */
function keepsAlive({ fields, minorVersion }: RequestHead): boolean {
	const options = listMembers(fields, 'Connection');
	if (options.includes('close')) return false;
	return minorVersion === 1 || options.includes('keep-alive');
}
