import type { HttpField } from '#lib/protocol/http/message.ts';
import { isToken } from '#lib/protocol/http/parse-head.ts';
import { seconds, type Micros } from '#lib/kernel/time.ts';
import type { CommandContext, CommandResult } from '../../define-command.ts';
import { parseGetopt, secondsNumber, type Options } from '../../shell/option-parser.ts';
import { absolutePath } from '../files.ts';
import { complaint } from '../peers.ts';
import { parseUrl } from './url.ts';

/** What one run of curl is to do. */
export interface CurlSettings {
	host: string;
	port: number;
	method: string;
	target: string;
	fields: HttpField[];
	body: Uint8Array | undefined;
	verbose: boolean;
	includeHeaders: boolean;
	silent: boolean;
	showError: boolean;
	failOnError: boolean;
	/** A file, `-` for the terminal at any cost, undefined for the terminal. */
	output: string | undefined;
	connectTimeoutUs: Micros;
	maximumTimeUs: Micros;
	/** Complaints about the command line that do not stop it. */
	warnings: string[];
}

const TRY_HELP = "curl: try 'curl --help' or 'curl --manual' for more information";
const DECLARATIONS = [
	{ names: ['-v', '--verbose'] },
	{ names: ['-i', '--include'] },
	{ names: ['-I', '--head'] },
	{ names: ['-s', '--silent'] },
	{ names: ['-S', '--show-error'] },
	{ names: ['-f', '--fail'] },
	{ names: ['-X', '--request'], value: true },
	{ names: ['-H', '--header'], value: true },
	{ names: ['-A', '--user-agent'], value: true },
	{ names: ['-o', '--output'], value: true },
	{ names: ['-m', '--max-time'], value: true },
	{ names: ['--connect-timeout'], value: true },
	{ names: ['-d', '--data'], value: true },
	{ names: ['--data-binary'], value: true },
];
/** What curl allows a connection to take. */
const CONNECT_TIMEOUT_US = seconds(300);
const SECONDS_MAX = 3_600;
/** From this size on it asks before it sends a body. */
const EXPECT_FROM_BYTES = 1024 * 1024;
const BODY_BYTES_MAX = 64 * 1024 * 1024;

/** Reads the command line, or says what is wrong with it as curl 7.88 does. */
export function readCurlOptions(
	context: CommandContext,
	args: readonly string[],
): CurlSettings | CommandResult {
	const parsed = parseGetopt(args, DECLARATIONS);
	if (!parsed.ok) {
		const { kind, option } = parsed.problem;
		return usage(`option ${option}: ${kind === 'unknown' ? 'is unknown' : 'requires parameter'}`);
	}
	const { options } = parsed;
	const [url, another] = options.operands;
	if (url === undefined) return complaint(TRY_HELP, 2);
	if (another !== undefined) return complaint('curl: one URL at a time, please', 2);
	const times = ['-m', '--connect-timeout'].map((name) => {
		const text = options.value(name);
		return text === undefined ? undefined : (secondsNumber(text, 0, SECONDS_MAX) ?? name);
	});
	const wrong = times.find((time) => typeof time === 'string');
	if (wrong !== undefined) return usage(`option ${wrong}: expected a proper numerical parameter`);
	const data = readData(context, options);
	if ('exitCode' in data) return data;
	if (options.has('-I') && data.body) {
		return complaint(
			'Warning: You can only select one HTTP request method! You asked for both POST \n' +
				'Warning: (-d, --data) and HEAD (-I, --head).',
			2,
		);
	}
	const target = parseUrl(url);
	if (!target.ok) return complaint(`curl: (${target.exitCode}) ${target.message}`, target.exitCode);
	const method = options.value('-X') ?? (options.has('-I') ? 'HEAD' : data.body ? 'POST' : 'GET');
	if (!isToken(method)) return complaint('curl: (3) the method is no token', 3);
	const [maximum, connect] = times as (number | undefined)[];
	const fields = requestFields(options, target.authority, data.body);
	return {
		host: target.host,
		port: target.port,
		method,
		target: asOctets(target.target),
		fields,
		body: data.body,
		verbose: options.has('-v'),
		includeHeaders: options.has('-i') || options.has('-I'),
		silent: options.has('-s'),
		showError: !options.has('-s') || options.has('-S'),
		failOnError: options.has('-f'),
		output: options.value('-o'),
		// A time of zero means none.
		connectTimeoutUs: connect ? seconds(connect) : CONNECT_TIMEOUT_US,
		maximumTimeUs: maximum ? seconds(maximum) : Infinity,
		warnings: data.warnings,
	};
}

