import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import {
	connect as connectTls,
	createServer as createTlsServer,
	TLSSocket,
	type TlsOptions,
} from 'node:tls';

/** The only address that the gateway binds and connects to: nothing leaves the machine. */
export const LOOPBACK = '127.0.0.1';

/** A real move destination: its AE title and its port on the loopback interface. */
export interface Destination {
	aeTitle: string;
	port: number;
	/** Whether it speaks TLS. */
	tls?: boolean;
}

/** A simulated service that a real program on the loopback interface takes over. */
export interface Substitute {
	/** Host of the hospital and its port. */
	host: string;
	hospitalPort: number;
	port: number;
	tls?: boolean;
}

/** How the real sockets are secured, all in PEM. */
export interface GatewayTls {
	key: string;
	/** Leaf first, then intermediates. */
	certificate: string;
	/** Trust anchors for clients and for real servers that are called. Without it neither is verified. */
	authorities?: string;
	/** Callers must show a certificate that the authorities vouch for. */
	requireClientCertificate?: boolean;
}

/** How long a caller may take for its TLS handshake. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** The end of a real address: `127.0.0.1:PORT`, or `127.0.0.1:PORT,tls`. Throws a RangeError that says what is wrong. */
function parseRealEnd(text: string, end: string): { port: number; tls: boolean } {
	const match = /^([^:,]+):(\d{1,5})(,tls)?$/.exec(end);
	if (!match)
		throw new RangeError(`"${text}" does not end with ${LOOPBACK}:PORT or ${LOOPBACK}:PORT,tls`);
	const [, address = '', portText = '', tls] = match;
	if (address !== LOOPBACK) {
		throw new RangeError(`"${text}" is refused: the real program must be at ${LOOPBACK}`);
	}
	return { port: checkPort(text, portText), tls: tls !== undefined };
}

function checkPort(text: string, portText: string): number {
	const port = Number(portText);
	if (port < 1 || port > 65_535) throw new RangeError(`"${text}" has no port between 1 and 65535`);
	return port;
}

/**
 * Reads `HOST:PORT=127.0.0.1:PORT`: what the hospital calls on the left, the real program on the right.
 * Throws a RangeError that says what is wrong.
 */
export function parseSubstitute(text: string): Substitute {
	const match = /^([a-z0-9-]{1,64}):(\d{1,5})=(.+)$/.exec(text);
	if (!match) throw new RangeError(`"${text}" is not of the form HOST:PORT=${LOOPBACK}:PORT`);
	const [, host = '', hospitalPort = '', end = ''] = match;
	return { host, hospitalPort: checkPort(text, hospitalPort), ...parseRealEnd(text, end) };
}

/**
 * Reads `AETITLE=127.0.0.1:PORT`, with `,tls` behind it for a program that speaks TLS. Throws a RangeError that
 * says what is wrong, also for any address but 127.0.0.1: synthetic or not, images do not leave the machine
 * through the gateway.
 */
export function parseDestination(text: string): Destination {
	const match = /^([^=]+)=([^=]+)$/.exec(text);
	if (!match) throw new RangeError(`"${text}" is not of the form AETITLE=${LOOPBACK}:PORT`);
	const [, aeTitle = '', end = ''] = match;
	const { port, tls } = parseRealEnd(text, end);
	return { aeTitle: checkAeTitle(aeTitle), port, ...(tls && { tls }) };
}

/** An AE title as PS3.5 section 6.2 allows it: 1 to 16 printable characters, no backslash, not only spaces. */
export function checkAeTitle(text: string): string {
	const aeTitle = text.trim();
	if (/^[\x20-\x5b\x5d-\x7e]{1,16}$/.test(aeTitle)) return aeTitle;
	throw new RangeError(`"${text}" is no AE title: 1 to 16 characters of ASCII without a backslash`);
}

/**
 * Listens on the loopback interface only; port 0 lets the system choose. `onSocket` hears of each caller at once and
 * may refuse it; `onConnection` gets the socket that bytes go through, after the handshake where there is one.
 * Fails with a sentence when the port is taken.
 */
export function listenOnLoopback(
	port: number,
	on: { socket(socket: Socket): void; connection(socket: Socket): void },
	tls?: GatewayTls,
): Promise<{ server: Server; port: number }> {
	const options = { allowHalfOpen: true, pauseOnConnect: true, noDelay: true };
	const server = tls
		? createTlsServer({ ...options, ...securityOf(tls) }, on.connection)
		: createServer(options, on.connection);
	// The plain socket comes first; a handshake on one that was refused fails by itself.
	server.prependListener('connection', on.socket);
	return new Promise((resolve, reject) => {
		server.once('error', (error: NodeJS.ErrnoException) => {
			const taken = error.code === 'EADDRINUSE';
			reject(
				taken ? new Error(`Port ${port} of ${LOOPBACK} is in use; choose another one.`) : error,
			);
		});
		server.listen(port, LOOPBACK, () => {
			resolve({ server, port: (server.address() as AddressInfo).port });
		});
	});
}

function securityOf(tls: GatewayTls): TlsOptions {
	const required = tls.requireClientCertificate === true;
	return {
		key: tls.key,
		cert: tls.certificate,
		// BCP 195 (RFC 9325), which PS3.15 annex B follows, allows nothing older.
		minVersion: 'TLSv1.2',
		handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
		requestCert: required,
		rejectUnauthorized: required,
		...(tls.authorities !== undefined && { ca: tls.authorities }),
	};
}

/** Connects to a port of this machine; the socket starts paused. With `tls` a handshake comes first. */
export function connectOnLoopback(port: number, tls?: GatewayTls | 'unverified'): Socket {
	const address = { host: LOOPBACK, port };
	const socket =
		tls === undefined
			? connect({ ...address, allowHalfOpen: true, noDelay: true })
			: connectTls({
					...{ ...address, minVersion: 'TLSv1.2' },
					...(tls === 'unverified' || tls.authorities === undefined
						? { rejectUnauthorized: false }
						: // Nodes know each other by certificate; a name on the loopback interface proves nothing.
							{ ca: tls.authorities, checkServerIdentity: () => undefined }),
					...(tls !== 'unverified' && { key: tls.key, cert: tls.certificate }),
				}).setNoDelay(true);
	socket.pause();
	return socket;
}

/** Ends a connection at once: by a reset, or, where TLS lies between, by closing it without close_notify. */
export function resetSocket(socket: Socket): void {
	if (socket instanceof TLSSocket) socket.destroy();
	else socket.resetAndDestroy();
}
