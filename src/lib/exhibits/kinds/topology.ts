import type { HospitalSpec } from '#lib/hospital/hospital-spec.ts';
import { DEVICE_DEFINITIONS } from '#lib/hospital/devices/catalogue.ts';
import { z } from 'zod';
import { defineExhibit } from '../define-exhibit.ts';

/** As on the map of the workbench: a grid of boxes with gutters between them. */
const BOX = { w: 168, h: 46 };
const PITCH = { x: 188, y: 72 };
const MARGIN = 16;

type Labels = 'addresses' | 'roles';
type HostSpec = HospitalSpec['hosts'][number];

function boxesOf({ hosts }: HospitalSpec, detailOf: (host: HostSpec) => string) {
	const left = Math.min(...hosts.map((host) => host.map.x));
	const top = Math.min(...hosts.map((host) => host.map.y));
	return hosts.map((host) => ({
		id: host.id,
		label: host.title,
		detail: detailOf(host),
		x: Math.round((host.map.x - left) * PITCH.x) + MARGIN,
		y: Math.round((host.map.y - top) * PITCH.y) + MARGIN,
		...BOX,
	}));
}

const addressesOf = ({ nics }: HostSpec): string => nics.map((nic) => nic.address).join(', ');

/** The address of a host; a router has too many for its box. */
const addressDetail = (host: HostSpec): string =>
	host.nics.length === 1 ? addressesOf(host) : `${host.nics.length} networks`;

/** What the machine is for: the kinds of its devices, or what it does in the network. */
function roleOf(spec: HospitalSpec, host: HostSpec): string {
	const titles = spec.devices
		.filter((device) => device.host === host.id)
		.map((device) => DEVICE_DEFINITIONS.get(device.kind)?.title ?? device.kind);
	if (titles.length > 0) return [...new Set(titles)].join(', ');
	const address = host.nics[0]?.address;
	if (spec.hosts.some((other) => other.resolver === address)) return 'Name server';
	return host.id === spec.desk ? "Administrator's desk" : '';
}

/** Every host is wired to the routers of its networks; the first wire of a network names it. */
function linksOf({ hosts, networks }: HospitalSpec, labels: Labels) {
	const text = new Map(
		networks.map(({ id, title, cidr }) => [id, labels === 'addresses' ? cidr : title]),
	);
	const take = (network: string): string => {
		const label = text.get(network) ?? '';
		text.delete(network);
		return label;
	};
	const routers = hosts.filter((host) => host.forwards);
	return hosts
		.filter((host) => !host.forwards)
		.flatMap((host) =>
			host.nics.flatMap(({ network }) =>
				routers
					.filter((router) => router.nics.some((nic) => nic.network === network))
					.map((router) => ({ from: host.id, to: router.id, label: take(network) })),
			),
		);
}

export const topology = defineExhibit({
	kind: 'topology',
	title: 'Network map',
	doc: 'The hosts of the community hospital and their links; every host is a region.',
	parameters: z.strictObject({ labels: z.enum(['addresses', 'roles']).default('addresses') }),
	make({ labels }, { hospital }) {
		const boxes = boxesOf(hospital, (host) =>
			labels === 'addresses' ? addressDetail(host) : roleOf(hospital, host),
		);
		return {
			content: {
				form: 'map',
				width: Math.max(...boxes.map((box) => box.x + box.w)) + MARGIN,
				height: Math.max(...boxes.map((box) => box.y + box.h)) + MARGIN,
				boxes,
				links: linksOf(hospital, labels),
				regions: boxes.map(({ id, label, x, y, w, h }) => ({ id, label, x, y, w, h })),
			},
			facts: {
				hosts: hospital.hosts.map((host) => host.id),
				addresses: hospital.hosts.map(addressesOf),
				networks: hospital.hosts.map(({ nics }) => nics.map((nic) => nic.network).join(', ')),
			},
		};
	},
});
