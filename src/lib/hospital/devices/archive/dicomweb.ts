import type { Process } from '#lib/kernel/process.ts';
import { milliseconds } from '#lib/kernel/time.ts';
import { inSubnet, parseAddress, parseCidr } from '#lib/network/address.ts';
import type { DataElement, DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { encodeDataSet, joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import type {
	ArchivePort,
	SearchMatch,
	SearchOutcome,
	WebInstance,
} from '#lib/protocol/dicom/web/archive-port.ts';
import { BINARY_VRS } from '#lib/protocol/dicom/web/json-model.ts';
import { answer } from '#lib/protocol/dicom/web/origin-server.ts';
import type { QueryLevel, Reference } from '#lib/protocol/dicom/web/resource.ts';
import {
	FAILURE,
	storeFailure,
	storeResponse,
	type StoreItem,
	type StoreOutcome,
} from '#lib/protocol/dicom/web/store.ts';
import {
	sizeOf,
	type HttpProblem,
	type HttpRequest,
	type HttpResponse,
	type RequestHead,
} from '#lib/protocol/http/message.ts';
import { z } from 'zod';
import type { Device } from '../../device.ts';
import { STORAGE_CLASSES, STORAGE_SYNTAXES } from '../../dicom/storage-classes.ts';
import { answerIdentifier, matches, unsupportedKeys } from '../../dicom/match-identifier.ts';
import { PRODUCTS } from '../../products.ts';
import { HttpService } from '../../web/http-service.ts';
import { LEVELS } from './information-model.ts';
import type { ReceivedObject, StoreStatus } from './keep-object.ts';
import { entities, levelOf, recordOf, type Entity } from './query-attributes.ts';
import { instancesOf, type StudyStore } from './study-store.ts';

/** The DICOMweb service of an archive; an archive without this has none. */
export const dicomWebSchema = z.strictObject({
	port: z.int().min(1).max(65_535).default(8_042),
	/** Addresses and networks that may use it; nobody else gets more than 403. Everybody unless given. */
	allow: z
		.array(
			z.string().refine((text) => parseCidr(text) !== undefined, 'use 10.0.0.1 or 10.0.0.0/24'),
		)
		.optional(),
	/** Whether it takes new objects. */
	mayStore: z.boolean().default(true),
	/** A larger request gets 413. */
	maximumBodyMB: z.number().positive().max(1_024).default(10),
});

export type DicomWebConfig = z.infer<typeof dicomWebSchema>;

/** What the service needs of its archive. */
export interface WebArchive extends Device {
	readonly store: StudyStore;
	readonly config: { readonly aeTitle: string };
	keep(object: ReceivedObject, service: string): StoreStatus;
}

/** Path of the service, as in many products. */
const PREFIX = ['dicom-web'];
const RESULTS_MAX = 1_000;
const MATCHES_MAX = 10_000;
const PAYLOAD_BYTES_MAX = 256 * 1024 * 1024;
const CONNECTIONS_MAX = 50;
/** What the database takes to look up. */
const LOOK_UP_US = milliseconds(4);

/** Reading and writing disks: a little longer the more there is of it. */
const diskUs = (sizeBytes: number): number => Math.floor(sizeBytes / 200);

/** The DICOMweb origin server of an archive: its studies over HTTP (PS3.18 chapter 10). */
export function dicomWebService(archive: WebArchive, config: DicomWebConfig): HttpService {
	const port = webPort(archive);
	const options = {
		prefix: PREFIX,
		authority: `${archive.host.id}:${config.port}`,
		resultsMax: RESULTS_MAX,
		matchesMax: MATCHES_MAX,
		payloadBytesMax: PAYLOAD_BYTES_MAX,
		implementationClassUid: PRODUCTS.archive.classUid,
		implementationVersionName: PRODUCTS.archive.versionName,
		sourceAeTitle: archive.config.aeTitle,
	};
	return new HttpService(archive, {
		port: () => config.port,
		product: PRODUCTS.archive.versionName,
		limits: { bodyBytes: Math.floor(config.maximumBodyMB * 1024 * 1024) },
		connectionsMax: CONNECTIONS_MAX,
		admit: (head, peerAddress) => admit(config, head, peerAddress),
		*serve(request: HttpRequest, peerAddress: string): Process<HttpResponse> {
			yield* archive.world.kernel.sleep(LOOK_UP_US);
			const reply = answer(port, request, options);
			if (reply.kind === 'response') {
				yield* archive.world.kernel.sleep(diskUs(sizeOf(reply.response.body)));
				return reply.response;
			}
			const outcomes: StoreOutcome[] = [];
			for (const item of reply.items) {
				outcomes.push(yield* storeItem(archive, item, reply.studyUid, peerAddress));
			}
			return storeResponse(outcomes, reply.serviceUri, reply.studyUid);
		},
	});
}

function admit(
	config: DicomWebConfig,
	head: RequestHead,
	peerAddress: string,
): HttpProblem | undefined {
	const peer = parseAddress(peerAddress);
	const allowed = config.allow?.some((text) => {
		const range = parseCidr(text);
		return range && peer !== undefined && inSubnet(peer, range.address, range.prefix);
	});
	if (allowed === false) return { status: 403, text: `${peerAddress} may not use this service.` };
	if (head.method === 'POST' && !config.mayStore) {
		return { status: 403, text: 'This service takes no new objects.' };
	}
	return undefined;
}

function* storeItem(
	archive: WebArchive,
	item: StoreItem,
	studyUid: string | undefined,
	peerAddress: string,
): Process<StoreOutcome> {
	if (item.kind === 'unreadable') {
		archive.log('ERROR', `STOW-RS from ${peerAddress}: a part is no DICOM file`);
		return item;
	}
	const { instance } = item;
	yield* archive.world.kernel.sleep(milliseconds(2) + diskUs(item.sizeBytes));
	const refused = storeFailure(instance, studyUid) ?? unsupported(instance);
	if (refused !== undefined) {
		const reason = refused.toString(16).toUpperCase().padStart(4, '0');
		archive.log('ERROR', `STOW-RS from ${peerAddress}: ${reason} ${instance.sopInstanceUid}`);
		return { kind: 'failed', instance, failureReason: refused };
	}
	const { dataSet, transferSyntax, sopClassUid, sopInstanceUid } = instance;
	const { status } = archive.keep(
		{
			sopClassUid,
			sopInstanceUid,
			transferSyntax,
			bytes: joinBytes(encodeDataSet(dataSet, { transferSyntax })),
			callingAeTitle: peerAddress,
			receivedUs: archive.world.kernel.nowUs,
		},
		'STOW-RS',
	);
	if (status === 0) return { kind: 'stored', instance };
	if ((status & 0xf000) === 0xb000) return { kind: 'stored', instance, warningReason: status };
	return { kind: 'failed', instance, failureReason: status };
}

/** The same classes and transfer syntaxes as with C-STORE. */
function unsupported({ sopClassUid, transferSyntax }: WebInstance): number | undefined {
	if (!STORAGE_CLASSES.includes(sopClassUid)) return FAILURE.sopClassNotSupported;
	if (!STORAGE_SYNTAXES.includes(transferSyntax)) return FAILURE.transferSyntaxNotSupported;
	return undefined;
}

/** The archive's database as the web services see it: the records and the matching of C-FIND. */
export function webPort({ store, config }: Pick<WebArchive, 'store' | 'config'>): ArchivePort {
	return {
		search: (level, identifier, all) => {
			const source = { store, retrieveAeTitle: config.aeTitle };
			return searchStore(source, level, identifier, all);
		},
		instances: (reference) => [...instancesAt(store, reference)],
	};
}

function searchStore(
	source: { store: StudyStore; retrieveAeTitle: string },
	level: QueryLevel,
	identifier: DataSet,
	all: boolean,
): SearchOutcome {
	const known = new Set(LEVELS.slice(0, LEVELS.indexOf(level) + 1));
	const found: SearchMatch[] = [];
	let ignoredKeys: number[] = [];
	for (const entity of entities(source.store, level)) {
		const record = recordOf(identifier, known, { ...entity, ...source });
		if (!matches(identifier, record)) continue;
		ignoredKeys = unsupportedKeys(identifier, record);
		const attributes = answerIdentifier(identifier, record, ignoredKeys);
		found.push(all ? { attributes, ...everythingOf(entity, level) } : { attributes });
	}
	return { matches: found, ignoredKeys };

	/** Of an instance all but octets; of a series or study what its first object says of that level. */
	function everythingOf(entity: Entity, at: QueryLevel): Partial<SearchMatch> {
		const first = entity.instance ?? entity.series?.instances.values().next().value;
		const object = (first ?? instancesOf(entity.study)[0])?.dataSet;
		if (!object) return {};
		const include = ({ tag, vr }: DataElement): boolean => {
			if (BINARY_VRS.has(vr)) return false;
			const own = levelOf(tag);
			return at === 'IMAGE' || (own !== undefined && known.has(own));
		};
		return { object, include };
	}
}

function* instancesAt(
	store: StudyStore,
	{ studyUid, seriesUid, instanceUid }: Reference,
): Generator<WebInstance> {
	const study = store.studies.get(studyUid ?? '');
	for (const instance of study ? instancesOf(study) : []) {
		if (seriesUid !== undefined && instance.seriesInstanceUid !== seriesUid) continue;
		if (instanceUid !== undefined && instance.sopInstanceUid !== instanceUid) continue;
		yield instance;
	}
}
