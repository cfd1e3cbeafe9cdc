import { formatAddress, maskOf, parseAddress } from '#lib/network/address.ts';
import type { Host } from '#lib/network/host.ts';
import { defineCommand, type CommandResult } from '../define-command.ts';

export const ip = defineCommand({
	name: 'ip',
	synopsis: 'ip addr | ip route | ip neigh | ip -s link',
	summary: 'show addresses, routes, neighbours and links of this machine',
	*run(context, args) {
		const words = args.filter((argument) => !argument.startsWith('-'));
		const [object = 'help', verb = 'show'] = words;
		if (!['show', 'list', 'ls', 's'].includes(verb)) {
			return {
				text: `Command "${verb}" is not available here: settings are changed at the machine's console.`,
				exitCode: 1,
			};
		}
		const { host } = context;
		const show = OBJECTS.find((one) => one.name.startsWith(object) && object !== '');
		if (show) return show.run(host);
		return { text: `Object "${object}" is unknown; type ${ip.synopsis}`, exitCode: 1 };
	},
});

const OBJECTS: readonly { name: string; run(host: Host): CommandResult }[] = [
	{ name: 'address', run: addresses },
	{ name: 'route', run: routes },
	{ name: 'neighbour', run: neighbours },
	{ name: 'neighbor', run: neighbours },
	{ name: 'link', run: links },
];

function addresses(host: Host): CommandResult {
	const lines = [
		'1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 state UNKNOWN',
		'    inet 127.0.0.1/8 scope host lo',
	];
	for (const nic of host.nics) {
		lines.push(
			linkLine(nic.index, nic.name, nic.up),
			`    link/ether ${nic.mac} brd ff:ff:ff:ff:ff:ff`,
		);
		const broadcast = ((parseAddress(nic.address) ?? 0) | ~maskOf(nic.prefix)) >>> 0;
		lines.push(
			`    inet ${nic.address}/${nic.prefix} brd ${formatAddress(broadcast)} scope global ${nic.name}`,
		);
	}
	return { text: lines.join('\n'), exitCode: 0 };
}

function linkLine(index: number, name: string, up: boolean): string {
	const flags = up ? 'BROADCAST,MULTICAST,UP,LOWER_UP' : 'NO-CARRIER,BROADCAST,MULTICAST,UP';
	return `${index + 2}: ${name}: <${flags}> mtu 1500 state ${up ? 'UP' : 'DOWN'}`;
}

function routes(host: Host): CommandResult {
	const lines = host.routingTable().map((row) => {
		const destination = row.prefix === 0 ? 'default' : `${row.destination}/${row.prefix}`;
		const own = host.nics.find((nic) => nic.name === row.nic)?.address ?? '';
		return row.gateway === undefined
			? `${destination} dev ${row.nic} proto kernel scope link src ${own}`
			: `${destination} via ${row.gateway} dev ${row.nic}`;
	});
	return {
		text: lines.join('\n'),
		exitCode: 0,
		facts: [
			`routes ${host.id}: ${lines.some((line) => line.startsWith('default')) ? 'has default' : 'no default'}`,
		],
	};
}

function neighbours(host: Host): CommandResult {
	const lines = host
		.arpTable()
		.map(
			(row) =>
				`${row.address} dev ${row.nic} lladdr ${row.mac} ${row.ageUs < 30_000_000 ? 'REACHABLE' : 'STALE'}`,
		);
	return { text: lines.join('\n'), exitCode: 0 };
}

function links(host: Host): CommandResult {
	const lines = host.nics.flatMap((nic) => [
		linkLine(nic.index, nic.name, nic.up),
		`    link/ether ${nic.mac} brd ff:ff:ff:ff:ff:ff`,
		`    RX errors ${nic.errorCount}`,
	]);
	return {
		text: lines.join('\n'),
		exitCode: 0,
		facts: host.nics.map(
			(nic) =>
				`link ${host.id} ${nic.name}: ${nic.up ? (nic.errorCount > 0 ? 'errors' : 'up') : 'down'}`,
		),
	};
}
