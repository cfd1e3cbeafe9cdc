import type { Process } from '#lib/kernel/process.ts';
import { transferSyntaxName } from '#lib/protocol/dicom/dataset/transfer-syntax.ts';
import { UID, uidName } from '#lib/protocol/dicom/dataset/uids.ts';
import { cStoreRequest, responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import type { Device } from '../../device.ts';
import type { ServiceRequest } from '../../dicom/service-request.ts';
import {
	failureText,
	openAssociation,
	type AssociationLink,
	type AssociationTarget,
} from '../../dicom/service-class-user.ts';
import { identify, type Identified } from './information-model.ts';
import type { StoredInstance, StudyStore } from './study-store.ts';
import {
	bytesIn,
	keysText,
	outcomeOf,
	performSubOperations,
	priorityOf,
	selectInstances,
	sendableSyntaxes,
	type Outcome,
} from './sub-operations.ts';

export interface RetrieveOptions {
	archive: Device;
	store: StudyStore;
	/**
	 * The node table: how to reach a move destination, all but the contexts; undefined for an AE title that the
	 * archive does not know.
	 */
	destination(aeTitle: string): Omit<AssociationTarget, 'contexts'> | undefined;
}

/** Extended negotiation of C-MOVE and C-GET that the archive agrees to: relational retrieval (PS3.4 C.5.2.1). */
export const RETRIEVE_OPTIONS: readonly number[] = [1];

/** Context ids are the odd numbers of a byte (PS3.8 9.3.2.2). */
const CONTEXTS_MAX = 128;

/** C-MOVE (PS3.4 C.4.2): the instances go to the destination on an association of their own. */
export function* serveMove(options: RetrieveOptions, request: ServiceRequest): Process {
	const { archive } = options;
	const identified = identifyRetrieve(archive, request);
	if (!identified) return;
	const aeTitle = request.command.MoveDestination ?? '';
	const destination = options.destination(aeTitle);
	if (!destination) {
		archive.log('WARN', `C-MOVE from ${request.callingAeTitle}: unknown destination ${aeTitle}`);
		request.respond(
			responseTo(request.command, { status: 0xa801, errorComment: 'Move destination unknown' }),
		);
		return;
	}
	const instances = selectInstances(options.store, identified.identifier, identified.levels);
	const link = instances.length > 0 ? yield* open(archive, destination, instances) : undefined;
	const { text, failed } = yield* performSubOperations(request, instances, (instance) =>
		storeAt(archive, link, request, instance),
	);
	if (link) yield* link.release();
	const keys = keysText(identified.identifier, identified.levels);
	archive.log(
		failed > 0 ? 'ERROR' : 'INFO',
		`C-MOVE ${request.callingAeTitle} to ${aeTitle}: ${text} (${keys})`,
	);
}

/** C-GET (PS3.4 C.4.3): the instances come back on the association of the request. */
export function* serveGet(options: RetrieveOptions, request: ServiceRequest): Process {
	const { archive } = options;
	const identified = identifyRetrieve(archive, request);
	if (!identified) return;
	const instances = selectInstances(options.store, identified.identifier, identified.levels);
	const { text, failed } = yield* performSubOperations(request, instances, (instance) =>
		storeBack(archive, request, instance),
	);
	const keys = keysText(identified.identifier, identified.levels);
	archive.log(failed > 0 ? 'ERROR' : 'INFO', `C-GET ${request.callingAeTitle}: ${text} (${keys})`);
}

/** The identifier, or undefined when it was answered with A900. */
function identifyRetrieve(
	archive: Device,
	request: ServiceRequest,
): Extract<Identified, { ok: true }> | undefined {
	const relational = request.extendedNegotiation?.[0] === 1;
	const identified = identify(request, { retrieve: true, relational });
	if (identified.ok) return identified;
	const { comment, offendingElements } = identified;
	archive.log('WARN', `retrieve from ${request.callingAeTitle}: A900 (${comment})`);
	request.respond(
		responseTo(request.command, { status: 0xa900, errorComment: comment, offendingElements }),
	);
	return undefined;
}

function* open(
	archive: Device,
	destination: Omit<AssociationTarget, 'contexts'>,
	instances: readonly StoredInstance[],
): Process<AssociationLink | undefined> {
	const target = { ...destination, contexts: contextsFor(instances) };
	const opened = yield* openAssociation(archive.world, archive.host, target, archive);
	if (opened.ok) return opened.link;
	archive.log(
		'ERROR',
		`sub-association to ${target.calledAeTitle} ${target.host}:${target.port} failed: ${failureText(opened.failure)}`,
	);
	return undefined;
}

/**
 * One context a SOP class and transfer syntax, because every object should go out as it came in; then, for
 * objects that can be written anew, one with Implicit VR Little Endian, which every node has to take.
 */
function contextsFor(instances: readonly StoredInstance[]): AssociationTarget['contexts'] {
	const contexts = new Map<string, { abstractSyntax: string; transferSyntaxes: string[] }>();
	const propose = (abstractSyntax: string, transferSyntax: string): void => {
		const context = { abstractSyntax, transferSyntaxes: [transferSyntax] };
		contexts.set(`${abstractSyntax} ${transferSyntax}`, context);
	};
	for (const { sopClassUid, transferSyntax } of instances) propose(sopClassUid, transferSyntax);
	for (const instance of instances) {
		if (sendableSyntaxes(instance).includes(UID.LittleEndianImplicit)) {
			propose(instance.sopClassUid, UID.LittleEndianImplicit);
		}
	}
	return [...contexts.values()].slice(0, CONTEXTS_MAX);
}

function* storeAt(
	archive: Device,
	link: AssociationLink | undefined,
	request: ServiceRequest,
	instance: StoredInstance,
): Process<Outcome> {
	if (!link) return 'failed';
	const { association } = link.connection;
	const { sopClassUid, sopInstanceUid } = instance;
	const transferSyntax = sendableSyntaxes(instance).find(
		(syntax) => association.contextFor(sopClassUid, syntax) !== undefined,
	);
	if (transferSyntax === undefined) {
		archive.log('ERROR', noContextText(instance));
		return 'failed';
	}
	const command = cStoreRequest({
		messageId: link.connection.messageId(),
		sopClassUid,
		sopInstanceUid,
		priority: priorityOf(request),
		moveOriginator: {
			aeTitle: request.callingAeTitle,
			messageId: request.command.MessageID ?? 0,
		},
	});
	const data = bytesIn(instance, transferSyntax);
	const answer = yield* link.request(sopClassUid, command, data, transferSyntax);
	// No answer to one object: the destination cannot be trusted with the next one on this association.
	if (answer.kind === 'timeout') link.abort();
	logOutcome(archive, instance, answer);
	return outcomeOf(answer);
}

function* storeBack(
	archive: Device,
	request: ServiceRequest,
	instance: StoredInstance,
): Process<Outcome> {
	const { sopClassUid, sopInstanceUid } = instance;
	const transferSyntax = sendableSyntaxes(instance).find((syntax) =>
		request.accepts(sopClassUid, syntax),
	);
	if (transferSyntax === undefined) {
		archive.log('ERROR', noContextText(instance));
		return 'failed';
	}
	const priority = priorityOf(request);
	const command = cStoreRequest({ messageId: 0, sopClassUid, sopInstanceUid, priority });
	const data = bytesIn(instance, transferSyntax);
	const answer = yield* request.invoke(sopClassUid, command, data, transferSyntax);
	logOutcome(archive, instance, answer);
	return outcomeOf(answer);
}

function noContextText({ sopClassUid, sopInstanceUid, transferSyntax }: StoredInstance): string {
	return `no presentation context for ${uidName(sopClassUid) ?? sopClassUid} with ${transferSyntaxName(transferSyntax)}: ${sopInstanceUid} not sent`;
}

/** What went wrong with one object, in the archive's own log. */
function logOutcome(
	archive: Device,
	{ sopInstanceUid }: StoredInstance,
	answer: Parameters<typeof outcomeOf>[0],
): void {
	const outcome = outcomeOf(answer);
	if (outcome === 'completed') return;
	const why =
		answer.kind === 'response'
			? `status ${(answer.command.Status ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
			: answer.kind.replaceAll('-', ' ');
	archive.log(outcome === 'warning' ? 'WARN' : 'ERROR', `C-STORE of ${sopInstanceUid}: ${why}`);
}
