/** Writing the pcapng capture file format (draft-ietf-opsawg-pcapng): little endian, nanoseconds. */
import { addressBytes } from './ipv4.ts';
import {
	BLOCK,
	BYTE_ORDER_MAGIC,
	NAME_RECORD,
	OPTION,
	paddedBytes,
	SECRETS_TLS_KEY_LOG,
} from './pcapng-codes.ts';

export interface PcapngInterface {
	name: string;
	description?: string;
}

export interface PcapngOptions {
	/** By their numbers. Each is written when it or a later one is first needed. */
	interfaces: readonly PcapngInterface[];
	/** Names for addresses, shown with Wireshark's name resolution. */
	hostNames?: readonly { address: string; name: string }[];
	application?: string;
	comment?: string;
	/**
	 * Lines of a TLS key log, with which a reader decrypts the connections in the file: for whoever may read what
	 * was said in them.
	 */
	tlsKeyLog?: readonly string[];
	/** Longer packets are cut to this; 262,144 unless given, as tcpdump does. */
	snapLengthBytes?: number;
	/** Packets that would make the file longer are left out, and the file says so. No limit unless given. */
	limitBytes?: number;
}

export interface PcapngPacket {
	interface: number;
	/** Microseconds since 1970. */
	timeUs: number;
	/** The frame from the link-layer header on. */
	pieces: readonly Uint8Array[];
	comment?: string;
}

const LINK_TYPE_ETHERNET = 1;
const NANOSECONDS = 9;
const DEFAULT_SNAP_LENGTH_BYTES = 262_144;
/** Room for the statistics at the end, which are written whatever the limit. */
const BYTES_PER_STATISTICS = 256;

/**
 * Writes a capture file as pieces, packet by packet in the order given; the packets' own pieces are among
 * them, not copied, and nothing is kept. At the end stand statistics for each interface: packets received,
 * and packets left out for want of room, with a comment that says so. After the first packet that does
 * not fit none is written any more, so that what is there has no holes. Returns how many were left out.
 */
export function* writePcapng(
	options: PcapngOptions,
	packets: Iterable<PcapngPacket>,
): Generator<Uint8Array, number, undefined> {
	const { snapLengthBytes = DEFAULT_SNAP_LENGTH_BYTES, limitBytes = Infinity } = options;
	const counts: Counts[] = [];
	const last = limitBytes - options.interfaces.length * BYTES_PER_STATISTICS;
	let writtenBytes = 0;
	let full = false;
	const header = sectionHeader(options);
	const names = options.hostNames?.length ? nameResolution(options.hostNames) : undefined;
	// Before the packets that they decrypt, as the format asks.
	const secrets = options.tlsKeyLog?.length ? tlsSecrets(options.tlsKeyLog) : undefined;
	for (const piece of [header, names, secrets]) {
		if (!piece) continue;
		writtenBytes += piece.length;
		yield piece;
	}
	for (const packet of packets) {
		const pieces: Uint8Array[] = [];
		while (counts.length <= packet.interface) {
			const one = options.interfaces[counts.length] ?? { name: `eth${counts.length}` };
			pieces.push(interfaceDescription(one, snapLengthBytes));
			counts.push({ received: 0, leftOut: 0, firstUs: packet.timeUs, lastUs: packet.timeUs });
		}
		const described = pieces.length;
		pieces.push(...enhancedPacket(packet, snapLengthBytes));
		const sizeBytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
		full ||= writtenBytes + sizeBytes > last;
		count(counts[packet.interface]!, packet, full);
		// An interface is described even when its packets do not fit: its statistics refer to it.
		for (const piece of full ? pieces.slice(0, described) : pieces) {
			writtenBytes += piece.length;
			yield piece;
		}
	}
	for (const [id, one] of counts.entries()) yield statistics(id, one, limitBytes);
	return counts.reduce((sum, one) => sum + one.leftOut, 0);
}

interface Counts {
	received: number;
	leftOut: number;
	firstUs: number;
	lastUs: number;
}

function count(counts: Counts, packet: PcapngPacket, leftOut: boolean): void {
	counts.received++;
	if (leftOut) counts.leftOut++;
	if (counts.received === 1) counts.firstUs = packet.timeUs;
	counts.lastUs = packet.timeUs;
}

function sectionHeader(options: PcapngOptions): Uint8Array {
	const body = new Uint8Array(16);
	const view = new DataView(body.buffer);
	view.setUint32(0, BYTE_ORDER_MAGIC, true);
	view.setUint16(4, 1, true);
	// The section's length is not stated.
	view.setInt32(8, -1, true);
	view.setInt32(12, -1, true);
	return block(BLOCK.sectionHeader, [
		body,
		...textOptions([
			[OPTION.comment, options.comment],
			[OPTION.sectionApplication, options.application],
		]),
		endOfOptions(),
	]);
}

function interfaceDescription(one: PcapngInterface, snapLengthBytes: number): Uint8Array {
	const body = new Uint8Array(8);
	const view = new DataView(body.buffer);
	view.setUint16(0, LINK_TYPE_ETHERNET, true);
	view.setUint32(4, snapLengthBytes, true);
	return block(BLOCK.interfaceDescription, [
		body,
		...textOptions([
			[OPTION.interfaceName, one.name],
			[OPTION.interfaceDescription, one.description],
		]),
		option(OPTION.interfaceTimeResolution, Uint8Array.of(NANOSECONDS)),
		endOfOptions(),
	]);
}

