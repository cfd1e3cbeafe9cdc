import { Interrupted, type Process } from '#lib/kernel/process.ts';
import { milliseconds, seconds, type Micros } from '#lib/kernel/time.ts';
import { Trace } from '#lib/kernel/trace.ts';
import { captureFile } from '#lib/network/capture-file.ts';
import { parseCaptureFilter, type ParsedFilter } from '#lib/network/capture-filter.ts';
import { segmentsAt, type CapturedPacket } from '#lib/network/capture.ts';
import { formatTcpdumpLine } from '#lib/network/tcpdump-text.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { captureInterfaces } from '../desk-capture.ts';
import { defineCommand, type CommandContext, type CommandResult } from '../define-command.ts';
import { getoptText, parseGetopt, wholeNumber } from '../shell/option-parser.ts';
import { captureFacts } from './capture-facts.ts';
import { absolutePath } from './files.ts';
import { complaint } from './peers.ts';

const COUNT_MAX = 10_000;
/** When it ends by itself: nobody watches a terminal for longer. `timeout` may end it earlier. */
const LONGEST_US = seconds(900);
const LOOK_EVERY_US = milliseconds(250);
const SNAP_LENGTH_MAX = 262_144;
/** A file of a simulated disk lies in memory as long as the attempt does. */
const FILE_BYTES_MAX = 64_000_000;

interface Settings {
	nic: number | undefined;
	interfaceName: string;
	numeric: boolean;
	count: number | undefined;
	file: string | undefined;
	snapLengthBytes: number;
	filter: (ParsedFilter & { ok: true })['filter'];
	filterText: string;
}

export const tcpdump = defineCommand({
	name: 'tcpdump',
	synopsis:
		'timeout seconds tcpdump [-i eth0|any] [-n] [-c count] [-w file.pcapng] [-s bytes] [filter]',
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
	const snapText = options.value('-s') ?? '0';
	const snapLengthBytes = wholeNumber(snapText, 0, SNAP_LENGTH_MAX);
	if (snapLengthBytes === undefined) {
		return complaint(
			`tcpdump: invalid snaplen ${snapText} (must be >= 0 and <= ${SNAP_LENGTH_MAX})`,
		);
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
		// 0 means the largest, as it does for tcpdump.
		snapLengthBytes: snapLengthBytes === 0 ? SNAP_LENGTH_MAX : snapLengthBytes,
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
	const seen = segmentsAt(recent, context.host.id, {
		fromUs,
		toUs: context.world.kernel.nowUs,
		filter: settings.filter,
		...(settings.nic === undefined ? {} : { nic: settings.nic }),
	});
	return [...seen];
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
	const listening = `listening on ${settings.interfaceName}, link-type EN10MB (Ethernet), snapshot length ${settings.snapLengthBytes} bytes`;
	let leftOut = 0;
	if (settings.file === undefined) {
		const hostNames = new Map(world.spec.names.map(({ name, address }) => [address, name]));
		const options = { epochUs, numeric: settings.numeric, hostNames };
		out.push(
			'tcpdump: verbose output suppressed, use -v[v]... for full protocol decode',
			listening,
			...packets.map((packet) => formatTcpdumpLine(packet, options)),
		);
	} else {
		leftOut = writeFile(context, settings, settings.file, packets);
		out.push(`tcpdump: ${listening}`);
	}
	out.push(
		`${packets.length} packets captured`,
		`${packets.length} packets received by filter`,
		'0 packets dropped by kernel',
		...(leftOut > 0 ? [`${leftOut} packets left out: the file is full`] : []),
	);
	return { text: out.join('\n'), exitCode, facts: captureFacts(world, host.id, packets) };
}

/** Leaves the packets as a file on this host; tells how many did not fit. */
function writeFile(
	context: CommandContext,
	settings: Settings,
	file: string,
	packets: readonly CapturedPacket[],
): number {
	const { world, os, host } = context;
	const filter = settings.filterText && `, filter: ${settings.filterText}`;
	const writing = captureFile(packets, {
		epochUs: world.epochUs + os.clockOffsetUs,
		interfaces: captureInterfaces(world, host),
		comment: `captured on ${host.id}${filter}`,
		hostNames: world.spec.names,
		snapLengthBytes: settings.snapLengthBytes,
		limitBytes: FILE_BYTES_MAX,
	});
	const pieces: Uint8Array[] = [];
	let next = writing.next();
	for (; !next.done; next = writing.next()) pieces.push(next.value);
	context.writeFile(absolutePath(context, file), joinBytes(pieces));
	return next.value;
}
