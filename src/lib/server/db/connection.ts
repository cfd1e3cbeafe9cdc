import type { Database } from './open.ts';

/** A database or a transaction over it: stores work with both. */
export type Connection = Pick<Database, 'select' | 'insert' | 'update' | 'run'>;

/**
 * Runs a task as one transaction that nobody else can write in between; all of it has reached the disk when
 * it returns, or nothing of it happened.
 */
export function inTransaction<T>(db: Database, task: (tx: Connection) => T): T {
	return db.transaction(task, { behavior: 'immediate' });
}
