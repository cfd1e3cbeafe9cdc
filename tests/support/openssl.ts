/** Programs of OpenSSL on the loopback interface, and certificates of today for them. */
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificatePem } from '#lib/protocol/x509/certificate.ts';
import type { Credential } from '#lib/protocol/x509/issue-certificate.ts';
import { privateKeyPem } from '#lib/protocol/x509/keys.ts';
import { Pki } from '#lib/protocol/tls/tls-pair.fixture.ts';
import { freePort } from './tls-socket.ts';

const DAY_US = 86_400 * 1e6;
/** OpenSSL goes by the machine's clock, so certificates for it must be of today. */
export const nowUs = Math.floor(Date.now() / 1_000) * 1e6;
export const EXPIRED = { notBeforeUs: nowUs - 20 * DAY_US, notAfterUs: nowUs - DAY_US };
export const FUTURE = { notBeforeUs: nowUs + DAY_US, notAfterUs: nowUs + 20 * DAY_US };
export const LOCAL = [
	{ kind: 'dns', value: 'localhost' },
	{ kind: 'ip', value: '127.0.0.1' },
] as const;
export const pki = new Pki('interop', nowUs);
export const strangers = new Pki('strangers', nowUs);

/** Why OpenSSL's programs cannot be asked, if so. */
export function missingOpenSsl(): string | undefined {
	try {
		execFileSync('openssl', ['version'], { stdio: 'ignore' });
		return undefined;
	} catch {
		return 'openssl is not installed';
	}
}

/** Files and programs of one test file; `close` removes and ends them. */
export class OpenSsl {
	readonly folder = mkdtempSync(join(tmpdir(), 'openssl-'));
	readonly #running: ChildProcess[] = [];
	#files = 0;

	/** Ends the servers that were started since the last time. */
	stop(): void {
		for (const child of this.#running.splice(0)) child.kill();
	}

	close(): void {
		this.stop();
		rmSync(this.folder, { recursive: true });
	}

	file(text: string): string {
		const path = join(this.folder, `${this.#files++}.pem`);
		writeFileSync(path, text);
		return path;
	}

	certificateFile(...credentials: Credential[]): string {
		return this.file(credentials.map(({ certificate }) => certificatePem(certificate)).join(''));
	}

	keyFile(credential: Credential): string {
		return this.file(privateKeyPem(credential.key));
	}

	/** Options that give a program of OpenSSL a certificate with its chain. */
	identity(credential: Credential, of = pki): string[] {
		return [
			...['-cert', this.certificateFile(credential), '-key', this.keyFile(credential)],
			...['-cert_chain', this.certificateFile(of.intermediate)],
		];
	}

	/** Runs `openssl s_client`, which sends a line and waits a little; what it printed and its exit code. */
	client(
		port: number,
		options: readonly string[],
		variables: Record<string, string> = {},
		line = 'ping\n',
	): Promise<{ text: string; exitCode: number }> {
		const args = ['s_client', '-connect', `127.0.0.1:${port}`, ...options];
		const environment = { env: { ...process.env, ...variables }, timeout: 20_000 };
		return new Promise((resolve) => {
			const child = execFile('openssl', args, environment, (error, stdout, stderr) => {
				const exitCode = typeof error?.code === 'number' ? error.code : 0;
				resolve({ text: stdout + stderr, exitCode });
			});
			child.stdin?.write(line);
			setTimeout(() => child.stdin?.end(), 400);
		});
	}

	/** Starts `openssl s_server` and waits until it listens; `text()` is what it printed so far. */
	async server(...options: string[]): Promise<{ port: number; text(): string }> {
		const port = await freePort();
		const child = spawn('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, ...options]);
		this.#running.push(child);
		let text = '';
		child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
		child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
		await until(
			() => text.includes('ACCEPT'),
			() => `s_server does not listen: ${text}`,
		);
		return { port, text: () => text };
	}
}

/** Waits up to ten seconds for something. */
export async function until(condition: () => boolean, complaint: () => string): Promise<void> {
	for (let i = 0; i < 200; i++) {
		if (condition()) return;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	throw new Error(complaint());
}
