import { z } from 'zod';
import { defineExhibit } from '../define-exhibit.ts';
import { EXCHANGE_CASES } from '../exchange/cases.ts';
import { exchangeFacts } from '../exchange/exchange-facts.ts';
import { logText } from '../exchange/log-text.ts';
import { playExchange } from '../exchange/play.ts';

export const associationLog = defineExhibit({
	kind: 'association-log',
	title: 'Log of an association',
	doc: "One association in the archive's log, or in that of the device that called it.",
	parameters: z
		.strictObject({
			case: z.enum(Object.keys(EXCHANGE_CASES)),
			side: z.enum(['archive', 'caller']).default('archive'),
			words: z.boolean().default(true),
		})
		.superRefine(({ case: id, side }, context) => {
			if (side === 'caller' || !EXCHANGE_CASES[id]?.unheard) return;
			context.addIssue({
				code: 'custom',
				path: ['side'],
				message: `the archive never hears of ${id}: write "side: caller"`,
			});
		}),
	make({ case: id, side, words }, { seed }) {
		const played = playExchange(id, seed);
		return {
			content: { form: 'text', text: logText(side, played[side], played.epochUs, words) },
			facts: exchangeFacts(played[side].packets, played.site),
		};
	},
});
