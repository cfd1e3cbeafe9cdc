/** For each line whether it contains the wanted text, letter case aside; nothing wanted, nothing found. */
export function findMatches(lines: readonly string[], wanted: string): boolean[] {
	const needle = wanted.trim().toLowerCase();
	return lines.map((line) => needle !== '' && line.toLowerCase().includes(needle));
}
