import type { Attempt } from '#lib/lab/attempt.ts';
import type { Scored } from '#lib/lab/proof/certificate.ts';
import { judge } from './judge.ts';

const CHECK = 'check.';

/** The score of a watched attempt in the form the prover reads. */
export function scoreForProof(attempt: Attempt): Scored {
	const score = judge(attempt.evidence());
	const failed = new Set<string>();
	const checks = new Map<string, boolean>();
	for (const { rule, points, maximum } of score.lines) {
		const short = points < maximum;
		if (!rule.startsWith(CHECK)) {
			if (short) failed.add(rule);
			continue;
		}
		const id = rule.slice(CHECK.length);
		checks.set(id, !short);
		if (short) failed.add(id);
	}
	for (const { id, points, maximum } of score.dimensions) {
		const deducted = score.lines.some((line) => line.dimension === id && line.points < 0);
		if (points < maximum && (id !== 'safety' || deducted)) failed.add(id);
	}
	if (score.gate.factor < 1) failed.add('harm');
	return { total: score.total, passed: score.passed, checks, failed };
}
