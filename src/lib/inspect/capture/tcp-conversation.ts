import type { DecodedFrame, DecodedTcp } from '#lib/protocol/wire/decode-frame.ts';
import {
	TcpReassembler,
	type SegmentNotice,
	type StreamPart,
} from '#lib/protocol/wire/tcp-reassembly.ts';
import type { Remark } from '../remark.ts';
import type {
	ConversationProtocol,
	ConversationReport,
	Endpoint,
	Moment,
} from './capture-report.ts';
import { DicomDissector } from './dicom-dissector.ts';
import type { Dissection, Dissector, LineBudget } from './dissector.ts';
import { MllpDissector } from './mllp-dissector.ts';
import { HttpDissector, TlsDissector, UnknownDissector } from './plain-dissectors.ts';
import { SNIFF_BYTES, sniffProtocol } from './sniff-protocol.ts';

/** Packets of the recent past, by which a second sight of one is known. */
const RECENT_PACKETS = 256;

interface Sighting {
	interface: number;
	ttl: number;
}

/** What is kept until it is clear what a conversation speaks. */
interface Early {
	fromClient: boolean;
	bytes: Uint8Array;
	at: Moment;
}

/** One TCP connection as the capture shows it. */
export class TcpConversation {
	readonly client: Endpoint;
	readonly server: Endpoint;
	readonly #id: number;
	readonly #clientIsGuess: boolean;
	readonly #budget: LineBudget;
	readonly #streams = { client: new TcpReassembler(), server: new TcpReassembler() };
	readonly #notices = new Map<SegmentNotice, number>();
	readonly #recent = new Map<string, Sighting>();
	readonly #remarks: (Remark & Moment)[] = [];
	#early: Early[] = [];
	#dissector: Dissector | undefined;
	#protocol: ConversationProtocol = 'none';
	#begun: Moment;
	#ended: Moment;
	#packets = 0;
	#copies = 0;
	#syns = 0;
	#answered = false;
	#reset: { fromClient: boolean; at: Moment } | undefined;
	#finished = { client: false, server: false };
	#unreachable: string | undefined;

	constructor(
		id: number,
		ends: { client: Endpoint; server: Endpoint; isGuess: boolean },
		at: Moment,
		budget: LineBudget,
	) {
		this.#id = id;
		this.client = ends.client;
		this.server = ends.server;
		this.#clientIsGuess = ends.isGuess;
		this.#begun = at;
		this.#ended = at;
		this.#budget = budget;
	}

	/** Whether this SYN begins another connection between the same ends. */
	isOver(fromClient: boolean, tcp: DecodedTcp): boolean {
		if (!tcp.syn || tcp.acknowledges) return false;
		if (!fromClient) return this.#reset !== undefined || this.#finished.client;
		return this.#streams.client.startsAnew(tcp.seq);
	}

	take(fromClient: boolean, frame: DecodedFrame, tcp: DecodedTcp, on: number, at: Moment): void {
		this.#packets++;
		this.#ended = at;
		if (this.#isCopy(fromClient, frame, tcp, on)) {
			this.#copies++;
			return;
		}
		if (tcp.syn && !tcp.acknowledges) this.#syns++;
		if (!fromClient) this.#answered = true;
		if (tcp.rst) this.#reset ??= { fromClient, at };
		const [own, other] = fromClient
			? [this.#streams.client, this.#streams.server]
			: [this.#streams.server, this.#streams.client];
		if (tcp.acknowledges) this.#parts(!fromClient, other.acknowledge(tcp.ack), at);
		if (tcp.rst) return;
		const { parts, notice } = own.push(tcp);
		if (notice) this.#notices.set(notice, (this.#notices.get(notice) ?? 0) + 1);
		this.#parts(fromClient, parts, at);
	}

	/** An ICMP error about a packet of this connection. */
	unreachable(text: string, from: string, at: Moment): void {
		this.#unreachable ??= text;
		this.#remarks.push({ ...at, tone: 'bad', text: `${from} answers: ${text}.` });
	}

	/** The capture has ended. */
	finish(): void {
		this.#parts(true, this.#streams.client.finish(), this.#ended);
		this.#parts(false, this.#streams.server.finish(), this.#ended);
		if (this.#early.length > 0) this.#decide();
		this.#dissector?.end(true, this.#ended);
		this.#dissector?.end(false, this.#ended);
	}

	content(number: number): Uint8Array | undefined {
		return this.#dissector?.content(number);
	}

	report(): ConversationReport {
		const connection = this.#connection();
		const said: Dissection = this.#dissector?.result() ?? {
			summary: '',
			tone: 'neutral',
			lines: [],
			remarks: [],
		};
		const nothing = this.#protocol === 'none';
		const remarks = [...this.#remarks, ...this.#tcpRemarks(connection), ...said.remarks];
		const { association } = said;
		return {
			id: this.#id,
			client: this.client,
			server: this.server,
			clientIsGuess: this.#clientIsGuess,
			begun: this.#begun,
			ended: this.#ended,
			packets: this.#packets,
			clientBytes: this.#streams.client.sizeBytes,
			serverBytes: this.#streams.server.sizeBytes,
			protocol: this.#protocol,
			summary: nothing ? connection.text : said.summary,
			tone: nothing ? connection.tone : said.tone,
			lines: said.lines,
			remarks: remarks.sort((a, b) => a.packet - b.packet),
			...(association && { association }),
		};
	}

	/** A router is captured on several sides: the same packet with another TTL or interface is no repetition. */
	#isCopy(fromClient: boolean, frame: DecodedFrame, tcp: DecodedTcp, on: number): boolean {
		const { identification, ttl = 0 } = frame;
		if (identification === undefined) return false;
		const flags = `${tcp.syn}${tcp.fin}${tcp.rst}`;
		const key = `${fromClient} ${identification} ${tcp.seq} ${tcp.ack} ${tcp.payloadBytes} ${flags}`;
		const before = this.#recent.get(key);
		if (before) return before.ttl !== ttl || before.interface !== on;
		this.#recent.set(key, { interface: on, ttl });
		if (this.#recent.size > RECENT_PACKETS) {
			this.#recent.delete(this.#recent.keys().next().value!);
		}
		return false;
	}

	#parts(fromClient: boolean, parts: readonly StreamPart[], at: Moment): void {
		for (const part of parts) {
			if (part.kind === 'data') this.#data(fromClient, part.bytes, at);
			else if (part.kind === 'gap') {
				if (this.#early.length > 0) this.#decide();
				this.#dissector?.gap(fromClient, part.sizeBytes, at);
			} else {
				this.#finished[fromClient ? 'client' : 'server'] = true;
				if (this.#early.length > 0) this.#decide();
				this.#dissector?.end(fromClient, at);
			}
		}
	}

	#data(fromClient: boolean, bytes: Uint8Array, at: Moment): void {
		if (this.#dissector) {
			this.#dissector.data(fromClient, bytes, at);
			return;
		}
		this.#early.push({ fromClient, bytes, at });
		const first = this.#early[0]!.fromClient;
		const known = this.#early.reduce(
			(sum, one) => sum + (one.fromClient === first ? one.bytes.length : 0),
			0,
		);
		if (known >= SNIFF_BYTES || fromClient !== first) this.#decide();
	}

	/** Whoever spoke first decides what is spoken. */
	#decide(): void {
		const early = this.#early;
		this.#early = [];
		const first = early[0]?.fromClient;
		const bytes = early
			.filter((one) => one.fromClient === first)
			.flatMap((one) => [...one.bytes.subarray(0, SNIFF_BYTES)]);
		this.#protocol = sniffProtocol(Uint8Array.from(bytes));
		this.#dissector = dissectorOf(this.#protocol, this.#budget);
		for (const one of early) this.#dissector.data(one.fromClient, one.bytes, one.at);
	}

