import type { Item } from '../item/item-schema.ts';
import type { Bank } from './bank.ts';

/** More suggestions than this help nobody. */
const MOST_SHOWN = 24;

/** A name that leads nowhere, and its place in the item file. */
export interface ReferenceProblem {
	keys: readonly PropertyKey[];
	message: string;
}

/** The names in an item that the bank (or the labs) do not know, or that the item uses twice. */
export function* referenceProblems(
	item: Item,
	bank: Bank,
	labs: ReadonlySet<string>,
): Generator<ReferenceProblem> {
	for (const [i, { outline, code }] of item.blueprint.entries()) {
		const blueprint = bank.blueprints.get(outline);
		const keys = ['blueprint', i];
		if (!blueprint) {
			yield { keys, message: unknown('outline', outline, bank.blueprints.keys()) };
		} else if (!blueprint.sections.some((s) => [s, ...s.tasks].some((t) => t.code === code))) {
			const codes = blueprint.sections.flatMap((s) => [s, ...s.tasks].map((t) => t.code));
			yield { keys, message: unknown(`code of ${outline}`, code, codes) };
		}
	}
	if (!bank.objectives.has(item.objective)) {
		const near = nearest(item.objective, bank.objectives.keys());
		yield { keys: ['objective'], message: unknown('objective', item.objective, near) };
	}
	for (const [i, { source }] of item.references.entries()) {
		if (bank.sources.has(source)) continue;
		const near = nearest(source, bank.sources.keys());
		yield { keys: ['references', i, 'source'], message: unknown('source', source, near) };
	}
	for (const [i, enemy] of item.enemies.entries()) {
		if (bank.items.has(enemy) && enemy !== item.id) continue;
		yield { keys: ['enemies', i], message: `there is no other item "${enemy}"` };
	}
	if (item.remediate !== undefined && !labs.has(item.remediate)) {
		yield { keys: ['remediate'], message: unknown('lab', item.remediate, labs) };
	}
	if (item.type === 'scenario' && !labs.has(item.scenario)) {
		yield { keys: ['scenario'], message: unknown('lab', item.scenario, labs) };
	}
	if (item.type === 'hotspot' && !item.exhibits.some(({ id }) => id === item.on)) {
		const message = unknown(
			'exhibit',
			item.on,
			item.exhibits.map(({ id }) => id),
		);
		yield { keys: ['on'], message };
	}
	yield* repeatedNames(item);
}

/** Ids within the item must differ, and so must all names that expressions can use. */
function* repeatedNames(item: Item): Generator<ReferenceProblem> {
	const seen = new Set<string>();
	const names: [string, PropertyKey[]][] = [
		...item.exhibits.map(({ id }, i): [string, PropertyKey[]] => [id, ['exhibits', i, 'id']]),
		...Object.keys(item.params?.vars ?? {}).map((name): [string, PropertyKey[]] => [
			name,
			['params', 'vars', name],
		]),
		...Object.keys(item.params?.derive ?? {}).map((name): [string, PropertyKey[]] => [
			name,
			['params', 'derive', name],
		]),
	];
	for (const [name, keys] of names) {
		if (seen.has(name)) yield { keys, message: `the name "${name}" is used twice` };
		seen.add(name);
	}
	const ids = new Set<string>();
	for (const [id, keys] of choiceIds(item)) {
		if (ids.has(id)) yield { keys, message: `the id "${id}" is used twice` };
		ids.add(id);
	}
}

function choiceIds(item: Item): [string, PropertyKey[]][] {
	const listed = (name: string, rows: readonly { id: string }[]): [string, PropertyKey[]][] =>
		rows.map(({ id }, i) => [id, [name, i, 'id']]);
	switch (item.type) {
		case 'sba':
		case 'multi':
			return listed('options', item.options);
		case 'order':
			return listed('sequence', item.sequence);
		case 'match':
			return [...listed('pairs', item.pairs), ...listed('extra', item.extra)];
		case 'hotspot':
			return listed('regions', item.regions);
		case 'numeric':
		case 'scenario':
			return [];
	}
}

function unknown(what: string, name: string, known: Iterable<string>): string {
	const choices = [...known];
	const shown =
		choices.slice(0, MOST_SHOWN).join(', ') + (choices.length > MOST_SHOWN ? ', …' : '');
	const listed = choices.length === 0 ? 'none was loaded' : `choose one of: ${shown}`;
	return `there is no ${what} "${name}"; ${listed}`;
}

/** Known names that begin like the wanted one, or all when none does. */
function nearest(wanted: string, known: Iterable<string>): string[] {
	const all = [...known];
	const start = wanted.split(/[.-]/)[0] ?? wanted;
	const near = all.filter((name) => name.startsWith(start));
	return near.length > 0 ? near : all;
}
