/** A real Orthanc on the loopback interface, with an empty database that goes with it. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const PROGRAM = ['/usr/sbin/Orthanc', '/usr/bin/Orthanc'].find((path) => existsSync(path));
const WORKLISTS = '/usr/share/orthanc/plugins/libModalityWorklists.so';
const START_ATTEMPTS = 200;

/** Why there is no Orthanc to talk to, or undefined. */
export function missingOrthanc(): string | undefined {
	if (PROGRAM === undefined) return 'Orthanc is not installed';
	if (spawnSync(PROGRAM, ['--version']).error) return `${PROGRAM} cannot be run`;
	return existsSync(WORKLISTS) ? undefined : `Orthanc's worklist plugin is not at ${WORKLISTS}`;
}

/** A port of 127.0.0.1 that nothing listens on. */
export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

export class Orthanc {
	readonly dicomPort: number;
	/** Files that its worklist is made of (`.wl`). */
	readonly worklistFolder: string;
	readonly #httpPort: number;
	readonly #folder: string;
	readonly #process: ReturnType<typeof spawn>;

	private constructor(
		ports: { dicom: number; http: number },
		folder: string,
		process: ReturnType<typeof spawn>,
	) {
		this.dicomPort = ports.dicom;
		this.#httpPort = ports.http;
		this.#folder = folder;
		this.worklistFolder = join(folder, 'worklists');
		this.#process = process;
	}

	/** Starts one that answers to any called AE title and takes images from anybody. */
	static async start(aeTitle: string): Promise<Orthanc> {
		const folder = mkdtempSync(join(tmpdir(), 'orthanc-'));
		const ports = { dicom: await freePort(), http: await freePort() };
		mkdirSync(join(folder, 'worklists'));
		const configuration = join(folder, 'orthanc.json');
		writeFileSync(
			configuration,
			JSON.stringify({
				...{ Name: 'interop', StorageDirectory: join(folder, 'storage'), Plugins: [WORKLISTS] },
				...{ HttpPort: ports.http, RemoteAccessAllowed: false, AuthenticationEnabled: false },
				...{ DicomPort: ports.dicom, DicomAet: aeTitle, DicomCheckCalledAet: false },
				...{ DicomAlwaysAllowEcho: true, DicomAlwaysAllowStore: true, DicomAlwaysAllowFind: true },
				...{ DicomAlwaysAllowGet: true, DicomAlwaysAllowMove: true },
				...{ DicomAlwaysAllowFindWorklist: true, DicomModalitiesInDatabase: true },
				Worklists: { Enable: true, Database: join(folder, 'worklists'), FilterIssuerAet: false },
			}),
		);
		const child = spawn(PROGRAM!, [configuration], {
			env: { ...process.env, TCP_NODELAY: '1' },
			stdio: 'ignore',
		});
		const orthanc = new Orthanc(ports, folder, child);
		for (let attempt = 1; ; attempt++) {
			try {
				await orthanc.get('/system');
				return orthanc;
			} catch (error) {
				if (attempt === START_ATTEMPTS || child.exitCode !== null) throw error;
				await delay(50);
			}
		}
	}

	async get(path: string): Promise<unknown> {
		return (await this.#fetch(path)).json();
	}

	async file(path: string): Promise<Uint8Array> {
		return new Uint8Array(await (await this.#fetch(path)).arrayBuffer());
	}

	async send(method: 'POST' | 'PUT', path: string, body: unknown): Promise<unknown> {
		const raw = typeof body === 'string' || body instanceof Uint8Array;
		const text = await (
			await this.#fetch(path, { method, body: raw ? (body as BodyInit) : JSON.stringify(body) })
		).text();
		return text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text;
	}

	/** Tells it where an AE title is. */
	async know(symbol: string, AET: string, Port: number): Promise<void> {
		await this.send('PUT', `/modalities/${symbol}`, { AET, Host: '127.0.0.1', Port });
	}

	async stop(): Promise<void> {
		const ended = new Promise((resolve) => this.#process.once('exit', resolve));
		this.#process.kill();
		await ended;
		rmSync(this.#folder, { recursive: true, force: true });
	}

	async #fetch(path: string, init: RequestInit = {}): Promise<Response> {
		const response = await fetch(`http://127.0.0.1:${this.#httpPort}${path}`, init);
		if (response.ok) return response;
		throw new Error(`${init.method ?? 'GET'} ${path}: ${response.status} ${await response.text()}`);
	}
}
