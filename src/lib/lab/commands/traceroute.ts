import type { Hop, HopProbe } from '#lib/network/traceroute.ts';
import { milliseconds, seconds } from '#lib/kernel/time.ts';
import { defineCommand } from '../define-command.ts';
import { getoptText, parseGetopt, secondsNumber, wholeNumber } from '../shell/option-parser.ts';
import { complaint, lookupFact, lookupText, peerLabel, trafficTo } from './peers.ts';

const MAX_HOPS = 30;
const PROBE_BYTES = 60;
const DEFAULT_WAIT_SECONDS = '5';
/** The real tool has so many probes under way at once; here they go one by one and wait as much less. */
const PROBES_AT_ONCE = 16;
const SHORTEST_WAIT_US = milliseconds(300);

export const traceroute = defineCommand({
	name: 'traceroute',
	synopsis: 'traceroute [-n] [-I | -T -p port] [-m hops] [-w seconds] [-q probes] host',
	summary: 'show the routers on the way to a host',
	details: [
		'Probes with UDP; -I uses ICMP echo, -T the SYN of a TCP connection to a port (-p, default 80).',
		'"* * *" means that nobody answered at that distance. With -T and the port of the service the last',
		'hop that answers shows where a firewall drops the traffic.',
	].join('\n'),
	*run(context, args) {
		const parsed = parseGetopt(args, [
			{ names: ['-n'] },
			{ names: ['-I'] },
			{ names: ['-T'] },
			{ names: ['-p'], value: true },
			{ names: ['-m'], value: true },
			{ names: ['-w'], value: true },
			{ names: ['-q'], value: true },
		]);
		if (!parsed.ok) return complaint(getoptText('traceroute', parsed.problem), 2);
		const { options } = parsed;
		const [target] = options.operands;
		if (target === undefined) return complaint('traceroute: name the host to trace', 2);
		const maxHops = wholeNumber(options.value('-m') ?? String(MAX_HOPS), 1, MAX_HOPS);
		const probes = wholeNumber(options.value('-q') ?? '3', 1, 10);
		const port = wholeNumber(options.value('-p') ?? '80', 1, 65_535);
		const waitSeconds = secondsNumber(options.value('-w') ?? DEFAULT_WAIT_SECONDS, 0.1, 10);
		if (maxHops === undefined) return complaint(`traceroute: -m takes 1 to ${MAX_HOPS} hops`, 2);
		if (probes === undefined) return complaint('traceroute: -q takes 1 to 10 probes', 2);
		if (port === undefined) return complaint('traceroute: -p takes a port from 1 to 65535', 2);
		if (waitSeconds === undefined) return complaint('traceroute: -w takes 0.1 to 10 seconds', 2);

		const method = options.has('-T') ? 'tcp' : options.has('-I') ? 'icmp' : 'udp';
		const label = peerLabel(context.world, target);
		const aim = method === 'tcp' ? `${label}:${port}` : label;
		const subject = `traceroute ${aim} from ${context.host.id}`;
		const resolved = yield* context.host.resolve(target);
		if (!('address' in resolved)) {
			return {
				text: `${target}: ${lookupText(resolved.failure)}\nCannot handle "host" cmdline arg \`${target}'`,
				exitCode: 2,
				facts: [`${subject}: ${lookupFact(resolved.failure)}`],
			};
		}
		const { address } = resolved;
		const hops = yield* context.host.traceroute(address, {
			maxHops,
			probes,
			method,
			port,
			timeoutUs: Math.max(SHORTEST_WAIT_US, Math.round(seconds(waitSeconds) / PROBES_AT_ONCE)),
		});
		const names = new Map<string, string>();
		if (!options.has('-n')) {
			for (const from of new Set(hops.flatMap(answerers))) {
				const found = yield* context.host.names.reverse(from);
				names.set(from, 'name' in found ? found.name : from);
			}
		}
		const lines = hops.map((hop) => hopLine(hop, names));
		const outcome = outcomeOf(hops, address);
		const ended = outcome.reached ? 'answered' : outcome.error ? 'refused' : 'lost';
		return {
			text: [
				`traceroute to ${target} (${address}), ${maxHops} hops max, ${PROBE_BYTES} byte packets`,
				...lines,
			].join('\n'),
			exitCode: 0,
			facts: [`${subject}: ${outcome.text}`],
			traffic: trafficTo(context, address, ended),
		};
	},
});

function answerers(hop: Hop): string[] {
	return hop.probes.flatMap((probe) => (probe.kind === 'answer' ? [probe.from] : []));
}

function hopLine(hop: Hop, names: ReadonlyMap<string, string>): string {
	let line = String(hop.ttl).padStart(2);
	let previous = '';
	for (const probe of hop.probes) {
		if (probe.kind === 'timeout') {
			line += ' *';
			continue;
		}
		if (probe.from !== previous) {
			const name = names.get(probe.from);
			line += name === undefined ? `  ${probe.from}` : `  ${name} (${probe.from})`;
			previous = probe.from;
		}
		line += `  ${(probe.rttUs / 1_000).toFixed(3)} ms${mark(probe)}`;
	}
	return line.replace(/^( ?\d+) \*/, '$1  *');
}

function mark(probe: HopProbe & { kind: 'answer' }): string {
	switch (probe.error) {
		case 'host-unreachable':
			return ' !H';
		case 'net-unreachable':
			return ' !N';
		case 'prohibited':
			return ' !X';
		default:
			return '';
	}
}

/** How far it got: `reached in 2 hops`, `stops after 10.20.30.1`, `refused by 10.20.30.1 !X`. */
function outcomeOf(
	hops: readonly Hop[],
	address: string,
): { text: string; reached: boolean; error: boolean } {
	let last = '';
	for (const hop of hops) {
		for (const probe of hop.probes) {
			if (probe.kind !== 'answer') continue;
			if (mark(probe) !== '') {
				return { text: `refused by ${probe.from}${mark(probe)}`, reached: false, error: true };
			}
			if (probe.from === address) {
				return { text: `reached in ${hop.ttl} hops`, reached: true, error: false };
			}
			last = probe.from;
		}
	}
	const text = last === '' ? 'no answer at all' : `stops after ${last}`;
	return { text, reached: false, error: false };
}
