import { internetChecksum } from './checksum.ts';
import { pseudoHeader } from './ipv4.ts';

export interface TcpFields {
	source: string;
	sourcePort: number;
	destination: string;
	destinationPort: number;
	seq: number;
	ack: number;
	fin: boolean;
	syn: boolean;
	rst: boolean;
	psh: boolean;
	/** Whether `ack` counts. */
	acknowledges: boolean;
	window: number;
	/** Written as an option when given. */
	mssBytes?: number;
}

const HEADER_BYTES = 20;
const MSS_OPTION_BYTES = 4;

/** A TCP header with its checksum over the payload (RFC 9293 3.1). */
export function tcpHeader(fields: TcpFields, payload: readonly Uint8Array[]): Uint8Array {
	const sizeBytes = HEADER_BYTES + (fields.mssBytes === undefined ? 0 : MSS_OPTION_BYTES);
	const header = new Uint8Array(sizeBytes);
	const view = new DataView(header.buffer);
	view.setUint16(0, fields.sourcePort);
	view.setUint16(2, fields.destinationPort);
	view.setUint32(4, fields.seq);
	view.setUint32(8, fields.ack);
	header[12] = (sizeBytes / 4) << 4;
	header[13] =
		Number(fields.fin) |
		(Number(fields.syn) << 1) |
		(Number(fields.rst) << 2) |
		(Number(fields.psh) << 3) |
		(Number(fields.acknowledges) << 4);
	view.setUint16(14, fields.window);
	if (fields.mssBytes !== undefined) {
		header.set([2, MSS_OPTION_BYTES], HEADER_BYTES);
		view.setUint16(HEADER_BYTES + 2, fields.mssBytes);
	}
	const total = payload.reduce((sum, piece) => sum + piece.length, sizeBytes);
	const pseudo = pseudoHeader(fields.source, fields.destination, 'tcp', total);
	view.setUint16(16, internetChecksum([pseudo, header, ...payload]));
	return header;
}
