import type { Process } from '#lib/kernel/process.ts';
import { civilFromMicros, minutes, type Micros } from '#lib/kernel/time.ts';
import type { Modality } from './devices/modality/modality.ts';
import type { Ris } from './devices/ris/ris.ts';
import type { HospitalSpec } from './hospital-spec.ts';
import {
	accessionNumber,
	newUid,
	placerOrderNumber,
	requestedProcedureId,
	scheduledProcedureStepId,
} from './identifiers.ts';
import { newOrderDetails } from './order-details.ts';
import { newPatient } from './patients.ts';
import type { Order } from './records.ts';
import type { World } from './world.ts';

type ScheduleLine = HospitalSpec['schedule'][number];

/** How long before the examination an order is placed. */
const ROUTINE_LEAD_US = minutes(45);
const STAT_LEAD_US = minutes(4);

/** Starts the hospital's life: patients arrive, orders are placed, modalities examine one after the other. */
export function startSchedule(world: World): void {
	const ris = world.devicesOfKind('ris')[0] as Ris | undefined;
	if (!ris) return;
	const rooms = new Map<string, Order[]>();
	for (const [index, line] of world.spec.schedule.entries()) {
		let room = rooms.get(line.device);
		if (!room) {
			room = [];
			rooms.set(line.device, room);
			const modality = world.device(line.device) as Modality;
			world.kernel.spawn(`${line.device}.room`, examineAll(world, ris, modality, room));
		}
		world.kernel.spawn(`schedule.${index}`, arrivals(world, ris, line, index, room));
	}
}

/** Minutes since midnight of `HH:MM`. */
function minuteOfDay(text: string): number {
	const [hour = '0', minute = '0'] = text.split(':');
	return Number(hour) * 60 + Number(minute);
}

/** Orders for one line of the schedule, for as long as its hours last, every day. */
function* arrivals(
	world: World,
	ris: Ris,
	line: ScheduleLine,
	index: number,
	room: Order[],
): Process {
	const random = world.kernel.random(`schedule.${index}`);
	const lead = line.priority === 'STAT' ? STAT_LEAD_US : ROUTINE_LEAD_US;
	const from = minuteOfDay(line.from);
	const to = minuteOfDay(line.to);
	// The first patient may come any time within the first interval.
	let nextUs: Micros = random.below(Math.max(1, line.every));
	for (;;) {
		const clock = civilFromMicros(world.epochUs + nextUs);
		const minute = clock.hour * 60 + clock.minute;
		if (minute >= from && minute < to) {
			const placedUs = Math.max(world.kernel.nowUs, nextUs - lead);
			yield* world.kernel.sleep(placedUs - world.kernel.nowUs);
			const order = newOrder(world, line, nextUs, random.pick(line.procedures));
			world.records.add(order);
			ris.placeOrder(order);
			world.kernel.record('order-placed', {
				accession: order.accessionNumber,
				device: order.device,
				priority: order.priority,
			});
			room.push(order);
		}
		nextUs += line.every + random.between(-line.jitter, line.jitter);
	}
}

function newOrder(
	world: World,
	line: ScheduleLine,
	scheduledUs: Micros,
	procedureId: string,
): Order {
	const procedure = world.spec.procedures.find((p) => p.id === procedureId);
	if (!procedure) throw new RangeError(`no procedure "${procedureId}"`);
	const number = world.records.orders.length + 1;
	const patient = newPatient(world.kernel.random('patients'), world.epochUs);
	return {
		accessionNumber: accessionNumber(world.epochUs, number),
		placerOrderNumber: placerOrderNumber(world.epochUs, number),
		requestedProcedureId: requestedProcedureId(world.epochUs, number),
		scheduledProcedureStepId: scheduledProcedureStepId(world.epochUs, number),
		studyInstanceUid: newUid(world.kernel.random('study-uids')),
		patient,
		procedure,
		device: line.device,
		priority: line.priority,
		department: line.department,
		details: newOrderDetails(world.kernel.random('order-details'), {
			dayUs: world.epochUs,
			number,
			patient,
			department: line.department,
		}),
		placedUs: world.kernel.nowUs,
		scheduledUs,
		status: 'scheduled',
		instances: [],
	};
}

/**
 * One room: the next patient is the most urgent of those whose time has come. Where the modality does not
 * report its procedure steps, the technologist checks the order off in the RIS by hand.
 */
function* examineAll(world: World, ris: Ris, modality: Modality, room: Order[]): Process {
	for (;;) {
		yield* world.kernel.sleep(minutes(1));
		const due = room
			.filter((order) => order.scheduledUs <= world.kernel.nowUs)
			.sort(
				(a, b) =>
					Number(b.priority === 'STAT') - Number(a.priority === 'STAT') ||
					a.scheduledUs - b.scheduledUs,
			);
		const order = due[0];
		if (!order || modality.state !== 'running') continue;
		room.splice(room.indexOf(order), 1);
		yield* modality.examine(order);
		// Broken off for a reason that leaves the patient waiting.
		if (order.status === 'scheduled') room.push(order);
		else if (!modality.config.mpps.enabled) ris.complete(order.accessionNumber);
	}
}
