/** The resources of the Studies Service (PS3.18 10.1.1) by their paths below the service. */
import type { HttpProblem } from '../../http/message.ts';

export type QueryLevel = 'STUDY' | 'SERIES' | 'IMAGE';

/** A study, one of its series, or an instance of that. */
export interface Reference {
	readonly studyUid?: string;
	readonly seriesUid?: string;
	readonly instanceUid?: string;
}

export type WebResource =
	| { readonly kind: 'service' }
	/** The studies, series or instances of all, of a study or of a series. */
	| { readonly kind: 'collection'; readonly level: QueryLevel; readonly reference: Reference }
	| { readonly kind: 'instances'; readonly reference: Reference }
	| { readonly kind: 'metadata'; readonly reference: Reference }
	/** Tags and item numbers from 1, as in the BulkDataURI. */
	| { readonly kind: 'bulkdata'; readonly reference: Reference; readonly path: readonly string[] }
	/** Frame numbers from 1. */
	| { readonly kind: 'frames'; readonly reference: Reference; readonly frames: readonly number[] }
	| { readonly kind: 'rendered'; readonly reference: Reference; readonly frame: number };

const UID = /^[0-9]+(\.[0-9]+)*$/;
const UID_LENGTH_MAX = 64;
const FRAMES_MAX = 10_000;
const COLLECTIONS = { studies: 'STUDY', series: 'SERIES', instances: 'IMAGE' } as const;
const KEYS = { studies: 'studyUid', series: 'seriesUid', instances: 'instanceUid' } as const;

const isCollection = (name: string | undefined): name is keyof typeof COLLECTIONS =>
	name !== undefined && Object.hasOwn(COLLECTIONS, name);

/** The resource at a path; 404 for one that there is none, 400 for a UID or frame list that is none. */
export function parseResource(segments: readonly string[]): WebResource | HttpProblem {
	if (segments.length === 0) return { kind: 'service' };
	const reference: { -readonly [K in keyof Reference]: Reference[K] } = {};
	let rest = segments;
	let level = 0;
	while (isCollection(rest[0])) {
		const [name, uid] = rest;
		const place = Object.keys(COLLECTIONS).indexOf(name);
		// Levels go down; only a collection may be reached by a shorter way, such as /studies/1/instances.
		if (place < level) return nothing(segments);
		if (uid === undefined) return { kind: 'collection', level: COLLECTIONS[name], reference };
		if (place > level) return nothing(segments);
		if (!UID.test(uid) || uid.length > UID_LENGTH_MAX) return bad(`"${uid}" is no UID.`);
		reference[KEYS[name]] = uid;
		level = place + 1;
		rest = rest.slice(2);
	}
	return level === 0 ? nothing(segments) : below(rest, reference, segments);
}

/** What is below a study, series or instance. */
function below(
	rest: readonly string[],
	reference: Reference,
	segments: readonly string[],
): WebResource | HttpProblem {
	const [name, argument = '', last, ...more] = rest;
	const isInstance = reference.instanceUid !== undefined;
	if (name === undefined) return { kind: 'instances', reference };
	if (name === 'metadata' && rest.length === 1) return { kind: 'metadata', reference };
	if (isInstance && name === 'rendered' && rest.length === 1) {
		return { kind: 'rendered', reference, frame: 1 };
	}
	if (isInstance && name === 'bulkdata' && rest.length > 1) {
		return { kind: 'bulkdata', reference, path: rest.slice(1) };
	}
	if (!isInstance || name !== 'frames' || rest.length < 2 || more.length > 0) {
		return nothing(segments);
	}
	const frames = argument
		.split(',')
		.map((text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0));
	if (frames.includes(0) || frames.length > FRAMES_MAX) {
		return bad(`"${argument}" is no list of frame numbers from 1, such as 1,2,5.`);
	}
	if (last === undefined) return { kind: 'frames', reference, frames };
	if (last !== 'rendered') return nothing(segments);
	if (frames.length > 1) return bad('Rendered are single frames only.');
	return { kind: 'rendered', reference, frame: frames[0] ?? 1 };
}

const bad = (text: string): HttpProblem => ({ status: 400, text });

function nothing(segments: readonly string[]): HttpProblem {
	return { status: 404, text: `There is no resource /${segments.join('/')} in this service.` };
}

/** The URL of a study, series or instance. */
export function referenceUrl(serviceUri: string, reference: Reference): string {
	const { studyUid, seriesUid, instanceUid } = reference;
	const parts = [`${serviceUri}/studies/${studyUid ?? ''}`];
	if (seriesUid !== undefined) parts.push(`series/${seriesUid}`);
	if (instanceUid !== undefined) parts.push(`instances/${instanceUid}`);
	return parts.join('/');
}
