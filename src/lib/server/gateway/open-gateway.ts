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
import { admitOutsiders, listeningDevices, type ListeningDevice } from './gateway-hospital.ts';
import { connectOnLoopback, listenOnLoopback, LOOPBACK, type Destination } from './loopback.ts';
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
	limits?: Partial<GatewayLimits>;
	/** A connection was opened, refused or given up, in a sentence. */
	log?(line: string): void;
	/** The simulation failed; the gateway has closed itself. */
	failed?(error: unknown): void;
}

/** A simulated node on the loopback interface. */
export interface GatewayNode extends Pick<ListeningDevice, 'deviceId' | 'title' | 'aeTitle'> {
	/** Where the real socket listens. */
	address: string;
	realPort: number;
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
 * Opens a hospital to real programs on this machine: each device that listens in the hospital listens on
 * a port of 127.0.0.1 too, in wall time. Whoever connects there comes from the desk of the hospital: the
 * virtual connection starts at the desk's host, so its routes and the firewall's rules apply. The bytes
 * are answered by the same protocol cores as in the labs.
 *
 * Throws a RangeError for a destination that contradicts the hospital, an Error when a port is taken.
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
		for (const [index, device] of listeningDevices(spec).entries()) {
			const port = options.basePort === 0 ? 0 : options.basePort + index;
			await gateway.expose(device, port);
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
	readonly #wallTime: WallTime;
	readonly #desk: Host;
	readonly #servers: Server[] = [];
	readonly #listeners: Listener[] = [];
	readonly #sockets = new Set<Socket>();
	readonly #bridges = new Set<Bridge>();

	constructor(world: World, options: Pick<GatewayOptions, 'limits' | 'log' | 'failed'>) {
		this.world = world;
		this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
		this.#log = options.log ?? (() => undefined);
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

	/** Lets a device answer on a port of 127.0.0.1. */
	async expose(device: ListeningDevice, realPort: number): Promise<void> {
		const { server, port } = await listenOnLoopback(realPort, (socket) => {
			const caller = `${LOOPBACK}:${socket.remotePort ?? 0} to ${device.deviceId}`;
			if (!this.#admit(socket, caller)) return;
			this.#wallTime.act(() => {
				this.world.kernel.spawn('gateway.caller', this.#callDevice(socket, device, caller));
			});
		});
		this.#servers.push(server);
		const { deviceId, title, aeTitle } = device;
		this.nodes.push({ deviceId, title, aeTitle, address: LOOPBACK, realPort: port });
	}

	/** Lets a real program answer on a port of the desk. */
	serveDestination(deskPort: number, destination: Destination): void {
		const listener = this.#desk.listen(deskPort);
		this.#listeners.push(listener);
		this.#wallTime.act(() => {
			this.world.kernel.spawn('gateway.destination', this.#accept(listener, destination));
		});
	}

	/** Closes all ports and resets all connections; the hospital stands still. */
	async close(): Promise<void> {
		this.#wallTime.stop();
		for (const listener of this.#listeners) listener.close();
		const closed = this.#servers.map(
			(server) => new Promise<void>((resolve) => server.close(() => resolve())),
		);
		for (const socket of this.#sockets) socket.resetAndDestroy();
		await Promise.all(closed);
	}

	/** A real program has connected: the same from the desk. */
	*#callDevice(socket: Socket, device: ListeningDevice, caller: string): Process {
		const address = this.world.host(device.hostId).nics[0]?.address ?? '';
		const to = { address, port: device.port };
		const stream = yield* this.#desk.connect(to, { timeoutUs: CONNECT_TIMEOUT_US });
		if (stream.kind !== 'connected') {
			// The real connection exists already, so what the caller sees is a reset.
			this.#log(`${caller}: no connection in the hospital (${stream.kind})`);
			socket.resetAndDestroy();
			return;
		}
		yield* this.#join(socket, stream);
	}

	/** The archive has connected to the desk: the same to the real program. */
	*#accept(listener: Listener, destination: Destination): Process {
		for (;;) {
			const stream = yield* wait(listener.accept());
			const socket = connectOnLoopback(destination.port);
			const name = `archive to ${destination.aeTitle} at ${LOOPBACK}:${destination.port}`;
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
		socket.on('error', (error) => {
			this.#log(`${name}: ${error.message}`);
		});
		if (this.#sockets.size >= this.#limits.connections) {
			this.#log(`${name}: refused, ${this.#limits.connections} connections are open`);
			socket.resetAndDestroy();
			return false;
		}
		this.#log(`${name}: opened`);
		this.#sockets.add(socket);
		socket.on('close', () => this.#sockets.delete(socket));
		return true;
	}
}
