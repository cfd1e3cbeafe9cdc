import type { Action } from '#lib/lab/action.ts';
import type { CaseFile } from '#lib/lab/case-file.ts';
import type { Content } from '#lib/lab/content.ts';
import { playToEnd } from '#lib/lab/play.fixture.ts';
import { judge } from './judge.ts';
import type { Score } from './score.ts';

/** A run and its score. */
export interface JudgedRun {
	evidence: CaseFile;
	score: Score & { lostInstances: number };
}

/** Plays actions to the end and judges them. */
export function judged(content: Content, id: string, actions: readonly Action[]): JudgedRun {
	const evidence = playToEnd(content, id, actions).evidence();
	return { evidence, score: judge(evidence) };
}

/** The actions of a scenario's first solution. */
export function solutionOf(content: Content, id: string): Action[] {
	const actions = content.scenarios.get(id)?.solutions[0]?.actions;
	if (!actions) throw new RangeError(`no solution of "${id}"`);
	return actions;
}
