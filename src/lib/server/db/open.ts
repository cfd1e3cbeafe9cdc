import Sqlite from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as schema from './schema.ts';

export type Database = BetterSQLite3Database<typeof schema>;

/** How long a statement waits for another process that is writing. */
const BUSY_TIMEOUT_MS = 5_000;

/** Relative to the working directory, which is the project's root in every npm script. */
const MIGRATIONS_FOLDER = 'drizzle';

/**
 * Opens the database and brings its tables up to date.
 *
 * `synchronous = FULL` makes every commit reach the disk before it returns: an action that was
 * answered is never lost, not even in a power failure. (WAL alone would allow that.)
 */
export function openDatabase(url: string): { db: Database; close: () => void } {
	if (!existsSync(join(MIGRATIONS_FOLDER, 'meta', '_journal.json'))) {
		throw new Error(
			`No migrations in ${resolve(MIGRATIONS_FOLDER)}. Start the server in the project's root folder.`,
		);
	}
	if (url !== ':memory:') mkdirSync(dirname(resolve(url)), { recursive: true });
	const sqlite = new Sqlite(url, { timeout: BUSY_TIMEOUT_MS });
	try {
		sqlite.pragma('journal_mode = WAL');
		sqlite.pragma('synchronous = FULL');
		sqlite.pragma('foreign_keys = ON');
		const db = drizzle(sqlite, { schema });
		migrate(db, { migrationsFolder: MIGRATIONS_FOLDER });
		return { db, close: () => sqlite.close() };
	} catch (error) {
		sqlite.close();
		throw error;
	}
}
