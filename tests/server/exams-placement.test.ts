import { eq } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import { createGuest } from '#lib/server/auth/accounts.ts';
import { inTransaction } from '#lib/server/db/connection.ts';
import { moveExamWork } from '#lib/server/db/exam-guest-store.ts';
import type { SlotView } from '#lib/ui/exam-data.ts';
import { labItem, OUTLINE, questionFixture } from '../support/question-fixture.ts';
import { openTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let server: TestApp;
let userId: string;
let keys = 0;

beforeEach(async () => {
	server = openTestApp({ questions: questionFixture(120, [labItem()]) });
	userId = (await createGuest(server.db)).user.id;
});

function place(): string {
	const started = server.app.sessions.startPractice(userId, {
		...{ outline: OUTLINE, source: 'placement', sections: [], count: 20, feedback: 'at-once' },
		...{ timed: true, certainty: true, labs: false, accommodation: '1' },
	});
	if (started.kind !== 'started') throw new Error(started.message);
	return started.sessionId;
}

async function send(id: string, bodies: object[], app = server.app) {
	const steps = bodies.map((body) => ({ key: `key-number-${keys++}`, body }));
	const outcome = await app.sessions.append(userId, id, { steps });
	if (outcome.kind !== 'done') throw new Error(`${outcome.kind}: ${outcome.message}`);
	return outcome.response;
}

async function open(id: string) {
	const view = await server.app.sessions.view(userId, id);
	if (view.kind !== 'view') throw new Error(view.kind);
	return view;
}

/** Right for single choices if wanted; all other types are answered wrong. */
function answerTo({ question, position }: SlotView, right: boolean): object {
	const responses: Record<string, object> = {
		sba: { type: 'sba', choice: right ? 'right' : 'wrong-a' },
		multi: { type: 'multi', choices: ['c'] },
		order: { type: 'order', order: [] },
		numeric: { type: 'numeric', text: '-1' },
		match: { type: 'match', pairs: {} },
	};
	return { kind: 'answer', slot: position, response: responses[question.type] };
}

/** Answers until the end; `right` decides by how many were asked. */
async function walk(id: string, right: (asked: number) => boolean): Promise<number> {
	for (let asked = 0; ; asked += 1) {
		server.passSeconds(10);
		const { session, slot } = await open(id);
		if (session.status === 'finished') return asked;
		expect(session).toMatchObject({ openEnded: true, canGoBack: false, deadline: null });
		expect(session.slots.every(({ correct }) => correct === null)).toBe(true);
		expect(slot.feedback).toBeNull();
		expect(slot.position).toBe(asked);
		await send(id, [answerTo(slot, right(asked)), { kind: 'check', slot: asked }]);
	}
}

test('a placement asks 25 to 40 questions by the answers, and tells the estimate at its end', async () => {
	const good = place();
	const asked = await walk(good, () => true);
	expect(asked).toBeGreaterThanOrEqual(25);
	expect(asked).toBeLessThanOrEqual(40);
	const strong = await server.app.sessions.result(userId, good);
	expect(strong?.placement).toMatchObject({ asked, reason: expect.stringMatching(/\.$/) });
	userId = (await createGuest(server.db)).user.id;
	const poor = place();
	await walk(poor, () => false);
	const weak = await server.app.sessions.result(userId, poor);
	expect(strong?.placement?.theta).toBeGreaterThan((weak?.placement?.theta ?? 0) + 1);
	expect(strong?.placement?.se).toBeLessThan(0.8);
	const items = server.db.query.examSlot
		.findMany({ where: (slot) => eq(slot.sessionId, good) })
		.sync()
		.map(({ itemId }) => itemId);
	expect(new Set(items).size).toBe(asked);
	expect(items).not.toContain('TE-item-9000');
});

test('a placement goes one way', async () => {
	const id = place();
	const first = await open(id);
	await send(id, [{ kind: 'view', slot: 0 }, answerTo(first.slot, true)]);
	expect((await open(id)).session.slots).toHaveLength(1);
	// The look at the next question makes the answer final as well.
	const on = await send(id, [{ kind: 'view', slot: 1 }]);
	expect(on.session.slots).toHaveLength(2);
	expect(on.slots.map(({ position }) => position)).toEqual([1]);
	expect(await server.app.sessions.slot(userId, id, 0)).toMatchObject({ kind: 'no-way-back' });
	const back = await send(id, [answerTo(first.slot, false), { kind: 'view', slot: 0 }]);
	expect(back.ignored).toHaveLength(2);
	expect(back.slots.map(({ position }) => position)).toEqual([1]);
	expect((await server.app.sessions.view(userId, id, 0)).kind).toBe('view');
	expect((await open(id)).slot.position).toBe(1);
	await send(id, [{ kind: 'finish' }]);
	expect(await server.app.sessions.slot(userId, id, 0)).toMatchObject({
		slot: { feedback: { mark: { wrong: expect.any(Array) } } },
	});
	expect((await server.app.sessions.result(userId, id))?.placement?.reason).toMatch(/ended/);
});

test('the same steps sent twice to two processes add one question', async () => {
	const id = place();
	const { slot } = await open(id);
	const other = server.another();
	const steps = [answerTo(slot, true), { kind: 'check', slot: 0 }].map((body, i) => ({
		...{ key: `retried-${i}`, body },
	}));
	const [one, two] = await Promise.all([
		server.app.sessions.append(userId, id, { steps }),
		other.sessions.append(userId, id, { steps }),
	]);
	expect(one).toEqual(two);
	expect((await open(id)).session.slots).toHaveLength(2);
});

test('a placement moves with what was known before it', async () => {
	const id = place();
	await walk(id, (asked) => asked % 2 === 0);
	const [row] = server.db.query.examSession.findMany().sync();
	expect(row?.placement).toMatchObject({ prior: 0 });
	const again = place();
	const rows = server.db.query.examSession.findMany().sync();
	const prior = (rows.find((one) => one.id === again)?.placement as { prior: number }).prior;
	expect(prior).not.toBe(0);
});

async function scenarioSession(): Promise<{ id: string; position: number }> {
	const started = server.app.sessions.startPractice(userId, {
		...{ outline: OUTLINE, source: 'any', sections: ['B'], count: 100, feedback: 'at-once' },
		...{ timed: false, certainty: false, labs: true, accommodation: '1' },
	});
	if (started.kind !== 'started') throw new Error(started.message);
	const slots = server.db.query.examSlot
		.findMany({ where: (slot) => eq(slot.sessionId, started.sessionId) })
		.sync();
	const slot = slots.find(({ itemId }) => itemId === 'TE-item-9000');
	if (!slot) throw new Error('no scenario');
	return { id: started.sessionId, position: slot.position };
}

async function work(attemptId: string): Promise<void> {
	const action = { kind: 'close', cause: 'a', action: 'b', prevention: 'c' };
	const request = { sequence: 0, key: 'close-it-now', action };
	expect((await server.app.attempts.perform(userId, attemptId, request)).kind).toBe('done');
}

async function startLab(id: string, position: number): Promise<string> {
	const bound = await server.app.sessions.startLab(userId, id, position);
	if (bound.kind !== 'bound') throw new Error(bound.message);
	return bound.attemptId;
}

const slotOf = async (id: string, position: number) => {
	const found = await server.app.sessions.slot(userId, id, position);
	if (found.kind !== 'slot') throw new Error(found.kind);
	return found.slot;
};

test.each([
	[60, true],
	[59, false],
])(
	'a ticket that restored %i %% of a question with 60 %% to pass: %s',
	async (percent, correct) => {
		server.engine.restoredPercent = percent;
		const { id, position } = await scenarioSession();
		const attemptId = await startLab(id, position);
		expect(await startLab(id, position)).toBe(attemptId);
		expect((await slotOf(id, position)).response).toEqual({ type: 'scenario', attemptId });
		const early = await send(id, [{ kind: 'check', slot: position }]);
		expect(early.ignored).toHaveLength(1);
		const response = { type: 'scenario', attemptId };
		const forged = [{ key: 'forged-key', body: { kind: 'answer', slot: position, response } }];
		expect(await server.app.sessions.append(userId, id, { steps: forged })).toMatchObject({
			kind: 'invalid',
		});
		await work(attemptId);
		const checked = await send(id, [{ kind: 'check', slot: position }]);
		expect(checked.slots[0]?.feedback?.mark.correct).toBe(correct);
		expect((await open(id)).session.slots[position]?.state).toBe('checked');
		const [answer] = server.db.query.examAnswer.findMany().sync();
		expect(answer).toMatchObject({ correct, itemId: 'TE-item-9000', guessRate: 0 });
	},
);

test('a question without a ticket starts none, and a finished session neither', async () => {
	const { id, position } = await scenarioSession();
	const other = position === 0 ? 1 : 0;
	await expect(server.app.sessions.startLab(userId, id, other)).rejects.toThrow(/no such ticket/);
	await send(id, [{ kind: 'finish' }]);
	expect(await server.app.sessions.startLab(userId, id, position)).toMatchObject({
		kind: 'refused',
	});
});

test('sessions, answers and ratings of a guest can be given to an account', async () => {
	const { id } = await scenarioSession();
	const { slot } = await open(id);
	await send(id, [answerTo(slot, true), { kind: 'check', slot: slot.position }]);
	const account = (await createGuest(server.db)).user.id;
	const guest = userId;
	inTransaction(server.db, (tx) => moveExamWork(tx, guest, account));
	userId = account;
	expect((await open(id)).session.slots[slot.position]?.state).toBe('checked');
	const { examAnswer, ability, objectiveCard, reviewLog } = server.db.query;
	const owners = [
		...examAnswer.findMany().sync(),
		...ability.findMany().sync(),
		...objectiveCard.findMany().sync(),
		...reviewLog.findMany().sync(),
	].map((row) => row.userId);
	expect(owners).toEqual([account, account, account, account]);
	expect(server.app.exams.practice(account, null).counts.unseen).toBeLessThan(121);
});
