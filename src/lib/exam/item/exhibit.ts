/**
 * What an item shows beside its stem, as plain data. The pages render it by `form`; the makers that build
 * it from a running simulator stand above this folder and are passed in.
 */
export type Exhibit = {
	id: string;
	kind: string;
	caption: string;
	alt: string;
} & ExhibitContent;

export type ExhibitContent =
	| {
			form: 'text';
			/** Lines for a monospaced block. */
			text: string;
	  }
	| { form: 'table'; columns: string[]; rows: string[][] }
	| { form: 'tree'; nodes: ExhibitNode[] }
	| {
			form: 'image';
			width: number;
			height: number;
			/** 8-bit grey values after the window was applied, base64, row by row. */
			pixels: string;
			regions: ExhibitRegion[];
	  }
	| {
			form: 'map';
			width: number;
			height: number;
			boxes: {
				id: string;
				label: string;
				detail: string;
				x: number;
				y: number;
				w: number;
				h: number;
			}[];
			links: { from: string; to: string; label: string }[];
			regions: ExhibitRegion[];
	  };

/** A row of a tag tree or an HL7 tree. */
export interface ExhibitNode {
	/** A tag such as `(0010,0020)`, or a path such as `PID-3.1`. */
	code: string;
	name: string;
	/** The value representation or HL7 data type. */
	type: string;
	value: string;
	children: ExhibitNode[];
}

/** A named place on an image or map, in its own units; the label must not give the key away. */
export interface ExhibitRegion {
	id: string;
	label: string;
	x: number;
	y: number;
	w: number;
	h: number;
}

export type FactValue = string | number | boolean | FactValue[];

/** What the maker knows about the exhibit it made; keys are computed from it. Never sent to the browser. */
export type ExhibitFacts = Record<string, FactValue>;

export interface MadeExhibit {
	content: ExhibitContent;
	facts: ExhibitFacts;
}

/**
 * Makes the content of one exhibit from its kind, its parameters (templates already filled) and a seed: the
 * same three give the same exhibit for ever. `{ problem }` says what an author has to mend.
 */
export type ExhibitMaker = (
	kind: string,
	parameters: Record<string, unknown>,
	seed: string,
) => MadeExhibit | { problem: string };
