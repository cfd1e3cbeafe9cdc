import type { Random } from '#lib/kernel/random.ts';
import { sha256, toHex } from '#lib/kernel/sha256.ts';
import type { Scope } from '../expression/value.ts';
import { arranged, disarranged } from './choice-order.ts';
import { evaluateAt } from './draw.ts';
import type { Exhibit } from './exhibit.ts';
import type { AnswerKey, Choice, Question } from './instance.ts';
import type { Item, ItemType } from './item-schema.ts';
import type { Fill } from './show-exhibit.ts';
import { Unmakeable } from './unmakeable.ts';

/** What the types need to build their part of an instance. */
interface Making {
	scope: Scope;
	fill: Fill;
	exhibits: Exhibit[];
	random: Random;
}

type ItemOf<T extends ItemType> = Extract<Item, { type: T }>;
/** `Omit` for each member of a union by itself. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Ask = Without<Question, 'stem' | 'leadIn' | 'exhibits' | 'timeS'>;
type Key = Without<AnswerKey, 'explanation' | 'references' | 'remediate'>;

/** What a type adds to question and key; `exhibits` where it changes what is shown. */
interface Part {
	ask: Ask;
	key: Key;
	exhibits?: Exhibit[];
}

/** What the type of an item adds to question and key. Throws Unmakeable. */
export function answerPart(item: Item, making: Making): Part {
	switch (item.type) {
		case 'sba':
		case 'multi':
			return chooseOptions(item, making);
		case 'order':
			return putInOrder(item, making);
		case 'match':
			return matchPairs(item, making);
		case 'numeric':
			return giveNumber(item, making);
		case 'hotspot':
			return pointAt(item, making);
		case 'scenario': {
			const { scenario, pass } = item;
			return {
				ask: { type: 'scenario', scenario },
				key: { type: 'scenario', scenario, pass, rationales: {} },
			};
		}
	}
}

function isCorrect(
	correct: string | number | boolean | undefined,
	scope: Scope,
	keys: readonly PropertyKey[],
): boolean {
	const value = correct === undefined ? false : evaluateAt(correct, scope, keys);
	if (typeof value !== 'boolean') throw new Unmakeable(keys, '"correct" is true or false');
	return value;
}

function chooseOptions(
	item: ItemOf<'sba'> | ItemOf<'multi'>,
	{ scope, fill, random }: Making,
): Part {
	const rationales: Record<string, string> = {};
	const correct: string[] = [];
	const options = item.options.map((option, i): Choice => {
		rationales[option.id] = fill(option.rationale, ['options', i, 'rationale']);
		if (isCorrect(option.correct, scope, ['options', i, 'correct'])) correct.push(option.id);
		return { id: option.id, text: fill(option.text, ['options', i, 'text']) };
	});
	const choices = arranged(options, random);
	const [only, ...more] = correct;
	if (item.type === 'multi') {
		if (correct.length < 2 || correct.length === options.length) {
			const message = `${correct.length} of ${options.length} options are correct; two or more, but not all, must be`;
			throw new Unmakeable(['options'], message);
		}
		return {
			ask: { type: 'multi', choices, select: correct.length },
			key: { type: 'multi', correct, rationales },
		};
	}
	if (only === undefined || more.length > 0) {
		const message = `${correct.length} options are correct; exactly one must be`;
		throw new Unmakeable(['options'], message);
	}
	return { ask: { type: 'sba', choices }, key: { type: 'sba', correct: only, rationales } };
}

function putInOrder(item: ItemOf<'order'>, { fill, random }: Making): Part {
	const rationales: Record<string, string> = {};
	const choices = item.sequence.map(({ id, text, rationale }, i): Choice => {
		const opaque = opaqueId(item, id);
		rationales[opaque] = fill(rationale, ['sequence', i, 'rationale']);
		return { id: opaque, text: fill(text, ['sequence', i, 'text']) };
	});
	return {
		ask: { type: 'order', choices: disarranged(choices, random) },
		key: { type: 'order', correct: choices.map(({ id }) => id), rationales },
	};
}

