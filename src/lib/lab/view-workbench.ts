import type { World } from '#lib/hospital/world.ts';
import { formatIsoLocal, type Micros } from '#lib/kernel/time.ts';
import { COMMANDS } from './commands/catalogue.ts';
import { topicsOf } from './conversation.ts';
import { LAYERS } from './define-fault.ts';
import type { ActionRecord } from './evidence.ts';
import { FAULT_DEFINITIONS } from './faults/catalogue.ts';
import type { Scenario } from './scenario-schema.ts';
import type { WorkbenchView } from './workbench-view.ts';

/** What the view is made from. */
export interface ViewSource {
	world: World;
	scenario: Scenario;
	records: readonly ActionRecord[];
	hintsTaken: readonly string[];
	closed: boolean;
	arrivalUs: Micros;
}

/** What one hint takes from the score, in percent, by its position. */
export const HINT_COST_PERCENT = [5, 10, 15, 20, 20] as const;

/** Everything the browser may know now. Nothing in it is read from faults, checks or solutions. */
export function viewWorkbench(source: ViewSource): WorkbenchView {
	const { world, scenario, records, hintsTaken } = source;
	return {
		scenario: {
			id: scenario.id,
			version: scenario.version,
			title: scenario.title,
			level: scenario.level,
			minutes: scenario.minutes,
			hospitalTitle: world.spec.title,
		},
		status: source.closed ? 'closed' : 'open',
		clock: { nowUs: world.kernel.nowUs, wallTime: formatIsoLocal(world.wallUs()) },
		ticket: ticketOf(source),
		map: mapOf(world),
		shells: shellsOf(world),
		people: world.spec.people.map((person) => ({
			...person,
			waiting: scenario.people[person.id]?.waiting ?? false,
			topics: topicsOf(world, scenario, person.id).map(({ id, label }) => ({ id, label })),
		})),
		vocabulary: vocabularyOf(world),
		commands: [...COMMANDS.values()].map(({ name, synopsis, summary }) => ({
			name,
			synopsis,
			summary,
		})),
		hints: {
			taken: [...hintsTaken],
			left: scenario.hints.length - hintsTaken.length,
			costPercentNext: HINT_COST_PERCENT[hintsTaken.length] ?? 0,
		},
		files: [...world.system(world.spec.desk).files].map(([path, bytes]) => ({
			path,
			sizeBytes: bytes.length,
		})),
		history: records.map(({ sequence, action, observation }) => ({
			sequence,
			action,
			observation,
		})),
	};
}

function ticketOf({ world, scenario, records, arrivalUs }: ViewSource): WorkbenchView['ticket'] {
	const person = (id: string): { name: string; role: string } =>
		world.spec.people.find((p) => p.id === id) ?? { name: id, role: '' };
	const from = person(scenario.ticket.from);
	return {
		number: scenario.ticket.number,
		from: from.name,
		fromRole: from.role,
		priority: scenario.ticket.priority,
		openedAt: formatIsoLocal(world.epochUs + arrivalUs),
		text: scenario.ticket.text,
		informed: records.flatMap(({ action, observation }) =>
			action.kind === 'inform' && observation.outcome === 'done'
				? [
						{
							person: action.person,
							name: person(action.person).name,
							at: formatIsoLocal(world.epochUs + observation.endedUs),
							text: action.text,
						},
					]
				: [],
		),
	};
}

function mapOf(world: World): WorkbenchView['map'] {
	const { networks, hosts, devices } = world.spec;
	const routers = hosts.filter((host) => host.forwards);
	return {
		networks: networks.map(({ id, title, cidr }) => ({ id, title, cidr })),
		nodes: hosts.map((host) => {
			const own = devices.filter((device) => device.host === host.id);
			const first = own[0];
			return {
				id: host.id,
				title: host.title,
				role: first ? world.definition(first.kind).title : host.forwards ? 'Router' : 'Host',
				networks: host.nics.map((nic) => nic.network),
				address:
					host.nics.length === 1 ? (host.nics[0]?.address ?? '') : `${host.nics.length} networks`,
				devices: own.map((device) => ({
					id: device.id,
					title: device.title,
					reach: device.reach,
					minutesAway: host.minutesAway,
				})),
				shell: host.shell !== undefined,
				x: host.map.x,
				y: host.map.y,
			};
		}),
		// A host without routing is drawn with one line to the router of its network.
		links: hosts
			.filter((host) => !host.forwards)
			.flatMap((host) =>
				host.nics.flatMap((nic) =>
					routers
						.filter((router) => router.nics.some((n) => n.network === nic.network))
						.map((router) => ({ from: host.id, to: router.id, network: nic.network })),
				),
			),
	};
}

function shellsOf(world: World): WorkbenchView['shells'] {
	const { desk, hosts } = world.spec;
	return hosts
		.filter((host) => host.shell)
		.sort((a, b) => Number(b.id === desk) - Number(a.id === desk))
		.map((host) => ({
			host: host.id,
			title: host.title,
			prompt: `${host.shell?.user ?? 'you'}@${host.id}:~$ `,
		}));
}

/** The same words for every ticket of a hospital: every component and every mechanism of the catalogue. */
function vocabularyOf(world: World): WorkbenchView['vocabulary'] {
	const mechanisms = new Map(
		[...FAULT_DEFINITIONS.values()].map(({ mechanism }) => [mechanism.id, mechanism]),
	);
	const devices = world.spec.devices.map(({ id, title }) => ({ id, title }));
	const deviceHosts = new Set(world.spec.devices.map((device) => device.host));
	const hosts = world.spec.hosts
		.filter((host) => !deviceHosts.has(host.id))
		.map(({ id, title }) => ({ id, title }));
	return {
		components: [...devices, ...hosts],
		layers: LAYERS.map(({ id, title }) => ({ id, title })),
		mechanisms: [...mechanisms.values()]
			.map(({ id, title, layer }) => ({ id, title, layer }))
			.sort((a, b) => (a.title < b.title ? -1 : 1)),
	};
}
