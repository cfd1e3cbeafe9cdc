import { MODERN_POLICY, type TlsPolicy } from '#lib/protocol/tls/policy.ts';
import { readPemCertificates } from '#lib/protocol/x509/certificate.ts';
import { publicKeyOf, readPemPrivateKey } from '#lib/protocol/x509/keys.ts';
import type { CommandContext } from '../../define-command.ts';
import { absolutePath } from '../files.ts';
import type { NetworkSettings } from './tool.ts';
import type { TlsOptions } from './tls-options.ts';
import { offeredSuites } from './tls-suites.ts';
import type { ToolLog } from './tool-log.ts';

/** OpenSSL's errors for a file that cannot be opened, one below the other. */
const NO_SUCH_FILE = ['80000002: OpenSSL error', '10000080: no such file'];

/**
 * Settings with what the tools of DCMTK 3.6.7 make of their TLS options, if there are any. Undefined when the tool
 * gives up; the log says why.
 */
export function secureSettings(
	context: CommandContext,
	log: ToolLog,
	settings: NetworkSettings,
	options: TlsOptions | undefined,
): NetworkSettings | undefined {
	if (!options) return settings;
	const policy = readPolicy(context, log, options);
	return policy && { ...settings, tls: { policy, timeoutUs: settings.socketTimeoutUs } };
}

/** Reads the files, and warns and complains as the tools do. They never look at the names in a certificate. */
function readPolicy(context: CommandContext, log: ToolLog, tls: TlsOptions): TlsPolicy | undefined {
	const files = new PemFiles(context, log);
	// The last file first, as the tools go through repeated options.
	const trusted = tls.authorityFiles.toReversed().flatMap((file) => files.authorities(file));
	const identity = tls.identity && files.identity(tls.identity);
	if (tls.identity && !identity) return undefined;
	const cipherSuites = offeredSuites(log, tls.addedSuites);
	if (!cipherSuites) return undefined;
	return {
		...MODERN_POLICY,
		cipherSuites,
		trusted,
		verification: tls.verifiesPeer ? 'required' : 'off',
		...(identity && { identity }),
	};
}

class PemFiles {
	readonly #context: CommandContext;
	readonly #log: ToolLog;
	/** OpenSSL keeps its errors; a tool prints the oldest whenever something goes wrong. */
	readonly #errors: string[] = [];

	constructor(context: CommandContext, log: ToolLog) {
		this.#context = context;
		this.#log = log;
	}

	authorities(file: string): TlsPolicy['trusted'] {
		const text = this.#read(file);
		const found = text === undefined ? [] : readPemCertificates(text);
		if (found.length > 0) return found;
		if (text === undefined) this.#errors.push(...NO_SUCH_FILE, '05880002: system lib');
		else this.#errors.push('05800088: no certificate or crl found');
		this.#logError();
		this.#log.add('warn', `unable to load certificate file '${file}', ignoring`);
		return [];
	}

	identity({ keyFile, certificateFile }: NonNullable<TlsOptions['identity']>) {
		const keyText = this.#read(keyFile);
		const key = keyText === undefined ? undefined : readPemPrivateKey(keyText);
		if (!key) {
			if (keyText === undefined) this.#errors.push(...NO_SUCH_FILE);
			else this.#errors.push('1e08010c: unsupported');
			this.#logError();
			this.#log.add('fatal', `000b:0004 Unable to load private TLS key from '${keyFile}'`);
			return undefined;
		}
		const text = this.#read(certificateFile);
		const chain = text === undefined ? [] : readPemCertificates(text);
		const [own] = chain;
		if (!own) {
			if (text === undefined) this.#errors.push(...NO_SUCH_FILE);
			else this.#errors.push('0480006c: no start line');
			this.#logError();
		}
		if (JSON.stringify(own?.publicKey) !== JSON.stringify(publicKeyOf(key))) {
			const both = `Private key '${keyFile}' and certificate '${certificateFile}'`;
			this.#log.add('fatal', `000b:0006 ${both} do not match`);
			return undefined;
		}
		return { chain, key };
	}

	#read(file: string): string | undefined {
		const bytes = this.#context.readFile(absolutePath(this.#context, file));
		return bytes && new TextDecoder().decode(bytes);
	}

	#logError(): void {
		this.#log.add('error', `OpenSSL error ${this.#errors.shift() ?? ''}`);
	}
}
