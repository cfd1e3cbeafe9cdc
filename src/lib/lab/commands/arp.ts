import { defineCommand } from '../define-command.ts';

export const arp = defineCommand({
	name: 'arp',
	synopsis: 'arp [-n]',
	summary: 'show which hardware address neighbours have',
	details:
		'Only machines of the own network appear. An address whose hardware address changes is used twice.',
	*run(context) {
		const rows = context.host.arpTable();
		if (rows.length === 0) return { text: '', exitCode: 0 };
		const lines = rows.map(
			(row) => `${row.address.padEnd(24)} ether   ${row.mac}   C                     ${row.nic}`,
		);
		return {
			text: [
				'Address                  HWtype  HWaddress           Flags Mask            Iface',
				...lines,
			].join('\n'),
			exitCode: 0,
		};
	},
});
