import {
	blob,
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

/** The user a row belongs to and goes with. */
const ownerId = () =>
	text('user_id')
		.notNull()
		.references(() => user.id, { onDelete: 'cascade' });

export const session = sqliteTable(
	'session',
	{
		/** SHA-256 of the token, so that a stolen copy of the database opens no session. */
		id: text('id').primaryKey(),
		userId: ownerId(),
		/** Seconds since 1970, as the session library keeps it. */
		expiresAt: integer('expires_at').notNull(),
	},
	(table) => [index('session_user').on(table.userId)],
);

export const attempt = sqliteTable(
	'attempt',
	{
		id: text('id').primaryKey(),
		userId: ownerId(),
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

/**
 * Objects that users brought into their labs, cleaned of whom they show. Actions name them by their digest, so
 * they stay as long as their user.
 */
export const upload = sqliteTable(
	'upload',
	{
		userId: ownerId(),
		/** SHA-256 of the bytes, in hexadecimal digits. */
		digest: text('digest').notNull(),
		sizeBytes: integer('size_bytes').notNull(),
		bytes: blob('bytes', { mode: 'buffer' }).notNull(),
		createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
	},
	(table) => [primaryKey({ columns: [table.userId, table.digest] })],
);

/** The text of an item as a session pinned it. `digest` tells revisions of one version apart. */
export const itemVersion = sqliteTable(
	'item_version',
	{
		itemId: text('item_id').notNull(),
		version: integer('version').notNull(),
		/** SHA-256 of the body. */
		digest: text('digest').notNull(),
		body: text('body', { mode: 'json' }).notNull(),
	},
	(table) => [primaryKey({ columns: [table.itemId, table.version, table.digest] })],
);

export const examSession = sqliteTable(
	'exam_session',
	{
		id: text('id').primaryKey(),
		userId: ownerId(),
		mode: text('mode', { enum: ['practice', 'mock', 'placement', 'review'] }).notNull(),
		/** A blueprint's id, or `own:` and the id of an own bank. */
		outline: text('outline').notNull(),
		title: text('title').notNull(),
		feedback: text('feedback', { enum: ['at-once', 'at-end'] }).notNull(),
		certainty: integer('certainty', { mode: 'boolean' }).notNull(),
		accommodation: text('accommodation', { enum: ['1', '1.25', '1.5', '2', 'untimed'] }).notNull(),
		/** Everything that was drawn follows from it. */
		seed: text('seed').notNull(),
		status: text('status', { enum: ['open', 'finished'] }).notNull(),
		startedAt: integer('started_at', { mode: 'timestamp_ms' }).notNull(),
		deadlineAt: integer('deadline_at', { mode: 'timestamp_ms' }),
		finishedAt: integer('finished_at', { mode: 'timestamp_ms' }),
		/** What lists show, kept with every step so that they need not read the log. */
		slots: integer('slots').notNull(),
		answered: integer('answered').notNull(),
		/** Null while open. */
		correct: integer('correct'),
		scored: integer('scored'),
		/** In a placement: how it stands. */
		placement: text('placement', { mode: 'json' }),
	},
	(table) => [
		index('exam_session_user').on(table.userId, table.startedAt),
		index('exam_session_open').on(table.userId, table.status),
	],
);

export const examSlot = sqliteTable(
	'exam_slot',
	{
		sessionId: text('session_id')
			.notNull()
			.references(() => examSession.id, { onDelete: 'cascade' }),
		/** Counts from 0. */
		position: integer('position').notNull(),
		/** As in the session, so that what a user has met is found without it. */
		userId: ownerId(),
		itemId: text('item_id').notNull(),
		version: integer('version').notNull(),
		digest: text('digest').notNull(),
		seed: text('seed').notNull(),
		section: text('section').notNull(),
		objective: text('objective').notNull(),
		scored: integer('scored', { mode: 'boolean' }).notNull(),
		/** The first view, at which the instance was made. */
		seenAt: integer('seen_at', { mode: 'timestamp_ms' }),
		flagged: integer('flagged', { mode: 'boolean' }).notNull().default(false),
		/** The beginning of the question, for lists; null until it was seen. */
		title: text('title'),
		/** The lab that a scenario item was answered with. */
		attemptId: text('attempt_id'),
		/** Restored points of that lab in percent, once it is closed. */
		restoredPercent: real('restored_percent'),
	},
	(table) => [
		primaryKey({ columns: [table.sessionId, table.position] }),
		index('exam_slot_user').on(table.userId, table.itemId),
	],
);

/** The question of a slot as it was made at the first view; it stays the same for ever. */
export const examInstance = sqliteTable(
	'exam_instance',
	{
		sessionId: text('session_id')
			.notNull()
			.references(() => examSession.id, { onDelete: 'cascade' }),
		position: integer('position').notNull(),
		/** The chance of a blind guess. */
		guessRate: real('guess_rate').notNull(),
		/** Kept apart from the question because it leaves the server only when feedback is due. */
		answerKey: text('answer_key', { mode: 'json' }).notNull(),
		question: text('question', { mode: 'json' }).notNull(),
	},
	(table) => [primaryKey({ columns: [table.sessionId, table.position] })],
);

/** The log of a session. Rows are only ever appended. */
export const examStep = sqliteTable(
	'exam_step',
	{
		sequence: integer('sequence').primaryKey({ autoIncrement: true }),
		sessionId: text('session_id')
			.notNull()
			.references(() => examSession.id, { onDelete: 'cascade' }),
		key: text('key').notNull(),
		body: text('body', { mode: 'json' }).notNull(),
		at: integer('at', { mode: 'timestamp_ms' }).notNull(),
	},
	(table) => [
		unique('exam_step_key').on(table.sessionId, table.key),
		index('exam_step_session').on(table.sessionId, table.sequence),
	],
);

/** One row for each answer that was judged: the source of all statistics. */
export const examAnswer = sqliteTable(
	'exam_answer',
	{
		sessionId: text('session_id')
			.notNull()
			.references(() => examSession.id, { onDelete: 'cascade' }),
		position: integer('position').notNull(),
		userId: ownerId(),
		outline: text('outline').notNull(),
		itemId: text('item_id').notNull(),
		version: integer('version').notNull(),
		digest: text('digest').notNull(),
		objective: text('objective').notNull(),
		section: text('section').notNull(),
		mode: text('mode', { enum: ['practice', 'mock', 'placement', 'review'] }).notNull(),
		correct: integer('correct', { mode: 'boolean' }).notNull(),
		/** 0..1. */
		credit: real('credit').notNull(),
		/** What was wrong in it, as the mark says. */
		wrong: text('wrong', { mode: 'json' }).$type<string[]>().notNull(),
		/** What was chosen; null where that is not counted. */
		chosen: text('chosen', { mode: 'json' }).$type<string[]>(),
		certainty: text('certainty', { enum: ['low', 'mid', 'high'] }),
		seconds: real('seconds').notNull(),
		guessRate: real('guess_rate').notNull(),
		/** The user had never met the item before, in whatever version or variant. */
		firstExposure: integer('first_exposure', { mode: 'boolean' }).notNull(),
		scored: integer('scored', { mode: 'boolean' }).notNull(),
		/** Given after the deadline: kept, but part of no statistics. */
		late: integer('late', { mode: 'boolean' }).notNull(),
		at: integer('at', { mode: 'timestamp_ms' }).notNull(),
	},
	(table) => [
		primaryKey({ columns: [table.sessionId, table.position] }),
		index('exam_answer_user_item').on(table.userId, table.itemId, table.at),
		index('exam_answer_user_outline').on(table.userId, table.outline, table.at),
		index('exam_answer_item').on(table.itemId, table.version),
	],
);

/** A user's running ability, by Elo. */
export const ability = sqliteTable(
	'ability',
	{
		userId: ownerId(),
		outline: text('outline').notNull(),
		/** Logits. */
		theta: real('theta').notNull(),
		answers: integer('answers').notNull(),
		updatedAt: integer('updated_at', { mode: 'timestamp_ms' }).notNull(),
	},
	(table) => [primaryKey({ columns: [table.userId, table.outline] })],
);

/** An item's running difficulty and its first answers. A new version begins anew. */
export const itemStatistic = sqliteTable(
	'item_statistic',
	{
		itemId: text('item_id').notNull(),
		version: integer('version').notNull(),
		/** Logits. */
		b: real('b').notNull(),
		answers: integer('answers').notNull(),
		right: integer('right').notNull(),
		/** How often each choice was taken. */
		choices: text('choices', { mode: 'json' }).$type<Record<string, number>>().notNull(),
		/** The last day, counted from 1970, on which `b` moved, and where it stood at its beginning. */
		day: integer('day').notNull(),
		dayStartB: real('day_start_b').notNull(),
	},
	(table) => [primaryKey({ columns: [table.itemId, table.version] })],
);

/** What a user prepares for. The one that was set last counts. */
export const studyGoal = sqliteTable(
	'study_goal',
	{
		userId: ownerId(),
		outline: text('outline').notNull(),
		/** ISO date. */
		examDate: text('exam_date'),
		updatedAt: integer('updated_at', { mode: 'timestamp_ms' }).notNull(),
	},
	(table) => [primaryKey({ columns: [table.userId, table.outline] })],
);

/** How well a user remembers an objective, as the scheduler keeps it. */
export const objectiveCard = sqliteTable(
	'objective_card',
	{
		userId: ownerId(),
		objective: text('objective').notNull(),
		card: text('card', { mode: 'json' }).notNull(),
		dueAt: integer('due_at', { mode: 'timestamp_ms' }).notNull(),
		/** Days. */
		stability: real('stability').notNull(),
	},
	(table) => [
		primaryKey({ columns: [table.userId, table.objective] }),
		index('objective_card_due').on(table.userId, table.dueAt),
	],
);

/** Every review of an objective, with the card before it, from which all cards can be computed anew. */
export const reviewLog = sqliteTable(
	'review_log',
	{
		sequence: integer('sequence').primaryKey({ autoIncrement: true }),
		userId: ownerId(),
		objective: text('objective').notNull(),
		/** The answer that was the review. */
		sessionId: text('session_id').notNull(),
		position: integer('position').notNull(),
		/** 1 again, 2 hard, 3 good, 4 easy. */
		rating: integer('rating').notNull(),
		at: integer('at', { mode: 'timestamp_ms' }).notNull(),
		/** Null before the first review. */
		before: text('before', { mode: 'json' }),
	},
	(table) => [
		unique('review_log_answer').on(table.sessionId, table.position),
		index('review_log_user').on(table.userId, table.at),
	],
);

/** Questions that a user brought from another program. */
export const ownBank = sqliteTable(
	'own_bank',
	{
		id: text('id').primaryKey(),
		userId: ownerId(),
		title: text('title').notNull(),
		/** What the file was. */
		format: text('format').notNull(),
		createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
	},
	(table) => [index('own_bank_user').on(table.userId, table.createdAt)],
);

export const ownItem = sqliteTable(
	'own_item',
	{
		bankId: text('bank_id')
			.notNull()
			.references(() => ownBank.id, { onDelete: 'cascade' }),
		/** Counts from 0, in the order of the file. */
		position: integer('position').notNull(),
		itemId: text('item_id').notNull(),
		type: text('type', { enum: ['sba', 'multi', 'order', 'match', 'numeric'] }).notNull(),
		title: text('title').notNull(),
		body: text('body', { mode: 'json' }).notNull(),
	},
	(table) => [primaryKey({ columns: [table.bankId, table.position] })],
);
