import { COMMANDS } from './catalogue.ts';
import { runLine } from '../shell/run-line.ts';
import { deskFiles } from '../desk-files.ts';
import { shellContext } from '../shell-context.ts';
import type { CommandResult } from '../define-command.ts';
import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import { DEVICE_DEFINITIONS } from '#lib/hospital/devices/catalogue.ts';
import { hospitalSchema } from '#lib/hospital/hospital-spec.ts';
import { World } from '#lib/hospital/world.ts';
import { parseIsoLocal } from '#lib/kernel/time.ts';

/** A desk, an archive, a RIS, a CT and a name server around one firewall, for the tests of this folder. */
const HOSPITAL = {
	schema: 1,
	id: 'small',
	title: 'Small',
	institution: 'Small',
	desk: 'admin',
	networks: [
		{ id: 'modalities', title: 'Modalities', cidr: '10.20.10.0/24' },
		{ id: 'servers', title: 'Servers', cidr: '10.20.20.0/24' },
		{ id: 'clinical', title: 'Clinical', cidr: '10.20.30.0/24' },
	],
	hosts: [
		host('ct2', 'modalities', '10.20.10.12'),
		{
			id: 'fw1',
			title: 'Firewall',
			nics: ['modalities', 'servers', 'clinical'].map((network, i) => ({
				network,
				address: `10.20.${(i + 1) * 10}.1`,
			})),
			forwards: true,
			map: { x: 0, y: 0 },
			firewall: {
				defaultAction: 'drop',
				rules: [
					rule('ping', 'allow', 'any', 'any', 'icmp'),
					rule('dns', 'allow', 'any', '10.20.20.2', 'udp'),
					{ ...rule('no-web', 'reject', 'any', 'any', 'tcp'), port: 443 },
					{ ...rule('no-telnet', 'drop', 'any', 'any', 'tcp'), port: 23 },
					rule('desk', 'allow', '10.20.30.50', '10.20.20.0/24', 'tcp'),
					rule('modalities', 'allow', '10.20.10.0/24', '10.20.20.0/24', 'tcp'),
					rule('move', 'allow', '10.20.20.10', '10.20.30.50', 'tcp'),
				],
			},
		},
		{
			...host('pacs', 'servers', '10.20.20.10'),
			shell: { user: 'pacsadm' },
			volumes: [
				{ id: 'root', device: '/dev/sda2', mount: '/', sizeGB: 60, usedGB: 21.4 },
				{ id: 'images', device: '/dev/sdb1', mount: '/archive', sizeGB: 1800, usedGB: 1386 },
			],
		},
		host('ris', 'servers', '10.20.20.20'),
		host('dns1', 'servers', '10.20.20.2'),
		{ ...host('admin', 'clinical', '10.20.30.50'), shell: { user: 'you' } },
	],
	names: [
		{ name: 'pacs', address: '10.20.20.10' },
		{ name: 'ris', address: '10.20.20.20' },
		{ name: 'ct2', address: '10.20.10.12' },
		{ name: 'admin', address: '10.20.30.50' },
		{ name: 'gone', address: '10.20.20.99' },
	],
	devices: [
		{
			id: 'ct2',
			kind: 'modality',
			host: 'ct2',
			title: 'CT 2',
			reach: 'walk',
			config: {
				modality: 'CT',
				aeTitle: 'CT2',
				stationName: 'CT2',
				manufacturer: 'Calyx Imaging',
				modelName: 'Calyx 128',
				serialNumber: '1',
				softwareVersions: '1',
				archive: { aeTitle: 'PACS1', host: 'pacs', port: 104 },
				worklist: { aeTitle: 'RISMWL', host: 'ris', port: 104 },
				mpps: { aeTitle: 'RISMWL', host: 'ris', port: 104, enabled: false },
			},
		},
		{
			id: 'pacs',
			kind: 'archive',
			host: 'pacs',
			title: 'Archive',
			reach: 'remote',
			config: {
				aeTitle: 'PACS1',
				volume: 'images',
				nodes: [
					{ aeTitle: 'CT2', host: 'ct2', port: 104, mayQuery: false },
					{ aeTitle: 'PACSDESK', host: 'admin', port: 11113 },
				],
			},
		},
		{
			id: 'ris',
			kind: 'ris',
			host: 'ris',
			title: 'RIS',
			reach: 'remote',
			config: { aeTitle: 'RISMWL', stations: { ct2: 'CT2' } },
		},
	],
	people: [{ id: 'tech', name: 'Tomas Quill', role: 'Technologist' }],
	procedures: [
		{
			id: 'ct-head',
			modality: 'CT',
			description: 'CT Head',
			code: { value: 'CTHEAD', scheme: '99SMALL', meaning: 'CT Head' },
			minutes: 6,
		},
	],
	schedule: [],
};

function host(id: string, network: string, address: string) {
	const gateway = address.replace(/\.\d+$/, '.1');
	return {
		id,
		title: id,
		nics: [{ network, address, gateway }],
		resolver: '10.20.20.2',
		map: { x: 0, y: 0 },
	};
}

function rule(
	id: string,
	action: string,
	source: string,
	destination: string,
	protocol: string,
): Record<string, unknown> {
	return { id, action, source, destination, protocol };
}

export interface SmallHospital {
	world: World;
	archive: Archive;
	/** Runs a line in the shell of the desk, or of another host, and tells how long it took. */
	type(line: string, hostId?: string): CommandResult & { tookUs: number; lines: string[] };
}

export function smallHospital(seed = 'test'): SmallHospital {
	const world = new World(hospitalSchema.parse(HOSPITAL), DEVICE_DEFINITIONS, {
		seed,
		epochUs: parseIsoLocal('2026-03-09T07:40') ?? 0,
	});
	for (const [path, bytes] of deskFiles(world)) world.system('admin').files.set(path, bytes);
	world.start();
	world.kernel.runUntil(1_000_000);
	return {
		world,
		archive: world.device('pacs') as Archive,
		type(line, hostId = 'admin') {
			const user = world.spec.hosts.find((one) => one.id === hostId)?.shell?.user ?? 'user';
			const startUs = world.kernel.nowUs;
			const box: { result?: CommandResult; endUs: number } = { endUs: startUs };
			const context = { ...shellContext(world, hostId, user), commands: COMMANDS };
			const task = world.kernel.spawn(
				'test',
				(function* () {
					box.result = yield* runLine(context, line);
					box.endUs = world.kernel.nowUs;
				})(),
			);
			if (!world.kernel.runTask(task) || !box.result) throw new Error(`${line} never ended`);
			const { result, endUs } = box;
			return { ...result, tookUs: endUs - startUs, lines: result.text.split('\n') };
		},
	};
}
