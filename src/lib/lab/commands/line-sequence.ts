/** What patterns of grep are made of, and how they are matched in bounded time. */

export type Single =
	| { kind: 'any' }
	| { kind: 'literal'; character: string }
	| { kind: 'set'; negated: boolean; ranges: readonly (readonly [string, string])[] };

export interface Atom {
	readonly single: Single;
	readonly minimum: 0 | 1;
	readonly unbounded: boolean;
}

export interface Sequence {
	readonly atoms: readonly Atom[];
	readonly fromStart: boolean;
	readonly toEnd: boolean;
}

function accepts(single: Single, character: string): boolean {
	if (single.kind === 'any') return true;
	if (single.kind === 'literal') return single.character === character;
	const inside = single.ranges.some(([from, to]) => character >= from && character <= to);
	return inside !== single.negated;
}

/** The text that a sequence of plain characters stands for; undefined when it says more than that. */
export function literalOf({ atoms, fromStart, toEnd }: Sequence): string | undefined {
	if (fromStart || toEnd) return undefined;
	let text = '';
	for (const { single, minimum, unbounded } of atoms) {
		if (single.kind !== 'literal' || minimum === 0 || unbounded) return undefined;
		text += single.character;
	}
	return text;
}

/** Runs all possibilities side by side (Thompson's construction): time is atoms times characters. */
export function matchesSequence({ atoms, fromStart, toEnd }: Sequence, line: string): boolean {
	const end = atoms.length;
	let states = new Uint8Array(end + 1);
	let next = new Uint8Array(end + 1);
	states[0] = 1;
	skipOptional(atoms, states);
	for (let at = 0; ; at++) {
		if (states[end] === 1 && (!toEnd || at === line.length)) return true;
		if (at === line.length) return false;
		const character = line.charAt(at);
		next.fill(0);
		for (let state = 0; state < end; state++) {
			const atom = atoms[state];
			if (states[state] !== 1 || !atom || !accepts(atom.single, character)) continue;
			next[state + 1] = 1;
			// Staying repeats the atom; the state after it stands for having had enough.
			if (atom.unbounded) next[state] = 1;
		}
		if (!fromStart) next[0] = 1;
		skipOptional(atoms, next);
		[states, next] = [next, states];
	}
}

/** An optional atom may be passed over: whoever waits for it also waits for what comes after. */
function skipOptional(atoms: readonly Atom[], states: Uint8Array): void {
	for (let state = 0; state < atoms.length; state++) {
		if (states[state] === 1 && atoms[state]?.minimum === 0) states[state + 1] = 1;
	}
}
