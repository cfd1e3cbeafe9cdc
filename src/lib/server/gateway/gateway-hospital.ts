import { DEVICE_DEFINITIONS } from '#lib/hospital/devices/catalogue.ts';
import type { ListeningPort } from '#lib/hospital/define-device.ts';
import { archiveConfigSchema, type ArchiveConfig } from '#lib/hospital/devices/archive/archive.ts';
import type { FirewallRuleSpec, HospitalSpec } from '#lib/hospital/hospital-spec.ts';

/** What the hospital has to know of the programs outside. */
export interface Outsiders {
	/** Calling AE titles that the archive shall know besides its own table. */
	callers: readonly string[];
	/** AE titles that the archive shall be able to move images to. */
	destinations: readonly string[];
}

/** A port that a device of the hospital listens on. */
export interface ListeningNode extends ListeningPort {
	deviceId: string;
	title: string;
	hostId: string;
}

type Device = HospitalSpec['devices'][number];

/** Ports of the desk for new move destinations; lower ones are left to the hospital file. */
const FIRST_DESTINATION_PORT = 11_114;
/** In the node table an entry needs a port even when nothing listens there. */
const CALLER_PORT = 11_112;

/** Every port that a device listens on, in the order of the hospital file. */
export function listeningNodes(spec: HospitalSpec): ListeningNode[] {
	return spec.devices.flatMap((device) => {
		const definition = DEVICE_DEFINITIONS.get(device.kind);
		const ports = definition?.listens?.(definition.config.parse(device.config)) ?? [];
		return ports.map((port) => ({
			...{ deviceId: device.id, title: device.title, hostId: device.host },
			...port,
		}));
	});
}

/**
 * The hospital as it would be after a change request for the programs outside: every archive has them in
 * its table of known nodes, as programs on the desk, every firewall lets the archive reach the desk on
 * the ports of the move destinations, and the desk reach what listens elsewhere. Returns those ports too. Throws a RangeError for a destination
 * whose AE title belongs to another host of the hospital.
 */
export function admitOutsiders(
	spec: HospitalSpec,
	outsiders: Outsiders,
): { spec: HospitalSpec; destinationPorts: ReadonlyMap<string, number> } {
	const archives = spec.devices.filter((device) => device.kind === 'archive');
	const configs = archives.map((device) => archiveConfigSchema.parse(device.config));
	const destinationPorts = portsOf(spec, configs, outsiders.destinations);
	const rules = [
		...archives.flatMap((archive) => rulesFor(spec, archive, destinationPorts)),
		...listeningNodes(spec).flatMap((node) => ruleFromDesk(spec, node)),
	];
	return {
		spec: {
			...spec,
			hosts: spec.hosts.map((host) =>
				host.firewall
					? { ...host, firewall: { ...host.firewall, rules: [...rules, ...host.firewall.rules] } }
					: host,
			),
			devices: spec.devices.map((device) =>
				device.kind === 'archive'
					? { ...device, config: register(spec, device, outsiders.callers, destinationPorts) }
					: device,
			),
		},
		destinationPorts,
	};
}

/** A port of the desk for each destination: the one the hospital has on file, or a new one. */
function portsOf(
	spec: HospitalSpec,
	configs: readonly ArchiveConfig[],
	destinations: readonly string[],
): Map<string, number> {
	const known = configs.flatMap((config) => config.nodes);
	const taken = new Set(known.map((node) => node.port));
	const ports = new Map<string, number>();
	let next = FIRST_DESTINATION_PORT;
	for (const aeTitle of destinations) {
		if (ports.has(aeTitle)) throw new RangeError(`the destination ${aeTitle} is given twice`);
		const node = known.find((entry) => entry.aeTitle === aeTitle);
		if (node && node.host !== spec.desk) {
			throw new RangeError(
				`${aeTitle} is the AE title of ${node.host} in this hospital; choose another one`,
			);
		}
		while (taken.has(next)) next++;
		const port = node?.port ?? next;
		taken.add(port);
		ports.set(aeTitle, port);
	}
	return ports;
}

function rulesFor(
	spec: HospitalSpec,
	archive: Device,
	destinationPorts: ReadonlyMap<string, number>,
): FirewallRuleSpec[] {
	const source = addressOf(spec, archive.host);
	const destination = addressOf(spec, spec.desk);
	return [...destinationPorts].map(([aeTitle, port]) => ({
		id: `gateway-out-${archive.id}-${port}`,
		action: 'allow',
		source,
		destination,
		protocol: 'tcp',
		port,
		comment: `Archive to ${aeTitle} (gateway)`,
	}));
}

/** Lets the desk, from which callers come, reach a node; nothing for one on the desk itself. */
function ruleFromDesk(spec: HospitalSpec, node: ListeningNode): FirewallRuleSpec[] {
	if (node.hostId === spec.desk) return [];
	return [
		{
			id: `gateway-${node.deviceId}-${node.port}`,
			action: 'allow',
			source: addressOf(spec, spec.desk),
			destination: addressOf(spec, node.hostId),
			protocol: 'tcp',
			port: node.port,
			comment: `Desk to ${node.title} (gateway)`,
		},
	];
}

function register(
	spec: HospitalSpec,
	archive: Device,
	callers: readonly string[],
	destinationPorts: ReadonlyMap<string, number>,
): Record<string, unknown> {
	const config = archiveConfigSchema.parse(archive.config);
	const known = new Set(config.nodes.map((node) => node.aeTitle));
	const added = [...new Set([...destinationPorts.keys(), ...callers])]
		.filter((aeTitle) => !known.has(aeTitle))
		.map((aeTitle) => ({
			aeTitle,
			host: spec.desk,
			port: destinationPorts.get(aeTitle) ?? CALLER_PORT,
			mayStore: true,
			mayQuery: true,
			comment: 'Gateway',
		}));
	// The rest stays as it is written, because the world reads it again.
	return { ...archive.config, nodes: [...config.nodes, ...added] };
}

function addressOf(spec: HospitalSpec, hostId: string): string {
	const address = spec.hosts.find((host) => host.id === hostId)?.nics[0]?.address;
	if (address === undefined) throw new RangeError(`no host "${hostId}"`);
	return address;
}
