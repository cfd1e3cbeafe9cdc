/** Finds messages in a byte stream (RFC 9112): the part that requests and responses have in common. */
import { tooLarge, type BodyFraming } from './body-framing.ts';
import type { HttpLimits } from './limits.ts';
import { LineBuffer } from './line-buffer.ts';
import type { HttpField, HttpProblem } from './message.ts';
import { isProblem, parseFieldLine } from './parse-head.ts';

export type HttpEvent<Head> =
	| { readonly kind: 'head'; readonly head: Head; readonly framing: BodyFraming }
	/** Part of the content: a view on the chunk that was pushed. */
	| { readonly kind: 'body'; readonly bytes: Uint8Array }
	/** The message is complete. Trailer fields are told and not merged into the head (RFC 9110 6.5.1). */
	| { readonly kind: 'end'; readonly trailers: readonly HttpField[] }
	/** The stream cannot be understood from here on; nothing follows. */
	| { readonly kind: 'failed'; readonly problem: HttpProblem; readonly head: Head | undefined };

/** What tells requests from responses. */
export interface HeadGrammar<Head extends { fields: readonly HttpField[] }> {
	readonly startLineTooLong: HttpProblem;
	parseStartLine(line: string): Omit<Head, 'fields'> | HttpProblem;
	framing(head: Head): BodyFraming | HttpProblem;
}

type State =
	| 'start-line'
	| 'fields'
	| 'sized-body'
	| 'body-until-close'
	| 'chunk-size'
	| 'chunk-data'
	| 'chunk-end'
	| 'trailers'
	| 'failed';

const BARE_LINE_END: HttpProblem = { status: 400, text: 'A line does not end with CR LF.' };
const FIELDS_TOO_LARGE: HttpProblem = { status: 431, text: 'The header fields are too large.' };
/** Chunk extensions are read over (RFC 9112 7.1.1). */
const CHUNK_SIZE = /^0*([0-9a-f]{1,12})[\t ]*(;[\t\x20-\x7e\x80-\xff]*)?$/i;

/** However the stream is cut into chunks, the events are the same, but for where body views end. */
export class MessageDecoder<Head extends { fields: readonly HttpField[] }> {
	readonly #limits: HttpLimits;
	readonly #grammar: HeadGrammar<Head>;
	readonly #line = new LineBuffer();
	#state: State = 'start-line';
	#start: Omit<Head, 'fields'> | undefined;
	#head: Head | undefined;
	#fields: HttpField[] = [];
	#fieldBytes = 0;
	#blankBytes = 0;
	#remainingBytes = 0;
	#bodyBytes = 0;

	constructor(grammar: HeadGrammar<Head>, limits: HttpLimits) {
		this.#grammar = grammar;
		this.#limits = limits;
	}

	/** Between two messages: nothing of the next one has come. */
	get idle(): boolean {
		return this.#state === 'start-line' && this.#line.sizeBytes === 0;
	}

	/** The events that these further bytes complete, in order. Never throws. */
	push(chunk: Uint8Array): HttpEvent<Head>[] {
		const events: HttpEvent<Head>[] = [];
		let at = 0;
		while (at < chunk.length && this.#state !== 'failed') {
			at += this.#isInData() ? this.#data(chunk, at, events) : this.#lineOf(chunk, at, events);
		}
		return events;
	}

	/** The stream has ended: that completes a body until close and breaks off any other message. */
	end(): HttpEvent<Head>[] {
		const events: HttpEvent<Head>[] = [];
		if (this.#state === 'body-until-close') this.#complete(events);
		else if (!this.idle && this.#state !== 'failed') {
			this.#fail(events, { status: 400, text: 'The connection ended within a message.' });
		}
		return events;
	}

	#isInData(): boolean {
		const state = this.#state;
		return state === 'sized-body' || state === 'body-until-close' || state === 'chunk-data';
	}

	#data(chunk: Uint8Array, at: number, events: HttpEvent<Head>[]): number {
		const endless = this.#state === 'body-until-close';
		const size = Math.min(chunk.length - at, endless ? Infinity : this.#remainingBytes);
		if (endless && this.#bodyBytes + size > this.#limits.bodyBytes) {
			this.#fail(events, tooLarge(this.#limits.bodyBytes));
			return size;
		}
		events.push({ kind: 'body', bytes: chunk.subarray(at, at + size) });
		this.#bodyBytes += size;
		this.#remainingBytes -= size;
		if (!endless && this.#remainingBytes === 0) {
			if (this.#state === 'chunk-data') this.#state = 'chunk-end';
			else this.#complete(events);
		}
		return size;
	}

	#lineOf(chunk: Uint8Array, at: number, events: HttpEvent<Head>[]): number {
		const { maximumBytes, problem } = this.#lineLimit();
		const taken = this.#line.take(chunk, at, maximumBytes);
		const { sizeBytes } = this.#line;
		if (sizeBytes > maximumBytes) this.#fail(events, problem);
		else if (this.#line.complete) {
			const line = this.#line.finish();
			if (line === undefined) this.#fail(events, BARE_LINE_END);
			else this.#acceptLine(line, sizeBytes, events);
		}
		return taken;
	}

