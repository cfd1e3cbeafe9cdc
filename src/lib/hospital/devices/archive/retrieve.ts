import type { Process } from '#lib/kernel/process.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { cStoreRequest, responseTo, retrieveResponse } from '#lib/protocol/dicom/dimse/services.ts';
import type { ServiceRequest } from '../../dicom/service-class-provider.ts';
import {
	failureText,
	openAssociation,
	type AssociationLink,
	type ImplementationIdentity,
} from '../../dicom/service-class-user.ts';
import type { Device } from '../../device.ts';
import { instancesOf, type StoredInstance, type StudyStore } from './study-store.ts';

/** Where a move destination AE title leads to. */
export interface MoveDestination {
	host: string;
	port: number;
}

export interface RetrieveOptions {
	archive: Device;
	aeTitle: string;
	implementation: ImplementationIdentity;
	store: StudyStore;
	/** The node table: undefined for an AE title it does not know. */
	destination(aeTitle: string): MoveDestination | undefined;
}

/** C-MOVE of the Study Root model (PS3.4 C.4.2): sub-operations run on an association of their own. */
export function* serveMove(options: RetrieveOptions, request: ServiceRequest): Process {
	const { archive } = options;
	const decoded = decodeDataSet(request.data, { transferSyntax: request.context.transferSyntax });
	if (!decoded.ok) {
		request.respond(responseTo(request.command, { status: 0xa900 }));
		return;
	}
	const destinationAeTitle = request.command.MoveDestination ?? '';
	const destination = options.destination(destinationAeTitle);
	if (!destination) {
		archive.log(
			'WARN',
			`C-MOVE from ${request.callingAeTitle}: unknown destination ${destinationAeTitle}`,
		);
		request.respond(
			responseTo(request.command, {
				status: 0xa801,
				errorComment: 'Move destination unknown',
			}),
		);
		return;
	}
	const instances = selectInstances(options.store, decoded.dataSet);
	yield* moveInstances(options, request, {
		instances,
		destination,
		destinationAeTitle,
	});
}

/** The instances the identifier asks for; unique keys may be lists of UIDs (PS3.4 C.4.2.2.1). */
function selectInstances(store: StudyStore, identifier: DataSet): StoredInstance[] {
	const uids = (keyword: string): string[] =>
		(identifier.text(keyword) ?? '').split('\\').filter(Boolean);
	const series = uids('SeriesInstanceUID');
	const sop = uids('SOPInstanceUID');
	return uids('StudyInstanceUID')
		.map((uid) => store.studies.get(uid))
		.filter((study) => study !== undefined)
		.flatMap((study) => instancesOf(study))
		.filter((instance) => series.length === 0 || series.includes(instance.seriesInstanceUid))
		.filter((instance) => sop.length === 0 || sop.includes(instance.sopInstanceUid));
}

function* moveInstances(
	options: RetrieveOptions,
	request: ServiceRequest,
	move: { instances: StoredInstance[]; destination: MoveDestination; destinationAeTitle: string },
): Process {
	const { archive } = options;
	const { instances } = move;
	const counters = { completed: 0, failed: 0, warning: 0 };
	const failedUids: string[] = [];
	const link = instances.length > 0 ? yield* openToDestination(options, move) : undefined;
	for (const [index, instance] of instances.entries()) {
		const status = link ? yield* storeOne(options, link, request, instance) : 'failed';
		counters[status]++;
		if (status === 'failed') failedUids.push(instance.sopInstanceUid);
		const remaining = instances.length - index - 1;
		if (remaining > 0 && request.alive) {
			request.respond(
				retrieveResponse(request.command, {
					status: 0xff00,
					subOperations: { remaining, ...counters },
				}),
			);
		}
	}
	if (link) yield* link.release();
	const status = finalStatus(instances.length, counters.failed);
	archive.log(
		status === 0 ? 'INFO' : 'ERROR',
		`C-MOVE ${request.callingAeTitle} to ${move.destinationAeTitle}: ${counters.completed} completed, ${counters.failed} failed`,
	);
	respondFinally(request, status, counters, failedUids);
}

/** Success, A702 when nothing could be sent, B000 when some failed (PS3.4 table C.4-2). */
function finalStatus(total: number, failed: number): number {
	if (failed === 0) return 0x0000;
	return failed === total ? 0xa702 : 0xb000;
}

function respondFinally(
	request: ServiceRequest,
	status: number,
	subOperations: { completed: number; failed: number; warning: number },
	failedUids: string[],
): void {
	const withDataSet = failedUids.length > 0;
	request.respond(
		retrieveResponse(request.command, { status, withDataSet, subOperations }),
		withDataSet
			? encodeDataSet(DataSet.from({ FailedSOPInstanceUIDList: failedUids }), {
					transferSyntax: request.context.transferSyntax,
				})
			: undefined,
	);
}

function* openToDestination(
	options: RetrieveOptions,
	move: { instances: StoredInstance[]; destination: MoveDestination; destinationAeTitle: string },
): Process<AssociationLink | undefined> {
	const { archive } = options;
	// One context a transfer syntax, because every object must go out as it came in.
	const contexts = new Map(
		move.instances.map(({ sopClassUid, transferSyntax }) => [
			`${sopClassUid} ${transferSyntax}`,
			{ abstractSyntax: sopClassUid, transferSyntaxes: [transferSyntax] },
		]),
	);
	const opened = yield* openAssociation(
		archive.world,
		archive.host,
		{
			host: move.destination.host,
			port: move.destination.port,
			calledAeTitle: move.destinationAeTitle,
			callingAeTitle: options.aeTitle,
			implementation: options.implementation,
			contexts: [...contexts.values()],
		},
		archive,
	);
	if (opened.ok) return opened.link;
	archive.log(
		'ERROR',
		`sub-association to ${move.destinationAeTitle} ${move.destination.host}:${move.destination.port} failed: ${failureText(opened.failure)}`,
	);
	return undefined;
}

function* storeOne(
	options: RetrieveOptions,
	link: AssociationLink,
	request: ServiceRequest,
	instance: StoredInstance,
): Process<'completed' | 'failed' | 'warning'> {
	const answer = yield* link.request(
		instance.sopClassUid,
		cStoreRequest({
			messageId: link.connection.messageId(),
			sopClassUid: instance.sopClassUid,
			sopInstanceUid: instance.sopInstanceUid,
			moveOriginator: {
				aeTitle: request.callingAeTitle,
				messageId: request.command.MessageID ?? 0,
			},
		}),
		[instance.bytes],
		instance.transferSyntax,
	);
	if (answer.kind !== 'response') return 'failed';
	const status = answer.command.Status ?? 0xc000;
	if (status === 0x0000) return 'completed';
	return (status & 0xf000) === 0xb000 ? 'warning' : 'failed';
}
