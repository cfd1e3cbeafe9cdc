import { defineCommand } from '../define-command.ts';

export const hostname = defineCommand({
	name: 'hostname',
	synopsis: 'hostname [-I]',
	summary: "show this machine's name, or with -I its addresses",
	*run(context, args) {
		const text = args.includes('-I')
			? context.host.nics.map((nic) => nic.address).join(' ')
			: context.host.id;
		return { text, exitCode: 0 };
	},
});
