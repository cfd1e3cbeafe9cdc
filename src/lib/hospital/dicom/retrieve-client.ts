import type { Process } from '#lib/kernel/process.ts';
import type { Host } from '#lib/network/host.ts';
import { DataSet, type DataSetValue } from '#lib/protocol/dicom/dataset/data-set.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import {
	cGetRequest,
	cMoveRequest,
	COMMAND_FIELD,
	responseTo,
} from '#lib/protocol/dicom/dimse/services.ts';
import type { Device, DeviceWorld } from '../device.ts';
import {
	failureText,
	openAssociation,
	type Answer,
	type AssociationLink,
	type AssociationTarget,
} from './service-class-user.ts';
import type { ServiceRequest } from './service-request.ts';

/** How the objects come: sent by the peer to an AE title that it knows, or back on the same association. */
export type RetrieveMethod =
	| { kind: 'move'; destination: string }
	| {
			kind: 'get';
			/** What the requestor takes: one context a SOP class. */
			contexts: AssociationTarget['contexts'];
			/** Keeps an object and returns the status of its C-STORE. */
			receive(request: ServiceRequest): number;
	  };

export interface Retrieval {
	target: Omit<AssociationTarget, 'contexts'>;
	method: RetrieveMethod;
	/** The level and the unique keys (PS3.4 C.4.2.2). */
	identifier: Readonly<Record<string, DataSetValue>>;
}

export interface RetrieveResult {
	/** Final status of the C-MOVE or C-GET; undefined when there was none. */
	status: number | undefined;
	completed: number;
	failed: number;
	warning: number;
	failedUids: string[];
	/** What went wrong in a sentence; undefined for a success. */
	problem: string | undefined;
}

const NOTHING: Omit<RetrieveResult, 'problem'> = {
	status: undefined,
	completed: 0,
	failed: 0,
	warning: 0,
	failedUids: [],
};

/** Study Root retrieve by C-MOVE or C-GET as an SCU (PS3.4 C.4.2.2, C.4.3.2), on an association of its own. */
export function* retrieve(
	world: DeviceWorld,
	from: Host,
	retrieval: Retrieval,
	owner?: Device,
): Process<RetrieveResult> {
	const { method } = retrieval;
	const opened = yield* openAssociation(world, from, targetOf(retrieval), owner);
	if (!opened.ok) return { ...NOTHING, problem: failureText(opened.failure) };
	const { link } = opened;
	const model = modelOf(method);
	const transferSyntax = link.transferSyntaxOf(model) ?? UID.LittleEndianImplicit;
	const identifier = encodeDataSet(DataSet.from(retrieval.identifier), { transferSyntax });
	let answer = yield* link.request(model, commandOf(method, link), identifier);
	while (answer.kind === 'response' && answer.command.Status === 0xff00) {
		answer = yield* link.nextAnswer();
	}
	yield* link.release();
	return resultOf(method, answer, transferSyntax);
}

function modelOf(method: RetrieveMethod): string {
	return method.kind === 'move'
		? UID.MOVEStudyRootQueryRetrieveInformationModel
		: UID.GETStudyRootQueryRetrieveInformationModel;
}

function targetOf({ target, method }: Retrieval): AssociationTarget {
	const model = {
		abstractSyntax: modelOf(method),
		transferSyntaxes: [UID.LittleEndianExplicit, UID.LittleEndianImplicit],
	};
	if (method.kind === 'move') return { ...target, contexts: [model] };
	const classes = new Set(method.contexts.map(({ abstractSyntax }) => abstractSyntax));
	return {
		...target,
		contexts: [model, ...method.contexts],
		roles: [...classes].map((sopClassUid) => ({ sopClassUid, scuRole: false, scpRole: true })),
		*serve(request) {
			const stores = request.command.CommandField === COMMAND_FIELD['C-STORE-RQ'];
			const status = stores ? method.receive(request) : 0x0211;
			request.respond(responseTo(request.command, { status }));
		},
	};
}

function commandOf(method: RetrieveMethod, link: AssociationLink) {
	const rq = { messageId: link.connection.messageId(), sopClassUid: modelOf(method) };
	return method.kind === 'move'
		? cMoveRequest({ ...rq, destination: method.destination })
		: cGetRequest(rq);
}

function resultOf(method: RetrieveMethod, answer: Answer, transferSyntax: string): RetrieveResult {
	const service = method.kind === 'move' ? 'C-MOVE' : 'C-GET';
	if (answer.kind === 'context-not-accepted') {
		return { ...NOTHING, problem: `the archive does not offer ${service}` };
	}
	if (answer.kind !== 'response') {
		return { ...NOTHING, problem: 'the archive did not answer the retrieve' };
	}
	const { command, data } = answer;
	const status = command.Status ?? 0;
	const decoded = decodeDataSet(data ?? new Uint8Array(0), { transferSyntax });
	return {
		status,
		completed: command.NumberOfCompletedSuboperations ?? 0,
		failed: command.NumberOfFailedSuboperations ?? 0,
		warning: command.NumberOfWarningSuboperations ?? 0,
		failedUids: decoded.ok ? decoded.dataSet.texts('FailedSOPInstanceUIDList') : [],
		problem:
			status === 0
				? undefined
				: `${service} status ${status.toString(16).toUpperCase().padStart(4, '0')}`,
	};
}
