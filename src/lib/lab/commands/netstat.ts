import { defineCommand } from '../define-command.ts';
import { parseGetopt } from '../shell/option-parser.ts';
import { usageError } from './files.ts';
import { chosenSockets, listeningFacts } from './sockets-table.ts';

export const netstat = defineCommand({
	name: 'netstat',
	synopsis: 'netstat [-t] [-l | -a] [-n]',
	summary: 'list TCP sockets, in the older format',
	*run(context, args) {
		const parsed = parseGetopt(args, [
			{ names: ['-t', '--tcp'] },
			{ names: ['-l', '--listening'] },
			{ names: ['-a', '--all'] },
			{ names: ['-n', '--numeric'] },
			{ names: ['-u', '--udp'] },
			{ names: ['-p', '--programs'] },
		]);
		if (!parsed.ok) return usageError('netstat', parsed.problem);
		const { options } = parsed;
		const all = options.has('-a');
		const listening = all || options.has('-l');
		const connected = all || !options.has('-l');
		const rows = chosenSockets(context.host, { listening, connected });
		const which = !listening
			? '(w/o servers)'
			: connected
				? '(servers and established)'
				: '(only servers)';
		const lines = rows.map((row) => {
			const local = `${row.localAddress}:${row.localPort}`.padEnd(23);
			const remote = `${row.remoteAddress}:${row.remotePort === 0 ? '*' : row.remotePort}`.padEnd(
				23,
			);
			const queues = `${String(row.unreadBytes).padStart(6)} ${String(row.unacknowledgedBytes).padStart(6)}`;
			return `tcp   ${queues} ${local} ${remote} ${STATES[row.state] ?? row.state}`;
		});
		return {
			text: [
				`Active Internet connections ${which}`,
				'Proto Recv-Q Send-Q Local Address           Foreign Address         State',
				...lines,
			].join('\n'),
			exitCode: 0,
			...(listening ? { facts: listeningFacts(context.host, rows) } : {}),
		};
	},
});

/** Where netstat words a state in its own way. */
const STATES: Readonly<Record<string, string>> = {
	SYN_RECEIVED: 'SYN_RECV',
	FIN_WAIT: 'FIN_WAIT2',
};
