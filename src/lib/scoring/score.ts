/** The explained score as plain data. */

export type Dimension = 'restored' | 'diagnosis' | 'safety' | 'tidy';

export interface ScoreLine {
	/** Stable id of the rule in the rubric, for example `restored.check`. */
	rule: string;
	dimension: Dimension;
	points: number;
	maximum: number;
	/** One sentence: what was seen. */
	text: string;
	/** Sequence numbers of the actions that earned or lost it. */
	actions: number[];
	/** What would have earned the missing points. */
	missed?: string;
}

export interface Score {
	rubric: string;
	/** 0..100, rounded to one decimal. */
	total: number;
	/** Severe harm multiplies the sum; 1 when there was none. */
	gate: { factor: number; reasons: { text: string; actions: number[] }[] };
	/** Multiplier for hints taken, 0.5..1; only applied when the ticket was solved. */
	hintFactor: number;
	dimensions: { id: Dimension; title: string; points: number; maximum: number }[];
	lines: ScoreLine[];
	passed: boolean;
}

/** One moment of the attempt as the debrief tells it. */
export interface StoryEntry {
	sequence: number | undefined;
	wallTime: string;
	who: 'trainee' | 'hospital' | 'fault';
	text: string;
}

export interface Debrief {
	score: Score;
	/** What was really wrong, in words of the fault catalogue. */
	causes: { component: string; layer: string; mechanism: string; text: string }[];
	stated: { component: string; mechanism: string; confidence: number } | undefined;
	/** The author's text, Markdown without HTML. */
	text: string;
	references: { label: string; detail: string }[];
	/** The reference solution, one line an action. */
	solution: string[];
	impact: { delayedStudies: number; patientMinutes: number; lostInstances: number };
	story: StoryEntry[];
	fingerprint: string;
}
