import { newOrderDetails } from '#lib/hospital/order-details.ts';
import type { Ris } from '#lib/hospital/devices/ris/ris.ts';
import { newUid } from '#lib/hospital/identifiers.ts';
import { newPatient } from '#lib/hospital/patients.ts';
import type { Order } from '#lib/hospital/records.ts';
import type { World } from '#lib/hospital/world.ts';
import { minutes } from '#lib/kernel/time.ts';

/** An order for a head CT on a station, so many minutes from now: in the records and in the RIS. */
export function placeOrder(
	world: World,
	device: string,
	inMinutes: number,
	changes: Partial<Order> = {},
): Order {
	const number = world.records.orders.length + 1;
	const procedure = world.spec.procedures.find((p) => p.id === 'ct-head');
	if (!procedure) throw new Error('no procedure');
	const random = world.kernel.random('test');
	const patient = newPatient(random, world.epochUs);
	const order: Order = {
		accessionNumber: `A${number}`,
		placerOrderNumber: `P${number}`,
		requestedProcedureId: `RP${number}`,
		scheduledProcedureStepId: `SPS${number}`,
		studyInstanceUid: newUid(random),
		patient,
		procedure,
		device,
		priority: 'ROUTINE',
		department: 'Neurology',
		details: newOrderDetails(world.kernel.random('test-details'), {
			dayUs: world.epochUs,
			number,
			patient,
			department: 'Neurology',
		}),
		placedUs: world.kernel.nowUs,
		scheduledUs: world.kernel.nowUs + minutes(inMinutes),
		status: 'scheduled',
		instances: [],
		...changes,
	};
	world.records.add(order);
	(world.device('ris') as Ris).placeOrder(order);
	return order;
}
