import { Random } from '#lib/kernel/random.ts';
import { acknowledge, type AcknowledgedError } from '#lib/protocol/hl7/acknowledgement.ts';
import { buildMessage } from '#lib/protocol/hl7/build.ts';
import type { Er7Message } from '#lib/protocol/hl7/message.ts';
import { drawCase, type ClinicalCase } from '../clinical-case.ts';
import {
	eventSegment,
	header,
	hl7Time,
	imagingFields,
	mergeSegment,
	orderSegment,
	patientSegment,
	placeOf,
	requestSegment,
	visitSegment,
	type Route,
	type Segment,
} from './message-parts.ts';

export const MESSAGES = [
	'ADT^A01',
	'ADT^A04',
	'ADT^A08',
	'ADT^A40',
	'ORM^O01',
	'OMI^O23',
	'ORU^R01',
	'ACK-AA',
	'ACK-AE',
	'ACK-AR',
] as const;

export type MessageName = (typeof MESSAGES)[number];

const FACILITY = 'LARKFIELD';

function drawRoute(random: Random, from: readonly string[], to: readonly string[]): Route {
	return {
		sendingApplication: random.pick(from),
		sendingFacility: FACILITY,
		receivingApplication: random.pick(to),
		receivingFacility: FACILITY,
		controlId: `${random.pick(['MSG', 'Q', 'M'])}${random.between(10_000_000, 99_999_999)}`,
	};
}

const REGISTRATION = ['REGIS', 'ADTMAIN', 'EHR'];
const RIS = ['RIS', 'LEDGERRIS'];
const ARCHIVE = ['PACS', 'MERIDIAN'];

/** What a message is made of. */
interface Making {
	known: ClinicalCase;
	random: Random;
}

type Maker = (making: Making) => Er7Message;

/** Admission, registration and update: the same segments (HL7 v2.5.1 section 3.3). */
function admission(trigger: 'A01' | 'A04' | 'A08', stay?: 'inpatient' | 'outpatient'): Maker {
	return ({ known, random }) => {
		const route = drawRoute(random, REGISTRATION, [...RIS, ...ARCHIVE]);
		return buildMessage(header(route, ['ADT', trigger, 'ADT_A01'], '2.5.1', known.nowUs), [
			eventSegment(trigger, known.nowUs),
			patientSegment(known),
			visitSegment(known, stay && placeOf(known, stay)),
		]);
	};
}

/** Merge of patient identifier lists (section 3.3.40): PID survives, MRG ends. */
const merge: Maker = ({ known, random }) => {
	const route = drawRoute(random, REGISTRATION, [...RIS, ...ARCHIVE]);
	return buildMessage(header(route, ['ADT', 'A40', 'ADT_A39'], '2.5.1', known.nowUs), [
		eventSegment('A40', known.nowUs),
		patientSegment(known),
		mergeSegment(known),
	]);
};

/** The order as a RIS sends it to the archive: IHE transaction RAD-4 in HL7 v2.3.1. */
const order: Maker = ({ known, random }) => {
	const route = drawRoute(random, RIS, ARCHIVE);
	return buildMessage(header(route, ['ORM', 'O01'], '2.3.1', known.nowUs), [
		patientSegment(known),
		visitSegment(known),
		orderSegment(known, 'NW', 'SC'),
		requestSegment(known, {
			...imagingFields(known),
			27: [[undefined, undefined, undefined, hl7Time(known.scheduledUs), undefined, 'R']],
		}),
		['ZDS', { 1: [[known.studyUid, 'RIS', 'Application', 'DICOM']] }],
	]);
};

/** The same in HL7 v2.5.1, where IPC holds the imaging identifiers (section 4.5.6). */
const imagingOrder: Maker = ({ known, random }) => {
	const route = drawRoute(random, RIS, ARCHIVE);
	return buildMessage(header(route, ['OMI', 'O23', 'OMI_O23'], '2.5.1', known.nowUs), [
		patientSegment(known),
		visitSegment(known),
		orderSegment(known, 'NW', 'SC'),
		['TQ1', { 1: '1', 7: hl7Time(known.scheduledUs), 9: [['R']] }],
		requestSegment(known, { 24: known.procedure.modality }),
		[
			'IPC',
			{
				1: [[known.accession, 'RIS']],
				2: [[known.requestedProcedure, 'RIS']],
				3: [[known.studyUid, 'RIS']],
				4: [[known.scheduledStep, 'RIS']],
				5: [[known.procedure.modality]],
				9: known.stationAeTitle,
			},
		],
	]);
};

