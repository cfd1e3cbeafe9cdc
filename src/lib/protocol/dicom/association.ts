import { DEFAULT_ASSOCIATION_LIMITS, type AssociationLimits } from './association-limits.ts';
import {
	agreeOnWindow,
	SYNCHRONOUS,
	type OperationsWindow,
} from './negotiation-operations-window.ts';
import { agreeOnRoles, DEFAULT_ROLES, type Roles } from './negotiation-roles.ts';
import { Fifo } from './upper-layer/fifo.ts';
import type { UpperLayerOutput } from './upper-layer/output.ts';
import {
	DICOM_APPLICATION_CONTEXT,
	type AssociateAc,
	type AssociateRq,
	type ExtendedNegotiation,
	type RoleSelection,
	type UserInformation,
} from './upper-layer/pdu.ts';
import { lookUpAction } from './upper-layer/state-table.ts';
import { UpperLayer } from './upper-layer/upper-layer.ts';
import {
	fragmentMessage,
	MessageAssembler,
	type DimseMessage,
	type Fragmentation,
} from './dimse/message.ts';

/** A-ABORT source "service provider": the core itself ends the association (PS3.8 table 9-26). */
const SERVICE_PROVIDER = 2;

/** What of a node's limits concerns the association itself; `DEFAULT_ASSOCIATION_LIMITS` where absent. */
type SizeLimits = Pick<
	AssociationLimits,
	'maximumPduLengthBytes' | 'dataPduSlackBytes' | 'messageLimits' | 'maximumUnsentBytes'
>;

export interface AssociationOptions extends Partial<SizeLimits> {
	role: 'requestor' | 'acceptor';
}

export interface AssociateRequestParameters {
	/** At most 16 characters. */
	callingAeTitle: string;
	calledAeTitle: string;
	/** They get the ids 1, 3, 5, ... in this order. */
	presentationContexts: readonly {
		abstractSyntax: string;
		transferSyntaxes: readonly string[];
	}[];
	implementationClassUid: string;
	implementationVersionName?: string;
	/** Announced to the peer; default is the association's own receive limit. */
	maximumLengthBytes?: number;
	/** Roles that the requestor asks for, by abstract syntax; without one it is SCU only (PS3.7 D.3.3.4). */
	roles?: readonly RoleSelection[];
	/** Further user information: user identity, extended negotiation, ... */
	userInformation?: Partial<UserInformation>;
	/**
	 * Replaces any field of the finished request, to send a wrong one on purpose: with it everything is sent
	 * that bytes can carry, such as even context ids or UIDs of 70 characters.
	 */
	override?: Partial<AssociateRq>;
}

export interface AcceptedContext {
	id: number;
	abstractSyntax: string;
	transferSyntax: string;
}

export interface AssociationPeer {
	aeTitle: string;
	implementationClassUid: string;
	implementationVersionName: string | undefined;
	/** Longest P-DATA-TF that the peer receives; 0 means no limit. */
	maximumLengthBytes: number;
}

/** As the upper layer's outputs, with whole messages in the place of presentation data values. */
export type AssociationOutput =
	| Exclude<UpperLayerOutput, { kind: 'data-indication' }>
	| { kind: 'message'; message: DimseMessage };

export type SendOutcome =
	| { ok: true }
	| {
			ok: false;
			error:
				| 'not-established'
				| 'context-not-accepted'
				| 'send-queue-full'
				| (Fragmentation & { ok: false })['error'];
	  };

/**
 * An association that carries DIMSE messages: the upper layer, the contexts agreed on and the messages
 * put together. Sans-IO: give it what happens, then take outputs with `next()` until there are none.
 * One object serves one association.
 *
 * Primitives that the state does not allow throw `IllegalPrimitive`, fields that cannot be encoded throw
 * `PduEncodeError`, both without effect: they are faults of our own program. A peer causes neither.
 *
 * PDVs that form no message (see `MessageAssembler`) end the association: A-ABORT with source 2 is sent
 * and the user gets an abort-indication with that source and reason, `received` false.
 */
export class Association {
	readonly #role: AssociationOptions['role'];
	readonly #upperLayer: UpperLayer;
	readonly #maximumPduLengthBytes: number;
	readonly #maximumUnsentBytes: number;
	readonly #outputs = new Fifo<AssociationOutput>();
	readonly #assembler: MessageAssembler;
	readonly #acceptedContexts = new Map<number, AcceptedContext>();
	#roles: ReadonlyMap<string, Roles> = new Map();
	#extended: readonly ExtendedNegotiation[] = [];
	#window: OperationsWindow = SYNCHRONOUS;
	#request: AssociateRq | undefined;
	#peer: AssociationPeer | undefined;

