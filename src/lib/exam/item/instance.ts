import type { Exhibit } from './exhibit.ts';
import type { Citation } from './item-schema.ts';

/**
 * One item as one candidate meets it: a generator has drawn its numbers, exhibits are made, choices are in
 * the order shown. Split in what the browser may have at once and what it gets only when the mode allows.
 */
export interface Instance {
	itemId: string;
	version: number;
	/** Item version, seed: the same pair gives the same instance for ever. */
	seed: string;
	question: Question;
	key: AnswerKey;
}

export interface Choice {
	id: string;
	/** Markdown. */
	text: string;
}

export type Question = {
	/** Markdown. */
	stem: string;
	leadIn: string;
	exhibits: Exhibit[];
	/** Expected seconds. */
	timeS: number;
} & (
	| { type: 'sba'; choices: Choice[] }
	/** `select` is how many are correct. */
	| { type: 'multi'; choices: Choice[]; select: number }
	| { type: 'order'; choices: Choice[] }
	| { type: 'match'; left: Choice[]; right: Choice[] }
	| { type: 'numeric'; unit: string | null }
	| { type: 'hotspot'; on: string; choices: Choice[] }
	| { type: 'scenario'; scenario: string }
);

export type AnswerKey = {
	/** By choice id, as shown; for `match` by left id and by extra right id; for `numeric` by `trap-0`, `trap-1`, ... */
	rationales: Record<string, string>;
	/** Markdown. */
	explanation: string;
	references: Citation[];
	remediate: string | null;
} & (
	| { type: 'sba'; correct: string }
	| { type: 'multi'; correct: string[] }
	| { type: 'order'; correct: string[] }
	/** Left id to right id. */
	| { type: 'match'; correct: Record<string, string> }
	| {
			type: 'numeric';
			value: number;
			unit: string | null;
			/** Half width of what is accepted, in the unit of `value`. */
			tolerance: number;
			/** Known wrong results, in the unit of `value`. */
			traps: number[];
	  }
	| { type: 'hotspot'; correct: string[] }
	| { type: 'scenario'; scenario: string; pass: number }
);
