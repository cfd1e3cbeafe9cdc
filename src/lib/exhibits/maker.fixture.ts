import type { ExhibitFacts, MadeExhibit } from '#lib/exam/item/exhibit.ts';
import type { HospitalSpec } from '#lib/hospital/hospital-spec.ts';
import { createExhibitMaker } from './make-exhibit.ts';

/** The maker of a hospital, and the same for tests to which a problem is a failure. */
export function makerFor(hospital: HospitalSpec) {
	const makeExhibit = createExhibitMaker({ hospital });
	const made = (kind: string, parameters: Record<string, unknown>, seed = 'test'): MadeExhibit => {
		const exhibit = makeExhibit(kind, parameters, seed);
		if ('problem' in exhibit) throw new Error(exhibit.problem);
		return exhibit;
	};
	/** The text and the facts of an exhibit of lines. */
	const lines = (
		kind: string,
		parameters: Record<string, unknown>,
		seed = 'test',
	): { text: string; facts: ExhibitFacts } => {
		const { content, facts } = made(kind, parameters, seed);
		if (content.form !== 'text') throw new Error(`${kind} is no text`);
		return { text: content.text, facts };
	};
	return { makeExhibit, made, lines };
}
