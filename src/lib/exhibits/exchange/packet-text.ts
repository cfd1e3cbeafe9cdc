import { commandName, isResponse } from '#lib/protocol/dicom/dimse/services.ts';
import type { CommandSet } from '#lib/protocol/dicom/dimse/command-dictionary.ts';
import { statusCode } from './exchange-facts.ts';
import type { SeenPacket, Unit } from './wire.ts';

const COLUMNS = ['No.', 'Time', 'Source', 'Destination', 'Protocol', 'Info'];

/** Flags as protocol analysers write them, by tcpdump's letters. */
const FLAGS: Readonly<Record<string, string>> = {
	S: 'SYN',
	'S.': 'SYN, ACK',
	'.': 'ACK',
	'P.': 'PSH, ACK',
	'F.': 'FIN, ACK',
	R: 'RST',
	'R.': 'RST, ACK',
};

/** Packets one a line, as a protocol analyser lists them. Seconds count from the first one. */
export function packetText(packets: readonly SeenPacket[]): string {
	const startUs = packets[0]?.timeUs ?? 0;
	const again = repeated(packets);
	const rows = packets.map((seen, i) => {
		const { packet, units, timeUs } = seen;
		return [
			String(i + 1),
			((timeUs - startUs) / 1_000_000).toFixed(6),
			packet.source,
			packet.destination,
			units.length > 0 ? 'DICOM' : 'TCP',
			units.length > 0
				? units.map((unit) => unitInfo(unit, packets)).join(', ')
				: tcpInfo(seen, again.has(i)),
		];
	});
	const widths = COLUMNS.map((column, c) =>
		Math.max(column.length, ...rows.map((row) => row[c]?.length ?? 0)),
	);
	return [COLUMNS, ...rows]
		.map((row) =>
			row
				.map((cell, c) => (c < 2 ? cell.padStart(widths[c] ?? 0) : cell.padEnd(widths[c] ?? 0)))
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
}

/** Indexes of packets whose sequence number was sent before with the same flags and something to repeat. */
function repeated(packets: readonly SeenPacket[]): Set<number> {
	const seen = new Set<string>();
	const again = new Set<number>();
	for (const [i, { packet, fromClient }] of packets.entries()) {
		const { tcp, payloadBytes } = packet;
		if (!tcp || (payloadBytes === 0 && !/^[SF]/.test(tcp.flags))) continue;
		const key = `${String(fromClient)} ${tcp.flags} ${tcp.relativeSeq}`;
		if (seen.has(key)) again.add(i);
		seen.add(key);
	}
	return again;
}

function tcpInfo({ packet, unfinished }: SeenPacket, again: boolean): string {
	const { tcp, sourcePort, destinationPort, payloadBytes } = packet;
	if (!tcp) return '';
	const notes = again ? '[TCP Retransmission] ' : unfinished ? '[part of a PDU] ' : '';
	const parts = [
		`${sourcePort} → ${destinationPort} [${FLAGS[tcp.flags] ?? tcp.flags}] Seq=${tcp.relativeSeq}`,
	];
	if (tcp.flags.endsWith('.')) parts.push(`Ack=${tcp.relativeAck}`);
	parts.push(`Win=${tcp.window}`, `Len=${payloadBytes}`);
	if (tcp.mssBytes !== undefined) parts.push(`MSS=${tcp.mssBytes}`);
	return notes + parts.join(' ');
}

/** A PDU in a few words. */
function unitInfo(unit: Unit, packets: readonly SeenPacket[]): string {
	switch (unit.kind) {
		case 'A-ASSOCIATE-RQ':
			return `A-ASSOCIATE request ${unit.callingAeTitle} --> ${unit.calledAeTitle}`;
		case 'A-ASSOCIATE-AC': {
			const { callingAeTitle, calledAeTitle, presentationContexts } = unit;
			const results = presentationContexts.map(({ id, result }) => `${id}: result ${result}`);
			return `A-ASSOCIATE accept ${callingAeTitle} <-- ${calledAeTitle} (context ${results.join(', ')})`;
		}
		case 'A-ASSOCIATE-RJ': {
			const titles = titlesOf(packets);
			return `A-ASSOCIATE reject ${titles}(result ${unit.result}, source ${unit.source}, reason ${unit.reason})`;
		}
		case 'A-RELEASE-RQ':
			return 'A-RELEASE request';
		case 'A-RELEASE-RP':
			return 'A-RELEASE response';
		case 'A-ABORT':
			return `A-ABORT (source ${unit.source}, reason ${unit.reason})`;
		case 'command':
			return `P-DATA, ${commandInfo(unit.command)}`;
		case 'data':
			return `P-DATA, data set, ${unit.sizeBytes} bytes`;
		case 'defect':
			return `malformed: ${unit.explanation}`;
	}
}

function titlesOf(packets: readonly SeenPacket[]): string {
	for (const unit of packets.flatMap((packet) => packet.units)) {
		if (unit.kind === 'A-ASSOCIATE-RQ') return `${unit.callingAeTitle} <-- ${unit.calledAeTitle} `;
	}
	return '';
}

function commandInfo(command: CommandSet): string {
	const name = commandName(command.CommandField) ?? 'unknown command';
	const id = isResponse(command) ? command.MessageIDBeingRespondedTo : command.MessageID;
	const status = command.Status === undefined ? '' : `, status ${statusCode(command.Status)}`;
	const destination =
		command.MoveDestination === undefined ? '' : `, destination ${command.MoveDestination}`;
	return `${name} ID=${id ?? 0}${destination}${status}`;
}
