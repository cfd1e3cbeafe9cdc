import { evaluate } from './evaluate.ts';
import { ExpressionError, guarded, type ExpressionProblem } from './expression-error.ts';
import { valueText, type Scope, type Value } from './value.ts';

type Part = { literal: string } | { expression: string; position: number };
type Parts = { value: Part[] } | { problem: ExpressionProblem };

const CACHE_SIZE = 10_000;
const cache = new Map<string, Parts>();

/** Splits a text at its `{expression}`s; `{{` and `}}` are literal braces. */
function partsOf(text: string): Parts {
	let result = cache.get(text);
	if (!result) {
		result = guarded(() => split(text));
		if (cache.size >= CACHE_SIZE) cache.clear();
		cache.set(text, result);
	}
	return result;
}

function split(text: string): Part[] {
	const parts: Part[] = [];
	let literal = '';
	for (let i = 0; i < text.length; i++) {
		const c = text[i] as string;
		if ((c === '{' || c === '}') && text[i + 1] === c) {
			literal += c;
			i++;
		} else if (c === '}') {
			throw new ExpressionError('"}" without "{"; a literal brace is written "}}"', i);
		} else if (c === '{') {
			const end = closing(text, i + 1);
			if (literal) parts.push({ literal });
			literal = '';
			parts.push({ expression: text.slice(i + 1, end), position: i + 1 });
			i = end;
		} else literal += c;
	}
	if (literal) parts.push({ literal });
	return parts;
}

/** The place of the brace that ends an expression; braces inside quoted texts do not count. */
function closing(text: string, start: number): number {
	let quoted = false;
	for (let i = start; i < text.length; i++) {
		if (text[i] === "'") quoted = !quoted;
		else if (text[i] === '}' && !quoted) return i;
	}
	throw new ExpressionError('"{" without "}"; a literal brace is written "{{"', start - 1);
}

/** A text with its `{expression}`s replaced by their values, or the first thing wrong with it. Never throws. */
export function fillTemplate(
	text: string,
	scope: Scope,
): { value: string } | { problem: ExpressionProblem } {
	const parts = partsOf(text);
	if ('problem' in parts) return parts;
	let filled = '';
	for (const part of parts.value) {
		if ('literal' in part) {
			filled += part.literal;
			continue;
		}
		const { position } = part;
		const result = evaluate(part.expression, scope);
		if ('problem' in result) {
			const { problem } = result;
			return { problem: { message: problem.message, position: position + problem.position } };
		}
		const value = valueText(result.value);
		if (value === undefined) {
			return {
				problem: { message: 'a record cannot be printed; name one of its fields', position },
			};
		}
		filled += value;
	}
	return { value: filled };
}

/** As `fillTemplate`, but a text that is one single `{expression}` keeps the kind of its value. */
export function fillValue(
	text: string,
	scope: Scope,
): { value: Value } | { problem: ExpressionProblem } {
	const parts = partsOf(text);
	if ('problem' in parts) return parts;
	const [only, ...more] = parts.value;
	if (only && more.length === 0 && 'expression' in only) return evaluate(only.expression, scope);
	return fillTemplate(text, scope);
}
