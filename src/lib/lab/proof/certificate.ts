import type { Attempt } from '../attempt.ts';

/** What the prover needs of the layer above: the score of a finished attempt. */
export interface Scored {
	total: number;
	passed: boolean;
	/** Whether each check of the scenario held, by its id. */
	checks: ReadonlyMap<string, boolean>;
	/** What it fell short at: check ids, parts of the score, `harm`. */
	failed: ReadonlySet<string>;
}

export interface ProofOptions {
	score(attempt: Attempt): Scored;
	/** On how many seeds each solution is run, twice each. */
	seeds: number;
	progress?(text: string): void;
}

/** One thing that was proved or not. */
export interface Claim {
	title: string;
	holds: boolean;
	/** What was measured. */
	detail: string;
}

export interface Certificate {
	scenario: string;
	version: number;
	claims: Claim[];
	holds: boolean;
	/** The fingerprint of the first solution on the first seed. */
	fingerprint: string;
}
