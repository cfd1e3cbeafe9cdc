import type { Kernel } from '#lib/kernel/kernel.ts';
import type { Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import { decodeDns, encodeDns, reverseName, type DnsType } from '#lib/protocol/wire/dns.ts';
import { parseAddress } from './address.ts';
import { canonicalName, DNS_PORT } from './name-service.ts';
import type { UdpStack } from './udp-stack.ts';

/** Why a name was not found: it does not exist, the server cannot serve, or nothing answered. */
export type LookupFailure = 'not-found' | 'server-failure' | 'timeout';

/** Two queries of five seconds each, as the resolver of Linux does it with one server. */
const QUERY_TIMEOUT_US = seconds(5);
const QUERY_ATTEMPTS = 2;

/** How a host turns names into addresses: dotted addresses, then its hosts file, then its DNS server. */
export class NameResolver {
	/** The DNS server's address; undefined when none is configured. */
	server: string | undefined;
	hostsFile: { name: string; address: string }[];
	#kernel: Kernel;
	#udp: UdpStack;

	constructor(
		kernel: Kernel,
		udp: UdpStack,
		server: string | undefined,
		hostsFile: readonly { name: string; address: string }[],
	) {
		this.#kernel = kernel;
		this.#udp = udp;
		this.server = server;
		this.hostsFile = hostsFile.map((line) => ({ ...line }));
	}

	/** The address of a name. */
	*resolve(name: string): Process<{ address: string } | { failure: LookupFailure }> {
		if (parseAddress(name) !== undefined) return { address: name };
		const wanted = canonicalName(name);
		if (wanted === 'localhost') return { address: '127.0.0.1' };
		const line = this.hostsFile.find((entry) => canonicalName(entry.name) === wanted);
		if (line) return { address: line.address };
		const found = yield* this.query(name, 'A');
		return 'answer' in found ? { address: found.answer } : found;
	}

	/** The name of an address (PTR). */
	*reverse(address: string): Process<{ name: string } | { failure: LookupFailure }> {
		const line = this.hostsFile.find((entry) => entry.address === address);
		if (line) return { name: line.name };
		const found = yield* this.query(reverseName(address), 'PTR');
		return 'answer' in found ? { name: found.answer } : found;
	}

	/** Asks a DNS server, past the hosts file, as nslookup does. */
	*query(
		name: string,
		type: DnsType,
		server = this.server,
	): Process<{ answer: string } | { failure: LookupFailure }> {
		if (server === undefined) return { failure: 'server-failure' };
		for (let attempt = 0; attempt < QUERY_ATTEMPTS; attempt++) {
			const id = this.#kernel.random('dns').below(0x1_0000);
			const query = encodeDns({
				id,
				response: false,
				code: 'no-error',
				name: canonicalName(name),
				type,
				answers: [],
				timeToLiveSeconds: 0,
			});
			if (!query) return { failure: 'not-found' };
			const to = { address: server, port: DNS_PORT };
			const reply = yield* this.#udp.request(to, query, QUERY_TIMEOUT_US);
			if (reply.kind === 'timeout') continue;
			if (reply.kind === 'error') return { failure: 'server-failure' };
			const message = decodeDns(reply.payload);
			if (message?.id !== id || !message.response) return { failure: 'server-failure' };
			if (message.code === 'not-found') return { failure: 'not-found' };
			const [answer] = message.answers;
			return answer === undefined ? { failure: 'server-failure' } : { answer };
		}
		return { failure: 'timeout' };
	}
}
