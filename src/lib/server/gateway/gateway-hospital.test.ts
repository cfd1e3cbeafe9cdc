import { expect, test } from 'vitest';
import { archiveConfigSchema } from '#lib/hospital/devices/archive/archive.ts';
import { DEVICE_DEFINITIONS } from '#lib/hospital/devices/catalogue.ts';
import type { HospitalSpec } from '#lib/hospital/hospital-spec.ts';
import { World } from '#lib/hospital/world.ts';
import { seconds } from '#lib/kernel/time.ts';
import { communityHospital } from './community.fixture.ts';
import { admitOutsiders, listeningNodes } from './gateway-hospital.ts';

const hospital = communityHospital();
const DESK = '10.20.30.50';
const nobody = { callers: [], destinations: [] };

function nodesOf(spec: HospitalSpec) {
	const archive = spec.devices.find((device) => device.kind === 'archive');
	return archiveConfigSchema.parse(archive?.config).nodes;
}

function rulesOf(spec: HospitalSpec) {
	return spec.hosts.find((host) => host.firewall)?.firewall?.rules ?? [];
}

test('every port that a device listens on is a node of the gateway', () => {
	const world = new World(hospital, DEVICE_DEFINITIONS, { seed: 'ports', epochUs: 0 });
	world.start();
	world.kernel.runUntil(seconds(1));
	const open = hospital.hosts.flatMap(({ id }) =>
		world
			.host(id)
			.sockets()
			.filter((row) => row.state === 'LISTEN')
			.map((row) => `${id}:${row.localPort}`),
	);
	const nodes = listeningNodes(hospital);
	expect(nodes.map(({ hostId, port }) => `${hostId}:${port}`).sort()).toEqual(open.sort());
	expect(nodes).toContainEqual(
		expect.objectContaining({ deviceId: 'pacs', service: 'DICOM', aeTitle: 'PACS1', port: 104 }),
	);
});

test('without outsiders the archive stays as it is, and the firewall lets the desk reach what listens', () => {
	const { spec } = admitOutsiders(hospital, nobody);
	expect(nodesOf(spec)).toEqual(nodesOf(hospital));
	const own = rulesOf(spec).filter(({ source }) => source !== DESK);
	expect(own).toEqual(rulesOf(hospital).filter(({ source }) => source !== DESK));
});

test('callers and destinations become nodes at the desk, once each', () => {
	const { spec, destinationPorts } = admitOutsiders(hospital, {
		callers: ['ME', 'CT1', 'STORE', 'ME'],
		destinations: ['STORE', 'PACSDESK', 'OTHER'],
	});
	expect(Object.fromEntries(destinationPorts)).toEqual({
		STORE: 11_114,
		PACSDESK: 11_113,
		OTHER: 11_115,
	});
	const added = nodesOf(spec).slice(nodesOf(hospital).length);
	expect(added.map((node) => [node.aeTitle, node.host, node.port])).toEqual([
		['STORE', 'admin', 11_114],
		['OTHER', 'admin', 11_115],
		['ME', 'admin', 11_112],
	]);
});

test('the firewall lets the archive reach the desk on the ports of the destinations only', () => {
	const { spec } = admitOutsiders(hospital, { callers: ['ME'], destinations: ['STORE'] });
	const added = rulesOf(spec).filter(({ id }) => id.startsWith('gateway-out'));
	expect(added).toEqual([
		expect.objectContaining({
			action: 'allow',
			source: '10.20.20.10',
			destination: '10.20.30.50',
			protocol: 'tcp',
			port: 11_114,
		}),
	]);
});

test("another host's AE title and a destination given twice are refused", () => {
	const refuse = (destinations: string[]) => () =>
		admitOutsiders(hospital, { callers: [], destinations });
	expect(refuse(['READ1'])).toThrow('READ1 is the AE title of ws1');
	expect(refuse(['STORE', 'STORE'])).toThrow('given twice');
});
