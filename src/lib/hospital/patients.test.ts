import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '#lib/kernel/random.ts';
import { formatDicomDate, parseIsoLocal } from '#lib/kernel/time.ts';
import { ageString, isSyntheticPatientId, newPatient, type Patient } from './patients.ts';

const TODAY_US = parseIsoLocal('2026-03-09T07:40') ?? 0;

function patients(count: number, seed = 'seed'): Patient[] {
	const random = new Random(seed, 'patients');
	const taken = new Set<string>();
	return Array.from({ length: count }, () => {
		const patient = newPatient(random, TODAY_US, (id) => taken.has(id));
		taken.add(patient.id);
		return patient;
	});
}

const ageYears = ({ birthDate }: Patient): number =>
	Math.floor((Number(formatDicomDate(TODAY_US)) - Number(birthDate)) / 10_000);

test('the same seed gives the same patients, another seed others', () => {
	expect(patients(50)).toEqual(patients(50));
	expect(patients(50)).not.toEqual(patients(50, 'other'));
});

test('ten thousand patients have ten thousand ids, all from the reserved range', () => {
	const ids = patients(10_000).map(({ id }) => id);
	expect(new Set(ids).size).toBe(10_000);
	expect(ids.every(isSyntheticPatientId)).toBe(true);
});

test('an id that is taken is not given again', () => {
	const first = newPatient(new Random('s', 'p'), TODAY_US);
	const second = newPatient(new Random('s', 'p'), TODAY_US, (id) => id === first.id);
	expect(second.id).not.toBe(first.id);
	expect({ ...second, id: '' }).toEqual({ ...first, id: '' });
});

test('the check digit finds every single wrong digit', () => {
	expect(isSyntheticPatientId('SYN12345674')).toBe(true);
	fc.assert(
		fc.property(fc.nat(), fc.nat({ max: 7 }), fc.integer({ min: 1, max: 9 }), (seed, at, by) => {
			const { id } = newPatient(new Random(String(seed), 'p'), TODAY_US);
			const digit = (Number(id[3 + at]) + by) % 10;
			expect(isSyntheticPatientId(id.slice(0, 3 + at) + digit + id.slice(4 + at))).toBe(false);
		}),
	);
});

test.each([
	'',
	'12345674',
	'SYN1234567',
	'SYN123456744',
	'syn12345674',
	'MRN12345674',
	'SYN12345674 ',
])('%j is no synthetic id', (id) => {
	expect(isSyntheticPatientId(id)).toBe(false);
});

test('names are PN of two components in ISO 8859-1, some beyond ASCII', () => {
	const names = patients(1_000).map(({ name }) => name);
	for (const name of names)
		expect(name).toMatch(/^[A-Z][a-z]+\^[A-Z\u00c0-\u00de][A-Za-z\u00c0-\u00ff-]+$/);
	const beyond = names.filter((name) => /[^ -~]/.test(name)).length;
	expect(beyond).toBeGreaterThan(50);
	expect(beyond).toBeLessThan(400);
});

test('ages are those of a hospital: few children, many old, nobody born tomorrow', () => {
	const ages = patients(5_000).map(ageYears);
	const share = (from: number, to: number): number =>
		ages.filter((age) => age >= from && age <= to).length / ages.length;
	expect(Math.min(...ages)).toBe(0);
	expect(Math.max(...ages)).toBe(101);
	expect(share(0, 17)).toBeCloseTo(0.1, 1);
	expect(share(65, 101)).toBeCloseTo(0.39, 1);
	expect(share(85, 101)).toBeGreaterThan(0.05);
});

test('all three values of Patient Sex occur', () => {
	const sexes = patients(1_000).map(({ sex }) => sex);
	expect(new Set(sexes)).toEqual(new Set(['M', 'F', 'O']));
	expect(sexes.filter((sex) => sex === 'O').length).toBeLessThan(50);
});

test.each([
	['20260309', '000D'],
	['20260209', '028D'],
	['20260208', '001M'],
	['20240310', '023M'],
	['20240309', '002Y'],
	['19500309', '076Y'],
	['19500310', '075Y'],
	['19200101', '106Y'],
	['20260310', ''],
	['', ''],
	['1950', ''],
	['1950.03.10', ''],
])('born %s, the age is "%s"', (birthDate, age) => {
	expect(ageString(birthDate, TODAY_US)).toBe(age);
});
