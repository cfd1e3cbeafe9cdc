import { murmur3 } from '#lib/kernel/murmur3.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { arpMessage } from '#lib/protocol/wire/arp.ts';
import { ETHER_TYPE_ARP, ETHER_TYPE_IPV4, ethernetHeader } from '#lib/protocol/wire/ethernet.ts';
import { icmpEcho, icmpError } from '#lib/protocol/wire/icmp.ts';
import { ipv4Header } from '#lib/protocol/wire/ipv4.ts';
import { tcpHeader } from '#lib/protocol/wire/tcp.ts';
import { udpHeader } from '#lib/protocol/wire/udp.ts';
import {
	writePcapng,
	type PcapngInterface,
	type PcapngPacket,
} from '#lib/protocol/wire/write-pcapng.ts';
import { segmentsInOrder, type CapturedIp, type CapturedPacket } from './capture.ts';
import { DEFAULT_TTL, ICMP_ERROR_NUMBERS, type IcmpError, type TcpHeader } from './packet.ts';

export interface CaptureFileOptions {
	/** The wall clock at virtual time zero: microseconds since 1970. */
	epochUs: number;
	hostNames?: readonly { address: string; name: string }[];
	/** The NICs by number; `eth0`, `eth1`, ... unless told otherwise. */
	interfaces?: readonly PcapngInterface[];
	comment?: string;
	/** A note for single packets, shown by Wireshark. */
	commentOf?: (packet: CapturedPacket) => string | undefined;
	/** See {@link PcapngOptions}. */
	tlsKeyLog?: readonly string[];
	snapLengthBytes?: number;
	limitBytes?: number;
}

/**
 * Writes packets, cut into segments and in time order, as a pcapng file: piece by piece, each made when it
 * is asked for. Returns how many packets were left out because of the limit.
 */
export function captureFile(
	packets: Iterable<CapturedPacket>,
	options: CaptureFileOptions,
): Generator<Uint8Array, number, undefined> {
	const { epochUs, commentOf, interfaces = [], ...more } = options;
	function* framed(): Generator<PcapngPacket, void, undefined> {
		for (const packet of packets) {
			const comment = commentOf?.(packet);
			yield {
				interface: packet.nic,
				timeUs: epochUs + packet.timeUs,
				pieces: frameOf(packet),
				...(comment !== undefined && { comment }),
			};
		}
	}
	return writePcapng({ ...more, interfaces, application: 'PACS On-Call' }, framed());
}

/** {@link captureFile} of the packets of a capture, as one array. */
export function writeCapture(
	packets: Iterable<CapturedPacket>,
	options: CaptureFileOptions,
): Uint8Array {
	return joinBytes([...captureFile(segmentsInOrder(packets), options)]);
}

/** Puts the headers before a payload. */
function frameOf(packet: CapturedPacket): Uint8Array[] {
	const { sourceMac, destinationMac } = packet;
	if (packet.kind === 'arp') {
		return [ethernetHeader(sourceMac, destinationMac, ETHER_TYPE_ARP), arpMessage(packet)];
	}
	const payload = transport(packet);
	const { source, destination, protocol, ttl, dontFragment } = packet;
	const payloadBytes = payload.reduce((sum, piece) => sum + piece.length, 0);
	const identification = identificationOf(packet);
	return [
		ethernetHeader(sourceMac, destinationMac, ETHER_TYPE_IPV4),
		ipv4Header({
			source,
			destination,
			protocol,
			payloadBytes,
			ttl,
			identification,
			dontFragment,
		}),
		...payload,
	];
}

/**
 * The IP identification: that of the packet, so the same wherever it is captured, and another one when it
 * is sent again. Which number that is matters to nobody (RFC 6864); the packets of one write count up.
 */
function identificationOf(packet: CapturedIp): number {
	const { source, sourcePort, destination, destinationPort, departedUs, segment, tcp } = packet;
	const sort = `${packet.protocol} ${tcp?.flags.replace('P', '')} ${tcp?.ack} ${packet.payloadBytes > 0}`;
	const key = `${source}:${sourcePort} ${destination}:${destinationPort} ${departedUs} ${sort}`;
	const [start = 0] = murmur3(new TextEncoder().encode(key));
	return (start + segment) & 0xffff;
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
