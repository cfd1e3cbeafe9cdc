import type { Socket } from 'node:net';
import { Signal, wait, type Process } from '#lib/kernel/process.ts';
import type { TcpStream } from '#lib/network/tcp-stream.ts';
import { resetSocket } from './loopback.ts';
import type { WallTime } from './wall-time.ts';

export interface BridgeLimits {
	/** Bytes under way in one direction before its sender is made to wait. */
	bufferBytes: number;
	/** Bytes that a waiting real receiver may leave unread in the hospital before both ends are reset. */
	unreadBytes: number;
	/** Silence of the real socket after which both ends are reset. */
	idleMs: number;
}

/**
 * Joins a real socket and a virtual stream, byte for byte. An end is passed on as an end, a reset as a
 * reset. Back-pressure goes both ways: a real sender is not read while too much of its data is under way
 * in the virtual network, and the virtual stream is not read while the real receiver is slow. Because the
 * virtual network has no window, what arrives meanwhile waits in the virtual host, up to a limit.
 */
export class Bridge {
	readonly #socket: Socket;
	readonly #stream: TcpStream;
	readonly #wallTime: WallTime;
	readonly #limits: BridgeLimits;
	#holdsSocket = false;
	#drained: Signal | undefined;

	/** Takes over a paused socket and starts to read it. */
	constructor(socket: Socket, stream: TcpStream, wallTime: WallTime, limits: BridgeLimits) {
		this.#socket = socket;
		this.#stream = stream;
		this.#wallTime = wallTime;
		this.#limits = limits;
		socket.on('data', (chunk) => {
			wallTime.act(() => {
				this.#fromSocket(chunk);
			});
		});
		socket.on('end', () => {
			wallTime.act(() => {
				stream.close();
			});
		});
		socket.on('drain', () => {
			this.#release();
		});
		socket.on('close', (hadError) => {
			wallTime.act(() => {
				if (hadError || stream.open) stream.reset();
			});
			this.#release();
		});
		socket.setTimeout(limits.idleMs, () => {
			this.#resetBoth();
		});
		socket.resume();
	}

	/** Carries what the virtual peer sends to the socket until the stream ends. */
	*run(): Process {
		for (;;) {
			const event = yield* wait(this.#stream.read());
			if (event.kind === 'end') {
				this.#socket.end();
				return;
			}
			if (event.kind !== 'data') {
				resetSocket(this.#socket);
				return;
			}
			this.#socket.cork();
			for (const piece of event.pieces) this.#socket.write(piece);
			this.#socket.uncork();
			if (this.#socket.destroyed || this.#socket.writableLength <= this.#limits.bufferBytes) {
				continue;
			}
			this.#drained = new Signal();
			yield* wait(this.#drained);
		}
	}

	/** To be called after virtual time has advanced: lets a held sender go on, enforces the limit of unread bytes. */
	settle(): void {
		const { bufferBytes, unreadBytes } = this.#limits;
		if (this.#holdsSocket && this.#stream.unacknowledgedBytes <= bufferBytes / 2) {
			this.#holdsSocket = false;
			this.#socket.resume();
		}
		if (this.#drained && this.#stream.unreadBytes > unreadBytes) this.#resetBoth();
	}

	#fromSocket(chunk: Buffer): void {
		// The cores know nothing of Node.js: they get the same bytes without the Buffer around them.
		this.#stream.write([new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length)]);
		if (this.#stream.unacknowledgedBytes < this.#limits.bufferBytes) return;
		this.#holdsSocket = true;
		this.#socket.pause();
	}

	/** The socket has taken everything, or is gone: the virtual stream is read again. */
	#release(): void {
		const drained = this.#drained;
		this.#drained = undefined;
		if (drained) this.#wallTime.act(() => drained.fire());
	}

	#resetBoth(): void {
		// The stream is reset when the socket has closed.
		resetSocket(this.#socket);
	}
}
