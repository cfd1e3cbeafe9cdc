import { evaluate, namesUsed } from '../expression/evaluate.ts';
import { fillValue } from '../expression/template.ts';
import type { Scope, Value } from '../expression/value.ts';
import { drawVariables } from './draw-variables.ts';
import type { ExhibitMaker, MadeExhibit } from './exhibit.ts';
import type { ExhibitRequest, Item } from './item-schema.ts';
import { Unmakeable, valueAt } from './unmakeable.ts';

/** What a seed decided for one item. */
export interface Drawn {
	/** Variables, derived values, and facts of exhibits under the exhibit's id. Empty without `params`. */
	scope: Scope;
	/** The exhibits that the simulator made, by id. */
	made: ReadonlyMap<string, MadeExhibit>;
	/** How many draws it took until all constraints held. */
	draws: number;
}

/** Constraints that refuse this many draws in a row are unreasonable. */
const MAX_DRAWS = 200;

/** Kinds that authors write out themselves. */
export const HAND_WRITTEN: ReadonlySet<string> = new Set(['text', 'table']);

type Literal = string | number | boolean;

/** Evaluates an authored expression; YAML has already read plain numbers and booleans. */
export function evaluateAt(expression: Literal, scope: Scope, keys: readonly PropertyKey[]): Value {
	return typeof expression === 'string' ? valueAt(evaluate(expression, scope), keys) : expression;
}

/**
 * Draws variables, makes exhibits, derives values and checks constraints, again until they hold (200 times at
 * most). What does not depend on exhibits comes before them, so that a refused draw costs no exhibit and
 * exhibits may use derived values. Throws Unmakeable.
 */
export function draw(item: Item, seed: string, makeExhibit: ExhibitMaker): Drawn {
	const requests = item.exhibits.filter(({ kind }) => !HAND_WRITTEN.has(kind));
	const { early, late } = stages(item, new Set(requests.map(({ id }) => id)));
	const variables = drawVariables(item, seed);
	for (let draws = 1; draws <= MAX_DRAWS; draws++) {
		const scope: Record<string, Value> = { ...variables.next().value };
		if (!settle(early, scope)) continue;
		// All exhibits of an item share a seed: two views of one exchange or object agree.
		const exhibitSeed = draws === 1 ? `${item.id}/${seed}` : `${item.id}/${seed}/${draws}`;
		const made = new Map<string, MadeExhibit>();
		for (const request of requests) {
			made.set(request.id, make(item, request, scope, exhibitSeed, makeExhibit));
		}
		if (item.params) for (const [id, { facts }] of made) scope[id] = facts;
		if (settle(late, scope)) return { scope, made, draws };
	}
	throw new Unmakeable(['params', 'constraints'], `no draw of ${MAX_DRAWS} fits the constraints`);
}

interface Stage {
	derive: [name: string, expression: Literal][];
	constraints: { expression: Literal; at: number }[];
}

/** Splits what needs no exhibit from what does, directly or through another name. */
function stages(item: Item, exhibits: ReadonlySet<string>): { early: Stage; late: Stage } {
	const early: Stage = { derive: [], constraints: [] };
	const late: Stage = { derive: [], constraints: [] };
	const waiting = new Set(exhibits);
	const stageOf = (expression: Literal): Stage =>
		typeof expression === 'string' && namesUsed(expression).some((name) => waiting.has(name))
			? late
			: early;
	for (const [name, expression] of Object.entries(item.params?.derive ?? {})) {
		const stage = stageOf(expression);
		stage.derive.push([name, expression]);
		if (stage === late) waiting.add(name);
	}
	item.params?.constraints.forEach((expression, at) => {
		stageOf(expression).constraints.push({ expression, at });
	});
	return { early, late };
}

/** Adds the derived values of a stage to the scope; whether its constraints hold. */
function settle(stage: Stage, scope: Record<string, Value>): boolean {
	for (const [name, expression] of stage.derive) {
		scope[name] = evaluateAt(expression, scope, ['params', 'derive', name]);
	}
	return stage.constraints.every(({ expression, at }) => {
		const keys = ['params', 'constraints', at];
		const holds = evaluateAt(expression, scope, keys);
		if (typeof holds !== 'boolean') throw new Unmakeable(keys, 'a constraint is true or false');
		return holds;
	});
}

function make(
	item: Item,
	request: ExhibitRequest,
	scope: Scope,
	seed: string,
	makeExhibit: ExhibitMaker,
): MadeExhibit {
	const keys = ['exhibits', item.exhibits.indexOf(request), 'with'];
	const parameters = item.params ? filled(request.with, scope, keys) : request.with;
	const made = makeExhibit(request.kind, parameters as Record<string, unknown>, seed);
	if ('problem' in made) throw new Unmakeable(keys, made.problem);
	return made;
}

/** Parameters with the templates in their texts filled. */
function filled(data: unknown, scope: Scope, keys: readonly PropertyKey[]): unknown {
	if (typeof data === 'string') return valueAt(fillValue(data, scope), keys);
	if (Array.isArray(data)) return data.map((entry, i) => filled(entry, scope, [...keys, i]));
	if (typeof data !== 'object' || data === null) return data;
	return Object.fromEntries(
		Object.entries(data).map(([name, entry]) => [name, filled(entry, scope, [...keys, name])]),
	);
}
