import type { Item } from '../item/item-schema.ts';

/** A question as a reader understood it, before it is checked and made an item. Texts are Markdown. */
export interface Draft {
	/** Empty where the file gives none. */
	title: string;
	/** Where it begins in its file; null where that tells nothing. */
	line: number | null;
	/** The whole question; the last paragraph becomes the lead-in. */
	text: string;
	/** Empty where the file gives none, as all rationales. */
	explanation: string;
	/** What was left out or understood in a certain way, as sentences. */
	notes: string[];
	answers: DraftAnswers;
}

export interface DraftOption {
	text: string;
	correct: boolean;
	rationale: string;
}

export type DraftAnswers =
	| { type: 'choice'; multiple: boolean; options: DraftOption[] }
	/** In the correct order. */
	| { type: 'order'; sequence: { text: string; rationale: string }[] }
	| {
			type: 'match';
			pairs: { left: string; right: string; rationale: string }[];
			extra: { text: string; rationale: string }[];
	  }
	| {
			type: 'numeric';
			value: number;
			/** Half width of what is accepted. */
			tolerance: number;
			unit: string | null;
			traps: { value: number; rationale: string }[];
	  };

export interface Refused {
	title: string;
	line: number | null;
	/** One sentence. */
	reason: string;
}

/** What the reader of one question gives. `undefined`: this is none, and nobody misses it. */
export type ReadQuestion = { draft: Draft } | { refused: Refused } | undefined;

export const FORMATS = ['gift', 'aiken', 'moodle-xml', 'qti'] as const;
export type ImportFormat = (typeof FORMATS)[number];

export interface ImportedItem {
	item: Item;
	title: string;
	line: number | null;
	notes: string[];
}

/** What became of a file. */
export interface Imported {
	/** Null when it was not recognised. */
	format: ImportFormat | null;
	accepted: ImportedItem[];
	refused: Refused[];
}

/** Why a question cannot be taken over. Thrown and caught in this folder only. */
export class Unsupported extends Error {}
