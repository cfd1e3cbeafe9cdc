import type { Random } from '#lib/kernel/random.ts';
import { civilFromMicros, type Micros } from '#lib/kernel/time.ts';

/**
 * A new UID under 2.25: the decimal form of a random (version 4) UUID (PS3.5 annex B.2). At most 44
 * characters, never a leading zero in the second component.
 */
export function newUid(random: Random): string {
	const first = BigInt(random.uint32());
	const second = BigInt(((random.uint32() & 0xffff0fff) | 0x4000) >>> 0);
	const third = BigInt(((random.uint32() & 0x3fffffff) | 0x80000000) >>> 0);
	const fourth = BigInt(random.uint32());
	return `2.25.${(first << 96n) | (second << 64n) | (third << 32n) | fourth}`;
}

/** `260309` of an instant since 1970. */
function shortDate(dayUs: Micros): string {
	const { year, month, day } = civilFromMicros(dayUs);
	return [year % 100, month, day].map((part) => String(part).padStart(2, '0')).join('');
}

/** A prefix, the date, and the number within that day in at least `digits` digits; fits an SH. */
function datedIdentifier(prefix: string, dayUs: Micros, counter: number, digits: number): string {
	const identifier = prefix + shortDate(dayUs) + String(counter).padStart(digits, '0');
	if (identifier.length > 16 || !Number.isSafeInteger(counter) || counter < 0) {
		throw new RangeError(`${identifier} is no identifier of at most 16 characters`);
	}
	return identifier;
}

/** Accession number, `A2603090001` for the first order of 9 March 2026 (SH, at most 16 characters). */
export function accessionNumber(dayUs: Micros, counter: number): string {
	return datedIdentifier('A', dayUs, counter, 4);
}

/**
 * Requested procedure ID, `RP2603090001`. Images carry it as their Study ID too, as IHE Scheduled
 * Workflow recommends.
 */
export function requestedProcedureId(dayUs: Micros, counter: number): string {
	return datedIdentifier('RP', dayUs, counter, 4);
}

/** Scheduled procedure step ID, `SPS2603090001` (SH). */
export function scheduledProcedureStepId(dayUs: Micros, counter: number): string {
	return datedIdentifier('SPS', dayUs, counter, 4);
}

/** Performed procedure step ID as a modality makes one, `PPS2603090001` (SH). */
export function performedProcedureStepId(dayUs: Micros, counter: number): string {
	return datedIdentifier('PPS', dayUs, counter, 4);
}

/** Placer order number as the ordering system counts, `P260309000001`. */
export function placerOrderNumber(dayUs: Micros, counter: number): string {
	return datedIdentifier('P', dayUs, counter, 6);
}

/** Filler order number as the RIS counts, `F260309000001`. */
export function fillerOrderNumber(dayUs: Micros, counter: number): string {
	return datedIdentifier('F', dayUs, counter, 6);
}
