import type { World } from '#lib/hospital/world.ts';
import type { Micros } from '#lib/kernel/time.ts';
import { captureFile } from '#lib/network/capture-file.ts';
import { segmentsAt } from '#lib/network/capture.ts';
import type { Host } from '#lib/network/host.ts';
import type { PcapngInterface } from '#lib/protocol/wire/write-pcapng.ts';
import type { ActionRecord } from './evidence.ts';

const FILE_BYTES_MAX = 256_000_000;

/** The NICs of a host as a capture file describes them: each with the network it is plugged into. */
export function captureInterfaces(world: World, host: Host): PcapngInterface[] {
	return host.nics.map(({ name, network }) => {
		const title = world.spec.networks.find((one) => one.id === network)?.title;
		return { name, ...(title !== undefined && { description: title }) };
	});
}

/**
 * Everything the desk's machine has sent and received since the trainee arrived, as a pcapng file in
 * pieces, each made when it is asked for. A packet that a command of the trainee caused has a comment
 * with its number and line. It is the trainee's own machine: nothing in the file could not be captured there,
 * and what its own programs said over TLS is theirs to read, so the file brings their keys.
 */
export function deskCapture(
	world: World,
	records: readonly ActionRecord[],
	arrivalUs: Micros,
): Generator<Uint8Array, number, undefined> {
	const { desk, institution, names } = world.spec;
	const host = world.host(desk);
	const steps = new DeskSteps(records, desk);
	return captureFile(
		segmentsAt(world.kernel.trace, desk, { fromUs: arrivalUs, toUs: world.kernel.nowUs }),
		{
			epochUs: world.epochUs + world.system(desk).clockOffsetUs,
			interfaces: captureInterfaces(world, host),
			hostNames: names,
			comment: `everything that ${desk} sent and received, ${institution}`,
			commentOf: ({ timeUs }) => steps.at(timeUs),
			tlsKeyLog: ownKeys(world, desk, arrivalUs),
			limitBytes: FILE_BYTES_MAX,
		},
	);
}

/** The key log of the TLS sessions that a machine's own programs opened; nobody else's, whoever passes by. */
function ownKeys(world: World, hostId: string, fromUs: Micros): string[] {
	return world.kernel.trace.events.flatMap((event) => {
		const { kind, timeUs, host, keyLogLine } = event;
		const own = kind === 'tls-handshake' && host === hostId && timeUs >= fromUs;
		return own && typeof keyLogLine === 'string' ? [keyLogLine] : [];
	});
}

/** Which command was running on the desk at a time; times are asked for in ascending order. */
class DeskSteps {
	readonly #commands: readonly { fromUs: Micros; toUs: Micros; text: string }[];
	#index = 0;

	constructor(records: readonly ActionRecord[], desk: string) {
		this.#commands = records.flatMap(({ sequence, action, observation }) =>
			action.kind === 'command' && action.place === desk
				? [
						{
							fromUs: observation.startedUs,
							toUs: observation.endedUs,
							text: `action ${sequence + 1}: ${action.line}`,
						},
					]
				: [],
		);
	}

	at(timeUs: Micros): string | undefined {
		while ((this.#commands[this.#index]?.toUs ?? Infinity) < timeUs) this.#index++;
		const command = this.#commands[this.#index];
		return command && command.fromUs <= timeUs ? command.text : undefined;
	}
}
