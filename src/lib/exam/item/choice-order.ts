import type { Random } from '#lib/kernel/random.ts';
import type { Choice } from './instance.ts';
import { readQuantity } from './quantity.ts';
import { convert } from './units.ts';

/** Choices as shown: quantities in ascending order, everything else shuffled. */
export function arranged(choices: readonly Choice[], random: Random): Choice[] {
	const quantities = quantitiesOf(choices.map(({ text }) => text));
	if (!quantities) return random.shuffle(choices);
	return choices
		.map((choice, i) => ({ choice, value: quantities[i] ?? 0 }))
		.sort((a, b) => a.value - b.value)
		.map(({ choice }) => choice);
}

/** The texts as numbers in one unit (that of the first), or `undefined` unless all are such numbers. */
export function quantitiesOf(texts: readonly string[]): number[] | undefined {
	const read = texts.map((text) => readQuantity(text.replace(/[*`_]/g, '')));
	const unit = read[0]?.unit;
	if (unit === undefined) return undefined;
	const values = read.map((quantity) => {
		const value = quantity?.readings[0];
		return value === undefined ? undefined : convert(value, quantity?.unit ?? '', unit);
	});
	return values.includes(undefined) ? undefined : (values as number[]);
}

/** The choices in random order, but never in the one given. */
export function disarranged(choices: readonly Choice[], random: Random): Choice[] {
	const shuffled = random.shuffle(choices);
	const [first, second, ...rest] = shuffled;
	const same = shuffled.every((choice, i) => choice === choices[i]);
	return same && first && second ? [second, first, ...rest] : shuffled;
}
