import { z } from 'zod';
import { defineCheck } from '../define-check.ts';

/** A closing note shorter than this says nothing. */
const NOTE_LENGTH_MIN = 15;

export const ticketClosed = defineCheck({
	kind: 'ticket-closed',
	doc: 'Was the ticket closed with cause, action and prevention?',
	counts: 'tidy',
	parameters: z.strictObject({}),
	refersTo: () => ({}),
	evaluate(evidence) {
		const closing = evidence.records.find(({ action }) => action.kind === 'close');
		const action = closing?.action;
		const short =
			action?.kind === 'close'
				? (['cause', 'action', 'prevention'] as const).filter(
						(part) => action[part].length < NOTE_LENGTH_MIN,
					)
				: [];
		const holds = closing !== undefined && short.length === 0;
		return {
			holds,
			text: !closing
				? 'The ticket was left open.'
				: holds
					? 'The ticket was closed with cause, action and prevention.'
					: `The closing note says too little about: ${short.join(', ')}.`,
			actions: closing ? [closing.sequence] : [],
			...(holds
				? {}
				: { missed: 'Close the ticket with a sentence each on cause, action and prevention.' }),
		};
	},
});
