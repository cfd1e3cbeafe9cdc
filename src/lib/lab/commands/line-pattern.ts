import {
	literalOf,
	matchesSequence,
	type Atom,
	type Sequence,
	type Single,
} from './line-sequence.ts';

/**
 * Patterns of grep that are matched in bounded time, whoever wrote them: alternatives of sequences of
 * single characters, each repeated `*`, `+`, `?` or not, with anchors. No groups, no back-references.
 */
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
