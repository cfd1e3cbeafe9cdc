import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineCheck } from '../define-check.ts';

export const peopleInformed = defineCheck({
	kind: 'people-informed',
	doc: 'Were the people who wait told?',
	counts: 'tidy',
	parameters: z.strictObject({ people: z.array(idSchema).min(1) }),
	refersTo: ({ people }) => ({ people }),
	evaluate(evidence, { people }) {
		const told = evidence.records.filter(
			({ action }) => action.kind === 'inform' && people.includes(action.person),
		);
		const missing = people.filter(
			(person) => !told.some(({ action }) => action.kind === 'inform' && action.person === person),
		);
		const names = missing.map(
			(id) => evidence.world.spec.people.find((person) => person.id === id)?.name ?? id,
		);
		return {
			holds: missing.length === 0,
			text:
				missing.length === 0
					? 'Everybody who was waiting was told.'
					: `Not told: ${names.join(', ')}.`,
			actions: told.map((record) => record.sequence),
			...(missing.length === 0
				? {}
				: { missed: 'Tell those who wait what happened and what to do.' }),
		};
	},
});
