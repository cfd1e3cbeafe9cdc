import type { Reach } from '#lib/hospital/console-view.ts';

const MINUTE_US = 60_000_000;

/** How one gets there: `walk 4 min`, `change request 20 min`; a remote screen needs no words. */
export function reachText(reach: Reach, minutesAway: number): string {
	if (reach === 'remote') return 'from the desk';
	const way = reach === 'walk' ? 'walk' : 'change request';
	return minutesAway > 0 ? `${way} ${minutesAway} min` : way;
}

/** What an act costs in virtual time, with the way there: `2 min + walk 4 min`. */
export function costText(minutes: number, reach: Reach, minutesAway: number): string {
	const own = minutes > 0 ? `${minutes} min` : 'seconds';
	if (reach === 'remote') return own;
	const way = reachText(reach, minutesAway);
	return minutes > 0 ? `${own} + ${way}` : way;
}

/** How long ago a screen was seen: `now`, `3 min ago`. */
export function agoText(nowUs: number, atUs: number): string {
	const minutes = Math.floor((nowUs - atUs) / MINUTE_US);
	return minutes < 1 ? 'now' : `${minutes} min ago`;
}
