import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Kernel } from '#lib/kernel/kernel.ts';
import { wait, type Process } from '#lib/kernel/process.ts';
import { Network } from '#lib/network/network.ts';
import type { TcpStream } from '#lib/network/tcp-stream.ts';
import { Bridge, type BridgeLimits } from './bridge.ts';
import { listenOnLoopback } from './loopback.ts';
import { WallTime } from './wall-time.ts';

const LIMITS: BridgeLimits = { bufferBytes: 64 * 1024, unreadBytes: 512 * 1024, idleMs: 10_000 };

const open: { server: Server; wallTime: WallTime; client: Socket }[] = [];
afterEach(() => {
	for (const { server, wallTime, client } of open.splice(0)) {
		client.destroy();
		server.close();
		wallTime.stop();
	}
});

/** A real client, bridged to a virtual server whose process is given. */
async function bridged(
	serve: (stream: TcpStream) => Process,
	limits: Partial<BridgeLimits> = {},
): Promise<{ client: Socket; stream: TcpStream }> {
	const kernel = new Kernel({ seed: 'bridge' });
	const network = new Network(kernel, {
		networks: [{ id: 'lan', cidr: '10.0.0.0/24' }],
		hosts: [
			{ id: 'desk', nics: [{ network: 'lan', address: '10.0.0.1' }] },
			{ id: 'server', nics: [{ network: 'lan', address: '10.0.0.2' }] },
		],
		names: [],
	});
	const bridges: Bridge[] = [];
	const wallTime: WallTime = new WallTime(kernel, {
		busy: () => true,
		advanced: () => {
			for (const bridge of bridges) bridge.settle();
		},
		failed: (error) => {
			throw error;
		},
	});
	const listener = network.host('server').listen(104);
	kernel.spawn(
		'server',
		(function* () {
			yield* serve(yield* wait(listener.accept()));
		})(),
	);
	return new Promise((resolve) => {
		let client: Socket;
		const connection = (socket: Socket): void => {
			socket.on('error', () => undefined);
			function* join(): Process {
				const stream = yield* network.host('desk').connect({ address: '10.0.0.2', port: 104 });
				if (stream.kind !== 'connected') throw new Error(stream.kind);
				const bridge = new Bridge(socket, stream, wallTime, { ...LIMITS, ...limits });
				bridges.push(bridge);
				resolve({ client, stream });
				yield* bridge.run();
			}
			wallTime.act(() => kernel.spawn('join', join()));
		};
		void listenOnLoopback(0, { socket: () => true, connection }).then(({ server, port }) => {
			client = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
			client.on('error', () => undefined);
			open.push({ server, wallTime, client });
		});
	});
}

/** Sends back what comes, then ends. */
function* echo(stream: TcpStream): Process {
	for (;;) {
		const event = yield* wait(stream.read());
		if (event.kind !== 'data') break;
		stream.write(event.pieces);
	}
	stream.close();
}

function* silent(stream: TcpStream): Process {
	for (;;) if ((yield* wait(stream.read())).kind !== 'data') return;
}

const digest = (pieces: readonly Uint8Array[]): string => {
	const hash = createHash('sha256');
	for (const piece of pieces) hash.update(piece);
	return hash.digest('hex');
};

test('8 MB go to the virtual server and back whole, with no more than the limit under way', async () => {
	const { client, stream } = await bridged(echo, { unreadBytes: 16 * 1024 * 1024 });
	const sent = Buffer.alloc(8 * 1024 * 1024, 'the quick brown fox jumps over the lazy dog ');
	for (let i = 0; i < sent.length; i += 4_099) sent.writeUInt8((i * 31) & 0xff, i);
	let most = 0;
	const received: Buffer[] = [];
	client.on('data', (chunk) => {
		most = Math.max(most, stream.unacknowledgedBytes);
		received.push(chunk);
	});
	client.end(sent);
	await once(client, 'end');
	expect(digest(received)).toBe(digest([sent]));
	// One read of the socket may come on top.
	expect(most).toBeLessThanOrEqual(LIMITS.bufferBytes + 64 * 1024);
	expect(most).toBeGreaterThan(0);
});

test('an end is passed on as an end, and the other direction goes on', async () => {
	const { client } = await bridged(function* (stream) {
		stream.write([Buffer.from('bye')]);
		stream.close();
		for (;;) if ((yield* wait(stream.read())).kind === 'end') return;
	});
	const [chunk] = (await once(client, 'data')) as [Buffer];
	expect(String(chunk)).toBe('bye');
	await once(client, 'end');
	client.end('late');
	await once(client, 'close');
});

test('a reset of the virtual peer resets the real one', async () => {
	const { client } = await bridged(function* (stream) {
		yield* wait(stream.read());
		stream.reset();
	});
	client.write('x');
	const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
	expect(error.code).toBe('ECONNRESET');
});

test('a reset of the real peer resets the virtual one', async () => {
	let told = '';
	const ended = new Promise<void>((resolve) => {
		void bridged(function* (stream) {
			told = (yield* wait(stream.read())).kind;
			resolve();
		}).then(({ client }) => client.resetAndDestroy());
	});
	await ended;
	expect(told).toBe('reset');
});

test('a real receiver that does not read is given up once too much waits for it', async () => {
	let told = '';
	const { client } = await bridged(function* (stream) {
		// More than the buffers of the operating system take.
		for (let i = 0; i < 400 && stream.open; i++) stream.write([new Uint8Array(64 * 1024)]);
		told = (yield* wait(stream.read())).kind;
	});
	client.pause();
	await expect.poll(() => told, { timeout: 10_000 }).toBe('reset');
});

test('a slow real receiver gets everything in the end', async () => {
	const sizeBytes = 24 * 1024 * 1024;
	const { client, stream } = await bridged(
		function* (server) {
			server.write([new Uint8Array(sizeBytes / 2).fill(1)]);
			server.write([new Uint8Array(sizeBytes / 2).fill(2)]);
			server.close();
			yield* silent(server);
		},
		{ unreadBytes: 2 * sizeBytes },
	);
	client.pause();
	await expect.poll(() => stream.unreadBytes, { timeout: 10_000 }).toBeGreaterThan(0);
	let received = 0;
	client.on('data', (chunk) => (received += chunk.length));
	client.resume();
	await once(client, 'end');
	expect(received).toBe(sizeBytes);
});

test('a silent connection is reset after the idle time', async () => {
	const { client } = await bridged(silent, { idleMs: 50 });
	const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
	expect(error.code).toBe('ECONNRESET');
});
