/** The pcapng capture file format (draft-ietf-opsawg-pcapng), little endian, nanosecond time stamps. */

export interface PcapngFile {
	/** Named in the order of their numbers. */
	interfaces: readonly { name: string; description?: string }[];
	/** In time order. */
	packets: readonly PcapngPacket[];
	/** Names for addresses, shown with Wireshark's name resolution. */
	hostNames?: readonly { address: string; name: string }[];
	application?: string;
	comment?: string;
}

export interface PcapngPacket {
	interface: number;
	/** Microseconds since 1970. */
	timeUs: number;
	/** The frame from the Ethernet header on. */
	pieces: readonly Uint8Array[];
	comment?: string;
}

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const NAME_RESOLUTION = 4;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const LINK_TYPE_ETHERNET = 1;
const NAME_RECORD_IPV4 = 1;
const OPTION = {
	end: 0,
	comment: 1,
	applicationName: 4,
	interfaceName: 2,
	interfaceDescription: 3,
	timeResolution: 9,
} as const;
const NANOSECONDS = 9;

/** Writes a capture file as pieces; the packets' own pieces are among them, not copied. */
export function writePcapng(file: PcapngFile): Uint8Array[] {
	const out = [sectionHeader(file)];
	for (const { name, description } of file.interfaces) {
		out.push(interfaceDescription(name, description));
	}
	if (file.hostNames && file.hostNames.length > 0) out.push(nameResolution(file.hostNames));
	for (const packet of file.packets) out.push(...enhancedPacket(packet));
	return out;
}

function sectionHeader(file: PcapngFile): Uint8Array {
	const body = new Uint8Array(16);
	const view = new DataView(body.buffer);
	view.setUint32(0, BYTE_ORDER_MAGIC, true);
	view.setUint16(4, 1, true);
	// The section's length is not stated.
	view.setInt32(8, -1, true);
	view.setInt32(12, -1, true);
	const options = [];
	if (file.comment) options.push(option(OPTION.comment, text(file.comment)));
	if (file.application) options.push(option(OPTION.applicationName, text(file.application)));
	return block(SECTION_HEADER, [body, ...options, endOfOptions()]);
}

function interfaceDescription(name: string, description: string | undefined): Uint8Array {
	const body = new Uint8Array(8);
	new DataView(body.buffer).setUint16(0, LINK_TYPE_ETHERNET, true);
	const options = [option(OPTION.interfaceName, text(name))];
	if (description) options.push(option(OPTION.interfaceDescription, text(description)));
	options.push(option(OPTION.timeResolution, Uint8Array.of(NANOSECONDS)), endOfOptions());
	return block(INTERFACE_DESCRIPTION, [body, ...options]);
}

function nameResolution(names: readonly { address: string; name: string }[]): Uint8Array {
	const records = names.map(({ address, name }) =>
		option(
			NAME_RECORD_IPV4,
			join([Uint8Array.from(address.split('.'), Number), text(`${name}\0`)]),
		),
	);
	return block(NAME_RESOLUTION, [...records, new Uint8Array(4)]);
}

function enhancedPacket(packet: PcapngPacket): Uint8Array[] {
	const sizeBytes = packet.pieces.reduce((sum, piece) => sum + piece.length, 0);
	const options = packet.comment
		? [option(OPTION.comment, text(packet.comment)), endOfOptions()]
		: [];
	const padding = new Uint8Array(padded(sizeBytes) - sizeBytes);
	const tail = join([padding, ...options, new Uint8Array(4)]);
	const head = new Uint8Array(28);
	const view = new DataView(head.buffer);
	const total = head.length + sizeBytes + tail.length;
	view.setUint32(0, ENHANCED_PACKET, true);
	view.setUint32(4, total, true);
	view.setUint32(8, packet.interface, true);
	const time = BigInt(packet.timeUs) * 1_000n;
	view.setUint32(12, Number(time >> 32n), true);
	view.setUint32(16, Number(time & 0xffff_ffffn), true);
	view.setUint32(20, sizeBytes, true);
	view.setUint32(24, sizeBytes, true);
	new DataView(tail.buffer).setUint32(tail.length - 4, total, true);
	return [head, ...packet.pieces, tail];
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

/** An option, or a name record: code, length, value padded to 32 bits. */
function option(code: number, value: Uint8Array): Uint8Array {
	const out = new Uint8Array(4 + padded(value.length));
	const view = new DataView(out.buffer);
	view.setUint16(0, code, true);
	view.setUint16(2, value.length, true);
	out.set(value, 4);
	return out;
}

function endOfOptions(): Uint8Array {
	return option(OPTION.end, new Uint8Array(0));
}

function text(value: string): Uint8Array {
	return new TextEncoder().encode(value);
}

function padded(sizeBytes: number): number {
	return Math.ceil(sizeBytes / 4) * 4;
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
