/** What is only named: HTTP by its first lines, TLS by its records, everything else by its size. */
import type { Remark } from '../remark.ts';
import type { ConversationLine, Moment } from './capture-report.ts';
import type { Dissection, Dissector, LineBudget } from './dissector.ts';
import { alertWords } from './tls-alerts.ts';

type Line = Omit<ConversationLine, 'packet' | 'timeUs' | 'fromClient'>;

class Lines {
	readonly list: ConversationLine[] = [];
	readonly #budget: LineBudget;

	constructor(budget: LineBudget) {
		this.#budget = budget;
	}

	add(fromClient: boolean, at: Moment, line: Line): void {
		if (this.#budget.take()) this.list.push({ ...at, fromClient, ...line });
	}
}

const HTTP_START = /^(?:[A-Z]+ \S+ HTTP\/1\.[01]|HTTP\/1\.[01] \d{3}[^\r\n]*)/;
const FIRST_LINE_BYTES = 400;

/** HTTP/1: the first line of each request and response that begins with a segment. */
export class HttpDissector implements Dissector {
	readonly #lines: Lines;

	constructor(budget: LineBudget) {
		this.#lines = new Lines(budget);
	}

	data(fromClient: boolean, bytes: Uint8Array, at: Moment): void {
		const text = String.fromCharCode(...bytes.subarray(0, FIRST_LINE_BYTES));
		const start = HTTP_START.exec(text)?.[0];
		if (start === undefined) return;
		const status = /^HTTP\/1\.[01] (\d)/.exec(start)?.[1];
		const tone = status === undefined ? 'neutral' : status >= '4' ? 'bad' : 'good';
		const type = /\r\ncontent-type: *([^\r\n]*)/i.exec(text)?.[1] ?? '';
		this.#lines.add(fromClient, at, { title: start, detail: type, tone });
	}

	gap(): void {}
	end(): void {}

	result(): Dissection {
		const lines = this.#lines.list;
		const failed = lines.find((line) => line.tone === 'bad');
		const shown = failed ?? lines[0];
		const summary = shown ? `HTTP: ${shown.title}` : 'HTTP';
		return { summary, tone: failed ? 'bad' : 'neutral', lines, remarks: [] };
	}

	content(): undefined {
		return undefined;
	}
}

const RECORD_HEADER_BYTES = 5;
const HANDSHAKES: Readonly<Record<number, string>> = {
	0: 'HelloRequest',
	1: 'ClientHello',
	2: 'ServerHello',
	4: 'NewSessionTicket',
	11: 'Certificate',
	12: 'ServerKeyExchange',
	13: 'CertificateRequest',
	14: 'ServerHelloDone',
	15: 'CertificateVerify',
	16: 'ClientKeyExchange',
	20: 'Finished',
};

/** The records of one direction, cut by their headers. */
class RecordReader {
	#pending = new Uint8Array(0);

	*push(bytes: Uint8Array): Generator<{ type: number; body: Uint8Array }, void, undefined> {
		const all = new Uint8Array(this.#pending.length + bytes.length);
		all.set(this.#pending);
		all.set(bytes, this.#pending.length);
		let at = 0;
		while (all.length - at >= RECORD_HEADER_BYTES) {
			const end = at + RECORD_HEADER_BYTES + ((all[at + 3]! << 8) | all[at + 4]!);
			if (end > all.length) break;
			yield { type: all[at]!, body: all.subarray(at + RECORD_HEADER_BYTES, end) };
			at = end;
		}
		this.#pending = all.slice(at);
	}

	reset(): void {
		this.#pending = new Uint8Array(0);
	}
}

/** TLS: handshake messages and alerts as far as they are readable, and how much was encrypted. */
export class TlsDissector implements Dissector {
	readonly #lines: Lines;
	readonly #remarks: (Remark & Moment)[] = [];
	readonly #readers = { client: new RecordReader(), server: new RecordReader() };
	#encrypted = { client: false, server: false };
	#encryptedBytes = 0;
	#alert: { text: string; fatal: boolean } | undefined;

	constructor(budget: LineBudget) {
		this.#lines = new Lines(budget);
	}

	data(fromClient: boolean, bytes: Uint8Array, at: Moment): void {
		const side = fromClient ? 'client' : 'server';
		for (const { type, body } of this.#readers[side].push(bytes)) {
			if (type === 20) this.#encrypted[side] = true;
			else if (type === 21) this.#takeAlert(fromClient, body, at);
			else if (type === 22 && !this.#encrypted[side]) {
				const title = HANDSHAKES[body[0] ?? -1] ?? `Handshake ${body[0]}`;
				this.#lines.add(fromClient, at, { title, detail: '', tone: 'neutral' });
			} else if (type === 23) this.#encryptedBytes += body.length;
		}
	}

	gap(fromClient: boolean): void {
		this.#readers[fromClient ? 'client' : 'server'].reset();
	}

	end(): void {}

	#takeAlert(fromClient: boolean, body: Uint8Array, at: Moment): void {
		// Encrypted alerts are longer: only their presence can be told.
		if (body.length !== 2) {
			const line: Line = { title: 'Alert', detail: 'encrypted', tone: 'neutral' };
			this.#lines.add(fromClient, at, line);
			return;
		}
		const [level, description = 0] = body;
		const fatal = level === 2;
		const text = alertWords(description);
		this.#alert ??= { text, fatal };
		const tone = fatal ? 'bad' : 'neutral';
		this.#lines.add(fromClient, at, { title: fatal ? 'Fatal alert' : 'Alert', detail: text, tone });
		if (!fatal) return;
		const who = fromClient ? 'client' : 'server';
		const remark = `The ${who} ended the TLS handshake: ${text}.`;
		this.#remarks.push({ ...at, tone: 'bad', text: remark, clause: 'RFC 8446 6.2' });
	}

	result(): Dissection {
		const failed = this.#alert?.fatal === true;
		const summary = failed
			? `TLS refused: ${this.#alert?.text}`
			: `TLS, ${this.#encryptedBytes} encrypted bytes`;
		const remarks = this.#remarks;
		return { summary, tone: failed ? 'bad' : 'neutral', lines: this.#lines.list, remarks };
	}

	content(): undefined {
		return undefined;
	}
}

/** A stream of which nothing is known. */
export class UnknownDissector implements Dissector {
	data(): void {}
	gap(): void {}
	end(): void {}

	result(): Dissection {
		return { summary: 'not a protocol known here', tone: 'neutral', lines: [], remarks: [] };
	}

	content(): undefined {
		return undefined;
	}
}
