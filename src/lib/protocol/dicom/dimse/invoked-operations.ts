import type { CommandSet } from './command-dictionary.ts';
import { hasPendingResponses, isPending } from './pending.ts';
import { cCancelRequest, isResponse, requestFieldOf } from './services.ts';

const LAST_MESSAGE_ID = 65_535;

/** What a response means for the requests that wait. */
export type ResponseMatch =
	| { kind: 'pending' | 'final'; request: CommandSet }
	/** No request with this message id waits (never sent, or already answered): report it or ignore it. */
	| { kind: 'unknown-message-id' }
	/** The request with this id was one of another service; it goes on waiting. */
	| { kind: 'other-service'; request: CommandSet };

/**
 * The requests that one side of an association has sent and that are not finally answered: message ids,
 * window, cancelling. Sans-IO bookkeeping; it sends nothing.
 */
export class InvokedOperations {
	readonly #window: number;
	readonly #outstanding = new Map<number, { request: CommandSet; cancelled: boolean }>();
	#lastMessageId = 0;

	/** @param window how many may be outstanding, `Association.operationsWindow.invoked`; 0 means no limit */
	constructor(window = 1) {
		this.#window = window;
	}

	/** Requests sent and not finally answered, oldest first. */
	get outstanding(): CommandSet[] {
		return [...this.#outstanding.values()].map(({ request }) => request);
	}

	/** Whether the window leaves room for another request. */
	get mayInvoke(): boolean {
		return this.#window === 0 || this.#outstanding.size < this.#window;
	}

	/**
	 * The next message id, 1..65535 in order and round again, without those outstanding (PS3.7 9.1.1.1.1);
	 * undefined when all are.
	 */
	nextMessageId(): number | undefined {
		if (this.#outstanding.size >= LAST_MESSAGE_ID) return undefined;
		do {
			this.#lastMessageId = (this.#lastMessageId % LAST_MESSAGE_ID) + 1;
		} while (this.#outstanding.has(this.#lastMessageId));
		return this.#lastMessageId;
	}

	/** Notes a request before it is sent. On an error nothing is noted and it must not be sent. */
	invoke(request: CommandSet): 'ok' | 'window-full' | 'message-id-in-use' {
		const messageId = request.MessageID ?? 0;
		if (!this.mayInvoke) return 'window-full';
		if (this.#outstanding.has(messageId)) return 'message-id-in-use';
		this.#outstanding.set(messageId, { request, cancelled: false });
		return 'ok';
	}

	/** Matches a response to its request, in whatever order they come; a final one ends the waiting. */
	respond(response: CommandSet): ResponseMatch {
		const messageId = response.MessageIDBeingRespondedTo ?? 0;
		const operation = this.#outstanding.get(messageId);
		if (operation === undefined) return { kind: 'unknown-message-id' };
		const { request } = operation;
		if (!isResponse(response) || requestFieldOf(response) !== request.CommandField) {
			return { kind: 'other-service', request };
		}
		if (isPending(response)) return { kind: 'pending', request };
		this.#outstanding.delete(messageId);
		return { kind: 'final', request };
	}

	/**
	 * The C-CANCEL-RQ to send for an outstanding C-FIND, C-GET or C-MOVE (PS3.7 9.1.2.2 b); undefined when
	 * there is none to cancel or it was cancelled before. The request stays outstanding: its final response
	 * comes still, with status FE00 or, where the cancel came too late, any other.
	 */
	cancel(messageId: number): CommandSet | undefined {
		const operation = this.#outstanding.get(messageId);
		if (operation === undefined || operation.cancelled) return undefined;
		if (!hasPendingResponses(operation.request)) return undefined;
		operation.cancelled = true;
		return cCancelRequest(messageId);
	}
}
