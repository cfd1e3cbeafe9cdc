import { buildMessage } from '#lib/protocol/hl7/build.ts';
import type { Er7Message } from '#lib/protocol/hl7/message.ts';
import type { Order } from '../records.ts';
import { headerOf, hl7Time, type MessageContext } from './message-context.ts';
import { xcnOf } from './names.ts';
import { patientSegment, visitOf, visitSegment } from './patient-messages.ts';

/** A report as it leaves the reading room. */
export interface Report {
	/** SOP Instance UID of the structured report; '' when there is only text. */
	readonly sopInstanceUid: string;
	readonly text: string;
	/** PN of the radiologist. */
	readonly interpreter: string;
	/** Table 0123 and 0085: preliminary, final, corrected. */
	readonly status: 'P' | 'F' | 'C';
}

/**
 * A report is sent on as text (IHE RAD-28 Structured Report Export, ORU^R01). The structured report is
 * named by an OBX of its own, "SR Instance UID", and its text is in another one, "SR Text".
 */
export function reportMessage(order: Order, report: Report, context: MessageContext): Er7Message {
	const { placerOrderNumber, details, procedure } = order;
	const { value, meaning, scheme } = procedure.code;
	const interpreter = xcnOf(report.interpreter);
	const observations = [
		...(report.sopInstanceUid === ''
			? []
			: [{ type: 'HD', name: 'SR Instance UID', value: [report.sopInstanceUid] }]),
		// A repetition of TX is a line (HL7 v2.5.1 section 2.A.78).
		{ type: 'TX', name: 'SR Text', value: report.text.split('\n') },
	];
	return buildMessage(headerOf(context, ['ORU', 'R01', 'ORU_R01'], '2.5.1'), [
		patientSegment(order.patient, context),
		visitSegment(visitOf(order), context),
		[
			'OBR',
			{
				1: '1',
				2: placerOrderNumber,
				...(details.fillerOrderNumber === '' ? {} : { 3: details.fillerOrderNumber }),
				4: [[value, meaning, scheme]],
				18: order.accessionNumber,
				22: hl7Time(context.timeUs),
				25: report.status,
				// NDL, whose name is a CNN: id, family name, given name in subcomponents.
				...(interpreter === undefined ? {} : { 32: [[interpreter.map(String)]] }),
			},
		],
		...observations.map(
			(one, index) =>
				[
					'OBX',
					{
						1: String(index + 1),
						2: one.type,
						3: [['', one.name]],
						5: one.value,
						11: report.status,
					},
				] as const,
		),
	]);
}
