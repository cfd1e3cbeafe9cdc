import type { Micros } from '#lib/kernel/time.ts';

/** Words for virtual instants. Wall times are civil, without a zone: `2026-03-09T07:40:00`. */

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MICROS_PER_MILLISECOND = 1_000;

/** The wall time at another virtual instant, given what the clock shows now. */
export function wallTimeAt(clock: { nowUs: Micros; wallTime: string }, atUs: Micros): string {
	const nowMs = Date.parse(`${clock.wallTime.slice(0, 19)}Z`);
	if (Number.isNaN(nowMs)) return clock.wallTime;
	const ms = nowMs + Math.round((atUs - clock.nowUs) / MICROS_PER_MILLISECOND);
	return new Date(ms).toISOString().slice(0, 19);
}

/** `07:40:00`, or `07:40` without seconds. */
export function clockText(wallTime: string, seconds = true): string {
	return wallTime.slice(11, seconds ? 19 : 16);
}

/** `Mon 9 Mar 2026`. */
export function dateText(wallTime: string): string {
	const date = new Date(`${wallTime.slice(0, 10)}T00:00:00Z`);
	if (Number.isNaN(date.getTime())) return wallTime;
	const day = DAYS[date.getUTCDay()];
	const month = MONTHS[date.getUTCMonth()];
	return `${day} ${date.getUTCDate()} ${month} ${date.getUTCFullYear()}`;
}

/** A duration as people say it: `0 s`, `4 s`, `12 min`, `1 h 05 min`. */
export function durationText(us: Micros): string {
	const seconds = Math.round(us / 1_000_000);
	if (seconds < 90) return `${seconds} s`;
	const minutes = Math.round(seconds / 60);
	if (minutes < 60) return `${minutes} min`;
	return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** A real instant (ISO with zone) as `9 Mar 2026, 07:40 UTC`: the same on the server and in the browser. */
export function instantText(iso: string): string {
	const date = new Date(iso);
	if (Number.isNaN(date.getTime())) return iso;
	const time = date.toISOString().slice(11, 16);
	return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}, ${time} UTC`;
}
