import { eq, sql } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import type { StepBody } from '#lib/exam/session/step.ts';
import { createGuest } from '#lib/server/auth/accounts.ts';
import { NotFound } from '#lib/server/attempts/errors.ts';
import { QuestionUnavailable } from '#lib/server/exams/errors.ts';
import { examAnswer, examStep } from '#lib/server/db/schema.ts';
import type { ExamContent } from '#lib/server/exams/content.ts';
import type { MockRequest, PracticeRequest } from '#lib/server/exams/requests.ts';
import type { SlotView, StepsResponse } from '#lib/ui/exam-data.ts';
import { HIDDEN, OUTLINE, questionFixture } from '../support/question-fixture.ts';
import { openTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let questions: ExamContent;
let server: TestApp;
let userId: string;
let keys = 0;

beforeEach(async () => {
	questions = questionFixture();
	server = openTestApp({ questions });
	userId = (await createGuest(server.db)).user.id;
});

const PRACTICE: PracticeRequest = {
	...{ outline: OUTLINE, source: 'any', sections: [], count: 5, feedback: 'at-once' },
	...{ timed: false, certainty: false, labs: false, accommodation: '1' },
};
const MOCK: MockRequest = {
	...{ outline: OUTLINE, scored: 6, unscored: 2, minutes: 10, accommodation: '1' },
};

function practise(more: Partial<PracticeRequest> = {}, app = server.app, user = userId): string {
	const started = app.sessions.startPractice(user, { ...PRACTICE, ...more });
	if (started.kind !== 'started') throw new Error(started.message);
	return started.sessionId;
}

function mockExam(more: Partial<MockRequest> = {}): string {
	const started = server.app.sessions.startMock(userId, { ...MOCK, ...more });
	if (started.kind !== 'started') throw new Error(started.message);
	return started.sessionId;
}

const step = (body: StepBody) => ({ key: `key-number-${keys++}`, body });

async function send(id: string, bodies: StepBody[], app = server.app): Promise<StepsResponse> {
	return sendSteps(id, bodies.map(step), app);
}

async function sendSteps(id: string, steps: object[], app = server.app): Promise<StepsResponse> {
	const outcome = await app.sessions.append(userId, id, { steps });
	if (outcome.kind !== 'done') throw new Error(`${outcome.kind}: ${outcome.message}`);
	return outcome.response;
}

async function look(id: string, position: number, app = server.app): Promise<SlotView> {
	const found = await app.sessions.slot(userId, id, position);
	if (found.kind !== 'slot') throw new Error(found.kind);
	return found.slot;
}

/** A right or a wrong answer to what is shown; the fixture's keys follow from its ids. */
function answerTo({ question, position }: SlotView, right: boolean): StepBody {
	const answer = (response: Extract<StepBody, { kind: 'answer' }>['response']): StepBody => ({
		...{ kind: 'answer', slot: position, response },
	});
	switch (question.type) {
		case 'sba':
			return answer({ type: 'sba', choice: right ? 'right' : 'wrong-a' });
		case 'multi':
			return answer({ type: 'multi', choices: right ? ['a', 'b'] : ['c', 'd'] });
		case 'order': {
			const sorted = [...question.choices].sort((a, b) => (a.text < b.text ? -1 : 1));
			const order = sorted.map(({ id }) => id);
			return answer({ type: 'order', order: right ? order : order.toReversed() });
		}
		case 'numeric': {
			const n = Number(/Add ([0-9]+)/.exec(question.stem)?.[1]);
			return answer({ type: 'numeric', text: `${right ? n + 1 : n - 1} s` });
		}
		case 'match': {
			const partner = (text: string) =>
				question.right.find((one) => one.text === text.replace('Left', 'Right'))?.id ?? '';
			const pairs = question.left.map(({ id, text }) => [id, right ? partner(text) : id]);
			return answer({ type: 'match', pairs: Object.fromEntries(pairs) });
		}
		default:
			throw new Error(question.type);
	}
}

/** Whatever tells the answer: everything that must not leave the server before its time. */
function leaksIn(value: unknown, path = ''): string[] {
	if (typeof value === 'string') return value.includes(HIDDEN) ? [path] : [];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, part]) => {
		const here = `${path}.${name}`;
		const forbidden = ['key', 'rationales', 'explanation', 'scored', 'mark', 'references'];
		if (forbidden.includes(name) && !path.includes('.ignored')) return [here];
		if (['correct', 'feedback', 'score'].includes(name) && part !== null) {
			return name === 'feedback' && (part === 'at-once' || part === 'at-end') ? [] : [here];
		}
		return leaksIn(part, here);
	});
}

