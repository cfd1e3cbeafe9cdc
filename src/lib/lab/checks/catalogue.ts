import type { CheckDefinition } from '../define-check.ts';
import { faultGone } from './fault-gone.ts';
import { peopleInformed } from './people-informed.ts';
import { queueDrained } from './queue-drained.ts';
import { retested } from './retested.ts';
import { studyArrives } from './study-arrives.ts';
import { ticketClosed } from './ticket-closed.ts';

/** Every check kind by name. A new kind is a new file and a line here. */
export const CHECK_DEFINITIONS: ReadonlyMap<string, CheckDefinition> = new Map(
	(
		[
			faultGone,
			peopleInformed,
			queueDrained,
			retested,
			studyArrives,
			ticketClosed,
		] as unknown as CheckDefinition[]
	).map((definition) => [definition.kind, definition]),
);