function usage(problem: string): CommandResult {
	return complaint(`curl: ${problem}\n${TRY_HELP}`, 2);
}

/** `-d` joins its values with `&` and takes line breaks out of files; `--data-binary` leaves files alone. */
function readData(
	context: CommandContext,
	options: Options,
): { body: Uint8Array | undefined; warnings: string[] } | CommandResult {
	const parts: Uint8Array[] = [];
	const warnings: string[] = [];
	for (const name of ['-d', '--data-binary']) {
		for (const value of options.values(name)) {
			if (!value.startsWith('@')) {
				parts.push(new TextEncoder().encode(value));
				continue;
			}
			const file = context.readFile(absolutePath(context, value.slice(1)));
			if (!file) {
				const path = value.slice(1);
				warnings.push(`Warning: Couldn't read data from file "${path}", this makes an empty POST.`);
			}
			const bytes = file ?? new Uint8Array(0);
			parts.push(name === '-d' ? bytes.filter((byte) => byte !== 0x0a && byte !== 0x0d) : bytes);
		}
	}
	if (parts.length === 0) return { body: undefined, warnings };
	const sizeBytes = parts.reduce((sum, part) => sum + part.length + 1, -1);
	if (sizeBytes > BODY_BYTES_MAX) return complaint('curl: (55) that is more than is sent here', 55);
	const body = new Uint8Array(sizeBytes).fill(0x26);
	let at = 0;
	for (const part of parts) {
		body.set(part, at);
		at += part.length + 1;
	}
	return { body, warnings };
}

/** In curl's order. A header given takes the place of curl's own; `-H "Name:"` takes it away. */
function requestFields(
	options: Options,
	authority: string,
	body: Uint8Array | undefined,
): HttpField[] {
	const given = options.values('-H').map((text): HttpField => {
		const colon = text.indexOf(':');
		return [text.slice(0, Math.max(colon, 0)).trim(), text.slice(colon + 1).trim()];
	});
	const own = (name: string, value: string): HttpField[] =>
		given.some(([known]) => known.toLowerCase() === name.toLowerCase()) ? [] : [[name, value]];
	const sent = given
		.filter(([name, value]) => isToken(name) && value !== '')
		.map(([name, value]): HttpField => [name, fieldText(value)]);
	const isHost = ([name]: HttpField): boolean => name.toLowerCase() === 'host';
	return [
		...sent.filter(isHost),
		...own('Host', asOctets(authority)),
		...own('User-Agent', fieldText(options.value('-A') ?? 'curl/7.88.1')),
		...own('Accept', '*/*'),
		...sent.filter((field) => !isHost(field)),
		...(body
			? [
					...own('Content-Length', String(body.length)),
					...own('Content-Type', 'application/x-www-form-urlencoded'),
					...(body.length > EXPECT_FROM_BYTES ? own('Expect', '100-continue') : []),
				]
			: []),
	];
}

/** Text as its UTF-8 octets, one character each: what curl sends of letters beyond ASCII. */
function asOctets(text: string): string {
	return String.fromCharCode(...new TextEncoder().encode(text));
}

/** A header value as octets; control characters, which no header can have, are left out. */
function fieldText(value: string): string {
	return asOctets(
		[...value].filter((character) => character >= ' ' && character !== '\x7f').join(''),
	).trim();
}
