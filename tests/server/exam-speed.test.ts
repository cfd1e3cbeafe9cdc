import Sqlite from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildForm } from '#lib/exam/form/build-form.ts';
import { indexItems } from '#lib/exam/form/item-index.ts';
import { syntheticBank, syntheticBlueprint } from '#lib/exam/form/synthetic-bank.fixture.ts';
import { Random } from '#lib/kernel/random.ts';
import { listMetItems } from '#lib/server/db/exam-slot-store.ts';
import { openDatabase } from '#lib/server/db/open.ts';
import type { Database } from '#lib/server/db/open.ts';
import { ProgressPages } from '#lib/server/exams/progress.ts';
import { QuestionBank } from '#lib/server/exams/question-bank.ts';
import { plannedReviews, reviewSlots } from '#lib/server/exams/repetition.ts';

/** What a learner waits for with a large bank and many learners. */

const ITEMS = 20_000;
const LEARNERS = 1_000;
const SESSIONS = 10;
const SLOTS = 20;
const LIMIT_MS = 50;
const RUNS = 21;

const DAY_MS = 86_400_000;
const NOW = new Date('2026-11-23T10:00:00Z');
/** The sections of the largest outline. */
const WEIGHTS = [5, 7, 16, 7, 5, 23, 16, 20, 13, 18];
const OUTLINE = 'try-2026';
const blueprint = syntheticBlueprint(WEIGHTS, 40);
const items = syntheticBank(ITEMS, WEIGHTS.length);

let folder: string;
let db: Database;
let close: () => void;
let bank: QuestionBank;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'exam-speed-'));
	const url = join(folder, 'speed.db');
	openDatabase(url).close();
	const begunMs = performance.now();
	fill(new Sqlite(url));
	const seconds = (performance.now() - begunMs) / 1_000;
	const answers = LEARNERS * SESSIONS * SLOTS;
	console.info(`${answers} answers of ${LEARNERS} learners written in ${seconds.toFixed(1)} s`);
	({ db, close } = openDatabase(url));
	const content = {
		bank: {
			...{ blueprints: new Map([[OUTLINE, blueprint]]), objectives: new Map() },
			...{ sources: new Map(), readings: new Map() },
			items: new Map(items.map((item) => [item.id, item])),
		},
		makeExhibit: () => ({ problem: 'There are no exhibits here.' }),
	};
	bank = new QuestionBank(content as never, new Map());
});

afterAll(() => {
	close();
	rmSync(folder, { recursive: true });
});

/** Ten sessions of twenty answers for each learner, with the cards that follow from them. */
function fill(sqlite: Sqlite.Database): void {
	sqlite.pragma('synchronous = OFF');
	const statement = (table: string, columns: string): Sqlite.Statement => {
		const places = columns.replace(/[^,]+/g, '?');
		return sqlite.prepare(`insert into ${table} (${columns}) values (${places})`);
	};
	const learners = statement('user', 'id,role,display_name,created_at');
	const sessions = statement(
		'exam_session',
		'id,user_id,mode,outline,title,feedback,certainty,accommodation,seed,status,started_at,finished_at,' +
			'slots,answered,correct,scored',
	);
	const slots = statement(
		'exam_slot',
		'session_id,position,user_id,item_id,version,digest,seed,section,objective,scored,seen_at,flagged',
	);
	const answers = statement(
		'exam_answer',
		'session_id,position,user_id,outline,item_id,version,digest,objective,section,mode,correct,credit,wrong,' +
			'certainty,seconds,guess_rate,first_exposure,scored,late,at',
	);
	const cards = statement('objective_card', 'user_id,objective,card,due_at,stability');
	const statistics = statement(
		'item_statistic',
		'item_id,version,b,answers,right,choices,day,day_start_b',
	);
	const random = new Random('exam speed', 'histories');
	const write = (learner: number): void => {
		const userId = `learner-${learner}`;
		learners.run(userId, 'trainee', userId, 0);
		const met = new Set<string>();
		for (let session = 0; session < SESSIONS; session++) {
			const id = `session-${learner}-${session}`;
			const at = NOW.getTime() - (SESSIONS - session) * 3 * DAY_MS;
			const kept = ['practice', OUTLINE, id, 'at-once', 1, '1', 's', 'finished', at, at];
			sessions.run(id, userId, ...kept, SLOTS, SLOTS, 14, SLOTS);
			for (let position = 0; position < SLOTS; position++) {
				const item = items[random.below(ITEMS)];
				if (!item) throw new Error('no item');
				const place = item.blueprint[0]?.code.slice(0, 1);
				const correct = random.below(10) < 7 ? 1 : 0;
				const { id: itemId, objective } = item;
				slots.run(id, position, userId, itemId, 1, 'd', 'v1', place, objective, 1, at, 0);
				const judged = ['practice', correct, correct, '[]', correct ? 'high' : 'mid', 50, 0.25];
				const answered = [OUTLINE, itemId, 1, 'd', objective, place, ...judged, 1, 1, 0, at];
				answers.run(id, position, userId, ...answered);
				met.add(objective);
			}
		}
		for (const objective of met) {
			const stability = 1 + random.below(40);
			const atMs = NOW.getTime() - random.below(30) * DAY_MS;
			const [lapses, last] = [random.below(3), random.below(3) === 0 ? 1 : 3];
			const card = { stability, difficulty: 5, reviews: 2, lapses, last, atMs };
			cards.run(userId, objective, JSON.stringify(card), atMs + stability * DAY_MS, stability);
		}
	};
	// Indexes are built faster at once than row by row.
	const indexes = sqlite
		.prepare<[], { name: string; sql: string }>(
			"select name, sql from sqlite_master where type = 'index' and sql is not null and name like '%exam_%'",
		)
		.all();
	sqlite.transaction(() => {
		for (const { name } of indexes) sqlite.exec(`drop index ${name}`);
		for (let learner = 0; learner < LEARNERS; learner++) write(learner);
		for (const { id } of items) statistics.run(id, 1, random.below(4) - 2, 10, 7, '{}', 0, 0);
		for (const { sql } of indexes) sqlite.exec(sql);
	})();
	sqlite.close();
}

