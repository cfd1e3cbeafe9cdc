import { expect, test, vi } from 'vitest';
import { readContent } from '../../../../scripts/read-content.ts';
import type { Action } from '../action.ts';
import type { Attempt } from '../attempt.ts';
import { arrive, withScenario } from '../play.fixture.ts';
import type { Claim, Scored } from './certificate.ts';
import { prove } from './prove.ts';
import { wrongRepairs } from './wrong-repairs.ts';

/** Each proof plays some twenty runs. */
vi.setConfig({ testTimeout: 120_000 });

const CALLING = 'assoc-calling-aet-not-registered';
const content = readContent();

/** A score of the simplest kind: half for the repair, half for closing the ticket. The real one is a layer above. */
function score(attempt: Attempt): Scored {
	const evidence = attempt.evidence();
	const checks = new Map([
		['cause-removed', evidence.faults.every((fault) => !fault.present)],
		['closed', evidence.records.some(({ action }) => action.kind === 'close')],
	]);
	const held = [...checks.values()].filter(Boolean).length;
	return {
		total: held * 50,
		passed: held === 2,
		checks,
		failed: new Set([...checks].filter(([, holds]) => !holds).map(([id]) => id)),
	};
}

/** The scenario for this score, with a solution of the steps that count. */
const plain = withScenario(content, CALLING, ({ solutions, wrong, checks }) => ({
	checks: checks.filter(({ id }) => ['cause-removed', 'closed'].includes(id)),
	solutions: solutions.map((solution) => ({
		...solution,
		actions: solution.actions.filter(({ kind }) => kind === 'operate' || kind === 'close'),
	})),
	wrong: wrong.slice(0, 1).map((repair) => ({ ...repair, fails: ['cause-removed'] })),
}));

function broken(change: Parameters<typeof withScenario>[2], scored = score): Map<string, Claim> {
	const { claims, holds } = prove(withScenario(plain, CALLING, change), CALLING, {
		score: scored,
		seeds: 1,
	});
	expect(holds).toBe(false);
	return new Map(claims.filter((claim) => !claim.holds).map((claim) => [claim.title, claim]));
}

test('a good scenario is proved', () => {
	const lines: string[] = [];
	const options = { score, seeds: 1, progress: (text: string): void => void lines.push(text) };
	const certificate = prove(plain, CALLING, options);
	expect(certificate.claims.filter((claim) => !claim.holds)).toEqual([]);
	expect(certificate).toMatchObject({ scenario: CALLING, version: 1, holds: true });
	expect(certificate.fingerprint).toMatch(/^[0-9a-f]{64}$/);
	expect(lines).toHaveLength(certificate.claims.length);
});

test('a missing step, an untrue symptom, a wrong repair that works: each is named', () => {
	const failed = broken(({ ticket, solutions, wrong }) => {
		const [symptom] = ticket.symptoms;
		const [solution] = solutions;
		const [repair] = wrong;
		if (!symptom || !solution || !repair) throw new Error('the scenario has changed');
		return {
			ticket: {
				...ticket,
				symptoms: [symptom, { ...symptom, says: 'It is on fire.', shows: 'flames' }],
			},
			solutions: [{ ...solution, actions: solution.actions.slice(1) }],
			wrong: [{ ...repair, actions: solution.actions }],
		};
	});
	expect([...failed.keys()]).toEqual([
		'The ticket is true: It is on fire.',
		'Solution “register” reaches 95',
		'Wrong repair “accept-anyone” fails as stated',
	]);
	const details = [...failed.values()].map(({ detail }) => detail);
	expect(details[0]).toBe('seen on 0 of 1 seed');
	expect(details[1]).toContain('short at cause-removed');
	expect(details[2]).toContain('it passes; does not fail cause-removed');
});

test('steps that cannot be taken, checks that tell nothing, a ticket that tells nothing or all: each is named', () => {
	const typo: Action = { kind: 'operate', device: 'pacs', operation: 'dance', fields: {} };
	const failed = broken(({ ticket, solutions, wrong, checks, hints }) => ({
		ticket: { ...ticket, text: `Help! ${hints[2] ?? ''}`, symptoms: ticket.symptoms.slice(1) },
		solutions: solutions.map((run) => ({ ...run, actions: [typo, ...run.actions] })),
		wrong: wrong.map((run) => ({ ...run, actions: [...run.actions.slice(0, -1), typo] })),
		checks: [...checks, { id: 'never-looked-at', kind: 'ticket-closed', weight: 1 }],
	}));
	expect(failed.get('No answer leaks to the browser')?.detail).toContain('Reason 3 of source 1');
	expect(failed.get('The ticket tells of something wrong')?.detail).toContain('0 of 1');
	expect(failed.get('Solution “register” reaches 95')?.detail).toContain('step 1: Archive has no');
	expect(failed.get('Wrong repair “accept-anyone” fails as stated')?.detail).toContain('step 3:');
	expect(failed.get('Every check can pass and fail')?.detail).toBe(
		'never-looked-at never passed; never-looked-at never failed',
	);
});

test('there is no proof of nothing', () => {
	expect(() => prove(content, 'no-such-scenario', { score, seeds: 1 })).toThrow(RangeError);
	expect(() => prove(content, CALLING, { score, seeds: 0 })).toThrow(RangeError);
});

test('wrong repairs are made for what the hospital has', () => {
	const attempt = arrive(content, CALLING);
	const repairs = wrongRepairs(attempt.scenario, attempt.world);
	const titles = repairs.map(({ title }) => title);
	expect(titles).toContain('without step 4 (operate)');
	expect(titles.slice(-4)).toEqual([
		'restart everything',
		'accept any AE title',
		'open the firewall for everything',
		'delete what is stuck',
	]);
	const stuck = repairs.at(-1)?.actions ?? [];
	expect(stuck.length).toBeGreaterThan(1);
	for (const { actions, title } of repairs) {
		const closes = actions.filter(({ kind }) => kind === 'close');
		expect(closes, title).toHaveLength(title.endsWith('(close)') ? 0 : 1);
	}
});
