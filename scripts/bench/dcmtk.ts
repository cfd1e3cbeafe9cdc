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
const START_ATTEMPTS = 50;

const execute = promisify(execFile);

/** A running `storescp --ignore` and what may be sent to it. */
export interface DcmtkPeer {
	version: string;
	/** One storescu process sends the CT image that many times on one association. */
	stores(count: number): Promise<number>;
	/** One echoscu process after the other. */
	echoes(count: number): Promise<number>;
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

/** Starts storescp, or says why it cannot. */
export async function startDcmtk(): Promise<DcmtkPeer | { missing: string }> {
	const missing = missingTool();
	if (missing !== undefined) return { missing };
	const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'bench-'));
	const file = join(folder, 'ct.dcm');
	writeFileSync(file, ctFile());
	const port = String(await freePort());
	const scp = spawn('storescp', ['--ignore', port], { env: ENVIRONMENT, stdio: 'ignore' });
	const stop = (): void => {
		scp.kill();
		rmSync(folder, { recursive: true, force: true });
	};
	const run = (tool: string, files: string[]) =>
		execute(tool, ['127.0.0.1', port, ...files], { env: ENVIRONMENT });
	for (let attempt = 1; ; attempt++) {
		try {
			await run('echoscu', []);
			break;
		} catch (error) {
			if (attempt === START_ATTEMPTS || scp.exitCode !== null) {
				stop();
				return { missing: `storescp did not start: ${String(error).split('\n')[0]}` };
			}
			await delay(50);
		}
	}
	return {
		version:
			/v([\d.]+)/.exec(execFileSync('storescu', ['--version'], { encoding: 'utf8' }))?.[1] ?? '',
		async stores(count) {
			await run('storescu', Array<string>(count).fill(file));
			return count;
		},
		async echoes(count) {
			for (let i = 0; i < count; i++) await run('echoscu', []);
			return count;
		},
		stop,
	};
}
