import type { NetworkSpec } from '#lib/network/network-spec.ts';
import type { HospitalSpec } from './hospital-spec.ts';

/** The network part of a hospital file, in the form the network layer builds from. */
export function networkSpecOf(spec: HospitalSpec): NetworkSpec {
	return {
		networks: spec.networks.map((network) => ({
			id: network.id,
			cidr: network.cidr,
			title: network.title,
			latencyUs: network.latency,
			bandwidthBitsPerSecond: network.megabitsPerSecond * 1_000_000,
		})),
		hosts: spec.hosts.map((host) => ({
			id: host.id,
			nics: host.nics.map((nic) => ({
				network: nic.network,
				address: nic.address,
				...(nic.gateway === undefined ? {} : { gateway: nic.gateway }),
			})),
			forwards: host.forwards,
			...(host.resolver === undefined ? {} : { resolver: host.resolver }),
			...(host.firewall === undefined
				? {}
				: {
						firewallDefault: host.firewall.defaultAction,
						firewall: host.firewall.rules.map(({ port, comment, ...rule }) => ({
							...rule,
							...(port === undefined ? {} : { port }),
							...(comment === undefined ? {} : { comment }),
						})),
					}),
		})),
		names: spec.names,
	};
}
