import { Random } from '#lib/kernel/random.ts';

type Picks = Record<string, string>;

/** What a seed picks for the variables of a scenario. */
export function pickVariables(vars: Record<string, { pick: string[] }>, seed: string): Picks {
	const random = new Random(seed, 'variables');
	const picks: Picks = {};
	for (const name of Object.keys(vars).sort()) picks[name] = random.pick(vars[name]?.pick ?? ['']);
	return picks;
}

/** Picks that together make every choice of every variable at least once, for checking a file. */
export function everyPick(vars: Record<string, { pick: string[] }>): Picks[] {
	const lists = Object.entries(vars);
	const count = Math.max(1, ...lists.map(([, { pick }]) => pick.length));
	return Array.from({ length: count }, (_, i) =>
		Object.fromEntries(lists.map(([name, { pick }]) => [name, pick[i % pick.length] ?? ''])),
	);
}

/** A copy of plain data with `${name}` replaced in every text. Unknown names are left as they are. */
export function substitute<T>(value: T, picks: Picks): T {
	if (typeof value === 'string') {
		return value.replace(
			/\$\{([a-z][a-z0-9_]*)\}/g,
			(whole, name: string) => picks[name] ?? whole,
		) as T;
	}
	if (Array.isArray(value)) return value.map((item: unknown) => substitute(item, picks)) as T;
	if (typeof value === 'object' && value !== null) {
		return Object.fromEntries(
			Object.entries(value).map(([key, item]) => [key, substitute(item, picks)]),
		) as T;
	}
	return value;
}
