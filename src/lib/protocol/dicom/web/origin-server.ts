/** The Studies Service of an origin server (PS3.18 chapter 10): a request in, a response or a store out. */
import {
	fieldValue,
	textResponse,
	type HttpProblem,
	type HttpRequest,
	type HttpResponse,
} from '../../http/message.ts';
import { isProblem } from '../../http/parse-head.ts';
import { parseTarget } from '../../http/target.ts';
import type { ArchivePort } from './archive-port.ts';
import { capabilities } from './capabilities.ts';
import { retrieveRendered } from './rendered.ts';
import { parseResource, type WebResource } from './resource.ts';
import {
	retrieveBulkData,
	retrieveFrames,
	retrieveInstances,
	retrieveMetadata,
} from './retrieve.ts';
import { search } from './search.ts';
import type { ServiceContext, WebServiceOptions } from './service-options.ts';
import { readStoreRequest, type StoreItem } from './store.ts';

export type Answer =
	| { readonly kind: 'response'; readonly response: HttpResponse }
	/** The archive stores each item and then answers with `storeResponse`. */
	| {
			readonly kind: 'store';
			readonly items: readonly StoreItem[];
			readonly studyUid: string | undefined;
			readonly serviceUri: string;
	  };

/** Answers a request, whatever it is; only a store is left to the archive. */
export function answer(
	archive: ArchivePort,
	request: HttpRequest,
	options: WebServiceOptions,
): Answer {
	const target = parseTarget(request.target);
	if (!target) {
		return respond({ status: 400, text: 'The URL has an escape that is none, or no UTF-8.' });
	}
	const { prefix } = options;
	const inside = prefix.every((segment, i) => target.segments[i] === segment);
	const resource = inside
		? parseResource(target.segments.slice(prefix.length))
		: { status: 404, text: `The service is at /${prefix.join('/')}.` };
	if (isProblem(resource)) return respond(resource);
	const host = fieldValue(request.fields, 'Host');
	const authority = host === undefined || host === '' ? options.authority : host;
	const serviceUri = `http://${[authority, ...prefix].join('/')}`;
	const methods = methodsOf(resource);
	if (!methods.includes(request.method)) {
		const problem = { status: 405, text: `This resource is for ${methods.join(', ')}.` };
		return { kind: 'response', response: textResponse(problem, [['Allow', methods.join(', ')]]) };
	}
	if (request.method === 'OPTIONS') {
		return { kind: 'response', response: capabilities(serviceUri, methods) };
	}
	if (request.method === 'POST') {
		const items = readStoreRequest(request);
		if (isProblem(items)) return respond(items);
		const studyUid = resource.kind === 'instances' ? resource.reference.studyUid : undefined;
		return { kind: 'store', items, studyUid, serviceUri };
	}
	const { query } = target;
	// The query parameter is for clients that cannot set a header (8.3.3.1), and wins over it.
	const accept =
		query.find(([name]) => name === 'accept')?.[1] ?? fieldValue(request.fields, 'Accept');
	const response = read(archive, resource, { options, serviceUri, accept, query });
	return { kind: 'response', response };
}

/** Instances are stored to the service as a whole, or to a study (10.5.1). */
function methodsOf(resource: WebResource): string[] {
	const stores =
		(resource.kind === 'collection' && resource.level === 'STUDY') ||
		(resource.kind === 'instances' && resource.reference.seriesUid === undefined);
	return ['GET', 'HEAD', 'OPTIONS', ...(stores ? ['POST'] : [])];
}

function read(archive: ArchivePort, resource: WebResource, context: ServiceContext): HttpResponse {
	switch (resource.kind) {
		case 'service':
			return capabilities(context.serviceUri, methodsOf(resource));
		case 'collection':
			return search(archive, resource.level, resource.reference, context);
		case 'instances':
			return retrieveInstances(archive, resource.reference, context);
		case 'metadata':
			return retrieveMetadata(archive, resource.reference, context);
		case 'bulkdata':
			return retrieveBulkData(archive, resource.reference, resource.path, context);
		case 'frames':
			return retrieveFrames(archive, resource.reference, resource.frames, context);
		case 'rendered':
			return retrieveRendered(archive, resource.reference, resource.frame, context);
	}
}

function respond(problem: HttpProblem): Answer {
	return { kind: 'response', response: textResponse(problem) };
}