	#lineLimit(): { maximumBytes: number; problem: HttpProblem } {
		const { startLineBytes, fieldBytes, chunkLineBytes } = this.#limits;
		switch (this.#state) {
			case 'start-line':
				return {
					maximumBytes: startLineBytes - this.#blankBytes,
					problem: this.#grammar.startLineTooLong,
				};
			case 'chunk-size':
				return {
					maximumBytes: chunkLineBytes,
					problem: { status: 400, text: 'A chunk-size line is too long.' },
				};
			case 'chunk-end':
				return {
					maximumBytes: 2,
					problem: { status: 400, text: 'A chunk is longer than its size says.' },
				};
			default:
				// The empty line that ends the section is not counted.
				return { maximumBytes: fieldBytes - this.#fieldBytes + 2, problem: FIELDS_TOO_LARGE };
		}
	}

	#acceptLine(line: string, sizeBytes: number, events: HttpEvent<Head>[]): void {
		switch (this.#state) {
			case 'start-line':
				this.#acceptStartLine(line, sizeBytes, events);
				return;
			case 'chunk-size':
				this.#acceptChunkSize(line, events);
				return;
			case 'chunk-end':
				this.#state = 'chunk-size';
				return;
			default:
				if (line !== '') this.#acceptField(line, sizeBytes, events);
				else if (this.#state === 'trailers') this.#complete(events);
				else this.#acceptHead(events);
		}
	}

	/** Empty lines before a message are skipped (RFC 9112 2.2). */
	#acceptStartLine(line: string, sizeBytes: number, events: HttpEvent<Head>[]): void {
		if (line === '') {
			this.#blankBytes += sizeBytes;
			return;
		}
		const start = this.#grammar.parseStartLine(line);
		if (isProblem(start)) {
			this.#fail(events, start);
			return;
		}
		this.#start = start;
		this.#state = 'fields';
	}

	#acceptField(line: string, sizeBytes: number, events: HttpEvent<Head>[]): void {
		this.#fieldBytes += sizeBytes;
		const field = parseFieldLine(line);
		if (isProblem(field)) this.#fail(events, field);
		else if (
			this.#fields.push(field) > this.#limits.fieldCount ||
			this.#fieldBytes > this.#limits.fieldBytes
		) {
			this.#fail(events, FIELDS_TOO_LARGE);
		}
	}

	#acceptHead(events: HttpEvent<Head>[]): void {
		const head = { ...this.#start, fields: this.#fields } as unknown as Head;
		const framing = this.#grammar.framing(head);
		this.#head = head;
		this.#fields = [];
		this.#fieldBytes = 0;
		if (isProblem(framing)) {
			this.#fail(events, framing);
			return;
		}
		events.push({ kind: 'head', head, framing });
		if (framing.kind === 'chunked') this.#state = 'chunk-size';
		else if (framing.kind === 'until-close') this.#state = 'body-until-close';
		else if (framing.bytes === 0) this.#complete(events);
		else {
			this.#remainingBytes = framing.bytes;
			this.#state = 'sized-body';
		}
	}

	#acceptChunkSize(line: string, events: HttpEvent<Head>[]): void {
		const digits = CHUNK_SIZE.exec(line)?.[1];
		if (digits === undefined) {
			this.#fail(events, { status: 400, text: 'A chunk does not begin with its size.' });
			return;
		}
		this.#remainingBytes = Number.parseInt(digits, 16);
		if (this.#bodyBytes + this.#remainingBytes > this.#limits.bodyBytes) {
			this.#fail(events, tooLarge(this.#limits.bodyBytes));
		} else this.#state = this.#remainingBytes === 0 ? 'trailers' : 'chunk-data';
	}

	#complete(events: HttpEvent<Head>[]): void {
		events.push({ kind: 'end', trailers: this.#fields });
		this.#state = 'start-line';
		this.#start = undefined;
		this.#head = undefined;
		this.#fields = [];
		this.#fieldBytes = 0;
		this.#blankBytes = 0;
		this.#bodyBytes = 0;
	}

	#fail(events: HttpEvent<Head>[], problem: HttpProblem): void {
		this.#state = 'failed';
		events.push({ kind: 'failed', problem, head: this.#head });
	}
}
