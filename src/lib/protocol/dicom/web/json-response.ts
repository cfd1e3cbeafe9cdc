import type { HttpField, HttpProblem, HttpResponse } from '../../http/message.ts';
import { parseAccept } from '../../http/media-type.ts';
import type { JsonDataSet } from './json-model.ts';

const DICOM_JSON = 'application/dicom+json';

/** An array of data sets, or one, in the DICOM JSON Model. */
export function jsonResponse(
	status: number,
	json: JsonDataSet | readonly JsonDataSet[],
	fields: readonly HttpField[] = [],
): HttpResponse {
	return {
		status,
		fields: [['Content-Type', DICOM_JSON], ...fields],
		body: [new TextEncoder().encode(JSON.stringify(json))],
	};
}

/** Why JSON will not do for a client: 400 for an Accept field that is none, 406. */
export function jsonNotAccepted(accept: string | undefined): HttpProblem | undefined {
	const accepted = parseAccept(accept ?? '*/*');
	if (!accepted) return { status: 400, text: 'The Accept field is no list of media types.' };
	const known = [DICOM_JSON, 'application/json', 'application/*', '*/*'];
	if (accepted.some(({ essence, weight }) => weight > 0 && known.includes(essence)))
		return undefined;
	return { status: 406, text: `The only media type of this resource is ${DICOM_JSON}.` };
}
