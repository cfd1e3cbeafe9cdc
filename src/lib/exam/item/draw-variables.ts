import { Random } from '#lib/kernel/random.ts';
import { toValue, type Value } from '../expression/value.ts';
import type { Item, Variable } from './item-schema.ts';
import { Unmakeable } from './unmakeable.ts';

/**
 * Yields draws of the variables of an item without end. Each variable has its own stream, named by item and
 * variable, so that adding one does not change the others.
 */
export function* drawVariables(item: Item, seed: string): Generator<Record<string, Value>, never> {
	const variables = Object.entries(item.params?.vars ?? {}).map(([name, variable]) => ({
		name,
		draw: drawerOf(variable, ['params', 'vars', name]),
		random: new Random(seed, `${item.id}/${name}`),
	}));
	for (;;) {
		yield Object.fromEntries(variables.map(({ name, draw, random }) => [name, draw(random)]));
	}
}

function drawerOf(variable: Variable, keys: readonly PropertyKey[]): (random: Random) => Value {
	if ('int' in variable) {
		const [low, high, step = 1] = variable.int;
		if (high < low || step < 1) {
			throw new Unmakeable(keys, 'int: [low, high, step] needs low <= high and step >= 1');
		}
		const last = Math.floor((high - low) / step);
		return (random) => low + step * random.between(0, last);
	}
	if ('pick' in variable) {
		const choices = plain(variable.pick, keys);
		return (random) => random.pick(choices);
	}
	const { from, count } = variable.sample;
	const choices = plain(from, keys);
	if (count > choices.length) {
		throw new Unmakeable(keys, `cannot sample ${count} of ${choices.length}`);
	}
	return (random) => random.shuffle(choices).slice(0, count);
}

function plain(data: readonly unknown[], keys: readonly PropertyKey[]): Value[] {
	return data.map((entry) => {
		const value = toValue(entry);
		if (value === undefined) throw new Unmakeable(keys, 'only numbers, texts, lists and records');
		return value;
	});
}
