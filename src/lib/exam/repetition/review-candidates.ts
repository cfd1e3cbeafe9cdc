import type { ItemHistory, PracticeCandidate } from '../session/select-practice.ts';

/**
 * The items that may stand for objectives that are due: of each objective all but the one that was seen last, so
 * that the learner remembers the objective and not the question. Where there is only one it stays, and comes in
 * another variant.
 */
export function reviewCandidates<T extends PracticeCandidate>(
	candidates: readonly T[],
	history: ReadonlyMap<string, ItemHistory>,
	due: ReadonlySet<string>,
): T[] {
	const own = candidates.filter(({ objective }) => due.has(objective));
	const seenMs = ({ itemId }: T): number => history.get(itemId)?.lastSeenMs ?? -Infinity;
	return [...Map.groupBy(own, ({ objective }) => objective).values()].flatMap((siblings) => {
		const lastMs = Math.max(...siblings.map(seenMs));
		const others = siblings.filter((one) => lastMs === -Infinity || seenMs(one) < lastMs);
		return others.length > 0 ? others : siblings;
	});
}
