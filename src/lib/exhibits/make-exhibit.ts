import type { ExhibitMaker } from '#lib/exam/item/exhibit.ts';
import type { HospitalSpec } from '#lib/hospital/hospital-spec.ts';
import type { z } from 'zod';
import { EXHIBITS } from './catalogue.ts';

export interface ExhibitMakerOptions {
	/** The community hospital, read from its file. */
	hospital: HospitalSpec;
}

/**
 * The maker of all exhibits of questions. Pure: what it makes follows from the hospital and the arguments.
 * An unknown kind, or parameters that do not fit, give a problem that says what to do.
 */
export function createExhibitMaker({ hospital }: ExhibitMakerOptions): ExhibitMaker {
	return (kind, parameters, seed) => {
		const definition = EXHIBITS.get(kind);
		if (definition === undefined) {
			const kinds = [...EXHIBITS.keys()].join(', ');
			return { problem: `there is no exhibit kind "${kind}"; choose one of: ${kinds}` };
		}
		const checked = definition.parameters.safeParse(parameters);
		if (!checked.success) return { problem: `${kind}: ${issueText(checked.error)}` };
		return definition.make(checked.data, { hospital, seed });
	};
}

function issueText(error: z.ZodError): string {
	return error.issues
		.map((issue) => {
			// What is wrong with a key of a record is said one level deeper.
			const message =
				issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
			return issue.path.length > 0 ? `${issue.path.join('.')}: ${message}` : message;
		})
		.join('; ');
}
