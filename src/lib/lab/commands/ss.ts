import type { SocketRow } from '#lib/network/tcp-stack.ts';
import { defineCommand } from '../define-command.ts';
import { parseGetopt } from '../shell/option-parser.ts';
import { usageError } from './files.ts';
import { chosenSockets, listeningFacts } from './sockets-table.ts';

/** As ss names the states. */
const STATES: Partial<Record<SocketRow['state'], string>> = {
	ESTABLISHED: 'ESTAB',
	SYN_RECEIVED: 'SYN-RECV',
	SYN_SENT: 'SYN-SENT',
	FIN_WAIT: 'FIN-WAIT-2',
	CLOSE_WAIT: 'CLOSE-WAIT',
	LAST_ACK: 'LAST-ACK',
	TIME_WAIT: 'TIME-WAIT',
};

export const ss = defineCommand({
	name: 'ss',
	synopsis: 'ss [-t] [-l | -a] [-n]',
	summary: 'list TCP sockets: who listens, who is connected',
	details:
		'-l shows listening sockets only, -a all, neither only connections. Addresses are always numeric.',
	*run(context, args) {
		const parsed = parseGetopt(args, [
			{ names: ['-t', '--tcp'] },
			{ names: ['-l', '--listening'] },
			{ names: ['-a', '--all'] },
			{ names: ['-n', '--numeric'] },
			{ names: ['-u', '--udp'] },
			{ names: ['-p', '--processes'] },
			{ names: ['-4', '--ipv4'] },
		]);
		if (!parsed.ok) return usageError('ss', parsed.problem);
		const { options } = parsed;
		const all = options.has('-a');
		const listening = options.has('-l');
		const rows = chosenSockets(context.host, {
			listening: all || listening,
			connected: all || !listening,
		});
		return {
			text: table(rows).join('\n'),
			exitCode: 0,
			...(all || listening ? { facts: listeningFacts(context.host, rows) } : {}),
		};
	},
});

function table(rows: readonly SocketRow[]): string[] {
	const cells = rows.map((row) => ({
		state: STATES[row.state] ?? row.state,
		receive: String(row.unreadBytes),
		// Of a listener ss shows the backlog there.
		send: String(row.state === 'LISTEN' ? 128 : row.unacknowledgedBytes),
		local: `${row.localAddress}:${row.localPort}`,
		peer: `${row.remoteAddress}:${row.remotePort === 0 ? '*' : row.remotePort}`,
	}));
	const localWidth = Math.max('Local Address:Port'.length, ...cells.map((row) => row.local.length));
	const peerWidth = Math.max('Peer Address:Port'.length, ...cells.map((row) => row.peer.length));
	const line = (
		state: string,
		receive: string,
		send: string,
		local: string,
		peer: string,
	): string =>
		`${state.padEnd(10)} ${receive.padEnd(6)} ${send.padEnd(6)} ${local.padStart(localWidth)} ${peer.padStart(peerWidth)}`;
	return [
		line('State', 'Recv-Q', 'Send-Q', 'Local Address:Port', 'Peer Address:Port'),
		...cells.map((row) => line(row.state, row.receive, row.send, row.local, row.peer)),
	];
}
