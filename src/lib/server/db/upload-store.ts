import { and, count, eq, sql, sum } from 'drizzle-orm';
import type { Connection } from './connection.ts';
import { attempt, upload } from './schema.ts';

export type UploadRow = typeof upload.$inferSelect;

/** How many uploads a user has, and how many bytes they are. */
export function uploadUsage(db: Connection, userId: string): { files: number; sizeBytes: number } {
	const used = db
		.select({ files: count(), sizeBytes: sum(upload.sizeBytes).mapWith(Number) })
		.from(upload)
		.where(eq(upload.userId, userId))
		.get();
	return { files: used?.files ?? 0, sizeBytes: used?.sizeBytes ?? 0 };
}

/** Keeps an upload; what is there already stays as it is. */
export function insertUpload(db: Connection, row: UploadRow): void {
	db.insert(upload).values(row).onConflictDoNothing().run();
}

export function hasUpload(db: Connection, userId: string, digest: string): boolean {
	const own = and(eq(upload.userId, userId), eq(upload.digest, digest));
	return db.select({ digest: upload.digest }).from(upload).where(own).get() !== undefined;
}

/** The bytes of an upload of whoever the attempt belongs to now. */
export function findUploadOfAttempt(
	db: Connection,
	attemptId: string,
	digest: string,
): Uint8Array | undefined {
	const row = db
		.select({ bytes: upload.bytes })
		.from(upload)
		.innerJoin(attempt, eq(attempt.userId, upload.userId))
		.where(and(eq(attempt.id, attemptId), eq(upload.digest, digest)))
		.get();
	// A Buffer's slices are views; everything above expects copies.
	return row && new Uint8Array(row.bytes.buffer, row.bytes.byteOffset, row.bytes.byteLength);
}

/** What a guest uploaded goes to the account; what the account has too goes with the guest. */
export function moveUploads(db: Connection, guestId: string, userId: string): void {
	db.run(sql`UPDATE OR IGNORE ${upload} SET user_id = ${userId} WHERE user_id = ${guestId}`);
}
