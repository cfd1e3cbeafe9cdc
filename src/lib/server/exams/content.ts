import type { Bank } from '#lib/exam/bank/bank.ts';
import type { ExhibitMaker } from '#lib/exam/item/exhibit.ts';
import type { Item } from '#lib/exam/item/item-schema.ts';
import type { CertaintyWord } from '#lib/exam/session/session-state.ts';

/** What the services about questions are given. */
export interface ExamContent {
	bank: Bank;
	makeExhibit: ExhibitMaker;
	/** Absent where nobody has own questions. */
	ownBanks?: OwnBanks;
}

/** An answer as a review of its objective. */
export interface ReviewedAnswer {
	correct: boolean;
	/** 0..1. */
	credit: number;
	certainty: CertaintyWord | null;
	seconds: number;
	/** What a competent person needs. */
	expectedSeconds: number;
	/** A right answer that a learner of this ability may well have guessed. */
	possiblyGuessed: boolean;
	atMs: number;
	/** The beginning of the day of the exam, milliseconds since 1970; null without a date. */
	examMs?: number | null;
}

export interface Repetition {
	/** The card of an objective after an answer; `card` is null before the first one. Pure. */
	onAnswer(
		card: unknown,
		answer: ReviewedAnswer,
	): { card: unknown; rating: 1 | 2 | 3 | 4; dueMs: number; stability: number };
}

/** The questions that users brought themselves. */
export interface OwnBanks {
	/** A user's banks. */
	list(userId: string): { id: string; title: string; items: number }[];
	/** The items of a user's bank; undefined when it is somebody else's or there is none. */
	open(userId: string, bankId: string): { title: string; items: readonly Item[] } | undefined;
}
