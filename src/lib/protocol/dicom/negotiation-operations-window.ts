import type { UserInformation } from './upper-layer/pdu.ts';

/**
 * How many operations may be outstanding, seen from one side: those it invokes and those it performs.
 * 0 means no limit.
 */
export interface OperationsWindow {
	invoked: number;
	performed: number;
}

/** One operation at a time in each direction, where nothing was negotiated (PS3.7 D.3.3.3). */
export const SYNCHRONOUS: Readonly<OperationsWindow> = { invoked: 1, performed: 1 };

/**
 * The acceptor's answer to a proposed window (PS3.7 D.3.3.3). Both items speak of the requestor: what it
 * may invoke is limited by what we perform, and the reverse. No answer to no proposal, and none where the
 * outcome is one operation at a time, which is the default.
 *
 * @param own what the acceptor can do, from its own side
 */
export function answerWindow(
	proposal: UserInformation['asynchronousOperationsWindow'],
	own: OperationsWindow = SYNCHRONOUS,
): OperationsWindow | undefined {
	if (proposal === undefined) return undefined;
	const answer = {
		invoked: smaller(proposal.invoked, own.performed),
		performed: smaller(proposal.performed, own.invoked),
	};
	return answer.invoked === 1 && answer.performed === 1 ? undefined : answer;
}

/**
 * The window both sides keep to, from the requestor's side. An answer to no proposal counts for nothing,
 * and one that gives more than was proposed gives what was proposed.
 */
export function agreeOnWindow(
	proposal: UserInformation['asynchronousOperationsWindow'],
	answer: UserInformation['asynchronousOperationsWindow'],
): OperationsWindow {
	if (proposal === undefined || answer === undefined) return SYNCHRONOUS;
	return {
		invoked: smaller(proposal.invoked, answer.invoked),
		performed: smaller(proposal.performed, answer.performed),
	};
}

/** 0 is the largest of all. */
function smaller(a: number, b: number): number {
	if (a === 0) return b;
	return b === 0 ? a : Math.min(a, b);
}
