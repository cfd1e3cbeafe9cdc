/** The share of the marks, in percent, of each of `count` right choices, as precise as Moodle asks for it. */
export function shareOf(count: number): string {
	const share = 100 / count;
	return Number.isInteger(share) ? String(share) : share.toFixed(5);
}
