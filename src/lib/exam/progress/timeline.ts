import { dayOf } from '../repetition/card.ts';
import { dateOfDay, mondayOf } from './days.ts';

const CALENDAR_DAYS = 28;
const WEEKS_MAX = 12;

/** Reviews due on each of the next 28 days, days counted from 1970; what is overdue counts today. */
export function calendarOf(
	dues: readonly { dueMs: number }[],
	today: number,
): { date: string; due: number }[] {
	const counts = Array.from({ length: CALENDAR_DAYS }, () => 0);
	for (const { dueMs } of dues) {
		const day = Math.max(0, dayOf(dueMs) - today);
		if (day < CALENDAR_DAYS) counts[day] = (counts[day] ?? 0) + 1;
	}
	return counts.map((due, i) => ({ date: dateOfDay(today + i), due }));
}

/**
 * Answers by week, named by its Monday: twelve weeks at most, up to the last one with an answer. Weeks without
 * any in between are included.
 */
export function weeksOf(
	answers: readonly { atMs: number; correct: boolean }[],
): { week: string; answers: number; correct: number }[] {
	const byWeek = Map.groupBy(answers, ({ atMs }) => mondayOf(dayOf(atMs)));
	if (byWeek.size === 0) return [];
	const last = Math.max(...byWeek.keys());
	const first = Math.max(Math.min(...byWeek.keys()), last - 7 * (WEEKS_MAX - 1));
	return Array.from({ length: (last - first) / 7 + 1 }, (_, i) => {
		const own = byWeek.get(first + 7 * i) ?? [];
		const correct = own.filter((answer) => answer.correct).length;
		return { week: dateOfDay(first + 7 * i), answers: own.length, correct };
	});
}
