import { createApp } from '#lib/server/app.ts';
import type { App as PacsApp } from '#lib/server/app.ts';
import { openDatabase } from '#lib/server/db/open.ts';
import type { Database } from '#lib/server/db/open.ts';
import type { ExamContent } from '#lib/server/exams/content.ts';
import type { Warning } from '#lib/server/log.ts';
import { createRateLimits } from '#lib/server/rate-limit.ts';
import { createCountingEngine } from './counting-engine.ts';
import type { CountingEngine } from './counting-engine.ts';
import { questionFixture } from './question-fixture.ts';

export interface TestApp {
	app: PacsApp;
	db: Database;
	engine: CountingEngine;
	warnings: Warning[];
	/** Moves the clock of the rate limits and of sessions of questions. */
	passSeconds: (seconds: number) => void;
	/** Another server process over the same database, with nothing in memory. */
	another: () => PacsApp;
	/** Closes the database, as a process does that ends. */
	close: () => void;
}

/** Where the clock of sessions begins. */
const START_MS = Date.UTC(2026, 2, 9, 8);

/** An application over a fresh database, in memory unless a file is named, and the counting engine. */
export function openTestApp(
	options: { worldsMax?: number; questions?: ExamContent; databaseUrl?: string } = {},
): TestApp {
	const { worldsMax = 4, questions = questionFixture(), databaseUrl = ':memory:' } = options;
	const { db, close } = openDatabase(databaseUrl);
	const engine = createCountingEngine();
	const warnings: Warning[] = [];
	let nowMs = 0;
	const another = () =>
		createApp({
			...{ db, engine, questions, worldsMax },
			limits: createRateLimits(() => nowMs),
			warn: (warning) => warnings.push(warning),
			now: () => new Date(START_MS + nowMs),
		});
	const passSeconds = (seconds: number) => {
		nowMs += seconds * 1_000;
	};
	return { app: another(), db, engine, warnings, passSeconds, another, close };
}
