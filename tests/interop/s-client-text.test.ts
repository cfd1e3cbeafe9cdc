/** What our `openssl s_client` prints against what OpenSSL's prints, about the same server. */
import { afterAll, afterEach, expect, test } from 'vitest';
import { handshakeText, lastProblem } from '#lib/lab/commands/openssl/s-client-text.ts';
import type { TlsPolicy } from '#lib/protocol/tls/policy.ts';
import {
	EXPIRED,
	FUTURE,
	LOCAL,
	missingOpenSsl,
	nowUs,
	OpenSsl,
	pki,
	strangers,
} from '../support/openssl.ts';
import { connectTls } from '../support/tls-socket.ts';

const missing = missingOpenSsl();
if (missing !== undefined) console.warn(`skipped: the text of s_client: ${missing}`);
const testWithOpenSsl = test.skipIf(missing !== undefined);

const openSsl = new OpenSsl();
afterEach(() => openSsl.stop());
afterAll(() => openSsl.close());

const host = pki.host(LOCAL);
const rsa = pki.host(LOCAL, { keyType: 'RSA-2048' });
const client = pki.host([{ kind: 'dns', value: 'ct2' }]);

/** What differs from run to run, or because the hellos of the two offer different things. */
function normal(text: string): string[] {
	return (
		text
			.replace(/^[0-9A-F]{16}:error/gm, 'THREAD:error')
			.replace(/(Session-ID|Master-Key): [0-9A-F]+/g, '$1: HEX')
			.replace(/Session-ID: $/gm, 'Session-ID: HEX')
			.replace(/Start Time: \d+/, 'Start Time: N')
			.replace(/has read \d+ bytes and written \d+ bytes/, 'has read N bytes and written N bytes')
			.replace(/Signature Algorithms: .*/g, 'Signature Algorithms: LIST')
			.replace(/Client Certificate Types: .*/, 'Client Certificate Types: LIST')
			// Signatures of RSA keys are of the older kind with ours.
			.replace('Peer signature type: RSA-PSS', 'Peer signature type: RSA')
			.split('\n')
			.filter((line) => !['', 'ping', 'DONE'].includes(line))
	);
}

interface Case {
	server: () => string[];
	policy?: Partial<TlsPolicy>;
	trusted?: boolean;
	name?: string;
	stops?: boolean;
	shows?: boolean;
	identity?: boolean;
}

testWithOpenSsl.each<[string, Case]>([
	['a good chain', { server: () => openSsl.identity(host), trusted: true }],
	['with -showcerts', { server: () => openSsl.identity(host), trusted: true, shows: true }],
	['an RSA certificate', { server: () => openSsl.identity(rsa), trusted: true }],
	['a name that fits', { server: () => openSsl.identity(host), trusted: true, name: 'localhost' }],
	['another name', { server: () => openSsl.identity(host), trusted: true, name: 'pacs' }],
	[
		'another name, stopping',
		{ server: () => openSsl.identity(host), trusted: true, name: 'pacs', stops: true },
	],
	['an unknown authority', { server: () => openSsl.identity(host) }],
	['an unknown authority, stopping', { server: () => openSsl.identity(host), stops: true }],
	[
		'no intermediate',
		{
			server: () => ['-cert', openSsl.certificateFile(host), '-key', openSsl.keyFile(host)],
			trusted: true,
		},
	],
	['expired', { server: () => openSsl.identity(pki.host(LOCAL, EXPIRED)), trusted: true }],
	[
		'expired, stopping',
		{ server: () => openSsl.identity(pki.host(LOCAL, EXPIRED)), trusted: true, stops: true },
	],
	['expired and unknown', { server: () => openSsl.identity(pki.host(LOCAL, EXPIRED)) }],
	['not yet valid', { server: () => openSsl.identity(pki.host(LOCAL, FUTURE)), trusted: true }],
	[
		'of strangers',
		{ server: () => openSsl.identity(strangers.host(LOCAL), strangers), trusted: true },
	],
	[
		'a certificate is required and missing',
		{
			server: () => [
				...openSsl.identity(host),
				...['-Verify', '3', '-CAfile', openSsl.certificateFile(pki.root)],
			],
			trusted: true,
		},
	],
	[
		'a certificate is required and there',
		{
			server: () => [
				...openSsl.identity(host),
				...['-Verify', '3', '-CAfile', openSsl.certificateFile(pki.root)],
			],
			trusted: true,
			identity: true,
		},
	],
	[
		'no shared cipher',
		{ server: () => [...openSsl.identity(host), '-cipher', 'ECDHE-ECDSA-CHACHA20-POLY1305'] },
	],
])('OpenSSL | s_client | words: %s', async (_, one) => {
	const server = await openSsl.server('-tls1_2', '-no_ticket', '-groups', 'P-256', ...one.server());
	const theirs = await openSsl.client(server.port, [
		...['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384'],
		...(one.trusted ? ['-CAfile', openSsl.certificateFile(pki.root)] : []),
		...(one.name === undefined ? [] : ['-verify_hostname', one.name]),
		...(one.stops ? ['-verify_return_error'] : []),
		...(one.shows ? ['-showcerts'] : []),
		...(one.identity ? openSsl.identity(client) : []),
	]);
	const socket = await connectTls(
		server.port,
		pki.policy(one.identity ? client : undefined, {
			...(one.trusted ? {} : { trusted: [] }),
			...(one.name === undefined ? {} : { expectedName: one.name }),
			verification: one.stops ? 'required' : 'reported',
		}),
		pki.environment('s_client', { clockUs: nowUs + 60e6 }),
	);
	socket.start();
	await Promise.race([
		socket.ended,
		new Promise<void>((resolve) => (socket.onEstablished = resolve)),
	]);
	const end = socket.session ? undefined : await socket.ended;
	socket.close();
	const ours = handshakeText({
		progress: socket.connection.progress,
		failure: end?.kind === 'closed' ? undefined : end,
		startUs: nowUs,
		namedServer: false,
		showsCertificates: one.shows ?? false,
		stopsAtProblem: one.stops ?? false,
		verifiedName: one.name,
	});
	// Standard error comes behind standard output here; on a screen it stands after the first line.
	const [first = '', ...rest] = normal(ours);
	const middle = rest.indexOf('---');
	expect([first, ...rest.slice(middle), ...rest.slice(0, middle)]).toEqual(normal(theirs.text));
	expect(ours.endsWith('DONE')).toBe(theirs.text.endsWith('DONE\n'));
	expect(lastProblem(socket.connection.progress, false) === undefined).toBe(
		!theirs.text.includes('verify error'),
	);
});
