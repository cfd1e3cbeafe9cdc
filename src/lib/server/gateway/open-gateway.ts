import type { Server, Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { DEVICE_DEFINITIONS } from '#lib/hospital/devices/catalogue.ts';
import type { HospitalSpec } from '#lib/hospital/hospital-spec.ts';
import { startSchedule } from '#lib/hospital/schedule.ts';
import { World } from '#lib/hospital/world.ts';
import { wait, type Process } from '#lib/kernel/process.ts';
import { seconds, type Micros } from '#lib/kernel/time.ts';
import type { Host } from '#lib/network/host.ts';
import type { Listener } from '#lib/network/tcp-listener.ts';
import type { TcpStream } from '#lib/network/tcp-stream.ts';
import { Bridge, type BridgeLimits } from './bridge.ts';
import { admitOutsiders, listeningNodes, type ListeningNode } from './gateway-hospital.ts';
import {
	connectOnLoopback,
	listenOnLoopback,
	LOOPBACK,
	resetSocket,
	type Destination,
	type GatewayTls,
	type Substitute,
} from './loopback.ts';
import { WallTime } from './wall-time.ts';

export interface GatewayLimits extends BridgeLimits {
	/** Bridged connections at the same time, both ways together; more are reset at once. */
	connections: number;
}

export interface GatewayOptions {
	hospital: HospitalSpec;
	seed: string;
	/** The hospital's clock when the gateway opens: µs since 1970. */
	startUs: Micros;
	/** How long the hospital has lived by then. */
	warmUpUs: Micros;
	/** Port of the first node, the others follow; 0 lets the system choose each. */
	basePort: number;
	/** Calling AE titles that the archive shall know besides its own table. */
	callers: readonly string[];
	/** Real storage providers that the archive may move to. */
	destinations: readonly Destination[];
	/** Real programs that take the place of simulated ones, which are stopped. */
	substitutes?: readonly Substitute[];
	/** Adds a TLS port for each node, and secures calls to real programs that speak TLS. */
	tls?: GatewayTls;
	limits?: Partial<GatewayLimits>;
	/** A connection was opened, refused or given up, in a sentence. */
	log?(line: string): void;
	/** The simulation failed; the gateway has closed itself. */
	failed?(error: unknown): void;
}

/** A simulated node on the loopback interface. */
export interface GatewayNode extends Omit<ListeningNode, 'hostId'> {
	/** Where the real socket listens. */
	address: string;
	realPort: number;
	/** Whether TLS is spoken there; it ends at the gateway. */
	secured: boolean;
}

const DEFAULT_LIMITS: GatewayLimits = {
	connections: 64,
	bufferBytes: 1024 * 1024,
	unreadBytes: 64 * 1024 * 1024,
	idleMs: 15 * 60_000,
};

/** Years of a busy hospital. */
const EVENT_BUDGET = 1e12;
const WARM_UP_SLICE_EVENTS = 5_000;
const CONNECT_TIMEOUT_US = seconds(30);

/**
 * Opens a hospital to real programs on this machine: each port that a device of the hospital listens on is
 * a port of 127.0.0.1 too, in wall time. Whoever connects there comes from the desk of the hospital: the
 * virtual connection starts at the desk's host, so its routes and the firewall's rules apply. The bytes
 * are answered by the same protocol cores as in the labs.
 *
 * Throws a RangeError for a destination or substitute that contradicts the hospital, an Error when a port is taken.
 */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
	const destinations = options.destinations.map((destination) => destination.aeTitle);
	const { callers } = options;
	const { spec, destinationPorts } = admitOutsiders(options.hospital, { callers, destinations });
	const world = new World(spec, DEVICE_DEFINITIONS, {
		seed: options.seed,
		epochUs: options.startUs - options.warmUpUs,
		// A gateway may run for days: frames are not kept.
		capture: false,
		eventBudget: EVENT_BUDGET,
	});
	world.start();
	startSchedule(world);
	while (!world.kernel.runUntil(options.warmUpUs, WARM_UP_SLICE_EVENTS)) await turn();
	const gateway = new Gateway(world, options);
	try {
		for (const destination of options.destinations) {
			const port = destinationPorts.get(destination.aeTitle);
			if (port !== undefined) gateway.serveDestination(port, destination);
		}
		for (const substitute of options.substitutes ?? []) gateway.substitute(substitute);
		let next = options.basePort;
		for (const tls of options.tls ? [undefined, options.tls] : [undefined]) {
			for (const node of listeningNodes(spec)) {
				await gateway.expose(node, next, tls);
				if (next > 0) next++;
			}
		}
		return gateway;
	} catch (error) {
		await gateway.close();
		throw error;
	}
}

/** A hospital with open doors. Made by {@link openGateway}. */
export class Gateway {
	readonly world: World;
	readonly nodes: GatewayNode[] = [];
	readonly #limits: GatewayLimits;
	readonly #log: (line: string) => void;
	readonly #tls: GatewayTls | undefined;
	readonly #wallTime: WallTime;
	readonly #desk: Host;
	readonly #servers: Server[] = [];
	readonly #listeners: Listener[] = [];
	readonly #sockets = new Set<Socket>();
	readonly #bridges = new Set<Bridge>();

