import type { Random } from '#lib/kernel/random.ts';
import {
	civilFromMicros,
	formatDicomDate,
	hours,
	microsFromCivil,
	type Micros,
} from '#lib/kernel/time.ts';
import { FAMILY_NAMES, GIVEN_NAMES } from './patient-names.ts';

/** A person of the simulated hospital. Never a real one: name and id come from reserved pools. */
export interface Patient {
	/** Medical record number: `SYN`, seven digits and a check digit. */
	readonly id: string;
	/** PN, `Family^Given` (PS3.5 6.2.1). May hold characters of ISO 8859-1. */
	readonly name: string;
	/** DA, `19640227`. */
	readonly birthDate: string;
	readonly sex: 'M' | 'F' | 'O';
}

const ID_PREFIX = 'SYN';
const DAY_US = hours(24);

/** Completed years of age, and how many of a hundred patients are in that band. */
const AGE_BANDS: readonly { from: number; to: number; percent: number }[] = [
	{ from: 0, to: 0, percent: 2 },
	{ from: 1, to: 17, percent: 8 },
	{ from: 18, to: 44, percent: 23 },
	{ from: 45, to: 64, percent: 28 },
	{ from: 65, to: 84, percent: 31 },
	{ from: 85, to: 101, percent: 8 },
];

const SEXES: readonly { sex: Patient['sex']; percent: number }[] = [
	{ sex: 'F', percent: 50 },
	{ sex: 'M', percent: 48 },
	{ sex: 'O', percent: 2 },
];

/** Picks by `percent`, which must add up to 100. */
function pickWeighted<T extends { percent: number }>(random: Random, choices: readonly T[]): T {
	let rest = random.below(100);
	for (const choice of choices) {
		if (rest < choice.percent) return choice;
		rest -= choice.percent;
	}
	throw new RangeError('the percentages do not add up to 100');
}

/** The Luhn check digit: it finds every single wrong digit and nearly all swaps of neighbours. */
function checkDigit(digits: string): number {
	let sum = 0;
	for (let i = 0; i < digits.length; i++) {
		const digit = Number(digits[digits.length - 1 - i]);
		sum += i % 2 === 1 ? digit : digit < 5 ? digit * 2 : digit * 2 - 9;
	}
	return (10 - (sum % 10)) % 10;
}

/** Whether a patient id comes from the reserved range and its check digit is right. */
export function isSyntheticPatientId(id: string): boolean {
	const match = /^SYN(\d{7})(\d)$/.exec(id);
	return match?.[1] !== undefined && checkDigit(match[1]) === Number(match[2]);
}

/** A birth date of someone who has completed exactly `ageYears` years. */
function birthDateOf(random: Random, todayUs: Micros, ageYears: number): string {
	// Rounded up, and 364 instead of 365, so that leap days never add or take a birthday.
	const ageDays = Math.ceil(ageYears * 365.25) + random.below(364);
	return formatDicomDate((Math.floor(todayUs / DAY_US) - ageDays) * DAY_US);
}

/**
 * A new synthetic patient, alive at `todayUs` (µs since 1970). `isTaken` tells which ids are in use, so
 * that a hospital never gives the same one twice.
 */
export function newPatient(
	random: Random,
	todayUs: Micros,
	isTaken: (id: string) => boolean = () => false,
): Patient {
	const { sex } = pickWeighted(random, SEXES);
	const band = pickWeighted(random, AGE_BANDS);
	const birthDate = birthDateOf(random, todayUs, random.between(band.from, band.to));
	const given = random.pick(sex === 'O' ? [...GIVEN_NAMES.F, ...GIVEN_NAMES.M] : GIVEN_NAMES[sex]);
	const name = `${random.pick(FAMILY_NAMES)}^${given}`;
	let id: string;
	do {
		const digits = String(random.between(1_000_000, 9_999_999));
		id = `${ID_PREFIX}${digits}${checkDigit(digits)}`;
	} while (isTaken(id));
	return { id, name, birthDate, sex };
}

/**
 * Patient's Age as an AS (PS3.5 6.2): days up to four weeks, months up to two years, then years. Empty
 * when the birth date is no date or later than `atUs` (µs since 1970), as with a clock that is wrong.
 */
export function ageString(birthDate: string, atUs: Micros): string {
	const match = /^(\d{4})(\d{2})(\d{2})$/.exec(birthDate);
	if (!match) return '';
	const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
	const now = civilFromMicros(atUs);
	const months = (now.year - year) * 12 + (now.month - month) - (now.day < day ? 1 : 0);
	const bornUs = microsFromCivil({
		year,
		month,
		day,
		hour: 0,
		minute: 0,
		second: 0,
		microsecond: 0,
	});
	const days = Math.floor((atUs - bornUs) / DAY_US);
	if (days < 0) return '';
	if (days <= 28) return inUnits(days, 'D');
	return months < 24 ? inUnits(months, 'M') : inUnits(Math.floor(months / 12), 'Y');
}

function inUnits(count: number, unit: 'D' | 'M' | 'Y'): string {
	return `${String(count).padStart(3, '0')}${unit}`;
}
