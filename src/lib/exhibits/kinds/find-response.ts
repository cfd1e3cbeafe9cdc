import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { Random } from '#lib/kernel/random.ts';
import { z } from 'zod';
import { drawCase } from '../clinical-case.ts';
import { defineExhibit } from '../define-exhibit.ts';
import { answersTo, queryWorld } from '../query/query-world.ts';
import {
	IDENTIFIERS,
	placeOrders,
	stationsOf,
	storeStudies,
	type RowChanges,
} from '../query/query-rows.ts';

/** One value for all rows, or one for each of the first rows. */
const perRow = <T extends z.ZodType>(value: T) => z.union([value, z.array(value).max(12)]);
const changes = z.strictObject({
	patientName: perRow(z.string().min(1).max(64)).optional(),
	patientId: perRow(z.string().min(1).max(64)).optional(),
	accession: perRow(z.string().min(1).max(16)).optional(),
	modality: perRow(z.enum(['CT', 'DX'])).optional(),
	station: perRow(z.string().min(1).max(16)).optional(),
});

function at<T>(value: T | T[] | undefined, row: number): T | undefined {
	return Array.isArray(value) ? value[row] : value;
}

/** A column: its heading, the fact that lists it, and where an answer has it. */
interface Column {
	heading: string;
	fact?: string;
	read(answer: DataSet): string;
}

const top =
	(keyword: string) =>
	(answer: DataSet): string =>
		answer.text(keyword) ?? '';
const step =
	(keyword: string) =>
	(answer: DataSet): string =>
		answer.items('ScheduledProcedureStepSequence')[0]?.text(keyword) ?? '';

const PATIENT: readonly Column[] = [
	{ heading: 'Patient name', fact: 'names', read: top('PatientName') },
	{ heading: 'Patient ID', fact: 'patientIds', read: top('PatientID') },
	{ heading: 'Accession number', fact: 'accessions', read: top('AccessionNumber') },
];

const COLUMNS: Record<'worklist' | 'study', readonly Column[]> = {
	worklist: [
		...PATIENT,
		{ heading: 'Modality', fact: 'modalities', read: step('Modality') },
		{
			heading: 'Scheduled station AE title',
			fact: 'stations',
			read: step('ScheduledStationAETitle'),
		},
		{ heading: 'Start date', fact: 'dates', read: step('ScheduledProcedureStepStartDate') },
		{ heading: 'Start time', fact: 'times', read: step('ScheduledProcedureStepStartTime') },
		{ heading: 'Procedure', read: top('RequestedProcedureDescription') },
	],
	study: [
		...PATIENT,
		{ heading: 'Modalities in study', fact: 'modalities', read: top('ModalitiesInStudy') },
		{ heading: 'Study date', fact: 'dates', read: top('StudyDate') },
		{ heading: 'Study time', fact: 'times', read: top('StudyTime') },
		{ heading: 'Study description', read: top('StudyDescription') },
		{ heading: 'Instances', fact: 'instances', read: top('NumberOfStudyRelatedInstances') },
	],
};

export const findResponse = defineExhibit({
	kind: 'find-response',
	title: 'Answers to a query',
	doc: 'What a worklist or an archive answers to a C-FIND, one answer a row.',
	parameters: z.strictObject({
		service: z.enum(['worklist', 'study']),
		rows: z.int().min(0).max(12).optional(),
		set: changes.optional(),
	}),
	make({ service, rows, set = {} }, { seed }) {
		const count = rows ?? new Random(seed, 'rows').between(4, 6);
		const wanted = Array.from({ length: count }, (_, row): RowChanges => ({
			patientName: at(set.patientName, row),
			patientId: at(set.patientId, row),
			accession: at(set.accession, row),
			modality: at(set.modality, row),
			station: at(set.station, row),
		}));
		const world = queryWorld(seed, drawCase(seed).nowUs, stationsOf(seed, wanted));
		if (service === 'worklist') placeOrders(world, seed, wanted);
		else storeStudies(world, seed, wanted);
		const answers = answersTo(world, service, IDENTIFIERS[service]());
		const columns = COLUMNS[service];
		return {
			content: {
				form: 'table',
				columns: columns.map(({ heading }) => heading),
				rows: answers.map((answer) => columns.map(({ read }) => read(answer))),
			},
			facts: {
				count: answers.length,
				...Object.fromEntries(
					columns.flatMap(({ fact, read }) =>
						fact === undefined ? [] : [[fact, answers.map(read)]],
					),
				),
			},
		};
	},
});
