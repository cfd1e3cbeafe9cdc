/** WADO-RS: instances, metadata, frames and bulk data (PS3.18 10.4). */
import type { DataElement, DataSet } from '../dataset/data-set.ts';
import { writePart10 } from '../dataset/part10.ts';
import { sizeOf, textResponse, type HttpProblem, type HttpResponse } from '../../http/message.ts';
import { isProblem } from '../../http/parse-head.ts';
import type { ArchivePort, WebInstance } from './archive-port.ts';
import { framesOf } from './frames.ts';
import { jsonNotAccepted, jsonResponse } from './json-response.ts';
import { BINARY_VRS } from './json-model.ts';
import { writeMultipart, type BodyPart } from './multipart.ts';
import {
	acceptedRepresentations,
	sentTransferSyntax,
	type Representation,
} from './representation.ts';
import { referenceUrl, type Reference } from './resource.ts';
import type { ServiceContext } from './service-options.ts';
import { dataSetToJson } from './write-json.ts';

const OCTETS = 'application/octet-stream';
/** Shorter binary values are put inline into metadata. */
const INLINE_BYTES_MAX = 1_024;

/** Instances as DICOM files, one part each, or the one instance by itself. */
export function retrieveInstances(
	archive: ArchivePort,
	reference: Reference,
	context: ServiceContext,
): HttpResponse {
	const instances = archive.instances(reference);
	if (instances.length === 0) return textResponse(notFound(reference));
	const single = reference.instanceUid !== undefined;
	const choices = acceptedRepresentations(context.accept, ['application/dicom'], single);
	if (isProblem(choices)) return textResponse(choices);
	for (const choice of choices) {
		const parts = dicomParts(instances, choice, context);
		if (parts) return withinLimit(respondWith(parts, choice), context);
	}
	const stored = [...new Set(instances.map((instance) => instance.transferSyntax))].join(', ');
	return textResponse({
		status: 406,
		text: `These objects can be had as multipart/related; type="application/dicom"; transfer-syntax=* (stored: ${stored}).`,
	});
}

/** A file a part; undefined when one of them cannot be sent in the transfer syntax wanted. */
function dicomParts(
	instances: readonly WebInstance[],
	choice: Representation,
	{ options, serviceUri }: ServiceContext,
): BodyPart[] | undefined {
	const parts: BodyPart[] = [];
	for (const instance of instances) {
		const transferSyntax = sentTransferSyntax(instance.transferSyntax, choice.transferSyntax);
		if (transferSyntax === undefined) return undefined;
		const body = writePart10(instance.dataSet, {
			transferSyntax,
			implementationClassUid: options.implementationClassUid,
			implementationVersionName: options.implementationVersionName,
			sourceAeTitle: options.sourceAeTitle,
		});
		parts.push({
			fields: [
				['Content-Type', `application/dicom; transfer-syntax=${transferSyntax}`],
				['Content-Location', urlOf(instance, serviceUri)],
			],
			body,
		});
	}
	return parts;
}

/** Everything but bulk data, which has URIs, in the DICOM JSON Model. */
export function retrieveMetadata(
	archive: ArchivePort,
	reference: Reference,
	context: ServiceContext,
): HttpResponse {
	const instances = archive.instances(reference);
	if (instances.length === 0) return textResponse(notFound(reference));
	const unacceptable = jsonNotAccepted(context.accept);
	if (unacceptable) return textResponse(unacceptable);
	const json = instances.map((instance) => {
		const base = urlOf(instance, context.serviceUri);
		return dataSetToJson(instance.dataSet, {
			bulkDataUri: (element, path) =>
				isBulkData(element) ? `${base}/bulkdata/${path.join('/')}` : undefined,
		});
	});
	return withinLimit(jsonResponse(200, json), context);
}

function isBulkData(element: DataElement): boolean {
	if (element.fragments) return true;
	return BINARY_VRS.has(element.vr) && element.length > INLINE_BYTES_MAX;
}

