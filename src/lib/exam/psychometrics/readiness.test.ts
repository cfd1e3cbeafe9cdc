import { expect, test } from 'vitest';
import { posterior } from './ability.ts';
import { passReadiness, readinessWord, type DomainEvidence } from './readiness.ts';

const able = posterior([], { mean: 0.8, sd: 0.4 });
const evidence = (big: number, middle: number, small: number): DomainEvidence[] => [
	{ domain: 'big', weight: 0.87, firstAnswers: big },
	{ domain: 'middle', weight: 0.08, firstAnswers: middle },
	{ domain: 'small', weight: 0.05, firstAnswers: small },
];

test('nothing is shown below twenty first answers', () => {
	expect(passReadiness({ posterior: able, cut: 0, domains: evidence(18, 1, 0) })).toEqual({
		shown: false,
		firstAnswers: 19,
		missingAnswers: 1,
		missingDomains: [],
	});
});

test('nothing is shown while a domain of eight percent has no answer', () => {
	expect(passReadiness({ posterior: able, cut: 0, domains: evidence(300, 0, 4) })).toEqual({
		shown: false,
		firstAnswers: 304,
		missingAnswers: 0,
		missingDomains: ['middle'],
	});
});

test('from twenty answers on: probability, word, ability and interval', () => {
	const readiness = passReadiness({ posterior: able, cut: 0, domains: evidence(19, 1, 0) });
	expect(readiness).toMatchObject({ shown: true, firstAnswers: 20, word: 'likely' });
	if (!readiness.shown) return;
	expect(readiness.probability).toBeCloseTo(0.977, 2);
	expect(readiness.ability.theta).toBeCloseTo(0.8, 6);
	expect(readiness.interval.low).toBeCloseTo(0.8 - 0.5126, 2);
	expect(readiness.interval.high).toBeCloseTo(0.8 + 0.5126, 2);
});

test('error and drift of the exam make the word more careful', () => {
	const domains = evidence(30, 2, 1);
	const readiness = passReadiness({ posterior: able, cut: 0.3, errorVariance: 0.4, domains });
	expect(readiness).toMatchObject({ shown: true, word: 'too close to call' });
	expect(passReadiness({ posterior: able, cut: 0.3, domains })).toMatchObject({ word: 'likely' });
});

test.each([
	[1, 'likely'],
	[0.8, 'likely'],
	[0.79, 'too close to call'],
	[0.21, 'too close to call'],
	[0.2, 'not yet'],
	[0, 'not yet'],
] as const)('a probability of %d is "%s"', (probability, word) => {
	expect(readinessWord(probability)).toBe(word);
});
