import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { entryOf, tagOf } from '#lib/protocol/dicom/dataset/dictionary.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import type { ServiceRequest } from '../../dicom/service-request.ts';

/** The levels of the Query/Retrieve information models, from the top (PS3.4 C.6.1, C.6.2). */
export const LEVELS = ['PATIENT', 'STUDY', 'SERIES', 'IMAGE'] as const;

export type Level = (typeof LEVELS)[number];

/** The unique key of each level. */
export const UNIQUE_KEY = {
	PATIENT: 'PatientID',
	STUDY: 'StudyInstanceUID',
	SERIES: 'SeriesInstanceUID',
	IMAGE: 'SOPInstanceUID',
} as const satisfies Record<Level, string>;

const STUDY_ROOT: readonly Level[] = ['STUDY', 'SERIES', 'IMAGE'];

/** SOP classes of the service, and the levels that their information model has. */
const MODELS: ReadonlyMap<string, readonly Level[]> = new Map<string, readonly Level[]>([
	[UID.FINDPatientRootQueryRetrieveInformationModel, LEVELS],
	[UID.MOVEPatientRootQueryRetrieveInformationModel, LEVELS],
	[UID.GETPatientRootQueryRetrieveInformationModel, LEVELS],
	[UID.FINDStudyRootQueryRetrieveInformationModel, STUDY_ROOT],
	[UID.MOVEStudyRootQueryRetrieveInformationModel, STUDY_ROOT],
	[UID.GETStudyRootQueryRetrieveInformationModel, STUDY_ROOT],
]);

/** The SOP classes of query and retrieve that the archive serves. */
export const QUERY_RETRIEVE_CLASSES: readonly string[] = [...MODELS.keys()];

/** A request identifier that its information model allows, or why it gets A900. */
export type Identified =
	| { ok: true; identifier: DataSet; level: Level; levels: readonly Level[] }
	| { ok: false; comment: string; offendingElements: number[] };

/**
 * Reads a request identifier and holds it against its information model (PS3.4 C.4.1.2, C.4.2.2): the level
 * must be one of the model, and the unique key of every level above must have a single value, unless
 * relational queries were negotiated. A retrieve also needs the unique key of its own level, where a list of
 * UIDs is allowed, and none of a level below: moving more than was meant helps nobody.
 */
export function identify(
	request: ServiceRequest,
	use: { retrieve: boolean; relational: boolean },
): Identified {
	const levels = MODELS.get(request.context.abstractSyntax);
	if (!levels) return refused('SOP class of no information model here', []);
	const decoded = decodeDataSet(request.data, { transferSyntax: request.context.transferSyntax });
	if (!decoded.ok) return refused('Identifier cannot be read', []);
	const identifier = decoded.dataSet;
	const text = identifier.text('QueryRetrieveLevel')?.trim() ?? '';
	const level = levels.find((known) => known === text);
	if (!level) {
		const comment = text === '' ? 'Query/Retrieve Level missing' : `No level ${text} in this model`;
		return refused(comment, ['QueryRetrieveLevel']);
	}
	const at = levels.indexOf(level);
	if (!use.relational) {
		const bad = levels.slice(0, at).find((above) => !isSingleValued(identifier, above));
		if (bad) return refused(`${UNIQUE_KEY[bad]} must have one value`, [UNIQUE_KEY[bad]]);
	}
	if (use.retrieve) {
		const own = UNIQUE_KEY[level];
		if (level === 'PATIENT' ? !isSingleValued(identifier, level) : !hasValue(identifier, level)) {
			return refused(`${own} missing`, [own]);
		}
		const below = levels.slice(at + 1).find((lower) => hasValue(identifier, lower));
		if (below) return refused(`${UNIQUE_KEY[below]} is below level ${level}`, [UNIQUE_KEY[below]]);
	}
	return { ok: true, identifier, level, levels };
}

/** The values of a unique key: one, or a list of UIDs. */
export function uniqueValues(identifier: DataSet, level: Level): string[] {
	return identifier.texts(UNIQUE_KEY[level]).filter((value) => value !== '');
}

function hasValue(identifier: DataSet, level: Level): boolean {
	return uniqueValues(identifier, level).length > 0;
}

function isSingleValued(identifier: DataSet, level: Level): boolean {
	const [value, another] = uniqueValues(identifier, level);
	if (value === undefined || another !== undefined) return false;
	return level !== 'PATIENT' || !/[*?]/.test(value);
}

function refused(comment: string, keywords: readonly string[]): Identified {
	return { ok: false, comment, offendingElements: keywords.map(tagOf) };
}

/** Whether an attribute of the identifier asks for certain values. */
export function asksForValue(identifier: DataSet, tag: number): boolean {
	if (entryOf(tag)?.vr !== 'SQ') return (identifier.text(tag) ?? '') !== '';
	return identifier
		.items(tag)
		.some((item) => item.tags().some((inner) => asksForValue(item, inner)));
}
