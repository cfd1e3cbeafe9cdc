/** QIDO-RS: the Search transaction of the Studies Service (PS3.18 10.6). */
import { formatTag } from '../dataset/dictionary.ts';
import {
	textResponse,
	type HttpField,
	type HttpProblem,
	type HttpResponse,
} from '../../http/message.ts';
import { isProblem } from '../../http/parse-head.ts';
import type { ArchivePort, SearchMatch } from './archive-port.ts';
import { jsonNotAccepted, jsonResponse } from './json-response.ts';
import type { JsonDataSet } from './json-model.ts';
import { referenceUrl, type QueryLevel, type Reference } from './resource.ts';
import { returnedAttributes } from './search-attributes.ts';
import { parseSearchParameters, searchIdentifier } from './search-parameters.ts';
import type { ServiceContext } from './service-options.ts';
import { dataSetToJson } from './write-json.ts';

const STUDY_UID = 0x0020000d;
const SERIES_UID = 0x0020000e;

/** 200 with an array of results, 204 without any, 400, 406, or 413 for a search that is too broad. */
export function search(
	archive: ArchivePort,
	level: QueryLevel,
	within: Reference,
	context: ServiceContext,
): HttpResponse {
	const parameters = parseSearchParameters(context.query);
	if (isProblem(parameters)) return textResponse(parameters);
	const unacceptable = jsonNotAccepted(context.accept);
	if (unacceptable) return textResponse(unacceptable);
	const { include, limit, offset } = parameters;
	const keys = [...keysOf(within), ...parameters.keys];
	const returned = [...returnedAttributes(level, within), ...(include === 'all' ? [] : include)];
	const identifier = searchIdentifier(keys, returned);
	if (isProblem(identifier)) return textResponse(identifier);
	const found = archive.search(level, identifier, include === 'all');
	const { options } = context;
	if (limit === undefined && found.matches.length > options.matchesMax) {
		return textResponse(tooBroad(found.matches.length, options.matchesMax));
	}
	const results = found.matches.slice(
		offset,
		offset + Math.min(limit ?? Infinity, options.resultsMax),
	);
	const warnings = [...parameters.unsupported];
	// Keys that were only to be returned need no warning.
	const ignored = found.ignoredKeys.filter((tag) => keys.some(({ path }) => path[0] === tag));
	if (ignored.length > 0) {
		const tags = ignored.map(formatTag).join(', ');
		warnings.push(`Matching of these attributes is not supported and was not performed: ${tags}`);
	}
	const remaining = Math.max(0, found.matches.length - offset - results.length);
	if (remaining > 0 && results.length > 0) {
		warnings.push(`There are ${remaining} additional results that can be requested`);
	}
	const fields = warnings.map((text): HttpField => [
		'Warning',
		`299 ${context.serviceUri}: ${text}`,
	]);
	if (results.length === 0) return { status: 204, fields, body: [] };
	const json = results.map((result) => resultJson(result, level, context.serviceUri));
	return jsonResponse(200, json, fields);
}

function keysOf({ studyUid, seriesUid }: Reference) {
	return [
		...(studyUid === undefined ? [] : [{ path: [STUDY_UID], value: studyUid }]),
		...(seriesUid === undefined ? [] : [{ path: [SERIES_UID], value: seriesUid }]),
	];
}

function tooBroad(matches: number, matchesMax: number): HttpProblem {
	return {
		status: 413,
		text: `The search is too broad: ${matches} matches, ${matchesMax} at most. Add keys, or page with limit and offset.`,
	};
}

/** The result with its Retrieve URL (0008,1190). */
function resultJson(match: SearchMatch, level: QueryLevel, serviceUri: string): JsonDataSet {
	const { attributes, object, include } = match;
	const uid = (keyword: string): string => attributes.text(keyword) ?? '';
	const url = referenceUrl(serviceUri, {
		studyUid: uid('StudyInstanceUID'),
		...(level === 'STUDY' ? {} : { seriesUid: uid('SeriesInstanceUID') }),
		...(level === 'IMAGE' ? { instanceUid: uid('SOPInstanceUID') } : {}),
	});
	attributes.set('RetrieveURL', url);
	const json = dataSetToJson(attributes);
	if (!object) return json;
	const all = { ...dataSetToJson(object, include ? { include } : {}), ...json };
	return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}
