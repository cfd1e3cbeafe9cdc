import type { StepBody } from '#lib/exam/session/step.ts';
import type { SlotView } from '../exam-data.ts';

/** The question as it looks after a step, before the server has confirmed it. */
export function applyStep(slot: SlotView, body: StepBody): SlotView {
	// A verdict is final.
	if (slot.feedback !== null && body.kind !== 'flag' && body.kind !== 'note') return slot;
	switch (body.kind) {
		case 'answer':
			return { ...slot, response: body.response };
		case 'strike':
			return { ...slot, struck: body.choices };
		case 'flag':
			return { ...slot, flagged: body.flagged };
		case 'highlight':
			return { ...slot, highlights: body.marks };
		case 'note':
			return { ...slot, note: body.text };
		case 'certainty':
			return { ...slot, certainty: body.certainty };
		case 'view':
		case 'check':
		case 'finish':
			return slot;
	}
}
