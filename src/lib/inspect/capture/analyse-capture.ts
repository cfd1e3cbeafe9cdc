import { readCapture } from '#lib/protocol/wire/read-capture.ts';
import type { CaptureItem, CaptureRecord } from '#lib/protocol/wire/capture-record.ts';
import { decodeDns } from '#lib/protocol/wire/dns.ts';
import {
	type DecodedFrame,
	type DecodedTcp,
	decodeFrame,
} from '#lib/protocol/wire/decode-frame.ts';
import type { Remark } from '../remark.ts';
import type { CaptureReport, Endpoint, InterfaceReport, Moment } from './capture-report.ts';
import { LineBudget } from './dissector.ts';
import { icmpErrorWords, quotedEnds } from './icmp-words.ts';
import { linkTypeName } from './link-types.ts';
import { TcpConversation } from './tcp-conversation.ts';

export interface AnalysisLimits {
	/** PDUs, messages and other lines kept. 200,000 unless given. */
	readonly lines?: number;
	/** TCP connections told apart. 20,000 unless given. */
	readonly conversations?: number;
}

const MOST_COMMENTS = 1_000;
const MOST_REMARKS = 200;
const DNS_PORT = 53;

/**
 * Reads a capture file and finds who talked to whom about what: DICOM, HL7, HTTP and TLS by content, on any
 * port. Packets are taken one by one, so that a caller can do other things in between. Never throws:
 * what cannot be read is a remark.
 */
export class CaptureAnalysis {
	readonly #items: Generator<CaptureItem, void, undefined>;
	readonly #sizeBytes: number;
	readonly #budget: LineBudget;
	readonly #mostConversations: number;
	readonly #open = new Map<string, TcpConversation>();
	readonly #conversations: TcpConversation[] = [];
	readonly #interfaces: InterfaceReport[] = [];
	readonly #interfacePackets: number[] = [];
	readonly #names: Record<string, string> = {};
	readonly #others = new Map<string, number>();
	readonly #comments: (Moment & { text: string; packets: number })[] = [];
	readonly #remarks: Remark[] = [];
	#format = '';
	#application = '';
	#comment = '';
	#packets = 0;
	#conversationsLeftOut = 0;
	#startNs: bigint | undefined;
	#lastUs = 0;
	#readBytes = 0;
	#done = false;

	constructor(bytes: Uint8Array, limits: AnalysisLimits = {}) {
		this.#items = readCapture(bytes);
		this.#sizeBytes = bytes.length;
		this.#budget = new LineBudget(limits.lines ?? 200_000);
		this.#mostConversations = limits.conversations ?? 20_000;
	}

	/** 0 to 1. */
	get progress(): number {
		return this.#done ? 1 : this.#readBytes / Math.max(1, this.#sizeBytes);
	}

	/** Takes up to so many items of the file; true when nothing is left. */
	advance(most = Infinity): boolean {
		for (let count = 0; count < most && !this.#done; count++) {
			const { done, value } = this.#items.next();
			if (!done) this.#item(value);
			else {
				for (const conversation of this.#conversations) conversation.finish();
				this.#done = true;
			}
		}
		return this.#done;
	}

	/** What there is, once {@link advance} has come to the end. */
	report(): CaptureReport {
		const remarks = [...this.#remarks];
		const { leftOut } = this.#budget;
		if (leftOut > 0) {
			const text = `The capture has more than can be listed: ${leftOut} lines are left out.`;
			remarks.push({ tone: 'warning', text });
		}
		if (this.#conversationsLeftOut > 0) {
			const text = `Only the first ${this.#mostConversations} connections are told apart; ${this.#conversationsLeftOut} packets of others are left out.`;
			remarks.push({ tone: 'warning', text });
		}
		const start = this.#startNs;
		return {
			format: this.#format,
			application: this.#application,
			comment: this.#comment,
			interfaces: this.#interfaces.map((one, i) => ({
				...one,
				packets: this.#interfacePackets[i] ?? 0,
			})),
			packets: this.#packets,
			...(start !== undefined && { startMs: Number(start / 1_000n) / 1_000 }),
			durationUs: this.#lastUs,
			names: this.#names,
			conversations: this.#conversations.map((conversation) => conversation.report()),
			others: [...this.#others].map(([label, packets]) => ({ label, packets })),
			comments: this.#comments,
			remarks,
		};
	}

	/** The data set of a DIMSE message as a file, or an HL7 message; undefined where there is none. */
	content(conversation: number, number: number): Uint8Array | undefined {
		return this.#conversations[conversation]?.content(number);
	}

