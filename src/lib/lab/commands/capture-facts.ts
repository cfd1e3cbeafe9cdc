import type { CapturedPacket } from '#lib/network/capture.ts';
import type { World } from '#lib/hospital/world.ts';
import { peerLabel } from './peers.ts';

/** How attempts to connect ended, from the best to the worst that a capture can show. */
type Outcome = 'answered' | 'refused' | 'unanswered';

/** What a capture shows about each pair of machines: `capture at pacs: ct2 to pacs:104 unanswered`. */
export function captureFacts(
	world: World,
	hostId: string,
	packets: readonly CapturedPacket[],
): string[] {
	const attempts = new Map<string, Outcome>();
	const seen = new Set<string>();
	for (const packet of packets) {
		if (packet.kind === 'arp') continue;
		const source = peerLabel(world, packet.source);
		const destination = peerLabel(world, packet.destination);
		if (!packet.tcp) {
			if (packet.protocol === 'icmp') seen.add(`icmp from ${source}`);
			continue;
		}
		const there = `${source} to ${destination}:${packet.destinationPort}`;
		const back = `${destination} to ${source}:${packet.sourcePort}`;
		if (packet.tcp.flags === 'S' && !attempts.has(there)) attempts.set(there, 'unanswered');
		else if (packet.tcp.flags === 'S.' && attempts.has(back)) attempts.set(back, 'answered');
		else if (packet.tcp.flags.startsWith('R') && attempts.get(back) === 'unanswered') {
			attempts.set(back, 'refused');
		}
	}
	const facts = [...attempts].map(([pair, outcome]) => `${pair} ${outcome}`).concat([...seen]);
	if (facts.length === 0 && packets.length === 0) facts.push('nothing');
	return facts.map((fact) => `capture at ${hostId}: ${fact}`);
}