/**
 * The median milliseconds of processor time that a task takes, each time for another learner. By the clock, which
 * is printed too, other work of the machine would count.
 */
function medianMs(name: string, task: (userId: string) => void): number {
	const runs = Array.from({ length: RUNS }, (_, i) => {
		const begunMs = performance.now();
		const begun = process.threadCpuUsage();
		task(`learner-${(i * 47) % LEARNERS}`);
		const { user, system } = process.threadCpuUsage(begun);
		return { cpuMs: (user + system) / 1_000, clockMs: performance.now() - begunMs };
	});
	const middle = (values: number[]): number => values.sort((a, b) => a - b)[RUNS >> 1] ?? Infinity;
	const median = middle(runs.map(({ cpuMs }) => cpuMs));
	const clock = middle(runs.map(({ clockMs }) => clockMs)).toFixed(1);
	console.info(`${name}: median ${median.toFixed(1)} ms, by the clock ${clock} ms`);
	return median;
}

test(`building a form of 130 and 40 from ${ITEMS} items takes less than ${LIMIT_MS} ms`, () => {
	medianMs('index of the items, once for each outline', () => indexItems(items, blueprint));
	const index = indexItems(items, blueprint);
	const median = medianMs('form of 170', (userId) => {
		const met = listMetItems(db, userId);
		const built = buildForm({
			...{ blueprint, items: index, seed: userId, scored: 130, unscored: 40 },
			exposure: new Map(met.map(({ itemId, exposures }) => [itemId, exposures])),
			avoid: new Set(met.map(({ itemId }) => itemId)),
		});
		expect('form' in built && built.form.slots.length).toBe(170);
	});
	expect(median).toBeLessThan(LIMIT_MS);
});

test(`choosing the next due item takes less than ${LIMIT_MS} ms`, () => {
	const { items: served } = bank.outline('', OUTLINE);
	const median = medianMs('next due item', (userId) => {
		const history = new Map(
			listMetItems(db, userId).map((met) => [met.itemId, { ...met, lastCorrect: null }]),
		);
		const wish = { learner: userId, seed: 's', count: 1, sections: [], endMs: NOW.getTime() };
		const slots = reviewSlots(plannedReviews(db, userId, NOW), served, history, wish);
		expect(slots).toHaveLength(1);
	});
	expect(median).toBeLessThan(LIMIT_MS);
});

test(`composing the page about progress takes less than ${LIMIT_MS} ms`, () => {
	const pages = new ProgressPages({ db, bank, now: () => NOW });
	const median = medianMs('page about progress', (userId) => {
		const page = pages.page(userId, null);
		expect(page.readiness.pass).not.toBeNull();
		expect(page.firstAnswers).toBeGreaterThan(150);
		expect(page.weak).toHaveLength(12);
	});
	expect(median).toBeLessThan(LIMIT_MS);
});
