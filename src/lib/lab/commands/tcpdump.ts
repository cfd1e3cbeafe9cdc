import { Interrupted, type Process } from '#lib/kernel/process.ts';
import { milliseconds, seconds, type Micros } from '#lib/kernel/time.ts';
import { Trace } from '#lib/kernel/trace.ts';
import { writeCapture } from '#lib/network/capture-file.ts';
import { parseCaptureFilter, type ParsedFilter } from '#lib/network/capture-filter.ts';
import { captureAt, cutSegments, type CapturedPacket } from '#lib/network/capture.ts';
import { formatTcpdumpLine } from '#lib/network/tcpdump-text.ts';
import { defineCommand, type CommandContext, type CommandResult } from '../define-command.ts';
import { getoptText, parseGetopt, wholeNumber } from '../shell/option-parser.ts';
import { captureFacts } from './capture-facts.ts';
import { absolutePath } from './files.ts';
import { complaint } from './peers.ts';

const COUNT_MAX = 10_000;
/** When it ends by itself: nobody watches a terminal for longer. `timeout` may end it earlier. */
const LONGEST_US = seconds(900);
const LOOK_EVERY_US = milliseconds(250);
const LISTENING = 'link-type EN10MB (Ethernet), snapshot length 262144 bytes';

interface Settings {
	nic: number | undefined;
	interfaceName: string;
	numeric: boolean;
	count: number | undefined;
	file: string | undefined;
	filter: (ParsedFilter & { ok: true })['filter'];
	filterText: string;
}

export const tcpdump = defineCommand({
	name: 'tcpdump',
	synopsis: 'timeout seconds tcpdump [-i eth0|any] [-n] [-c count] [-w file.pcapng] [filter]',
	summary: 'capture the packets that this machine sends and receives, while time passes',
	details: [
		"Ends after -c packets, or when timeout ends it, at the latest after 15 minutes. It sees this machine's",
		'own side only. Filters: host pacs-address, net 10.20.10.0/24, port 104, tcp, icmp, and, or, not.',
		'timeout 120 tcpdump -n port 104        timeout 10m tcpdump -w store.pcapng host 10.20.10.12',
	].join('\n'),
	*run(context, args) {
		const settings = readSettings(context, args);
		if ('exitCode' in settings) return settings;
		const { kernel } = context.world;
		// A trace of its own keeps the search for packets short, however old the world is.
		const recent = new Trace();
		const stopObserving = kernel.trace.observe((event) => {
			recent.append(event);
		});
		const fromUs = kernel.nowUs;
		let exitCode = 0;
		try {
			yield* untilEnough(context, recent, settings, fromUs);
		} catch (error) {
			if (!(error instanceof Interrupted)) throw error;
			exitCode = 124;
		} finally {
			stopObserving();
		}
		const packets = packetsOf(context, recent, settings, fromUs);
		return report(context, settings, packets.slice(0, settings.count), exitCode);
	},
});

function readSettings(context: CommandContext, args: readonly string[]): Settings | CommandResult {
	const parsed = parseGetopt(args, [
		{ names: ['-i', '--interface'], value: true },
		{ names: ['-n'] },
		{ names: ['-c', '--count'], value: true },
		{ names: ['-w'], value: true },
		{ names: ['-v'] },
		{ names: ['-l'] },
		{ names: ['-U'] },
		{ names: ['-s'], value: true },
	]);
	if (!parsed.ok) return complaint(getoptText('tcpdump', parsed.problem));
	const { options } = parsed;
	const interfaceName = options.value('-i') ?? context.host.nics[0]?.name ?? 'eth0';
	const nic = context.host.nics.find((one) => one.name === interfaceName);
	if (!nic && interfaceName !== 'any') {
		return complaint(`tcpdump: ${interfaceName}: No such device exists`);
	}
	const countText = options.value('-c');
	const count = countText === undefined ? undefined : wholeNumber(countText, 1, COUNT_MAX);
	if (countText !== undefined && count === undefined) {
		return complaint(`tcpdump: invalid packet count ${countText} (1 to ${COUNT_MAX})`);
	}
	const filterText = options.operands.join(' ');
	const filter = parseCaptureFilter(filterText);
	if (!filter.ok) return complaint(`tcpdump: can't parse filter expression: ${filter.message}`);
	return {
		nic: nic?.index,
		interfaceName,
		numeric: options.has('-n'),
		count,
		file: options.value('-w'),
		filter: filter.filter,
		filterText,
	};
}

/** Lets time pass until there are enough packets. */
function* untilEnough(
	context: CommandContext,
	recent: Trace,
	settings: Settings,
	fromUs: Micros,
): Process {
	const { kernel } = context.world;
	let looked = 0;
	while (kernel.nowUs < fromUs + LONGEST_US) {
		yield* kernel.sleep(LOOK_EVERY_US);
		if (settings.count === undefined || recent.events.length === looked) continue;
		looked = recent.events.length;
		const captured = packetsOf(context, recent, settings, fromUs);
		if (captured.length >= settings.count) return;
	}
}

function packetsOf(
	context: CommandContext,
	recent: Trace,
	settings: Settings,
	fromUs: Micros,
): CapturedPacket[] {
	const seen = captureAt(recent, context.host.id, {
		fromUs,
		toUs: context.world.kernel.nowUs,
		filter: settings.filter,
		...(settings.nic === undefined ? {} : { nic: settings.nic }),
	});
	return [...cutSegments(seen)].sort((a, b) => a.timeUs - b.timeUs);
}

function report(
	context: CommandContext,
	settings: Settings,
	packets: readonly CapturedPacket[],
	exitCode: number,
): CommandResult {
	const { world, os, host } = context;
	const epochUs = world.epochUs + os.clockOffsetUs;
	const out: string[] = [];
	if (settings.file === undefined) {
		const hostNames = new Map(world.spec.names.map(({ name, address }) => [address, name]));
		const options = { epochUs, numeric: settings.numeric, hostNames };
		out.push(
			'tcpdump: verbose output suppressed, use -v[v]... for full protocol decode',
			`listening on ${settings.interfaceName}, ${LISTENING}`,
			...packets.map((packet) => formatTcpdumpLine(packet, options)),
		);
	} else {
		const path = absolutePath(context, settings.file);
		const interfaces = host.nics.map((nic) => nic.name);
		const comment = `captured on ${host.id}${settings.filterText && `, filter: ${settings.filterText}`}`;
		context.writeFile(
			path,
			writeCapture(packets, { epochUs, interfaces, comment, hostNames: world.spec.names }),
		);
		out.push(`tcpdump: listening on ${settings.interfaceName}, ${LISTENING}`);
	}
	out.push(
		`${packets.length} packets captured`,
		`${packets.length} packets received by filter`,
		'0 packets dropped by kernel',
	);
	return { text: out.join('\n'), exitCode, facts: captureFacts(world, host.id, packets) };
}
