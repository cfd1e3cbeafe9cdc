/** An interval of numbers; an open end is infinite. Bounds that are not included are told apart. */
export interface Range {
	low: number;
	high: number;
	lowIncluded: boolean;
	highIncluded: boolean;
	unit: string;
}

const NUMBER = String.raw`(-?\d+(?:,\d{3})*(?:\.\d+)?)`;
const UNIT = String.raw`\s*([A-Za-z%/0-9]*)`;
const FORMS: [pattern: RegExp, range: (a: number, b: number) => Omit<Range, 'unit'>][] = [
	[
		new RegExp(`^(?:between |from )?${NUMBER}\\s*(?:-|–|to|and|\\.\\.\\.?)\\s*${NUMBER}${UNIT}$`),
		(low, high) => ({ low, high, lowIncluded: true, highIncluded: true }),
	],
	[
		new RegExp(`^(?:less than|under|below|fewer than|<) ?()${NUMBER}${UNIT}$`),
		(_, high) => ({ low: -Infinity, high, lowIncluded: false, highIncluded: false }),
	],
	[
		new RegExp(`^(?:at most|up to|<=|≤) ?()${NUMBER}${UNIT}$`),
		(_, high) => ({ low: -Infinity, high, lowIncluded: false, highIncluded: true }),
	],
	[
		new RegExp(`^(?:more than|over|above|greater than|>) ?()${NUMBER}${UNIT}$`),
		(_, low) => ({ low, high: Infinity, lowIncluded: false, highIncluded: false }),
	],
	[
		new RegExp(`^(?:at least|>=|≥) ?()${NUMBER}${UNIT}$`),
		(_, low) => ({ low, high: Infinity, lowIncluded: true, highIncluded: false }),
	],
];

/** The range that a text states, such as `5 to 10 MB` or `more than 20 %`; `undefined` for other texts. */
export function rangeOf(text: string): Range | undefined {
	const plain = text.trim().toLowerCase().replace(/[*_`]/g, '').replace(/\.$/, '');
	for (const [pattern, build] of FORMS) {
		const match = pattern.exec(plain);
		if (!match) continue;
		const [a, b] = [match[1], match[2]].map((part) => Number((part ?? '').replaceAll(',', '')));
		return { ...build(a ?? 0, b ?? 0), unit: match[3] ?? '' };
	}
	return undefined;
}

/** Whether some number lies in both ranges; ranges of different units are not compared. */
export function rangesOverlap(a: Range, b: Range): boolean {
	if (a.unit !== b.unit) return false;
	const [first, second] = a.low <= b.low ? [a, b] : [b, a];
	if (second.low < first.high) return true;
	return second.low === first.high && second.lowIncluded && first.highIncluded;
}
