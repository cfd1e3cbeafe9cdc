import { buildMessage, type Er7Fields } from '#lib/protocol/hl7/build.ts';
import type { Er7Message } from '#lib/protocol/hl7/message.ts';
import type { Order } from '../records.ts';
import { headerOf, hl7Time, type MessageContext } from './message-context.ts';
import { xcnOf } from './names.ts';
import { allergySegments, patientSegment, visitOf, visitSegment } from './patient-messages.ts';

/**
 * Messages about orders and procedures: IHE RAD-2 Placer Order Management, RAD-3 Filler Order Management,
 * RAD-4 Procedure Scheduled and RAD-13 Procedure Update. ORM is that of HL7 v2.3.1, as the profiles have
 * it, with the Study Instance UID in ZDS; OMG and OMI are those of v2.5.1.
 */

/** Order control (table 0119) and order status (table 0038). */
interface OrderState {
	readonly control: string;
	readonly status: string;
}

/** Segments by id and fields, as `buildMessage` takes them. */
type Segments = (readonly [string, Er7Fields])[];

/** Table 0485. */
const PRIORITIES = { ROUTINE: 'R', STAT: 'S' } as const;

type OrderForm = 'ORM^O01' | 'OMG^O19' | 'OMI^O23';

function typeOf(form: OrderForm): [string, string, string] {
	const [code = '', event = ''] = form.split('^');
	return [code, event, `${code}_${event}`];
}

/** The procedure as CE. */
function procedureOf({ procedure }: Order) {
	const { value, meaning, scheme } = procedure.code;
	return [value, meaning, scheme] as const;
}

/** TQ of v2.3.1: start in component 4, priority in component 6. */
function timingOf(order: Order, context: MessageContext) {
	const start = hl7Time(context.epochUs + order.scheduledUs);
	return ['', '', '', start, '', PRIORITIES[order.priority]] as const;
}

function commonOrder(
	form: OrderForm,
	order: Order,
	{ control, status }: OrderState,
	context: MessageContext,
): readonly [string, Er7Fields] {
	const { placerOrderNumber, details } = order;
	const provider = xcnOf(details.requestingPhysician);
	return [
		'ORC',
		{
			1: control,
			2: placerOrderNumber,
			...(details.fillerOrderNumber === '' ? {} : { 3: details.fillerOrderNumber }),
			...(status === '' ? {} : { 5: status }),
			...(form === 'ORM^O01' ? { 7: [timingOf(order, context)] } : {}),
			9: hl7Time(context.timeUs),
			...(provider === undefined ? {} : { 12: [provider] }),
		},
	];
}

/** TQ1 of v2.5.1, which took the place of ORC-7 and OBR-27. */
function timing(order: Order, context: MessageContext): readonly [string, Er7Fields] {
	const start = hl7Time(context.epochUs + order.scheduledUs);
	return ['TQ1', { 1: '1', 7: start, 9: PRIORITIES[order.priority] }];
}

/** OBR of the service that is ordered. */
function observationRequest(order: Order): Er7Fields {
	const { placerOrderNumber, details } = order;
	const provider = xcnOf(details.requestingPhysician);
	return {
		1: '1',
		2: placerOrderNumber,
		...(details.fillerOrderNumber === '' ? {} : { 3: details.fillerOrderNumber }),
		4: [procedureOf(order)],
		...(details.medicalAlerts === '' ? {} : { 12: [['', details.medicalAlerts]] }),
		...(provider === undefined ? {} : { 16: [provider] }),
	};
}

/** OBR of a scheduled procedure in ORM, with the identifiers where RAD-4 puts them. */
function scheduledRequest(order: Order, context: MessageContext): Er7Fields {
	return {
		...observationRequest(order),
		18: order.accessionNumber,
		19: order.requestedProcedureId,
		20: order.scheduledProcedureStepId,
		24: order.procedure.modality,
		27: [timingOf(order, context)],
		44: [procedureOf(order)],
	};
}

function orderMessage(
	form: OrderForm,
	order: Order,
	context: MessageContext,
	groups: Segments,
): Er7Message {
	const version = form === 'ORM^O01' ? '2.3.1' : '2.5.1';
	return buildMessage(headerOf(context, typeOf(form), version), [
		patientSegment(order.patient, context),
		visitSegment(visitOf(order), context),
		...allergySegments(order.details.allergies),
		...groups,
	]);
}

function order(
	form: 'ORM^O01' | 'OMG^O19',
	ordered: Order,
	state: OrderState,
	context: MessageContext,
): Er7Message {
	const request = observationRequest(ordered);
	return orderMessage(form, ordered, context, [
		commonOrder(form, ordered, state, context),
		...(form === 'OMG^O19' ? [timing(ordered, context)] : []),
		['OBR', form === 'OMG^O19' ? request : { ...request, 27: [timingOf(ordered, context)] }],
	]);
}

