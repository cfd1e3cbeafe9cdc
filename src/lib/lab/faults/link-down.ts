import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';
import { nicOf } from './documented.ts';

export const linkDown = defineFault({
	kind: 'link-down',
	title: 'Network cable out',
	doc: 'Takes the link from a network interface of a host, as a pulled cable or a shut switch port does.',
	mechanism: {
		id: 'link-down',
		title: 'No link: cable out or switch port shut',
		layer: 'network',
	},
	parameters: z.strictObject({ host: idSchema, nic: z.int().min(0).max(15).default(0) }),
	component: ({ host }) => host,
	refersTo: ({ host }) => [host],
	inject(world, { host, nic }) {
		nicOf(world, host, nic).up = false;
	},
	present(world, { host, nic }) {
		return !nicOf(world, host, nic).up;
	},
	describe: ({ host, nic }) =>
		`The network interface eth${nic} of ${host} had no link, so nothing could get in or out there.`,
});