	#item(item: CaptureItem): void {
		this.#readBytes = item.offset;
		switch (item.kind) {
			case 'section':
				this.#format ||= item.format;
				this.#application ||= item.application ?? '';
				this.#comment ||= item.comment ?? '';
				return;
			case 'interface':
				this.#interfaces.push({
					name: item.name ?? `interface ${item.interface}`,
					description: item.description ?? '',
					linkType: linkTypeName(item.linkType),
					packets: 0,
				});
				return;
			case 'name':
				this.#names[item.address] ??= item.names[0] ?? '';
				return;
			case 'statistics':
				if (item.comment)
					this.#remark({ tone: 'warning', text: `The file says: ${item.comment}.` });
				else if ((item.dropped ?? 0) > 0) {
					const text = `The capturing program lost ${item.dropped} packets: what is missing here may have been on the wire.`;
					this.#remark({ tone: 'warning', text });
				}
				return;
			case 'secrets': {
				const text = 'The file brings keys of TLS: whoever has it can read what was encrypted.';
				this.#remark({ tone: 'warning', text });
				return;
			}
			case 'defect': {
				const rest = item.fatal ? '; nothing behind it can be read' : '';
				this.#remark({ tone: 'bad', text: `At byte ${item.offset}: ${item.message}${rest}.` });
				return;
			}
			case 'packet':
				this.#packet(item);
		}
	}

	#remark(remark: Remark): void {
		if (this.#remarks.length < MOST_REMARKS) this.#remarks.push(remark);
	}

	#packet(record: CaptureRecord): void {
		this.#packets++;
		this.#interfacePackets[record.interface] = (this.#interfacePackets[record.interface] ?? 0) + 1;
		const at: Moment = { packet: this.#packets, timeUs: this.#timeUs(record) };
		this.#lastUs = Math.max(this.#lastUs, at.timeUs);
		if (record.comment !== undefined) this.#commentOn(record.comment, at);
		const frame = decodeFrame(record.linkType, record.bytes);
		if (frame.tcp) this.#tcp(frame, frame.tcp, record.interface, at);
		else this.#other(frame, at);
	}

	#commentOn(text: string, at: Moment): void {
		const last = this.#comments.at(-1);
		if (last?.text === text) last.packets++;
		else if (this.#comments.length < MOST_COMMENTS) {
			this.#comments.push({ ...at, text, packets: 1 });
		}
	}

	#timeUs({ timeNs }: CaptureRecord): number {
		if (timeNs === undefined) return this.#lastUs;
		this.#startNs ??= timeNs;
		return Number(timeNs - this.#startNs) / 1_000;
	}

	#tcp(frame: DecodedFrame, tcp: DecodedTcp, on: number, at: Moment): void {
		const source: Endpoint = { address: frame.source ?? '', port: tcp.sourcePort };
		const destination: Endpoint = { address: frame.destination ?? '', port: tcp.destinationPort };
		const [a, b] = [endpointText(source), endpointText(destination)];
		const key = a < b ? `${a} ${b}` : `${b} ${a}`;
		let conversation = this.#open.get(key);
		const fromClient = conversation && endpointText(conversation.client) === a;
		if (!conversation || conversation.isOver(fromClient === true, tcp)) {
			if (this.#conversations.length >= this.#mostConversations) {
				this.#conversationsLeftOut++;
				return;
			}
			const ends = endsOf(source, destination, tcp);
			conversation = new TcpConversation(this.#conversations.length, ends, at, this.#budget);
			this.#conversations.push(conversation);
			this.#open.set(key, conversation);
		}
		conversation.take(endpointText(conversation.client) === a, frame, tcp, on, at);
	}

	#other(frame: DecodedFrame, at: Moment): void {
		const label = labelOf(frame);
		this.#others.set(label, (this.#others.get(label) ?? 0) + 1);
		if (frame.icmp) this.#icmp(frame, at);
		if (frame.udp && frame.udp.sourcePort === DNS_PORT) this.#dns(frame.udp.payload, at);
		if (frame.problem !== undefined) {
			this.#remark({ tone: 'warning', text: `Packet ${at.packet}: ${frame.problem}.` });
		}
	}

	#icmp({ icmp, source = '' }: DecodedFrame, at: Moment): void {
		const words = icmp && icmpErrorWords(icmp);
		const ends = icmp && quotedEnds(icmp.quoted);
		if (words === undefined) return;
		if (ends) {
			const [a, b] = [endpointText(ends.from), endpointText(ends.to)];
			const conversation = this.#open.get(a < b ? `${a} ${b}` : `${b} ${a}`);
			if (conversation) return conversation.unreachable(words, this.#named(source), at);
		}
		this.#remark({
			tone: 'warning',
			text: `Packet ${at.packet}: ${this.#named(source)} answers: ${words}.`,
		});
	}

	#dns(payload: Uint8Array, { packet }: Moment): void {
		const message = decodeDns(payload);
		if (!message?.response || message.code === 'no-error') return;
		const what = message.code === 'not-found' ? 'does not exist' : `got ${message.code}`;
		this.#remark({
			tone: 'bad',
			text: `Packet ${packet}: the name ${message.name} ${what} (DNS).`,
		});
	}

	#named(address: string): string {
		const name = this.#names[address];
		return name ? `${name} (${address})` : address;
	}
}

function endpointText({ address, port }: Endpoint): string {
	return `${address}:${port}`;
}

/** A SYN tells who opened the connection; without one the higher port is taken for the client's. */
function endsOf(source: Endpoint, destination: Endpoint, tcp: DecodedTcp) {
	const forward = { client: source, server: destination };
	const backward = { client: destination, server: source };
	if (tcp.syn) return { ...(tcp.acknowledges ? backward : forward), isGuess: false };
	return { ...(source.port >= destination.port ? forward : backward), isGuess: true };
}

function labelOf(frame: DecodedFrame): string {
	if (frame.fragment) return 'IP fragments';
	if (frame.icmp) return frame.icmp.version === 4 ? 'ICMP' : 'ICMPv6';
	if (frame.udp) {
		const { sourcePort, destinationPort } = frame.udp;
		return sourcePort === DNS_PORT || destinationPort === DNS_PORT ? 'DNS' : 'UDP';
	}
	if (frame.network === 'arp') return 'ARP';
	return frame.network === 'other' ? 'not IP' : 'other IP protocols';
}