/** What the placer says: a new order, or its cancellation. */
const PLACED: Readonly<Record<'new' | 'cancel', OrderState>> = {
	new: { control: 'NW', status: '' },
	cancel: { control: 'CA', status: 'CA' },
};

/** An order from where it is placed (RAD-2). */
export function placerOrderMessage(
	form: 'ORM^O01' | 'OMG^O19',
	ordered: Order,
	what: keyof typeof PLACED,
	context: MessageContext,
): Er7Message {
	return order(form, ordered, PLACED[what], context);
}

/** What the filler says: an order it made itself and wants a number for, its status, its cancellation. */
const FILLED: Readonly<Record<'new' | 'in-progress' | 'completed' | 'cancelled', OrderState>> = {
	new: { control: 'SN', status: '' },
	'in-progress': { control: 'SC', status: 'IP' },
	completed: { control: 'SC', status: 'CM' },
	cancelled: { control: 'OC', status: 'CA' },
};

/** An order from where it is filled (RAD-3). */
export function fillerOrderMessage(
	form: 'ORM^O01' | 'OMG^O19',
	ordered: Order,
	what: keyof typeof FILLED,
	context: MessageContext,
): Er7Message {
	return order(form, ordered, FILLED[what], context);
}

/** Who serves the scheduled procedure step. */
export interface ScheduledStation {
	/** AE title; '' when it is not known. */
	readonly aeTitle: string;
	readonly name: string;
}

function imagingControl(ordered: Order, station: ScheduledStation): readonly [string, Er7Fields] {
	return [
		'IPC',
		{
			1: ordered.accessionNumber,
			2: ordered.requestedProcedureId,
			3: ordered.studyInstanceUid,
			4: ordered.scheduledProcedureStepId,
			5: ordered.procedure.modality,
			6: [procedureOf(ordered)],
			7: station.name,
			9: station.aeTitle,
		},
	];
}

/** The ORC group of a procedure; ZDS follows the last group of an ORM. */
function procedureGroup(
	form: 'OMI^O23' | 'ORM^O01',
	ordered: Order,
	station: ScheduledStation,
	state: OrderState,
	context: MessageContext,
): Segments {
	const common = commonOrder(form, ordered, state, context);
	if (form === 'ORM^O01') return [common, ['OBR', scheduledRequest(ordered, context)]];
	return [
		common,
		timing(ordered, context),
		['OBR', { ...observationRequest(ordered), 44: [procedureOf(ordered)] }],
		imagingControl(ordered, station),
	];
}

/** ZDS-1 is an RP: the UID, no application, and what it points to (RAD-4). */
function studySegments(form: 'OMI^O23' | 'ORM^O01', { studyInstanceUid }: Order): Segments {
	if (form !== 'ORM^O01') return [];
	return [['ZDS', { 1: [[studyInstanceUid, '', 'Application', 'DICOM']] }]];
}

/** A procedure is scheduled (RAD-4). */
export function procedureScheduledMessage(
	form: 'OMI^O23' | 'ORM^O01',
	ordered: Order,
	station: ScheduledStation,
	context: MessageContext,
): Er7Message {
	const state: OrderState = { control: 'NW', status: 'SC' };
	return orderMessage(form, ordered, context, [
		...procedureGroup(form, ordered, station, state, context),
		...studySegments(form, ordered),
	]);
}

/** What becomes of a scheduled procedure: rescheduled, in progress, completed, cancelled, discontinued. */
const UPDATED = {
	changed: { control: 'XO', status: 'SC' },
	'in-progress': { control: 'SC', status: 'IP' },
	completed: { control: 'XO', status: 'CM' },
	cancelled: { control: 'CA', status: 'CA' },
	discontinued: { control: 'DC', status: 'CA' },
} as const satisfies Record<string, OrderState>;

/** A scheduled procedure has changed (RAD-13). */
export function procedureUpdateMessage(
	form: 'OMI^O23' | 'ORM^O01',
	ordered: Order,
	station: ScheduledStation,
	what: keyof typeof UPDATED,
	context: MessageContext,
): Er7Message {
	return orderMessage(form, ordered, context, [
		...procedureGroup(form, ordered, station, UPDATED[what], context),
		...studySegments(form, ordered),
	]);
}

/** A procedure takes the place of another one (RAD-13): RP names the old one, RO the new one. */
export function procedureReplacedMessage(
	form: 'OMI^O23' | 'ORM^O01',
	old: Order,
	replacement: Order,
	station: ScheduledStation,
	context: MessageContext,
): Er7Message {
	const replaced: OrderState = { control: 'RP', status: 'RP' };
	const takesOver: OrderState = { control: 'RO', status: 'SC' };
	return orderMessage(form, replacement, context, [
		...procedureGroup(form, old, station, replaced, context),
		...procedureGroup(form, replacement, station, takesOver, context),
		...studySegments(form, replacement),
	]);
}