async function result(id: string, app = server.app) {
	const view = await app.sessions.result(userId, id);
	if (!view) throw new Error('The session is open.');
	return view;
}

const reviews = () => server.db.query.reviewLog.findMany().sync();
const rows = () => server.db.select().from(examAnswer).all();

test('a whole mock exam tells nothing before its end, and everything after it', async () => {
	const id = mockExam();
	const sent: unknown[] = [await server.app.sessions.view(userId, id)];
	for (let position = 0; position < 8; position += 1) {
		const slot = await look(id, position);
		sent.push(slot);
		sent.push(
			await send(id, [{ kind: 'view', slot: position }, answerTo(slot, position % 2 === 0)]),
		);
		sent.push(await send(id, [{ kind: 'check', slot: position }]));
		sent.push(await send(id, [{ kind: 'flag', slot: position, flagged: true }]));
		sent.push(await look(id, position));
	}
	sent.push(await server.app.sessions.view(userId, id, 3));
	expect(await server.app.sessions.result(userId, id)).toBeNull();
	expect(server.app.exams.exams(userId, null).open).toMatchObject([
		{ id, score: null, answered: 8 },
	]);
	expect(sent.flatMap((one) => leaksIn(one))).toEqual([]);
	expect(rows()).toEqual([]);

	const end = await send(id, [{ kind: 'finish' }]);
	expect(end.session.status).toBe('finished');
	const view = await result(id);
	const correct = view.slots.filter((slot) => slot.scored && slot.correct).length;
	expect(correct).toBeGreaterThan(1);
	expect(view.score).toEqual({ correct, scored: 6, unscored: 2, answered: 8, late: 0 });
	expect(view.slots.map(({ correct }) => correct)).toEqual(
		Array.from({ length: 8 }, (_, i) => i % 2 === 0),
	);
	expect(view.slots.filter(({ scored }) => !scored)).toHaveLength(2);
	expect(view.sections.reduce((sum, { scored }) => sum + scored, 0)).toBe(6);
	const shown = await look(id, 0);
	expect(leaksIn(shown)).toContain('.feedback');
	expect(JSON.stringify(shown.feedback)).toContain(HIDDEN);
	expect(shown.feedback).toMatchObject({
		...{ mark: { correct: true }, scored: view.slots[0]?.scored },
	});
	expect(rows()).toHaveLength(8);
	// The first answer on an objective counts.
	expect(reviews()).toHaveLength(new Set(rows().map(({ objective }) => objective)).size);
	expect(server.app.exams.exams(userId, null).history).toMatchObject([
		{ id, status: 'finished', score: { correct, scored: 6 } },
	]);
});

test('practice tells the verdict of an answer when it is asked for, and of no other', async () => {
	const id = practise({ certainty: true });
	const sent: unknown[] = [await server.app.sessions.view(userId, id)];
	const slot = await look(id, 0);
	sent.push(slot, await send(id, [answerTo(slot, false)]), await look(id, 0));
	sent.push(await send(id, [{ kind: 'certainty', slot: 0, certainty: 'high' }]));
	expect(sent.flatMap((one) => leaksIn(one))).toEqual([]);
	const checked = await send(id, [{ kind: 'check', slot: 0 }]);
	expect(checked.slots[0]?.feedback).toMatchObject({
		...{ mark: { correct: false }, certaintyPoints: -6, others: null },
		references: [{ cite: 'The book', section: 'chapter 1', edition: '1' }],
		objective: { title: expect.stringMatching(/^You can/) },
	});
	expect(JSON.stringify(checked.slots[0]?.feedback?.key)).toContain(HIDDEN);
	expect(checked.session.slots[0]).toMatchObject({ state: 'checked', correct: false });
	for (const position of [1, 2, 3, 4]) expect(leaksIn(await look(id, position))).toEqual([]);
	const late = await send(id, [answerTo(slot, true)]);
	expect(late.ignored).toMatchObject([{ reason: expect.stringMatching(/verdict/) }]);
	expect(late.slots[0]?.feedback?.mark.correct).toBe(false);
	expect(rows()).toMatchObject([
		{ correct: false, certainty: 'high', firstExposure: true, mode: 'practice', late: false },
	]);
});