/** An id that is stable, but tells nothing of the place or partner that the author's id may name. */
function opaqueId(item: Item, id: string): string {
	return `x-${toHex(sha256(`${item.id}/${id}`)).slice(0, 8)}`;
}

function matchPairs(item: ItemOf<'match'>, { fill, random }: Making): Part {
	const rationales: Record<string, string> = {};
	const correct: Record<string, string> = {};
	const right: Choice[] = [];
	const left = item.pairs.map((pair, i): Choice => {
		const partner = opaqueId(item, pair.id);
		correct[pair.id] = partner;
		rationales[pair.id] = fill(pair.rationale, ['pairs', i, 'rationale']);
		right.push({ id: partner, text: fill(pair.right, ['pairs', i, 'right']) });
		return { id: pair.id, text: fill(pair.left, ['pairs', i, 'left']) };
	});
	item.extra.forEach(({ id, text, rationale }, i) => {
		rationales[opaqueId(item, id)] = fill(rationale, ['extra', i, 'rationale']);
		right.push({ id: opaqueId(item, id), text: fill(text, ['extra', i, 'text']) });
	});
	return {
		ask: { type: 'match', left, right: arranged(right, random) },
		key: { type: 'match', correct, rationales },
	};
}

function numberAt(
	expression: string | number | boolean,
	scope: Scope,
	keys: readonly PropertyKey[],
): number {
	const value = evaluateAt(expression, scope, keys);
	if (typeof value !== 'number') throw new Unmakeable(keys, 'a number is needed here');
	return value;
}

function giveNumber({ answer, traps }: ItemOf<'numeric'>, { scope, fill }: Making): Part {
	const value = numberAt(answer.value, scope, ['answer', 'value']);
	const unit = answer.unit ?? null;
	const relative = (answer.tol_rel ?? 0) * Math.abs(value);
	const rationales = traps.map(({ rationale }, i): [string, string] => [
		`trap-${i}`,
		fill(rationale, ['traps', i, 'rationale']),
	]);
	return {
		ask: { type: 'numeric', unit },
		key: {
			type: 'numeric',
			value,
			unit,
			tolerance: Math.max(answer.tol_abs ?? 0, relative),
			traps: traps.map((trap, i) => numberAt(trap.value, scope, ['traps', i, 'value'])),
			rationales: Object.fromEntries(rationales),
		},
	};
}

function pointAt(item: ItemOf<'hotspot'>, { scope, fill, exhibits }: Making): Part {
	const exhibit = exhibits.find(({ id }) => id === item.on);
	if (!exhibit || !('regions' in exhibit)) {
		throw new Unmakeable(['on'], `there is no exhibit "${item.on}" with named regions`);
	}
	const rationales: Record<string, string> = {};
	const correct: string[] = [];
	item.regions.forEach((region, i) => {
		if (!exhibit.regions.some(({ id }) => id === region.id)) {
			const names = exhibit.regions.map(({ id }) => id).join(', ');
			throw new Unmakeable(['regions', i, 'id'], `the exhibit has only the regions ${names}`);
		}
		rationales[region.id] = fill(region.rationale, ['regions', i, 'rationale']);
		if (isCorrect(region.correct, scope, ['regions', i, 'correct'])) correct.push(region.id);
	});
	if (correct.length === 0) throw new Unmakeable(['regions'], 'no region is correct');
	const regions = exhibit.regions.filter(({ id }) => Object.hasOwn(rationales, id));
	return {
		ask: {
			type: 'hotspot',
			on: item.on,
			choices: regions.map(({ id, label }) => ({ id, text: label })),
		},
		key: { type: 'hotspot', correct, rationales },
		// What cannot be chosen is not offered on the picture either.
		exhibits: exhibits.map((shown) => (shown === exhibit ? { ...exhibit, regions } : shown)),
	};
}
