import { expect, test } from 'vitest';
import { syntheticBlueprint, syntheticItem } from '../form/synthetic-bank.fixture.ts';
import type { Item } from '../item/item-schema.ts';
import { reviewed, type Card } from '../repetition/card.ts';
import type { Rating } from '../repetition/scheduler.ts';
import { dateOfDay, mondayOf } from './days.ts';
import { learnerProgress } from './learner-progress.ts';
import type { FirstAnswer, LearnerRecord, PlannedCard } from './learner-progress.ts';
import { passCut } from './pass-cut.ts';
import { studyOutline, type StudyItem } from './study-outline.ts';

const DAY_MS = 86_400_000;
/** 2026-11-23, a Monday. */
const TODAY = 20_780;
const NOW_MS = TODAY * DAY_MS + 10 * 3_600_000;

const BLUEPRINT = syntheticBlueprint([12, 7, 1]);
const study = (item: Item): StudyItem => {
	const section = item.blueprint[0]?.code.slice(0, 1) ?? '';
	const { id: itemId, version, objective } = item;
	return { itemId, version, section, objective, item };
};
/** Forty items in turn from A and B, two in a row of one objective. */
const ITEMS = Array.from({ length: 40 }, (_, i) =>
	syntheticItem(i, (i >> 1) % 2, { level: (i % 5) + 1 }),
);
const OUTLINE = studyOutline(BLUEPRINT, ITEMS.map(study));

const answer = (number: number, correct = true, daysAgo = 0): FirstAnswer => {
	const { id: itemId, version, objective } = ITEMS[number] as Item;
	const atMs = NOW_MS - daysAgo * DAY_MS;
	return { itemId, version, objective, correct, guessRate: 0.25, atMs };
};
const answers = (count: number, correct = true, from = 0): FirstAnswer[] =>
	Array.from({ length: count }, (_, i) => answer(from + i, correct));
const card = (objective: number, ratings: Rating[], daysAgo = 0): PlannedCard => {
	let card: Card | null = null;
	ratings.forEach((rating, i) => {
		card = reviewed(card, rating, NOW_MS - (daysAgo + 3 * (ratings.length - 1 - i)) * DAY_MS);
	});
	const due = { objective: `objective-${objective}`, dueMs: NOW_MS + (objective - 3) * DAY_MS };
	return { ...due, card: card as unknown as Card };
};
const progress = (record: Partial<LearnerRecord> = {}, outline = OUTLINE) =>
	learnerProgress(outline, {
		...{ firstAnswers: [], cards: [], difficulties: new Map(), nowMs: NOW_MS, examMs: null },
		...record,
	});

test('days and weeks', () => {
	expect(dateOfDay(TODAY)).toBe('2026-11-23');
	expect(mondayOf(TODAY)).toBe(TODAY);
	expect(mondayOf(TODAY + 6)).toBe(TODAY);
	expect(dateOfDay(mondayOf(0))).toBe('1969-12-29');
});

test('who has answered nothing is told how much is missing', () => {
	const { firstAnswers, readiness, domains, weak, weeks, calendar } = progress();
	expect(firstAnswers).toBe(0);
	expect(readiness.pass).toBeNull();
	expect(readiness.why).toBe('0 of 20 first answers');
	expect(readiness.coverage).toEqual({ share: 0, covered: 0, objectives: 20 });
	// Section C, of 5 %, has no items and counts as guessed, too.
	expect(readiness.memory).toEqual({ share: expect.closeTo(0.25), at: '2026-11-23' });
	expect(domains.map(({ weight }) => weight)).toEqual([0.6, 0.35, 0.05]);
	expect(domains[0]).toMatchObject({ answers: 0, share: null, low: null, high: null });
	expect([weak, weeks]).toEqual([[], []]);
	expect(calendar).toHaveLength(28);
	expect(calendar[0]).toEqual({ date: '2026-11-23', due: 0 });
	expect(calendar[27]?.date).toBe('2026-12-20');
});

