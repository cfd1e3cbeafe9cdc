import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import type { CommitmentTransaction } from '#lib/hospital/devices/archive/commitment.ts';
import type { Modality } from '#lib/hospital/devices/modality/modality.ts';
import type { SendJob } from '#lib/hospital/devices/modality/send-queue.ts';
import type { Order } from '#lib/hospital/records.ts';
import type { World } from '#lib/hospital/world.ts';
import { minutes } from '#lib/kernel/time.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { run } from '../simulation/community-world.ts';
import { placeOrder } from './place-order.ts';

/** The scanner and the archive of the tests about storage commitment. */
export const ct1 = (world: World): Modality => world.device('ct1') as Modality;
export const pacs = (world: World): Archive => world.device('pacs') as Archive;

export function waitMinutes(world: World, amount: number): void {
	world.kernel.runUntil(world.kernel.nowUs + minutes(amount));
}

/** Examines a patient on CT 1 and gives everything that follows so much time. */
export function examined(world: World, thenMinutes = 1): { order: Order; job: SendJob } {
	const order = placeOrder(world, 'ct1', 0);
	run(world, ct1(world).examine(order));
	waitMinutes(world, thenMinutes);
	const job = ct1(world).queue.at(-1);
	if (!job) throw new Error('no job');
	return { order, job };
}

/** The newest request that the archive has. */
export function lastTransaction(world: World): CommitmentTransaction {
	const last = pacs(world).commitments.transactions.at(-1);
	if (!last) throw new Error('no transaction');
	return last;
}

/** Items of a Referenced SOP Sequence: SOP class and instance. */
export function sopReferences(pairs: readonly (readonly [string, string])[]): DataSet[] {
	return pairs.map(([sopClass, instance]) =>
		DataSet.from({ ReferencedSOPClassUID: sopClass, ReferencedSOPInstanceUID: instance }),
	);
}
