import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ctFile } from './ct-object.ts';

const TOOLS = ['storescu', 'storescp', 'echoscu'];
/** Without it every message waits 40 ms for a delayed acknowledgement. */
const ENVIRONMENT = { ...process.env, TCP_NODELAY: '1' };
const START_ATTEMPTS = 100;

const execute = promisify(execFile);

/** DCMTK's tools, a running `storescp --ignore`, and Orthanc where it is installed. */
export interface DcmtkPeer {
	version: string;
	/** Port of storescp. */
	port: number;
	/** Port of Orthanc, or why it is not there. */
	orthanc: { port: number; version: string } | { missing: string };
	/** One storescu process sends the CT image that many times on one association to a port. */
	stores(port: number, count: number): Promise<number>;
	/** One echoscu process after the other. */
	echoes(port: number, count: number): Promise<number>;
	stop(): void;
}

/** Why DCMTK cannot be measured, or undefined. */
function missingTool(): string | undefined {
	for (const tool of TOOLS) {
		try {
			execFileSync(tool, ['--version'], { stdio: 'ignore' });
		} catch {
			return `DCMTK's ${tool} is not installed`;
		}
	}
	return undefined;
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

const run = (tool: string, port: number, files: string[]) =>
	execute(tool, ['-aec', 'BENCH_SCP', '127.0.0.1', String(port), ...files], { env: ENVIRONMENT });

/** Waits until an echo is answered; false when that does not happen. */
async function answers(port: number): Promise<boolean> {
	for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
		try {
			await run('echoscu', port, []);
			return true;
		} catch {
			await delay(50);
		}
	}
	return false;
}

/** Starts Orthanc with its database and objects in memory, so that the disk is not what is measured. */
async function startOrthanc(folder: string): Promise<{
	peer: DcmtkPeer['orthanc'];
	stop(): void;
}> {
	const nothing = () => undefined;
	const program = ['/usr/sbin/Orthanc', '/usr/bin/Orthanc'].find((path) => existsSync(path));
	if (program === undefined)
		return { peer: { missing: 'Orthanc is not installed' }, stop: nothing };
	const port = await freePort();
	const configuration = join(folder, 'orthanc.json');
	writeFileSync(
		configuration,
		JSON.stringify({
			...{ Name: 'bench', StorageDirectory: join(folder, 'orthanc'), Plugins: [] },
			...{ HttpServerEnabled: false, DicomPort: port, DicomAet: 'BENCH_SCP' },
			...{ DicomAlwaysAllowEcho: true, DicomAlwaysAllowStore: true, OverwriteInstances: true },
		}),
	);
	const child = spawn(program, [configuration], { env: ENVIRONMENT, stdio: 'ignore' });
	const stop = () => child.kill();
	if (!(await answers(port))) {
		stop();
		return { peer: { missing: 'Orthanc did not start' }, stop: nothing };
	}
	const version = /(\d+\.\d+\.\d+)/.exec(
		execFileSync(program, ['--version'], { encoding: 'utf8' }),
	);
	return { peer: { port, version: version?.[1] ?? '' }, stop };
}

/** Starts storescp and Orthanc, or says why they cannot be measured. */
export async function startDcmtk(): Promise<DcmtkPeer | { missing: string }> {
	const missing = missingTool();
	if (missing !== undefined) return { missing };
	const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'bench-'));
	const file = join(folder, 'ct.dcm');
	writeFileSync(file, ctFile());
	const port = await freePort();
	const scp = spawn('storescp', ['--ignore', String(port)], { env: ENVIRONMENT, stdio: 'ignore' });
	const orthanc = await startOrthanc(folder);
	const stop = (): void => {
		scp.kill();
		orthanc.stop();
		rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
	};
	if (!(await answers(port))) {
		stop();
		return { missing: 'storescp did not start' };
	}
	return {
		version:
			/v([\d.]+)/.exec(execFileSync('storescu', ['--version'], { encoding: 'utf8' }))?.[1] ?? '',
		port,
		orthanc: orthanc.peer,
		async stores(to, count) {
			await run('storescu', to, Array<string>(count).fill(file));
			return count;
		},
		async echoes(to, count) {
			for (let i = 0; i < count; i++) await run('echoscu', to, []);
			return count;
		},
		stop,
	};
}
