/**
 * The side that sends and waits: one message outstanding, until its acknowledgement comes (HL7 v2.5.1
 * sections 2.9.2 and 2.9.3). Sans-IO: it is told what came in and that a time-out passed, and tells
 * what to send and how it ended. The sequence number protocol is not used.
 */
import { valueAt } from './access.ts';
import { type Er7Message, writeEr7 } from './message.ts';
import { clashWithMllp } from './mllp.ts';
import { parseEr7 } from './parse-er7.ts';

export interface SenderOptions {
	/** How often one message is sent at most, until it is given up. */
	readonly mostAttempts: number;
	/** False: any acknowledgement is taken for the one awaited, as careless senders do. */
	readonly matchesControlId?: boolean;
}

export type SenderOutput =
	| { readonly kind: 'send'; readonly bytes: Uint8Array }
	/**
	 * The message is done with. Code '' means that no acknowledgement was wanted, or that none came where
	 * only an error would have been told.
	 */
	| {
			readonly kind: 'settled';
			readonly controlId: string;
			readonly code: string;
			/** MSA-3 or, without it, what the ERR segments say. */
			readonly text: string;
	  }
	/** The receiver has it safe, by CA or by silence where only errors are told; the rest comes later. */
	| { readonly kind: 'accepted'; readonly controlId: string }
	/** Something else than the acknowledgement that is awaited; waiting goes on. */
	| { readonly kind: 'unexpected'; readonly text: string }
	| { readonly kind: 'gave-up'; readonly controlId: string; readonly attempts: number }
	/** The bytes hold VT or FS, which would break the block of MLLP. */
	| { readonly kind: 'not-sendable'; readonly controlId: string; readonly offset: number };

interface Outstanding {
	readonly controlId: string;
	readonly bytes: Uint8Array;
	/** What ends the waiting: the accept or the application acknowledgement. */
	readonly awaits: 'accept' | 'application';
	/** The conditions of table 0155 that hold for it. */
	readonly condition: string;
	attempts: number;
}

/** Accepted messages whose application acknowledgement has not come; more are forgotten. */
const MOST_ACCEPTED = 1000;

/** What the ERR segments say: of v2.5 and later ERR-8, ERR-7 or the code, of earlier ones ERR-1. */
function errorText(answer: Er7Message): string {
	const text = (path: string): string => valueAt(answer, path).text;
	const code = text('ERR-3.2') || text('ERR-3.1') || text('ERR-1.4.2') || text('ERR-1.4.1');
	const place = valueAt(answer, 'ERR-2').raw || valueAt(answer, 'ERR-1').raw;
	const words = text('ERR-8') || text('ERR-7');
	return [code, words].filter((part) => part !== '').join(': ') || place;
}

export class Hl7Sender {
	readonly #options: SenderOptions;
	#outstanding: Outstanding | undefined;
	readonly #accepted = new Set<string>();

	constructor(options: SenderOptions) {
		this.#options = options;
	}

	/** Whether a message is out and its acknowledgement is awaited. */
	get isWaiting(): boolean {
		return this.#outstanding !== undefined;
	}

	/** Sends a message. Throws Error while another one is out. */
	send(message: Er7Message): readonly SenderOutput[] {
		if (this.#outstanding) throw new Error('a message is out already');
		const controlId = valueAt(message, 'MSH-10').text;
		const bytes = writeEr7(message);
		const offset = clashWithMllp(bytes);
		if (offset !== undefined) return [{ kind: 'not-sendable', controlId, offset }];
		const accept = valueAt(message, 'MSH-15').text;
		const application = valueAt(message, 'MSH-16').text;
		const isOriginal = accept === '' && application === '';
		const awaits = isOriginal || accept === '' || accept === 'NE' ? 'application' : 'accept';
		const condition = isOriginal ? 'AL' : awaits === 'accept' ? accept : application || 'NE';
		const send: SenderOutput = { kind: 'send', bytes };
		if (condition === 'NE') return [send, { kind: 'settled', controlId, code: '', text: '' }];
		if (awaits === 'accept' && application !== '' && application !== 'NE') {
			this.#expectLater(controlId);
		}
		this.#outstanding = { controlId, bytes, awaits, condition, attempts: 1 };
		return [send];
	}

	/** The content of a block came in. Never throws on what a peer sends. */
	receive(bytes: Uint8Array): readonly SenderOutput[] {
		const read = parseEr7(bytes);
		if ('error' in read) return [{ kind: 'unexpected', text: read.error.text }];
		const answer = read.message;
		const text = (path: string): string => valueAt(answer, path).text;
		const [code, controlId] = [text('MSA-1'), text('MSA-2')];
		if (!answer.segments.some(({ id }) => id === 'MSA')) {
			return [{ kind: 'unexpected', text: `${text('MSH-9.1') || 'a message'} without MSA` }];
		}
		const words = text('MSA-3') || errorText(answer);
		const out = this.#outstanding;
		if (out === undefined || (out.controlId !== controlId && this.#checks)) {
			return this.#late(code, controlId, words);
		}
		return this.#answered(out, code, words);
	}

	/** No acknowledgement came in time: sends once more, or gives up. */
	timeout(): readonly SenderOutput[] {
		const out = this.#outstanding;
		if (out === undefined) return [];
		const { controlId, attempts, condition, bytes } = out;
		if (condition === 'ER') {
			this.#outstanding = undefined;
			if (this.#accepted.has(controlId)) return [{ kind: 'accepted', controlId }];
			return [{ kind: 'settled', controlId, code: '', text: '' }];
		}
		if (attempts >= this.#options.mostAttempts) {
			this.#outstanding = undefined;
			this.#accepted.delete(controlId);
			return [{ kind: 'gave-up', controlId, attempts }];
		}
		out.attempts += 1;
		return [{ kind: 'send', bytes }];
	}

	get #checks(): boolean {
		return this.#options.matchesControlId ?? true;
	}

	#expectLater(controlId: string): void {
		this.#accepted.add(controlId);
		if (this.#accepted.size <= MOST_ACCEPTED) return;
		for (const oldest of this.#accepted) {
			this.#accepted.delete(oldest);
			return;
		}
	}

	/** An acknowledgement that is not the one awaited may be of a message accepted earlier. */
	#late(code: string, controlId: string, text: string): readonly SenderOutput[] {
		if (code.startsWith('A') && this.#accepted.delete(controlId)) {
			return [{ kind: 'settled', controlId, code, text }];
		}
		return [{ kind: 'unexpected', text: `${code || 'MSA'} for the message "${controlId}"` }];
	}

	#answered(out: Outstanding, code: string, text: string): readonly SenderOutput[] {
		const { controlId, awaits } = out;
		switch (code) {
			case 'CA':
				this.#outstanding = undefined;
				if (this.#accepted.has(controlId)) return [{ kind: 'accepted', controlId }];
				return [{ kind: 'settled', controlId, code, text }];
			case 'AA':
			case 'AE':
			case 'AR':
			case 'CE':
			case 'CR':
				// Also where an accept acknowledgement was skipped: nothing more will be said.
				this.#outstanding = undefined;
				this.#accepted.delete(controlId);
				return [{ kind: 'settled', controlId, code, text }];
			default: {
				const awaited = awaits === 'accept' ? 'an accept' : 'an application';
				const shown = `MSA-1 "${code}" instead of ${awaited} acknowledgement`;
				return [{ kind: 'unexpected', text: shown }];
			}
		}
	}
}