test('what is missing is said exactly', () => {
	const onlyA = ITEMS.flatMap((_, i) => ((i >> 1) % 2 === 0 ? [answer(i)] : []));
	const why = (count: number) => progress({ firstAnswers: onlyA.slice(0, count) }).readiness.why;
	expect(why(12)).toBe('12 of 20 first answers; section B (35 % of the exam) has none');
	expect(why(20)).toBe('20 first answers; section B (35 % of the exam) has none');
	const two = { ...BLUEPRINT, sections: syntheticBlueprint([5, 3, 2]).sections };
	const more = studyOutline(two, ITEMS.map(study));
	expect(progress({ firstAnswers: onlyA.slice(0, 3) }, more).readiness.why).toBe(
		'3 of 20 first answers; sections B (30 % of the exam) and C (20 %) have none',
	);
	expect(progress({ firstAnswers: answers(19) }).readiness.why).toBe('19 of 20 first answers');
	const empty = studyOutline(BLUEPRINT, []);
	expect(progress({}, empty).readiness.why).toBe('There are no questions for this exam yet.');
});

test('from twenty first answers on the estimate is shown, and its ends lie around it', () => {
	const half = [...answers(10), ...answers(10, false, 10)];
	const { pass, why } = progress({ firstAnswers: half }).readiness;
	expect(why).toBeNull();
	expect(pass?.word).toBe('not yet');
	const good = progress({ firstAnswers: answers(40) }).readiness.pass;
	expect(good?.word).toBe('likely');
	for (const one of [pass, good]) {
		expect(one?.low).toBeLessThan(one?.probability ?? 0);
		expect(one?.high).toBeGreaterThan(one?.probability ?? 1);
	}
});

test('a distant exam makes the estimate less certain', () => {
	const firstAnswers = answers(40);
	const soon = progress({ firstAnswers }).readiness.pass?.probability ?? 0;
	const examMs = (TODAY + 300) * DAY_MS;
	const far = progress({ firstAnswers, examMs }).readiness.pass?.probability ?? 0;
	expect(far).toBeLessThan(soon);
	expect(far).toBeGreaterThan(0.5);
});

test('hard items count for more, whether an author or answers say so', () => {
	const firstAnswers = ITEMS.flatMap((_, i) => [answer(i, i % 3 > 0)]);
	const base = progress({ firstAnswers }).readiness.pass?.probability ?? 0;
	const harder = new Map(ITEMS.map(({ id }) => [`${id} 1`, 1.5]));
	const after = progress({ firstAnswers, difficulties: harder }).readiness.pass?.probability ?? 0;
	expect(after).not.toBeCloseTo(base, 2);
});

test('the cut lies where the levels put it: about two of three right', () => {
	const cut = passCut(OUTLINE.form, new Map());
	expect(cut?.theta).toBeGreaterThan(0);
	expect(cut?.theta).toBeLessThan(0.6);
	expect(cut?.guessRate).toBe(0.25);
	// If all items turn out a logit easier than their levels say, so does the cut.
	const easier = new Map(ITEMS.map(({ id, level }) => [`${id} 1`, (level - 3) * 0.75 - 1]));
	expect((cut?.theta ?? 0) - (passCut(OUTLINE.form, easier)?.theta ?? 0)).toBeCloseTo(1, 6);
	expect(passCut([], new Map())).toBeUndefined();
});

test('the typical form has the sections and levels of the exam', () => {
	expect(OUTLINE.form.filter(({ section }) => section === 'A')).toHaveLength(12);
	expect(OUTLINE.form.filter(({ section }) => section === 'B')).toHaveLength(7);
	const levels = OUTLINE.form.map(({ item }) => item.level);
	expect(new Set(levels).size).toBe(5);
});

