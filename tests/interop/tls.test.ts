/** Our TLS 1.2 against OpenSSL's programs and Node's TLS, on real sockets. */
import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { certificatePem, readPemCertificates } from '#lib/protocol/x509/certificate.ts';
import { certificateText } from '#lib/protocol/x509/describe-certificate.ts';
import type { Credential } from '#lib/protocol/x509/issue-certificate.ts';
import { privateKeyPem } from '#lib/protocol/x509/keys.ts';
import { ALERT } from '#lib/protocol/tls/alerts.ts';
import type { CipherSuiteName } from '#lib/protocol/tls/cipher-suites.ts';
import { openSslError, type TlsFailure } from '#lib/protocol/tls/failure.ts';
import { OPENSSL_REASONS } from '#lib/protocol/tls/openssl-errors.ts';
import type { TlsPolicy } from '#lib/protocol/tls/policy.ts';
import type { Pki } from '#lib/protocol/tls/tls-pair.fixture.ts';
import {
	EXPIRED,
	FUTURE,
	LOCAL,
	missingOpenSsl,
	nowUs,
	OpenSsl,
	pki,
	strangers,
	until,
} from '../support/openssl.ts';
import { connectTls, listenTls, type TlsEnd, type TlsSocket } from '../support/tls-socket.ts';

const missing = missingOpenSsl();
if (missing !== undefined) console.warn(`skipped: TLS interop: ${missing}`);
const testWithOpenSsl = test.skipIf(missing !== undefined);

const host = pki.host(LOCAL);
const client = pki.host([{ kind: 'dns', value: 'ct2' }]);

const openSsl = new OpenSsl();
afterEach(() => openSsl.stop());
afterAll(() => openSsl.close());

const rootFile = (): string => openSsl.certificateFile(pki.root);
const identity = (credential: Credential, of?: Pki): string[] => openSsl.identity(credential, of);
const sClient = (port: number, ...options: string[]) =>
	openSsl.client(port, ['-tls1_2', ...options]);
const sServer = (...options: string[]) => openSsl.server(...options);

/** OpenSSL has no option for this, but reads it from its configuration. */
const NO_EXTENDED_MASTER_SECRET = `openssl_conf = main
[main]
ssl_conf = programs
[programs]
system_default = all
[all]
Options = -ExtendedMasterSecret
`;

interface Served {
	port: number;
	close(): void;
	sockets: TlsSocket[];
	/** How the first connection ended. */
	ended(): Promise<TlsEnd>;
}

/** A server of ours that sends back what it gets. */
async function echoServer(policy: TlsPolicy): Promise<Served> {
	const sockets: TlsSocket[] = [];
	let first: (socket: TlsSocket) => void = () => undefined;
	const connected = new Promise<TlsSocket>((resolve) => (first = resolve));
	const listening = await listenTls(
		policy,
		() => pki.environment(`server ${sockets.length}`),
		(socket) => {
			socket.onData = (bytes) => socket.write(bytes);
			sockets.push(socket);
			first(socket);
		},
	);
	return { ...listening, sockets, ended: async () => (await connected).ended };
}

/** Handshake of ours with a server; the session or the end. */
async function handshake(port: number, policy: TlsPolicy, serverName?: string) {
	const named = serverName === undefined ? {} : { serverName };
	// A minute later, for certificates that OpenSSL has made since.
	const environment = { clockUs: nowUs + 60e6, ...named };
	const socket = await connectTls(port, policy, pki.environment(`client ${port}`, environment));
	let text = '';
	socket.onData = (bytes) => (text += new TextDecoder().decode(bytes));
	socket.start();
	await Promise.race([
		socket.ended,
		new Promise<void>((resolve) => (socket.onEstablished = resolve)),
	]);
	return { socket, session: socket.session, text: () => text };
}

