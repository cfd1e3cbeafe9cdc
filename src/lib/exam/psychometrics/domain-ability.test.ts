import { expect, test } from 'vitest';
import { estimateEap } from './ability.ts';
import { estimateProfile, type DomainResponse } from './domain-ability.ts';
import { uncalibratedItem } from './item-response.ts';

const answers = (domain: string, count: number, right: number): DomainResponse[] =>
	Array.from({ length: count }, (_, i) => ({
		domain,
		item: uncalibratedItem(((i % 5) - 2) / 2),
		score: i < right ? 1 : 0,
	}));

test('offsets show the strong and the weak domain around the overall ability', () => {
	const responses = [...answers('strong', 20, 18), ...answers('weak', 20, 4)];
	const { overall, domains } = estimateProfile(responses);
	expect(overall).toEqual(estimateEap(responses));
	expect(domains.map(({ domain, answers: count }) => [domain, count])).toEqual([
		['strong', 20],
		['weak', 20],
	]);
	const [strong, weak] = domains;
	expect(strong?.offset).toBeGreaterThan(0.3);
	expect(weak?.offset).toBeLessThan(-0.3);
	// The prior keeps an offset from running away.
	expect(strong?.offset).toBeLessThan(1);
	expect(strong?.offsetStandardError).toBeLessThan(0.5);
	expect(strong?.theta).toBeCloseTo(overall.theta + (strong?.offset ?? NaN), 12);
});

test('a domain is reported from ten answers on', () => {
	const { domains } = estimateProfile([...answers('nine', 9, 9), ...answers('ten', 10, 5)]);
	expect(domains.map(({ domain }) => domain)).toEqual(['ten']);
	expect(estimateProfile([]).domains).toEqual([]);
});

test('the offset of Rasch items solves residual = offset / 0.25 as closely as mean and mode agree', () => {
	const { overall, domains } = estimateProfile(answers('one', 400, 250));
	const offset = domains[0]?.offset ?? NaN;
	const residual = answers('one', 400, 250).reduce(
		(sum, { item, score }) => sum + score - 1 / (1 + Math.exp(item.b - overall.theta - offset)),
		0,
	);
	expect(Math.abs(residual - offset / 0.25)).toBeLessThan(0.5);
});
