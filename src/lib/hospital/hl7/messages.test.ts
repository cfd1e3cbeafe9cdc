import { valueAt } from '#lib/protocol/hl7/access.ts';
import { formatEr7 } from '#lib/protocol/hl7/describe.ts';
import { type Er7Message, writeEr7 } from '#lib/protocol/hl7/message.ts';
import { parseEr7 } from '#lib/protocol/hl7/parse-er7.ts';
import { validateMessage } from '#lib/protocol/hl7/validate.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_DETAILS } from '../records.ts';
import { pnOf, xcnOf, xpnOf } from './names.ts';
import {
	fillerOrderMessage,
	placerOrderMessage,
	procedureReplacedMessage,
	procedureScheduledMessage,
	procedureUpdateMessage,
} from './order-messages.ts';
import { syntheticContext, syntheticOrder } from './orders.fixture.ts';
import { mergeMessage, patientMessage, visitOf } from './patient-messages.ts';
import { mergesOfMessage, patientOfMessage, proceduresOfMessage } from './read-messages.ts';
import { reportMessage } from './report-message.ts';

const order = syntheticOrder();
const context = syntheticContext();
const station = { aeTitle: 'CT1', name: 'CT 1' };

test('RAD-4 as OMI^O23', () => {
	const message = procedureScheduledMessage('OMI^O23', order, station, context);
	expect(formatEr7(message).split('\n')).toEqual([
		'MSH|^~\\&|RIS|LARKFIELD|PACS|LARKFIELD|20260309070300||OMI^O23^OMI_O23|RIS0000001|P|2.5.1||||||8859/1',
		'PID|1||SYN12345674^^^LARKFIELD^MR||Larch^Zoë||19640227|F',
		'PV1|1|O|Neurology|||||^Onyx^Kofi^^^Dr.|||||||||||V1234567^^^LARKFIELD',
		'ORC|NW|P260309000001|F260309000001||SC||||20260309070300|||^Gneiss^Ingrid^^^Dr.',
		'TQ1|1||||||20260309074000||R',
		'OBR|1|P260309000001|F260309000001|CTHEAD^CT Head without contrast^99LARK||||||||||||^Gneiss^Ingrid^^^Dr.||||||||||||||||||||||||||||CTHEAD^CT Head without contrast^99LARK',
		'IPC|A2603090001|RP2603090001|2.25.20260309|SPS2603090001|CT|CTHEAD^CT Head without contrast^99LARK|CT 1||CT1',
		'',
	]);
});

test('RAD-4 as ORM^O01 has the identifiers in OBR and the study in ZDS', () => {
	const message = procedureScheduledMessage('ORM^O01', order, station, context);
	const text = (path: string): string => valueAt(message, path).text;
	expect(text('MSH-12')).toBe('2.3.1');
	expect(['OBR-18', 'OBR-19', 'OBR-20', 'OBR-24'].map(text)).toEqual([
		'A2603090001',
		'RP2603090001',
		'SPS2603090001',
		'CT',
	]);
	expect(valueAt(message, 'ORC-7').raw).toBe('^^^20260309074000^^R');
	expect(valueAt(message, 'ZDS-1').raw).toBe('2.25.20260309^^Application^DICOM');
});

test('both forms of RAD-4 say the same', () => {
	const [omi, orm] = (['OMI^O23', 'ORM^O01'] as const).map((form) =>
		proceduresOfMessage(procedureScheduledMessage(form, order, station, context)),
	);
	expect(omi).toEqual(orm);
	expect(omi).toEqual([
		{
			control: 'NW',
			status: 'SC',
			accessionNumber: 'A2603090001',
			requestedProcedureId: 'RP2603090001',
			scheduledProcedureStepId: 'SPS2603090001',
			studyInstanceUid: '2.25.20260309',
			modality: 'CT',
			description: 'CT Head without contrast',
			start: '20260309074000',
		},
	]);
});

const other = syntheticOrder({ accessionNumber: 'A2603090002', studyInstanceUid: '2.25.7' });
const patient = order.patient;
const visit = visitOf(order);
const report = {
	sopInstanceUid: '2.25.9',
	text: 'No bleeding.\nNo fracture & no shift.',
	interpreter: 'Solano^Mira^^Dr.',
	status: 'F',
} as const;

