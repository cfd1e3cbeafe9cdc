import { and, asc, desc, eq } from 'drizzle-orm';
import type { Connection } from './connection.ts';
import { objectiveCard, reviewLog, studyGoal } from './schema.ts';

export type StudyGoalRow = typeof studyGoal.$inferSelect;
export type ObjectiveCardRow = typeof objectiveCard.$inferSelect;
type ReviewRow = Omit<typeof reviewLog.$inferSelect, 'sequence'>;

/** What a user prepares for now. */
export function findGoal(db: Connection, userId: string): StudyGoalRow | undefined {
	return db
		.select()
		.from(studyGoal)
		.where(eq(studyGoal.userId, userId))
		.orderBy(desc(studyGoal.updatedAt))
		.limit(1)
		.get();
}

export function putGoal(db: Connection, row: StudyGoalRow): void {
	const target = [studyGoal.userId, studyGoal.outline];
	db.insert(studyGoal).values(row).onConflictDoUpdate({ target, set: row }).run();
}

/** Makes an outline the one that the user prepares for now; the date of its exam stays as it was. */
export function chooseOutline(
	db: Connection,
	{ userId, outline, updatedAt }: Omit<StudyGoalRow, 'examDate'>,
): void {
	db.insert(studyGoal)
		.values({ userId, outline, examDate: null, updatedAt })
		.onConflictDoUpdate({ target: [studyGoal.userId, studyGoal.outline], set: { updatedAt } })
		.run();
}

/** A user's cards, those due first. */
export function listCards(db: Connection, userId: string): ObjectiveCardRow[] {
	return db
		.select()
		.from(objectiveCard)
		.where(eq(objectiveCard.userId, userId))
		.orderBy(asc(objectiveCard.dueAt))
		.all();
}

export function findCard(
	db: Connection,
	userId: string,
	objective: string,
): ObjectiveCardRow | undefined {
	const own = and(eq(objectiveCard.userId, userId), eq(objectiveCard.objective, objective));
	return db.select().from(objectiveCard).where(own).get();
}

/** Appends a review and moves its card on. Nothing when the answer has been reviewed already. */
export function storeReview(db: Connection, review: ReviewRow, card: ObjectiveCardRow): void {
	if (db.insert(reviewLog).values(review).onConflictDoNothing().run().changes === 0) return;
	const target = [objectiveCard.userId, objectiveCard.objective];
	db.insert(objectiveCard).values(card).onConflictDoUpdate({ target, set: card }).run();
}
