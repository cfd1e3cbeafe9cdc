/** The TLS options that echoscu, findscu and storescu of DCMTK 3.6.7 share; movescu and getscu have none. */
import type { CommandResult } from '../../define-command.ts';
import type { OptionDeclaration, Options } from '../../shell/option-parser.ts';
import { usageError, type Tool } from './tool.ts';

export const TLS_OPTIONS: readonly OptionDeclaration[] = [
	{ names: ['-tls', '--disable-tls'] },
	{ names: ['+tls', '--enable-tls'], value: 2 },
	{ names: ['+tla', '--anonymous-tls'] },
	{ names: ['+cf', '--add-cert-file'], value: true },
	{ names: ['+cs', '--cipher'], value: true },
	{ names: ['-rc', '--require-peer-cert'] },
	{ names: ['-ic', '--ignore-peer-cert'] },
];

/** A line of help about them. */
export const TLS_HELP =
	'TLS: +tls key.pem certificate.pem, or +tla without a certificate; +cf ca.pem whom to believe (-ic: anybody); +cs suite.';

/** What a tool was told about TLS; files are by the names that were typed. */
export interface TlsOptions {
	/** Without one it has no certificate to show. */
	readonly identity?: { readonly keyFile: string; readonly certificateFile: string };
	readonly authorityFiles: readonly string[];
	readonly addedSuites: readonly string[];
	readonly verifiesPeer: boolean;
}

/** Options that mean nothing without TLS, in the order in which the tools look at them. */
const NEEDING_TLS = [
	['-rc', '--require-peer-cert'],
	['-ic', '--ignore-peer-cert'],
	['+cf', '--add-cert-file'],
	['+cs', '--cipher'],
] as const;

/** Reads the TLS options: undefined for a connection without it, a usage error as the tools word it. */
export function readTlsOptions(
	tool: Tool,
	options: Options,
): TlsOptions | undefined | CommandResult {
	const stack = options.last('-tls', '+tls', '+tla');
	if (stack === undefined || stack === '-tls') {
		const [, long] = NEEDING_TLS.find(([name]) => options.has(name)) ?? [];
		if (long === undefined) return undefined;
		return usageError(tool, `${long} only allowed with --enable-tls or --anonymous-tls`);
	}
	const [keyFile = '', certificateFile = ''] = options.values('+tls').slice(-2);
	// A key and a certificate count even when +tla stands behind them.
	const withIdentity = options.last('-tls', '+tls') === '+tls';
	return {
		...(withIdentity && { identity: { keyFile, certificateFile } }),
		authorityFiles: options.values('+cf'),
		addedSuites: options.values('+cs'),
		verifiesPeer: options.last('-rc', '-ic') !== '-ic',
	};
}
