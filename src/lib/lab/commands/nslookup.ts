import { parseAddress } from '#lib/network/address.ts';
import { reverseName } from '#lib/protocol/wire/dns.ts';
import { defineCommand, type CommandResult } from '../define-command.ts';
import { complaint, peerLabel, trafficTo } from './peers.ts';

export const nslookup = defineCommand({
	name: 'nslookup',
	synopsis: 'nslookup name|address [server]',
	summary: 'ask a name server for an address or a name',
	details:
		'Asks the server directly, past the hosts file. Another server than the configured one may be given.',
	*run(context, args) {
		const [subject, serverName] = args.filter((argument) => !argument.startsWith('-'));
		if (subject === undefined || args.length > 2) {
			return complaint('nslookup: type nslookup, a name or address, and perhaps a server', 1);
		}
		let server = context.host.names.server;
		if (serverName !== undefined) {
			const resolved = yield* context.host.resolve(serverName);
			if (!('address' in resolved)) {
				return complaint(`nslookup: couldn't get address for '${serverName}': not found`, 10);
			}
			server = resolved.address;
		}
		if (server === undefined) {
			return { ...complaint(NO_SERVER), facts: [`name server of ${context.host.id}: none`] };
		}
		const reverse = parseAddress(subject) !== undefined;
		const asked = reverse ? reverseName(subject) : subject;
		const found = yield* context.host.names.query(asked, reverse ? 'PTR' : 'A', server);
		const label = subject.toLowerCase().replace(/\.$/, '');
		const ownServer = server === context.host.names.server;
		const from = ownServer ? '' : ` at ${peerLabel(context.world, server)}`;
		const fact = (outcome: string): string => `name ${label}${from}: ${outcome}`;
		const heading = `Server:\t\t${server}\nAddress:\t${server}#53\n`;
		const result = (
			text: string,
			outcome: string,
			ended: 'answered' | 'refused' | 'lost',
		): CommandResult => ({
			text,
			exitCode: ended === 'answered' && 'answer' in found ? 0 : 1,
			facts: [fact(outcome)],
			traffic: trafficTo(context, server, ended),
		});
		if ('answer' in found) {
			const text = reverse
				? `${asked}\tname = ${found.answer}.\n`
				: `${heading}\nName:\t${label}\nAddress: ${found.answer}\n`;
			return result(text, found.answer, 'answered');
		}
		switch (found.failure) {
			case 'not-found': {
				const answer = `** server can't find ${asked}: NXDOMAIN\n`;
				return result(reverse ? answer : `${heading}\n${answer}`, 'not found', 'answered');
			}
			case 'server-failure': {
				const answer = `** server can't find ${asked}: SERVFAIL\n`;
				return result(`${heading}\n${answer}`, 'server failure', 'refused');
			}
			case 'timeout':
				return result(NO_SERVER, 'no answer', 'lost');
		}
	},
});

const NO_SERVER = ';; connection timed out; no servers could be reached\n';
