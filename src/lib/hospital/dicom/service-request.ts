import type { Process } from '#lib/kernel/process.ts';
import type { AcceptedContext } from '#lib/protocol/dicom/association.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import type { CommandSet } from '#lib/protocol/dicom/dimse/command-dictionary.ts';
import type { DimseMessage } from '#lib/protocol/dicom/dimse/message.ts';
import type { ConnectionEvent, DicomConnection } from './dicom-connection.ts';

/** How a DIMSE exchange ended. */
export type Answer =
	| { kind: 'response'; command: CommandSet; data: Uint8Array | undefined }
	| Exclude<ConnectionEvent, { kind: 'message' }>
	| { kind: 'context-not-accepted' }
	/** The own side does not have the role that the request needs (PS3.7 D.3.3.4). */
	| { kind: 'role-not-accepted' };

/** Sends a request on the same association and waits for its one response. */
export type Invoke = (
	abstractSyntax: string,
	command: CommandSet,
	data?: Uint8Array[],
	transferSyntax?: string,
) => Process<Answer>;

/** A request as a service gets it, with the means to answer. */
export interface ServiceRequest {
	/** AE title of the application that sent it. */
	callingAeTitle: string;
	peerAddress: string;
	context: AcceptedContext;
	command: CommandSet;
	/** The joined data set, empty when there is none. */
	data: Uint8Array;
	/** The SOP class extended negotiation that was agreed on for the context's abstract syntax. */
	extendedNegotiation: Uint8Array | undefined;
	/**
	 * Sends a response on the same context. Nothing happens after the final one, or once the association has
	 * ended.
	 */
	respond(command: CommandSet, data?: Uint8Array[]): void;
	/**
	 * Sends a request of the own side on the same association and waits for its response; the Message ID of
	 * the command is replaced by a free one. C-STORE needs that the peer has the SCP role for the abstract
	 * syntax, N-EVENT-REPORT that it has the SCU role.
	 */
	invoke: Invoke;
	/** Whether a context was accepted for an abstract syntax, with a certain transfer syntax if given. */
	accepts(abstractSyntax: string, transferSyntax?: string): boolean;
	/** False once the association has ended; long services look at it. */
	readonly alive: boolean;
	/** Whether a C-CANCEL-RQ for this request has come (PS3.7 9.3.2.3). */
	readonly cancelled: boolean;
}

export interface ReceivedRequestOptions {
	connection: DicomConnection;
	context: AcceptedContext;
	message: DimseMessage;
	invoke: Invoke;
	/** Sees each response before it is sent; false holds it back. */
	mayRespond(command: CommandSet): boolean;
}

/** A request that came on a connection; both sides of an association make these. */
export class ReceivedRequest implements ServiceRequest {
	readonly callingAeTitle: string;
	readonly peerAddress: string;
	readonly context: AcceptedContext;
	readonly command: CommandSet;
	readonly data: Uint8Array;
	readonly extendedNegotiation: Uint8Array | undefined;
	readonly invoke: Invoke;
	cancelled = false;
	readonly #connection: DicomConnection;
	readonly #mayRespond: (command: CommandSet) => boolean;

	constructor({ connection, context, message, invoke, mayRespond }: ReceivedRequestOptions) {
		const { association, stream } = connection;
		this.#connection = connection;
		this.#mayRespond = mayRespond;
		this.callingAeTitle = association.peer?.aeTitle ?? '';
		this.peerAddress = stream.remote.address;
		this.context = context;
		this.command = message.command;
		this.data = message.data ? joinBytes(message.data) : new Uint8Array(0);
		this.extendedNegotiation = association.extendedInformationFor(context.abstractSyntax);
		this.invoke = invoke;
	}

	get alive(): boolean {
		return this.#connection.canSend;
	}

	accepts(abstractSyntax: string, transferSyntax?: string): boolean {
		return this.#connection.association.contextFor(abstractSyntax, transferSyntax) !== undefined;
	}

	respond(command: CommandSet, data?: Uint8Array[]): void {
		if (!this.#mayRespond(command)) return;
		this.#connection.send({ contextId: this.context.id, command, ...(data ? { data } : {}) });
	}
}
