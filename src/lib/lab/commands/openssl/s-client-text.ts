/** What `openssl s_client` of OpenSSL 3.0 prints about a TLS 1.2 handshake, as far as it got. */
import { alertName } from '#lib/protocol/tls/alerts.ts';
import { CERTIFICATE_TYPES, SIGNATURE_SCHEMES } from '#lib/protocol/tls/extensions.ts';
import type { CertificateRequest } from '#lib/protocol/tls/handshake-messages.ts';
import { openSslError, type TlsFailure } from '#lib/protocol/tls/failure.ts';
import type { TlsProgress } from '#lib/protocol/tls/policy.ts';
import { certificatePem, type Certificate } from '#lib/protocol/x509/certificate.ts';
import {
	certificateTime,
	keyText,
	signatureAlgorithmText,
} from '#lib/protocol/x509/describe-certificate.ts';
import { decodeName, nameText } from '#lib/protocol/x509/distinguished-name.ts';
import { readDer } from '#lib/protocol/x509/der.ts';
import type { CurveName } from '#lib/protocol/x509/elliptic-curve.ts';
import type { CertificateProblem } from '#lib/protocol/x509/verify-certificate.ts';

/** OpenSSL begins its error lines with the number of the thread. */
const THREAD = '40F7A2B1C47F0000';

export interface HandshakeReport {
	readonly progress: TlsProgress;
	readonly failure: TlsFailure | undefined;
	/** µs since 1970, by the host's clock. */
	readonly startUs: number;
	/** Whether a name was sent to the server. */
	readonly namedServer: boolean;
	/** Whether the whole chain is wanted in PEM. */
	readonly showsCertificates: boolean;
	/** `-verify_return_error` */
	readonly stopsAtProblem: boolean;
	/** The name that was verified, if one was given. */
	readonly verifiedName: string | undefined;
}

export function errorLine(code: string, rest: string): string {
	return `${THREAD}:error:${code}:${rest}`;
}

export function handshakeText(report: HandshakeReport): string {
	const { progress, failure } = report;
	const { peerChain } = progress;
	return [
		'CONNECTED(00000003)',
		...(peerChain.length > 0 && !report.namedServer ? ["Can't use SSL_get_servername"] : []),
		...verifyLines(progress, report.stopsAtProblem),
		...(failure ? [failureLine(failure)] : []),
		'---',
		...(peerChain.length > 0 ? chainLines(report) : []),
		...certificateLines(report),
		'---',
		...requestLines(progress.certificateRequest),
		...keyExchangeLines(progress),
		'---',
		`SSL handshake has read ${progress.readBytes} bytes and written ${progress.writtenBytes} bytes`,
		...verdictLines(report),
		'---',
		...sessionLines(report),
		'---',
		...(failure ? [] : ['DONE']),
	].join('\n');
}

/** One block for each call of OpenSSL's verify callback: problems of the path first, then from the top down. */
function verifyLines({ peerPath, peerProblems }: TlsProgress, stopsAtProblem: boolean): string[] {
	const lines: string[] = [];
	let last: CertificateProblem['number'] | undefined;
	const block = (depth: number, problem: CertificateProblem | undefined): void => {
		const certificate = peerPath[depth];
		if (!certificate) return;
		if (problem) last = problem.number;
		lines.push(`depth=${depth} ${nameText(certificate.subject)}`);
		if (problem) lines.push(`verify error:num=${problem.number}:${problem.text}`);
		lines.push(...detailLines(certificate, last));
		if (!problem || !stopsAtProblem) lines.push('verify return:1');
	};
	for (const problem of peerProblems.filter(({ number }) => !LATE.has(number))) {
		block(problem.depth, problem);
		if (stopsAtProblem) return lines;
	}
	// Without its issuer the top of a longer path is not looked at again.
	const open = peerProblems.some(({ number }) => number === 20 || number === 2);
	const top = peerPath.length - 1 - (open && peerPath.length > 1 ? 1 : 0);
	for (let depth = top; depth >= 0; depth--) {
		for (const problem of peerProblems) {
			if (problem.depth !== depth || !LATE.has(problem.number)) continue;
			block(depth, problem);
			if (stopsAtProblem) return lines;
		}
		block(depth, undefined);
	}
	return lines;
}

