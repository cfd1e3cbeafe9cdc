import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { tagOf } from '#lib/protocol/dicom/dataset/dictionary.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cCancelRequest, cFindRequest } from '#lib/protocol/dicom/dimse/services.ts';
import { expect, test } from 'vitest';
import type { AssociationTarget } from '../../dicom/service-class-user.ts';
import type { World } from '../../world.ts';
import {
	archiveWorld,
	context,
	exchange,
	identifierOf,
	keep,
	responseOf,
	study,
	talk,
	type Response,
	type Values,
} from '../../../../../tests/support/archive-conversation.ts';

const STUDY_ROOT = UID.FINDStudyRootQueryRetrieveInformationModel;
const PATIENT_ROOT = UID.FINDPatientRootQueryRetrieveInformationModel;

interface Ask {
	model?: string;
	/** Extended negotiation of C-FIND. */
	negotiate?: number[];
	cancelAfter?: number;
}

function find(world: World, keys: Values, ask: Ask = {}): Response[] {
	const model = ask.model ?? STUDY_ROOT;
	const changes: Partial<AssociationTarget> = ask.negotiate
		? {
				extendedNegotiations: [{ sopClassUid: model, information: Uint8Array.from(ask.negotiate) }],
			}
		: {};
	const command = cFindRequest({ messageId: 9, sopClassUid: model });
	return talk(
		world,
		[context(model)],
		(link) => exchange(link, model, command, identifierOf(keys), ask.cancelAfter),
		changes,
	);
}

const statuses = (responses: Response[]): number[] => responses.map(({ status }) => status);
const found = (responses: Response[], keyword: string): (string | undefined)[] =>
	responses.slice(0, -1).map(({ identifier }) => identifier?.text(keyword));

/** Three studies of two patients. */
function filledArchive(changes: Parameters<typeof archiveWorld>[0] = {}) {
	const { world, archive } = archiveWorld(changes);
	const person = { PatientID: 'P1', PatientName: 'Larch^Zoë', StudyDate: '20260309' };
	const one = study('one', { ...person, StudyTime: '083000', AccessionNumber: 'A1' });
	const two = study('two', { ...person, StudyTime: '1800', StudyDate: '20260310' }, 2);
	const other = study('three', { PatientID: 'P2', PatientName: 'Elm^Bo', StudyDate: '' }, 1);
	for (const objects of [one, two, other]) keep(archive, objects);
	const uids = [one, two, other].map(([first]) => first?.text('StudyInstanceUID') ?? '');
	const series = [one, two, other].map(([first]) => first?.text('SeriesInstanceUID') ?? '');
	return { world, archive, uids, series };
}

test('Patient Root: each level below the keys of the levels above it', () => {
	const { world, uids, series } = filledArchive();
	const ask = { model: PATIENT_ROOT };
	const patients = find(
		world,
		{
			QueryRetrieveLevel: 'PATIENT',
			PatientID: '',
			PatientName: '',
			NumberOfPatientRelatedStudies: '',
			NumberOfPatientRelatedInstances: '',
		},
		ask,
	);
	expect(statuses(patients)).toEqual([0xff00, 0xff00, 0x0000]);
	expect(found(patients, 'PatientID')).toEqual(['P1', 'P2']);
	expect(found(patients, 'NumberOfPatientRelatedStudies')).toEqual(['2', '1']);
	expect(found(patients, 'NumberOfPatientRelatedInstances')).toEqual(['5', '1']);
	const studies = { QueryRetrieveLevel: 'STUDY', PatientID: 'P1', StudyInstanceUID: '' };
	expect(found(find(world, studies, ask), 'StudyInstanceUID')).toEqual(uids.slice(0, 2));
	const images = {
		QueryRetrieveLevel: 'IMAGE',
		PatientID: 'P1',
		StudyInstanceUID: uids[1] ?? '',
		SeriesInstanceUID: series[1] ?? '',
		SOPInstanceUID: '',
		InstanceNumber: '',
	};
	expect(found(find(world, images, ask), 'InstanceNumber')).toEqual(['1', '2']);
});

