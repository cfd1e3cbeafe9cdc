/** Seconds as a clock: `2:05:09` with hours, else `12:07`. Never below zero. */
export function countdownText(seconds: number): string {
	const left = Math.max(0, seconds);
	const two = (value: number) => String(value).padStart(2, '0');
	const hours = Math.floor(left / 3600);
	const minutes = Math.floor((left % 3600) / 60);
	return hours > 0 ? `${hours}:${two(minutes)}:${two(left % 60)}` : `${minutes}:${two(left % 60)}`;
}
