import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import { parseIsoLocal } from '#lib/kernel/time.ts';
import { communityHospital } from './community.fixture.ts';
import { openGateway, type Gateway } from './open-gateway.ts';

/** For what happens soon after, on a busy machine too. */
const PATIENCE = { timeout: 5_000 };

let gateway: Gateway;

function open(changes: Partial<Parameters<typeof openGateway>[0]> = {}): Promise<Gateway> {
	return openGateway({
		hospital: communityHospital(),
		seed: 'gateway',
		startUs: parseIsoLocal('2026-03-09T10:00') ?? 0,
		warmUpUs: 0,
		basePort: 0,
		callers: [],
		destinations: [],
		limits: { connections: 3 },
		...changes,
	});
}

beforeAll(async () => {
	gateway = await open();
});
afterAll(() => gateway.close());

function caller(deviceId: string): Socket {
	const node = gateway.nodes.find((entry) => entry.deviceId === deviceId);
	if (!node) throw new Error(`no node ${deviceId}`);
	return connectTo(node.realPort);
}

/** A real program on this machine that survives a reset. */
function connectTo(port: number): Socket {
	return connect({ host: '127.0.0.1', port }).on('error', () => undefined);
}

async function codeOf(socket: Socket): Promise<string | undefined> {
	const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
	return error.code;
}

test('what is no PDU is answered by A-ABORT as in the labs', async () => {
	const socket = caller('pacs');
	socket.write('GET / HTTP/1.1\r\n\r\n');
	const [answer] = (await once(socket, 'data')) as [Buffer];
	socket.destroy();
	// Before a request, action AA-1 of PS3.8 table 9-9: an abort with source service user.
	expect(answer.toString('hex')).toBe('07000000000400000000');
});

test('a caller comes from the desk of the hospital', async () => {
	const socket = caller('pacs');
	await once(socket, 'connect');
	const desk = gateway.world.host('admin');
	const toArchive = () =>
		desk.sockets().filter((row) => row.remoteAddress === '10.20.20.10' && row.remotePort === 104);
	await expect
		.poll(() => toArchive().some((row) => row.state === 'ESTABLISHED'), PATIENCE)
		.toBe(true);
	socket.destroy();
	await expect
		.poll(() => toArchive().some((row) => row.state === 'ESTABLISHED'), PATIENCE)
		.toBe(false);
});

test('connections over the limit are reset, and a freed place can be used again', async () => {
	await expect.poll(() => gateway.connectionCount, PATIENCE).toBe(0);
	const sockets = [caller('pacs'), caller('ris'), caller('ws1')];
	await expect.poll(() => gateway.connectionCount, PATIENCE).toBe(3);
	expect(await codeOf(caller('pacs'))).toBe('ECONNRESET');
	for (const socket of sockets) socket.destroy();
	await expect.poll(() => gateway.connectionCount, PATIENCE).toBe(0);
	const again = caller('pacs');
	await expect.poll(() => gateway.connectionCount, PATIENCE).toBe(1);
	again.destroy();
});

test('a node that is down in the hospital resets its callers, and answers again when it is up', async () => {
	const archive = gateway.world.device('pacs') as Archive;
	archive.stop();
	expect(await codeOf(caller('pacs'))).toBe('ECONNRESET');
	archive.start();
	const socket = caller('pacs');
	socket.write(Uint8Array.of(0x99, 0, 0, 0, 0, 0));
	expect(await once(socket, 'data')).toHaveLength(1);
	socket.destroy();
});

test('a port that is taken is refused with a sentence', async () => {
	const blocker = createServer().listen(0, '127.0.0.1');
	await once(blocker, 'listening');
	const { port } = blocker.address() as AddressInfo;
	await expect(open({ basePort: port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is in use`);
	blocker.close();
});

test('a device that fails closes the gateway and is reported', async () => {
	let reported: unknown;
	const broken = await open({ failed: (error) => (reported = error) });
	broken.world.kernel.after(0, () => {
		throw new Error('broken device');
	});
	const socket = connectTo(broken.nodes[0]!.realPort);
	await new Promise((resolve) => socket.on('close', resolve));
	expect(String(reported)).toBe('Error: broken device');
	await broken.close();
});
