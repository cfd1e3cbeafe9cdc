import type { Process } from '#lib/kernel/process.ts';
import { seconds, type Micros } from '#lib/kernel/time.ts';
import type { ConnectFailure } from '#lib/network/tcp-stack.ts';
import type { Host } from '#lib/network/host.ts';
import { tlsFailureFact, tlsFailureText, type TlsOpenFailure } from '#lib/network/tls-stream.ts';
import type { TlsSession } from '#lib/protocol/tls/policy.ts';
import { cEchoRequest, VERIFICATION_SOP_CLASS } from '#lib/protocol/dicom/dimse/services.ts';
import type {
	ExtendedNegotiation,
	RoleSelection,
	UserIdentity,
	UserInformation,
} from '#lib/protocol/dicom/upper-layer/pdu.ts';
import type { Device, DeviceWorld } from '../device.ts';
import { AssociationLink } from './association-link.ts';
import { DicomConnection } from './dicom-connection.ts';
import { secureTransport, type SecureTarget } from './secure-transport.ts';
import type { Answer, ServiceRequest } from './service-request.ts';

export { AssociationLink } from './association-link.ts';
export type { Answer } from './service-request.ts';

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
	/** Roles asked for; without one the requestor is SCU only (PS3.7 D.3.3.4). */
	roles?: readonly RoleSelection[];
	/** SOP class extended negotiation (PS3.7 D.3.3.5), for example of relational queries. */
	extendedNegotiations?: readonly ExtendedNegotiation[];
	/** User identity (PS3.7 D.3.3.7). */
	userIdentity?: UserIdentity;
	/** Operations outstanding at the same time (PS3.7 D.3.3.3); 1 and 1 without it, 0 means no limit. */
	asynchronousOperationsWindow?: { invoked: number; performed: number };
	/** Largest P-DATA-TF length received, announced to the peer; 16384 unless told otherwise. */
	maximumLengthBytes?: number;
	/**
	 * Serves the requests that the acceptor sends on this association: C-STORE of a C-GET, N-EVENT-REPORT.
	 * Without it they are answered with 0211. Served while the requestor waits for something.
	 */
	serve?(request: ServiceRequest): Process;
	/** TLS below the association; plain TCP without it. */
	tls?: SecureTarget;
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
	/** The TCP connection was there, but no TLS on it. */
	| { kind: 'not-secured'; failure: TlsOpenFailure }
	| { kind: 'rejected'; result: number; source: number; reason: number }
	| { kind: 'aborted'; source: number; reason: number; received: boolean }
	| { kind: 'no-answer' };

/** `session` is the TLS below, where it is used and its handshake went well. */
export type Opened = { session?: TlsSession } & (
	{ ok: true; link: AssociationLink } | { ok: false; failure: OpenFailure }
);

const CONNECT_TIMEOUT_US = seconds(75);
const ANSWER_TIMEOUT_US = seconds(30);

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
	const tcp = yield* from.connect(
		{ address: resolved.address, port: target.port },
		{ timeoutUs: target.connectTimeoutUs ?? CONNECT_TIMEOUT_US },
	);
	if (tcp.kind !== 'connected') {
		return { ok: false, failure: { kind: 'not-connected', failure: tcp } };
	}
	const secured =
		target.tls && (yield* secureTransport(world, from.id, tcp, { role: 'client', ...target.tls }));
	if (secured?.ok === false) {
		return { ok: false, failure: { kind: 'not-secured', failure: secured.failure } };
	}
	const stream = secured?.stream ?? tcp;
	const below = secured ? { session: secured.session } : {};

	const answerTimeoutUs = target.answerTimeoutUs ?? ANSWER_TIMEOUT_US;
	const connection = new DicomConnection(world.kernel, stream, {
		role: 'requestor',
		...(target.maximumLengthBytes !== undefined && {
			maximumPduLengthBytes: target.maximumLengthBytes,
		}),
	});
	connection.act((association) =>
		association.request({
			callingAeTitle: target.callingAeTitle,
			calledAeTitle: target.calledAeTitle,
			presentationContexts: target.contexts,
			implementationClassUid: target.implementation.classUid,
			implementationVersionName: target.implementation.versionName,
			userInformation: userInformationOf(target),
		}),
	);
	if (owner) owner.spawn('requestor', connection.pump());
	else world.kernel.spawn(`${from.id}.association`, connection.pump());
	const event = yield* connection.next(answerTimeoutUs);
	if (event.kind === 'accepted') {
		const link = new AssociationLink(connection, answerTimeoutUs, target.serve);
		return { ok: true, link, ...below };
	}
	if (event.kind === 'rejected') {
		const { result, source, reason } = event.rj;
		return { ok: false, failure: { kind: 'rejected', result, source, reason }, ...below };
	}
	if (event.kind === 'aborted') {
		const { source, reason, received } = event;
		return { ok: false, failure: { kind: 'aborted', source, reason, received }, ...below };
	}
	connection.act((association) => association.abort());
	return { ok: false, failure: { kind: 'no-answer' }, ...below };
}

/** What a target asks for beside the contexts; nothing in the usual request. */
function userInformationOf(target: AssociationTarget): Partial<UserInformation> {
	const { roles, extendedNegotiations, userIdentity, asynchronousOperationsWindow } = target;
	return {
		...(asynchronousOperationsWindow && { asynchronousOperationsWindow }),
		...(roles && { roleSelections: [...roles] }),
		...(extendedNegotiations && { extendedNegotiations: [...extendedNegotiations] }),
		...(userIdentity && { userIdentity }),
	};
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
		case 'not-secured':
			return tlsFailureFact(failure.failure);
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
		case 'not-secured':
			return `TLS: ${tlsFailureText(failure.failure)}`;
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
