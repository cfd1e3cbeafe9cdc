/** What was fixed when a session began. */

export type SessionMode =
	/** Chosen questions. */
	| 'practice'
	/** A form by the blueprint. */
	| 'mock'
	/** Adaptive: each next question depends on the answers so far, and slots are added as it goes. */
	| 'placement'
	/** What spaced repetition has due. */
	| 'review';

/** How much longer than usual the candidate may take; recorded with the session. */
export type Accommodation = '1' | '1.25' | '1.5' | '2' | 'untimed';

export interface SessionPlan {
	mode: SessionMode;
	/** A blueprint's id such as `ciip-2024`, or `own:<bank id>`. */
	outline: string;
	title: string;
	/** `at-once`: verdict and rationales after each answer. `at-end`: nothing before the session is finished. */
	feedback: 'at-once' | 'at-end';
	/** Whether the candidate states a certainty with each answer (only with feedback at once). */
	certainty: boolean;
	accommodation: Accommodation;
	startedMs: number;
	/** Milliseconds since 1970 after which answers are kept but not scored; null without a limit. */
	deadlineMs: number | null;
	slots: SlotPlan[];
}

export interface SlotPlan {
	itemId: string;
	version: number;
	/** Draws numbers, exhibits and the order of choices. */
	seed: string;
	/** The code of the blueprint's section this question stands for; empty in own banks. */
	section: string;
	objective: string;
	/** False: served like the others, but not counted. Not told before the end. */
	scored: boolean;
}
