import type { Process } from '#lib/kernel/process.ts';
import { secureTransport } from '#lib/hospital/dicom/secure-transport.ts';
import type { ConnectFailure } from '#lib/network/tcp-stack.ts';
import { tlsFailureFact } from '#lib/network/tls-stream.ts';
import { MODERN_POLICY, type TlsPolicy } from '#lib/protocol/tls/policy.ts';
import { readPemCertificates } from '#lib/protocol/x509/certificate.ts';
import { publicKeyOf, readPemPrivateKey } from '#lib/protocol/x509/keys.ts';
import { isAddress } from '#lib/protocol/x509/service-identity.ts';
import type { CommandContext, CommandResult } from '../../define-command.ts';
import type { Options } from '../../shell/option-parser.ts';
import { wholeNumber } from '../../shell/option-parser.ts';
import { connectText } from '../connect-text.ts';
import { complaint, lookupFact, lookupText, peerLabel, trafficTo } from '../peers.ts';
import { errorLine, handshakeText, lastProblem } from './s-client-text.ts';
import { cannotOpen, readOpenSslOptions, readText } from './tool.ts';

const OPTIONS = [
	...['-connect', '-servername', '-CAfile', '-cert', '-key', '-verify_hostname'].map((name) => ({
		names: [name],
		value: true,
	})),
	...['-showcerts', '-tls1_2', '-verify_return_error', '-noservername'].map((name) => ({
		names: [name],
	})),
];

/** What connect leaves in errno on Linux. */
const ERRNO: Record<ConnectFailure['kind'], number> = {
	refused: 111,
	timeout: 110,
	unreachable: 113,
	prohibited: 113,
};

/** `openssl s_client`: a TLS handshake with all that was seen of it, and goodbye. */
export function* sClient(context: CommandContext, args: readonly string[]): Process<CommandResult> {
	const options = readOpenSslOptions('s_client', args, OPTIONS);
	if ('exitCode' in options) return options;
	const target = /^(.+):(\d+)$/.exec(options.value('-connect') ?? 'localhost:4433');
	const host = target?.[1] ?? '';
	const port = wholeNumber(target?.[2] ?? '', 1, 65_535);
	if (port === undefined) {
		return complaint(
			's_client: -connect argument or target parameter malformed or ambiguous\ns_client: Use -help for summary.',
		);
	}
	const policy = readPolicy(context, options);
	if ('exitCode' in policy) return policy;
	const subject = `tls ${peerLabel(context.world, host)}:${port} from ${context.host.id}`;
	const resolved = yield* context.host.resolve(host);
	if (!('address' in resolved)) {
		const rest = `BIO routines:BIO_lookup_ex:system lib:../crypto/bio/bio_addr.c:746:${lookupText(resolved.failure)}`;
		return {
			text: `${errorLine('10080002', rest)}\nconnect:errno=0`,
			exitCode: 1,
			facts: [`${subject}: ${lookupFact(resolved.failure)}`],
		};
	}
	const { address } = resolved;
	const tcp = yield* context.host.connect({ address, port });
	if (tcp.kind !== 'connected') {
		const ended = tcp.kind === 'timeout' ? 'lost' : 'refused';
		return {
			text: connectFailureText(tcp),
			exitCode: 1,
			facts: [`${subject}: ${tcp.kind}`],
			traffic: trafficTo(context, address, ended),
		};
	}
	const serverName = options.value('-servername') ?? (isAddress(host) ? undefined : host);
	const named = serverName !== undefined && !options.has('-noservername');
	const startUs = context.os.clockUs();
	const opened = yield* secureTransport(context.world, context.host.id, tcp, {
		role: 'client',
		policy,
		...(named && { serverName }),
	});
	if (opened.ok) opened.stream.close();
	const failure = opened.ok || opened.failure.kind === 'no-answer' ? undefined : opened.failure;
	const problem = lastProblem(opened.progress, options.has('-verify_return_error'));
	const outcome = opened.ok ? (problem?.text ?? 'verified') : tlsFailureFact(opened.failure);
	const silent = !opened.ok && opened.failure.kind === 'no-answer';
	const text = handshakeText({
		progress: opened.progress,
		failure: failure ?? (silent ? { kind: 'transport-closed' } : undefined),
		startUs,
		namedServer: named,
		showsCertificates: options.has('-showcerts'),
		stopsAtProblem: options.has('-verify_return_error'),
		verifiedName: options.value('-verify_hostname'),
	});
	return {
		text,
		exitCode: opened.ok ? 0 : 1,
		facts: [`${subject}: ${outcome}`],
		traffic: trafficTo(context, address, opened.ok ? 'answered' : silent ? 'lost' : 'refused'),
	};
}

