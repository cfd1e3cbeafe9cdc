/** The Retrieve Capabilities transaction (PS3.18 8.9), in its least form. */
import type { HttpResponse } from '../../http/message.ts';

const RESOURCES = [
	['studies', ['GET', 'POST']],
	['series', ['GET']],
	['instances', ['GET']],
	['studies/{study}', ['GET', 'POST']],
	['studies/{study}/metadata', ['GET']],
	['studies/{study}/series', ['GET']],
	['studies/{study}/instances', ['GET']],
	['studies/{study}/series/{series}', ['GET']],
	['studies/{study}/series/{series}/metadata', ['GET']],
	['studies/{study}/series/{series}/instances', ['GET']],
	['studies/{study}/series/{series}/instances/{instance}', ['GET']],
	['studies/{study}/series/{series}/instances/{instance}/metadata', ['GET']],
	['studies/{study}/series/{series}/instances/{instance}/rendered', ['GET']],
	['studies/{study}/series/{series}/instances/{instance}/frames/{frames}', ['GET']],
	['studies/{study}/series/{series}/instances/{instance}/frames/{frame}/rendered', ['GET']],
] as const;

const escaped = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** What the service offers, as a WADL document, and the methods of the resource asked about. */
export function capabilities(serviceUri: string, methods: readonly string[]): HttpResponse {
	const resources = RESOURCES.map(
		([path, verbs]) =>
			`<resource path="${path}">${verbs.map((verb) => `<method name="${verb}"/>`).join('')}</resource>`,
	);
	const text = [
		'<?xml version="1.0" encoding="UTF-8"?>',
		'<application xmlns="http://wadl.dev.java.net/2009/02">',
		`<resources base="${escaped(serviceUri)}">`,
		...resources,
		'</resources>',
		'</application>',
		'',
	].join('\n');
	return {
		status: 200,
		fields: [
			['Content-Type', 'application/vnd.sun.wadl+xml'],
			['Allow', methods.join(', ')],
		],
		body: [new TextEncoder().encode(text)],
	};
}
