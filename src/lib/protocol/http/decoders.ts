import { requestFraming, responseFraming } from './body-framing.ts';
import { DEFAULT_HTTP_LIMITS, type HttpLimits } from './limits.ts';
import { MessageDecoder } from './message-decoder.ts';
import type { RequestHead, ResponseHead } from './message.ts';
import { parseRequestLine, parseStatusLine } from './parse-head.ts';

/** Reads requests, one after the other on a connection. */
export function requestDecoder(
	limits: HttpLimits = DEFAULT_HTTP_LIMITS,
): MessageDecoder<RequestHead> {
	return new MessageDecoder<RequestHead>(
		{
			startLineTooLong: { status: 414, text: 'The request target is too long.' },
			parseStartLine: parseRequestLine,
			framing: (head) => requestFraming(head, limits.bodyBytes),
		},
		limits,
	);
}

/**
 * Reads responses. `methodOf` tells the method of the request that the next final response answers, because
 * a response to HEAD has no body whatever its fields say (RFC 9112 6.3).
 */
export function responseDecoder(
	methodOf: () => string,
	limits: HttpLimits = DEFAULT_HTTP_LIMITS,
): MessageDecoder<ResponseHead> {
	return new MessageDecoder<ResponseHead>(
		{
			startLineTooLong: { status: 502, text: 'The status line is too long.' },
			parseStartLine: parseStatusLine,
			framing: (head) => responseFraming(head, methodOf(), limits.bodyBytes),
		},
		limits,
	);
}
