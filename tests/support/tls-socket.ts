/** Our sans-IO TLS on real sockets of the loopback interface. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { TlsEnvironment, TlsPolicy, TlsSession } from '#lib/protocol/tls/policy.ts';
import type { TlsFailure } from '#lib/protocol/tls/failure.ts';
import { TlsConnection } from '#lib/protocol/tls/tls-connection.ts';

/** How a connection ended: in good order, or with a failure. */
export type TlsEnd = TlsFailure | { kind: 'closed' };

export class TlsSocket {
	readonly connection: TlsConnection;
	session: TlsSession | undefined;
	/** Called with what arrives. */
	onData: (bytes: Uint8Array) => void = () => undefined;
	onEstablished: () => void = () => undefined;
	/** The end, in whatever way. */
	readonly ended: Promise<TlsEnd>;
	readonly #socket: Socket;
	#end: (end: TlsEnd) => void = () => undefined;

	constructor(socket: Socket, connection: TlsConnection) {
		this.#socket = socket;
		this.connection = connection;
		this.ended = new Promise((resolve) => (this.#end = resolve));
		socket.setNoDelay(true);
		socket.on('data', (chunk) => {
			connection.receive(chunk);
			this.#drain();
		});
		socket.on('error', () => undefined);
		socket.on('close', () => {
			connection.transportClosed();
			this.#drain();
			this.#end({ kind: 'closed' });
		});
	}

	start(): void {
		this.connection.start();
		this.#drain();
	}

	write(...pieces: Uint8Array[]): void {
		this.connection.write(pieces);
		this.#drain();
	}

	close(): void {
		this.connection.close();
		this.#drain();
		this.#socket.end();
	}

	#drain(): void {
		for (let out = this.connection.next(); out; out = this.connection.next()) {
			if (out.kind === 'send') this.#socket.write(out.bytes);
			else if (out.kind === 'data') this.onData(out.bytes);
			else if (out.kind === 'established') {
				this.session = out.session;
				this.onEstablished();
			} else {
				this.#end(out.kind === 'failed' ? out.failure : out);
				this.#socket.end();
			}
		}
	}
}

/** A server of ours that hands every connection to `serve` before anything is read. */
export async function listenTls(
	policy: TlsPolicy,
	environment: () => TlsEnvironment,
	serve: (socket: TlsSocket) => void,
): Promise<{ port: number; close(): void }> {
	const server: Server = createServer((socket) => {
		serve(new TlsSocket(socket, new TlsConnection('server', policy, environment())));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

/** A client of ours, connected, which has not said anything yet. */
export async function connectTls(
	port: number,
	policy: TlsPolicy,
	environment: TlsEnvironment,
): Promise<TlsSocket> {
	const socket = connect(port, '127.0.0.1');
	await new Promise((resolve, reject) => {
		socket.once('connect', resolve);
		socket.once('error', reject);
	});
	return new TlsSocket(socket, new TlsConnection('client', policy, environment));
}

/** A port of the loopback interface that nobody uses now. */
export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}