	/** What became of the connection, whatever was said on it. */
	#connection(): { text: string; tone: Remark['tone'] } {
		if (this.#unreachable !== undefined) return { text: this.#unreachable, tone: 'bad' };
		if (this.#syns > 0 && !this.#answered) {
			const tries = this.#syns === 1 ? '' : ` in ${this.#syns} tries`;
			return { text: `no answer to the SYN${tries}`, tone: 'bad' };
		}
		const { client, server } = this.#streams;
		if (this.#reset && !this.#reset.fromClient && !server.sawSyn && server.sizeBytes === 0) {
			return { text: 'refused: the server answers the SYN with RST', tone: 'bad' };
		}
		if (this.#reset) {
			const who = this.#reset.fromClient ? 'client' : 'server';
			return { text: `reset by the ${who}`, tone: 'warning' };
		}
		const silent = client.sizeBytes + server.sizeBytes === 0;
		if (silent) return { text: 'opened, and nothing was said', tone: 'neutral' };
		return { text: 'data', tone: 'neutral' };
	}

	#tcpRemarks(connection: { text: string; tone: Remark['tone'] }): (Remark & Moment)[] {
		const remarks: (Remark & Moment)[] = [];
		const end = this.#ended;
		if (this.#syns > 0 && !this.#answered && this.#unreachable === undefined) {
			const text = `Nobody answered the SYN (${this.#syns} sent): a firewall drops it, or the address is not in use.`;
			remarks.push({ ...this.#begun, tone: 'bad', text });
		} else if (connection.text.startsWith('refused')) {
			const text = `Nothing listens on ${this.server.address} port ${this.server.port}, or a firewall rejects: the SYN was answered with RST.`;
			remarks.push({ ...this.#begun, tone: 'bad', text });
		} else if (this.#reset) {
			const who = this.#reset.fromClient ? 'client' : 'server';
			remarks.push({
				...this.#reset.at,
				tone: 'warning',
				text: `The ${who} reset the connection (RST).`,
			});
		}
		const counts: [SegmentNotice, string][] = [
			['retransmission', 'segments were sent again'],
			['out-of-order', 'segments came out of order'],
			['overlap', 'segments overlap with earlier ones'],
		];
		for (const [notice, text] of counts) {
			const count = this.#notices.get(notice) ?? 0;
			if (count > 0) remarks.push({ ...end, tone: 'warning', text: `${count} ${text}.` });
		}
		if (this.#copies > 0) {
			const text = `${this.#copies} packets were captured a second time on their way through and are counted once.`;
			remarks.push({ ...end, tone: 'neutral', text });
		}
		return remarks;
	}
}

function dissectorOf(protocol: ConversationProtocol, budget: LineBudget): Dissector {
	switch (protocol) {
		case 'dicom':
			return new DicomDissector(budget);
		case 'mllp':
			return new MllpDissector(budget);
		case 'http':
			return new HttpDissector(budget);
		case 'tls':
			return new TlsDissector(budget);
		default:
			return new UnknownDissector();
	}
}
