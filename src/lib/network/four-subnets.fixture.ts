import { Kernel } from '#lib/kernel/kernel.ts';
import type { Process } from '#lib/kernel/process.ts';
import { Network } from './network.ts';
import type { FirewallRule, NetworkSpec } from './network-spec.ts';

/** Four subnets around one firewall, for the tests of this folder. Every link takes 100 µs at 1 Gbit/s. */
export function fourSubnets(rules: FirewallRule[] = RULES): NetworkSpec {
	const nets = ['modalities', 'servers', 'clinical', 'remote'];
	return {
		networks: nets.map((id, i) => ({ id, cidr: `10.20.${(i + 1) * 10}.0/24` })),
		hosts: [
			{
				id: 'firewall',
				forwards: true,
				firewall: rules,
				nics: nets.map((network, i) => ({ network, address: `10.20.${(i + 1) * 10}.1` })),
			},
			...[
				{ id: 'ct1', network: 'modalities', address: '10.20.10.11', gateway: '10.20.10.1' },
				{ id: 'ct2', network: 'modalities', address: '10.20.10.12', gateway: '10.20.10.1' },
				{ id: 'pacs', network: 'servers', address: '10.20.20.10', gateway: '10.20.20.1' },
				{ id: 'dns', network: 'servers', address: '10.20.20.53', gateway: '10.20.20.1' },
				{ id: 'ws1', network: 'clinical', address: '10.20.30.21', gateway: '10.20.30.1' },
				{ id: 'reader', network: 'remote', address: '10.20.40.31', gateway: '10.20.40.1' },
			].map(({ id, network, address, gateway }) => ({
				id,
				resolver: '10.20.20.53',
				nics: [{ network, address, gateway }],
			})),
		],
		names: [
			{ name: 'pacs.hospital.example', address: '10.20.20.10' },
			{ name: 'ct2.hospital.example', address: '10.20.10.12' },
		],
	};
}

const RULES: FirewallRule[] = [
	{
		id: 'dicom',
		action: 'allow',
		source: 'any',
		destination: '10.20.20.10',
		protocol: 'tcp',
		port: 104,
	},
	{
		id: 'dns',
		action: 'allow',
		source: 'any',
		destination: '10.20.20.53',
		protocol: 'udp',
		port: 53,
	},
	{ id: 'ping', action: 'allow', source: 'any', destination: 'any', protocol: 'icmp' },
	{ id: 'move-back', action: 'allow', source: '10.20.20.10', destination: 'any', protocol: 'tcp' },
	{ id: 'web', action: 'reject', source: 'any', destination: 'any', protocol: 'tcp', port: 443 },
];

export interface Bench {
	kernel: Kernel;
	network: Network;
	/** Runs a process to its end and returns its result with the time it took. */
	run<T>(body: Process<T>): { value: T; tookUs: number };
}

export function bench(
	spec = fourSubnets(),
	options: { seed?: string; capture?: boolean } = {},
): Bench {
	const kernel = new Kernel({ seed: options.seed ?? 'test' });
	const network = new Network(kernel, spec, { capture: options.capture ?? true });
	return {
		kernel,
		network,
		run<T>(body: Process<T>) {
			const startUs = kernel.nowUs;
			const box: { value?: T; endUs: number } = { endUs: startUs };
			const task = kernel.spawn<unknown>(
				'test',
				(function* () {
					box.value = yield* body;
					box.endUs = kernel.nowUs;
				})(),
			);
			if (!kernel.runTask(task)) throw new Error('the process never ended');
			return { value: box.value as T, tookUs: box.endUs - startUs };
		},
	};
}
