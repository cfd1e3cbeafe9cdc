/** Reason phrases of RFC 9110 section 15 and RFC 6585; they mean nothing to a program. */
const REASONS: Readonly<Record<number, string>> = {
	100: 'Continue',
	200: 'OK',
	202: 'Accepted',
	204: 'No Content',
	206: 'Partial Content',
	400: 'Bad Request',
	403: 'Forbidden',
	404: 'Not Found',
	405: 'Method Not Allowed',
	406: 'Not Acceptable',
	408: 'Request Timeout',
	409: 'Conflict',
	413: 'Content Too Large',
	414: 'URI Too Long',
	415: 'Unsupported Media Type',
	417: 'Expectation Failed',
	431: 'Request Header Fields Too Large',
	500: 'Internal Server Error',
	501: 'Not Implemented',
	503: 'Service Unavailable',
	505: 'HTTP Version Not Supported',
};

export function reasonPhrase(status: number): string {
	return REASONS[status] ?? '';
}
