/**
 * Starts the built server on `PORT` (3000), and builds it first when that is needed. `ORIGIN` is the
 * address in the browser; forms from anywhere else are refused.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { env, exit, platform } from 'node:process';

const ENTRY = 'build/index.js';
const SOURCES = ['src', 'static', 'svelte.config.js', 'vite.config.ts', 'package-lock.json'];

/** The time of the newest change below the paths, in milliseconds; 0 when there is nothing. */
function newestChangeMs(paths: string[]): number {
	let newestMs = 0;
	for (const path of paths) {
		if (!existsSync(path)) continue;
		const stat = statSync(path);
		newestMs = Math.max(newestMs, stat.mtimeMs);
		if (!stat.isDirectory()) continue;
		newestMs = Math.max(
			newestMs,
			newestChangeMs(readdirSync(path).map((name) => join(path, name))),
		);
	}
	return newestMs;
}

function buildIfNeeded(): void {
	const builtMs = newestChangeMs([ENTRY]);
	if (builtMs > newestChangeMs(SOURCES)) return;
	console.log(builtMs === 0 ? 'Building for the first time.' : 'The sources are newer: building.');
	const built = spawnSync('npm', ['run', 'build'], {
		stdio: 'inherit',
		shell: platform === 'win32',
	});
	if (built.status !== 0) {
		console.error('The build failed; its messages are above.');
		exit(built.status ?? 1);
	}
}

/** Resolves to the code of the error that listening on the port gives, or to undefined. */
function tryPort(port: number, host: string): Promise<string | undefined> {
	return new Promise((resolve) => {
		const probe = createServer();
		probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
		probe.listen({ port, host }, () => probe.close(() => resolve(undefined)));
	});
}

async function requireFreePort(port: number): Promise<void> {
	if (!Number.isInteger(port) || port < 1 || port > 65_535) {
		console.error(`PORT=${env['PORT']} is not a port number (1 to 65535).`);
		exit(1);
	}
	const problem = await tryPort(port, env['HOST'] ?? '127.0.0.1');
	if (problem === undefined) return;
	console.error(
		problem === 'EADDRINUSE'
			? `Port ${port} is in use. Stop the other program, or choose another port: PORT=${port + 1} npm start`
			: `Port ${port} cannot be used (${problem}). Choose another port: PORT=3000 npm start`,
	);
	exit(1);
}

const port = Number((env['PORT'] ??= '3000'));
// A class on a network is served with HOST=0.0.0.0 and ORIGIN set to the address in its browsers.
env['HOST'] ??= '127.0.0.1';
// The HTTP adapter takes half a megabyte by default; uploaded objects may have 20. The server itself holds
// everything else to 3 MB.
env['BODY_SIZE_LIMIT'] ??= '21M';
const origin = (env['ORIGIN'] ??= `http://localhost:${port}`);
await requireFreePort(port);
buildIfNeeded();
try {
	const built = (await import(new URL(`../${ENTRY}`, import.meta.url).href)) as {
		server: { server: Server };
	};
	const listener = built.server.server;
	if (!listener.listening) await once(listener, 'listening');
	console.log(`PACS On-Call is ready: ${origin}`);
} catch (error) {
	console.error(error);
	console.error('PACS On-Call could not start; the reason is above.');
	exit(1);
}
