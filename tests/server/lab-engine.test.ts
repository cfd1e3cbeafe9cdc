import { beforeAll, expect, test } from 'vitest';
import { createApp } from '#lib/server/app.ts';
import type { AttemptEngine } from '#lib/server/attempts/engine.ts';
import { createGuest } from '#lib/server/auth/accounts.ts';
import { openLabEngine } from '#lib/server/content/lab-engine.ts';
import { listActions } from '#lib/server/db/attempt-store.ts';
import { openDatabase } from '#lib/server/db/open.ts';
import type { Warning } from '#lib/server/log.ts';
import { questionFixture } from '../support/question-fixture.ts';

let engine: AttemptEngine;

beforeAll(() => {
	engine = openLabEngine('scenarios');
});

test('the authored scenarios are offered, without what would give the answer away', () => {
	expect(engine.scenarios.size).toBeGreaterThan(0);
	const fields = ['blueprint', 'hospitalTitle', 'id', 'kind', 'level', 'minutes', 'objectives'];
	for (const [id, info] of engine.scenarios) {
		expect(info.id).toBe(id);
		expect(Object.keys(info).sort()).toEqual([...fields, 'summary', 'title', 'version']);
	}
});

test('a real attempt survives a restart, is graded, and keeps its facts on the server', async () => {
	const { db } = openDatabase(':memory:');
	const warnings: Warning[] = [];
	const open = () =>
		createApp({
			...{ db, engine, questions: questionFixture(), worldsMax: 2 },
			warn: (warning) => warnings.push(warning),
		});
	const userId = (await createGuest(db)).user.id;
	const [scenarioId = ''] = engine.scenarios.keys();
	const first = open();
	const started = await first.attempts.start(userId, scenarioId);
	if (started.kind !== 'started') throw new Error(started.message);
	const id = started.attemptId;
	const view = await first.attempts.view(userId, id);
	const device = view?.map.nodes.flatMap((node) => node.devices)[0]?.id;
	const act = async (app: typeof first, sequence: number, action: object) => {
		const body = { sequence, key: `key-number-${sequence}`, action };
		return app.attempts.perform(userId, id, body);
	};
	const answers = [
		await act(first, 0, { kind: 'wait', seconds: 60 }),
		await act(first, 1, { kind: 'look', device }),
	];
	const second = open();
	answers.push(await act(second, 2, { kind: 'close', cause: 'a', action: 'b', prevention: 'c' }));
	expect(answers.map((answer) => answer.kind)).toEqual(['done', 'done', 'done']);
	expect(warnings).toEqual([]);
	const found = await second.attempts.debrief(userId, id);
	expect(found?.debrief.score.total).toBeGreaterThanOrEqual(0);
	expect(found?.debrief.causes.length).toBeGreaterThan(0);

	const sent = JSON.stringify([view, answers]);
	for (const { facts } of await listActions(db, id, 0)) {
		for (const fact of facts as string[]) expect(sent).not.toContain(JSON.stringify(fact));
	}
	for (const cause of found?.debrief.causes ?? []) expect(sent).not.toContain(cause.text);
});
