import type { Host } from '#lib/network/host.ts';
import type { SocketRow } from '#lib/network/tcp-stack.ts';

export interface SocketChoice {
	listening: boolean;
	connected: boolean;
}

/** The TCP sockets of a host that were asked for, listeners first, in a fixed order. */
export function chosenSockets(host: Host, choice: SocketChoice): SocketRow[] {
	return host
		.sockets()
		.filter((row) => (row.state === 'LISTEN' ? choice.listening : choice.connected))
		.sort(
			(a, b) =>
				Number(b.state === 'LISTEN') - Number(a.state === 'LISTEN') ||
				a.localPort - b.localPort ||
				(a.remoteAddress < b.remoteAddress ? -1 : a.remoteAddress > b.remoteAddress ? 1 : 0) ||
				a.remotePort - b.remotePort,
		);
}

/** `sockets pacs: listening 104`, one per port, or that there is none. */
export function listeningFacts(host: Host, rows: readonly SocketRow[]): string[] {
	const ports = rows.filter((row) => row.state === 'LISTEN').map((row) => row.localPort);
	const words = ports.length > 0 ? ports.map(String) : ['none'];
	return words.map((word) => `sockets ${host.id}: listening ${word}`);
}
