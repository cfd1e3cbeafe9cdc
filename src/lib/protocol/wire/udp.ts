import { internetChecksum } from './checksum.ts';
import { pseudoHeader } from './ipv4.ts';

export interface UdpFields {
	source: string;
	sourcePort: number;
	destination: string;
	destinationPort: number;
}

const HEADER_BYTES = 8;

/** A UDP header with its checksum over the payload (RFC 768). */
export function udpHeader(fields: UdpFields, payload: readonly Uint8Array[]): Uint8Array {
	const header = new Uint8Array(HEADER_BYTES);
	const view = new DataView(header.buffer);
	const total = payload.reduce((sum, piece) => sum + piece.length, HEADER_BYTES);
	view.setUint16(0, fields.sourcePort);
	view.setUint16(2, fields.destinationPort);
	view.setUint16(4, total);
	const pseudo = pseudoHeader(fields.source, fields.destination, 'udp', total);
	// Zero would mean that there is no checksum.
	view.setUint16(6, internetChecksum([pseudo, header, ...payload]) || 0xffff);
	return header;
}