/** The policy that the options amount to; OpenSSL's complaint about a file. */
function readPolicy(context: CommandContext, options: Options): TlsPolicy | CommandResult {
	const expectedName = options.value('-verify_hostname');
	const caFile = options.value('-CAfile');
	const authorities = caFile === undefined ? '' : readText(context, caFile);
	if (caFile !== undefined && authorities === undefined) {
		return complaint(
			[
				errorLine(
					'80000002',
					`system library:BIO_new_file:No such file or directory:../crypto/bio/bss_file.c:67:calling fopen(${caFile}, r)`,
				),
				errorLine(
					'10000080',
					'BIO routines:BIO_new_file:no such file:../crypto/bio/bss_file.c:75:',
				),
				errorLine(
					'05880002',
					'x509 certificate routines:X509_load_cert_crl_file_ex:system lib:../crypto/x509/by_file.c:229:',
				),
			].join('\n'),
		);
	}
	const identity = readIdentity(context, options);
	if (identity && 'exitCode' in identity) return identity;
	return {
		...MODERN_POLICY,
		trusted: readPemCertificates(authorities ?? ''),
		verification: options.has('-verify_return_error') ? 'required' : 'reported',
		...(identity && { identity }),
		...(expectedName !== undefined && { expectedName }),
	};
}

function readIdentity(
	context: CommandContext,
	options: Options,
): TlsPolicy['identity'] | CommandResult {
	const certificateFile = options.value('-cert');
	if (certificateFile === undefined) return undefined;
	const keyFile = options.value('-key') ?? certificateFile;
	const keyText = readText(context, keyFile);
	if (keyText === undefined) {
		return complaint(cannotOpen('client certificate private key', keyFile));
	}
	const key = readPemPrivateKey(keyText);
	if (!key) return complaint(`Could not read client certificate private key from ${keyFile}`);
	const text = readText(context, certificateFile);
	if (text === undefined) return complaint(cannotOpen('client certificate', certificateFile));
	const chain = readPemCertificates(text);
	const [own] = chain;
	if (!own) return complaint(`Could not read client certificate from ${certificateFile}`);
	const expected = JSON.stringify(publicKeyOf(key));
	if (JSON.stringify(own.publicKey) !== expected) {
		return complaint(
			errorLine(
				'05800074',
				'x509 certificate routines:X509_check_private_key:key values mismatch:../crypto/x509/x509_cmp.c:405:',
			),
		);
	}
	return { chain, key };
}

function connectFailureText(failure: ConnectFailure): string {
	const network = failure.kind === 'unreachable' && failure.scope === 'network';
	const errno = network ? 101 : ERRNO[failure.kind];
	const code = `80${errno.toString(16).toUpperCase().padStart(6, '0')}`;
	const words = connectText(failure);
	return [
		errorLine(
			code,
			`system library:BIO_connect:${words}:../crypto/bio/bio_sock2.c:117:calling connect()`,
		),
		errorLine('10000067', 'BIO routines:BIO_connect:connect error:../crypto/bio/bio_sock2.c:119:'),
		`connect:errno=${errno}`,
	].join('\n');
}
