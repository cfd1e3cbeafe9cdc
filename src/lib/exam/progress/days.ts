import { formatIsoLocal } from '#lib/kernel/time.ts';

const DAY_US = 86_400_000_000;
/** The first day of 1970 was a Thursday. */
const MONDAY_TO_THURSDAY = 3;

/** The ISO date of a day of UTC counted from 1970. */
export function dateOfDay(day: number): string {
	return formatIsoLocal(day * DAY_US).slice(0, 10);
}

/** The Monday of the week of a day, both counted from 1970. */
export function mondayOf(day: number): number {
	return day - ((((day + MONDAY_TO_THURSDAY) % 7) + 7) % 7);
}
