import { ExpressionError } from './expression-error.ts';

export interface Token {
	kind: 'number' | 'text' | 'name' | 'sign' | 'end';
	/** The name or sign as written; the content of a text. */
	text: string;
	/** The value of a number. */
	number: number;
	position: number;
}

/** No author needs more, and no parser work grows beyond it. */
const MAX_LENGTH = 1000;

const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const SIGN = /\*\*|==|!=|<=|>=|[-+*/%<>?:.,()[\]]/y;
const SPACE = /\s+/y;

/**
 * Splits an expression into tokens, ending in one of kind `end`. Texts stand in single quotes; a doubled quote
 * inside is one quote. Throws an ExpressionError at the first character that fits nothing.
 */
export function tokenize(text: string): Token[] {
	if (text.length > MAX_LENGTH) {
		throw new ExpressionError(`longer than ${MAX_LENGTH} characters`, MAX_LENGTH);
	}
	const tokens: Token[] = [];
	let position = 0;
	const match = (pattern: RegExp): string | undefined => {
		pattern.lastIndex = position;
		return pattern.exec(text)?.[0];
	};
	while (position < text.length) {
		const space = match(SPACE);
		if (space !== undefined) {
			position += space.length;
			continue;
		}
		const token = nextToken(text, position, match);
		tokens.push(token.token);
		position = token.end;
	}
	tokens.push({ kind: 'end', text: 'end of expression', number: 0, position: text.length });
	return tokens;
}

function nextToken(
	text: string,
	position: number,
	match: (pattern: RegExp) => string | undefined,
): { token: Token; end: number } {
	if (text[position] === "'") return textToken(text, position);
	const number = match(NUMBER);
	if (number !== undefined) {
		const token: Token = { kind: 'number', text: number, number: Number(number), position };
		if (!Number.isFinite(token.number)) throw new ExpressionError('number too large', position);
		return { token, end: position + number.length };
	}
	const name = match(NAME);
	if (name !== undefined) {
		return {
			token: { kind: 'name', text: name, number: 0, position },
			end: position + name.length,
		};
	}
	const sign = match(SIGN);
	if (sign === undefined) {
		throw new ExpressionError(`unexpected character "${text[position]}"`, position);
	}
	return { token: { kind: 'sign', text: sign, number: 0, position }, end: position + sign.length };
}

function textToken(text: string, start: number): { token: Token; end: number } {
	let content = '';
	for (let i = start + 1; i < text.length; i++) {
		if (text[i] !== "'") content += text[i];
		else if (text[i + 1] === "'") {
			content += "'";
			i++;
		} else {
			return { token: { kind: 'text', text: content, number: 0, position: start }, end: i + 1 };
		}
	}
	throw new ExpressionError('text without closing quote', start);
}
