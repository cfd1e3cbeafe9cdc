/** The lines of a message head (RFC 9112 sections 3 to 5). A line comes without its CRLF. */
import type { HttpField, HttpProblem, RequestHead, ResponseHead } from './message.ts';

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** RFC 9110 5.5: visible characters, obs-text, and blanks and tabs between them. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Visible US-ASCII; a fragment is never sent (RFC 9112 3.2). */
const TARGET = /^[\x21\x22\x24-\x7e]+$/;
const METHODS = new Set([
	...['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'],
]);

type StartOf<Head> = Omit<Head, 'fields'>;

const bad = (text: string): HttpProblem => ({ status: 400, text });

export function isToken(text: string): boolean {
	return TOKEN.test(text);
}

/**
 * The request line (RFC 9112 section 3). 400: not of that form; 501: a method nobody defined; 505: another
 * major version.
 */
export function parseRequestLine(line: string): StartOf<RequestHead> | HttpProblem {
	const parts = line.split(' ');
	const [method = '', target = '', version = ''] = parts;
	if (parts.length !== 3) return bad('The request line is not "method target HTTP-version".');
	if (!isToken(method)) return bad('The method is no token.');
	const minorVersion = parseVersion(version);
	if (typeof minorVersion === 'object') return minorVersion;
	if (!METHODS.has(method)) {
		return { status: 501, text: 'This server does not know that method.' };
	}
	if (!TARGET.test(target) || !targetFits(method, target)) {
		return bad('The request target has a form or a character that is not allowed.');
	}
	return { method, target, minorVersion };
}

/** Origin, absolute, authority and asterisk form, each where it belongs (RFC 9112 3.2). */
function targetFits(method: string, target: string): boolean {
	if (method === 'CONNECT') return /^[^/]+:\d+$/.test(target);
	if (target === '*') return method === 'OPTIONS';
	return target.startsWith('/') || /^https?:\/\/[^/?]/i.test(target);
}

/** The status line (RFC 9112 section 4); the reason may be empty or missing with its blank. */
export function parseStatusLine(line: string): StartOf<ResponseHead> | HttpProblem {
	const match = /^(\S+) ([1-9]\d\d)(?: (.*))?$/.exec(line);
	if (!match) return bad('The status line is not "HTTP-version code reason".');
	const minorVersion = parseVersion(match[1] ?? '');
	if (typeof minorVersion === 'object') return minorVersion;
	return { minorVersion, status: Number(match[2]), reason: match[3] ?? '' };
}

function parseVersion(version: string): 0 | 1 | HttpProblem {
	const match = /^HTTP\/(\d)\.(\d)$/.exec(version);
	if (!match) return bad('The HTTP version is not of the form HTTP/1.1.');
	if (match[1] !== '1') return { status: 505, text: 'This server speaks HTTP/1.1.' };
	return match[2] === '0' ? 0 : 1;
}

/** A field line (RFC 9112 section 5): no folding, no blank before the colon, no control characters. */
export function parseFieldLine(line: string): HttpField | HttpProblem {
	if (/^[\t ]/.test(line)) return bad('A header line begins with a blank (obsolete folding).');
	const colon = line.indexOf(':');
	const name = line.slice(0, Math.max(colon, 0));
	if (!isToken(name)) return bad('A header line has no name that is a token before its colon.');
	const value = line.slice(colon + 1).replace(/^[\t ]+|[\t ]+$/g, '');
	if (!FIELD_VALUE.test(value)) return bad('A header value has control characters.');
	return [name, value];
}

export function isProblem(value: object): value is HttpProblem {
	return 'status' in value && 'text' in value;
}
