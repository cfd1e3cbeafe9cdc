import type { ExhibitFacts } from '#lib/exam/item/exhibit.ts';
import type { Played } from './play.ts';
import { exchangeFacts } from './exchange-facts.ts';
import type { SeenPacket } from './wire.ts';

/** What the caller's capture shows. */
export function captureFacts({ site, caller, archive }: Played): ExhibitFacts {
	const { packets } = caller;
	const closedBy = closer(packets, archive.packets);
	return {
		...exchangeFacts(packets, site),
		client: site.caller.address,
		server: site.archive.address,
		packets: packets.length,
		synCount: packets.filter(({ packet }) => packet.tcp?.flags === 'S').length,
		...(closedBy !== undefined && { closedBy }),
	};
}

/** Who sent the first FIN or RST; a reset in the server's name that the server never sent is the firewall's. */
function closer(
	packets: readonly SeenPacket[],
	atServer: readonly SeenPacket[],
): 'client' | 'server' | 'firewall' | undefined {
	const first = packets.find(({ packet }) => /^[FR]/.test(packet.tcp?.flags ?? ''));
	if (first) return first.fromClient ? 'client' : 'server';
	const arrived = new Set(
		atServer.filter(({ fromClient }) => fromClient).map(({ packet }) => packet.tcp?.seq),
	);
	const lost = packets.some(
		({ fromClient, packet }) =>
			fromClient && packet.payloadBytes > 0 && !arrived.has(packet.tcp?.seq),
	);
	return lost ? 'firewall' : undefined;
}
