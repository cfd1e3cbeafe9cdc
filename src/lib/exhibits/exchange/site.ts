import type { HospitalSpec } from '#lib/hospital/hospital-spec.ts';
import type { Random } from '#lib/kernel/random.ts';
import { milliseconds } from '#lib/kernel/time.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import type { CaseModality } from '../clinical-case.ts';

/** What the archive of the exhibits takes, uncompressed: some cases are about what it does not take. */
const STORAGE_CLASSES = [
	UID.CTImageStorage,
	UID.DigitalXRayImageStorageForPresentation,
	UID.DigitalXRayImageStorageForProcessing,
	UID.ComputedRadiographyImageStorage,
	UID.MRImageStorage,
	UID.UltrasoundImageStorage,
	UID.SecondaryCaptureImageStorage,
];

/** A caller and an archive, with a firewall between their networks. */
export interface Site {
	archive: { aeTitle: string; address: string; port: number };
	caller: { aeTitle: string; address: string; modality: CaseModality };
	/** The archive's name for a second device, on the caller's network. */
	neighbour: { aeTitle: string; address: string };
	/** The title that the caller asks for. */
	calledAeTitle: string;
	/** Largest PDU that the caller takes. */
	maximumLengthBytes: number;
	hospital: HospitalSpec;
}

/** Ids of the hosts of a site. */
export const HOST = {
	caller: 'caller',
	neighbour: 'neighbour',
	firewall: 'firewall',
	archive: 'archive',
};

/** What a case needs to be different before the site is built. */
export interface SiteChanges {
	wrongCalledAeTitle?: boolean;
	unknownCaller?: boolean;
	/** The archive takes callers that are not in its node table. */
	anyCaller?: boolean;
	/** The caller is a reading station. */
	readingStation?: boolean;
	callerMayQuery?: boolean;
	maximumAssociations?: number;
	/** The firewall has no rule for the caller. */
	blocked?: boolean;
}

const ARCHIVE_TITLES = ['PACS1', 'ARCHIVE', 'MAINPACS', 'PACS_STORE', 'IMGARCH'];
/** How titles come to be wrong: an old name, a letter more or less, another case. */
const SLIPS: readonly ((title: string) => string)[] = [
	(title) => title.slice(0, -1),
	(title) => title.toLowerCase(),
	(title) => `${title.slice(0, 13)}_SCP`,
	(title) => `${title.slice(0, 14)}01`,
];
const ROOMS = ['', '_ED', '_OR', '_NEURO', '_OPC'];
const STATIONS = ['READ', 'WS', 'VIEW', 'RADWS'];

/** Draws the site of a seed; the changes of a case do not shift what is drawn. */
export function drawSite(random: Random, changes: SiteChanges): Site {
	const prefix = `10.${random.between(16, 95)}`;
	const [modalities = 0, servers = 0] = random.shuffle([10, 12, 20, 30, 40, 50]);
	const [callerHost = 0, neighbourHost = 0] = random.shuffle(
		Array.from({ length: 60 }, (_, i) => 11 + i),
	);
	const modality = random.pick(['CT', 'DX'] as const);
	const number = random.between(1, 8);
	const title = random.pick(ARCHIVE_TITLES);
	const slip = random.pick(SLIPS)(title);
	const archive = {
		aeTitle: title,
		address: `${prefix}.${servers}.${random.between(10, 60)}`,
		port: random.pick([104, 104, 11_112, 4_006]),
	};
	const site = {
		archive,
		caller: {
			aeTitle: `${modality}${number}${random.pick(ROOMS)}`,
			address: `${prefix}.${modalities}.${callerHost}`,
			modality,
		},
		neighbour: {
			aeTitle: `${modality}${number + 1}`,
			address: `${prefix}.${modalities}.${neighbourHost}`,
		},
		calledAeTitle: changes.wrongCalledAeTitle ? slip : title,
		maximumLengthBytes: random.pick([16_384, 28_672, 32_768, 131_072]),
	};
	if (changes.readingStation) site.caller.aeTitle = `${random.pick(STATIONS)}${number}`;
	return { ...site, hospital: hospitalOf(site, changes) };
}

type Ends = Omit<Site, 'hospital'>;

/** The network of an address, `10.20.10` of `10.20.10.11`. */
const networkOf = (address: string): string => address.slice(0, address.lastIndexOf('.'));

function hostsOf(
	{ caller, neighbour, archive }: Ends,
	changes: SiteChanges,
): HospitalSpec['hosts'] {
	const modalities = networkOf(caller.address);
	const servers = networkOf(archive.address);
	const host = (id: string, network: string, address: string) => ({
		id,
		title: id,
		nics: [{ network, address, gateway: `${networkOf(address)}.1` }],
		forwards: false,
		clockOffset: 0,
		volumes: [],
		map: { x: 0, y: 0 },
		minutesAway: 0,
	});
	const toArchive = {
		id: 'store',
		action: 'allow' as const,
		source: changes.blocked ? `${neighbour.address}/32` : `${modalities}.0/24`,
		destination: archive.address,
		protocol: 'tcp' as const,
		port: archive.port,
	};
	return [
		host(HOST.caller, 'modalities', caller.address),
		host(HOST.neighbour, 'modalities', neighbour.address),
		{
			...host(HOST.firewall, 'modalities', `${modalities}.1`),
			nics: [
				{ network: 'modalities', address: `${modalities}.1` },
				{ network: 'servers', address: `${servers}.1` },
			],
			forwards: true,
			firewall: { defaultAction: 'drop', rules: [toArchive] },
		},
		{
			...host(HOST.archive, 'servers', archive.address),
			volumes: [
				{ id: 'images', device: '/dev/sdb1', mount: '/archive', sizeGB: 1_800, usedGB: 1_240 },
			],
		},
	];
}

/** The smallest hospital in which the exchange can happen, as its file would say it. */
function hospitalOf(ends: Ends, changes: SiteChanges): HospitalSpec {
	const { caller, neighbour, archive } = ends;
	const node = (aeTitle: string, address: string) => ({
		aeTitle,
		host: address,
		port: 104,
		mayStore: true,
		mayQuery: changes.callerMayQuery ?? false,
		comment: '',
	});
	const nodes = [node(neighbour.aeTitle, neighbour.address)];
	if (!changes.unknownCaller) nodes.push(node(caller.aeTitle, caller.address));
	const latency = milliseconds(0.4);
	return {
		schema: 1,
		id: 'exchange',
		title: 'Exchange',
		institution: 'Larkfield Community Hospital',
		desk: HOST.caller,
		networks: [
			{
				id: 'modalities',
				title: 'Modalities',
				cidr: `${networkOf(caller.address)}.0/24`,
				latency,
				megabitsPerSecond: 1_000,
			},
			{
				id: 'servers',
				title: 'Servers',
				cidr: `${networkOf(archive.address)}.0/24`,
				latency,
				megabitsPerSecond: 1_000,
			},
		],
		hosts: hostsOf(ends, changes),
		names: [],
		devices: [
			{
				id: 'archive',
				kind: 'archive',
				host: HOST.archive,
				title: 'Archive',
				reach: 'remote',
				config: {
					aeTitle: archive.aeTitle,
					port: archive.port,
					volume: 'images',
					nodes,
					acceptUnknownCallers: changes.anyCaller ?? false,
					storageClasses: STORAGE_CLASSES,
					acceptCompressed: false,
					...(changes.maximumAssociations !== undefined && {
						maximumAssociations: changes.maximumAssociations,
					}),
				},
			},
		],
		people: [],
		procedures: [],
		schedule: [],
	};
}
