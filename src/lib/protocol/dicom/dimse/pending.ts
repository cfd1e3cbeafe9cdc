import type { CommandSet } from './command-dictionary.ts';
import { COMMAND_FIELD, requestFieldOf } from './services.ts';

/** Matches are continuing; the second with optional keys that are not supported (PS3.4 C.4.1.1.4). */
const PENDING: readonly number[] = [0xff00, 0xff01];

/** The services with several responses, which alone can be pending and be cancelled (PS3.7 9.3). */
const SERVICES: readonly number[] = [
	COMMAND_FIELD['C-FIND-RQ'],
	COMMAND_FIELD['C-GET-RQ'],
	COMMAND_FIELD['C-MOVE-RQ'],
];

/** Whether a request can have pending responses and be cancelled. */
export function hasPendingResponses(request: CommandSet): boolean {
	return SERVICES.includes(request.CommandField);
}

/**
 * Whether a response leaves its request outstanding: statuses FF00 and FF01 of a C-FIND, C-GET or C-MOVE.
 * Of another service the same status is final, for nothing would follow it.
 */
export function isPending(response: CommandSet): boolean {
	return PENDING.includes(response.Status ?? 0) && SERVICES.includes(requestFieldOf(response));
}
