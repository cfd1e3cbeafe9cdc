import type { Process } from '#lib/kernel/process.ts';
import { milliseconds } from '#lib/kernel/time.ts';
import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import type { Device } from '../../device.ts';
import {
	answerIdentifier,
	matches,
	unsupportedKeys,
	type MatchOptions,
	type QueryRecord,
} from '../../dicom/match-identifier.ts';
import type { ServiceRequest } from '../../dicom/service-request.ts';
import { asksForValue, identify, LEVELS, type Level } from './information-model.ts';
import { entities, identityOf, levelOf, recordOf } from './query-attributes.ts';
import type { StudyStore } from './study-store.ts';

export interface QueryOptions {
	archive: Device;
	store: StudyStore;
	retrieveAeTitle: string;
	/** More matches than this are not sent; 0 means no limit. */
	maximumMatches: number;
	/** Whether the requestor learns of the limit by A700, or gets a success that hides it. */
	beyondMaximum: 'refuse' | 'truncate';
}

/**
 * Extended negotiation of C-FIND that the archive agrees to (PS3.4 C.5.1.1): relational queries, combined date
 * and time matching; no fuzzy names, time zone adjustment or conversion; empty and multiple value matching.
 */
export const FIND_OPTIONS: readonly number[] = [1, 1, 0, 0, 0, 1, 1];

/** What the database takes to look up, and to hand over the next rows. A C-CANCEL can come meanwhile. */
const LOOK_UP_US = milliseconds(4);
const ROWS_US = milliseconds(2);
const ROWS = 20;

/**
 * C-FIND of the Patient Root and Study Root Query/Retrieve Information Models (PS3.4 C.4.1): pending
 * responses and one final status. Returns what the log says of it.
 */
export function* serveFind(options: QueryOptions, request: ServiceRequest): Process<string> {
	const negotiated = request.extendedNegotiation ?? new Uint8Array(0);
	const relational = negotiated[0] === 1;
	const identified = identify(request, { retrieve: false, relational });
	if (!identified.ok) {
		const { comment, offendingElements } = identified;
		const detail = { status: 0xa900, errorComment: comment, offendingElements };
		request.respond(responseTo(request.command, detail));
		return `failed A900 (${comment})`;
	}
	const { identifier, level, levels } = identified;
	yield* options.archive.world.kernel.sleep(LOOK_UP_US);
	const found = matchesOf(options, { identifier, level, levels, relational }, matching(negotiated));
	let count = 0;
	for (const record of found) {
		if (request.cancelled || !request.alive) break;
		if (count === options.maximumMatches && options.maximumMatches > 0) {
			return finishBeyondMaximum(options, request, count);
		}
		sendMatch(request, identifier, record);
		count++;
		if (count % ROWS === 0) yield* options.archive.world.kernel.sleep(ROWS_US);
	}
	if (!request.alive) return `${count} matches sent, then the association ended`;
	request.respond(responseTo(request.command, { status: request.cancelled ? 0xfe00 : 0x0000 }));
	return request.cancelled ? `cancelled after ${count} matches` : `${count} matches`;
}

function matching(negotiated: Uint8Array): MatchOptions {
	return {
		combinedDateTime: negotiated[1] === 1,
		emptyValue: negotiated[5] === 1,
		multipleValue: negotiated[6] === 1,
	};
}

interface Query {
	identifier: DataSet;
	level: Level;
	levels: readonly Level[];
	relational: boolean;
}

/**
 * The records that match, one for each entity of the query level. A relational query may ask with keys of a
 * lower level: then it finds the entities that have something below them that matches.
 */
function* matchesOf(
	{ store, retrieveAeTitle }: QueryOptions,
	{ identifier, level, levels, relational }: Query,
	options: MatchOptions,
): Generator<QueryRecord> {
	const deepest = relational ? deepestLevel(identifier, level) : level;
	const known = new Set(LEVELS.slice(0, LEVELS.indexOf(deepest) + 1));
	// The models differ in their top level only: in Study Root the patient belongs to the study.
	if (!levels.includes('PATIENT')) known.add('PATIENT');
	const seen = new Set<string>();
	for (const entity of entities(store, deepest)) {
		const identity = identityOf(entity, level);
		if (seen.has(identity)) continue;
		const record = recordOf(identifier, known, { ...entity, store, retrieveAeTitle });
		if (!matches(identifier, record, options)) continue;
		seen.add(identity);
		yield record;
	}
}

function deepestLevel(identifier: DataSet, level: Level): Level {
	const asked = identifier
		.tags()
		.filter((tag) => asksForValue(identifier, tag))
		.map((tag) => LEVELS.indexOf(levelOf(tag) ?? level));
	return LEVELS[Math.max(LEVELS.indexOf(level), ...asked)] ?? level;
}

/** FF01 when a key is not supported: it was not matched and is not in the response (PS3.4 C.2.2.1.3). */
function sendMatch(request: ServiceRequest, identifier: DataSet, record: QueryRecord): void {
	const omit = unsupportedKeys(identifier, record);
	const answer = answerIdentifier(identifier, record, omit);
	// Where to retrieve from belongs in every response (PS3.4 C.4.1.1.3.2).
	answer.set('RetrieveAETitle', String(record['RetrieveAETitle']));
	const { transferSyntax } = request.context;
	request.respond(
		responseTo(request.command, { status: omit.length > 0 ? 0xff01 : 0xff00, withDataSet: true }),
		encodeDataSet(answer, { transferSyntax }),
	);
}

function finishBeyondMaximum(options: QueryOptions, request: ServiceRequest, sent: number): string {
	const refuse = options.beyondMaximum === 'refuse';
	request.respond(
		responseTo(
			request.command,
			refuse ? { status: 0xa700, errorComment: `More than ${sent} matches` } : { status: 0x0000 },
		),
	);
	return `${sent} matches sent, more found (limit ${options.maximumMatches})`;
}
