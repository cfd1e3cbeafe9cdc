import { ExpressionError } from './expression-error.ts';
import { tokenize, type Token } from './tokenize.ts';

export type Expression = { position: number } & (
	| { op: 'constant'; value: number | string | boolean }
	| { op: 'name'; name: string }
	| { op: 'field'; of: Expression; field: string }
	| { op: 'element'; of: Expression; at: Expression }
	| { op: 'negate' | 'not'; of: Expression }
	| { op: 'binary'; sign: string; left: Expression; right: Expression }
	| { op: 'choose'; test: Expression; yes: Expression; no: Expression }
	| { op: 'call'; name: string; args: Expression[] }
);

const MAX_DEPTH = 40;
const MAX_ARGUMENTS = 20;

/** How tightly a sign binds to its left. `?` is the loosest; calls, fields and elements are the tightest. */
const POWER: Record<string, number> = {
	'?': 1,
	or: 2,
	and: 3,
	'==': 5,
	'!=': 5,
	'<': 6,
	'<=': 6,
	'>': 6,
	'>=': 6,
	'+': 7,
	'-': 7,
	'*': 8,
	'/': 8,
	'%': 8,
	'**': 10,
	'.': 12,
	'[': 12,
};
const NOT_POWER = 4;
const NEGATE_POWER = 9;

/** Parses an expression by precedence climbing (Pratt). Throws an ExpressionError. */
export function parse(text: string): Expression {
	return new Parser(tokenize(text)).whole();
}

class Parser {
	readonly #tokens: Token[];
	#at = 0;
	#depth = 0;

	constructor(tokens: Token[]) {
		this.#tokens = tokens;
	}

	whole(): Expression {
		const expression = this.#expression(0);
		const rest = this.#peek();
		if (rest.kind !== 'end') throw unexpected(rest);
		return expression;
	}

	#peek(): Token {
		return this.#tokens[this.#at] as Token;
	}

	#take(): Token {
		const token = this.#peek();
		if (token.kind !== 'end') this.#at++;
		return token;
	}

	#takes(sign: string): boolean {
		const token = this.#peek();
		if (token.kind !== 'sign' || token.text !== sign) return false;
		this.#at++;
		return true;
	}

	#expect(sign: string): void {
		if (this.#takes(sign)) return;
		const found = this.#peek();
		throw new ExpressionError(`"${sign}" expected, found ${described(found)}`, found.position);
	}

	#expression(power: number): Expression {
		if (++this.#depth > MAX_DEPTH) {
			throw new ExpressionError(`nested deeper than ${MAX_DEPTH}`, this.#peek().position);
		}
		let left = this.#prefix();
		for (;;) {
			const token = this.#peek();
			const binds = token.kind === 'sign' || token.kind === 'name' ? (POWER[token.text] ?? 0) : 0;
			if (binds <= power) break;
			this.#take();
			left = this.#infix(left, token, binds);
		}
		this.#depth--;
		return left;
	}

	#prefix(): Expression {
		const token = this.#take();
		const { position } = token;
		if (token.kind === 'number') return { op: 'constant', value: token.number, position };
		if (token.kind === 'text') return { op: 'constant', value: token.text, position };
		if (token.kind === 'name') return this.#named(token);
		if (token.kind === 'sign' && token.text === '-') {
			return { op: 'negate', of: this.#expression(NEGATE_POWER), position };
		}
		if (token.kind === 'sign' && token.text === '(') {
			const inner = this.#expression(0);
			this.#expect(')');
			return inner;
		}
		throw unexpected(token);
	}

	#named({ text, position }: Token): Expression {
		if (text === 'true' || text === 'false') {
			return { op: 'constant', value: text === 'true', position };
		}
		if (text === 'not') return { op: 'not', of: this.#expression(NOT_POWER), position };
		if (text === 'and' || text === 'or') {
			throw new ExpressionError(`"${text}" needs something on its left`, position);
		}
		if (!this.#takes('(')) return { op: 'name', name: text, position };
		const args: Expression[] = [];
		if (!this.#takes(')')) {
			do args.push(this.#expression(0));
			while (this.#takes(','));
			this.#expect(')');
		}
		if (args.length > MAX_ARGUMENTS) {
			throw new ExpressionError(`more than ${MAX_ARGUMENTS} arguments`, position);
		}
		return { op: 'call', name: text, args, position };
	}

	#infix(left: Expression, { text: sign, position }: Token, power: number): Expression {
		if (sign === '.') {
			const field = this.#take();
			if (field.kind !== 'name') throw unexpected(field);
			return { op: 'field', of: left, field: field.text, position };
		}
		if (sign === '[') {
			const at = this.#expression(0);
			this.#expect(']');
			return { op: 'element', of: left, at, position };
		}
		if (sign === '?') {
			const yes = this.#expression(0);
			this.#expect(':');
			return { op: 'choose', test: left, yes, no: this.#expression(power - 1), position };
		}
		// Powers group from the right: 2**3**2 is 2**9.
		const right = this.#expression(sign === '**' ? power - 1 : power);
		return { op: 'binary', sign, left, right, position };
	}
}

function described(token: Token): string {
	return token.kind === 'end' ? token.text : `"${token.text}"`;
}

function unexpected(token: Token): ExpressionError {
	return new ExpressionError(`unexpected ${described(token)}`, token.position);
}

/** The names an expression takes from its scope. */
export function namesIn(expression: Expression): string[] {
	switch (expression.op) {
		case 'constant':
			return [];
		case 'name':
			return [expression.name];
		case 'field':
		case 'negate':
		case 'not':
			return namesIn(expression.of);
		case 'element':
			return [...namesIn(expression.of), ...namesIn(expression.at)];
		case 'binary':
			return [...namesIn(expression.left), ...namesIn(expression.right)];
		case 'choose':
			return [expression.test, expression.yes, expression.no].flatMap(namesIn);
		case 'call':
			return expression.args.flatMap(namesIn);
	}
}
