/** Writes message heads (RFC 9112 sections 3 to 5). */
import type { HttpField } from './message.ts';
import { isProblem, parseFieldLine } from './parse-head.ts';
import { reasonPhrase } from './status.ts';

/** A request head with its empty line. Throws RangeError for a field that is none. */
export function encodeRequestHead(
	method: string,
	target: string,
	fields: readonly HttpField[],
): Uint8Array {
	return encodeHead(`${method} ${target} HTTP/1.1`, fields);
}

/** A response head with its empty line. Throws RangeError for a field that is none. */
export function encodeResponseHead(status: number, fields: readonly HttpField[]): Uint8Array {
	return encodeHead(`HTTP/1.1 ${status} ${reasonPhrase(status)}`, fields);
}

function encodeHead(startLine: string, fields: readonly HttpField[]): Uint8Array {
	const lines = fields.map(([name, value]) => {
		const line = `${name}: ${value}`;
		// A line break in a value would begin a field of somebody else's choosing.
		if (/[\r\n]/.test(line) || isProblem(parseFieldLine(line))) {
			throw new RangeError(`${JSON.stringify(line)} is no header field`);
		}
		return line;
	});
	const text = [startLine, ...lines, '', ''].join('\r\n');
	return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
