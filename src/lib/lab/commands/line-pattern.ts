/**
 * Patterns of grep that are matched in bounded time, whoever wrote them: alternatives of sequences of
 * single characters, each repeated `*`, `+`, `?` or not, with anchors. No groups, no back-references.
 */

type Single =
	| { kind: 'any' }
	| { kind: 'literal'; character: string }
	| { kind: 'set'; negated: boolean; ranges: readonly (readonly [string, string])[] };

interface Atom {
	readonly single: Single;
	readonly minimum: 0 | 1;
	readonly unbounded: boolean;
}

interface Sequence {
	readonly atoms: readonly Atom[];
	readonly fromStart: boolean;
	readonly toEnd: boolean;
}

export type ParsedPattern =
	{ ok: true; matches: (line: string) => boolean } | { ok: false; message: string };

const PATTERN_LENGTH_MAX = 200;
/** The match is a table of atoms by characters; longer lines are matched by their beginning only. */
const LINE_LENGTH_MAX = 4_000;

/**
 * Reads a pattern. In basic syntax `+`, `?` and `|` are ordinary unless a backslash precedes them, in extended
 * syntax (`grep -E`) the other way round.
 */
export function parsePattern(
	text: string,
	options: { extended: boolean; fixed: boolean; ignoreCase: boolean },
): ParsedPattern {
	if (text.length > PATTERN_LENGTH_MAX) {
		return { ok: false, message: `the pattern is longer than ${PATTERN_LENGTH_MAX} characters` };
	}
	const fold = (line: string): string => {
		const cut = line.length > LINE_LENGTH_MAX ? line.slice(0, LINE_LENGTH_MAX) : line;
		return options.ignoreCase ? cut.toLowerCase() : cut;
	};
	if (options.fixed) {
		const wanted = fold(text);
		return { ok: true, matches: (line) => fold(line).includes(wanted) };
	}
	const reader = new PatternReader(options.ignoreCase ? foldPattern(text) : text, options.extended);
	const sequences = reader.read();
	if (typeof sequences === 'string') return { ok: false, message: sequences };
	const alternatives = sequences.map((sequence) => ({ sequence, literal: literalOf(sequence) }));
	return {
		ok: true,
		matches: (line) => {
			const folded = fold(line);
			return alternatives.some(({ sequence, literal }) =>
				literal === undefined ? matchesSequence(sequence, folded) : folded.includes(literal),
			);
		},
	};
}

/** Lower case, except for what a backslash precedes: `\S` is not `\s`. */
function foldPattern(text: string): string {
	return text.replace(/\\.|[^\\]+/g, (part) => (part.startsWith('\\') ? part : part.toLowerCase()));
}

const CLASSES: Readonly<Record<string, Single>> = {
	d: { kind: 'set', negated: false, ranges: [['0', '9']] },
	w: {
		kind: 'set',
		negated: false,
		ranges: [
			['a', 'z'],
			['A', 'Z'],
			['0', '9'],
			['_', '_'],
		],
	},
	s: {
		kind: 'set',
		negated: false,
		ranges: [
			[' ', ' '],
			['\t', '\t'],
		],
	},
	S: {
		kind: 'set',
		negated: true,
		ranges: [
			[' ', ' '],
			['\t', '\t'],
		],
	},
};

class PatternReader {
	#text: string;
	#extended: boolean;
	#at = 0;

	constructor(text: string, extended: boolean) {
		this.#text = text;
		this.#extended = extended;
	}

	/** The alternatives, or what is wrong. */
	read(): Sequence[] | string {
		const sequences: Sequence[] = [];
		for (;;) {
			const sequence = this.#sequence();
			if (typeof sequence === 'string') return sequence;
			sequences.push(sequence);
			if (!this.#takeOperator('|')) return sequences;
		}
	}

	#sequence(): Sequence | string {
		const atoms: Atom[] = [];
		const fromStart = this.#peek() === '^';
		if (fromStart) this.#at++;
		let toEnd = false;
		while (this.#at < this.#text.length && !this.#isOperator('|')) {
			if (this.#peek() === '$' && this.#endsAfter(1)) {
				toEnd = true;
				this.#at++;
				continue;
			}
			const single = this.#single();
			if (typeof single === 'string') return single;
			atoms.push(this.#repeated(single));
		}
		return { atoms, fromStart, toEnd };
	}

	#repeated(single: Single): Atom {
		if (this.#peek() === '*') {
			this.#at++;
			return { single, minimum: 0, unbounded: true };
		}
		if (this.#takeOperator('+')) return { single, minimum: 1, unbounded: true };
		if (this.#takeOperator('?')) return { single, minimum: 0, unbounded: false };
		return { single, minimum: 1, unbounded: false };
	}

	#single(): Single | string {
		const character = this.#peek();
		if (this.#isOperator('(') || this.#isOperator(')') || this.#isOperator('{')) {
			return `groups and counts ("${character}") are not available; put the text into quotes with -F`;
		}
		this.#at++;
		if (character === '.') return { kind: 'any' };
		if (character === '[') return this.#set();
		if (character !== '\\') return { kind: 'literal', character };
		const escaped = this.#peek();
		if (escaped === '') return 'Trailing backslash';
		this.#at++;
		if (/[1-9]/.test(escaped)) return 'back-references are not available';
		return CLASSES[escaped] ?? { kind: 'literal', character: escaped };
	}

	#set(): Single | string {
		const negated = this.#peek() === '^';
		if (negated) this.#at++;
		const ranges: [string, string][] = [];
		for (;;) {
			const from = this.#peek();
			if (from === '') return 'Unmatched [, [^, [:, [., or [=';
			this.#at++;
			if (from === ']' && ranges.length > 0) return { kind: 'set', negated, ranges };
			if (from === '[' && this.#peek() === ':')
				return 'character classes like [:digit:] are not available';
			const next = this.#text.charAt(this.#at + 1);
			if (this.#peek() === '-' && next !== ']' && next !== '') {
				this.#at += 2;
				if (next < from) return 'Invalid range end';
				ranges.push([from, next]);
			} else ranges.push([from, from]);
		}
	}

	#peek(): string {
		return this.#text.charAt(this.#at);
	}

	/** An operator stands bare in extended syntax and behind a backslash in basic syntax. */
	#isOperator(operator: string): boolean {
		return this.#text.startsWith(this.#extended ? operator : `\\${operator}`, this.#at);
	}

	#takeOperator(operator: string): boolean {
		if (!this.#isOperator(operator)) return false;
		this.#at += this.#extended ? 1 : 2;
		return true;
	}

	#endsAfter(count: number): boolean {
		const rest = this.#text.slice(this.#at + count);
		return rest === '' || rest.startsWith(this.#extended ? '|' : '\\|');
	}
}

function accepts(single: Single, character: string): boolean {
	if (single.kind === 'any') return true;
	if (single.kind === 'literal') return single.character === character;
	const inside = single.ranges.some(([from, to]) => character >= from && character <= to);
	return inside !== single.negated;
}

/** The text that a sequence of plain characters stands for; undefined when it says more than that. */
function literalOf({ atoms, fromStart, toEnd }: Sequence): string | undefined {
	if (fromStart || toEnd) return undefined;
	let text = '';
	for (const { single, minimum, unbounded } of atoms) {
		if (single.kind !== 'literal' || minimum === 0 || unbounded) return undefined;
		text += single.character;
	}
	return text;
}

/** Runs all possibilities side by side (Thompson's construction): time is atoms times characters. */
function matchesSequence({ atoms, fromStart, toEnd }: Sequence, line: string): boolean {
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
