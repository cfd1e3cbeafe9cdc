import type { AssociationLink } from '#lib/hospital/dicom/association-link.ts';
import type { SecureTarget } from '#lib/hospital/dicom/secure-transport.ts';
import { seconds, type Micros } from '#lib/kernel/time.ts';
import type { CommandResult } from '../../define-command.ts';
import {
	parseWords,
	wholeNumber,
	type OptionDeclaration,
	type Options,
} from '../../shell/option-parser.ts';
import { ToolLog } from './tool-log.ts';

/** What the tools of DCMTK 3.6.7 have in common: their head lines, options and usage errors. */
export interface Tool {
	name: string;
	/** As the head line says it: `DICOM verification (C-ECHO) SCU`. */
	title: string;
}

const RELEASE = 'v3.6.7 2022-04-22';
const USAGE_EXIT_CODE = 1;

const GENERAL: readonly OptionDeclaration[] = [
	{ names: ['-h', '--help'] },
	{ names: ['-q', '--quiet'] },
	{ names: ['-v', '--verbose'] },
	{ names: ['-d', '--debug'] },
];

const NETWORK: readonly OptionDeclaration[] = [
	{ names: ['-aet', '--aetitle'], value: true },
	{ names: ['-aec', '--call'], value: true },
	{ names: ['-to', '--timeout'], value: true },
	{ names: ['-ta', '--acse-timeout'], value: true },
	{ names: ['-td', '--dimse-timeout'], value: true },
	{ names: ['-ts', '--socket-timeout'], value: true },
];

const SECONDS_MAX = 600;
const AE_TITLE_LENGTH_MAX = 16;
const DEFAULT_ACSE_SECONDS = 30;
/** Without a DIMSE time-out the socket's own ends the wait, and looks like a lost connection. */
const DEFAULT_SOCKET_SECONDS = 60;

/** The settings of a tool that opens an association. */
export interface NetworkSettings {
	host: string;
	port: number;
	callingAeTitle: string;
	calledAeTitle: string;
	/** undefined: as long as the host's TCP tries. */
	connectTimeoutUs: Micros | undefined;
	acseTimeoutUs: Micros;
	/** undefined: the socket's time-out counts. */
	dimseTimeoutUs: Micros | undefined;
	socketTimeoutUs: Micros;
	/** TLS below the association; plain TCP without it. */
	tls?: SecureTarget;
}

/** A usage error as all the tools word it. */
export function usageError(tool: Tool, message: string): CommandResult {
	return {
		text: `$dcmtk: ${tool.name} ${RELEASE} $\n\n${tool.name}: ${tool.title}\nerror: ${message}`,
		exitCode: USAGE_EXIT_CODE,
	};
}

/** Reads the options of a tool; a finished result for `--help` and for usage errors. */
export function readOptions(
	tool: Tool & { synopsis: string },
	args: readonly string[],
	own: readonly OptionDeclaration[],
	network: boolean,
): { options: Options; log: ToolLog } | CommandResult {
	const parsed = parseWords(args, [...GENERAL, ...(network ? NETWORK : []), ...own]);
	if (!parsed.ok) {
		const { kind, option } = parsed.problem;
		return usageError(
			tool,
			kind === 'unknown' ? `Unknown option ${option}` : `Missing value for option ${option}`,
		);
	}
	const { options } = parsed;
	if (options.has('-h')) {
		return { text: `${tool.name}: ${tool.title}\nusage: ${tool.synopsis}`, exitCode: 0 };
	}
	const level = options.has('-d')
		? 'debug'
		: options.has('-v')
			? 'info'
			: options.has('-q')
				? 'fatal'
				: 'warn';
	return { options, log: new ToolLog(level) };
}

/** Reads peer, port, AE titles and time-outs. */
export function readNetwork(
	tool: Tool,
	options: Options,
	defaultAeTitle: string,
): NetworkSettings | CommandResult {
	const [host, portText] = options.operands;
	if (host === undefined) return usageError(tool, 'Missing parameter peer');
	if (portText === undefined) return usageError(tool, 'Missing parameter port');
	const port = readPort(portText);
	if (port === undefined) {
		const overflow = /^\d+$/.test(portText) ? ' (overflow)' : '';
		return usageError(tool, `Invalid parameter value ${portText}${overflow}`);
	}
	const callingAeTitle = options.value('-aet') ?? defaultAeTitle;
	const calledAeTitle = options.value('-aec') ?? 'ANY-SCP';
	for (const title of [callingAeTitle, calledAeTitle]) {
		// The real tools cut it silently, which helps nobody who learns.
		if (title.length < 1 || title.length > AE_TITLE_LENGTH_MAX || /[^ -[\]-~]/.test(title)) {
			return usageError(tool, `an AE title has 1 to ${AE_TITLE_LENGTH_MAX} characters: ${title}`);
		}
	}
	const times = new Map<string, Micros | undefined>();
	for (const [name, long] of TIMEOUTS) {
		const text = options.value(name);
		const value = text === undefined ? undefined : wholeNumber(text, 1, SECONDS_MAX);
		if (text !== undefined && value === undefined) {
			return usageError(tool, `Invalid value for option ${long} (${text})`);
		}
		times.set(name, value === undefined ? undefined : seconds(value));
	}
	return {
		host,
		port,
		callingAeTitle,
		calledAeTitle,
		connectTimeoutUs: times.get('-to'),
		acseTimeoutUs: times.get('-ta') ?? seconds(DEFAULT_ACSE_SECONDS),
		dimseTimeoutUs: times.get('-td'),
		socketTimeoutUs: times.get('-ts') ?? seconds(DEFAULT_SOCKET_SECONDS),
	};
}

const TIMEOUTS = [
	['-to', '--timeout'],
	['-ta', '--acse-timeout'],
	['-td', '--dimse-timeout'],
	['-ts', '--socket-timeout'],
] as const;

const RESPONSES_MAX = 1_000_000;

/** Reads `--cancel`: after how many responses the tool asks to end; undefined for never. */
export function readCancel(tool: Tool, options: Options): number | undefined | CommandResult {
	const text = options.value('--cancel');
	if (text === undefined) return undefined;
	const count = wholeNumber(text, 0, RESPONSES_MAX);
	if (count !== undefined) return count;
	const underflow = /^-\d+$/.test(text) ? 'underflow: ' : '';
	return usageError(tool, `Invalid value for option --cancel (${underflow}${text})`);
}

/** Asks the peer to end a C-FIND or C-MOVE, and says so as the tools do (PS3.7 9.3.2.3). */
export function sendCancel(
	link: AssociationLink,
	log: ToolLog,
	model: string,
	messageId: number,
): void {
	const context = link.connection.association.contextFor(model);
	log.add('info', `Sending Cancel Request (MsgID ${messageId}, PresID ${context?.id ?? 0})`);
	link.cancel(model, messageId);
}

/** A TCP port in digits; undefined for anything else. */
export function readPort(text: string): number | undefined {
	return wholeNumber(text, 1, 65_535);
}
