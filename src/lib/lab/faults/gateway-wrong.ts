import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';
import { nicOf } from './documented.ts';

export const gatewayWrong = defineFault({
	kind: 'gateway-wrong',
	title: 'Default gateway wrong',
	doc: 'Changes the default gateway of a host: its own subnet works, everything behind a router does not.',
	mechanism: {
		id: 'gateway-wrong',
		title: 'Default gateway of the host is wrong',
		layer: 'network',
	},
	parameters: z.strictObject({
		host: idSchema,
		nic: z.int().min(0).max(15).default(0),
		to: z.ipv4(),
	}),
	component: ({ host }) => host,
	refersTo: ({ host }) => [host],
	inject(world, { host, nic, to }) {
		nicOf(world, host, nic).gateway = to;
	},
	present(world, { host, nic }) {
		const documented = world.spec.hosts.find((spec) => spec.id === host)?.nics[nic]?.gateway;
		return nicOf(world, host, nic).gateway !== documented;
	},
	describe: ({ host, to }) =>
		`${host} had ${to} as its default gateway, so it could not reach anything outside its own subnet.`,
});
