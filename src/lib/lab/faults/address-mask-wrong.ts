import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';
import { nicOf } from './documented.ts';

/**
 * Too short a prefix makes other subnets look local: the host asks for them by ARP instead of going to its
 * gateway. Too long a one hardly shows, as neighbours are then reached by way of the gateway.
 */
export const addressMaskWrong = defineFault({
	kind: 'address-mask-wrong',
	title: 'Subnet mask wrong',
	doc: 'Changes the prefix length of a host’s network interface: some destinations fail, others go on.',
	mechanism: {
		id: 'address-mask-wrong',
		title: 'Subnet mask of the host is wrong',
		layer: 'network',
	},
	parameters: z.strictObject({
		host: idSchema,
		nic: z.int().min(0).max(15).default(0),
		prefix: z.int().min(1).max(32),
	}),
	component: ({ host }) => host,
	refersTo: ({ host }) => [host],
	inject(world, { host, nic, prefix }) {
		nicOf(world, host, nic).prefix = prefix;
	},
	present(world, { host, nic }) {
		const { network, prefix } = nicOf(world, host, nic);
		return prefix !== world.network.lan(network).prefix;
	},
	describe: ({ host, prefix }) =>
		`${host} had a subnet mask of ${prefix} bits, so it took the wrong addresses for its own subnet.`,
});
