import type { CaseFile } from '#lib/lab/case-file.ts';
import { minutes } from '#lib/kernel/time.ts';
import type { Debrief } from './score.ts';

/** A study counts as delayed when it came this much later than without the fault. */
const DELAY_MIN_US = minutes(5);

/**
 * What the failure cost patients: for every study, how much later it reached the archive than in the same
 * hospital without the fault. A study that never arrived counts until the end of the watch.
 */
export function impactOf(
	faulty: CaseFile,
	healthy: CaseFile,
): Omit<Debrief['impact'], 'lostInstances'> {
	let delayedStudies = 0;
	let delayUs = 0;
	for (const order of healthy.world.records.orders) {
		if (order.archivedUs === undefined || order.archivedUs > faulty.watchedUntilUs) continue;
		const same = faulty.world.records.byAccession(order.accessionNumber);
		const arrivedUs = same?.archivedUs ?? faulty.watchedUntilUs;
		const lateUs = arrivedUs - order.archivedUs;
		if (lateUs < DELAY_MIN_US) continue;
		delayedStudies++;
		delayUs += lateUs;
	}
	return { delayedStudies, patientMinutes: Math.round(delayUs / minutes(1)) };
}
