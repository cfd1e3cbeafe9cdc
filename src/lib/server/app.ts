import { AttemptService } from './attempts/attempt-service.ts';
import { Catalogue } from './attempts/catalogue.ts';
import type { AttemptEngine } from './attempts/engine.ts';
import type { Database } from './db/open.ts';
import type { Warn } from './log.ts';
import { createRateLimits } from './rate-limit.ts';
import type { RateLimits } from './rate-limit.ts';

/** What the pages and endpoints work with. */
export interface App {
	db: Database;
	limits: RateLimits;
	attempts: AttemptService;
	catalogue: Catalogue;
}

/** Puts the services together over an open database and a simulator. */
export function createApp(options: {
	db: Database;
	engine: AttemptEngine;
	worldsMax: number;
	limits?: RateLimits;
	warn?: Warn;
}): App {
	const limits = options.limits ?? createRateLimits();
	return {
		db: options.db,
		limits,
		attempts: new AttemptService({ ...options, limits }),
		catalogue: new Catalogue(options.db, options.engine),
	};
}
