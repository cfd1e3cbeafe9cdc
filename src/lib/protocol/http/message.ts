/** HTTP/1.1 messages as plain data (RFC 9110, RFC 9112). */

/** One field line: the name as it was written, the value without the blanks around it. */
export type HttpField = readonly [name: string, value: string];

export interface RequestHead {
	readonly method: string;
	/** The request target as on the wire (RFC 9112 3.2). */
	readonly target: string;
	/** The minor version: 0 or 1. A higher one is treated as 1 (RFC 9110 2.5). */
	readonly minorVersion: 0 | 1;
	readonly fields: readonly HttpField[];
}

export interface HttpRequest extends RequestHead {
	/** The content, without framing: views on what was received, in order. */
	readonly body: readonly Uint8Array[];
}

export interface ResponseHead {
	readonly status: number;
	readonly reason: string;
	readonly minorVersion: 0 | 1;
	readonly fields: readonly HttpField[];
}

/** A response as a service gives it; the connection adds framing and its own fields. */
export interface HttpResponse {
	readonly status: number;
	readonly fields: readonly HttpField[];
	readonly body: readonly Uint8Array[];
}

/** What is wrong with a message: the status code to answer and a sentence. */
export interface HttpProblem {
	readonly status: number;
	readonly text: string;
}

/** All values of a field, in order; names are compared without regard to case (RFC 9110 5.1). */
export function fieldValues(fields: readonly HttpField[], name: string): string[] {
	const wanted = name.toLowerCase();
	return fields.filter(([known]) => known.toLowerCase() === wanted).map(([, value]) => value);
}

/** The combined value of a field (RFC 9110 5.3); undefined when it is absent. */
export function fieldValue(fields: readonly HttpField[], name: string): string | undefined {
	const values = fieldValues(fields, name);
	return values.length === 0 ? undefined : values.join(', ');
}

/** The members of a list field such as Connection, in lower case. */
export function listMembers(fields: readonly HttpField[], name: string): string[] {
	return fieldValues(fields, name)
		.flatMap((value) => value.split(','))
		.map((member) => member.trim().toLowerCase())
		.filter((member) => member !== '');
}

/** How many bytes the pieces of a body have. */
export function sizeOf(pieces: readonly Uint8Array[]): number {
	return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

/** A text response, for errors: a sentence that says what to do. */
export function textResponse(
	{ status, text }: HttpProblem,
	fields: readonly HttpField[] = [],
): HttpResponse {
	return {
		status,
		fields: [['Content-Type', 'text/plain; charset=utf-8'], ...fields],
		body: [new TextEncoder().encode(`${text}\n`)],
	};
}
