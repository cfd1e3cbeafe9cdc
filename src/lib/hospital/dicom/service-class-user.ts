import type { Process } from '#lib/kernel/process.ts';
import { seconds, type Micros } from '#lib/kernel/time.ts';
import type { ConnectFailure } from '#lib/network/tcp-stack.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import type { CommandSet } from '#lib/protocol/dicom/dimse/command-dictionary.ts';
import { cEchoRequest, VERIFICATION_SOP_CLASS } from '#lib/protocol/dicom/dimse/services.ts';
import type { Host } from '#lib/network/host.ts';
import type { Device, DeviceWorld } from '../device.ts';
import { DicomConnection, type ConnectionEvent } from './dicom-connection.ts';

/** Whom to associate with and what for. */
export interface AssociationTarget {
	/** Host name or address. */
	host: string;
	port: number;
	calledAeTitle: string;
	callingAeTitle: string;
	contexts: readonly { abstractSyntax: string; transferSyntaxes: readonly string[] }[];
	implementation: ImplementationIdentity;
	/** How long the TCP connection may take; 75 s unless told otherwise. */
	connectTimeoutUs?: Micros;
	/** How long the peer may take to answer anything; 30 s unless told otherwise. */
	answerTimeoutUs?: Micros;
}

/** What a product says about itself when associating (PS3.7 D.3.3.2). */
export interface ImplementationIdentity {
	classUid: string;
	versionName: string;
}

/** Why there is no association, as the requestor can know it. */
export type OpenFailure =
	| { kind: 'name-not-resolved'; name: string; failure: string }
	| { kind: 'not-connected'; failure: ConnectFailure }
	| { kind: 'rejected'; result: number; source: number; reason: number }
	| { kind: 'aborted'; source: number; reason: number; received: boolean }
	| { kind: 'no-answer' };

export type Opened = { ok: true; link: AssociationLink } | { ok: false; failure: OpenFailure };

/** How a DIMSE exchange ended. */
export type Answer =
	| { kind: 'response'; command: CommandSet; data: Uint8Array | undefined }
	| Exclude<ConnectionEvent, { kind: 'message' }>
	| { kind: 'context-not-accepted' };

const CONNECT_TIMEOUT_US = seconds(75);
const ANSWER_TIMEOUT_US = seconds(30);

/** An open association from the requestor's side. */
export class AssociationLink {
	readonly connection: DicomConnection;
	readonly answerTimeoutUs: Micros;

	constructor(connection: DicomConnection, answerTimeoutUs: Micros) {
		this.connection = connection;
		this.answerTimeoutUs = answerTimeoutUs;
	}

	/** Sends a request on the first accepted context of an abstract syntax and waits for one response. */
	*request(
		abstractSyntax: string,
		command: CommandSet,
		data?: Uint8Array[],
		transferSyntax?: string,
	): Process<Answer> {
		const context = this.connection.association.contextFor(abstractSyntax, transferSyntax);
		if (!context) return { kind: 'context-not-accepted' };
		this.connection.act((association) => {
			association.send({ contextId: context.id, command, ...(data ? { data } : {}) });
		});
		return yield* this.nextAnswer();
	}

	/** The next response of a service with several (C-FIND, C-MOVE). */
	*nextAnswer(): Process<Answer> {
		const event = yield* this.connection.next(this.answerTimeoutUs);
		if (event.kind !== 'message') return event;
		const { command, data } = event.message;
		return { kind: 'response', command, data: data && joinBytes(data) };
	}

	/** The transfer syntax that was agreed on for an abstract syntax. */
	transferSyntaxOf(abstractSyntax: string): string | undefined {
		return this.connection.association.contextFor(abstractSyntax)?.transferSyntax;
	}

	/** Releases in good order; gives up after the answer time-out. */
	*release(): Process {
		if (this.connection.association.state !== 'Sta6') return;
		this.connection.act((association) => association.release());
		yield* this.connection.next(this.answerTimeoutUs);
	}

	abort(): void {
		if (this.connection.association.state === 'Sta6') {
			this.connection.act((association) => association.abort());
		}
	}
}

/**
 * Opens an association from a host: name, TCP connection, A-ASSOCIATE. With an owner it ends when that
 * device stops, as the sockets of a stopped program do.
 */
export function* openAssociation(
	world: DeviceWorld,
	from: Host,
	target: AssociationTarget,
	owner?: Device,
): Process<Opened> {
	const opened = yield* tryToOpen(world, from, target, owner);
	world.kernel.record('association-requested', {
		from: from.id,
		to: target.host,
		port: target.port,
		calling: target.callingAeTitle,
		called: target.calledAeTitle,
		outcome: opened.ok ? 'accepted' : opened.failure.kind,
	});
	return opened;
}

