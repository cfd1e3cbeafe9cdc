import { dayOf, type Card } from './card.ts';
import { daysUntil } from './scheduler.ts';

const DAY_MS = 86_400_000;
const RETENTION = 0.9;
/** In the last days before an exam more has to be remembered at once. */
const FINAL = { days: 14, retention: 0.95 };

/**
 * When an objective is to be reviewed, in milliseconds since 1970: before its retrievability falls below 0.90,
 * or within the last 14 days before the exam below 0.95, and not after the day of the exam. `examMs` is the
 * beginning of that day; null without a date. An exam that is over does not count.
 */
export function dueMs(card: Card, examMs: number | null, nowMs: number): number {
	const usual = daysUntil(card.stability, RETENTION);
	if (examMs === null || dayOf(examMs) < dayOf(nowMs)) return card.atMs + usual * DAY_MS;
	const daysToExam = dayOf(examMs) - dayOf(card.atMs);
	const final = Math.max(daysUntil(card.stability, FINAL.retention), daysToExam - FINAL.days);
	return card.atMs + Math.max(1, Math.min(usual, final, daysToExam)) * DAY_MS;
}
