import type { Dimension } from './score.ts';

/**
 * How points are given. A change of any number is a new version, because a stored score says which rubric
 * made it. See docs/scoring.md.
 */
export const RUBRIC = {
	version: '2026.1',
	/** Points of each part; they add up to 100. */
	points: { restored: 45, diagnosis: 25, safety: 15, tidy: 15 } satisfies Record<Dimension, number>,
	titles: {
		restored: 'Service restored',
		diagnosis: 'Diagnosis',
		safety: 'Safety',
		tidy: 'Tidy and verified',
	} satisfies Record<Dimension, string>,
	/** Shares of the diagnosis; stated and right. */
	diagnosis: { component: 0.4, layer: 0.2, mechanism: 0.4 },
	/** A wrong diagnosis stated at least this sure costs extra, in points. */
	overconfidence: { fromPercent: 80, points: 5 },
	/** Safety points lost, for each time it happened. */
	safety: {
		/** Access was opened wider than before and left open. */
		exposureLeft: 12,
		/** Access was opened wider than before for a while. */
		exposureForAWhile: 5,
		/** A setting that was not broken is different at the end. */
		settingLeftChanged: 5,
		/** A service that worked was interrupted. */
		interruption: 5,
	},
	/** Severe harm multiplies the total. */
	gate: {
		/** Images that existed nowhere else were destroyed. */
		instancesLost: 0.3,
	},
	/** What hints may take from the total together, at most. */
	hintFactorMinimum: 0.5,
	/** From this total on, and with everything restored and nothing lost, a ticket counts as passed. */
	passFrom: 70,
} as const;
