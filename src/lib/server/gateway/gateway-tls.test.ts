import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { connect, createServer as createTlsServer, type ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseIsoLocal } from '#lib/kernel/time.ts';
import { Pki } from '#lib/protocol/tls/tls-pair.fixture.ts';
import { certificatePem } from '#lib/protocol/x509/certificate.ts';
import type { Credential } from '#lib/protocol/x509/issue-certificate.ts';
import { privateKeyPem } from '#lib/protocol/x509/keys.ts';
import { communityHospital } from './community.fixture.ts';
import { openGateway, type Gateway } from './open-gateway.ts';

const PATIENCE = { timeout: 5_000 };
/** Certificates are judged by the real clock here. */
const pki = new Pki('gateway', Math.floor(Date.now() / 1e3) * 1e6);
const stranger = new Pki('stranger', pki.nowUs);

const pemOf = ({ certificate, key }: Credential, issuer = pki) => ({
	key: privateKeyPem(key),
	cert: certificatePem(certificate) + certificatePem(issuer.intermediate.certificate),
});
const node = pemOf(pki.host([{ kind: 'dns', value: 'pacs' }]));
const caller = pemOf(pki.host([{ kind: 'dns', value: 'ct9' }]));
const authorities = certificatePem(pki.root.certificate);

let gateway: Gateway;
let storage: { port: number; received: Buffer[]; stop(): void };

/** A real program that speaks TLS and keeps what it is sent. */
async function listenWithTls() {
	const received: Buffer[] = [];
	const server = createTlsServer(
		{ ...node, ca: authorities, requestCert: true, rejectUnauthorized: true },
		(socket) => socket.on('data', (chunk: Buffer) => received.push(chunk)).on('error', () => {}),
	);
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return { port: (server.address() as AddressInfo).port, received, stop: () => server.close() };
}

beforeAll(async () => {
	storage = await listenWithTls();
	gateway = await openGateway({
		hospital: communityHospital(),
		seed: 'gateway',
		startUs: parseIsoLocal('2026-03-09T10:00') ?? 0,
		...{ warmUpUs: 0, basePort: 0, callers: ['ME'] },
		destinations: [{ aeTitle: 'SAFE', port: storage.port, tls: true }],
		limits: { connections: 3 },
		tls: {
			...{ key: node.key, certificate: node.cert, authorities },
			requireClientCertificate: true,
		},
	});
});
afterAll(async () => {
	await gateway.close();
	storage.stop();
});

function securedPort(deviceId: string): number {
	const found = gateway.nodes.find((entry) => entry.deviceId === deviceId && entry.secured);
	if (!found) throw new Error(`no TLS port of ${deviceId}`);
	return found.realPort;
}

const connectTo = (options: ConnectionOptions) =>
	connect({
		...{ host: '127.0.0.1', port: securedPort('pacs'), ca: authorities },
		checkServerIdentity: () => undefined,
		...options,
	});

test('every node has a plain and a secured port', () => {
	const count = (secured: boolean) => gateway.nodes.filter((n) => n.secured === secured).length;
	expect(count(true)).toBe(count(false));
	expect(new Set(gateway.nodes.map((n) => n.realPort)).size).toBe(gateway.nodes.length);
});

test('behind TLS the same archive answers', async () => {
	const socket = connectTo(caller);
	await once(socket, 'secureConnect');
	expect(socket.getProtocol()).toMatch(/^TLSv1\.[23]$/);
	socket.write('GET / HTTP/1.1\r\n\r\n');
	const [answer] = (await once(socket, 'data')) as [Buffer];
	expect(answer.toString('hex')).toBe('07000000000400000000');
	socket.destroy();
	await expect.poll(() => gateway.connectionCount, PATIENCE).toBe(0);
});

test.each([
	['without a certificate', {}],
	['with a certificate of somebody else', pemOf(stranger.host([]), stranger)],
	[
		'with a version that is too old',
		{
			...caller,
			...{ maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
		},
	],
] as [string, ConnectionOptions][])('a caller %s does not get in', async (_, options) => {
	const socket = connectTo(options);
	socket.on('error', () => {});
	socket.on('secureConnect', () => socket.write('hello'));
	await new Promise((resolve) => socket.once('close', resolve));
	expect(socket.bytesRead).toBeLessThan(4_096);
	await expect.poll(() => gateway.connectionCount, PATIENCE).toBe(0);
});

test('connections over the limit are refused before any handshake', async () => {
	const sockets = [1, 2, 3].map(() => connectTo(caller));
	await Promise.all(sockets.map((socket) => once(socket, 'secureConnect')));
	const fourth = connectTo(caller);
	await expect(once(fourth, 'secureConnect')).rejects.toThrow();
	for (const socket of sockets) socket.destroy();
	await expect.poll(() => gateway.connectionCount, PATIENCE).toBe(0);
});

test('the hospital calls a real program over TLS and shows its certificate', async () => {
	const archive = gateway.world.host('pacs');
	const destination = gateway.world.spec.devices.find(({ id }) => id === 'pacs');
	const nodes = (destination?.config as { nodes: { aeTitle: string; port: number }[] }).nodes;
	const port = nodes.find(({ aeTitle }) => aeTitle === 'SAFE')?.port ?? 0;
	void gateway.act(
		'test',
		(function* () {
			const stream = yield* archive.connect({ address: '10.20.30.50', port });
			if (stream.kind === 'connected') stream.write([new TextEncoder().encode('over TLS')]);
		})(),
	);
	await expect.poll(() => Buffer.concat(storage.received).toString(), PATIENCE).toBe('over TLS');
});

test('a real program takes the place of the archive', async () => {
	const received: Buffer[] = [];
	const real = createServer((socket) => {
		socket.on('data', (chunk) => received.push(chunk)).on('error', () => {});
	}).listen(0, '127.0.0.1');
	await once(real, 'listening');
	const { port } = real.address() as AddressInfo;
	const open = (host: string) =>
		openGateway({
			hospital: communityHospital(),
			seed: 'gateway',
			startUs: parseIsoLocal('2026-03-09T10:00') ?? 0,
			...{ warmUpUs: 0, basePort: 0, callers: [], destinations: [] },
			substitutes: [{ host, hospitalPort: 104, port }],
		});
	await expect(open('nowhere')).rejects.toThrow('nothing listens on nowhere:104');
	const changed = await open('pacs');
	void changed.act(
		'test',
		(function* () {
			const ct = changed.world.host('ct1');
			const stream = yield* ct.connect({ address: '10.20.20.10', port: 104 });
			if (stream.kind === 'connected') stream.write([Uint8Array.of(1, 2, 3)]);
		})(),
	);
	await expect.poll(() => Buffer.concat(received).toString('hex'), PATIENCE).toBe('010203');
	await changed.close();
	real.close();
});
