import { World } from '#lib/hospital/world.ts';
import type { Process } from '#lib/kernel/process.ts';
import { Random } from '#lib/kernel/random.ts';
import { seconds, type Micros } from '#lib/kernel/time.ts';
import { drawCase } from '../clinical-case.ts';
import { Caller } from './caller.ts';
import { EXCHANGE_CASES } from './cases.ts';
import type { LogEntry } from './log-entry.ts';
import { drawSite, HOST, type Site } from './site.ts';
import type { Stage } from './stage.ts';
import { EXCHANGE_DEVICES, type WatchedArchive } from './watched-archive.ts';
import { seenAt, type SeenPacket } from './wire.ts';

/** An exchange that has happened. */
export interface Played {
	site: Site;
	/** The wall clock at virtual time 0, µs since 1970. */
	epochUs: Micros;
	/** What each side saw on the wire, and wrote to its log. */
	caller: { packets: SeenPacket[]; entries: LogEntry[] };
	archive: { packets: SeenPacket[]; entries: LogEntry[] };
}

/** What happened before begins long enough before the exchange. */
const HEAD_START_US = seconds(2);
/** The caller's capture goes on for so long after it is done. */
const CAPTURE_TAIL_US = seconds(1);
const EVENT_BUDGET = 50_000;

/** Plays a case in the smallest hospital it can happen in: real hosts, associations and devices. */
export function playExchange(caseId: string, seed: string): Played {
	const plan = EXCHANGE_CASES[caseId];
	if (!plan) throw new RangeError(`no exchange "${caseId}"`);
	const site = drawSite(new Random(seed, 'site'), plan.changes ?? {});
	const epochUs = drawCase(seed).nowUs;
	const world = new World(site.hospital, EXCHANGE_DEVICES, {
		seed,
		epochUs,
		eventBudget: EVENT_BUDGET,
	});
	const archive = world.device('archive') as WatchedArchive;
	const caller = new Caller(world, site);
	const random = new Random(seed, 'exchange');
	const stage: Stage = { world, site, archive, caller, random, seed };
	world.start();
	if (plan.prepare) run(world, 'prepare', plan.prepare(stage));
	world.kernel.runUntil(world.kernel.nowUs + HEAD_START_US + random.below(1_000_000));
	archive.entries.length = 0;
	run(world, 'caller', plan.act(stage));
	const captureEndUs = world.kernel.nowUs + CAPTURE_TAIL_US;
	world.kernel.runUntil(world.kernel.nowUs + (plan.settleUs ?? seconds(1)));
	const ends = { client: site.caller.address, server: site.archive.address };
	const atCaller = seenAt(world, HOST.caller, ends);
	return {
		site,
		epochUs,
		caller: {
			packets: atCaller.filter(({ timeUs }) => timeUs <= captureEndUs),
			entries: caller.entries,
		},
		archive: { packets: seenAt(world, HOST.archive, ends), entries: archive.entries },
	};
}

/** Runs a process to its end. */
function run(world: World, name: string, body: Process): void {
	world.kernel.runTask(world.kernel.spawn(name, body));
}
