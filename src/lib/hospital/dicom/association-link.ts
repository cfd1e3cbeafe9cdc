import type { Process } from '#lib/kernel/process.ts';
import type { Micros } from '#lib/kernel/time.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import type { CommandSet } from '#lib/protocol/dicom/dimse/command-dictionary.ts';
import { InvokedOperations } from '#lib/protocol/dicom/dimse/invoked-operations.ts';
import type { DimseMessage } from '#lib/protocol/dicom/dimse/message.ts';
import { isResponse, responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import type { ConnectionEvent, DicomConnection } from './dicom-connection.ts';
import { ReceivedRequest, type Answer, type ServiceRequest } from './service-request.ts';

type Response = Extract<Answer, { kind: 'response' }>;
/** What is no message: the association's end, or the end of the waiting. */
type Ended = Exclude<ConnectionEvent, { kind: 'message' }>;

/**
 * An open association from the requestor's side. It reads only while its user waits for something: for an
 * answer, or in `serveFor`. Requests of the acceptor are served on the way.
 */
export class AssociationLink {
	readonly connection: DicomConnection;
	readonly answerTimeoutUs: Micros;
	readonly serve: ((request: ServiceRequest) => Process) | undefined;
	/** Bookkeeping only: whoever asks on a link keeps to the window by waiting for the answer. */
	readonly #invoked = new InvokedOperations(0);
	/** How the association ended, once it has. */
	#ended: Ended | undefined;
	/** Responses that came while another one was waited for. */
	#early: Response[] = [];
	#lastMessageId = 0;

	constructor(
		connection: DicomConnection,
		answerTimeoutUs: Micros,
		serve?: (request: ServiceRequest) => Process,
	) {
		this.connection = connection;
		this.answerTimeoutUs = answerTimeoutUs;
		this.serve = serve;
	}

	/**
	 * Sends a request on the first accepted context of an abstract syntax, with a certain transfer syntax if
	 * given, and waits for one response. Throws RangeError for a Message ID that is in use.
	 */
	*request(
		abstractSyntax: string,
		command: CommandSet,
		data?: Uint8Array[],
		transferSyntax?: string,
	): Process<Answer> {
		const context = this.connection.association.contextFor(abstractSyntax, transferSyntax);
		if (!context) return { kind: 'context-not-accepted' };
		const messageId = command.MessageID ?? 0;
		if (this.#invoked.invoke(command) !== 'ok') {
			throw new RangeError(`Message ID ${messageId} is in use on this association`);
		}
		this.connection.send({ contextId: context.id, command, ...(data ? { data } : {}) });
		return yield* this.nextAnswer(messageId);
	}

	/** The next response to a request with several (C-FIND, C-MOVE, C-GET); to the last one unless told. */
	*nextAnswer(messageId = this.#lastMessageId): Process<Answer> {
		this.#lastMessageId = messageId;
		const at = this.#early.findIndex((early) => respondsTo(early) === messageId);
		const [early] = at < 0 ? [] : this.#early.splice(at, 1);
		if (early) return early;
		for (;;) {
			const event = yield* this.#next(this.answerTimeoutUs);
			if (event.kind !== 'message') return event;
			const response = yield* this.#take(event.message);
			if (!response) continue;
			if (respondsTo(response) === messageId) return response;
			this.#early.push(response);
		}
	}

	/**
	 * Waits and serves what the acceptor asks for. Returns why the waiting ended: `timeout`, or the end of the
	 * association; a release of the acceptor has been answered then.
	 */
	*serveFor(timeoutUs: Micros): Process<Ended> {
		const untilUs = this.connection.nowUs + timeoutUs;
		for (;;) {
			const event = yield* this.#next(Math.max(0, untilUs - this.connection.nowUs));
			if (event.kind === 'message') {
				const response = yield* this.#take(event.message);
				if (response) this.#early.push(response);
				continue;
			}
			if (event.kind === 'release-requested') {
				this.connection.act((association) => association.respondRelease());
			}
			return event;
		}
	}

	/** Asks once to end a C-FIND, C-MOVE or C-GET that is not over (PS3.7 9.3.2.3): the last one unless told. */
	cancel(abstractSyntax: string, messageId = this.#lastMessageId): void {
		const context = this.connection.association.contextFor(abstractSyntax);
		const command = context && this.#invoked.cancel(messageId);
		if (command) this.connection.send({ contextId: context.id, command });
	}

	/** The transfer syntax that was agreed on for an abstract syntax. */
	transferSyntaxOf(abstractSyntax: string): string | undefined {
		return this.connection.association.contextFor(abstractSyntax)?.transferSyntax;
	}

	/** Releases in good order; gives up after the answer time-out. */
	*release(): Process {
		if (this.connection.association.state !== 'Sta6') return;
		this.connection.act((association) => association.release());
		for (;;) {
			const event = yield* this.connection.next(this.answerTimeoutUs);
			// What was on the way before the peer saw the release is of no use any more.
			if (event.kind === 'message') continue;
			if (event.kind !== 'release-requested') return;
			// Both sides asked at the same time (PS3.8 AR-8, AR-9).
			this.connection.act((association) => association.respondRelease());
		}
	}

	abort(): void {
		if (this.connection.association.state !== 'Sta6') return;
		this.connection.act((association) => association.abort());
		this.#ended = { kind: 'aborted', source: 0, reason: 0, received: false };
	}

	/** Whoever asks something after the end learns at once how it ended. */
	*#next(timeoutUs: Micros): Process<ConnectionEvent> {
		if (this.#ended) return this.#ended;
		const event = yield* this.connection.next(timeoutUs);
		const waitingOn = event.kind === 'message' || event.kind === 'timeout';
		if (!waitingOn) this.#ended = event;
		return event;
	}

	/** Serves a request; returns a response that answers something outstanding. */
	*#take(message: DimseMessage): Process<Response | undefined> {
		const { command, data } = message;
		if (!isResponse(command)) {
			yield* this.#answer(message);
			return undefined;
		}
		const { kind } = this.#invoked.respond(command);
		if (kind !== 'pending' && kind !== 'final') return undefined;
		return { kind: 'response', command, data: data && joinBytes(data) };
	}

	*#answer(message: DimseMessage): Process {
		const { connection } = this;
		const context = connection.association.acceptedContexts.get(message.contextId);
		if (!context) return;
		const request = new ReceivedRequest({
			connection,
			context,
			message,
			mayRespond: () => true,
			invoke: (abstractSyntax, command, data, transferSyntax) =>
				this.request(
					abstractSyntax,
					{ ...command, MessageID: connection.messageId() },
					data,
					transferSyntax,
				),
		});
		const awaited = this.#lastMessageId;
		if (this.serve) yield* this.serve(request);
		else {
			// Unrecognized operation (PS3.7 annex C.5.21).
			request.respond(responseTo(request.command, { status: 0x0211 }));
		}
		this.#lastMessageId = awaited;
	}
}

function respondsTo(response: Response): number {
	return response.command.MessageIDBeingRespondedTo ?? 0;
}
