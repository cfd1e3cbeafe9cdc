import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import type { Ris } from '#lib/hospital/devices/ris/ris.ts';
import { seconds } from '#lib/kernel/time.ts';
import type { Bench } from './bench.fixture.ts';

/** One example of every fault kind in the community hospital: what it is, how it shows, how it is cured. */
export interface Example {
	/** As a scenario file writes them. */
	parameters: Record<string, unknown>;
	/** Whether it takes a hospital with TLS. */
	secured?: true;
	/** Tries something that the fault spoils, by real operations, and gives what was seen. */
	observe(bench: Bench): string[];
	healthy: string[];
	broken: string[];
	/** As a person does it, where there is a console for it. */
	cure(bench: Bench): void;
}

const verifyFrom =
	(...devices: string[]) =>
	(bench: Bench): string[] =>
		devices.flatMap((device) => bench.facts(device, 'verify-archive'));

const echo = (device: string, outcome: string): string => `echo archive from ${device}: ${outcome}`;

/** The console has no way to change an entry: it is removed and added anew. */
const replaceNode = (bench: Bench, aeTitle: string, host: string): void => {
	bench.operate('pacs', 'remove-node', { row: aeTitle });
	addNode(bench, aeTitle, host);
};

const addNode = (bench: Bench, aeTitle: string, host: string): void => {
	const fields = { 'ae-title': aeTitle, host, port: 104, 'may-store': true, 'may-query': true };
	bench.operate('pacs', 'add-node', { fields });
};

const nic = (bench: Bench, host: string) => {
	const first = bench.world.host(host).nics[0];
	if (!first) throw new Error(`${host} has no network interface`);
	return first;
};

const archiveOf = (bench: Bench): Archive => bench.world.device('pacs') as Archive;

const imageVolumeTone = (bench: Bench): string => {
	const volumes = bench.console('pacs').tables.find((table) => table.id === 'volumes');
	return volumes?.rows.find((row) => row.id === 'images')?.tone ?? '';
};

/** Opens the newest study of the reading list and gives the status that the screen shows. */
const retrieve = (bench: Bench): string[] => {
	const list = bench.console('ws1').tables.find((table) => table.id === 'list');
	const row = list?.rows.at(-1)?.id ?? '';
	const { text, facts } = bench.operate('ws1', 'retrieve-study', { row });
	return [...(facts ?? []), /status \w+/.exec(text)?.[0] ?? 'no status'];
};

/** What an hour does to a volume that is nearly full. */
const anHourNearlyFull = (bench: Bench): string[] => {
	const { volume } = archiveOf(bench);
	volume.usedBytes = Math.floor(volume.sizeBytes * 0.945);
	bench.wait(62);
	return [imageVolumeTone(bench)];
};

const STORE_FLOW = { source: '10.20.10.12', destination: '10.20.20.10', port: 104 };