/** Signatures and dates are looked at last. */
const LATE = new Set<number>([7, 9, 10, 21]);

function detailLines(certificate: Certificate, last: number | undefined): string[] {
	if (last === 2) return [`issuer= ${nameText(certificate.issuer)}`];
	if (last === 9) return [`notBefore=${certificateTime(certificate.notBeforeUs)}`];
	return last === 10 ? [`notAfter=${certificateTime(certificate.notAfterUs)}`] : [];
}

function failureLine(failure: TlsFailure): string {
	const { number, text } = openSslError(failure);
	const code = `0A${number.toString(16).toUpperCase().padStart(6, '0')}`;
	const line = (place: string, source: string, rest = ''): string =>
		errorLine(code, `SSL routines:${place}:${text}:${source}:${rest}`);
	if (failure.kind === 'alert-received') {
		const source = '../ssl/record/rec_layer_s3.c:1602';
		return line('ssl3_read_bytes', source, `SSL alert number ${failure.alert}`);
	}
	if (failure.kind === 'not-tls') {
		return line('ssl3_get_record', '../ssl/record/ssl3_record.c:350');
	}
	if (failure.kind === 'transport-closed') {
		return line('ssl3_read_n', '../ssl/record/rec_layer_s3.c:318');
	}
	if (failure.reason === 'certificate verify failed') {
		return line('tls_post_process_server_certificate', '../ssl/statem/statem_clnt.c:1889');
	}
	return errorLine(code, `SSL routines::${text}::alert ${alertName(failure.alert)} sent`);
}

function chainLines({ progress, showsCertificates }: HandshakeReport): string[] {
	const lines = progress.peerChain.flatMap((certificate, depth) => {
		const { algorithm, bits } = keyText(certificate.publicKey);
		const from = certificateTime(certificate.notBeforeUs);
		const until = certificateTime(certificate.notAfterUs);
		const signature = signatureAlgorithmText(certificate);
		return [
			`${String(depth).padStart(2)} s:${nameText(certificate.subject)}`,
			`   i:${nameText(certificate.issuer)}`,
			`   a:PKEY: ${algorithm}, ${bits} (bit); sigalg: ${shortSignatureName(signature)}`,
			`   v:NotBefore: ${from}; NotAfter: ${until}`,
			...(showsCertificates ? [certificatePem(certificate).trimEnd()] : []),
		];
	});
	return ['Certificate chain', ...lines, '---'];
}

/** In this place `sha256WithRSAEncryption` goes by its other name, `RSA-SHA256`. */
function shortSignatureName(name: string): string {
	return name.replace(
		/^(sha\d+)WithRSAEncryption$/,
		(_, hash: string) => `RSA-${hash.toUpperCase()}`,
	);
}

function certificateLines({ progress, showsCertificates }: HandshakeReport): string[] {
	const [certificate] = progress.peerChain;
	if (!certificate || !progress.peerAccepted) return ['no peer certificate available'];
	return [
		'Server certificate',
		...(showsCertificates ? [] : [certificatePem(certificate).trimEnd()]),
		`subject=${nameText(certificate.subject)}`,
		`issuer=${nameText(certificate.issuer)}`,
	];
}

const TYPE_TEXTS: Readonly<Record<number, string>> = {
	[CERTIFICATE_TYPES.rsa]: 'RSA sign',
	2: 'DSA sign',
	[CERTIFICATE_TYPES.ec]: 'ECDSA sign',
};

