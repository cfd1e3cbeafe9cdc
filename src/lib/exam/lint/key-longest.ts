/** How often the key is the longest option, and how often it would be by chance, 0..1; ties count by halves, thirds … */
export function keyLongestShare(
	items: readonly (readonly { text: string; correct: boolean }[])[],
): { share: number; chance: number } {
	let longest = 0;
	let chance = 0;
	for (const options of items) {
		const length = Math.max(...options.map(({ text }) => text.length));
		const first = options.filter(({ text }) => text.length === length);
		if (first.some(({ correct }) => correct)) longest += 1 / first.length;
		chance += 1 / options.length;
	}
	const n = Math.max(items.length, 1);
	return { share: longest / n, chance: chance / n };
}
