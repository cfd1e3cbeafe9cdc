import { ExpressionError, guarded, type ExpressionProblem } from './expression-error.ts';
import { BUILTINS, Misuse } from './functions.ts';
import { namesIn, parse, type Expression } from './parse.ts';
import { isList, isRecord, sameValue, valueText, type Scope, type Value } from './value.ts';

type Parsed = { value: Expression } | { problem: ExpressionProblem };

/** Each text is parsed once; the cache is emptied when it holds this many. */
const CACHE_SIZE = 10_000;
const cache = new Map<string, Parsed>();

function parsed(text: string): Parsed {
	let result = cache.get(text);
	if (!result) {
		result = guarded(() => parse(text));
		if (cache.size >= CACHE_SIZE) cache.clear();
		cache.set(text, result);
	}
	return result;
}

/**
 * The value of an expression of the item language (docs/item-format.md), or what is wrong with it. Never
 * throws; a result that is not a finite number is a problem.
 */
export function evaluate(
	text: string,
	scope: Scope,
): { value: Value } | { problem: ExpressionProblem } {
	const expression = parsed(text);
	return 'problem' in expression ? expression : guarded(() => run(expression.value, scope));
}

/** The names that an expression takes from its scope; none for a text that does not parse. */
export function namesUsed(text: string): string[] {
	const expression = parsed(text);
	return 'problem' in expression ? [] : namesIn(expression.value);
}

function run(expression: Expression, scope: Scope): Value {
	const { position } = expression;
	switch (expression.op) {
		case 'constant':
			return expression.value;
		case 'name': {
			const value = Object.hasOwn(scope, expression.name) ? scope[expression.name] : undefined;
			if (value === undefined) {
				throw new ExpressionError(`"${expression.name}" is not known`, position);
			}
			return value;
		}
		case 'field':
			return fieldOf(run(expression.of, scope), expression.field, position);
		case 'element':
			return elementOf(run(expression.of, scope), run(expression.at, scope), position);
		case 'negate':
			return -numberOf(run(expression.of, scope), expression.of.position);
		case 'not':
			return !booleanOf(run(expression.of, scope), expression.of.position);
		case 'choose':
			return booleanOf(run(expression.test, scope), expression.test.position)
				? run(expression.yes, scope)
				: run(expression.no, scope);
		case 'binary':
			return binary(expression, scope);
		case 'call':
			return call(expression.name, expression.args, position, scope);
	}
}

function numberOf(value: Value, position: number): number {
	if (typeof value !== 'number') throw new ExpressionError('a number is needed here', position);
	return value;
}

function booleanOf(value: Value, position: number): boolean {
	if (typeof value !== 'boolean') {
		throw new ExpressionError('true or false is needed here', position);
	}
	return value;
}

function finite(value: Value, position: number): Value {
	if (typeof value === 'number' && !Number.isFinite(value)) {
		throw new ExpressionError('the result is not a finite number', position);
	}
	return value;
}

function fieldOf(record: Value, field: string, position: number): Value {
	const value = isRecord(record) && Object.hasOwn(record, field) ? record[field] : undefined;
	if (value === undefined) throw new ExpressionError(`there is no field "${field}"`, position);
	return value;
}

function elementOf(list: Value, at: Value, position: number): Value {
	if (!isList(list)) throw new ExpressionError('only a list has elements', position);
	const value = list[numberOf(at, position)];
	if (value === undefined) {
		throw new ExpressionError(`the list has no element ${valueText(at)}`, position);
	}
	return value;
}

const ARITHMETIC: Record<string, (a: number, b: number) => number> = {
	'+': (a, b) => a + b,
	'-': (a, b) => a - b,
	'*': (a, b) => a * b,
	'/': (a, b) => a / b,
	// The remainder has the sign of the divisor, as in clock arithmetic.
	'%': (a, b) => a - b * Math.floor(a / b),
	'**': (a, b) => a ** b,
};

function ordered(sign: string, order: number): boolean {
	if (sign === '<') return order < 0;
	if (sign === '<=') return order <= 0;
	return sign === '>' ? order > 0 : order >= 0;
}

function binary(
	{ sign, left, right, position }: Extract<Expression, { op: 'binary' }>,
	scope: Scope,
): Value {
	const a = run(left, scope);
	if (sign === 'and' || sign === 'or') {
		const first = booleanOf(a, left.position);
		if (first === (sign === 'or')) return first;
		return booleanOf(run(right, scope), right.position);
	}
	const b = run(right, scope);
	if (sign === '==') return sameValue(a, b);
	if (sign === '!=') return !sameValue(a, b);
	if (sign === '+' && (typeof a === 'string' || typeof b === 'string')) {
		return applied('concat', [a, b], position);
	}
	const arithmetic = ARITHMETIC[sign];
	if (arithmetic) {
		return finite(arithmetic(numberOf(a, left.position), numberOf(b, right.position)), position);
	}
	if (typeof a === 'string' && typeof b === 'string') {
		return ordered(sign, a < b ? -1 : a > b ? 1 : 0);
	}
	return ordered(sign, numberOf(a, left.position) - numberOf(b, right.position));
}

function call(name: string, args: readonly Expression[], position: number, scope: Scope): Value {
	return applied(
		name,
		args.map((arg) => run(arg, scope)),
		position,
	);
}

function applied(name: string, values: readonly Value[], position: number): Value {
	const builtin = BUILTINS.get(name);
	if (!builtin) throw new ExpressionError(`there is no function "${name}"`, position);
	const { least, most } = builtin;
	if (values.length < least || values.length > most) {
		const wanted = least === most ? `${least}` : `${least} to ${most}`;
		throw new ExpressionError(`${name} takes ${wanted} arguments, not ${values.length}`, position);
	}
	try {
		return finite(builtin.run(values), position);
	} catch (error) {
		if (!(error instanceof Misuse)) throw error;
		throw new ExpressionError(`${name}: ${error.message}`, position);
	}
}
