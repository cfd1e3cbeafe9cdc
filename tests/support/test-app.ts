import { createApp } from '#lib/server/app.ts';
import type { App as PacsApp } from '#lib/server/app.ts';
import { openDatabase } from '#lib/server/db/open.ts';
import type { Database } from '#lib/server/db/open.ts';
import type { Warning } from '#lib/server/log.ts';
import { createRateLimits } from '#lib/server/rate-limit.ts';
import { createCountingEngine } from './counting-engine.ts';
import type { CountingEngine } from './counting-engine.ts';

export interface TestApp {
	app: PacsApp;
	db: Database;
	engine: CountingEngine;
	warnings: Warning[];
	/** Moves the clock of the rate limits. */
	passSeconds: (seconds: number) => void;
	/** Another server process over the same database, with nothing in memory. */
	another: () => PacsApp;
}

/** An application over a fresh database in memory and the counting engine. */
export function openTestApp(options: { worldsMax?: number } = {}): TestApp {
	const { db } = openDatabase(':memory:');
	const engine = createCountingEngine();
	const warnings: Warning[] = [];
	let nowMs = 0;
	const another = () =>
		createApp({
			db,
			engine,
			worldsMax: options.worldsMax ?? 4,
			limits: createRateLimits(() => nowMs),
			warn: (warning) => warnings.push(warning),
		});
	const passSeconds = (seconds: number) => {
		nowMs += seconds * 1_000;
	};
	return { app: another(), db, engine, warnings, passSeconds, another };
}
