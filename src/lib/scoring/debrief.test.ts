import { expect, test } from 'vitest';
import { readContent } from '../../../scripts/read-content.ts';
import type { Action } from '#lib/lab/action.ts';
import { arrive, withScenario } from '#lib/lab/play.fixture.ts';
import { FAULT_DEFINITIONS } from '#lib/lab/faults/catalogue.ts';
import { debriefOf, debriefSteps } from './debrief.ts';
import { impactOf } from './impact.ts';
import { solutionOf } from './play.fixture.ts';
import type { Debrief } from './score.ts';

const content = readContent();
const CALLING = 'assoc-calling-aet-not-registered';

function debriefAfter(actions: readonly Action[], of = content): Debrief {
	const attempt = arrive(of, CALLING);
	for (const action of actions) attempt.perform(action);
	return debriefOf(of, attempt);
}

const solved = debriefAfter(solutionOf(content, CALLING));

test('in steps it is the same as in one go', () => {
	const attempt = arrive(content, CALLING);
	for (const action of solutionOf(content, CALLING)) attempt.perform(action);
	const steps = debriefSteps(content, attempt);
	let yields = 0;
	for (;;) {
		const step = steps.next();
		if (!step.done) {
			yields++;
			continue;
		}
		expect(step.value).toEqual(solved);
		break;
	}
	expect(yields).toBeGreaterThan(20);
	expect(solved.fingerprint).toBe(attempt.fingerprint());
	expect(JSON.parse(JSON.stringify(solved))).toEqual(solved);
});

test('it tells the cause and the diagnosis in the words of the catalogue', () => {
	const mechanism = FAULT_DEFINITIONS.get('calling-ae-not-registered')?.mechanism.title;
	expect(solved.causes).toEqual([
		{
			component: 'Archive',
			layer: 'DICOM association (AE titles, limits, contexts)',
			mechanism,
			text: expect.stringMatching(/\.$/) as string,
		},
	]);
	expect(solved.stated).toMatchObject({ component: 'Archive', mechanism, confidence: 95 });
	expect(solved.score).not.toHaveProperty('lostInstances');
	expect(solved.text).toBe(content.scenarios.get(CALLING)?.debrief);
});

test('the story goes forward in time, with the fault first and every action once', () => {
	const times = solved.story.map(({ wallTime }) => wallTime);
	expect(times).toEqual([...times].sort());
	expect(solved.story[0]).toMatchObject({ who: 'fault', wallTime: '2026-03-09T06:50:00' });
	expect(solved.story.filter(({ who }) => who === 'fault')).toHaveLength(1);
	const sequences = solved.story.flatMap(({ sequence }) => sequence ?? []);
	expect(sequences).toEqual(solutionOf(content, CALLING).map((_, i) => i));
	expect(solved.story.some(({ text }) => /^Study \S+ reached the archive\.$/.test(text))).toBe(
		true,
	);
	for (const { text, who } of solved.story) {
		expect(text).not.toMatch(/undefined|\[object/);
		if (who !== 'trainee') expect(text).toMatch(/^[A-Z].*\.$/);
	}
});

test('a restart is told with the title of what stopped, and a distractor is no fault', () => {
	const distracted = withScenario(content, CALLING, () => ({
		distractors: [
			{
				id: 'd1',
				kind: 'volume-filling',
				at: -3_600_000_000,
				host: 'pacs',
				volume: 'images',
				percent: 85,
			},
		],
	}));
	const { story } = debriefAfter(
		[{ kind: 'operate', device: 'pacs', operation: 'restart', fields: {} }],
		distracted,
	);
	expect(story.filter(({ who }) => who === 'fault')).toHaveLength(1);
	const texts = story.map(({ text }) => text);
	expect(texts).toContain('Archive stopped.');
	expect(texts).toContain('Archive started.');
});

test.each([...content.scenarios.keys()])(
	'%s: the solution reads as a person would say it',
	(id) => {
		const attempt = arrive(content, id);
		const { solution } = debriefOf(content, attempt);
		const actions = solutionOf(content, id);
		expect(solution).toHaveLength(actions.length);
		const ids = [
			...[...FAULT_DEFINITIONS.values()].map(({ mechanism }) => mechanism.id),
			...actions.flatMap((action) => {
				if (action.kind === 'call') return [action.topic, action.person];
				if (action.kind === 'operate') return [action.operation, ...Object.keys(action.fields)];
				return action.kind === 'configure' ? [action.setting] : [];
			}),
		].filter((text) => text.includes('-'));
		for (const line of solution) {
			for (const raw of ids) expect(line).not.toContain(raw);
			expect(line).toMatch(/^(\$|[A-Z])/);
			expect(line).not.toMatch(/undefined|\[object/);
		}
	},
);

test('a failure costs patients time, and a hospital without it does not', () => {
	const { impact } = debriefAfter([]);
	expect(impact.delayedStudies).toBeGreaterThan(0);
	expect(impact.patientMinutes).toBeGreaterThan(5 * impact.delayedStudies);
	expect(impact.lostInstances).toBe(0);
	expect(solved.impact.patientMinutes).toBeLessThan(impact.patientMinutes);
	const healthy = (): ReturnType<ReturnType<typeof arrive>['evidence']> => {
		const attempt = arrive(content, CALLING, 'test', { healthy: true, capture: false });
		attempt.watch();
		return attempt.evidence();
	};
	expect(impactOf(healthy(), healthy())).toEqual({ delayedStudies: 0, patientMinutes: 0 });
});
