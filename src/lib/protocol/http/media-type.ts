/** Media types and the Accept field (RFC 9110 sections 8.3.1 and 12.5.1). */
import { isToken } from './parse-head.ts';

export interface MediaType {
	/** `type/subtype` in lower case; in a range either may be `*`. */
	readonly essence: string;
	/** By name in lower case; quotes are taken off. */
	readonly parameters: ReadonlyMap<string, string>;
}

export interface AcceptedType extends MediaType {
	/** The weight q, 0 to 1. */
	readonly weight: number;
}

/** Reads one media type; undefined when it is none. */
export function parseMediaType(text: string): MediaType | undefined {
	const [first = '', ...rest] = splitOutsideQuotes(text, ';');
	const [type = '', subtype = '', ...more] = first.trim().split('/');
	if (!isToken(type) || !isToken(subtype) || more.length > 0) return undefined;
	const parameters = new Map<string, string>();
	for (const part of rest) {
		if (part.trim() === '') continue;
		const equals = part.indexOf('=');
		const name = part.slice(0, Math.max(equals, 0)).trim().toLowerCase();
		const value = parameterValue(part.slice(equals + 1).trim());
		if (!isToken(name) || value === undefined) return undefined;
		if (!parameters.has(name)) parameters.set(name, value);
	}
	return { essence: `${type}/${subtype}`.toLowerCase(), parameters };
}

/** Reads an Accept field, the best liked first; undefined when a member is no media range. */
export function parseAccept(text: string): AcceptedType[] | undefined {
	const accepted: AcceptedType[] = [];
	for (const member of splitOutsideQuotes(text, ',')) {
		if (member.trim() === '') continue;
		const range = parseMediaType(member);
		const q = range?.parameters.get('q') ?? '1';
		if (!range || !/^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(q)) return undefined;
		const parameters = new Map([...range.parameters].filter(([name]) => name !== 'q'));
		accepted.push({ essence: range.essence, parameters, weight: Number(q) });
	}
	return accepted.sort((a, b) => b.weight - a.weight);
}

/** A token as it is; anything else in quotes, unless it came in quotes. A bare slash is tolerated. */
function parameterValue(text: string): string | undefined {
	const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(text);
	if (quoted) return (quoted[1] ?? '').replace(/\\(.)/g, '$1');
	// `type=application/dicom` without quotes is wrong (RFC 2387 3.4) and common.
	return text !== '' && isToken(text.replaceAll('/', '')) ? text : undefined;
}

/** Splits at a separator that is not inside a quoted string. */
function splitOutsideQuotes(text: string, separator: string): string[] {
	const parts: string[] = [];
	let part = '';
	let quoted = false;
	for (let at = 0; at < text.length; at++) {
		const character = text.charAt(at);
		if (quoted && character === '\\') {
			part += character + text.charAt(++at);
			continue;
		}
		if (character === '"') quoted = !quoted;
		if (character === separator && !quoted) {
			parts.push(part);
			part = '';
		} else part += character;
	}
	return [...parts, part];
}
