import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** The only address that the gateway binds and connects to: nothing leaves the machine. */
export const LOOPBACK = '127.0.0.1';

/** A real move destination: its AE title and its port on the loopback interface. */
export interface Destination {
	aeTitle: string;
	port: number;
}

/**
 * Reads `AETITLE=127.0.0.1:PORT`. Throws a RangeError that says what is wrong, also for any address but
 * 127.0.0.1: synthetic or not, images do not leave the machine through the gateway.
 */
export function parseDestination(text: string): Destination {
	const match = /^([^=]+)=([^=]+):(\d{1,5})$/.exec(text);
	if (!match) throw new RangeError(`"${text}" is not of the form AETITLE=${LOOPBACK}:PORT`);
	const [, aeTitle = '', address = '', portText = ''] = match;
	if (address !== LOOPBACK) {
		throw new RangeError(`"${text}" is refused: a destination must be at ${LOOPBACK}`);
	}
	const port = Number(portText);
	if (port < 1 || port > 65_535) throw new RangeError(`"${text}" has no port between 1 and 65535`);
	return { aeTitle: checkAeTitle(aeTitle), port };
}

/** An AE title as PS3.5 section 6.2 allows it: 1 to 16 printable characters, no backslash, not only spaces. */
export function checkAeTitle(text: string): string {
	const aeTitle = text.trim();
	if (/^[\x20-\x5b\x5d-\x7e]{1,16}$/.test(aeTitle)) return aeTitle;
	throw new RangeError(`"${text}" is no AE title: 1 to 16 characters of ASCII without a backslash`);
}

/** Listens on the loopback interface only; port 0 lets the system choose. Fails with a sentence when the port is taken. */
export function listenOnLoopback(
	port: number,
	onConnection: (socket: Socket) => void,
): Promise<{ server: Server; port: number }> {
	const server = createServer(
		{ allowHalfOpen: true, pauseOnConnect: true, noDelay: true },
		onConnection,
	);
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

/** Connects to a port of this machine; the socket starts paused. */
export function connectOnLoopback(port: number): Socket {
	const socket = connect({ host: LOOPBACK, port, allowHalfOpen: true, noDelay: true });
	socket.pause();
	return socket;
}
