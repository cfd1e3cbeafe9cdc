import { inSubnet, parseAddress, parseCidr } from './address.ts';
import type { CapturedPacket } from './capture.ts';

type CaptureFilter = (packet: CapturedPacket) => boolean;

export type ParsedFilter =
	| { readonly ok: true; readonly filter: CaptureFilter }
	| { readonly ok: false; readonly message: string };

const PROTOCOLS = ['tcp', 'udp', 'icmp', 'arp', 'ip'] as const;
type Side = 'src' | 'dst' | 'either';

class FilterError extends Error {}

/**
 * Reads a capture filter in the manner of tcpdump: `host`, `net`, `port` with `src` or `dst` before them,
 * protocols alone (`icmp`) or before a port (`tcp port 104`), `and`, `or`, `not`, parentheses. As in
 * pcap-filter(7), `and` and `or` bind equally, from left to right. An empty text matches everything.
 */
export function parseCaptureFilter(text: string): ParsedFilter {
	const tokens = text.match(/&&|\|\||[()!]|[^\s()!&|]+/g) ?? [];
	if (tokens.length === 0) return { ok: true, filter: () => true };
	try {
		const parser = new FilterParser(tokens);
		return { ok: true, filter: parser.parse() };
	} catch (error) {
		if (error instanceof FilterError) return { ok: false, message: error.message };
		throw error;
	}
}

class FilterParser {
	#tokens: readonly string[];
	#position = 0;

	constructor(tokens: readonly string[]) {
		this.#tokens = tokens;
	}

	parse(): CaptureFilter {
		const filter = this.#expression();
		const rest = this.#tokens[this.#position];
		if (rest !== undefined) throw new FilterError(`syntax error in filter expression at '${rest}'`);
		return filter;
	}

	#accept(...words: string[]): string | undefined {
		const token = this.#tokens[this.#position];
		if (token === undefined || !words.includes(token)) return undefined;
		this.#position++;
		return token;
	}

	#expression(): CaptureFilter {
		let left = this.#term();
		for (;;) {
			const operator = this.#accept('and', '&&', 'or', '||');
			if (!operator) return left;
			const before = left;
			const right = this.#term();
			left =
				operator === 'and' || operator === '&&'
					? (packet) => before(packet) && right(packet)
					: (packet) => before(packet) || right(packet);
		}
	}

	#term(): CaptureFilter {
		if (this.#accept('not', '!')) {
			const inner = this.#term();
			return (packet) => !inner(packet);
		}
		if (this.#accept('(')) {
			const inner = this.#expression();
			if (!this.#accept(')'))
				throw new FilterError("syntax error in filter expression: ')' missing");
			return inner;
		}
		return this.#primitive();
	}

	#primitive(): CaptureFilter {
		const protocol = this.#accept(...PROTOCOLS);
		const side = (this.#accept('src', 'dst') ?? 'either') as Side;
		const kind = this.#accept('host', 'net', 'port');
		if (protocol !== undefined) {
			const isProtocol: CaptureFilter = (packet) => protocolIs(packet, protocol);
			if (kind === undefined && side === 'either') return isProtocol;
			const operand = this.#operand(kind ?? 'host', side);
			return (packet) => isProtocol(packet) && operand(packet);
		}
		if (kind === undefined && side === 'either') {
			const token = this.#tokens[this.#position];
			const bare = token !== undefined && parseAddress(token) !== undefined;
			if (!bare) {
				throw new FilterError(
					token === undefined
						? 'syntax error in filter expression: it ends too early'
						: `syntax error in filter expression at '${token}'`,
				);
			}
		}
		return this.#operand(kind ?? 'host', side);
	}

	#operand(kind: string, side: Side): CaptureFilter {
		const text = this.#tokens[this.#position++];
		if (text === undefined) throw new FilterError(`'${kind}' needs a value`);
		if (kind === 'port') {
			const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
			if (!(port <= 65_535)) throw new FilterError(`unknown port '${text}'`);
			return (packet) => onSide(side, portsOf(packet), (value) => value === port);
		}
		const cidr = kind === 'net' ? parseCidr(text) : undefined;
		const address = cidr?.address ?? parseAddress(text);
		if (address === undefined)
			throw new FilterError(`unknown ${kind === 'net' ? 'network' : 'host'} '${text}'`);
		const prefix = cidr?.prefix ?? 32;
		return (packet) =>
			onSide(side, addressesOf(packet), (value) =>
				inSubnet(parseAddress(value) ?? 0, address, prefix),
			);
	}
}

function protocolIs(packet: CapturedPacket, protocol: string): boolean {
	if (packet.kind === 'arp') return protocol === 'arp';
	return protocol === 'ip' || packet.protocol === protocol;
}

function addressesOf(packet: CapturedPacket): [string, string] {
	if (packet.kind === 'arp') return [packet.senderAddress, packet.targetAddress];
	return [packet.source, packet.destination];
}

function portsOf(packet: CapturedPacket): [number, number] | undefined {
	if (packet.kind === 'arp' || packet.protocol === 'icmp') return undefined;
	return [packet.sourcePort, packet.destinationPort];
}

function onSide<T>(side: Side, pair: [T, T] | undefined, holds: (value: T) => boolean): boolean {
	if (!pair) return false;
	if (side === 'src') return holds(pair[0]);
	if (side === 'dst') return holds(pair[1]);
	return holds(pair[0]) || holds(pair[1]);
}