test.each([
	['no level', {}, 'QueryRetrieveLevel'],
	['a level of the other model', { QueryRetrieveLevel: 'PATIENT' }, 'QueryRetrieveLevel'],
	['no study above a series', { QueryRetrieveLevel: 'SERIES' }, 'StudyInstanceUID'],
	[
		'two studies above a series',
		{ QueryRetrieveLevel: 'SERIES', StudyInstanceUID: '1.2\\1.3' },
		'StudyInstanceUID',
	],
	[
		'no series above an image',
		{ QueryRetrieveLevel: 'IMAGE', StudyInstanceUID: '1.2' },
		'SeriesInstanceUID',
	],
])('A900 for %s, with the offending element', (_, keys, keyword) => {
	const { world } = filledArchive();
	const [only, ...more] = find(world, keys);
	expect(more).toEqual([]);
	expect(only?.status).toBe(0xa900);
	expect(only?.command.OffendingElement).toEqual([tagOf(keyword)]);
	expect(only?.command.ErrorComment).not.toBe('');
});

test('A900 for a wildcard in the patient ID above a study, and for an identifier that is none', () => {
	const { world } = filledArchive();
	const keys = { QueryRetrieveLevel: 'STUDY', PatientID: 'P*' };
	expect(statuses(find(world, keys, { model: PATIENT_ROOT }))).toEqual([0xa900]);
	const command = cFindRequest({ messageId: 1, sopClassUid: STUDY_ROOT });
	const broken = talk(world, [context(STUDY_ROOT)], (link) =>
		exchange(link, STUDY_ROOT, command, [new Uint8Array(6)]),
	);
	expect(statuses(broken)).toEqual([0xa900]);
});

test('relational queries, once negotiated, ask across levels', () => {
	const { world, uids } = filledArchive();
	const series = { QueryRetrieveLevel: 'SERIES', SeriesInstanceUID: '', StudyInstanceUID: '' };
	expect(statuses(find(world, series))).toEqual([0xa900]);
	const relational = { negotiate: [1] };
	expect(found(find(world, series, relational), 'StudyInstanceUID')).toEqual(uids);
	// Studies that have an image with that number, each once.
	const studies = { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: '', InstanceNumber: '2' };
	const responses = find(world, studies, relational);
	expect(found(responses, 'StudyInstanceUID')).toEqual(uids.slice(0, 2));
	expect(statuses(responses)).toEqual([0xff00, 0xff00, 0x0000]);
	const modality = { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: '', Modality: 'MR' };
	expect(statuses(find(world, modality, relational))).toEqual([0x0000]);
});

test('FF01 for an optional key that is not supported; it is not answered', () => {
	const { world } = filledArchive();
	const keys = { QueryRetrieveLevel: 'STUDY', PatientID: 'P2', PatientReligiousPreference: '' };
	const responses = find(world, keys);
	expect(statuses(responses)).toEqual([0xff01, 0x0000]);
	expect(responses[0]?.identifier?.has('PatientReligiousPreference')).toBe(false);
	expect(responses[0]?.identifier?.text('PatientID')).toBe('P2');
	// A key of a level below is one of those, whatever its value.
	const below = { QueryRetrieveLevel: 'STUDY', PatientID: 'P2', Modality: 'MR' };
	expect(statuses(find(world, below))).toEqual([0xff01, 0x0000]);
});

