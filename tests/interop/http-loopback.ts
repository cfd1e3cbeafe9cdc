import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { World } from '#lib/hospital/world.ts';
import { wait, type Process } from '#lib/kernel/process.ts';
import { milliseconds } from '#lib/kernel/time.ts';
import type { TcpStream } from '#lib/network/tcp-stream.ts';

/** How much of the hospital's time passes with each piece that comes from outside. */
const STEP_US = milliseconds(500);

/**
 * Lets programs outside talk to the archive's web service: a socket on 127.0.0.1 for each connection of the
 * PACS desk in the virtual network. Virtual time passes whenever bytes come.
 */
export async function loopback(world: World): Promise<{ port: number; close(): void }> {
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.setNoDelay(true);
		socket.on('error', () => undefined);
		const task = world.kernel.spawn('loopback', bridge(world, socket));
		world.kernel.runUntil(world.kernel.nowUs + STEP_US);
		socket.on('close', () => {
			task.kill();
			sockets.delete(socket);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		port: (server.address() as AddressInfo).port,
		close: () => {
			for (const socket of sockets) socket.destroy();
			server.close();
		},
	};
}

function* bridge(world: World, socket: Socket): Process {
	const stream = yield* world.host('admin').connect({ address: '10.20.20.10', port: 8042 });
	if (stream.kind !== 'connected') {
		socket.destroy();
		return;
	}
	const step = (): void => void world.kernel.runUntil(world.kernel.nowUs + STEP_US);
	socket.on('data', (bytes) => {
		stream.write([new Uint8Array(bytes)]);
		step();
	});
	socket.on('end', () => {
		stream.close();
		step();
	});
	yield* forward(stream, socket);
}

function* forward(stream: TcpStream, socket: Socket): Process {
	for (;;) {
		const event = yield* wait(stream.read());
		if (event.kind === 'data') for (const piece of event.pieces) socket.write(piece);
		else {
			if (event.kind === 'end') socket.end();
			else socket.resetAndDestroy();
			return;
		}
	}
}
