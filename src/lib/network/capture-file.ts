import { arpMessage } from '#lib/protocol/wire/arp.ts';
import { ETHER_TYPE_ARP, ETHER_TYPE_IPV4, ethernetHeader } from '#lib/protocol/wire/ethernet.ts';
import { icmpEcho, icmpError } from '#lib/protocol/wire/icmp.ts';
import { ipv4Header } from '#lib/protocol/wire/ipv4.ts';
import { writePcapng, type PcapngPacket } from '#lib/protocol/wire/pcapng.ts';
import { tcpHeader } from '#lib/protocol/wire/tcp.ts';
import { udpHeader } from '#lib/protocol/wire/udp.ts';
import { cutSegments, type CapturedIp, type CapturedPacket } from './capture.ts';
import { DEFAULT_TTL, ICMP_ERROR_NUMBERS, type IcmpError, type TcpHeader } from './packet.ts';

export interface CaptureFileOptions {
	/** The wall clock at virtual time zero: microseconds since 1970. */
	epochUs: number;
	hostNames?: readonly { address: string; name: string }[];
	/** Names of the NICs by number; `eth0`, `eth1`, ... unless told otherwise. */
	interfaces?: readonly string[];
	comment?: string;
	/** A note for single packets, shown by Wireshark. */
	commentOf?: (packet: CapturedPacket) => string | undefined;
}

/** Writes captured packets as a pcapng file, cutting TCP writes into segments. */
export function writeCapture(
	packets: readonly CapturedPacket[],
	options: CaptureFileOptions,
): Uint8Array {
	const cut = [...cutSegments(packets)].sort((a, b) => a.timeUs - b.timeUs);
	const nicCount = cut.reduce((count, packet) => Math.max(count, packet.nic + 1), 1);
	const framer = new Framer();
	const { hostNames, comment } = options;
	const pieces = writePcapng({
		interfaces: Array.from({ length: nicCount }, (_, nic) => ({
			name: options.interfaces?.[nic] ?? `eth${nic}`,
		})),
		packets: cut.map((packet): PcapngPacket => {
			const note = options.commentOf?.(packet);
			return {
				interface: packet.nic,
				timeUs: options.epochUs + packet.timeUs,
				pieces: framer.frame(packet),
				...(note !== undefined && { comment: note }),
			};
		}),
		application: 'PACS On-Call',
		...(hostNames && { hostNames }),
		...(comment !== undefined && { comment }),
	});
	const file = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
	let offset = 0;
	for (const piece of pieces) {
		file.set(piece, offset);
		offset += piece.length;
	}
	return file;
}

/** Puts headers before payloads; counts the IP identification of each sender. */
class Framer {
	#identifications = new Map<string, number>();

	frame(packet: CapturedPacket): Uint8Array[] {
		const { sourceMac, destinationMac } = packet;
		if (packet.kind === 'arp') {
			return [ethernetHeader(sourceMac, destinationMac, ETHER_TYPE_ARP), arpMessage(packet)];
		}
		const payload = transport(packet);
		const identification = (this.#identifications.get(packet.source) ?? 0) + 1;
		this.#identifications.set(packet.source, identification & 0xffff);
		const { source, destination, protocol, ttl, dontFragment } = packet;
		const payloadBytes = payload.reduce((sum, piece) => sum + piece.length, 0);
		return [
			ethernetHeader(sourceMac, destinationMac, ETHER_TYPE_IPV4),
			ipv4Header({
				source,
				destination,
				protocol,
				payloadBytes,
				ttl,
				identification: identification & 0xffff,
				dontFragment,
			}),
			...payload,
		];
	}
}

function transport(packet: CapturedIp): Uint8Array[] {
	if (packet.tcp) return [tcp(packet, packet.tcp), ...packet.pieces];
	if (packet.protocol === 'udp') return [udpHeader(packet, packet.pieces), ...packet.pieces];
	if (packet.error) return [error(packet.error)];
	const { kind, identifier = 0, sequence = 0 } = packet.echo ?? {};
	return [icmpEcho(kind === 'echo-request' ? 8 : 0, identifier, sequence, packet.payloadBytes)];
}

function tcp(packet: CapturedIp, header: TcpHeader): Uint8Array {
	const { source, sourcePort, destination, destinationPort } = packet;
	const { flags, seq, ack, window, mssBytes } = header;
	return tcpHeader(
		{
			source,
			sourcePort,
			destination,
			destinationPort,
			seq,
			ack,
			fin: flags.startsWith('F'),
			syn: flags.startsWith('S'),
			rst: flags.startsWith('R'),
			psh: flags.startsWith('P'),
			acknowledges: flags.endsWith('.'),
			window,
			...(mssBytes !== undefined && { mssBytes }),
		},
		packet.pieces,
	);
}

/** An ICMP error quotes the IP header and 8 bytes: ports and sequence number, or the start of an echo. */
function error(fault: IcmpError): Uint8Array {
	const { about, aboutSizeBytes, aboutSequence } = fault;
	const { source, destination, protocol } = about;
	const header = ipv4Header({
		source,
		destination,
		protocol,
		payloadBytes: aboutSizeBytes - 20,
		ttl: fault.kind === 'time-exceeded' ? 1 : DEFAULT_TTL,
		identification: 0,
		dontFragment: protocol === 'tcp' || fault.kind === 'fragmentation-needed',
	});
	const start = new Uint8Array(8);
	const view = new DataView(start.buffer);
	if (protocol === 'icmp') {
		start.set(icmpEcho(8, about.sourcePort, aboutSequence, aboutSizeBytes - 28).subarray(0, 8));
	} else {
		view.setUint16(0, about.sourcePort);
		view.setUint16(2, about.destinationPort);
		if (protocol === 'tcp') view.setUint32(4, aboutSequence);
		else view.setUint16(4, aboutSizeBytes - 20);
	}
	const { type, code } = ICMP_ERROR_NUMBERS[fault.kind];
	return icmpError(type, code, [header, start], fault.mtuBytes);
}
