import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { ethernetHeader } from '#lib/protocol/wire/ethernet.ts';
import { ipv4Header } from '#lib/protocol/wire/ipv4.ts';
import { tcpHeader } from '#lib/protocol/wire/tcp.ts';
import { writePcapng, type PcapngPacket } from '#lib/protocol/wire/write-pcapng.ts';

const CLIENT = { address: '10.0.0.1', port: 50_000 };
const SERVER = { address: '10.0.0.2', port: 4_242 };
const FIRST_SEQ = { client: 0xffff_ff00, server: 1_000 };
const STEP_US = 1_000;

type Side = 'client' | 'server';
interface Flags {
	syn?: boolean;
	fin?: boolean;
	rst?: boolean;
	/** Without it the first packet of a connection. */
	acknowledges?: boolean;
}

/** A TCP connection written by hand, packet by packet, for tests of what reads captures. */
export class TcpTalk {
	readonly packets: PcapngPacket[] = [];
	#sent = { client: 0, server: 0 };
	#identification = 0;

	/** The three packets of the handshake. */
	open(): this {
		this.#packet('client', { syn: true, acknowledges: false });
		this.#sent.client = 1;
		this.#packet('server', { syn: true });
		this.#sent.server = 1;
		this.#packet('client', {});
		return this;
	}

	/** Data in segments of at most so many bytes. */
	say(side: Side, bytes: Uint8Array, segmentBytes = 1_460): this {
		for (let at = 0; at < bytes.length; at += segmentBytes) {
			const payload = bytes.subarray(at, at + segmentBytes);
			this.#packet(side, {}, payload);
			this.#sent[side] += payload.length;
		}
		return this;
	}

	/** One packet with these flags, and nothing else changed. */
	flag(side: Side, flags: Flags): this {
		this.#packet(side, flags);
		if (flags.fin || flags.syn) this.#sent[side] += 1;
		return this;
	}

	file(): Uint8Array {
		const options = { interfaces: [{ name: 'eth0' }], hostNames: [] };
		return joinBytes([...writePcapng(options, this.packets)]);
	}

	#packet(side: Side, flags: Flags, payload: Uint8Array = new Uint8Array(0)): void {
		const other = side === 'client' ? 'server' : 'client';
		const [from, to] = side === 'client' ? [CLIENT, SERVER] : [SERVER, CLIENT];
		const { syn = false, fin = false, rst = false, acknowledges = true } = flags;
		const header = tcpHeader(
			{
				...{ source: from.address, sourcePort: from.port },
				...{ destination: to.address, destinationPort: to.port },
				seq: (FIRST_SEQ[side] + this.#sent[side]) % 2 ** 32,
				ack: acknowledges ? (FIRST_SEQ[other] + this.#sent[other]) % 2 ** 32 : 0,
				...{ syn, fin, rst, psh: payload.length > 0, acknowledges, window: 64_240 },
			},
			[payload],
		);
		const ip = ipv4Header({
			...{ source: from.address, destination: to.address, protocol: 'tcp', ttl: 64 },
			payloadBytes: header.length + payload.length,
			identification: ++this.#identification,
			dontFragment: true,
		});
		this.packets.push({
			interface: 0,
			timeUs: this.packets.length * STEP_US,
			pieces: [
				ethernetHeader('02:00:00:00:00:01', '02:00:00:00:00:02', 0x0800),
				ip,
				header,
				payload,
			],
		});
	}
}