describe('OpenSSL | TLS 1.2 handshake | client', () => {
	testWithOpenSsl.each([['ECDHE-ECDSA-AES256-GCM-SHA384'], ['ECDHE-ECDSA-AES128-GCM-SHA256']])(
		'our server: %s',
		async (cipher) => {
			const server = await echoServer(pki.policy(host));
			const { text, exitCode } = await sClient(
				server.port,
				...['-cipher', cipher, '-servername', 'localhost'],
				...['-CAfile', rootFile(), '-verify_hostname', 'localhost', '-verify_return_error'],
			);
			server.close();
			expect(text).toContain(`New, TLSv1.2, Cipher is ${cipher}`);
			expect(text).toContain('Verification: OK');
			expect(text).toContain('Secure Renegotiation IS supported');
			expect(text).toContain('Extended master secret: yes');
			expect(text).toMatch(/^ping$/m);
			expect(exitCode).toBe(0);
			expect(server.sockets[0]?.session?.serverName).toBe('localhost');
			expect(await server.ended()).toEqual({ kind: 'closed' });
		},
	);

	testWithOpenSsl('our server negotiates down from a hello that offers TLS 1.3', async () => {
		const server = await echoServer(pki.policy(host));
		const { text } = await openSsl.client(server.port, ['-CAfile', rootFile()]);
		server.close();
		expect(text).toContain('Protocol  : TLSv1.2');
		expect(text).toContain('Verification: OK');
	});

	testWithOpenSsl('our server does not negotiate again', async () => {
		const server = await echoServer(pki.policy(host));
		const { text } = await openSsl.client(server.port, ['-tls1_2'], {}, 'R\n');
		server.close();
		expect(text).toContain('RENEGOTIATING');
		expect(text).toContain('no renegotiation');
		expect(await server.ended()).toEqual({ kind: 'alert-received', alert: 40 });
	});

	testWithOpenSsl('our server takes a client without extended master secret', async () => {
		const server = await echoServer(pki.policy(host));
		const variables = { OPENSSL_CONF: openSsl.file(NO_EXTENDED_MASTER_SECRET) };
		const { text } = await openSsl.client(server.port, ['-tls1_2'], variables);
		server.close();
		expect(text).toMatch(/^ping$/m);
		expect(text).toContain('Extended master secret: no');
	});

	testWithOpenSsl('mutual authentication: the certificate arrives and is believed', async () => {
		const server = await echoServer(pki.policy(host, { clientCertificate: 'required' }));
		const { text } = await sClient(server.port, '-CAfile', rootFile(), ...identity(client));
		server.close();
		expect(text).toMatch(/^ping$/m);
		expect(text).toContain('CN = Root interop');
		expect(text).toContain('Client Certificate Types: ECDSA sign, RSA sign');
		const names = server.sockets[0]?.session?.peerPath.map(
			({ subject }) => subject.attributes.at(-1)?.value,
		);
		expect(names).toEqual(['ct2', 'Issuing interop', 'Root interop']);
	});

	testWithOpenSsl.each<[string, () => Promise<[Partial<TlsPolicy>, string[]]>, number, string]>([
		['no certificate', async () => [{}, []], 40, 'peer did not return a certificate'],
		[
			'an expired certificate',
			async () => [{}, identity(pki.host([], EXPIRED))],
			45,
			'certificate verify failed',
		],
		[
			'a certificate that is not yet valid',
			async () => [{}, identity(pki.host([], FUTURE))],
			42,
			'certificate verify failed',
		],
		[
			'a certificate of strangers',
			async () => [{}, identity(strangers.host([]), strangers)],
			48,
			'certificate verify failed',
		],
		[
			'a certificate for servers only',
			async () => [{}, identity(pki.host([], { purposes: ['serverAuth'] }))],
			43,
			'certificate verify failed',
		],
		['an old version', async () => [{ minimumVersion: 'TLS 1.3' }, []], 70, 'unsupported protocol'],
		['other ciphers', async () => [{}, ['-cipher', 'AES128-SHA256']], 40, 'no shared cipher'],
		['other groups', async () => [{}, ['-groups', 'P-521']], 40, 'no shared cipher'],
		['groups without the key', async () => [{}, ['-groups', 'P-384']], 40, 'no shared cipher'],
		[
			'no signature algorithm of ours',
			async () => [{}, ['-sigalgs', 'ECDSA+SHA224']],
			40,
			'no shared signature algorithms',
		],
	])('OpenSSL is told the alert about %s', async (_, make, alert, reason) => {
		const [policy, options] = await make();
		const server = await echoServer(pki.policy(host, { clientCertificate: 'required', ...policy }));
		const { text, exitCode } = await sClient(server.port, '-CAfile', rootFile(), ...options);
		server.close();
		expect(text).toContain(`SSL alert number ${alert}`);
		expect(exitCode).toBe(1);
		expect(await server.ended()).toMatchObject({ kind: 'alert-sent', alert, reason });
	});

	testWithOpenSsl.each<[string, Credential, Pki, string[], number]>([
		['expired', pki.host(LOCAL, EXPIRED), pki, [], 45],
		['not yet valid', pki.host(LOCAL, FUTURE), pki, [], 42],
		['of an unknown authority', strangers.host(LOCAL), strangers, [], 48],
		['for another name', pki.host([{ kind: 'dns', value: 'x' }]), pki, ['localhost'], 42],
		['for clients only', pki.host(LOCAL, { purposes: ['clientAuth'] }), pki, [], 43],
	])(
		'the alert by which OpenSSL refuses a certificate %s',
		async (_, credential, of, name, alert) => {
			const chain = [credential.certificate, of.intermediate.certificate];
			const policy = pki.policy(credential, { identity: { chain, key: credential.key } });
			const server = await echoServer(policy);
			const verify = ['-CAfile', rootFile(), '-verify_return_error'];
			const check = name.flatMap((one) => ['-verify_hostname', one]);
			await sClient(server.port, ...verify, ...check);
			server.close();
			expect(await server.ended()).toEqual({ kind: 'alert-received', alert });
			const ours = await echoServer(policy);
			const [expectedName] = name;
			const { socket } = await handshake(
				ours.port,
				pki.policy(undefined, expectedName === undefined ? {} : { expectedName }),
			);
			ours.close();
			expect(await socket.ended).toMatchObject({ kind: 'alert-sent', alert });
		},
	);
});

