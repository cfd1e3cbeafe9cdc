import { seconds } from '#lib/kernel/time.ts';
import { defineCommand, type CommandResult } from '../define-command.ts';
import {
	getoptText,
	parseGetopt,
	secondsNumber,
	wholeNumber,
	type Options,
} from '../shell/option-parser.ts';
import { complaint, lookupFact, lookupText, peerLabel } from './peers.ts';
import { PingRun, type PingSettings } from './ping-run.ts';

const DEFAULT_COUNT = 4;
const COUNT_MAX = 100;
const DEFAULT_SIZE_BYTES = 56;
const SIZE_BYTES_MAX = 65_507;
/** How long ping waits for the last answer when there was none at all. */
const LINGER_US = seconds(10);

export const ping = defineCommand({
	name: 'ping',
	synopsis: 'ping [-c count] [-i seconds] [-s bytes] [-W seconds] [-t ttl] [-M do] [-n] host',
	summary: 'ask a host for an echo (ICMP)',
	details: [
		`Sends ${DEFAULT_COUNT} requests unless -c says otherwise (at most ${COUNT_MAX}).`,
		'-M do forbids fragmentation: with -s 1472 it finds links with a small MTU.',
		'Many firewalls drop ICMP: silence alone does not prove that a host is down.',
	].join('\n'),
	*run(context, args) {
		const settings = readSettings(args);
		if ('exitCode' in settings) return settings;
		const resolved = yield* context.host.resolve(settings.target);
		const subject = `ping ${peerLabel(context.world, settings.target)} from ${context.host.id}`;
		if (!('address' in resolved)) {
			return {
				text: `ping: ${settings.target}: ${lookupText(resolved.failure)}`,
				exitCode: 2,
				facts: [`${subject}: ${lookupFact(resolved.failure)}`],
			};
		}
		const run = new PingRun(context, settings, resolved.address);
		return yield* run.run(subject);
	},
});

function readSettings(args: readonly string[]): PingSettings | CommandResult {
	const parsed = parseGetopt(args, [
		{ names: ['-c'], value: true },
		{ names: ['-i'], value: true },
		{ names: ['-s'], value: true },
		{ names: ['-W'], value: true },
		{ names: ['-t'], value: true },
		{ names: ['-M'], value: true },
		{ names: ['-n'] },
		{ names: ['-4'] },
	]);
	if (!parsed.ok) return complaint(getoptText('ping', parsed.problem), 2);
	const { options } = parsed;
	const [target] = options.operands;
	if (target === undefined) return complaint('ping: usage error: Destination address required', 2);
	if (options.operands.length > 1) return complaint('ping: name one destination', 2);
	const count = number(options, '-c', DEFAULT_COUNT, 1, COUNT_MAX);
	const size = number(options, '-s', DEFAULT_SIZE_BYTES, 0, SIZE_BYTES_MAX);
	const ttl = number(options, '-t', 64, 1, 255);
	const interval = secondsNumber(options.value('-i') ?? '1', 0.2, 60);
	const linger = secondsNumber(options.value('-W') ?? '10', 0.1, 60);
	for (const value of [count, size, ttl]) if (typeof value === 'string') return complaint(value, 2);
	if (interval === undefined) return complaint('ping: -i takes 0.2 to 60 seconds', 2);
	if (linger === undefined) return complaint('ping: -W takes 0.1 to 60 seconds', 2);
	const discovery = options.value('-M');
	if (discovery !== undefined && !['do', 'dont', 'want'].includes(discovery)) {
		return complaint(`ping: invalid -M argument: ${discovery}`, 2);
	}
	return {
		target,
		count: Number(count),
		intervalUs: seconds(interval),
		lingerUs: options.has('-W') ? seconds(linger) : LINGER_US,
		sizeBytes: Number(size),
		ttl: options.has('-t') ? Number(ttl) : undefined,
		dontFragment: discovery === 'do',
		numeric: options.has('-n') || /^[\d.]+$/.test(target),
	};
}

function number(
	options: Options,
	name: string,
	otherwise: number,
	minimum: number,
	maximum: number,
): number | string {
	const text = options.value(name);
	if (text === undefined) return otherwise;
	return (
		wholeNumber(text, minimum, maximum) ??
		`ping: invalid argument: '${text}': out of range: ${minimum} <= value <= ${maximum}`
	);
}