export const EXAMPLES: Record<string, Example> = {
	'archive-volume-full': {
		parameters: { archive: 'pacs' },
		observe: (bench) => [bench.nextSend('dr1')],
		healthy: ['sent'],
		broken: ['C-STORE failed, status A700 (No space left on /archive)'],
		cure(bench) {
			bench.configure('pacs', 'purge-enabled', true);
			bench.operate('pacs', 'run-purge');
		},
	},
	'calling-ae-not-registered': {
		parameters: { archive: 'pacs', aeTitle: 'CT2' },
		observe: verifyFrom('ct1', 'ct2'),
		healthy: [echo('ct1', 'success'), echo('ct2', 'success')],
		broken: [echo('ct1', 'success'), echo('ct2', 'rejected 1/1/3')],
		cure: (bench) => addNode(bench, 'CT2', 'ct2'),
	},
	'firewall-rule-missing': {
		parameters: {
			firewall: 'fw1',
			rule: 'out-store',
			source: '10.40.10.21',
			destination: '10.20.20.10',
			port: 104,
		},
		observe: verifyFrom('ct1', 'dr1'),
		healthy: [echo('ct1', 'success'), echo('dr1', 'success')],
		broken: [echo('ct1', 'success'), echo('dr1', 'timeout')],
		cure: (bench) => {
			const source = '10.40.10.0/24';
			const destination = '10.20.20.10';
			const fields = { action: 'allow', source, destination, protocol: 'tcp', port: 104 };
			bench.operate('fw1', 'add-rule', { fields });
		},
	},
	'own-ae-title-changed': {
		parameters: { device: 'ct2', to: 'CT2_NEW' },
		observe: (bench) => [
			...bench.facts('ct2', 'verify-archive'),
			...bench.facts('ct2', 'query-worklist'),
		],
		healthy: [echo('ct2', 'success'), 'worklist of ct2: entries'],
		broken: [echo('ct2', 'rejected 1/1/3'), 'worklist of ct2: empty'],
		cure: (bench) => bench.configure('ct2', 'ae-title', 'CT2'),
	},
	'called-ae-title-wrong': {
		parameters: { device: 'ct2', to: 'pacs1' },
		observe: verifyFrom('ct2'),
		healthy: [echo('ct2', 'success')],
		broken: [echo('ct2', 'rejected 1/1/7')],
		cure: (bench) => bench.configure('ct2', 'archive-ae-title', 'PACS1'),
	},
	'archive-address-wrong': {
		parameters: { device: 'ct2', to: '10.20.20.11' },
		observe: verifyFrom('ct2'),
		healthy: [echo('ct2', 'success')],
		// Not the archive, so no rule of the firewall lets it pass.
		broken: [echo('ct2', 'timeout')],
		// The address does as well as the name.
		cure: (bench) => bench.configure('ct2', 'archive-host', '10.20.20.10'),
	},
	'archive-port-wrong': {
		parameters: { device: 'ct2', to: 11_112 },
		observe: verifyFrom('ct2'),
		healthy: [echo('ct2', 'success')],
		// Refused where nothing filters; here the firewall lets only port 104 pass.
		broken: [echo('ct2', 'timeout')],
		cure: (bench) => bench.configure('ct2', 'archive-port', 104),
	},
	'service-stopped': {
		parameters: { device: 'pacs' },
		observe: verifyFrom('ct1', 'ct2'),
		healthy: [echo('ct1', 'success'), echo('ct2', 'success')],
		broken: [echo('ct1', 'refused'), echo('ct2', 'refused')],
		cure: (bench) => void bench.operate('pacs', 'restart'),
	},
	'link-down': {
		parameters: { host: 'pacs' },
		observe: verifyFrom('ct2'),
		healthy: [echo('ct2', 'success')],
		broken: [echo('ct2', 'unreachable')],
		cure: (bench) => void (nic(bench, 'pacs').up = true),
	},
	'gateway-wrong': {
		parameters: { host: 'pacs', to: '10.20.20.254' },
		observe: verifyFrom('ct2'),
		healthy: [echo('ct2', 'success')],
		broken: [echo('ct2', 'timeout')],
		cure: (bench) => void (nic(bench, 'pacs').gateway = '10.20.20.1'),
	},
	'address-mask-wrong': {
		parameters: { host: 'pacs', prefix: 19 },
		observe: verifyFrom('ct2', 'dr1'),
		healthy: [echo('ct2', 'success'), echo('dr1', 'success')],
		// 10.20.10.0 looks local to the archive, 10.40.10.0 does not.
		broken: [echo('ct2', 'timeout'), echo('dr1', 'success')],
		cure: (bench) => void (nic(bench, 'pacs').prefix = 24),
	},
	'dns-record-stale': {
		parameters: { server: 'dns1', name: 'pacs', to: '10.20.20.20' },
		observe: verifyFrom('ct1', 'ct2'),
		healthy: [echo('ct1', 'success'), echo('ct2', 'success')],
		// Another DICOM node has the address now, and it is not called PACS1.
		broken: [echo('ct1', 'rejected 1/1/7'), echo('ct2', 'rejected 1/1/7')],
		cure(bench) {
			for (const record of bench.world.network.zone.records) {
				if (record.name === 'pacs') record.address = '10.20.20.10';
			}
		},
	},
	'firewall-rejects': {
		parameters: { firewall: 'fw1', rule: 'change-4711', ...STORE_FLOW },
		observe: verifyFrom('ct1', 'ct2'),
		healthy: [echo('ct1', 'success'), echo('ct2', 'success')],
		broken: [echo('ct1', 'success'), echo('ct2', 'prohibited')],
		cure: (bench) => void bench.operate('fw1', 'remove-rule', { row: 'change-4711' }),
	},
	'association-limit-low': {
		parameters: { archive: 'pacs', maximum: 1, occupant: { host: 'admin', aeTitle: 'PACSDESK' } },
		observe(bench) {
			bench.wait(15);
			return verifyFrom('ct2')(bench);
		},
		healthy: [echo('ct2', 'success')],
		broken: [echo('ct2', 'rejected 2/3/2')],
		cure: (bench) => bench.configure('pacs', 'maximum-associations', 20),
	},
	'node-address-stale': {
		parameters: { archive: 'pacs', aeTitle: 'READ1', host: '10.20.30.99' },
		observe: retrieve,
		healthy: ['retrieve to ws1: success', 'no status'],
		broken: ['retrieve to ws1: failed', 'status A702'],
		cure: (bench) => replaceNode(bench, 'READ1', '10.20.30.11'),
	},
	'node-may-not-store': {
		parameters: { archive: 'pacs', aeTitle: 'DR1' },
		observe: (bench) => [...bench.facts('dr1', 'verify-archive'), bench.nextSend('dr1')],
		healthy: [echo('dr1', 'success'), 'sent'],
		broken: [echo('dr1', 'success'), 'C-STORE failed, status 0124 (Not authorized)'],
		cure: (bench) => replaceNode(bench, 'DR1', 'dr1'),
	},
	'worklist-station-wrong': {
		parameters: { ris: 'ris', device: 'ct2', to: 'CT2OLD' },
		observe: (bench) => [
			...bench.facts('ct2', 'query-worklist'),
			...bench.facts('ct1', 'query-worklist'),
		],
		healthy: ['worklist of ct2: entries', 'worklist of ct1: entries'],
		broken: ['worklist of ct2: empty', 'worklist of ct1: entries'],
		cure: (bench) => void ((bench.world.device('ris') as Ris).config.stations['ct2'] = 'CT2'),
	},
	'clock-offset': {
		parameters: { host: 'ct2', offset: '-24h' },
		observe: (bench) => [
			bench.console('ct2').deviceTime.slice(0, 10),
			...bench.facts('ct2', 'query-worklist'),
		],
		healthy: ['2026-03-09', 'worklist of ct2: entries'],
		broken: ['2026-03-08', 'worklist of ct2: empty'],
		cure: (bench) => void (bench.world.system('ct2').clockOffsetUs = seconds(-3)),
	},
	'certificate-expired': {
		parameters: { device: 'pacs' },
		secured: true,
		observe: verifyFrom('ct1', 'ct2'),
		// CT 1 has no TLS.
		healthy: [echo('ct1', 'success'), echo('ct2', 'success')],
		broken: [echo('ct1', 'success'), echo('ct2', 'TLS alert 45 sent: certificate has expired')],
		cure: (bench) => void bench.operate('pacs', 'renew-certificate'),
	},
	'certificate-issuer-unknown': {
		parameters: { device: 'ct2' },
		secured: true,
		observe: verifyFrom('ct2'),
		healthy: [echo('ct2', 'success')],
		broken: [echo('ct2', 'TLS alert 48 sent: unable to get local issuer certificate')],
		cure: (bench) => bench.configure('ct2', 'tls-trust-hospital', true),
	},
	'tls-version-too-old': {
		parameters: { device: 'ct2' },
		secured: true,
		observe: verifyFrom('ct2'),
		healthy: [echo('ct2', 'success')],
		broken: [echo('ct2', 'TLS alert 70 received')],
		cure: (bench) => bench.configure('ct2', 'tls-newest-version', 'TLS 1.2'),
	},
	'client-certificate-missing': {
		parameters: { device: 'ct2' },
		secured: true,
		observe: verifyFrom('ct2'),
		healthy: [echo('ct2', 'success')],
		broken: [echo('ct2', 'TLS alert 40 received')],
		cure: (bench) => bench.configure('ct2', 'tls-show-certificate', true),
	},
	'volume-filling': {
		parameters: { host: 'pacs', volume: 'images', percent: 92 },
		observe: (bench) => [imageVolumeTone(bench), bench.nextSend('dr1')],
		healthy: ['neutral', 'sent'],
		broken: ['warning', 'sent'],
		cure: (bench) => void bench.operate('pacs', 'run-purge'),
	},
	'purge-disabled': {
		parameters: { archive: 'pacs' },
		observe: anHourNearlyFull,
		healthy: ['neutral'],
		broken: ['warning'],
		cure: (bench) => bench.configure('pacs', 'purge-enabled', true),
	},
};
