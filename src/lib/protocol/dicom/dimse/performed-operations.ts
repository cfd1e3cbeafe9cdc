import type { CommandSet } from './command-dictionary.ts';
import { hasPendingResponses, isPending } from './pending.ts';
import { commandName } from './services.ts';

const DUPLICATE_INVOCATION = 0x0210;
const UNRECOGNIZED_OPERATION = 0x0211;

/** What to do with a request that arrived. */
export type RequestVerdict =
	/**
	 * Perform it. `withinWindow` false: the peer invoked more than was agreed. The standard has no status for
	 * that; perform it when the earlier ones are done, as a device that reads one request at a time does.
	 */
	| { kind: 'perform'; withinWindow: boolean }
	/** Answer it with this status and do nothing else, nor note the answer here (PS3.7 Annex C). */
	| { kind: 'refuse'; status: typeof DUPLICATE_INVOCATION | typeof UNRECOGNIZED_OPERATION };

/**
 * The requests that one side of an association has received and not finally answered: duplicate message ids,
 * window, cancelling. Sans-IO bookkeeping; it sends nothing.
 */
export class PerformedOperations {
	readonly #window: number;
	readonly #inProgress = new Map<number, { request: CommandSet; cancelled: boolean }>();

	/** @param window how many may be in progress, `Association.operationsWindow.performed`; 0 means no limit */
	constructor(window = 1) {
		this.#window = window;
	}

	/** Requests received and not finally answered, oldest first. */
	get inProgress(): CommandSet[] {
		return [...this.#inProgress.values()].map(({ request }) => request);
	}

	/**
	 * Takes a request. One whose message id is in progress is refused with 0x0210 and the one in progress goes
	 * on (PS3.7 9.1.1.1.9); one whose Command Field no service has is refused with 0x0211. C-CANCEL-RQ is
	 * none: give it to `cancel`.
	 */
	request(request: CommandSet): RequestVerdict {
		if (commandName(request.CommandField) === undefined) {
			return { kind: 'refuse', status: UNRECOGNIZED_OPERATION };
		}
		const messageId = request.MessageID ?? 0;
		if (this.#inProgress.has(messageId)) return { kind: 'refuse', status: DUPLICATE_INVOCATION };
		const withinWindow = this.#window === 0 || this.#inProgress.size < this.#window;
		this.#inProgress.set(messageId, { request, cancelled: false });
		return { kind: 'perform', withinWindow };
	}

	/**
	 * Takes a C-CANCEL-RQ and returns the request to end with status FE00, once. Undefined means there is
	 * nothing to do and nothing to answer: the id is unknown, finally answered, cancelled before, or not that
	 * of a C-FIND, C-GET or C-MOVE (PS3.7 9.1.2.2).
	 */
	cancel(command: CommandSet): CommandSet | undefined {
		const operation = this.#inProgress.get(command.MessageIDBeingRespondedTo ?? 0);
		if (operation === undefined || operation.cancelled) return undefined;
		if (!hasPendingResponses(operation.request)) return undefined;
		operation.cancelled = true;
		return operation.request;
	}

	/** Whether the peer asked to end this request; a performer looks at it between two responses. */
	isCancelled(request: CommandSet): boolean {
		return this.#inProgress.get(request.MessageID ?? 0)?.cancelled === true;
	}

	/**
	 * Notes a response before it is sent. False means that no request waits for it, because a final response
	 * was sent before or there was none: it must not be sent.
	 */
	respond(response: CommandSet): boolean {
		const messageId = response.MessageIDBeingRespondedTo ?? 0;
		if (!this.#inProgress.has(messageId)) return false;
		if (!isPending(response)) this.#inProgress.delete(messageId);
		return true;
	}
}
