import { formatIsoLocal, type Micros } from '#lib/kernel/time.ts';
import type { LogEntry } from './log-entry.ts';
import { unitLines } from './unit-lines.ts';
import type { SeenPacket } from './wire.ts';

/**
 * The log of one side: what its program wrote, and between it, at level DEBUG, what it sent (`->`) and received
 * (`<-`), in the order in which it happened. Without `words` only what was on the wire is left, so that the
 * numbers have to speak.
 */
export function logText(
	side: 'caller' | 'archive',
	{ packets, entries }: { packets: readonly SeenPacket[]; entries: readonly LogEntry[] },
	epochUs: Micros,
	words = true,
): string {
	const lines: (LogEntry & { rank: number })[] = [];
	if (words) lines.push(...entries.map((entry) => ({ ...entry, rank: 1 })));
	for (const { timeUs, fromClient, packet, units } of packets) {
		const sent = fromClient === (side === 'caller');
		// At one instant a program first hears, then decides, then speaks.
		const rank = sent ? 2 : 0;
		const add = (text: string): void =>
			void lines.push({ atUs: timeUs, level: 'DEBUG', text, rank });
		for (const unit of units) {
			const [first, ...further] = unitLines(unit, words);
			if (first === undefined) continue;
			add(`${sent ? '->' : '<-'} ${first}`);
			for (const text of further) add(`   ${text}`);
		}
		const flags = packet.tcp?.flags ?? '';
		if (!sent && flags === 'F.') add('connection closed by peer');
		if (!sent && flags.startsWith('R')) add('connection reset');
	}
	return lines
		.sort((a, b) => instantOf(a.atUs) - instantOf(b.atUs) || a.rank - b.rank)
		.map(({ atUs, level, text }) => `${stamp(epochUs + atUs)} ${level.padEnd(5)} ${text}`)
		.join('\n');
}

/** Captures and programs disagree about an instant by some microseconds. */
const instantOf = (us: Micros): number => Math.round(us / 100);

/** `2026-03-09 07:40:12.123`, as the devices write it. */
function stamp(us: Micros): string {
	const millis = String(Math.floor(us / 1_000) % 1_000).padStart(3, '0');
	return `${formatIsoLocal(us).replace('T', ' ')}.${millis}`;
}
