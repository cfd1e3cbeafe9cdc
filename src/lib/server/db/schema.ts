import {
	index,
	integer,
	primaryKey,
	real,
	sqliteTable,
	text,
	unique,
} from 'drizzle-orm/sqlite-core';

/** The tables. After a change run `npm run db:generate` and commit what it writes into `drizzle/`. */

export const user = sqliteTable('user', {
	id: text('id').primaryKey(),
	role: text('role', { enum: ['guest', 'trainee', 'instructor', 'admin'] }).notNull(),
	/** Lower case; null for guests. */
	email: text('email').unique(),
	displayName: text('display_name').notNull(),
	/** PHC string; null for guests, who cannot sign in again. */
	passwordHash: text('password_hash'),
	createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
});

export const session = sqliteTable(
	'session',
	{
		/** SHA-256 of the token, so that a stolen copy of the database opens no session. */
		id: text('id').primaryKey(),
		userId: text('user_id')
			.notNull()
			.references(() => user.id, { onDelete: 'cascade' }),
		/** Seconds since 1970, as the session library keeps it. */
		expiresAt: integer('expires_at').notNull(),
	},
	(table) => [index('session_user').on(table.userId)],
);

export const attempt = sqliteTable(
	'attempt',
	{
		id: text('id').primaryKey(),
		userId: text('user_id')
			.notNull()
			.references(() => user.id, { onDelete: 'cascade' }),
		scenarioId: text('scenario_id').notNull(),
		scenarioVersion: integer('scenario_version').notNull(),
		seed: text('seed').notNull(),
		status: text('status', { enum: ['open', 'closed'] }).notNull(),
		startedAt: integer('started_at', { mode: 'timestamp_ms' }).notNull(),
		closedAt: integer('closed_at', { mode: 'timestamp_ms' }),
		/** 0..100; null until a closed attempt has been graded. */
		score: real('score'),
		/** The debrief as it was when the attempt was graded, so that later rules do not rewrite it. */
		debrief: text('debrief', { mode: 'json' }),
	},
	(table) => [index('attempt_user').on(table.userId, table.startedAt)],
);

/** The log of an attempt. Rows are only ever appended. */
export const action = sqliteTable(
	'action',
	{
		attemptId: text('attempt_id')
			.notNull()
			.references(() => attempt.id, { onDelete: 'cascade' }),
		/** Counts from 0. */
		sequence: integer('sequence').notNull(),
		/** Made by the browser once per act of the user and repeated when it tries again. */
		idempotencyKey: text('idempotency_key').notNull(),
		body: text('body', { mode: 'json' }).notNull(),
		observation: text('observation', { mode: 'json' }).notNull(),
		/** For scoring; kept apart from the observation because it never leaves the server. */
		facts: text('facts', { mode: 'json' }).notNull(),
		createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
	},
	(table) => [
		primaryKey({ columns: [table.attemptId, table.sequence] }),
		unique('action_key').on(table.attemptId, table.idempotencyKey),
	],
);