test('sections show the share that is right with its interval', () => {
	const given = [answer(0), answer(1), answer(4, false), answer(5)];
	const [a, b] = progress({ firstAnswers: given }).domains;
	expect(a).toMatchObject({ code: 'A', answers: 4, correct: 3, share: 0.75, coverage: 0.2 });
	// Wilson's interval of 3 of 4.
	expect(a?.low).toBeCloseTo(0.3006, 3);
	expect(a?.high).toBeCloseTo(0.9544, 3);
	expect(b).toMatchObject({ answers: 0, share: null, coverage: 0 });
});

test('coverage counts objectives with two first answers, by the weight of their sections', () => {
	const { coverage } = progress({ firstAnswers: [...answers(6), answer(8)] }).readiness;
	expect(coverage).toMatchObject({ covered: 3, objectives: 20 });
	expect(coverage.share).toBeCloseTo(0.6 * 0.2 + 0.35 * 0.1, 9);
});

test('memory is reckoned for the day of the exam', () => {
	const cards = [card(0, [3]), card(2, [3])];
	const today = progress({ cards }).readiness.memory;
	const later = progress({ cards, examMs: (TODAY + 40) * DAY_MS }).readiness.memory;
	// Two of ten objectives of A are known, all others guessed.
	expect(today.share).toBeCloseTo(0.25 + 0.6 * 0.2 * 0.75, 6);
	expect(later.share).toBeLessThan(today.share - 0.02);
	expect(later.at).toBe('2027-01-02');
	expect(progress({ cards, examMs: (TODAY - 9) * DAY_MS }).readiness.memory).toEqual(today);
});

test('the calendar counts what is overdue today, and nothing of other outlines', () => {
	const cards = [0, 1, 2, 3, 5, 19, 400].map((objective) => card(objective, [3]));
	const { calendar } = progress({ cards });
	expect(calendar.flatMap(({ due }, day) => (due > 0 ? [[day, due]] : []))).toEqual([
		...[
			[0, 4],
			[2, 1],
			[16, 1],
		],
	]);
});

test('weak is what was wrong the last time or forgotten twice, with the labs that cure it', () => {
	const labs = ITEMS.map((item, i) => study(i === 9 ? { ...item, remediate: 'a-lab' } : item));
	const cards = [
		...[card(0, [3, 3]), card(1, [3, 1]), card(2, [1, 3])],
		...[card(3, [3, 1, 3, 1, 3]), card(4, [1], 2), card(500, [1])],
	];
	const { weak } = progress({ cards }, studyOutline(BLUEPRINT, labs));
	expect(weak.map(({ objective, lapses }) => [objective, lapses])).toEqual([
		...[
			['objective-3', 2],
			['objective-1', 1],
			['objective-4', 0],
		],
	]);
	expect(weak.map((one) => one.labs)).toEqual([[], [], ['a-lab']]);
	expect(weak[2]?.retrievability).toBeLessThan(0.9);
});

test('weeks without an answer stand between others', () => {
	const firstAnswers = [answer(0, false, 15), answer(1, true, 14), answer(2), answer(3, false)];
	expect(progress({ firstAnswers }).weeks).toEqual([
		{ week: '2026-11-02', answers: 1, correct: 0 },
		{ week: '2026-11-09', answers: 1, correct: 1 },
		{ week: '2026-11-16', answers: 0, correct: 0 },
		{ week: '2026-11-23', answers: 2, correct: 1 },
	]);
	expect(progress({ firstAnswers: [answer(0, true, 900), answer(1)] }).weeks).toHaveLength(12);
});

test('answers to items on trial or of other outlines tell nothing about ability', () => {
	const trial = studyOutline(
		BLUEPRINT,
		ITEMS.map((item, i) => study({ ...item, pilot: i < 5 })),
	);
	const other = { ...answer(0), itemId: 'XX-other-0001' };
	expect(progress({ firstAnswers: [...answers(8), other] }, trial).firstAnswers).toBe(3);
	expect(trial.form.some(({ item }) => item.pilot)).toBe(false);
});
