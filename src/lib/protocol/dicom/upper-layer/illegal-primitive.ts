import { EVENTS, STATES } from './states.ts';
import type { EventId, State } from './states.ts';

/**
 * Our own program issued a service primitive where PS3.8 table 9-10 has no cell. Never caused by a
 * peer.
 */
export class IllegalPrimitive extends Error {
	override readonly name = 'IllegalPrimitive';
	readonly event: EventId;
	readonly state: State;

	constructor(event: EventId, state: State) {
		super(`${EVENTS[event]} (${event}) is not possible in ${state}: ${STATES[state]}`);
		this.event = event;
		this.state = state;
	}
}
