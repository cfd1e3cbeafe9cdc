import type { Item } from '../item/item-schema.ts';
import { itemDigest } from './item-digest.ts';
import type { Reading } from './reading-schema.ts';

/** Readings older than this many months no longer prove that an item is right. */
const READING_MONTHS = 24;

/** The day `months` before a day, both `YYYY-MM-DD`; the day of the month is kept, which orders well enough. */
function monthsBefore(day: string, months: number): string {
	const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
	const total = year * 12 + (month - 1) - months;
	const text = (n: number, digits: number): string => String(n).padStart(digits, '0');
	return `${text(Math.floor(total / 12), 4)}-${text((total % 12) + 1, 2)}-${text(date, 2)}`;
}

/**
 * Whether somebody other than the author answered this version of an item, exactly as it is now, without seeing
 * the key, agreed with it, and did so within the 24 months before `today` (`YYYY-MM-DD`).
 */
export function isProven(item: Item, readings: readonly Reading[], today: string): boolean {
	const digest = itemDigest(item);
	const oldest = monthsBefore(today, READING_MONTHS);
	return readings.some(
		(reading) =>
			reading.agrees &&
			reading.reader !== item.author &&
			reading.version === item.version &&
			reading.digest === digest &&
			reading.date > oldest,
	);
}
