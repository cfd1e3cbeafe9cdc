import { expect, test } from 'vitest';
import { readContent } from '../../../../scripts/read-content.ts';
import type { Attempt } from '../attempt.ts';
import { ProofRuns } from './proof-runs.ts';

const content = readContent();
const [scenario] = content.scenarios.values();
if (!scenario) throw new Error('there is no scenario');

const score = () => ({
	total: 0,
	passed: false,
	checks: new Map([
		['good', true],
		['bad', false],
	]),
	failed: new Set(['bad']),
});

/** A hospital in which a patient has an id that could be somebody's. */
class WithStranger extends ProofRuns {
	override arrive(seed: string): Attempt {
		const attempt = super.arrive(seed, { capture: false });
		const [order] = attempt.world.records.orders;
		if (order) order.patient = { ...order.patient, id: '4711' };
		return attempt;
	}
}

test('patients, checks and refused steps of every run are noted', () => {
	const runs = new ProofRuns(content, scenario, score);
	const { refused } = runs.finish('a', [{ kind: 'look', device: 'moon' }]);
	expect(refused).toEqual(['step 1: There is no device "moon" here.']);
	expect([[...runs.held], [...runs.failed]]).toEqual([['good'], ['bad']]);
	expect(runs.patients).toBeGreaterThan(5);
	expect([...runs.foreignPatients]).toEqual([]);
});

test('an identity that is not synthetic is found', () => {
	const runs = new WithStranger(content, scenario, score);
	runs.play('a', []);
	expect([...runs.foreignPatients]).toEqual(['4711']);
});
