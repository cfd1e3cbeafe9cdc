import type { Process } from '#lib/kernel/process.ts';
import type { Micros } from '#lib/kernel/time.ts';
import type { ArpRow } from './arp-table.ts';
import { EchoStack, type PingOptions, type PingReply } from './echo-stack.ts';
import type { Firewall } from './firewall.ts';
import type { IpLayer } from './ip-layer.ts';
import type { IpNode, RouteRow } from './ip-node.ts';
import { NameResolver, type LookupFailure } from './name-resolver.ts';
import type { HostSpec, RouteSpec } from './network-spec.ts';
import type { Nic } from './nic.ts';
import type { IcmpError, IpPacket, PacketHandlers, Segment, SegmentVerdict } from './packet.ts';
import type { TcpSettings } from './tcp-carrier.ts';
import type { Listener } from './tcp-listener.ts';
import { TcpStack, type ConnectFailure, type SocketRow } from './tcp-stack.ts';
import type { TcpStream } from './tcp-stream.ts';
import { traceroute, type Hop, type TracerouteOptions } from './traceroute.ts';
import { UdpStack, type DatagramService } from './udp-stack.ts';

/** A machine on the network: what its operating system offers to programs, and its settings. */
export class Host implements PacketHandlers {
	readonly id: string;
	/** Names: its own resolver's settings and queries. */
	readonly names: NameResolver;
	#node: IpNode;
	#tcp: TcpStack;
	#udp: UdpStack;
	#echo: EchoStack;
	#ip: IpLayer;

	/** Made by the network only. */
	constructor(ip: IpLayer, node: IpNode, spec: HostSpec) {
		this.id = spec.id;
		this.#ip = ip;
		this.#node = node;
		this.#tcp = new TcpStack(ip, node);
		this.#udp = new UdpStack(ip, node);
		this.#echo = new EchoStack(ip, node);
		this.names = new NameResolver(ip.kernel, this.#udp, spec.resolver, spec.hostsFile ?? []);
		node.handlers = this;
	}

	get nics(): readonly Nic[] {
		return this.#node.nics;
	}

	get firewall(): Firewall {
		return this.#node.firewall;
	}

	get forwards(): boolean {
		return this.#node.forwards;
	}

	/** Retry limits of its TCP. */
	get tcpSettings(): TcpSettings {
		return this.#tcp.settings;
	}

	get answersPing(): boolean {
		return this.#node.answersPing;
	}
	set answersPing(value: boolean) {
		this.#node.answersPing = value;
	}

	/** Powered. Going down loses all sockets in silence; coming up starts without any. */
	get up(): boolean {
		return this.#node.up;
	}
	set up(value: boolean) {
		if (!value && this.#node.up) {
			this.#node.up = false;
			this.#tcp.powerOff();
		} else this.#node.up = value;
	}

	/** Static routes; replace the list to change it. */
	get routes(): readonly RouteSpec[] {
		return this.#node.routes;
	}
	set routes(value: readonly RouteSpec[]) {
		this.#node.routes = value;
	}

	/** Waits for connections on a port. Throws PortInUse. */
	listen(port: number, options: { backlog?: number } = {}): Listener {
		return this.#tcp.listen(port, options.backlog);
	}

	/** Opens a connection: a stream (kind `connected`) or the reason why not. */
	connect(
		to: { address: string; port: number },
		options: { timeoutUs?: Micros } = {},
	): Process<TcpStream | ConnectFailure> {
		return this.#tcp.connect(to, options.timeoutUs);
	}

	/** The address of a name: itself if dotted, then the hosts file, then DNS. */
	resolve(name: string): Process<{ address: string } | { failure: LookupFailure }> {
		return this.names.resolve(name);
	}

	/** One echo request; the caller repeats, waits between, and counts `sequence`. */
	pingOnce(address: string, options?: PingOptions): Process<PingReply> {
		return this.#echo.ping(address, options);
	}

	traceroute(address: string, options: TracerouteOptions = {}): Process<Hop[]> {
		const stacks = { echo: this.#echo, tcp: this.#tcp, udp: this.#udp };
		return traceroute(stacks, address, options);
	}

	/** Serves a UDP port with one answer per datagram, until the returned function is called. */
	serveDatagrams(port: number, service: DatagramService): () => void {
		return this.#udp.serve(port, service);
	}

	/** Sends one datagram and waits for its answer. */
	requestDatagram(
		to: { address: string; port: number },
		payload: Uint8Array,
		timeoutUs: Micros,
	): ReturnType<UdpStack['request']> {
		return this.#udp.request(to, payload, timeoutUs);
	}

	/** TCP sockets as `netstat -an` lists them. */
	sockets(): SocketRow[] {
		return this.#tcp.rows();
	}

	arpTable(): ArpRow[] {
		return this.#node.arp.rows(this.#ip.kernel.nowUs);
	}

	clearArpTable(): void {
		this.#node.arp.clear();
	}

	routingTable(): RouteRow[] {
		return this.#node.routeRows();
	}

	packet(packet: IpPacket, ttl: number): void {
		if (packet.error) this.#icmpError(packet.source, packet.error);
		else if (packet.protocol === 'tcp') this.#tcp.packet(packet);
		else if (packet.protocol === 'udp') this.#udp.packet(packet);
		else this.#echo.packet(packet, ttl);
	}

	segment(key: string, segment: Segment): SegmentVerdict {
		return this.#tcp.segment(key, segment);
	}

	#icmpError(from: string, error: IcmpError): void {
		if (error.about.protocol === 'tcp') this.#tcp.icmpError(from, error);
		else if (error.about.protocol === 'udp') this.#udp.icmpError(from, error);
		else this.#echo.icmpError(from, error);
	}
}
