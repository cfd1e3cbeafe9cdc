import type { Score } from '#lib/scoring/score.ts';
import type { Tone } from '#lib/hospital/console-view.ts';

const CLEAN_FROM = 90;

/** The score in words: one headline, and the tone that goes with it. */
export function verdictOf(score: Score): { headline: string; tone: Tone } {
	if (score.gate.factor < 1) return { headline: 'Something was harmed', tone: 'bad' };
	if (!score.passed) return { headline: 'Not solved yet', tone: 'warning' };
	if (score.total >= CLEAN_FROM) return { headline: 'Solved, and cleanly', tone: 'good' };
	return { headline: 'Solved, with points to gain', tone: 'good' };
}

/** The tone of one score line. */
export function lineTone(points: number, maximum: number): Tone {
	if (points < 0 || (points === 0 && maximum > 0)) return 'bad';
	return points < maximum ? 'warning' : 'good';
}

/** Points without needless decimals: `8`, `7.5`. */
export const pointsText = (points: number): string => String(Math.round(points * 10) / 10);

/** A catalogue word for eyes: `ae-title-changed` becomes `Ae title changed`; anything else stays. */
export function plainWords(text: string): string {
	if (!/^[a-z0-9]+(?:-[a-z0-9]+)+$/.test(text)) return text;
	const words = text
		.replaceAll('-', ' ')
		.replace(/\b(ae|ip|dns|tls|hl7|mpps|mtu)\b/g, (word) => word.toUpperCase());
	return words.charAt(0).toUpperCase() + words.slice(1);
}
