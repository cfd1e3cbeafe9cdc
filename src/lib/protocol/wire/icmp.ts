import { internetChecksum } from './checksum.ts';

/** An ICMP echo (RFC 792): type 8 is a request, 0 a reply. The payload counts up, as ping fills it. */
export function icmpEcho(
	type: 0 | 8,
	identifier: number,
	sequence: number,
	payloadBytes: number,
): Uint8Array {
	const message = new Uint8Array(8 + payloadBytes);
	const view = new DataView(message.buffer);
	message[0] = type;
	view.setUint16(4, identifier);
	view.setUint16(6, sequence);
	for (let i = 0; i < payloadBytes; i++) message[8 + i] = i & 0xff;
	view.setUint16(2, internetChecksum([message]));
	return message;
}

/**
 * An ICMP error: `quoted` is the IP header and the first 8 bytes of the packet it is about. The MTU of the next hop
 * belongs to type 3 code 4 (RFC 1191).
 */
export function icmpError(
	type: number,
	code: number,
	quoted: readonly Uint8Array[],
	mtuBytes = 0,
): Uint8Array {
	const size = quoted.reduce((sum, piece) => sum + piece.length, 8);
	const message = new Uint8Array(size);
	const view = new DataView(message.buffer);
	message[0] = type;
	message[1] = code;
	view.setUint16(6, mtuBytes);
	let offset = 8;
	for (const piece of quoted) {
		message.set(piece, offset);
		offset += piece.length;
	}
	view.setUint16(2, internetChecksum([message]));
	return message;
}
