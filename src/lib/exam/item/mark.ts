import type { AnswerKey } from './instance.ts';
import { readQuantity } from './quantity.ts';
import type { Mark, Response } from './response.ts';
import { convert } from './units.ts';

const WRONG: Mark = { correct: false, credit: 0, wrong: [] };

/** Binary fractions do not hold decimal ones exactly: this share of the key is always forgiven. */
const ROUNDING = 1e-9;

type KeyOf<T extends AnswerKey['type']> = Extract<AnswerKey, { type: T }>;

/**
 * Judges a response; never throws. The dichotomous score is all or nothing; the credit is partial where the
 * type knows it: `multi` (hits - false choices) / keys, not below 0; `order` neighbours kept / (n-1); `match`
 * right pairs / pairs. A `scenario` is judged by `restoredPercent`, which the caller takes from the attempt
 * that the response names. A response of another type than the key is wrong.
 */
export function mark(key: AnswerKey, response: Response, restoredPercent = 0): Mark {
	if (key.type === 'sba' && response.type === 'sba') {
		return chosen([key.correct], response.choice);
	}
	if (key.type === 'hotspot' && response.type === 'hotspot') {
		return chosen(key.correct, response.choice);
	}
	if (key.type === 'multi' && response.type === 'multi') return multi(key, response.choices);
	if (key.type === 'order' && response.type === 'order') return order(key, response.order);
	if (key.type === 'match' && response.type === 'match') return match(key, response.pairs);
	if (key.type === 'numeric' && response.type === 'numeric') return numeric(key, response.text);
	if (key.type === 'scenario' && response.type === 'scenario') {
		return allOrNothing(restoredPercent >= key.pass, []);
	}
	return WRONG;
}

function allOrNothing(correct: boolean, wrong: string[]): Mark {
	return { correct, credit: correct ? 1 : 0, wrong: correct ? [] : wrong };
}

function chosen(correct: readonly string[], choice: string): Mark {
	return allOrNothing(correct.includes(choice), [choice]);
}

function multi({ correct }: KeyOf<'multi'>, choices: readonly string[]): Mark {
	const given = [...new Set(choices)];
	const wrong = given.filter((id) => !correct.includes(id));
	const hits = given.length - wrong.length;
	const credit = Math.max(0, (hits - wrong.length) / Math.max(correct.length, 1));
	return { correct: wrong.length === 0 && hits === correct.length, credit, wrong };
}

/** The wrong choices are those that do not stand at their place. */
function order({ correct }: KeyOf<'order'>, given: readonly string[]): Mark {
	const right = given.length === correct.length && given.every((id, i) => id === correct[i]);
	if (right) return { correct: true, credit: 1, wrong: [] };
	const next = new Map(correct.map((id, i) => [id, correct[i + 1]]));
	const unique = [...new Set(given)];
	const kept = unique.filter((id, i) => {
		const follower = next.get(id);
		return follower !== undefined && follower === unique[i + 1];
	}).length;
	// A list with repetitions could keep every neighbour and still not be the answer.
	const credit = Math.min(kept, correct.length - 2) / Math.max(correct.length - 1, 1);
	return {
		correct: false,
		credit: Math.max(0, credit),
		wrong: given.filter((id, i) => id !== correct[i]),
	};
}

/** The wrong choices are the left ids with a wrong or no partner. */
function match({ correct }: KeyOf<'match'>, pairs: Readonly<Record<string, string>>): Mark {
	const lefts = Object.keys(correct);
	const wrong = lefts.filter(
		(left) => !Object.hasOwn(pairs, left) || pairs[left] !== correct[left],
	);
	const credit = (lefts.length - wrong.length) / Math.max(lefts.length, 1);
	return { correct: wrong.length === 0, credit, wrong };
}

/**
 * A bare number is taken in the unit of the key; another unit is converted; one that measures something else is
 * wrong (`unit`). Where the key has no unit, whatever stands behind the number is ignored.
 */
function numeric(key: KeyOf<'numeric'>, text: string): Mark {
	const typed = readQuantity(text);
	if (!typed) return WRONG;
	const { unit } = key;
	const values =
		unit === null || typed.unit === ''
			? typed.readings
			: typed.readings.flatMap((value) => convert(value, typed.unit, unit) ?? []);
	if (values.length === 0) return { correct: false, credit: 0, wrong: ['unit'] };
	const within = (target: number, tolerance: number): boolean =>
		values.some((value) => Math.abs(value - target) <= tolerance + ROUNDING * Math.abs(target));
	if (within(key.value, key.tolerance)) return { correct: true, credit: 1, wrong: [] };
	// A trap that is many times the key is also rounded many times as coarsely.
	const relative = key.value === 0 ? 0 : key.tolerance / Math.abs(key.value);
	const trap = key.traps.findIndex((target) =>
		within(target, Math.max(key.tolerance, relative * Math.abs(target))),
	);
	return { correct: false, credit: 0, wrong: trap < 0 ? [] : [`trap-${trap}`] };
}