test('all types of answers are judged by the instance that was shown', async () => {
	const id = practise({ count: 100, source: 'any' });
	for (let position = 0; position < 24; position += 1) {
		const slot = await look(id, position);
		await send(id, [answerTo(slot, true), { kind: 'check', slot: position }]);
		server.passSeconds(5);
	}
	const verdicts = rows();
	expect(verdicts).toHaveLength(24);
	expect(verdicts.filter(({ correct }) => !correct)).toEqual([]);
	expect(new Set(verdicts.map(({ guessRate }) => guessRate)).size).toBeGreaterThan(3);
});

test('steps are kept before they are answered, and repeated ones change nothing', async () => {
	const id = practise();
	const slot = await look(id, 0);
	const steps = [answerTo(slot, true), { kind: 'check' as const, slot: 0 }].map(step);
	const first = await sendSteps(id, steps);
	const again = await sendSteps(id, steps);
	expect(again).toEqual(first);
	expect(server.db.select().from(examStep).all()).toHaveLength(2);
	expect(rows()).toHaveLength(1);
	expect(reviews()).toHaveLength(1);
	const other = await server.app.sessions.append(userId, id, {
		steps: [{ key: steps[0]?.key, body: { kind: 'flag', slot: 0, flagged: true } }],
	});
	expect(other).toMatchObject({ kind: 'invalid', message: expect.stringMatching(/another step/) });
});

test('two tabs write into one session, and a double click judges once', async () => {
	const id = practise();
	const [zero, one] = [await look(id, 0), await look(id, 1)];
	const other = server.another();
	await Promise.all([
		send(id, [answerTo(zero, true), { kind: 'check', slot: 0 }]),
		send(id, [answerTo(zero, true), { kind: 'check', slot: 0 }]),
		send(id, [answerTo(one, false), { kind: 'check', slot: 1 }], other),
		send(id, [answerTo(one, false), { kind: 'check', slot: 1 }], other),
	]);
	expect(rows().map(({ position, correct }) => [position, correct])).toEqual([
		[0, true],
		[1, false],
	]);
	const here = await server.app.sessions.view(userId, id);
	expect(here).toEqual(await other.sessions.view(userId, id));
});

