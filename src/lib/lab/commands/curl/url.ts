/** A URL as curl reads it (RFC 3986); the path and query stay as they were typed. */

export type ParsedUrl =
	| { ok: true; host: string; port: number; authority: string; target: string }
	| { ok: false; exitCode: number; message: string };

const MALFORMED: ParsedUrl = {
	ok: false,
	exitCode: 3,
	message: 'URL using bad/illegal format or missing URL',
};

/** Reads `http://host:port/path?query`; without a scheme it is http. A fragment is cut off. */
export function parseUrl(text: string): ParsedUrl {
	// Blanks and control characters are not allowed in any part.
	if ([...text].some((character) => character <= ' ' || character === '\x7f')) return MALFORMED;
	if (/[[\]{}]/.test(text)) {
		return { ok: false, exitCode: 3, message: 'no ranges or lists of URLs here; write %5B for [' };
	}
	const match = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?([^/?#]*)([^#]*)/.exec(text);
	const [, scheme = 'http', authority = '', rest = ''] = match ?? [];
	if (scheme.toLowerCase() !== 'http') {
		const message = `Protocol "${scheme}" not supported or disabled in libcurl`;
		return { ok: false, exitCode: 1, message };
	}
	const address = /^([^:@]+)(?::(\d+))?$/.exec(authority);
	const port = address?.[2] === undefined ? 80 : Number(address[2]);
	if (!address || port > 65_535) return MALFORMED;
	const host = address[1] ?? '';
	return {
		ok: true,
		host,
		port,
		authority: port === 80 ? host : `${host}:${port}`,
		target: rest.startsWith('/') ? rest : `/${rest}`,
	};
}
