import { parseAddress } from '#lib/network/address.ts';
import type { Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import { decodeDns, encodeDns, reverseName, type DnsType } from '#lib/protocol/wire/dns.ts';
import { defineCommand, type CommandContext, type CommandResult } from '../define-command.ts';
import { complaint, peerLabel, trafficTo, type Traffic } from './peers.ts';

const DNS_PORT = 53;
const ATTEMPTS = 2;
const ATTEMPT_US = seconds(5);
const NO_SERVER = ';; no servers could be reached\n';

/** What a name server, or the network on the way to it, said. */
interface Answer {
	/** An address or a name. */
	found?: string;
	/** `NXDOMAIN`, `SERVFAIL` or `REFUSED`. */
	code?: string;
	/** Why there was no answer at all, once per attempt. */
	errors: string[];
}

export const nslookup = defineCommand({
	name: 'nslookup',
	synopsis: 'nslookup name|address [server]',
	summary: 'ask a name server for an address or a name',
	details:
		'Asks the server directly, past the hosts file. Another server than the configured one may be given.',
	*run(context, args) {
		const [subject, serverName] = args.filter((argument) => !argument.startsWith('-'));
		if (subject === undefined || args.length > 2) {
			return complaint('nslookup: type nslookup, a name or address, and perhaps a server');
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
		const asked = reverse ? reverseName(subject) : subject.replace(/\.$/, '');
		const answer = yield* ask(context, server, asked, reverse ? 'PTR' : 'A');
		if (!answer) return complaint(`nslookup: '${subject}' is not a legal name`);
		return describe(context, { subject, asked, reverse, server }, answer);
	},
});

/** Sends the query; undefined when the name cannot be put into one. */
function* ask(
	context: CommandContext,
	server: string,
	name: string,
	type: DnsType,
): Process<Answer | undefined> {
	const answer: Answer = { errors: [] };
	for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
		const id = context.world.kernel.random('nslookup').below(0x1_0000);
		const message = { id, name, type, response: false, code: 'no-error', answers: [] } as const;
		const query = encodeDns({ ...message, answers: [], timeToLiveSeconds: 0 });
		if (!query) return undefined;
		const to = { address: server, port: DNS_PORT };
		const reply = yield* context.host.requestDatagram(to, query, ATTEMPT_US);
		if (reply.kind === 'reply') {
			const response = decodeDns(reply.payload);
			if (response?.id !== id) return { ...answer, code: 'SERVFAIL' };
			const [found] = response.answers;
			if (found !== undefined) return { ...answer, found };
			const codes = { 'not-found': 'NXDOMAIN', refused: 'REFUSED' } as Record<string, string>;
			return { ...answer, code: codes[response.code] ?? 'SERVFAIL' };
		}
		answer.errors.push(
			reply.kind === 'timeout'
				? 'timed out'
				: reply.error === 'port-unreachable'
					? 'connection refused'
					: 'host unreachable',
		);
	}
	return answer;
}

function describe(
	context: CommandContext,
	question: { subject: string; asked: string; reverse: boolean; server: string },
	answer: Answer,
): CommandResult {
	const { subject, asked, reverse, server } = question;
	const ownServer = server === context.host.names.server;
	const from = ownServer ? '' : ` at ${peerLabel(context.world, server)}`;
	const result = (text: string, outcome: string, ended: Traffic['ended']): CommandResult => ({
		text,
		exitCode: answer.found === undefined ? 1 : 0,
		facts: [`name ${subject.toLowerCase().replace(/\.$/, '')}${from}: ${outcome}`],
		traffic: trafficTo(context, server, ended),
	});
	const heading = reverse ? '' : `Server:\t\t${server}\nAddress:\t${server}#53\n\n`;
	if (answer.found !== undefined) {
		const text = reverse
			? `${asked}\tname = ${answer.found}.\n`
			: `Name:\t${asked}\nAddress: ${answer.found}\n`;
		return result(heading + text, answer.found, 'answered');
	}
	if (answer.code !== undefined) {
		const text = `${heading}** server can't find ${asked}: ${answer.code}\n`;
		const missing = answer.code === 'NXDOMAIN';
		return result(text, missing ? 'not found' : 'server failure', missing ? 'answered' : 'refused');
	}
	const lines = answer.errors.map((why) => `;; communications error to ${server}#53: ${why}`);
	const silent = answer.errors.every((why) => why === 'timed out');
	const outcome = silent ? 'no answer' : (answer.errors[0] ?? 'no answer');
	return result([...lines, NO_SERVER].join('\n'), outcome, silent ? 'lost' : 'refused');
}