	constructor(world: World, options: Pick<GatewayOptions, 'limits' | 'log' | 'failed' | 'tls'>) {
		this.world = world;
		this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
		this.#log = options.log ?? (() => undefined);
		this.#tls = options.tls;
		this.#desk = world.host(world.spec.desk);
		this.#wallTime = new WallTime(world.kernel, {
			busy: () => this.#sockets.size > 0,
			advanced: () => {
				for (const bridge of this.#bridges) bridge.settle();
			},
			failed: (error) => {
				void this.close();
				options.failed?.(error);
			},
		});
	}

	/** Connections that are bridged now. */
	get connectionCount(): number {
		return this.#sockets.size;
	}

	/** Lets a node answer on a port of 127.0.0.1; with `tls` only to those who speak it. */
	async expose(node: ListeningNode, realPort: number, tls?: GatewayTls): Promise<void> {
		const nameOf = (socket: Socket) =>
			`${LOOPBACK}:${socket.remotePort ?? 0} to ${node.deviceId}, ${node.service}${tls ? ' over TLS' : ''}`;
		const on = {
			socket: (socket: Socket) => this.#admit(socket, nameOf(socket)),
			connection: (socket: Socket) => {
				if (socket.destroyed) return;
				if (tls) this.#logErrorsOf(socket, nameOf(socket));
				this.#wallTime.act(() => {
					this.world.kernel.spawn('gateway.caller', this.#callNode(socket, node, nameOf(socket)));
				});
			},
		};
		const { server, port } = await listenOnLoopback(realPort, on, tls);
		server.on('tlsClientError', (error: Error, socket: Socket) => {
			this.#log(`${nameOf(socket)}: TLS handshake failed: ${error.message}`);
		});
		this.#servers.push(server);
		const { hostId: _host, ...shown } = node;
		this.nodes.push({ ...shown, address: LOOPBACK, realPort: port, secured: tls !== undefined });
	}

	/** Lets a real program answer on a port of the desk. */
	serveDestination(deskPort: number, { aeTitle, port, tls = false }: Destination): void {
		this.#forward(this.#desk, deskPort, { name: `archive to ${aeTitle}`, port, tls });
	}

	/**
	 * Lets a real program answer in the place of a simulated one, which is stopped. Throws a RangeError when
	 * nothing of the hospital listens there.
	 */
	substitute({ host, hospitalPort, port, tls = false }: Substitute): void {
		const replaced = listeningNodes(this.world.spec).find(
			(node) => node.hostId === host && node.port === hospitalPort,
		);
		if (!replaced)
			throw new RangeError(`nothing listens on ${host}:${hospitalPort} in this hospital`);
		this.world.device(replaced.deviceId).stop();
		const name = `hospital to ${host}:${hospitalPort}`;
		this.#forward(this.world.host(host), hospitalPort, { name, port, tls });
	}

	/** Lets something happen in the hospital now, such as an operation at a console; its result when it has ended. */
	act<T>(name: string, body: Process<T>): Promise<T> {
		return new Promise((resolve) => {
			const told = (function* (): Process {
				resolve(yield* body);
			})();
			this.#wallTime.act(() => void this.world.kernel.spawn(`gateway.${name}`, told));
		});
	}

	/** Closes all ports and resets all connections; the hospital stands still. */
	async close(): Promise<void> {
		this.#wallTime.stop();
		for (const listener of this.#listeners) listener.close();
		const closed = this.#servers.map(
			(server) => new Promise<void>((resolve) => server.close(() => resolve())),
		);
		for (const socket of this.#sockets) resetSocket(socket);
		await Promise.all(closed);
	}

	/** A real program has connected: the same from the desk. */
	*#callNode(socket: Socket, node: ListeningNode, caller: string): Process {
		const address = this.world.host(node.hostId).nics[0]?.address ?? '';
		const to = { address, port: node.port };
		const stream = yield* this.#desk.connect(to, { timeoutUs: CONNECT_TIMEOUT_US });
		if (stream.kind !== 'connected') {
			// The real connection exists already, so what the caller sees is a reset.
			this.#log(`${caller}: no connection in the hospital (${stream.kind})`);
			resetSocket(socket);
			return;
		}
		yield* this.#join(socket, stream);
	}

	#forward(
		host: Host,
		hospitalPort: number,
		to: { name: string; port: number; tls: boolean },
	): void {
		const listener = host.listen(hospitalPort);
		this.#listeners.push(listener);
		this.#wallTime.act(() => {
			this.world.kernel.spawn('gateway.destination', this.#accept(listener, to));
		});
	}

	/** A device has connected to a port of the hospital behind which a real program answers. */
	*#accept(listener: Listener, to: { name: string; port: number; tls: boolean }): Process {
		for (;;) {
			const stream = yield* wait(listener.accept());
			const socket = connectOnLoopback(to.port, to.tls ? (this.#tls ?? 'unverified') : undefined);
			const name = `${to.name} at ${LOOPBACK}:${to.port}${to.tls ? ' over TLS' : ''}`;
			if (this.#admit(socket, name)) {
				this.world.kernel.spawn('gateway.join', this.#join(socket, stream));
			} else stream.reset();
		}
	}

	*#join(socket: Socket, stream: TcpStream): Process {
		if (socket.destroyed) {
			stream.reset();
			return;
		}
		const bridge = new Bridge(socket, stream, this.#wallTime, this.#limits);
		this.#bridges.add(bridge);
		socket.on('close', () => this.#bridges.delete(bridge));
		yield* bridge.run();
	}

	/** Counts a socket until it has closed; false when there are too many, and it is reset. */
	#admit(socket: Socket, name: string): boolean {
		this.#logErrorsOf(socket, name);
		if (this.#sockets.size >= this.#limits.connections) {
			this.#log(`${name}: refused, ${this.#limits.connections} connections are open`);
			resetSocket(socket);
			return false;
		}
		this.#log(`${name}: opened`);
		this.#sockets.add(socket);
		socket.on('close', () => this.#sockets.delete(socket));
		return true;
	}

	#logErrorsOf(socket: Socket, name: string): void {
		socket.on('error', (error) => {
			this.#log(`${name}: ${error.message}`);
		});
	}
}
