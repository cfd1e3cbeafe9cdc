import { Mailbox, type Waitable } from '#lib/kernel/process.ts';
import type { TcpStream } from './tcp-stream.ts';

/** Thrown by `listen` when the port is taken (EADDRINUSE). */
export class PortInUse extends Error {
	readonly host: string;
	readonly port: number;
	constructor(host: string, port: number) {
		super(`port ${port} of ${host} is already in use`);
		this.name = 'PortInUse';
		this.host = host;
		this.port = port;
	}
}

/** A socket that waits for connections. */
export class Listener {
	readonly port: number;
	readonly backlog: number;
	/** Handshakes not yet complete. */
	halfOpen = 0;
	#accepted = new Mailbox<TcpStream>();
	#onClose: () => void;

	/** Made by the host's TCP only. */
	constructor(port: number, backlog: number, onClose: () => void) {
		this.port = port;
		this.backlog = backlog;
		this.#onClose = onClose;
	}

	/** Connections nobody has accepted yet. */
	get waiting(): number {
		return this.#accepted.length;
	}

	/** The next connection. It exists, and may already carry data, before anybody accepts it. */
	accept(): Waitable<TcpStream> {
		return this.#accepted.take();
	}

	/** A SYN that would exceed the backlog is dropped, as Linux does, and the client tries again. */
	get full(): boolean {
		return this.halfOpen + this.waiting >= this.backlog;
	}

	offer(stream: TcpStream): void {
		this.#accepted.put(stream);
	}

	/** New connections are refused from now on; accepted streams live on. */
	close(): void {
		this.#onClose();
	}
}
