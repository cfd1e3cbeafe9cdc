/** Acknowledgements: HL7 v2.5.1 sections 2.9, 2.14.1 and 2.15.5. */
import { valueAt } from './access.ts';
import { buildMessage, type Er7ComponentData, type Er7Fields, type Er7Leaf } from './build.ts';
import { areAmbiguous, type Er7Delimiters, STANDARD_DELIMITERS } from './delimiters.ts';
import { ERROR_CODES } from './error-codes.ts';
import type { Er7Message } from './message.ts';
import type { Er7Path } from './path.ts';

/** AA, AE and AR in original mode and as application acknowledgement; CA, CE and CR for accepting. */
export type AcknowledgementCode = 'AA' | 'AE' | 'AR' | 'CA' | 'CE' | 'CR';

export interface AcknowledgedError {
	/** Where the error is, as far as it is known; the occurrence is that of the segment. */
	readonly location?: Partial<Er7Path> & Pick<Er7Path, 'segment'>;
	/** Table 0357, "101"; its text is added. */
	readonly code: string;
	/** Table 0516: error, warning, information, fatal error; E unless given. */
	readonly severity?: 'E' | 'W' | 'I' | 'F';
	/** ERR-7, for support staff. */
	readonly diagnostic?: string;
	/** ERR-8, for the user. */
	readonly userMessage?: string;
}

export interface Acknowledgement {
	readonly code: AcknowledgementCode;
	/** MSH-10 of the acknowledgement itself. */
	readonly controlId: string;
	/** MSH-7, in HL7's format of time. */
	readonly time: string;
	/** MSA-3. */
	readonly text?: string;
	readonly errors?: readonly AcknowledgedError[];
	/** MSH-15 and MSH-16 are NE: an application acknowledgement of enhanced mode asks for none itself. */
	readonly asksForNone?: boolean;
}

/** Whether a version such as "2.5.1" is at least 2.`minor`; versions nobody can read count as new. */
export function isSince(version: string, minor: number): boolean {
	const sent = /^2\.(\d+)/.exec(version)?.[1];
	return sent === undefined || Number(sent) >= minor;
}

function codeOf({ code }: AcknowledgedError): Er7Leaf[] {
	return [code, ERROR_CODES[code], 'HL70357'];
}

function numberText(number: number | undefined): Er7Leaf {
	return number === undefined ? undefined : String(number);
}

/** Without the empty parts at its end. */
function trimmed<T>(parts: readonly (T | undefined)[]): (T | undefined)[] {
	return parts.slice(0, parts.findLastIndex((part) => part !== undefined) + 1);
}

/** ERR of v2.5 and later: location as ERL, codes as CWE. */
function errorFields(error: AcknowledgedError): Er7Fields {
	const { location, severity = 'E', diagnostic, userMessage } = error;
	const numbers = location && [
		location.occurrence ?? 1,
		location.field,
		location.repetition ?? (location.field === undefined ? undefined : 1),
		location.component,
		location.subcomponent,
	];
	return {
		...(numbers && { 2: [[location.segment, ...trimmed(numbers).map(numberText)]] }),
		3: [codeOf(error)],
		4: severity,
		...(diagnostic !== undefined && { 7: diagnostic }),
		...(userMessage !== undefined && { 8: userMessage }),
	};
}

/** A repetition of ERR-1, which is all that ERR has before v2.5. */
function errorOfOldForm(error: AcknowledgedError): Er7ComponentData[] {
	const { location } = error;
	const occurrence = location && String(location.occurrence ?? 1);
	return [location?.segment, occurrence, numberText(location?.field), codeOf(error)];
}

function errorSegments(
	errors: readonly AcknowledgedError[],
	version: string,
): (readonly [string, Er7Fields])[] {
	if (errors.length === 0) return [];
	if (isSince(version, 5)) return errors.map((error) => ['ERR', errorFields(error)]);
	return [['ERR', { 1: errors.map(errorOfOldForm) }]];
}

/** Those of the message, unless no answer can be written with them. */
function delimitersFor(message: Er7Message | undefined): Er7Delimiters {
	if (message === undefined) return STANDARD_DELIMITERS;
	const declared = Object.entries(message.delimiters).filter(([, delimiter]) => delimiter !== '');
	const complete = { ...STANDARD_DELIMITERS, ...Object.fromEntries(declared) };
	return areAmbiguous(complete) ? STANDARD_DELIMITERS : complete;
}

/**
 * The acknowledgement of a message: sender and receiver change places, MSA-2 is the control id as it
 * was sent, and delimiters, processing id, version and character set are those of the message. ERR is
 * repeated for each error, in the old form before v2.5. Without a message, for one that could not be
 * read, MSA-2 stays empty and the version is 2.5.1.
 */
export function acknowledge(
	message: Er7Message | undefined,
	{ code, controlId, time, text, errors = [], asksForNone = false }: Acknowledgement,
): Er7Message {
	const sent = (path: string): Er7Leaf =>
		message === undefined ? undefined : { raw: valueAt(message, path).raw };
	const textOf = (path: string): string => (message && valueAt(message, path).text) ?? '';
	const version = textOf('MSH-12') || '2.5.1';
	const trigger = textOf('MSH-9.2') || undefined;
	const structure = isSince(version, 4) || version.startsWith('2.3.1') ? 'ACK' : undefined;
	const characterSet = message && valueAt(message, 'MSH-18').raw;
	return buildMessage(
		{
			3: sent('MSH-5'),
			4: sent('MSH-6'),
			5: sent('MSH-3'),
			6: sent('MSH-4'),
			7: time,
			9: [trigger === undefined ? ['ACK'] : trimmed(['ACK', trigger, structure])],
			10: controlId,
			11: message === undefined ? 'P' : sent('MSH-11'),
			12: message === undefined ? version : sent('MSH-12'),
			...(asksForNone ? { 15: 'NE', 16: 'NE' } : {}),
			...(characterSet ? { 18: { raw: characterSet } } : {}),
		},
		[
			['MSA', { 1: code, 2: sent('MSH-10'), ...(text !== undefined && { 3: text }) }],
			...errorSegments(errors, version),
		],
		delimitersFor(message),
	);
}