test('every response has its level, the retrieve AE title and the counts asked for', () => {
	const { world } = filledArchive();
	const keys = {
		QueryRetrieveLevel: 'STUDY',
		AccessionNumber: 'A1',
		ModalitiesInStudy: '',
		SOPClassesInStudy: '',
		NumberOfStudyRelatedSeries: '',
		NumberOfStudyRelatedInstances: '',
		InstanceAvailability: '',
	};
	const [first] = find(world, keys);
	const identifier = first?.identifier;
	expect(identifier?.text('QueryRetrieveLevel')).toBe('STUDY');
	expect(identifier?.text('RetrieveAETitle')).toBe('PACS1');
	expect(identifier?.text('InstanceAvailability')).toBe('ONLINE');
	expect(identifier?.text('ModalitiesInStudy')).toBe('CT');
	expect(identifier?.text('SOPClassesInStudy')).toBe(UID.CTImageStorage);
	expect(identifier?.text('NumberOfStudyRelatedSeries')).toBe('1');
	expect(identifier?.text('NumberOfStudyRelatedInstances')).toBe('3');
});

test('a query in UTF-8 finds Latin-1 names, and the answer says its character set', () => {
	const { world } = filledArchive();
	const keys = { QueryRetrieveLevel: 'STUDY', PatientName: 'LARCH^ZOË' };
	const utf8 = find(world, { ...keys, SpecificCharacterSet: 'ISO_IR 192' });
	expect(statuses(utf8)).toEqual([0xff00, 0xff00, 0x0000]);
	expect(utf8[0]?.identifier?.text('SpecificCharacterSet')).toBe('ISO_IR 100');
	expect(utf8[0]?.identifier?.text('PatientName')).toBe('Larch^Zoë');
	// E and a combining diaeresis: the same letter written in two characters.
	const apart = { ...keys, PatientName: 'larch^zoe\u0308', SpecificCharacterSet: 'ISO_IR 192' };
	expect(find(world, apart).length).toBe(3);
	expect(find(world, { ...keys, PatientName: 'larch^zo*' }).length).toBe(3);
	expect(find(world, { ...keys, PatientName: 'larch^zoe' }).length).toBe(1);
});

test('what the database knows in another script is answered in UTF-8', () => {
	const { world, archive, uids } = filledArchive();
	const stored = archive.store.studies.get(uids[2] ?? '');
	if (!stored) throw new Error('not stored');
	stored.patientName = 'Wang^XiaoDong=王^小東';
	const keys = { QueryRetrieveLevel: 'STUDY', PatientID: 'P2', PatientName: '' };
	const [first] = find(world, keys);
	expect(first?.identifier?.text('SpecificCharacterSet')).toBe('ISO_IR 192');
	expect(first?.identifier?.text('PatientName')).toBe('Wang^XiaoDong=王^小東');
});

test('date and time ranges: an empty date is in none, combined only when negotiated', () => {
	const { world } = filledArchive();
	const dated = { QueryRetrieveLevel: 'STUDY', PatientID: '', StudyDate: '20000101-20991231' };
	expect(found(find(world, dated), 'PatientID')).toEqual(['P1', 'P1']);
	expect(find(world, { ...dated, StudyDate: '' }).length).toBe(4);
	// From 9 March 12:00 to 10 March 19:00: the first study is at 08:30 on 9 March.
	const range = { ...dated, StudyDate: '20260309-20260310', StudyTime: '1200-1900' };
	expect(find(world, range).length).toBe(2);
	const morning = { ...dated, StudyDate: '20260309-20260310', StudyTime: '0800-0900' };
	expect(found(find(world, morning), 'StudyDate')).toEqual(['20260309']);
	const combined = { negotiate: [0, 1] };
	expect(found(find(world, morning, combined), 'StudyDate')).toEqual(['20260309']);
	const late = { ...dated, StudyDate: '20260309-20260310', StudyTime: '0900-2000' };
	expect(found(find(world, late, combined), 'StudyDate')).toEqual(['20260310']);
	const wide = { ...dated, StudyDate: '20260309-20260310', StudyTime: '2000-1900' };
	expect(find(world, wide).length).toBe(1);
	expect(found(find(world, wide, combined), 'StudyDate')).toEqual(['20260310']);
});

