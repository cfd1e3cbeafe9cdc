import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { HINT_COST_PERCENT } from '#lib/lab/view-workbench.ts';
import { RUBRIC } from './rubric.ts';

/** With the padding of its table taken away. */
const page = readFileSync('docs/scoring.md', 'utf8').replace(/ +/g, ' ');

/** The numbers that a pattern finds on the page, in order. */
function numbers(pattern: RegExp): number[] {
	const found = pattern.exec(page);
	if (!found) throw new Error(`docs/scoring.md has no ${String(pattern)}`);
	return found.slice(1).map(Number);
}

test('the parts add up', () => {
	expect(Object.values(RUBRIC.points).reduce((sum, points) => sum + points, 0)).toBe(100);
	expect(Object.values(RUBRIC.diagnosis).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
});

test('docs/scoring.md tells the numbers of the rubric', () => {
	expect(page).toContain(`version ${RUBRIC.version}.`);
	for (const [part, points] of Object.entries(RUBRIC.points)) {
		const title = RUBRIC.titles[part as keyof typeof RUBRIC.titles];
		expect(page).toContain(`| ${title} | ${points} |`);
	}
	const { component, layer, mechanism } = RUBRIC.diagnosis;
	expect(numbers(/component (\d+) %, layer (\d+) %, mechanism (\d+) %/)).toEqual(
		[component, layer, mechanism].map((share) => share * 100),
	);
	const { fromPercent, points } = RUBRIC.overconfidence;
	expect(numbers(/at least (\d+) % sure costs (\d+) points/)).toEqual([fromPercent, points]);
	expect(
		numbers(
			/left open at the end costs (\d+).*opened for a while (\d+).*setting left changed (\d+).*interruption (\d+)/,
		),
	).toEqual(Object.values(RUBRIC.safety));
	expect(numbers(/multiplies the total by ([\d.]+)\./)).toEqual([RUBRIC.gate.instancesLost]);
	expect(numbers(/cost (\d+), (\d+), (\d+), (\d+) and (\d+) percent/)).toEqual([
		...HINT_COST_PERCENT,
	]);
	expect(page).toContain('at most half of it');
	expect(RUBRIC.hintFactorMinimum).toBe(0.5);
	expect(numbers(/\*\*Passed\*\* means: at least (\d+)/)).toEqual([RUBRIC.passFrom]);
});