const openSslRsa = (() => {
	let made: { certificate: string; key: string } | undefined;
	return () => {
		if (made) return made;
		const [key, certificate] = [join(openSsl.folder, 'rsa.key'), join(openSsl.folder, 'rsa.pem')];
		const subject = ['-subj', '/O=Synthetic Hospital/CN=localhost', '-days', '30', '-nodes'];
		const usage = ['-addext', 'subjectAltName=DNS:localhost'];
		const args = ['req', '-x509', '-newkey', 'rsa:2048', '-keyout', key, '-out', certificate];
		execFileSync('openssl', [...args, ...subject, ...usage], { stdio: 'ignore' });
		return (made = { certificate, key });
	};
})();

describe('OpenSSL | TLS 1.2 handshake | acceptor', () => {
	testWithOpenSsl.each<[CipherSuiteName, string]>([
		['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'P-256'],
		['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'P-256'],
		['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'P-384'],
	])('our client: %s over %s, and data both ways', async (suite, group) => {
		const groups = ['-groups', group];
		const { port } = await sServer('-tls1_2', '-rev', ...groups, ...identity(host));
		const policy = pki.policy(undefined, { cipherSuites: [suite], expectedName: 'localhost' });
		const { socket, session, text } = await handshake(port, policy, 'localhost');
		expect(session?.cipherSuite.name).toBe(suite);
		socket.write(new TextEncoder().encode('hello\n'));
		await until(() => text().includes('olleh'), text);
		socket.close();
	});

	testWithOpenSsl('our client verifies an RSA server', async () => {
		const { certificate, key } = openSslRsa();
		const { port } = await sServer('-tls1_2', '-rev', '-cert', certificate, '-key', key);
		const trusted = readPemCertificates(execFileSync('cat', [certificate], { encoding: 'utf8' }));
		const policy = pki.policy(undefined, { trusted, expectedName: 'localhost' });
		const { session, text, socket } = await handshake(port, policy);
		expect(session?.cipherSuite.name).toBe('TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384');
		socket.write(new TextEncoder().encode('hello\n'));
		await until(() => text().includes('olleh'), text);
		expect(certificateText(trusted[0]!)).toBe(
			execFileSync('openssl', ['x509', '-in', certificate, '-noout', '-text'], {
				encoding: 'utf8',
			}).trimEnd(),
		);
	});

	testWithOpenSsl('our client falls back from a server that knows TLS 1.3', async () => {
		const { port } = await sServer(...identity(host));
		const { session } = await handshake(port, pki.policy(undefined));
		expect(session?.version).toBe('TLS 1.2');
	});

	testWithOpenSsl('mutual authentication, seen by OpenSSL', async () => {
		const server = await sServer(
			'-tls1_2',
			'-Verify',
			'3',
			'-CAfile',
			rootFile(),
			...identity(host),
		);
		const { session } = await handshake(server.port, pki.policy(client));
		expect(session).toBeDefined();
		await until(() => server.text().includes('CIPHER is'), server.text);
		expect(server.text()).toContain('subject=O = Synthetic Hospital, CN = ct2');
		expect(server.text()).not.toContain('verify error');
	});

	testWithOpenSsl('our client learns that a certificate is required', async () => {
		const server = await sServer(
			'-tls1_2',
			'-Verify',
			'3',
			'-CAfile',
			rootFile(),
			...identity(host),
		);
		const { socket } = await handshake(server.port, pki.policy(undefined));
		expect(await socket.ended).toEqual({ kind: 'alert-received', alert: 40 });
		await until(() => server.text().includes('peer did not return a certificate'), server.text);
	});

	testWithOpenSsl.each<[string, Credential, Pki, number, string]>([
		['expired', pki.host(LOCAL, EXPIRED), pki, 45, 'sslv3 alert certificate expired'],
		['of an unknown authority', strangers.host(LOCAL), strangers, 48, 'tlsv1 alert unknown ca'],
		[
			'for another name',
			pki.host([{ kind: 'dns', value: 'other' }]),
			pki,
			42,
			'sslv3 alert bad certificate',
		],
	])('s_server reads our alert about a certificate %s', async (_, credential, of, alert, words) => {
		const server = await sServer('-tls1_2', ...identity(credential, of));
		const { socket } = await handshake(
			server.port,
			pki.policy(undefined, { expectedName: 'localhost' }),
		);
		expect(await socket.ended).toMatchObject({ kind: 'alert-sent', alert });
		await until(() => server.text().includes('SSL alert number'), server.text);
		expect(server.text()).toContain(`${words}:`);
		expect(server.text()).toContain(`SSL alert number ${alert}`);
	});

	testWithOpenSsl('old versions and old suites are refused as by our server', async () => {
		const server = await sServer('-tls1_2', ...identity(host));
		const old = { minimumVersion: 'TLS 1.0', maximumVersion: 'TLS 1.0' } as const;
		const cbc = { cipherSuites: ['TLS_RSA_WITH_AES_128_CBC_SHA'] } as const;
		for (const [policy, alert] of [
			[{ ...old, ...cbc }, 70],
			[cbc, 40],
		] as const) {
			const theirs = await handshake(server.port, pki.policy(undefined, policy));
			expect(await theirs.socket.ended).toEqual({ kind: 'alert-received', alert });
			const mine = await echoServer(pki.policy(host));
			const ours = await handshake(mine.port, pki.policy(undefined, policy));
			mine.close();
			expect(await ours.socket.ended).toEqual({ kind: 'alert-received', alert });
		}
	});

	testWithOpenSsl('a plain DICOM request is closed without an alert by both', async () => {
		const theirs = await sServer('-tls1_2', ...identity(host));
		const ours = await echoServer(pki.policy(host));
		for (const port of [theirs.port, ours.port]) {
			const answer = await new Promise<number>((resolve) => {
				const socket = connect(port, '127.0.0.1', () =>
					socket.write(Uint8Array.of(1, 0, 0, 0, 0, 205, 0, 1, 0, 0)),
				);
				let bytes = 0;
				socket.on('data', (chunk) => (bytes += chunk.length));
				socket.on('error', () => undefined);
				socket.on('close', () => resolve(bytes));
			});
			expect(answer).toBe(0);
		}
		ours.close();
		expect(theirs.text()).toContain('wrong version number');
		expect(await ours.ended()).toMatchObject({ kind: 'not-tls' });
	});
});

testWithOpenSsl('OpenSSL | error strings | numbers and words of reasons and alerts', () => {
	const alerts = Object.values(ALERT).filter((alert) => alert !== ALERT.close_notify);
	const failures: TlsFailure[] = alerts.map((alert) => ({ kind: 'alert-received', alert }));
	const expected = [
		...failures.map(openSslError),
		...Object.entries(OPENSSL_REASONS).map(([text, number]) => ({ number, text })),
	];
	const codes = expected.map(({ number }) => `0A${number.toString(16).padStart(6, '0')}`);
	const lines = execFileSync('openssl', ['errstr', ...codes], { encoding: 'utf8' }).split('\n');
	expect(lines.slice(0, -1).map((line) => line.split('::')[1])).toEqual(
		expected.map(({ text }) => text),
	);
});

describe('Node | TLS 1.2 handshake | both ways', () => {
	const node = {
		cert: certificatePem(host.certificate) + certificatePem(pki.intermediate.certificate),
		key: privateKeyPem(host.key),
		ca: certificatePem(pki.root.certificate),
	};

	test('a megabyte there and back through our server, with certificates on both sides', async () => {
		const server = await echoServer(pki.policy(host, { clientCertificate: 'required' }));
		const sent = Buffer.alloc(1_000_000, 'abcdefghijk');
		const received = await new Promise<Buffer>((resolve, reject) => {
			const socket = tls.connect({
				...{ port: server.port, host: '127.0.0.1', servername: 'localhost', ca: node.ca },
				cert: chainText(client),
				key: privateKeyPem(client.key),
			});
			const chunks: Buffer[] = [];
			socket.on('secureConnect', () => socket.write(sent));
			socket.on('data', (chunk: Buffer) => {
				chunks.push(chunk);
				const all = Buffer.concat(chunks);
				if (all.length >= sent.length) {
					socket.end();
					resolve(all);
				}
			});
			socket.on('error', reject);
		});
		expect(received.equals(sent)).toBe(true);
		expect(server.sockets[0]?.session?.peerChain).toHaveLength(2);
		expect(await server.ended()).toEqual({ kind: 'closed' });
		server.close();
	});

	test('our client, known to a server of Node', async () => {
		const names: unknown[] = [];
		const server = tls.createServer(
			{ ...node, requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' },
			(socket) => {
				names.push(socket.getPeerCertificate().subject.CN, socket.getCipher().name);
				socket.end('welcome');
			},
		);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as { port: number };
		const { socket, text } = await handshake(
			port,
			pki.policy(client, { expectedName: 'localhost' }),
		);
		expect(await socket.ended).toEqual({ kind: 'closed' });
		expect(text()).toBe('welcome');
		expect(names).toEqual(['ct2', expect.stringMatching(/^ECDHE-ECDSA-AES(128|256)-GCM-/)]);
		server.close();
	});

	function chainText(credential: Credential): string {
		return certificatePem(credential.certificate) + certificatePem(pki.intermediate.certificate);
	}
});