test('a step that cannot be written is not answered, and nothing of it is kept', async () => {
	const id = practise();
	const slot = await look(id, 0);
	server.db.run(
		sql`CREATE TRIGGER full BEFORE INSERT ON exam_answer BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
	);
	const bodies: StepBody[] = [answerTo(slot, true), { kind: 'check', slot: 0 }];
	await expect(send(id, bodies)).rejects.toThrow();
	server.db.run(sql`DROP TRIGGER full`);
	expect(server.db.select().from(examStep).all()).toEqual([]);
	await send(id, bodies);
	expect(rows()).toHaveLength(1);
});

test('bad requests are described', async () => {
	const id = practise();
	const ask = (steps: unknown) => server.app.sessions.append(userId, id, { steps });
	expect(await ask([{ key: 'short', body: { kind: 'finish' } }])).toMatchObject({
		...{ kind: 'invalid', issues: [{ path: 'steps.0.key' }] },
	});
	expect((await ask([step({ kind: 'answer', slot: 5_000 } as never)])).kind).toBe('invalid');
	// The names of the server's own steps cannot be taken.
	expect((await ask([{ key: 'server:deadline', body: { kind: 'finish' } }])).kind).toBe('invalid');
	const wrongType = { kind: 'answer', slot: 0, response: { type: 'hotspot', choice: 'a' } };
	expect(await ask([step(wrongType as StepBody)])).toMatchObject({
		message: expect.stringMatching(/another type/),
	});
	expect((await send(id, [{ kind: 'view', slot: 99 }])).ignored).toHaveLength(1);
});

test('the deadline ends a session at the next request, with the answers given in time', async () => {
	const id = mockExam();
	const slots = await Promise.all([0, 1, 2].map((position) => look(id, position)));
	const bodies = slots.map((slot) => answerTo(slot, true));
	server.passSeconds(30);
	await send(id, [bodies[0] as StepBody]);
	server.passSeconds(10 * 60);
	const late = await send(id, [bodies[1] as StepBody, { kind: 'finish' }]);
	expect(late.session.status).toBe('finished');
	expect(late.ignored.map(({ reason }) => reason)).toEqual([
		expect.stringMatching(/not scored/),
		expect.stringMatching(/finished/),
	]);
	expect(late.session.slots[1]?.state).toBe('late');
	await send(id, [bodies[2] as StepBody]);
	const view = await result(id);
	const correct = view.slots[0]?.scored ? 1 : 0;
	expect(view.slots[0]?.correct).toBe(true);
	expect(view.score).toEqual({ correct, scored: 6, unscored: 2, answered: 1, late: 2 });
	expect(view.session.status).toBe('finished');
	expect(view.seconds).toMatchObject({ used: 600, allowed: 600 });
	const [first] = server.app.exams.exams(userId, null).history;
	expect(first?.finishedAt).toBe(first?.deadline);
	expect(rows().map(({ late: isLate, scored }) => [isLate, scored])).toEqual([
		[false, expect.any(Boolean)],
		[true, false],
		[true, false],
	]);
	// What came late is shown with its verdict, and is part of no statistics.
	expect((await look(id, 1)).feedback).toMatchObject({ mark: { correct: true }, scored: false });
	expect(reviews()).toHaveLength(1);
	expect(server.db.query.itemStatistic.findMany().sync()).toHaveLength(1);
});

test('looking is enough to end a session whose time is over', async () => {
	const id = mockExam();
	server.passSeconds(601);
	expect(await server.app.sessions.view(userId, id)).toMatchObject({
		session: { status: 'finished' },
	});
	expect((await result(id)).score).toMatchObject({ correct: 0, scored: 6 });
});

test('an accommodation gives more time, and untimed takes the limit away', async () => {
	const deadline = async (id: string) => {
		const view = await server.app.sessions.view(userId, id);
		if (view.kind !== 'view') throw new Error(view.kind);
		const { startedAt, deadline: end, accommodation } = view.session;
		return [accommodation, end === null ? null : (Date.parse(end) - Date.parse(startedAt)) / 1_000];
	};
	expect(await deadline(mockExam({ accommodation: '1.25' }))).toEqual(['1.25', 750]);
	expect(await deadline(mockExam({ accommodation: '2' }))).toEqual(['2', 1_200]);
	expect(await deadline(mockExam({ accommodation: 'untimed' }))).toEqual(['untimed', null]);
	const timed = { timed: true, count: 5, accommodation: '1.5' as const };
	expect(await deadline(practise(timed))).toEqual(['1.5', 450]);
});

test('after a crash another process goes on where the log ends', async () => {
	const id = mockExam();
	const before = await look(id, 0);
	await send(id, [answerTo(before, true), { kind: 'note', slot: 0, text: 'remember' }]);
	const restarted = server.another();
	const slot = await look(id, 0, restarted);
	expect(slot).toMatchObject({ question: before.question, note: 'remember' });
	expect(slot.response).not.toBeNull();
	await send(id, [{ kind: 'finish' }], restarted);
	expect((await result(id, restarted)).slots[0]?.correct).toBe(true);
});

test('a session keeps its questions when the bank changes', async () => {
	const id = practise();
	const before = await look(id, 0);
	const changed = questionFixture();
	(changed.bank.items as Map<string, unknown>).clear();
	const later = openTestApp({ questions: changed });
	expect(later.app.exams.practice(null, null).outlines[0]?.available).toBe(0);
	// The same database under a server that knows none of the items any more.
	const { bank } = questions;
	(bank.items as Map<string, unknown>).clear();
	const restarted = server.another();
	expect((await look(id, 0, restarted)).question).toEqual(before.question);
	const second = await look(id, 1, restarted);
	const checked = await send(id, [answerTo(second, true), { kind: 'check', slot: 1 }], restarted);
	expect(checked.slots[0]?.feedback?.mark.correct).toBe(true);
});

test('nobody reaches another user’s session by any function', async () => {
	const id = mockExam();
	const stranger = (await createGuest(server.db)).user.id;
	const { sessions } = server.app;
	const asks = [
		() => sessions.view(stranger, id),
		() => sessions.slot(stranger, id, 0),
		() => sessions.append(stranger, id, { steps: [step({ kind: 'finish' })] }),
		() => sessions.append(stranger, id, 'nonsense'),
		() => sessions.startLab(stranger, id, 0),
		() => sessions.result(stranger, id),
		() => sessions.view(userId, 'no-such-session'),
	];
	for (const ask of asks) await expect(ask()).rejects.toThrow(NotFound);
	await send(id, [{ kind: 'finish' }]);
	await expect(sessions.result(stranger, id)).rejects.toThrow(NotFound);
	expect(server.app.exams.exams(stranger, null)).toMatchObject({ open: [], history: [] });
	expect(server.app.exams.practice(stranger, null).open).toEqual([]);
	expect(() => sessions.startPractice(stranger, { ...PRACTICE, source: 'own:x' })).toThrow(
		NotFound,
	);
	expect(() => sessions.startMock(stranger, { ...MOCK, outline: 'nothing' })).toThrow(NotFound);
	expect(server.app.progress.objectionToGoal({ outline: 'x', examDate: '' })).toBeDefined();
});

test('unseen, missed, flagged and due follow from what was done', async () => {
	const { exams } = server.app;
	expect(exams.practice(userId, null).counts).toEqual({ unseen: 24, missed: 0, flagged: 0 });
	const id = practise({ count: 3, source: 'unseen' });
	for (const position of [0, 1, 2]) {
		const slot = await look(id, position);
		await send(id, [answerTo(slot, false), { kind: 'check', slot: position }]);
	}
	await send(id, [{ kind: 'flag', slot: 2, flagged: true }, { kind: 'finish' }]);
	expect(exams.practice(userId, null).counts).toEqual({ unseen: 21, missed: 3, flagged: 1 });
	const again = practise({ source: 'missed' });
	const flagged = practise({ source: 'flagged' });
	const itemsOf = (session: string) =>
		server.db.query.examSlot.findMany({ where: (slot) => eq(slot.sessionId, session) }).sync();
	const missed = itemsOf(id);
	expect(new Set(itemsOf(again).map(({ itemId }) => itemId))).toEqual(
		new Set(missed.map(({ itemId }) => itemId)),
	);
	// The same question comes in another variant.
	for (const { itemId, seed } of itemsOf(again)) {
		expect(missed.find((slot) => slot.itemId === itemId)?.seed).not.toBe(seed);
	}
	expect(itemsOf(flagged)).toHaveLength(1);
	expect(exams.practice(userId, null).due).toMatchObject({ today: 0, overdue: 0 });
	expect(server.app.sessions.startPractice(userId, { ...PRACTICE, source: 'due' })).toMatchObject({
		...{ kind: 'refused', message: expect.stringMatching(/due/) },
	});
	server.passSeconds(86_400);
	const objectives = new Set(itemsOf(id).map(({ objective }) => objective));
	expect(exams.practice(userId, null).due).toMatchObject({ today: objectives.size, overdue: 0 });
	server.passSeconds(86_400);
	expect(exams.practice(userId, null).due).toMatchObject({ today: 0, overdue: objectives.size });
	const review = itemsOf(practise({ source: 'due', count: 20 }));
	expect(new Set(review.map(({ objective }) => objective))).toEqual(objectives);
	const met = new Set(itemsOf(id).map(({ itemId }) => itemId));
	expect(review.some(({ itemId }) => met.has(itemId))).toBe(false);
});

test('only the first meeting with an item moves its statistics; every one moves the learner', async () => {
	const answerAll = async (source: PracticeRequest['source']) => {
		const id = practise({ source, count: 100, sections: ['B'] });
		const view = await server.app.sessions.view(userId, id);
		if (view.kind !== 'view') throw new Error(view.kind);
		for (const { position } of view.session.slots) {
			const slot = await look(id, position);
			await send(id, [answerTo(slot, false), { kind: 'check', slot: position }]);
		}
		return view.session.slots.length;
	};
	const count = await answerAll('unseen');
	const first = server.db.query.itemStatistic.findMany().sync();
	expect(first.every(({ answers, right, b }) => answers === 1 && right === 0 && b > 0)).toBe(true);
	expect(first.find(({ choices }) => choices['wrong-a'] === 1)).toBeDefined();
	await answerAll('missed');
	expect(server.db.query.itemStatistic.findMany().sync()).toEqual(first);
	expect(server.db.query.ability.findMany().sync()).toMatchObject([{ answers: 2 * count }]);
	expect(rows().filter(({ firstExposure }) => firstExposure)).toHaveLength(count);
});

test('what others chose is told from thirty first answers on', async () => {
	const id = practise({ count: 100 });
	let single: SlotView | undefined;
	for (let position = 0; !single; position += 1) {
		const slot = await look(id, position);
		if (slot.question.type === 'sba') single = slot;
	}
	const { position } = single;
	await send(id, [answerTo(single, false), { kind: 'check', slot: position }]);
	const pretend = (answers: number) =>
		server.db.run(
			sql`UPDATE item_statistic SET answers = ${answers}, choices = '{"wrong-a": 16, "right": 15}'`,
		);
	pretend(30);
	expect((await look(id, position)).feedback?.others).toBeNull();
	pretend(31);
	expect((await look(id, position)).feedback?.others).toEqual({ 'wrong-a': 0.5, right: 0.5 });
});

test('limits', async () => {
	const many = Array.from({ length: 31 }, () =>
		server.app.sessions.startPractice(userId, PRACTICE),
	);
	expect(many.map(({ kind }) => kind).filter((kind) => kind === 'too-many')).toHaveLength(1);
	const [first] = many;
	if (first?.kind !== 'started') throw new Error('not started');
	for (let n = 0; n < 120; n += 1) {
		await server.app.sessions.append(userId, first.sessionId, { steps: [] });
	}
	const over = await server.app.sessions.append(userId, first.sessionId, { steps: [] });
	expect(over).toMatchObject({ kind: 'too-many' });
});

test('a question that cannot be made is left out of the score', async () => {
	const lost = questionFixture();
	for (const item of lost.bank.items.values()) {
		if (item.type !== 'sba') continue;
		item.exhibits = [{ id: 'x', kind: 'lost', caption: 'Lost', alt: 'Nothing', with: {} }];
	}
	server = openTestApp({ questions: lost });
	userId = (await createGuest(server.db)).user.id;
	const id = practise({ count: 100 });
	const view = await server.app.sessions.view(userId, id);
	if (view.kind !== 'view') throw new Error(view.kind);
	expect(view.slot.question.type).not.toBe('sba');
	let broken = 0;
	for (const { position } of view.session.slots) {
		try {
			await server.app.sessions.slot(userId, id, position);
		} catch (error) {
			expect(error).toBeInstanceOf(QuestionUnavailable);
			broken = position;
		}
	}
	expect(server.warnings.length).toBeGreaterThanOrEqual(20);
	const steps: StepBody[] = [
		answerTo(view.slot, true),
		{ kind: 'answer', slot: broken, response: { type: 'sba', choice: 'right' } },
		{ kind: 'finish' },
	];
	expect((await send(id, steps)).slots.map(({ position }) => position)).toEqual([
		view.slot.position,
	]);
	expect((await result(id)).score).toMatchObject({ correct: 1, scored: 1, unscored: 20 });
});