function nameResolution(names: readonly { address: string; name: string }[]): Uint8Array {
	const records = names.map(({ address, name }) =>
		option(NAME_RECORD.ipv4, join([addressBytes(address), text(`${name}\0`)])),
	);
	return block(BLOCK.nameResolution, [...records, new Uint8Array(4)]);
}

function tlsSecrets(lines: readonly string[]): Uint8Array {
	const log = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
	const body = new Uint8Array(8 + paddedBytes(log.length));
	const view = new DataView(body.buffer);
	view.setUint32(0, SECRETS_TLS_KEY_LOG, true);
	view.setUint32(4, log.length, true);
	body.set(log, 8);
	return block(BLOCK.decryptionSecrets, [body]);
}

function enhancedPacket(packet: PcapngPacket, snapLengthBytes: number): Uint8Array[] {
	const originalBytes = packet.pieces.reduce((sum, piece) => sum + piece.length, 0);
	const pieces = firstBytes(packet.pieces, snapLengthBytes);
	const sizeBytes = Math.min(originalBytes, snapLengthBytes);
	const options = packet.comment
		? [...textOptions([[OPTION.comment, packet.comment]]), endOfOptions()]
		: [];
	const padding = new Uint8Array(paddedBytes(sizeBytes) - sizeBytes);
	const tail = join([padding, ...options, new Uint8Array(4)]);
	const head = new Uint8Array(28);
	const view = new DataView(head.buffer);
	const total = head.length + sizeBytes + tail.length;
	view.setUint32(0, BLOCK.enhancedPacket, true);
	view.setUint32(4, total, true);
	view.setUint32(8, packet.interface, true);
	setTime(view, 12, packet.timeUs);
	view.setUint32(20, sizeBytes, true);
	view.setUint32(24, originalBytes, true);
	new DataView(tail.buffer).setUint32(tail.length - 4, total, true);
	return [head, ...pieces, tail];
}

function firstBytes(pieces: readonly Uint8Array[], sizeBytes: number): Uint8Array[] {
	const out: Uint8Array[] = [];
	let left = sizeBytes;
	for (const piece of pieces) {
		if (left <= 0) break;
		out.push(piece.length <= left ? piece : piece.subarray(0, left));
		left -= piece.length;
	}
	return out;
}

function statistics(id: number, counts: Counts, limitBytes: number): Uint8Array {
	const body = new Uint8Array(12);
	const view = new DataView(body.buffer);
	view.setUint32(0, id, true);
	setTime(view, 4, counts.lastUs);
	const note =
		counts.leftOut > 0
			? `capture stopped at ${megabytes(limitBytes)} MB: ${counts.leftOut} packets were left out`
			: undefined;
	return block(BLOCK.interfaceStatistics, [
		body,
		...textOptions([[OPTION.comment, note]]),
		option(OPTION.statisticsStartTime, timeBytes(counts.firstUs)),
		option(OPTION.statisticsEndTime, timeBytes(counts.lastUs)),
		option(OPTION.statisticsReceived, integer64(counts.received)),
		option(OPTION.statisticsDropped, integer64(counts.leftOut)),
		endOfOptions(),
	]);
}

/** Decimal, without zeros at the end. */
function megabytes(sizeBytes: number): string {
	return String(Math.round(sizeBytes / 10_000) / 100);
}

/** A time stamp: the upper half first, each half in the section's byte order. */
function setTime(view: DataView, at: number, timeUs: number): void {
	const time = BigInt(Math.round(timeUs)) * 1_000n;
	view.setUint32(at, Number(time >> 32n), true);
	view.setUint32(at + 4, Number(time & 0xffff_ffffn), true);
}

function timeBytes(timeUs: number): Uint8Array {
	const value = new Uint8Array(8);
	setTime(new DataView(value.buffer), 0, timeUs);
	return value;
}

function integer64(value: number): Uint8Array {
	const bytes = new Uint8Array(8);
	new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
	return bytes;
}

/** A block: type, total length, body, total length again. */
function block(type: number, body: Uint8Array[]): Uint8Array {
	const total = body.reduce((sum, piece) => sum + piece.length, 12);
	const out = join([new Uint8Array(8), ...body, new Uint8Array(4)]);
	const view = new DataView(out.buffer);
	view.setUint32(0, type, true);
	view.setUint32(4, total, true);
	view.setUint32(total - 4, total, true);
	return out;
}

function textOptions(options: readonly (readonly [number, string | undefined])[]): Uint8Array[] {
	return options.flatMap(([code, value]) => (value ? [option(code, text(value))] : []));
}

/** An option, or a name record: code, length, value padded to 32 bits. */
function option(code: number, value: Uint8Array): Uint8Array {
	const out = new Uint8Array(4 + paddedBytes(value.length));
	const view = new DataView(out.buffer);
	view.setUint16(0, code, true);
	view.setUint16(2, value.length, true);
	out.set(value, 4);
	return out;
}

function endOfOptions(): Uint8Array {
	return option(OPTION.end, new Uint8Array(0));
}

/** At most what the 16 bits of an option's length can say. */
function text(value: string): Uint8Array {
	return new TextEncoder().encode(value).subarray(0, 0xffff);
}

function join(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
	const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
	let offset = 0;
	for (const piece of pieces) {
		out.set(piece, offset);
		offset += piece.length;
	}
	return out;
}