/** Lines of reports by modality, with nothing found. */
const FINDINGS = {
	CT: ['No intracranial hemorrhage.', 'Ventricles of normal size.', 'No fracture of the skull.'],
	DX: ['Lungs are clear.', 'Heart of normal size.', 'No pleural effusion.'],
} as const;

const IMPRESSION = {
	CT: 'No acute intracranial finding.',
	DX: 'No acute finding of the chest.',
} as const;

/** A report (section 7.3.1): the text and the impression, by their LOINC codes. */
const result: Maker = ({ known, random }) => {
	const route = drawRoute(random, RIS, ['EHR', 'RESULTS']);
	const { modality } = known.procedure;
	const lines = [...random.shuffle(FINDINGS[modality]).slice(0, 2), IMPRESSION[modality]];
	const observations = lines.map((text, i): Segment => {
		const last = i === lines.length - 1;
		const code = last
			? ['19005-8', 'Radiology Imaging study [Impression]', 'LN']
			: ['18782-3', 'Radiology Study observation', 'LN'];
		return ['OBX', { 1: String(i + 1), 2: 'TX', 3: [code], 5: text, 11: 'F' }];
	});
	return buildMessage(header(route, ['ORU', 'R01', 'ORU_R01'], '2.5.1', known.nowUs), [
		patientSegment(known),
		visitSegment(known),
		orderSegment(known, 'RE', 'CM'),
		requestSegment(known, {
			...imagingFields(known),
			22: hl7Time(known.nowUs),
			25: 'F',
			32: [[[...known.attending]]],
		}),
		...observations,
	]);
};

/** Errors of the content (AE) and of what the receiver does not take at all (AR). */
const ERRORS: Record<'AE' | 'AR', readonly AcknowledgedError[]> = {
	AE: [
		{
			location: { segment: 'PID', field: 3 },
			code: '204',
			userMessage: 'Patient identifier is not known here',
		},
		{
			location: { segment: 'IPC', field: 1 },
			code: '205',
			userMessage: 'Accession number belongs to another patient',
		},
		{
			location: { segment: 'OBR', field: 4 },
			code: '103',
			userMessage: 'Procedure code is not in the table',
		},
	],
	AR: [
		{ location: { segment: 'MSH', field: 9 }, code: '200', userMessage: 'No OMI on this port' },
		{
			location: { segment: 'MSH', field: 11 },
			code: '202',
			userMessage: 'Processing ID P is not taken here',
		},
		{
			location: { segment: 'MSH', field: 12 },
			code: '203',
			userMessage: 'Version 2.5.1 is not taken here',
		},
	],
};

/** The answer to an imaging order. */
function acknowledgement(code: 'AA' | 'AE' | 'AR'): Maker {
	return (making) => {
		const { known, random } = making;
		const sent = imagingOrder(making);
		return acknowledge(sent, {
			code,
			controlId: `A${random.between(10_000_000, 99_999_999)}`,
			time: hl7Time(known.nowUs + random.between(0, 2) * 1_000_000),
			...(code !== 'AA' && { errors: [random.pick(ERRORS[code])] }),
		});
	};
}

const MAKERS: Record<MessageName, Maker> = {
	'ADT^A01': admission('A01', 'inpatient'),
	'ADT^A04': admission('A04', 'outpatient'),
	'ADT^A08': admission('A08'),
	'ADT^A40': merge,
	'ORM^O01': order,
	'OMI^O23': imagingOrder,
	'ORU^R01': result,
	'ACK-AA': acknowledgement('AA'),
	'ACK-AE': acknowledgement('AE'),
	'ACK-AR': acknowledgement('AR'),
};

/** The message of a seed, before an author's changes. */
export function makeMessage(name: MessageName, seed: string): Er7Message {
	return MAKERS[name]({ known: drawCase(seed), random: new Random(seed, 'message') });
}