const MESSAGES: readonly (readonly [string, Er7Message])[] = [
	...(['A01', 'A02', 'A03', 'A04', 'A05', 'A08', 'A11'] as const).map(
		(event) => [`ADT^${event}`, patientMessage(event, patient, visit, context)] as const,
	),
	['ADT^A40', mergeMessage(patient, 'SYN99999995', context)],
	...(['ORM^O01', 'OMG^O19'] as const).flatMap((form) => [
		...(['new', 'cancel'] as const).map(
			(what) => [`${form} RAD-2 ${what}`, placerOrderMessage(form, order, what, context)] as const,
		),
		...(['new', 'in-progress', 'completed', 'cancelled'] as const).map(
			(what) => [`${form} RAD-3 ${what}`, fillerOrderMessage(form, order, what, context)] as const,
		),
	]),
	...(['ORM^O01', 'OMI^O23'] as const).flatMap((form) => [
		[`${form} RAD-4`, procedureScheduledMessage(form, order, station, context)] as const,
		...(['changed', 'in-progress', 'completed', 'cancelled', 'discontinued'] as const).map(
			(what) =>
				[
					`${form} RAD-13 ${what}`,
					procedureUpdateMessage(form, order, station, what, context),
				] as const,
		),
		[
			`${form} RAD-13 replaced`,
			procedureReplacedMessage(form, order, other, station, context),
		] as const,
	]),
	['ORU^R01 RAD-28', reportMessage(order, report, context)],
];

test.each(MESSAGES)('%s is what a strict receiver takes, and reads back', (_, message) => {
	expect(validateMessage(message)).toEqual([]);
	const read = parseEr7(writeEr7(message));
	expect(read).toEqual({ message, remarks: [] });
	expect(patientOfMessage(message)).toEqual({
		id: 'SYN12345674',
		name: 'Larch^Zoë',
		birthDate: '19640227',
		sex: 'F',
	});
});

test.each([
	['changed', 'XO', 'SC'],
	['completed', 'XO', 'CM'],
	['cancelled', 'CA', 'CA'],
	['discontinued', 'DC', 'CA'],
] as const)('RAD-13, %s: %s with order status %s', (what, control, status) => {
	const message = procedureUpdateMessage('OMI^O23', order, station, what, context);
	expect(proceduresOfMessage(message)).toMatchObject([{ control, status }]);
});

test('a replacement names the old and the new procedure', () => {
	const message = procedureReplacedMessage('OMI^O23', order, other, station, context);
	const procedures = proceduresOfMessage(message);
	expect(procedures.map((one) => [one.control, one.accessionNumber])).toEqual([
		['RP', 'A2603090001'],
		['RO', 'A2603090002'],
	]);
});

test('a merge names both numbers with their authority', () => {
	const message = mergeMessage(patient, 'SYN99999995', context);
	expect(valueAt(message, 'MRG-1').raw).toBe('SYN99999995^^^LARKFIELD^MR');
	expect(mergesOfMessage(message)).toEqual([
		{ survivor: patientOfMessage(message), priorId: 'SYN99999995' },
	]);
});

test('a report keeps its lines', () => {
	const message = reportMessage(order, report, context);
	expect(valueAt(message, 'OBX[2]-5').raw).toBe('No bleeding.~No fracture \\T\\ no shift.');
	expect(valueAt(message, 'OBR-32').raw).toBe('&Solano&Mira&&&Dr.');
});

test('details of the order are where receivers look for them', () => {
	const details = {
		...NO_DETAILS,
		allergies: 'Latex',
		medicalAlerts: 'Cardiac pacemaker',
		pregnancyStatus: '3',
	} as const;
	const message = procedureScheduledMessage(
		'OMI^O23',
		syntheticOrder({ details, department: 'Emergency', priority: 'STAT' }),
		station,
		context,
	);
	const text = (path: string): string => valueAt(message, path).text;
	expect(['PV1-2', 'PV1-15', 'AL1-3.2', 'OBR-12.2', 'TQ1-9'].map(text)).toEqual([
		'E',
		'B6',
		'Latex',
		'Cardiac pacemaker',
		'S',
	]);
	expect(validateMessage(message)).toEqual([]);
});

test('prefix and suffix change places between PN and XPN', () => {
	expect(xpnOf('Larch^Amara^M.^Dr.^III')).toEqual(['Larch', 'Amara', 'M.', 'III', 'Dr.']);
	expect(xcnOf('Larch^Amara^^Dr.')).toEqual(['', 'Larch', 'Amara', '', '', 'Dr.']);
	expect(xcnOf('')).toBeUndefined();
	const component = fc.string({ unit: fc.constantFrom('a', 'ö', ' ', '.'), maxLength: 4 });
	fc.assert(
		fc.property(fc.array(component, { maxLength: 5 }), (parts) => {
			const trimmed = parts.slice(0, parts.findLastIndex((part) => part !== '') + 1);
			expect(pnOf(xpnOf(trimmed.join('^')).map(String))).toBe(trimmed.join('^'));
		}),
	);
});

test('what a message does not say is told from what it deletes', () => {
	const message = parseEr7(new TextEncoder().encode('MSH|^~\\&|A\rPID|1||7||""||19800101\r'));
	if ('error' in message) throw new Error(message.error.text);
	expect(patientOfMessage(message.message)).toEqual({
		id: '7',
		name: '',
		birthDate: '19800101',
		sex: undefined,
	});
});
