import { isActionFailure, isRedirect } from '@sveltejs/kit';
import { eq } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import type { Card } from '#lib/exam/repetition/card.ts';
import type { App as PacsApp } from '#lib/server/app.ts';
import { createGuest } from '#lib/server/auth/accounts.ts';
import type { ExamAnswerRow } from '#lib/server/db/exam-answer-store.ts';
import { insertAnswer } from '#lib/server/db/exam-answer-store.ts';
import { examSlot, objectiveCard, reviewLog, user } from '#lib/server/db/schema.ts';
import { ProgressPages } from '#lib/server/exams/progress.ts';
import { QuestionBank } from '#lib/server/exams/question-bank.ts';
import { reviewAnswer } from '#lib/server/exams/repetition-review.ts';
import { plannedReviews, reviewSlots } from '#lib/server/exams/repetition.ts';
import { OUTLINE, questionFixture } from '../support/question-fixture.ts';
import { CookieJar, requestEvent } from '../support/request-event.ts';
import { openTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';
import { actions, load } from '../../src/routes/progress/+page.server.ts';

const DAY_MS = 86_400_000;
const NOW = new Date('2026-03-09T08:00:00Z');

let server: TestApp;
let bank: QuestionBank;
let pages: ProgressPages;
let app: PacsApp;
let userId: string;
let jar: CookieJar;

beforeEach(async () => {
	const questions = questionFixture(44);
	server = openTestApp({ questions });
	bank = new QuestionBank(questions, server.engine.scenarios);
	pages = new ProgressPages({ db: server.db, bank, now: () => NOW });
	app = Object.assign({}, server.app, { progress: pages });
	userId = (await createGuest(server.db)).user.id;
	jar = new CookieJar();
});

/** Answers the given single choices, right or wrong, in one finished practice session. */
async function practise(count: number, right: (n: number) => boolean, who = userId) {
	const started = server.app.sessions.startPractice(who, {
		...{ outline: OUTLINE, source: 'unseen', sections: [], count, feedback: 'at-once' },
		...{ timed: false, certainty: true, labs: false, accommodation: '1' },
	});
	if (started.kind !== 'started') throw new Error(started.message);
	const id = started.sessionId;
	let key = 0;
	const send = async (body: object) => {
		const step = { key: `key-number-${key++}`, body };
		const outcome = await server.app.sessions.append(who, id, { steps: [step] });
		if (outcome.kind !== 'done') throw new Error(outcome.message);
	};
	for (let slot = 0; slot < count; slot++) {
		const found = await server.app.sessions.slot(who, id, slot);
		if (found.kind !== 'slot' || found.slot.question.type !== 'sba') continue;
		await send({ kind: 'certainty', slot, certainty: right(slot) ? 'high' : 'mid' });
		const choice = right(slot) ? 'right' : 'wrong-a';
		await send({ kind: 'answer', slot, response: { type: 'sba', choice } });
	}
	await send({ kind: 'finish' });
	return id;
}

test('a visitor sees an empty page', () => {
	const page = pages.page(null, null);
	expect(page).toMatchObject({ outline: OUTLINE, examDate: null, firstAnswers: 0 });
	expect(page.readiness.why).toBe('0 of 20 first answers');
	expect(page.domains.map(({ code, answers }) => [code, answers])).toEqual([
		...[
			['A', 0],
			['B', 0],
		],
	]);
	expect([page.weak, page.history, page.weeks, page.certainty]).toEqual([[], [], [], []]);
});

test('answers come back as readiness, sections, weak objectives and history', async () => {
	// Only the first answer to an objective is its review: the first questions are wrong.
	const sessionId = await practise(44, (slot) => slot % 4 > 0 && slot > 5);
	const page = pages.page(userId, 'no-such-exam');
	const answers = page.firstAnswers;
	expect(answers).toBeGreaterThanOrEqual(35);
	expect(page.readiness.pass?.probability).toBeGreaterThan(0);
	expect(page.readiness.why).toBeNull();
	expect(page.domains.reduce((sum, domain) => sum + domain.answers, 0)).toBe(answers);
	expect(page.readiness.coverage.share).toBe(1);
	expect(page.readiness.memory.at).toBe('2026-03-09');
	expect(page.weak.length).toBeGreaterThan(0);
	expect(page.weak[0]).toMatchObject({ lab: { id: 'count-up', title: 'Title of count-up' } });
	expect(page.weak.every(({ retrievability }) => retrievability === 1)).toBe(true);
	expect(page.calendar.reduce((sum, { due }) => sum + due, 0)).toBeGreaterThan(0);
	expect(page.history).toMatchObject([{ sessionId, title: 'Practice: Test exam' }]);
	expect(page.weeks).toMatchObject([{ week: '2026-03-09', answers }]);
	const [low, mid, high] = page.certainty;
	expect(low).toEqual({ certainty: 'low', answers: 0, correct: 0 });
	expect(mid?.correct).toBe(0);
	expect(high?.correct).toBe(high?.answers);
	expect(high?.answers).toBeGreaterThan(20);
});

test('nothing of others is shown', async () => {
	const other = (await createGuest(server.db)).user.id;
	await practise(44, () => true, other);
	expect(pages.page(userId, null)).toEqual({
		...pages.page(null, null),
		certainty: ['low', 'mid', 'high'].map((certainty) => ({ certainty, answers: 0, correct: 0 })),
	});
});

test('late answers and second meetings are no first answers', async () => {
	const session = await emptySession();
	const seen = { objective: 'test.o1', section: 'A' };
	insertAnswer(server.db, answerRow(session, { ...seen, late: true }));
	insertAnswer(server.db, answerRow(session, { ...seen, position: 1, firstExposure: false }));
	expect(pages.page(userId, null).firstAnswers).toBe(0);
	insertAnswer(server.db, answerRow(session, { ...seen, position: 2 }));
	expect(pages.page(userId, null).firstAnswers).toBe(1);
});

async function postGoal(form: Record<string, string>) {
	const event = await requestEvent<never>(app, jar, { form });
	try {
		const result = await (actions['goal'] as (event: never) => unknown)(event);
		return isActionFailure(result) ? result : { status: 200, data: result };
	} catch (thrown) {
		if (isRedirect(thrown)) return thrown;
		throw thrown;
	}
}

const show = async () => load(await requestEvent<never>(app, jar, { path: '/progress' }));

test('a visitor who sets a date becomes a guest and finds it again', async () => {
	const done = await postGoal({ outline: OUTLINE, examDate: '2026-04-30' });
	expect(done).toMatchObject({ status: 303, location: `/progress?outline=${OUTLINE}` });
	expect(await show()).toMatchObject({ examDate: '2026-04-30', outline: OUTLINE });
	expect(await show()).toMatchObject({ readiness: { memory: { at: '2026-04-30' } } });
	await postGoal({ outline: OUTLINE, examDate: '' });
	expect(await show()).toMatchObject({ examDate: null });
	expect(await server.db.select().from(user)).toHaveLength(2);
});

test.each([
	['a day that is over', OUTLINE, '2026-03-07'],
	['no day at all', OUTLINE, '2026-02-30'],
	['words', OUTLINE, 'soon'],
	['an exam that is not there', 'other-2026', '2026-04-30'],
])('%s is refused and makes no guest', async (_, outline, examDate) => {
	const refused = await postGoal({ outline, examDate });
	expect(refused.status).toBe(400);
	expect(jar.values.size).toBe(0);
	expect(await server.db.select().from(user)).toHaveLength(1);
});

test('today may be the day of the exam, wherever it is still today', async () => {
	for (const examDate of ['2026-03-09', '2026-03-08']) {
		expect((await postGoal({ outline: OUTLINE, examDate })).status).toBe(303);
	}
});

/** A kept answer to the n-th slot of a session, as judging hands it over. */
function answerRow(sessionId: string, change: Partial<ExamAnswerRow>): ExamAnswerRow {
	const [slot] = server.db.select().from(examSlot).where(eq(examSlot.sessionId, sessionId)).all();
	if (!slot) throw new Error('no slot');
	return {
		...{ sessionId, position: 0, itemId: slot.itemId, version: 1, digest: slot.digest },
		...{ userId, outline: OUTLINE, objective: 'goal.one', section: 'A', mode: 'practice' },
		...{ correct: true, credit: 1, wrong: [], chosen: null, certainty: null, seconds: 50 },
		...{ guessRate: 0.25, firstExposure: true, scored: true, late: false, at: NOW, ...change },
	};
}

const MORE = { expectedSeconds: 60, possiblyGuessed: false };
const cards = () => server.db.select().from(objectiveCard).all();
const log = () =>
	server.db
		.select()
		.from(reviewLog)
		.all()
		.map(({ rating }) => rating);

async function emptySession(): Promise<string> {
	const started = server.app.sessions.startPractice(userId, {
		...{ outline: OUTLINE, source: 'any', sections: [], count: 5, feedback: 'at-end' },
		...{ timed: false, certainty: false, labs: false, accommodation: '1' },
	});
	if (started.kind !== 'started') throw new Error(started.message);
	return started.sessionId;
}

test('the first answer to an objective in a session is its review, later sessions review again', async () => {
	const first = await emptySession();
	reviewAnswer(server.db, answerRow(first, { correct: false }), MORE);
	reviewAnswer(server.db, answerRow(first, { position: 1 }), MORE);
	expect(log()).toEqual([1]);
	const second = await emptySession();
	const at = new Date(NOW.getTime() + 3 * DAY_MS);
	reviewAnswer(server.db, answerRow(second, { at }), MORE);
	expect(log()).toEqual([1, 3]);
	expect(cards()).toMatchObject([{ objective: 'goal.one', card: { reviews: 2, last: 3 } }]);
	expect(server.db.select().from(reviewLog).all()[1]?.before).toMatchObject({ reviews: 1 });
});

test('slow is what is slower than nine of ten others, once thirty have answered', async () => {
	const own = await emptySession();
	reviewAnswer(server.db, answerRow(own, { seconds: 100, objective: 'goal.a' }), MORE);
	for (let i = 0; i < 30; i++) {
		insertAnswer(server.db, answerRow(own, { position: 100 + i, seconds: 61 + i }));
	}
	const slow = { seconds: 90, objective: 'goal.b', position: 1 };
	reviewAnswer(server.db, answerRow(own, slow), MORE);
	reviewAnswer(
		server.db,
		answerRow(own, { ...slow, seconds: 87, objective: 'goal.c', position: 2 }),
		MORE,
	);
	expect(log()).toEqual([3, 2, 3]);
});

test('a date moves reviews that were planned before it was set', async () => {
	const session = await emptySession();
	reviewAnswer(server.db, answerRow(session, {}), MORE);
	const kept = cards()[0]?.card as Card;
	const moved = { ...kept, stability: 200 };
	server.db.update(objectiveCard).set({ card: moved }).run();
	const days = () =>
		((plannedReviews(server.db, userId, NOW)[0]?.dueMs ?? 0) - NOW.getTime()) / DAY_MS;
	expect(days()).toBe(200);
	pages.setGoal(userId, { outline: OUTLINE, examDate: '2026-03-19' });
	expect(days()).toBe(10);
});

test('a review brings what is due, the longest overdue first, and not what was seen last', async () => {
	const { items } = bank.outline(userId, OUTLINE);
	const card: Card = { stability: 1, difficulty: 5, reviews: 1, lapses: 0, last: 3, atMs: 0 };
	const planned = [2, 1, 9].map((due) => ({ objective: `test.o${due % 6}`, card, dueMs: due }));
	planned.sort((a, b) => a.dueMs - b.dueMs);
	const siblings = items.filter(({ objective }) => objective === 'test.o1');
	const seen = (lastSeenMs: number) => ({
		...{ exposures: 1, lastSeenMs, flagged: false, lastCorrect: true },
	});
	const last = siblings[0]?.itemId ?? '';
	const history = new Map(siblings.map(({ itemId }, i) => [itemId, seen(i === 0 ? 9 : 1)]));
	const wish = { learner: userId, sections: [], count: 10, endMs: 5 };
	for (let i = 0; i < 20; i++) {
		const slots = reviewSlots(planned, items, history, { ...wish, seed: `${i}` });
		expect(slots.map(({ objective }) => objective)).toEqual(['test.o1', 'test.o2']);
		expect(slots[0]?.itemId).not.toBe(last);
	}
});