test('empty value matching only when negotiated', () => {
	const { world } = filledArchive();
	const keys = { QueryRetrieveLevel: 'STUDY', PatientID: '', StudyDate: '""' };
	expect(statuses(find(world, keys))).toEqual([0x0000]);
	const negotiated = find(world, keys, { negotiate: [0, 0, 0, 0, 0, 1] });
	expect(found(negotiated, 'PatientID')).toEqual(['P2']);
});

test('matching inside a sequence', () => {
	const { world, uids } = filledArchive();
	const series = (id: string): Values => ({
		QueryRetrieveLevel: 'SERIES',
		StudyInstanceUID: uids[0] ?? '',
		RequestAttributesSequence: [DataSet.from({ ScheduledProcedureStepID: id })],
	});
	const responses = find(world, series('SPS2603090001'));
	expect(statuses(responses)).toEqual([0xff00, 0x0000]);
	const items = responses[0]?.identifier?.items('RequestAttributesSequence');
	expect(items?.map((item) => item.text('ScheduledProcedureStepID'))).toEqual(['SPS2603090001']);
	expect(statuses(find(world, series('SPS9')))).toEqual([0x0000]);
});

test.each([
	['refuse', 0xa700],
	['truncate', 0x0000],
] as const)('beyond the maximum of matches: %s', (beyondMaximum, status) => {
	const { world } = filledArchive({ maximumMatches: 2, beyondMaximum });
	const all = { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: '' };
	expect(statuses(find(world, all))).toEqual([0xff00, 0xff00, status]);
	expect(statuses(find(world, { ...all, PatientID: 'P1' }))).toEqual([0xff00, 0xff00, 0x0000]);
});

/** More than the database hands over at once, so that a C-CANCEL can come in between. */
function longList(): World {
	const { world, archive } = archiveWorld();
	for (let i = 0; i < 50; i++) keep(archive, study(`s${i}`, {}, 1));
	return world;
}

const ALL = { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: '' };

test('C-CANCEL before the first match: FE00 and nothing else', () => {
	expect(statuses(find(longList(), ALL, { cancelAfter: 0 }))).toEqual([0xfe00]);
});

test('C-CANCEL midway: FE00 exactly once, and the association goes on', () => {
	const world = longList();
	const received = statuses(find(world, ALL, { cancelAfter: 5 }));
	expect(received.at(-1)).toBe(0xfe00);
	expect(received.length).toBeLessThan(51);
	expect(received.slice(0, -1).every((status) => status === 0xff00)).toBe(true);
	expect(find(world, ALL).length).toBe(51);
});

test('C-CANCEL after the final response, or of an unknown request, is nothing', () => {
	const world = longList();
	const after = talk(world, [context(STUDY_ROOT)], function* (link) {
		const command = cFindRequest({ messageId: 9, sopClassUid: STUDY_ROOT });
		const first = yield* exchange(link, STUDY_ROOT, command, identifierOf(ALL));
		for (const id of [9, 9, 4_711]) {
			link.connection.send({ contextId: 1, command: cCancelRequest(id) });
		}
		const again = cFindRequest({ messageId: 10, sopClassUid: STUDY_ROOT });
		const second = yield* exchange(link, STUDY_ROOT, again, identifierOf(ALL));
		return [first.at(-1)?.status, second.at(-1)?.status, first.length, second.length];
	});
	expect(after).toEqual([0x0000, 0x0000, 51, 51]);
});

test('a requestor that leaves in the middle of the answers ends the query', () => {
	const world = longList();
	talk(world, [context(STUDY_ROOT)], function* (link) {
		const command = cFindRequest({ messageId: 1, sopClassUid: STUDY_ROOT });
		responseOf(yield* link.request(STUDY_ROOT, command, identifierOf(ALL)));
		link.abort();
	});
	world.kernel.runUntil(world.kernel.nowUs + 1_000_000);
	const archive = world.device('pacs');
	expect(archive.logFile.lines.join('\n')).toContain('then the association ended');
});