function* tryToOpen(
	world: DeviceWorld,
	from: Host,
	target: AssociationTarget,
	owner: Device | undefined,
): Process<Opened> {
	const resolved = yield* from.resolve(target.host);
	if (!('address' in resolved)) {
		return {
			ok: false,
			failure: { kind: 'name-not-resolved', name: target.host, failure: resolved.failure },
		};
	}
	const stream = yield* from.connect(
		{ address: resolved.address, port: target.port },
		{ timeoutUs: target.connectTimeoutUs ?? CONNECT_TIMEOUT_US },
	);
	if (stream.kind !== 'connected') {
		return { ok: false, failure: { kind: 'not-connected', failure: stream } };
	}

	const answerTimeoutUs = target.answerTimeoutUs ?? ANSWER_TIMEOUT_US;
	const connection = new DicomConnection(world.kernel, stream, { role: 'requestor' });
	connection.act((association) =>
		association.request({
			callingAeTitle: target.callingAeTitle,
			calledAeTitle: target.calledAeTitle,
			presentationContexts: target.contexts,
			implementationClassUid: target.implementation.classUid,
			implementationVersionName: target.implementation.versionName,
		}),
	);
	if (owner) owner.spawn('requestor', connection.pump());
	else world.kernel.spawn(`${from.id}.association`, connection.pump());
	const event = yield* connection.next(answerTimeoutUs);
	if (event.kind === 'accepted') {
		return { ok: true, link: new AssociationLink(connection, answerTimeoutUs) };
	}
	if (event.kind === 'rejected') {
		const { result, source, reason } = event.rj;
		return { ok: false, failure: { kind: 'rejected', result, source, reason } };
	}
	if (event.kind === 'aborted') {
		const { source, reason, received } = event;
		return { ok: false, failure: { kind: 'aborted', source, reason, received } };
	}
	connection.act((association) => association.abort());
	return { ok: false, failure: { kind: 'no-answer' } };
}

/** The outcome of a C-ECHO in one word of the facts' vocabulary, for example `rejected 1/1/3`. */
export function* echo(
	world: DeviceWorld,
	from: Host,
	target: Omit<AssociationTarget, 'contexts'>,
	owner?: Device,
): Process<EchoOutcome> {
	const opened = yield* openAssociation(
		world,
		from,
		{
			...target,
			contexts: [
				{ abstractSyntax: VERIFICATION_SOP_CLASS, transferSyntaxes: ['1.2.840.10008.1.2'] },
			],
		},
		owner,
	);
	if (!opened.ok) return { ok: false, failure: opened.failure };
	const { link } = opened;
	const answer = yield* link.request(
		VERIFICATION_SOP_CLASS,
		cEchoRequest({ messageId: link.connection.messageId() }),
	);
	yield* link.release();
	return { ok: true, answer };
}

export type EchoOutcome = { ok: false; failure: OpenFailure } | { ok: true; answer: Answer };

/** An association's failure as a fact: canonical, without times or names. */
export function failureFact(failure: OpenFailure): string {
	switch (failure.kind) {
		case 'name-not-resolved':
			return 'name not resolved';
		case 'not-connected':
			return failure.failure.kind;
		case 'rejected':
			return `rejected ${failure.result}/${failure.source}/${failure.reason}`;
		case 'aborted':
			return failure.received ? `aborted ${failure.source}/${failure.reason}` : 'connection lost';
		case 'no-answer':
			return 'no answer';
	}
}

/** An association's failure in a sentence for a device's screen or log. */
export function failureText(failure: OpenFailure): string {
	switch (failure.kind) {
		case 'name-not-resolved':
			return `host name "${failure.name}" could not be resolved`;
		case 'not-connected':
			return CONNECT_TEXT[failure.failure.kind];
		case 'rejected':
			return `association rejected (result ${failure.result}, source ${failure.source}, reason ${failure.reason})`;
		case 'aborted':
			return failure.received
				? `association aborted by peer (source ${failure.source}, reason ${failure.reason})`
				: 'connection lost';
		case 'no-answer':
			return 'connected, but no answer to the association request';
	}
}

const CONNECT_TEXT: Record<ConnectFailure['kind'], string> = {
	refused: 'connection refused',
	timeout: 'connection timed out',
	unreachable: 'host unreachable',
	prohibited: 'communication administratively prohibited',
};