function requestLines(request: CertificateRequest | undefined): string[] {
	if (!request) return ['No client certificate CA names sent'];
	const names = request.authorities.flatMap((der) => {
		const name = decodeName(readDer(der));
		return name ? [nameText(name)] : [];
	});
	const schemes = (codes: readonly number[]): string =>
		codes
			.flatMap((code) => {
				const scheme = SIGNATURE_SCHEMES.find((one) => one.code === code);
				return scheme
					? [`${scheme.key === 'ec' ? 'ECDSA' : 'RSA'}+${scheme.hash.toUpperCase()}`]
					: [];
			})
			.join(':');
	const types = request.types.map((type) => TYPE_TEXTS[type] ?? `UNKNOWN (${type}),`);
	return [
		...(names.length > 0
			? ['Acceptable client certificate CA names', ...names]
			: ['No client certificate CA names sent']),
		`Client Certificate Types: ${types.join(', ')}`,
		`Requested Signature Algorithms: ${schemes(request.schemes)}`,
		`Shared Requested Signature Algorithms: ${schemes(request.schemes)}`,
	];
}

const CURVE_TEXTS: Readonly<Record<CurveName, string>> = {
	'P-256': 'ECDH, prime256v1, 256 bits',
	'P-384': 'ECDH, secp384r1, 384 bits',
};

function keyExchangeLines({ keyExchange }: TlsProgress): string[] {
	if (!keyExchange) return [];
	return [
		`Peer signing digest: ${keyExchange.hash.toUpperCase()}`,
		`Peer signature type: ${keyExchange.key === 'ec' ? 'ECDSA' : 'RSA'}`,
		`Server Temp Key: ${CURVE_TEXTS[keyExchange.curve]}`,
	];
}

function verdictLines({ progress, verifiedName, stopsAtProblem }: HandshakeReport): string[] {
	const problem = lastProblem(progress, stopsAtProblem);
	if (problem) return [`Verification error: ${problem.text}`];
	const named = verifiedName !== undefined && progress.peerAccepted;
	return ['Verification: OK', ...(named ? [`Verified peername: ${verifiedName}`] : [])];
}

/** The verdict that stands at the end: the problem found last, or the one at which it stopped. */
export function lastProblem(
	{ peerProblems }: TlsProgress,
	stopsAtProblem: boolean,
): CertificateProblem | undefined {
	return stopsAtProblem ? peerProblems[0] : peerProblems.at(-1);
}

function sessionLines({ progress, startUs, failure }: HandshakeReport): string[] {
	const { masterSecret, serverHello } = progress;
	const suite = masterSecret && serverHello?.suite;
	const [leaf] = progress.peerAccepted ? progress.peerChain : [];
	const problem = failure ? undefined : lastProblem(progress, false);
	const hex = Array.from(masterSecret ?? [], (byte) => byte.toString(16).padStart(2, '0'));
	return [
		suite ? `New, TLSv1.2, Cipher is ${suite.openSslName}` : 'New, (NONE), Cipher is (NONE)',
		...(leaf ? [`Server public key is ${keyText(leaf.publicKey).bits} bit`] : []),
		`Secure Renegotiation IS${serverHello?.secureRenegotiation ? '' : ' NOT'} supported`,
		'Compression: NONE',
		'Expansion: NONE',
		'No ALPN negotiated',
		'SSL-Session:',
		'    Protocol  : TLSv1.2',
		`    Cipher    : ${suite?.openSslName ?? '0000'}`,
		'    Session-ID: ',
		'    Session-ID-ctx: ',
		`    Master-Key: ${hex.join('').toUpperCase()}`,
		'    PSK identity: None',
		'    PSK identity hint: None',
		'    SRP username: None',
		`    Start Time: ${Math.floor(startUs / 1_000_000)}`,
		'    Timeout   : 7200 (sec)',
		`    Verify return code: ${problem?.number ?? 0} (${problem?.text ?? 'ok'})`,
		`    Extended master secret: ${serverHello?.extendedMasterSecret ? 'yes' : 'no'}`,
	];
}