/** Frames by number, one part each, as stored bytes without an item or a file around them. */
export function retrieveFrames(
	archive: ArchivePort,
	reference: Reference,
	numbers: readonly number[],
	context: ServiceContext,
): HttpResponse {
	const [instance] = archive.instances(reference);
	if (!instance) return textResponse(notFound(reference));
	const found = framesOf(instance.dataSet, instance.transferSyntax);
	if (!found) return textResponse(noFrames(instance));
	const missing = numbers.find((number) => number > found.frames.length);
	if (missing !== undefined) {
		return textResponse({
			status: 404,
			text: `There is no frame ${missing}: the image has ${found.frames.length}.`,
		});
	}
	const { mediaType } = found;
	const single = numbers.length === 1;
	const choices = acceptedRepresentations(context.accept, [mediaType], single);
	if (isProblem(choices)) return textResponse(choices);
	const { transferSyntax: stored } = instance;
	const choice = choices.find(
		(one) => sentTransferSyntax(stored, one.transferSyntax) !== undefined,
	);
	const sent = choice && sentTransferSyntax(stored, choice.transferSyntax);
	if (!choice || sent === undefined) {
		return textResponse({
			status: 406,
			text: `These frames can be had as multipart/related; type="${mediaType}"; transfer-syntax=*.`,
		});
	}
	const type = mediaType === OCTETS ? OCTETS : `${mediaType}; transfer-syntax=${sent}`;
	const parts = numbers.map((number) => ({
		fields: [
			['Content-Type', type],
			['Content-Location', `${urlOf(instance, context.serviceUri)}/frames/${number}`],
		] as const,
		body: found.frames[number - 1] ?? [],
	}));
	return withinLimit(respondWith(parts, choice), context);
}

/** One value by the path in its BulkDataURI, little endian, without padding being taken off. */
export function retrieveBulkData(
	archive: ArchivePort,
	reference: Reference,
	path: readonly string[],
	context: ServiceContext,
): HttpResponse {
	const [instance] = archive.instances(reference);
	if (!instance) return textResponse(notFound(reference));
	const element = elementAt(instance.dataSet, path);
	if (!element || element.items) {
		return textResponse({ status: 404, text: `There is no value at ${path.join('/')}.` });
	}
	if (element.fragments) {
		const frames = framesOf(instance.dataSet, instance.transferSyntax)?.frames.length;
		if (frames === undefined) return textResponse(noFrames(instance));
		const all = Array.from({ length: frames }, (_, i) => i + 1);
		return retrieveFrames(archive, reference, all, context);
	}
	const choices = acceptedRepresentations(context.accept, [OCTETS], true);
	if (isProblem(choices)) return textResponse(choices);
	const [choice] = choices;
	if (!choice) return textResponse({ status: 406, text: `Bulk data can be had as ${OCTETS}.` });
	const location = `${urlOf(instance, context.serviceUri)}/bulkdata/${path.join('/')}`;
	const part: BodyPart = {
		fields: [
			['Content-Type', OCTETS],
			['Content-Location', location],
		],
		body: [element.bytes],
	};
	return withinLimit(respondWith([part], choice), context);
}

/** Tags, and between them the numbers of items. */
function elementAt(dataSet: DataSet, path: readonly string[]): DataElement | undefined {
	const [tag = '', item, ...rest] = path;
	if (!/^[0-9A-Fa-f]{8}$/.test(tag)) return undefined;
	const element = dataSet.element(Number.parseInt(tag, 16));
	if (item === undefined) return element;
	const inner = /^\d{1,6}$/.test(item) ? element?.items?.[Number(item) - 1] : undefined;
	return inner && elementAt(inner, rest);
}

function urlOf(instance: WebInstance, serviceUri: string): string {
	return referenceUrl(serviceUri, {
		studyUid: instance.studyInstanceUid,
		seriesUid: instance.seriesInstanceUid,
		instanceUid: instance.sopInstanceUid,
	});
}

function respondWith(parts: readonly BodyPart[], choice: Representation): HttpResponse {
	const [first] = parts;
	if (!choice.multipart && first) return { status: 200, ...first };
	const { boundary, body } = writeMultipart(parts);
	const type = `multipart/related; type="${choice.mediaType}"; boundary="${boundary}"`;
	return { status: 200, fields: [['Content-Type', type]], body };
}

function withinLimit(response: HttpResponse, { options }: ServiceContext): HttpResponse {
	const bytes = sizeOf(response.body);
	if (bytes <= options.payloadBytesMax) return response;
	return textResponse({
		status: 413,
		text: `The response would have ${bytes} bytes, ${options.payloadBytesMax} at most. Retrieve series, instances or frames one by one.`,
	});
}

export function notFound({ studyUid, seriesUid, instanceUid }: Reference): HttpProblem {
	const what =
		instanceUid !== undefined ? 'instance' : seriesUid !== undefined ? 'series' : 'study';
	return {
		status: 404,
		text: `There is no ${what} ${instanceUid ?? seriesUid ?? studyUid ?? ''} here.`,
	};
}

export function noFrames({ sopInstanceUid }: WebInstance): HttpProblem {
	return {
		status: 404,
		text: `The instance ${sopInstanceUid} has no frames that can be told apart.`,
	};
}
