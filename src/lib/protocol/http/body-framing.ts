/** How long the body of a message is (RFC 9112 section 6.3). */
import {
	fieldValues,
	listMembers,
	type HttpField,
	type HttpProblem,
	type RequestHead,
	type ResponseHead,
} from './message.ts';

export type BodyFraming =
	| { readonly kind: 'length'; readonly bytes: number }
	| { readonly kind: 'chunked' }
	/** Responses only: the body ends with the connection. */
	| { readonly kind: 'until-close' };

const NO_BODY: BodyFraming = { kind: 'length', bytes: 0 };
/** More digits than any length that a number holds exactly. */
const LENGTH_DIGITS_MAX = 15;

const bad = (text: string): HttpProblem => ({ status: 400, text });

/**
 * The framing of a request. A message that two readers could cut differently is refused, because a second
 * request could hide in it (RFC 9112 11.2): Transfer-Encoding beside Content-Length, several lengths, a
 * coding after chunked, and Transfer-Encoding in HTTP/1.0. 501: a transfer coding other than chunked.
 */
export function requestFraming(head: RequestHead, bodyBytesMax: number): BodyFraming | HttpProblem {
	const hosts = fieldValues(head.fields, 'Host');
	if (hosts.length > 1 || (head.minorVersion === 1 && hosts.length === 0)) {
		return bad('A request of HTTP/1.1 has exactly one Host field.');
	}
	if (!/^[^\s/?#@,]*$/.test(hosts[0] ?? '')) return bad('The Host field is no host and port.');
	return declaredFraming(head.fields, head.minorVersion, bodyBytesMax) ?? NO_BODY;
}

/** The framing of the response to a request with this method. */
export function responseFraming(
	head: ResponseHead,
	method: string,
	bodyBytesMax: number,
): BodyFraming | HttpProblem {
	const { status, fields, minorVersion } = head;
	const bodiless = method === 'HEAD' || status < 200 || status === 204 || status === 304;
	if (bodiless) return NO_BODY;
	return declaredFraming(fields, minorVersion, bodyBytesMax) ?? { kind: 'until-close' };
}

/** What the fields say; undefined when they say nothing. */
function declaredFraming(
	fields: readonly HttpField[],
	minorVersion: 0 | 1,
	bodyBytesMax: number,
): BodyFraming | HttpProblem | undefined {
	const lengths = fieldValues(fields, 'Content-Length');
	if (fieldValues(fields, 'Transfer-Encoding').length > 0) {
		if (lengths.length > 0)
			return bad('Transfer-Encoding and Content-Length contradict each other.');
		if (minorVersion === 0) return bad('HTTP/1.0 has no Transfer-Encoding.');
		return transferCoding(listMembers(fields, 'Transfer-Encoding'));
	}
	const [length] = lengths;
	if (length === undefined) return undefined;
	if (lengths.length > 1 || !/^\d+$/.test(length)) {
		return bad('Content-Length is not one decimal number.');
	}
	const digits = length.replace(/^0+(?=\d)/, '');
	if (digits.length > LENGTH_DIGITS_MAX || Number(digits) > bodyBytesMax) {
		return tooLarge(bodyBytesMax);
	}
	return { kind: 'length', bytes: Number(digits) };
}

function transferCoding(codings: readonly string[]): BodyFraming | HttpProblem {
	if (codings.length === 1 && codings[0] === 'chunked') return { kind: 'chunked' };
	if (codings.at(-1) !== 'chunked' || codings.indexOf('chunked') < codings.length - 1) {
		return bad('The last transfer coding is not chunked, or chunked is there twice.');
	}
	return { status: 501, text: 'The only transfer coding known here is chunked.' };
}

/** 413: the content is longer than is taken. */
export function tooLarge(bodyBytesMax: number): HttpProblem {
	return { status: 413, text: `The body is larger than the ${bodyBytesMax} bytes taken here.` };
}
