import type { MadeExhibit } from '#lib/exam/item/exhibit.ts';
import type { HospitalSpec } from '#lib/hospital/hospital-spec.ts';
import type { z } from 'zod';

/** What a maker is given besides its parameters. Everything it draws comes from streams of `seed`. */
export interface Surroundings {
	/** The community hospital. */
	readonly hospital: HospitalSpec;
	readonly seed: string;
}

/** A sentence that says what an author has to mend. */
export interface ExhibitProblem {
	problem: string;
}

/**
 * The declaration of a kind of exhibit: one file in `kinds/` exports one of these. The same parameters and
 * seed give the same exhibit for ever; its facts are read from what was made, not from what was asked for.
 */
export interface ExhibitDefinition<P = unknown> {
	kind: string;
	title: string;
	/** One line for authors. */
	doc: string;
	parameters: z.ZodType<P>;
	make(parameters: P, surroundings: Surroundings): MadeExhibit | ExhibitProblem;
}

/** Declares a kind of exhibit; only gives the parts their common types. */
export function defineExhibit<P>(definition: ExhibitDefinition<P>): ExhibitDefinition<P> {
	return definition;
}
