import type { Attempt } from '#lib/lab/attempt.ts';
import type { Content } from '#lib/lab/content.ts';
import type { Scored } from '#lib/lab/proof/prove.ts';
import { judge } from './judge.ts';

/** The score of a watched attempt in the form the prover reads. */
export function scoreForProof(_content: Content, attempt: Attempt): Scored {
	const score = judge(attempt.evidence());
	const failed = new Set(
		score.lines
			.filter((line) => line.points < line.maximum)
			.map((line) => line.rule.replace(/^check\./, '')),
	);
	for (const { id, points, maximum } of score.dimensions) {
		const deducted = score.lines.some((line) => line.dimension === id && line.points < 0);
		if (points < maximum && (id !== 'safety' || deducted)) failed.add(id);
	}
	if (score.gate.factor < 1) failed.add('harm');
	return { total: score.total, passed: score.passed, failed };
}
