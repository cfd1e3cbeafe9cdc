/**
 * What a receiver answers: original mode (HL7 v2.5.1 section 2.9.2) when MSH-15 and MSH-16 are both
 * empty, else enhanced mode (section 2.9.3), where accept and application acknowledgement are messages
 * of their own. In enhanced mode an empty one of the two fields is read as NE.
 */
import { valueAt } from './access.ts';
import {
	acknowledge,
	type AcknowledgedError,
	type AcknowledgementCode,
} from './acknowledgement.ts';
import type { Er7Message } from './message.ts';
import { type Er7ParseError, parseEr7 } from './parse-er7.ts';
import { type ReceiverProfile, validateMessage } from './validate.ts';

export interface ResponderOptions {
	readonly receiver: ReceiverProfile;
	/**
	 * Puts the message into safe storage before anything else; errors say why that cannot be. Left out:
	 * storing always succeeds.
	 */
	readonly store?: (message: Er7Message) => readonly AcknowledgedError[];
	/**
	 * Does what the message asks for. Its errors end in AE (codes 100 to 103) or AR (200 to 207);
	 * warnings go into the acknowledgement and change nothing.
	 */
	readonly process: (message: Er7Message) => readonly AcknowledgedError[];
	/** A new MSH-10. */
	readonly controlId: () => string;
	/** MSH-7, in HL7's format of time. */
	readonly time: () => string;
}

export interface Response {
	/** Undefined when the bytes were no message. */
	readonly message: Er7Message | undefined;
	/** How it went for the message, whether or not that is told to the sender. */
	readonly code: AcknowledgementCode;
	readonly errors: readonly AcknowledgedError[];
	/** The messages to send, in their order; none for an acknowledgement and where none is wanted. */
	readonly acknowledgements: readonly Er7Message[];
}

type Verdict = 'accepted' | 'error' | 'rejected';

/** Codes 100 to 103 are errors of the content, the others reasons to reject (table 0357). */
function verdictOf(errors: readonly AcknowledgedError[]): Verdict {
	const grave = errors.filter(({ severity = 'E' }) => severity === 'E' || severity === 'F');
	if (grave.length === 0) return 'accepted';
	return grave.some(({ code }) => Number(code) >= 200) ? 'rejected' : 'error';
}

const APPLICATION = { accepted: 'AA', error: 'AE', rejected: 'AR' } as const;

/** Table 0155: whether an acknowledgement is wanted after this verdict. */
function isWanted(condition: string, verdict: Verdict): boolean {
	switch (condition) {
		case '':
		case 'NE':
			return false;
		case 'ER':
			return verdict !== 'accepted';
		case 'SU':
			return verdict === 'accepted';
		default:
			// AL, and what is in no table: who asks wrongly should hear of it.
			return true;
	}
}

/** What is said to bytes that are no message: 207 where only a limit of the receiver is in the way. */
function unreadable({ code, text }: Er7ParseError): AcknowledgedError[] {
	const isLimit = code === 'too-large' || code === 'too-many-segments';
	return [{ code: isLimit ? '207' : '100', severity: 'E', userMessage: text }];
}

class Responder {
	readonly #options: ResponderOptions;
	readonly #acknowledgements: Er7Message[] = [];

	constructor(options: ResponderOptions) {
		this.#options = options;
	}

	respond(bytes: Uint8Array): Response {
		const read = parseEr7(bytes);
		if ('error' in read) {
			const errors = unreadable(read.error);
			const code = APPLICATION[verdictOf(errors)];
			this.#acknowledge(undefined, code, errors);
			return this.#response(undefined, code, errors);
		}
		const { message } = read;
		const accept = valueAt(message, 'MSH-15').text.trim();
		const application = valueAt(message, 'MSH-16').text.trim();
		const isAnswer = message.segments.some(({ id }) => id === 'MSA');
		if (accept === '' && application === '') return this.#original(message, isAnswer);
		return this.#enhanced(message, accept, isAnswer ? 'NE' : application);
	}

	/** One acknowledgement, AA, AE or AR; an acknowledgement is not acknowledged. */
	#original(message: Er7Message, isAnswer: boolean): Response {
		const remarks = validateMessage(message, this.#options.receiver);
		const errors = verdictOf(remarks) === 'accepted' ? this.#carryOut(message, remarks) : remarks;
		const code = APPLICATION[verdictOf(errors)];
		if (!isAnswer) this.#acknowledge(message, code, errors);
		return this.#response(message, code, errors);
	}

	/** First whether the message is taken at all, then what became of it. */
	#enhanced(message: Er7Message, accept: string, application: string): Response {
		const remarks = validateMessage(message, this.#options.receiver);
		const isRejected = verdictOf(remarks) === 'rejected';
		const refusals = isRejected ? remarks : (this.#options.store?.(message) ?? []);
		const taken = verdictOf(refusals);
		// CR is for what MSH says, CE for every other reason not to take the message.
		const acceptCode = taken === 'accepted' ? 'CA' : isRejected ? 'CR' : 'CE';
		if (isWanted(accept, taken)) this.#acknowledge(message, acceptCode, refusals);
		if (taken !== 'accepted') return this.#response(message, acceptCode, refusals);
		const errors = verdictOf(remarks) === 'accepted' ? this.#process(message, remarks) : remarks;
		const verdict = verdictOf(errors);
		const code = APPLICATION[verdict];
		if (isWanted(application, verdict)) this.#acknowledge(message, code, errors, true);
		return this.#response(message, code, errors);
	}

	#carryOut(message: Er7Message, remarks: readonly AcknowledgedError[]) {
		const refusals = this.#options.store?.(message) ?? [];
		if (verdictOf(refusals) !== 'accepted') return [...remarks, ...refusals];
		return this.#process(message, [...remarks, ...refusals]);
	}

	#process(message: Er7Message, remarks: readonly AcknowledgedError[]) {
		return [...remarks, ...this.#options.process(message)];
	}

	#acknowledge(
		message: Er7Message | undefined,
		code: AcknowledgementCode,
		errors: readonly AcknowledgedError[],
		asksForNone = false,
	): void {
		const controlId = this.#options.controlId();
		const time = this.#options.time();
		this.#acknowledgements.push(
			acknowledge(message, { code, controlId, time, errors, asksForNone }),
		);
	}

	#response(
		message: Er7Message | undefined,
		code: AcknowledgementCode,
		errors: readonly AcknowledgedError[],
	): Response {
		return { message, code, errors, acknowledgements: this.#acknowledgements };
	}
}

/** Answers the content of one MLLP block. Never throws on what a peer sends. */
export function respond(bytes: Uint8Array, options: ResponderOptions): Response {
	return new Responder(options).respond(bytes);
}
