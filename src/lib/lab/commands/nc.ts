import type { Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';

import { defineCommand, type CommandContext, type CommandResult } from '../define-command.ts';
import { getoptText, parseGetopt, wholeNumber } from '../shell/option-parser.ts';
import { connectText } from './connect-text.ts';
import { complaint, lookupFact, lookupText, peerLabel, trafficTo } from './peers.ts';

const PORTS_MAX = 20;
/** Port names as /etc/services of Debian has them. */
const SERVICE_NAMES: Readonly<Record<number, string>> = {
	22: 'ssh',
	25: 'smtp',
	53: 'domain',
	80: 'http',
	104: 'acr-nema',
	443: 'https',
	11112: 'dicom',
};

interface Settings {
	host: string;
	address: string;
	verbose: boolean;
	timeoutUs: number | undefined;
}

export const nc = defineCommand({
	name: 'nc',
	synopsis: 'nc [-z] [-v] [-w seconds] host port[-port]',
	summary: 'try whether a TCP port can be connected to',
	details: [
		'Connects and closes again; it says nothing without -v. Without -w a port that does not answer is',
		`tried for about two minutes. At most ${PORTS_MAX} ports in one go.`,
	].join('\n'),
	*run(context, args) {
		const parsed = parseGetopt(args, [
			{ names: ['-z'] },
			{ names: ['-v'] },
			{ names: ['-n'] },
			{ names: ['-4'] },
			{ names: ['-w'], value: true },
		]);
		if (!parsed.ok) return complaint(getoptText('nc', parsed.problem));
		const { options } = parsed;
		const [host, portText] = options.operands;
		if (host === undefined || portText === undefined) {
			return complaint('usage: nc [-zv] [-w seconds] host port');
		}
		const ports = readPorts(portText);
		if (ports === undefined) return complaint(`nc: port number invalid: ${portText}`);
		if (ports.length > PORTS_MAX) return complaint(`nc: at most ${PORTS_MAX} ports in one go`);
		const waitText = options.value('-w');
		const waitSeconds = waitText === undefined ? undefined : wholeNumber(waitText, 1, 600);
		if (waitText !== undefined && waitSeconds === undefined) {
			return complaint(`nc: -w takes 1 to 600 whole seconds, not ${waitText}`);
		}
		const resolved = yield* context.host.resolve(host);
		if (!('address' in resolved)) {
			const { failure } = resolved;
			return {
				text: `nc: getaddrinfo for host "${host}" port ${portText}: ${lookupText(failure)}`,
				exitCode: 1,
				facts: [
					`port ${peerLabel(context.world, host)}:${portText} from ${context.host.id}: ${lookupFact(failure)}`,
				],
			};
		}
		const settings = {
			host,
			address: resolved.address,
			verbose: options.has('-v'),
			timeoutUs: waitSeconds === undefined ? undefined : seconds(waitSeconds),
		};
		const results: CommandResult[] = [];
		for (const port of ports) results.push(yield* tryPort(context, settings, port));
		return {
			text: results
				.map((result) => result.text)
				.filter((text) => text !== '')
				.join('\n'),
			exitCode: results.some((result) => result.exitCode === 0) ? 0 : 1,
			facts: results.flatMap((result) => result.facts ?? []),
			traffic: results.flatMap((result) => result.traffic ?? []).slice(0, 1),
		};
	},
});

function readPorts(text: string): number[] | undefined {
	const [first = '', last = first, ...rest] = text.split('-');
	const from = wholeNumber(first, 1, 65_535);
	const to = wholeNumber(last, 1, 65_535);
	if (from === undefined || to === undefined || to < from || rest.length > 0) return undefined;
	return Array.from({ length: Math.min(to - from, PORTS_MAX) + 1 }, (_, i) => from + i);
}

function* tryPort(
	context: CommandContext,
	settings: Settings,
	port: number,
): Process<CommandResult> {
	const { host, address, verbose, timeoutUs } = settings;
	const stream = yield* context.host.connect(
		{ address, port },
		timeoutUs === undefined ? {} : { timeoutUs },
	);
	const subject = `port ${peerLabel(context.world, host)}:${port} from ${context.host.id}`;
	const shown = host === address ? host : `${host} (${address})`;
	if (stream.kind === 'connected') {
		stream.close();
		const service = SERVICE_NAMES[port] ?? '*';
		return {
			text: verbose ? `Connection to ${shown} ${port} port [tcp/${service}] succeeded!` : '',
			exitCode: 0,
			facts: [`${subject}: open`],
			traffic: trafficTo(context, address, 'answered'),
		};
	}
	const how =
		stream.kind === 'timeout' && timeoutUs !== undefined
			? 'timed out: Operation now in progress'
			: `failed: ${connectText(stream)}`;
	return {
		text: verbose ? `nc: connect to ${shown} port ${port} (tcp) ${how}` : '',
		exitCode: 1,
		facts: [`${subject}: ${stream.kind}`],
		traffic: trafficTo(context, address, stream.kind === 'timeout' ? 'lost' : 'refused'),
	};
}
