import { certaintyScore, type Certainty } from '../psychometrics/certainty.ts';
import { wilsonInterval, type Interval } from '../psychometrics/distributions.ts';
import type { SessionPlan } from './plan.ts';
import type { CertaintyWord, SessionState } from './session-state.ts';

export interface SessionResult {
	/** Right of scored; `late` counts questions that were answered after the deadline only. */
	score: { correct: number; scored: number; unscored: number; answered: number; late: number };
	/** 95 % Wilson interval of the share that is right. */
	interval: Interval;
	/** In the order in which the sections come up first. */
	sections: { code: string; correct: number; scored: number }[];
	/** `used` is by the clock where there is a limit, else the time spent with questions. */
	seconds: { used: number; allowed: number | null; median: number };
	/** `correct` is null where nothing was answered in time. */
	slots: { correct: boolean | null; scored: boolean; seconds: number }[];
	/** By objective, the most often missed first. */
	missed: { objective: string; missed: number; positions: number[] }[];
}

/** What a finished session came to. In a mock an unanswered question is wrong; elsewhere it does not count. */
export function sessionResult(plan: SessionPlan, state: SessionState): SessionResult {
	const rows = plan.slots.map((slot, position) => {
		const { response, lateResponse, mark, lookedMs } = state.slots[position] ?? UNSEEN;
		const answered = response !== null;
		return {
			...{ ...slot, position, answered, late: !answered && lateResponse !== null },
			counts: slot.scored && (answered || plan.mode === 'mock'),
			right: answered && mark?.correct === true,
			seconds: Math.round(lookedMs / 1_000),
		};
	});
	const counted = rows.filter(({ counts }) => counts);
	const correct = counted.filter(({ right }) => right).length;
	const answered = rows.filter((row) => row.answered);
	const sections = [...Map.groupBy(counted, ({ section }) => section)].map(([code, own]) => ({
		code,
		correct: own.filter(({ right }) => right).length,
		scored: own.length,
	}));
	const wrong = rows.filter((row) => !row.right && (row.answered || row.counts));
	const missed = [...Map.groupBy(wrong, ({ objective }) => objective)]
		.map(([objective, own]) => {
			return { objective, missed: own.length, positions: own.map(({ position }) => position) };
		})
		.sort((a, b) => b.missed - a.missed || (a.objective < b.objective ? -1 : 1));
	return {
		score: {
			correct,
			scored: counted.length,
			unscored: rows.filter(({ scored }) => !scored).length,
			answered: answered.length,
			late: rows.filter(({ late }) => late).length,
		},
		interval: wilsonInterval(correct, counted.length),
		sections,
		seconds: {
			...clock(plan, state, rows),
			median: medianOf(answered.map(({ seconds }) => seconds)),
		},
		slots: rows.map(({ answered: given, right, scored, seconds }) => ({
			...{ correct: given ? right : null, scored, seconds },
		})),
		missed,
	};
}

const UNSEEN = { response: null, lateResponse: null, mark: null, lookedMs: 0 };

function clock(
	{ startedMs, deadlineMs }: SessionPlan,
	{ finishedMs }: SessionState,
	rows: readonly { seconds: number }[],
): { used: number; allowed: number | null } {
	if (deadlineMs === null) {
		return { used: rows.reduce((sum, { seconds }) => sum + seconds, 0), allowed: null };
	}
	const usedMs = Math.max(0, (finishedMs ?? deadlineMs) - startedMs);
	return { used: Math.round(usedMs / 1_000), allowed: (deadlineMs - startedMs) / 1_000 };
}

function medianOf(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	const upper = sorted[middle] ?? 0;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

const LEVELS: Record<CertaintyWord, Certainty> = { low: 1, mid: 2, high: 3 };

/** Points of certainty-based marking; null where no certainty was stated. */
export function certaintyPoints(certainty: CertaintyWord | null, correct: boolean): number | null {
	return certainty === null ? null : certaintyScore(LEVELS[certainty], correct);
}
