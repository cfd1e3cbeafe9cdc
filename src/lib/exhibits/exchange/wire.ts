import type { World } from '#lib/hospital/world.ts';
import type { Micros } from '#lib/kernel/time.ts';
import { captureAt, cutSegments, type CapturedIp } from '#lib/network/capture.ts';
import type { CommandSet } from '#lib/protocol/dicom/dimse/command-dictionary.ts';
import { decodeCommandSet } from '#lib/protocol/dicom/dimse/command-set.ts';
import { PduReader, type PduDefect } from '#lib/protocol/dicom/upper-layer/decode-pdu.ts';
import type { Pdu } from '#lib/protocol/dicom/upper-layer/pdu.ts';

/** Larger than any PDU of an exhibit; what was really sent is to be read whatever was agreed on. */
const LIMITS = { dataBytes: 1 << 20, otherBytes: 1 << 20 };

/** What a PDU says, as far as exhibits tell it. */
export type Unit =
	| Exclude<Pdu, { kind: 'P-DATA-TF' }>
	| PduDefect
	| { kind: 'command'; contextId: number; command: CommandSet }
	| { kind: 'data'; contextId: number; sizeBytes: number; isLast: boolean };

/** A packet of the conversation as one host saw it, with the PDUs that were complete with it. */
export interface SeenPacket {
	timeUs: Micros;
	/** From the side that opened the connection. */
	fromClient: boolean;
	packet: CapturedIp;
	units: Unit[];
	/** Carries part of a PDU that is not complete yet. */
	unfinished: boolean;
}

/** The packets between a client and a server as captured on a host, in time order, decoded. */
export function seenAt(
	world: World,
	hostId: string,
	ends: { client: string; server: string },
): SeenPacket[] {
	const { client, server } = ends;
	const captured = captureAt(world.kernel.trace, hostId, {
		filter: (packet) =>
			packet.kind === 'ip' &&
			packet.tcp !== undefined &&
			((packet.source === client && packet.destination === server) ||
				(packet.source === server && packet.destination === client)),
	});
	const readers = { client: new UnitReader(), server: new UnitReader() };
	return [...cutSegments(captured)]
		.filter((packet) => packet.kind === 'ip')
		.sort((a, b) => a.timeUs - b.timeUs)
		.map((packet) => {
			const fromClient = packet.source === client;
			const reader = fromClient ? readers.client : readers.server;
			const { units, unfinished } = reader.take(packet);
			return { timeUs: packet.timeUs, fromClient, packet, units, unfinished };
		});
}

/** Reads the PDUs of one direction; what was sent again is not read twice. */
class UnitReader {
	readonly #reader = new PduReader(LIMITS);
	#nextSeq = 1;

	take({ tcp, payloadBytes, pieces }: CapturedIp): { units: Unit[]; unfinished: boolean } {
		if (!tcp || payloadBytes === 0 || tcp.relativeSeq !== this.#nextSeq) {
			return { units: [], unfinished: false };
		}
		this.#nextSeq += payloadBytes;
		for (const piece of pieces) this.#reader.push(piece);
		const units: Unit[] = [];
		let found = this.#reader.next();
		while (found !== undefined) {
			units.push(...unitsOf(found));
			found = this.#reader.next();
		}
		return { units, unfinished: units.length === 0 };
	}
}

function unitsOf(pdu: Pdu | PduDefect): Unit[] {
	if (pdu.kind !== 'P-DATA-TF') return [pdu];
	return pdu.pdvs.map(({ contextId, isCommand, isLast, data }): Unit => {
		const decoded = isCommand ? decodeCommandSet(data) : undefined;
		if (decoded?.ok) return { kind: 'command', contextId, command: decoded.commandSet };
		return { kind: 'data', contextId, sizeBytes: data.length, isLast };
	});
}
