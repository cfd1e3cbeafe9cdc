import { race, Signal, wait, type Process } from '#lib/kernel/process.ts';
import { seconds, type Micros } from '#lib/kernel/time.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import type { CommandSet } from '#lib/protocol/dicom/dimse/command-dictionary.ts';
import { InvokedOperations } from '#lib/protocol/dicom/dimse/invoked-operations.ts';
import type { DimseMessage } from '#lib/protocol/dicom/dimse/message.ts';
import { PerformedOperations } from '#lib/protocol/dicom/dimse/performed-operations.ts';
import { COMMAND_FIELD, isResponse, responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import type { Device } from '../device.ts';
import type { ConnectionEvent, DicomConnection } from './dicom-connection.ts';
import { ReceivedRequest, type Answer, type ServiceRequest } from './service-request.ts';

export interface ServedAssociationOptions {
	device: Device;
	connection: DicomConnection;
	/** How long the association may be idle: no message comes and no service runs. */
	idleTimeoutUs: Micros;
	/** How long the requestor may take to answer a request of this side. */
	answerTimeoutUs: Micros;
	/** C-ECHO is answered here; the rest is the device's. */
	serve(request: ServiceRequest): Process;
}

/** Requests in line of a requestor that does not wait for answers; more are answered with 0213. */
const QUEUE_MAX = 256;
const REFUSAL_TEXT = { 0x0210: 'Duplicate invocation', 0x0211: 'Unrecognized operation' };
/** Services that run at the same time when the negotiated window has no limit. */
const RUNNING_MAX = 16;

/**
 * An association that this side accepted, from the answer to its end. Messages are read while services run:
 * a C-CANCEL marks the request it names, responses go to the service that asked, further requests
 * wait in line unless the asynchronous operations window (PS3.7 D.3.3.3) lets them run at once.
 */
export class ServedAssociation {
	readonly #options: ServedAssociationOptions;
	readonly #connection: DicomConnection;
	readonly #window: number;
	readonly #performed: PerformedOperations;
	readonly #invoked: InvokedOperations;
	readonly #running = new Set<ReceivedRequest>();
	#queue: ReceivedRequest[] = [];
	/** Who waits for the response to a request of this side, by Message ID. */
	readonly #waiting = new Map<number, Signal<Answer>>();
	#answered = new Signal();
	#idleSinceUs: Micros;
	#drained = new Signal();

	constructor(options: ServedAssociationOptions) {
		this.#options = options;
		this.#connection = options.connection;
		this.#idleSinceUs = options.connection.nowUs;
		const { performed, invoked } = options.connection.association.operationsWindow;
		this.#performed = new PerformedOperations(performed);
		this.#invoked = new InvokedOperations(invoked);
		this.#window = performed === 0 ? RUNNING_MAX : Math.min(performed, RUNNING_MAX);
	}

	/** Serves until the association is released or aborted. */
	*run(): Process {
		for (;;) {
			const event = yield* this.#connection.next(this.#idleLeftUs());
			if (event.kind === 'message') {
				this.#receive(event.message);
				continue;
			}
			if (event.kind === 'timeout') {
				if (this.#busy || this.#idleLeftUs() > 0) continue;
				this.#abortIdle();
				return;
			}
			yield* this.#end(event);
			return;
		}
	}

	get #peer(): string {
		return this.#connection.association.peer?.aeTitle ?? '';
	}

	get #busy(): boolean {
		return this.#running.size > 0;
	}

	#idleLeftUs(): Micros {
		const { idleTimeoutUs } = this.#options;
		if (this.#busy) return idleTimeoutUs;
		return Math.max(0, this.#idleSinceUs + idleTimeoutUs - this.#connection.nowUs);
	}

	#abortIdle(): void {
		const { device, idleTimeoutUs } = this.#options;
		this.#connection.act((association) => association.abort());
		device.log(
			'WARN',
			`association of ${this.#peer} aborted: idle for ${idleTimeoutUs / seconds(1)} s`,
		);
	}

	/** A release is answered when the services have ended: their responses belong before it. */
	*#end(event: Exclude<ConnectionEvent, { kind: 'message' }>): Process {
		for (const waiting of this.#waiting.values()) waiting.fire(event);
		this.#answered.fire();
		let last: ConnectionEvent = event;
		while (last.kind === 'release-requested' && this.#busy) {
			const first = yield* wait(race({ drained: this.#drained, event: this.#connection.take() }));
			if (first.winner === 'event') last = first.value;
		}
		this.#queue = [];
		if (last.kind === 'release-requested') {
			this.#connection.act((association) => association.respondRelease());
		} else if (last.kind === 'aborted') {
			this.#options.device.log(
				'WARN',
				`association of ${this.#peer} ended by abort or lost connection`,
			);
		}
	}

	#receive(message: DimseMessage): void {
		this.#idleSinceUs = this.#connection.nowUs;
		const { command, contextId } = message;
		if (isResponse(command)) {
			this.#resume(message);
			return;
		}
		if (command.CommandField === COMMAND_FIELD['C-CANCEL-RQ']) {
			this.#cancel(command);
			return;
		}
		const verdict = this.#performed.request(command);
		if (verdict.kind === 'refuse') {
			const { status } = verdict;
			const refusal = responseTo(command, { status, errorComment: REFUSAL_TEXT[status] });
			this.#connection.send({ contextId, command: refusal });
			return;
		}
		const context = this.#connection.association.acceptedContexts.get(contextId);
		if (!context) return;
		const request = new ReceivedRequest({
			connection: this.#connection,
			context,
			message,
			invoke: (...asked) => this.#invoke(...asked),
			mayRespond: (response) => this.#performed.respond(response),
		});
		if (this.#queue.length >= QUEUE_MAX) {
			const errorComment = 'Too many requests outstanding';
			request.respond(responseTo(command, { status: 0x0213, errorComment }));
			return;
		}
		this.#queue.push(request);
		this.#next();
	}

	/** Begins requests from the line until the window is full. */
	#next(): void {
		while (this.#running.size < this.#window) {
			const request = this.#queue.shift();
			if (!request) break;
			if (request.command.CommandField === COMMAND_FIELD['C-ECHO-RQ']) {
				request.respond(responseTo(request.command, { status: 0x0000 }));
				continue;
			}
			this.#running.add(request);
			this.#options.device.spawn('service', this.#serve(request));
		}
	}

	*#serve(request: ReceivedRequest): Process {
		yield* this.#options.serve(request);
		this.#running.delete(request);
		this.#idleSinceUs = this.#connection.nowUs;
		this.#next();
		if (this.#busy) return;
		this.#drained.fire();
		this.#drained = new Signal();
	}

	/** An id of nobody may have been answered already: nothing is wrong, and a C-CANCEL has no response. */
	#cancel(cancel: CommandSet): void {
		const command = this.#performed.cancel(cancel);
		for (const request of [...this.#running, ...this.#queue]) {
			if (request.command === command) request.cancelled = true;
		}
	}

	#resume({ command, data }: DimseMessage): void {
		const id = command.MessageIDBeingRespondedTo ?? 0;
		const { kind } = this.#invoked.respond(command);
		if (kind !== 'pending' && kind !== 'final') {
			this.#options.device.log(
				'WARN',
				`response to Message ID ${id}, which nobody waits for, ignored`,
			);
			return;
		}
		this.#waiting.get(id)?.fire({ kind: 'response', command, data: data && joinBytes(data) });
		this.#answered.fire();
		this.#answered = new Signal();
	}

	*#invoke(
		abstractSyntax: string,
		command: CommandSet,
		data?: Uint8Array[],
		transferSyntax?: string,
	): Process<Answer> {
		const { association } = this.#connection;
		const context = association.contextFor(abstractSyntax, transferSyntax);
		if (!context) return { kind: 'context-not-accepted' };
		const roles = association.roleFor(abstractSyntax);
		// An event report comes from the SCP, every other request from the SCU.
		const report = command.CommandField === COMMAND_FIELD['N-EVENT-REPORT-RQ'];
		if (!(report ? roles.scu : roles.scp)) return { kind: 'role-not-accepted' };
		const { kernel } = this.#options.device.world;
		const { answerTimeoutUs } = this.#options;
		while (!this.#invoked.mayInvoke && association.state === 'Sta6') {
			const timeout = kernel.timeout(answerTimeoutUs);
			const first = yield* wait(race({ answered: this.#answered, timeout }));
			if (first.winner === 'timeout') return { kind: 'timeout' };
		}
		const messageId = this.#invoked.nextMessageId();
		if (messageId === undefined || association.state !== 'Sta6') return ENDED;
		const request = { ...command, MessageID: messageId };
		this.#invoked.invoke(request);
		const response = new Signal<Answer>();
		this.#waiting.set(messageId, response);
		try {
			this.#connection.send({ contextId: context.id, command: request, ...(data ? { data } : {}) });
			const first = yield* wait(race({ response, timeout: kernel.timeout(answerTimeoutUs) }));
			return first.winner === 'response' ? first.value : { kind: 'timeout' };
		} finally {
			this.#waiting.delete(messageId);
		}
	}
}

/** The answer to a request on an association that has ended before. */
const ENDED: Answer = { kind: 'aborted', source: 0, reason: 0, received: false };
