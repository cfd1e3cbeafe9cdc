/** What an expression can yield. Numbers are always finite. */
export type Value =
	number | string | boolean | readonly Value[] | { readonly [name: string]: Value };

/** The names an expression may use. */
export type Scope = Readonly<Record<string, Value>>;

export function isList(value: Value): value is readonly Value[] {
	return Array.isArray(value);
}

export function isRecord(value: Value): value is { readonly [name: string]: Value } {
	return typeof value === 'object' && !Array.isArray(value);
}

/** Equal in kind and content; lists and records are compared in depth. */
export function sameValue(a: Value, b: Value): boolean {
	if (typeof a !== 'object' || typeof b !== 'object') return a === b;
	if (isList(a) || isList(b)) {
		return (
			isList(a) &&
			isList(b) &&
			a.length === b.length &&
			a.every((value, i) => sameValue(value, b[i] as Value))
		);
	}
	const names = Object.keys(a);
	return (
		names.length === Object.keys(b).length &&
		names.every((name) => Object.hasOwn(b, name) && sameValue(a[name] as Value, b[name] as Value))
	);
}

/**
 * A number as plain decimal digits without an exponent: whole numbers exactly, others with twelve significant
 * digits, so that the rounding of binary fractions (0.1 + 0.2) is never shown.
 */
export function numberText(value: number): string {
	if (Number.isInteger(value)) return BigInt(value).toString();
	const short = String(Number(value.toPrecision(12)));
	if (!short.includes('e')) return short;
	return value.toFixed(20).replace(/\.?0+$/, '');
}

/** How a value reads in a sentence; lists are joined by commas, records have no text. */
export function valueText(value: Value): string | undefined {
	if (typeof value === 'string') return value;
	if (typeof value === 'number') return numberText(value);
	if (typeof value === 'boolean') return value ? 'true' : 'false';
	if (!isList(value)) return undefined;
	const texts = value.map(valueText);
	return texts.includes(undefined) ? undefined : texts.join(', ');
}

/** Authored plain data as a value; `undefined` for null, not-a-number and everything that is not plain. */
export function toValue(data: unknown): Value | undefined {
	if (typeof data === 'string' || typeof data === 'boolean') return data;
	if (typeof data === 'number') return Number.isFinite(data) ? data : undefined;
	if (Array.isArray(data)) {
		const values = data.map(toValue);
		return values.includes(undefined) ? undefined : (values as Value[]);
	}
	if (typeof data !== 'object' || data === null) return undefined;
	const entries = Object.entries(data).map(([name, value]) => [name, toValue(value)] as const);
	if (entries.some(([, value]) => value === undefined)) return undefined;
	return Object.fromEntries(entries as [string, Value][]);
}
