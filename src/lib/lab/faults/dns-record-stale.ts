import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { canonicalName } from '#lib/network/name-service.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';
import { documentedAddress } from './documented.ts';

/** Going round it (a hosts file, an address in place of the name) restores a service but is no cure. */
export const dnsRecordStale = defineFault({
	kind: 'dns-record-stale',
	title: 'DNS record stale',
	doc: 'Makes a name of the DNS zone point to another address, as after a move that was not entered.',
	mechanism: {
		id: 'dns-record-wrong',
		title: 'Name server gives a wrong address for a name',
		layer: 'network',
	},
	parameters: z.strictObject({
		/** The host that serves the zone. */
		server: idSchema,
		name: z.string().min(1).max(253),
		to: z.ipv4(),
	}),
	component: ({ server }) => server,
	refersTo: ({ server }) => [server],
	inject(world, { name, to }) {
		for (const record of world.network.zone.records) {
			if (canonicalName(record.name) === canonicalName(name)) record.address = to;
		}
	},
	present(world, { name }) {
		return world.network.zone.find(name, 'A') !== documentedAddress(world, name);
	},
	describe: ({ server, name, to }) =>
		`The record of ${name} at ${server} gave ${to}, which is not its address.`,
});
