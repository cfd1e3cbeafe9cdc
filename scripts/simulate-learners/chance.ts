import { Random } from '#lib/kernel/random.ts';
import { probabilityCorrect, type ItemParameters } from '#lib/exam/psychometrics/item-response.ts';

/** A uniform number in (0,1). */
function uniform(random: Random): number {
	return (random.uint32() + 0.5) / 2 ** 32;
}

/** A standard normal number (Box and Muller 1958). */
export function normal(random: Random): number {
	return Math.sqrt(-2 * Math.log(uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
}

/** Right (1) or wrong (0) by the model. */
export function answer(theta: number, item: ItemParameters, random: Random): number {
	return uniform(random) < probabilityCorrect(theta, item) ? 1 : 0;
}

/** Items as a real bank might have them: a ~ LN(0.1, 0.25^2), b ~ N(0,1), c = 0.2. */
export function drawBank(size: number, random: Random): ItemParameters[] {
	return Array.from({ length: size }, () => ({
		a: Math.exp(0.1 + 0.25 * normal(random)),
		b: normal(random),
		c: 0.2,
		d: 1,
	}));
}

/** Root of the mean square. */
export function rootMeanSquare(values: readonly number[]): number {
	return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}
