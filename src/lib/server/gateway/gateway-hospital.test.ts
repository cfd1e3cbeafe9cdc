import { expect, test } from 'vitest';
import { archiveConfigSchema } from '#lib/hospital/devices/archive/archive.ts';
import type { HospitalSpec } from '#lib/hospital/hospital-spec.ts';
import { communityHospital } from './community.fixture.ts';
import { admitOutsiders, listeningDevices } from './gateway-hospital.ts';

const hospital = communityHospital();
const nobody = { callers: [], destinations: [] };

function nodesOf(spec: HospitalSpec) {
	const archive = spec.devices.find((device) => device.kind === 'archive');
	return archiveConfigSchema.parse(archive?.config).nodes;
}

function rulesOf(spec: HospitalSpec) {
	return spec.hosts.find((host) => host.firewall)?.firewall?.rules ?? [];
}

test('what listens is exposed; modalities and the firewall are not', () => {
	expect(listeningDevices(hospital).map((d) => `${d.deviceId} ${d.aeTitle}:${d.port}`)).toEqual([
		'pacs PACS1:104',
		'ris RISMWL:104',
		'ws1 READ1:104',
	]);
});

test('without outsiders the archive and the firewall stay as they are', () => {
	const { spec } = admitOutsiders(hospital, nobody);
	expect(nodesOf(spec)).toEqual(nodesOf(hospital));
	expect(rulesOf(spec)).toEqual(rulesOf(hospital));
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
	const added = rulesOf(spec).slice(0, rulesOf(spec).length - rulesOf(hospital).length);
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
