/** STOW-RS: the Store transaction of the Studies Service (PS3.18 10.5, annex I). */
import { DataSet } from '../dataset/data-set.ts';
import { readPart10 } from '../dataset/part10.ts';
import { UID } from '../dataset/uids.ts';
import {
	fieldValue,
	type HttpProblem,
	type HttpRequest,
	type HttpResponse,
} from '../../http/message.ts';
import { parseMediaType } from '../../http/media-type.ts';
import { isProblem } from '../../http/parse-head.ts';
import type { WebInstance } from './archive-port.ts';
import { jsonNotAccepted, jsonResponse } from './json-response.ts';
import { readMultipart, type ReceivedPart } from './multipart.ts';
import { referenceUrl } from './resource.ts';
import { dataSetToJson } from './write-json.ts';

/** Failure Reason (0008,1197) of PS3.18 table I.2-2. */
export const FAILURE = {
	outOfResources: 0xa700,
	doesNotMatchSopClass: 0xa900,
	cannotUnderstand: 0xc000,
	transferSyntaxNotSupported: 0xc122,
	processingFailure: 0x0110,
	sopClassNotSupported: 0x0122,
} as const;

/** One part of a store request. */
export type StoreItem =
	| { readonly kind: 'instance'; readonly instance: WebInstance; readonly sizeBytes: number }
	/** It has no SOP Instance that could be named. */
	| { readonly kind: 'unreadable'; readonly failureReason: number };

/** How it went with one part. */
export type StoreOutcome =
	| {
			readonly kind: 'stored';
			readonly instance: WebInstance;
			/** Warning Reason (0008,1196) of table I.2-1. */
			readonly warningReason?: number;
	  }
	| { readonly kind: 'failed'; readonly instance: WebInstance; readonly failureReason: number }
	| { readonly kind: 'unreadable'; readonly failureReason: number };

const DICOM = 'application/dicom';
/** Not for web services (PS3.18 8.7.3). */
const FORBIDDEN: ReadonlySet<string> = new Set([UID.LittleEndianImplicit, UID.BigEndianExplicit]);

/**
 * The instances of a request: multipart/related with a file a part, or one file by itself. 415 for another
 * media type, 400 for a body that is not what its type says, 406 for a client that takes no JSON.
 */
export function readStoreRequest(request: HttpRequest): StoreItem[] | HttpProblem {
	const accept = fieldValue(request.fields, 'Accept');
	const type = parseMediaType(fieldValue(request.fields, 'Content-Type') ?? '');
	const root = type?.parameters.get('type')?.toLowerCase();
	const multipart = type?.essence === 'multipart/related' && root === DICOM;
	if (!type || (!multipart && type.essence !== DICOM)) {
		return {
			status: 415,
			text: `Send instances as multipart/related; type="${DICOM}", not as ${fieldValue(request.fields, 'Content-Type') ?? 'nothing said'}.`,
		};
	}
	const unacceptable = jsonNotAccepted(accept);
	if (unacceptable) return unacceptable;
	const body = joined(request.body);
	const parts: ReceivedPart[] | HttpProblem = multipart
		? readMultipart(body, type.parameters.get('boundary'))
		: [{ fields: [['Content-Type', DICOM]], body }];
	if (isProblem(parts)) return parts;
	if (parts.length === 0) return { status: 400, text: 'The body has no parts.' };
	return parts.map(readItem);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
	const [first] = pieces;
	if (pieces.length === 1 && first) return first;
	const body = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
	let at = 0;
	for (const piece of pieces) {
		body.set(piece, at);
		at += piece.length;
	}
	return body;
}

function readItem({ fields, body }: ReceivedPart): StoreItem {
	const type = parseMediaType(fieldValue(fields, 'Content-Type') ?? '');
	const file = type?.essence === DICOM ? readPart10(body) : undefined;
	if (!file?.ok) return { kind: 'unreadable', failureReason: FAILURE.cannotUnderstand };
	const { dataSet, transferSyntax } = file;
	const uid = (keyword: string): string => dataSet.text(keyword) ?? '';
	const instance: WebInstance = {
		sopClassUid: uid('SOPClassUID'),
		sopInstanceUid: uid('SOPInstanceUID'),
		seriesInstanceUid: uid('SeriesInstanceUID'),
		studyInstanceUid: uid('StudyInstanceUID'),
		transferSyntax,
		dataSet,
	};
	if (instance.sopInstanceUid === '' || instance.sopClassUid === '') {
		return { kind: 'unreadable', failureReason: FAILURE.cannotUnderstand };
	}
	return { kind: 'instance', instance, sizeBytes: body.length };
}

/** Why an instance cannot be stored whatever the archive is; undefined: it may be. */
export function storeFailure(
	{ studyInstanceUid, seriesInstanceUid, transferSyntax }: WebInstance,
	studyUid: string | undefined,
): number | undefined {
	if (FORBIDDEN.has(transferSyntax)) return FAILURE.transferSyntaxNotSupported;
	if (studyInstanceUid === '' || seriesInstanceUid === '') return FAILURE.doesNotMatchSopClass;
	// /studies/{study} takes instances of that study only (10.5.1).
	if (studyUid !== undefined && studyUid !== studyInstanceUid) return FAILURE.doesNotMatchSopClass;
	return undefined;
}

/** 200: all were stored; 202: some, or with warnings; 409: none. The body names each instance and why it failed (I.2). */
export function storeResponse(
	outcomes: readonly StoreOutcome[],
	serviceUri: string,
	studyUid: string | undefined,
): HttpResponse {
	const stored = outcomes.filter((outcome) => outcome.kind === 'stored');
	const failed = outcomes.filter((outcome) => outcome.kind === 'failed');
	const unreadable = outcomes.filter((outcome) => outcome.kind === 'unreadable');
	const response = new DataSet();
	const study = studyUid ?? commonStudy(stored.map(({ instance }) => instance));
	if (study !== undefined) {
		response.set('RetrieveURL', referenceUrl(serviceUri, { studyUid: study }));
	}
	const items = {
		FailedSOPSequence: failed.map(({ instance, failureReason }) =>
			DataSet.from({ ...reference(instance), FailureReason: failureReason }),
		),
		ReferencedSOPSequence: stored.map(({ instance, warningReason }) =>
			DataSet.from({
				...reference(instance),
				RetrieveURL: instanceUrl(instance, serviceUri),
				...(warningReason !== undefined && { WarningReason: warningReason }),
			}),
		),
		OtherFailuresSequence: unreadable.map(({ failureReason }) =>
			DataSet.from({ FailureReason: failureReason }),
		),
	};
	for (const [keyword, sequence] of Object.entries(items)) {
		if (sequence.length > 0) response.set(keyword, sequence);
	}
	const clean = stored.filter((outcome) => outcome.warningReason === undefined);
	const status = clean.length === outcomes.length ? 200 : stored.length > 0 ? 202 : 409;
	return jsonResponse(status, dataSetToJson(response));
}

function reference({ sopClassUid, sopInstanceUid }: WebInstance) {
	return { ReferencedSOPClassUID: sopClassUid, ReferencedSOPInstanceUID: sopInstanceUid };
}

function commonStudy(instances: readonly WebInstance[]): string | undefined {
	const studies = new Set(instances.map((instance) => instance.studyInstanceUid));
	return studies.size === 1 ? [...studies][0] : undefined;
}

function instanceUrl(instance: WebInstance, serviceUri: string): string {
	return referenceUrl(serviceUri, {
		studyUid: instance.studyInstanceUid,
		seriesUid: instance.seriesInstanceUid,
		instanceUid: instance.sopInstanceUid,
	});
}
