import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

const START_TIMEOUT_MS = 30_000;
const POLL_MS = 100;

/** A server of the test's own, over its own database file, to be killed and started again. */
export class ServerProcess {
	readonly origin: string;
	readonly #environment: Record<string, string>;
	#process: ChildProcess | undefined;

	constructor(options: { port: number; databaseFile: string }) {
		this.origin = `http://localhost:${options.port}`;
		this.#environment = {
			PORT: String(options.port),
			ORIGIN: this.origin,
			DATABASE_URL: options.databaseFile,
		};
	}

	/** One that is ready, on a port that nobody uses. */
	static async startOver(databaseFile: string): Promise<ServerProcess> {
		const probe = createServer().listen(0);
		await once(probe, 'listening');
		const { port } = probe.address() as AddressInfo;
		await new Promise((resolve) => probe.close(resolve));
		const server = new ServerProcess({ port, databaseFile });
		await server.start();
		return server;
	}

	/** Starts what `npm start` starts, without npm in between, so that a kill hits the server itself. */
	async start(): Promise<void> {
		const started = spawn(process.execPath, ['build/index.js'], {
			env: { ...process.env, ...this.#environment },
			stdio: ['ignore', 'ignore', 'inherit'],
		});
		this.#process = started;
		const deadlineMs = Date.now() + START_TIMEOUT_MS;
		while (!(await this.#answers())) {
			if (started.exitCode !== null) throw new Error(`The server ended with ${started.exitCode}.`);
			if (Date.now() > deadlineMs) throw new Error(`No answer from ${this.origin}.`);
			await new Promise((resolve) => setTimeout(resolve, POLL_MS));
		}
	}

	/** Ends the server as a power failure would: it gets no chance to tidy up. */
	async kill(): Promise<void> {
		const running = this.#process;
		if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
		const ended = once(running, 'exit');
		running.kill('SIGKILL');
		await ended;
	}

	async #answers(): Promise<boolean> {
		try {
			return (await fetch(this.origin)).ok;
		} catch {
			return false;
		}
	}
}
