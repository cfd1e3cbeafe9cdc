import { FAULT_DEFINITIONS } from '#lib/lab/faults/catalogue.ts';
import { z } from 'zod';
import { defineExhibit } from '../define-exhibit.ts';
import { runAtDesk, type DeskFault } from '../desk-run.ts';

/** The parameters of a fault as its kind wants them, and ids that exist. */
const fault = z
	.looseObject({ kind: z.string() })
	.transform(({ kind, ...raw }, context): DeskFault => {
		const definition = FAULT_DEFINITIONS.get(kind);
		const refuse = (message: string, path: PropertyKey[] = []): never => {
			context.addIssue({ code: 'custom', message, path });
			return z.NEVER;
		};
		if (!definition) {
			const kinds = [...FAULT_DEFINITIONS.keys()].join(', ');
			return refuse(`there is no fault "${kind}"; choose one of: ${kinds}`, ['kind']);
		}
		const checked = definition.parameters.safeParse(raw);
		if (!checked.success) {
			const [issue] = checked.error.issues;
			return refuse(issue?.message ?? 'the parameters do not fit', [...(issue?.path ?? [])]);
		}
		return { definition, parameters: checked.data };
	});

export const command = defineExhibit({
	kind: 'command',
	title: 'Output of a command',
	doc: "What a command at the PACS administrator's desk prints, in the community hospital.",
	parameters: z.strictObject({
		run: z.string().min(1).max(400),
		fault: fault.optional(),
		/** Minutes of hospital life before it, all of them with the fault. */
		at: z.number().min(0).max(60).default(3),
	}),
	make({ run, fault: injected, at }, { hospital, seed }) {
		const ids = new Set([...hospital.hosts, ...hospital.devices].map(({ id }) => id));
		const unknown = injected?.definition.refersTo(injected.parameters).find((id) => !ids.has(id));
		if (unknown !== undefined) {
			return { problem: `fault: the hospital has no host or device "${unknown}"` };
		}
		const made = runAtDesk(hospital, { seed, run, fault: injected, minutes: at });
		if ('problem' in made) return made;
		const { prompt, exitCode } = made;
		const text = made.text.trimEnd();
		return {
			content: { form: 'text', text: `${prompt}${run}\n${text}`.trimEnd() },
			facts: { output: text, lines: text === '' ? 0 : text.split('\n').length, exitCode },
		};
	},
});
