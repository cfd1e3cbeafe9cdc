/** The path and query of a request target (RFC 3986 sections 3.3 and 3.4). */

export interface Target {
	/** Path segments, decoded; a slash at the end leaves none behind it. */
	readonly segments: readonly string[];
	/** Query parameters, decoded, in order. A plus sign is a plus sign: this is no HTML form. */
	readonly query: readonly (readonly [name: string, value: string])[];
}

/** Splits a target in origin, absolute or asterisk form; undefined when an escape is none or no UTF-8. */
export function parseTarget(target: string): Target | undefined {
	const local = target.replace(/^https?:\/\/[^/?]*/i, '');
	const mark = local.indexOf('?');
	const path = mark < 0 ? local : local.slice(0, mark);
	const query = mark < 0 ? '' : local.slice(mark + 1);
	try {
		return {
			segments: path
				.split('/')
				.filter((segment) => segment !== '')
				.map(decodeURIComponent),
			query: query
				.split('&')
				.filter((pair) => pair !== '')
				.map((pair) => {
					const equals = pair.indexOf('=');
					const name = equals < 0 ? pair : pair.slice(0, equals);
					const value = equals < 0 ? '' : pair.slice(equals + 1);
					return [decodeURIComponent(name), decodeURIComponent(value)] as const;
				}),
		};
	} catch {
		return undefined;
	}
}
