import { civilFromMicros, type CivilTime } from '#lib/kernel/time.ts';
import { decodeDns } from '#lib/protocol/wire/dns.ts';
import type { CapturedArp, CapturedIp, CapturedPacket } from './capture.ts';
import { DNS_PORT } from './name-service.ts';
import type { IcmpError, TcpHeader } from './packet.ts';

export interface TcpdumpOptions {
	/** The wall clock at virtual time zero: microseconds since 1970. */
	epochUs: number;
	/** As with `-n`: neither names for addresses nor for ports. */
	numeric: boolean;
	hostNames?: ReadonlyMap<string, string>;
}

/** Port names as the usual services file has them. */
const PORT_NAMES: Record<number, string> = {
	22: 'ssh',
	53: 'domain',
	80: 'http',
	104: 'acr-nema',
	123: 'ntp',
	443: 'https',
	2575: 'hl7',
};

/** One packet as tcpdump 4.99 prints it. TCP writes should have been cut into segments before. */
export function formatTcpdumpLine(packet: CapturedPacket, options: TcpdumpOptions): string {
	const time = clock(civilFromMicros(options.epochUs + packet.timeUs));
	const body = packet.kind === 'arp' ? arpText(packet, options) : ipText(packet, options);
	return `${time} ${body}`;
}

function clock(t: CivilTime): string {
	const two = (n: number): string => String(n).padStart(2, '0');
	return `${two(t.hour)}:${two(t.minute)}:${two(t.second)}.${String(t.microsecond).padStart(6, '0')}`;
}

function name(address: string, options: TcpdumpOptions): string {
	return (options.numeric ? undefined : options.hostNames?.get(address)) ?? address;
}

function endpoint(address: string, port: number, options: TcpdumpOptions): string {
	const service = options.numeric ? undefined : PORT_NAMES[port];
	return `${name(address, options)}.${service ?? port}`;
}

function arpText(packet: CapturedArp, options: TcpdumpOptions): string {
	const sender = name(packet.senderAddress, options);
	if (packet.operation === 'reply')
		return `ARP, Reply ${sender} is-at ${packet.senderMac}, length 28`;
	return `ARP, Request who-has ${name(packet.targetAddress, options)} tell ${sender}, length 28`;
}

function ipText(packet: CapturedIp, options: TcpdumpOptions): string {
	const { source, sourcePort, destination, destinationPort } = packet;
	if (packet.protocol === 'icmp') {
		const text = icmpText(packet, options);
		return `IP ${name(source, options)} > ${name(destination, options)}: ICMP ${text}`;
	}
	const from = endpoint(source, sourcePort, options);
	const to = endpoint(destination, destinationPort, options);
	const text = packet.tcp ? tcpText(packet.tcp, packet.payloadBytes) : udpText(packet);
	return `IP ${from} > ${to}: ${text}`;
}

/** Sequence numbers are absolute in the handshake and counted from it afterwards. */
function tcpText(tcp: TcpHeader, payloadBytes: number): string {
	const parts = [`Flags [${tcp.flags}]`];
	if (tcp.flags.startsWith('S')) {
		parts.push(`seq ${tcp.seq}`);
		if (tcp.flags === 'S.') parts.push(`ack ${tcp.ack}`);
	} else {
		const end = tcp.relativeSeq + payloadBytes;
		// A bare acknowledgement has no sequence number in tcpdump's output.
		if (payloadBytes > 0) parts.push(`seq ${tcp.relativeSeq}:${end}`);
		else if (tcp.flags !== '.') parts.push(`seq ${tcp.relativeSeq}`);
		if (tcp.flags.endsWith('.')) parts.push(`ack ${tcp.relativeAck}`);
	}
	parts.push(`win ${tcp.window}`);
	if (tcp.mssBytes !== undefined) parts.push(`options [mss ${tcp.mssBytes}]`);
	return [...parts, `length ${payloadBytes}`].join(', ');
}

function udpText(packet: CapturedIp): string {
	const isDns = packet.sourcePort === DNS_PORT || packet.destinationPort === DNS_PORT;
	const [payload] = packet.pieces;
	const message = isDns && payload ? decodeDns(payload) : undefined;
	if (!message) return `UDP, length ${packet.payloadBytes}`;
	const { id, type, answers } = message;
	if (!message.response) return `${id}+ ${type}? ${message.name}. (${packet.payloadBytes})`;
	const codes = { 'no-error': '', 'server-failure': ' ServFail', 'not-found': ' NXDomain' };
	const code = message.code === 'refused' ? ' Refused' : codes[message.code];
	const records = answers
		.map((answer) => ` ${type} ${answer}${type === 'PTR' ? '.' : ''}`)
		.join(',');
	return `${id}${code}* ${answers.length}/0/0${records} (${packet.payloadBytes})`;
}

function icmpText(packet: CapturedIp, options: TcpdumpOptions): string {
	const length = `length ${packet.payloadBytes + 8}`;
	if (packet.error) return `${icmpErrorText(packet.error, options)}, ${length}`;
	const { kind, identifier, sequence } = packet.echo ?? { kind: '', identifier: 0, sequence: 0 };
	return `${kind.replace('-', ' ')}, id ${identifier}, seq ${sequence}, ${length}`;
}

function icmpErrorText(error: IcmpError, options: TcpdumpOptions): string {
	const { protocol, destinationPort } = error.about;
	const about = name(error.about.destination, options);
	switch (error.kind) {
		case 'net-unreachable':
			return `net ${about} unreachable`;
		case 'host-unreachable':
			return `host ${about} unreachable`;
		case 'port-unreachable':
			return `${about} ${protocol} port ${destinationPort} unreachable`;
		case 'fragmentation-needed':
			return `${about} unreachable - need to frag (mtu ${error.mtuBytes ?? 0})`;
		case 'prohibited':
			return `host ${about} unreachable - admin prohibited filter`;
		case 'time-exceeded':
			return 'time exceeded in-transit';
	}
}