	constructor(options: AssociationOptions) {
		this.#role = options.role;
		const limits = { ...DEFAULT_ASSOCIATION_LIMITS, ...options };
		this.#maximumPduLengthBytes = limits.maximumPduLengthBytes;
		this.#maximumUnsentBytes = limits.maximumUnsentBytes;
		this.#upperLayer = new UpperLayer({
			role: options.role,
			maximumPduLengthBytes: limits.maximumPduLengthBytes,
			dataPduSlackBytes: limits.dataPduSlackBytes,
		});
		this.#assembler = new MessageAssembler(
			(id) => this.#acceptedContexts.has(id),
			limits.messageLimits,
		);
	}

	/** State of the upper layer machine, PS3.8 9.2.1. */
	get state(): UpperLayer['state'] {
		return this.#upperLayer.state;
	}

	/**
	 * Bytes to send that `next()` has not handed out yet. A driver whose connection takes no more stops
	 * taking outputs, and stops feeding what it receives: then nothing grows but this, up to the limit.
	 */
	get unsentBytes(): number {
		return this.#upperLayer.unsentBytes;
	}

	/** Contexts both sides agreed on, by id; filled when the association is accepted. */
	get acceptedContexts(): ReadonlyMap<number, AcceptedContext> {
		return this.#acceptedContexts;
	}

	/** Who is at the other end; known from the associate-indication or associate-confirm on. */
	get peer(): AssociationPeer | undefined {
		return this.#peer;
	}

	/** The first accepted context for an abstract syntax, with a certain transfer syntax if given. */
	contextFor(abstractSyntax: string, transferSyntax?: string): AcceptedContext | undefined {
		for (const context of this.#acceptedContexts.values()) {
			if (context.abstractSyntax !== abstractSyntax) continue;
			if (transferSyntax === undefined || context.transferSyntax === transferSyntax) return context;
		}
		return undefined;
	}

	/**
	 * The roles that the requestor has after the negotiation, on whichever side one asks; the acceptor has the
	 * opposite ones. SCU only, unless roles were proposed and answered (PS3.7 D.3.3.4).
	 */
	roleFor(abstractSyntax: string): Roles {
		return { ...(this.#roles.get(abstractSyntax) ?? DEFAULT_ROLES) };
	}

	/**
	 * Service class application information that the acceptor answered for a SOP class (PS3.7 D.3.3.5), on
	 * whichever side one asks; undefined means the default behaviour of the service class.
	 */
	extendedInformationFor(sopClassUid: string): Uint8Array | undefined {
		return this.#extended.find((item) => item.sopClassUid === sopClassUid)?.information;
	}

	/** How many operations this side may have outstanding, invoked and performed (PS3.7 D.3.3.3). */
	get operationsWindow(): Readonly<OperationsWindow> {
		const { invoked, performed } = this.#window;
		return this.#role === 'requestor' ? this.#window : { invoked: performed, performed: invoked };
	}

	/** A-ASSOCIATE request. */
	request(parameters: AssociateRequestParameters): void {
		const rq: AssociateRq = {
			kind: 'A-ASSOCIATE-RQ',
			protocolVersion: 1,
			calledAeTitle: parameters.calledAeTitle,
			callingAeTitle: parameters.callingAeTitle,
			applicationContext: DICOM_APPLICATION_CONTEXT,
			presentationContexts: parameters.presentationContexts.map((context, i) => ({
				id: 2 * i + 1,
				abstractSyntax: context.abstractSyntax,
				transferSyntaxes: [...context.transferSyntaxes],
			})),
			userInformation: {
				maximumLength: parameters.maximumLengthBytes ?? this.#maximumPduLengthBytes,
				implementationClassUid: parameters.implementationClassUid,
				...(parameters.implementationVersionName !== undefined && {
					implementationVersionName: parameters.implementationVersionName,
				}),
				...(parameters.roles !== undefined && { roleSelections: [...parameters.roles] }),
				...parameters.userInformation,
			},
			...parameters.override,
		};
		this.#upperLayer.associate(rq, parameters.override && 'as-given');
		this.#request = rq;
	}

	/** A-ASSOCIATE response (accept); `negotiate` makes the answer. */
	accept(ac: AssociateAc): void {
		this.#upperLayer.accept(ac);
		this.#agreeOn(ac);
	}

	/** A-ASSOCIATE response (reject), PS3.8 table 9-21. */
	reject(rj: { result: number; source: number; reason: number }): void {
		this.#upperLayer.reject({ result: rj.result, source: rj.source, reason: rj.reason });
	}

	/**
	 * Sends a message, cut by the peer's maximum length. Nothing is sent when the outcome is an error:
	 * there is no association (any more), the context was not accepted, the peer's maximum is too small for
	 * the message, or as many bytes as the limit allows already wait to be taken (see `unsentBytes`).
	 */
	send(message: DimseMessage): SendOutcome {
		if (lookUpAction('Evt9', this.state) === undefined) {
			return { ok: false, error: 'not-established' };
		}
		if (!this.#acceptedContexts.has(message.contextId)) {
			return { ok: false, error: 'context-not-accepted' };
		}
		if (this.#upperLayer.unsentBytes >= this.#maximumUnsentBytes) {
			return { ok: false, error: 'send-queue-full' };
		}
		const fragmentation = fragmentMessage(message, this.#peer?.maximumLengthBytes ?? 0);
		if (!fragmentation.ok) return fragmentation;
		for (const pdvs of fragmentation.pdus) this.#upperLayer.sendData(pdvs);
		return { ok: true };
	}

	/** A-RELEASE request. */
	release(): void {
		this.#upperLayer.release();
	}

	/** A-RELEASE response. */
	respondRelease(): void {
		this.#upperLayer.respondRelease();
	}

	/** A-ABORT request; source 0 (service user) unless said. */
	abort(reason?: number, source?: number): void {
		this.#upperLayer.abort(reason, source);
	}

	transportConnected(): void {
		this.#upperLayer.transportConnected();
	}

	transportClosed(): void {
		this.#upperLayer.transportClosed();
	}

	artimExpired(): void {
		this.#upperLayer.artimExpired();
	}

	/** Bytes from the peer. Messages keep views on them: the caller must not reuse the chunk. */
	receive(chunk: Uint8Array): void {
		this.#upperLayer.receive(chunk);
	}

	/** The next output in order, or undefined. Call it until it is undefined after every input. */
	next(): AssociationOutput | undefined {
		for (;;) {
			const ready = this.#outputs.shift();
			if (ready !== undefined) return ready;
			const output = this.#upperLayer.next();
			if (output === undefined) return undefined;
			this.#digest(output);
		}
	}

	#digest(output: UpperLayerOutput): void {
		if (output.kind === 'data-indication') {
			for (const result of this.#assembler.push(output.pdvs)) {
				if ('defect' in result) this.#abortFor(result.abortReason);
				else this.#outputs.push({ kind: 'message', message: result });
			}
			return;
		}
		if (output.kind === 'associate-indication') {
			this.#request = output.rq;
			this.#peer = peerOf(output.rq.callingAeTitle, output.rq.userInformation);
		} else if (output.kind === 'associate-confirm') {
			this.#peer = peerOf(this.#request!.calledAeTitle, output.ac.userInformation);
			this.#agreeOn(output.ac);
		}
		this.#outputs.push(output);
	}

	#abortFor(reason: number): void {
		// The user may have aborted before taking this indication; then nobody waits for news of it.
		if (lookUpAction('Evt15', this.state) === undefined) return;
		this.#upperLayer.abort(reason, SERVICE_PROVIDER);
		// The A-ABORT and its timer (AA-1) come first, then the news for the user. What the peer sent behind
		// the defect waits, so that the order does not depend on how its bytes were cut.
		let output: UpperLayerOutput | undefined;
		do {
			output = this.#upperLayer.next();
			if (output !== undefined) this.#digest(output);
		} while (output !== undefined && output.kind !== 'start-artim');
		this.#outputs.push({
			kind: 'abort-indication',
			source: SERVICE_PROVIDER,
			reason,
			received: false,
		});
	}

	/**
	 * Contexts of the answer that the request can confirm. Ids never proposed are ignored, ids without an
	 * answer count as rejected, and so do contexts accepted with a transfer syntax never proposed.
	 */
	#agreeOn(ac: AssociateAc): void {
		for (const { id, result, transferSyntax } of ac.presentationContexts) {
			if (result !== 0 || this.#acceptedContexts.has(id)) continue;
			const proposal = this.#request?.presentationContexts.find((context) => context.id === id);
			if (proposal === undefined || !proposal.transferSyntaxes.includes(transferSyntax)) continue;
			const { abstractSyntax } = proposal;
			this.#acceptedContexts.set(id, { id, abstractSyntax, transferSyntax });
		}
		const asked = this.#request?.userInformation;
		const answer = ac.userInformation;
		this.#roles = agreeOnRoles(asked?.roleSelections ?? [], answer.roleSelections ?? []);
		this.#extended = answer.extendedNegotiations ?? [];
		this.#window = agreeOnWindow(
			asked?.asynchronousOperationsWindow,
			answer.asynchronousOperationsWindow,
		);
	}
}

function peerOf(aeTitle: string, userInformation: UserInformation): AssociationPeer {
	return {
		aeTitle,
		implementationClassUid: userInformation.implementationClassUid,
		implementationVersionName: userInformation.implementationVersionName,
		maximumLengthBytes: userInformation.maximumLength,
	};
}
