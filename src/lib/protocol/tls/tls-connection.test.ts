import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Credential } from '../x509/issue-certificate.ts';
import type { TlsFailure } from './failure.ts';
import type { TlsPolicy } from './policy.ts';
import { Pki, TlsPair, type Wire } from './tls-pair.fixture.ts';
import { TlsConnection, type TlsOutput } from './tls-connection.ts';

const pki = new Pki('pair');
const strangers = new Pki('strangers');
const PACS = [{ kind: 'dns', value: 'pacs' }] as const;
const host = pki.host(PACS);
const ct = pki.host([{ kind: 'dns', value: 'ct2' }]);
const DAY_US = 86_400 * 1e6;
const EXPIRED = { notBeforeUs: pki.nowUs - 20 * DAY_US, notAfterUs: pki.nowUs - DAY_US };
const FUTURE = { notBeforeUs: pki.nowUs + DAY_US, notAfterUs: pki.nowUs + 20 * DAY_US };

function pair(
	client: TlsPolicy = pki.policy(undefined),
	server: TlsPolicy = pki.policy(host),
	wire?: Wire,
): TlsPair {
	const joined = new TlsPair(
		new TlsConnection('client', client, pki.environment('c')),
		new TlsConnection('server', server, pki.environment('s')),
		wire,
	);
	joined.client.start();
	return joined;
}

const failureIn = (outputs: readonly TlsOutput[]): TlsFailure | undefined =>
	outputs.flatMap((output) => (output.kind === 'failed' ? [output.failure] : []))[0];

const dataIn = (outputs: readonly TlsOutput[]): number[] =>
	outputs.flatMap((output) => (output.kind === 'data' ? [...output.bytes] : []));

describe('two ends', () => {
	test('agree on the same secrets, and know each other', () => {
		const { clientOutputs, serverOutputs } = pair(
			pki.policy(ct, { expectedName: 'pacs' }),
			pki.policy(host, { clientCertificate: 'required' }),
		).run();
		const [client] = clientOutputs;
		const [server] = serverOutputs;
		if (client?.kind !== 'established' || server?.kind !== 'established') {
			throw new Error('not established');
		}
		expect(client.session.keyLogLine).toBe(server.session.keyLogLine);
		expect(client.session.cipherSuite.name).toBe('TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384');
		const own = (chain: TlsPolicy['trusted']) => chain[0]?.subject.attributes.at(-1)?.value;
		expect(own(client.session.peerChain)).toBe('pacs');
		expect(own(server.session.peerChain)).toBe('ct2');
	});

	test('take data of any size, however the bytes are cut on the way', () => {
		fc.assert(
			fc.property(
				fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 }),
				fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }),
				(cuts, pieces) => {
					let at = 0;
					const joined = pair(
						pki.policy(ct),
						pki.policy(host, { clientCertificate: 'optional' }),
						(bytes) => {
							const chunks: Uint8Array[] = [];
							for (let from = 0; from < bytes.length;) {
								const size = cuts[at++ % cuts.length] ?? 1;
								chunks.push(bytes.subarray(from, from + size));
								from += size;
							}
							return chunks;
						},
					).run();
					joined.client.write(pieces);
					joined.server.write(pieces.toReversed());
					joined.run();
					expect(dataIn(joined.serverOutputs)).toEqual(pieces.flatMap((piece) => [...piece]));
					expect(dataIn(joined.clientOutputs)).toEqual(
						pieces.toReversed().flatMap((piece) => [...piece]),
					);
					joined.server.close();
					joined.run();
					expect(joined.clientOutputs.at(-1)).toEqual({ kind: 'closed' });
					expect(failureIn([...joined.clientOutputs, ...joined.serverOutputs])).toBeUndefined();
				},
			),
			{ numRuns: 30 },
		);
	});

	test('cut long writes into records of 16384 bytes', () => {
		const joined = pair().run();
		joined.client.write([new Uint8Array(40_000)]);
		joined.run();
		const sizes = joined.serverOutputs.flatMap((out) =>
			out.kind === 'data' ? out.bytes.length : [],
		);
		expect(sizes).toEqual([16_384, 16_384, 7_232]);
	});

	test('tell an end without close_notify from one with it', () => {
		const joined = pair().run();
		joined.server.transportClosed();
		joined.run();
		expect(joined.serverOutputs.at(-1)).toEqual({
			kind: 'failed',
			failure: { kind: 'transport-closed' },
		});
	});
});

describe('alerts by cause', () => {
	const server = (credential: Credential, of = pki): TlsPolicy =>
		pki.policy(credential, {
			identity: {
				chain: [credential.certificate, of.intermediate.certificate],
				key: credential.key,
			},
		});
	const required = (policy: TlsPolicy): TlsPolicy => ({ ...policy, clientCertificate: 'required' });

	test.each<[string, TlsPolicy, TlsPolicy, 'client' | 'server', number, string]>([
		[
			'expired',
			pki.policy(ct),
			server(pki.host(PACS, EXPIRED)),
			'client',
			45,
			'certificate has expired',
		],
		[
			'not yet valid',
			pki.policy(ct),
			server(pki.host(PACS, FUTURE)),
			'client',
			42,
			'certificate is not yet valid',
		],
		[
			'unknown authority',
			pki.policy(ct),
			server(strangers.host(PACS), strangers),
			'client',
			48,
			'unable to get local issuer certificate',
		],
		[
			'another name',
			pki.policy(ct, { expectedName: 'ris' }),
			server(host),
			'client',
			42,
			'hostname mismatch',
		],
		[
			'another address',
			pki.policy(ct, { expectedName: '10.0.0.1' }),
			server(host),
			'client',
			42,
			'IP address mismatch',
		],
		[
			'not for servers',
			pki.policy(ct),
			server(pki.host(PACS, { purposes: ['clientAuth'] })),
			'client',
			43,
			'unsuitable certificate purpose',
		],
		[
			'no client certificate',
			pki.policy(undefined),
			required(server(host)),
			'server',
			40,
			'peer did not return a certificate',
		],
		[
			'client expired',
			pki.policy(pki.host([], EXPIRED)),
			required(server(host)),
			'server',
			45,
			'certificate has expired',
		],
		[
			'client unknown',
			{ ...strangers.policy(strangers.host([])), trusted: [pki.root.certificate] },
			required(server(host)),
			'server',
			48,
			'unable to get local issuer certificate',
		],
		[
			'no shared cipher',
			pki.policy(ct, { cipherSuites: ['TLS_RSA_WITH_AES_128_CBC_SHA'] }),
			server(host),
			'server',
			40,
			'no shared cipher',
		],
		[
			'a server without certificate',
			pki.policy(ct),
			pki.policy(undefined),
			'server',
			40,
			'no shared cipher',
		],
		[
			'an old client',
			pki.policy(ct, { minimumVersion: 'TLS 1.0', maximumVersion: 'TLS 1.1' }),
			server(host),
			'server',
			70,
			'unsupported protocol',
		],
		[
			'a server of TLS 1.3',
			pki.policy(ct),
			{ ...server(host), minimumVersion: 'TLS 1.3', maximumVersion: 'TLS 1.3' },
			'server',
			70,
			'unsupported protocol',
		],
		[
			'an old server',
			pki.policy(ct),
			{ ...server(host), minimumVersion: 'TLS 1.0', maximumVersion: 'TLS 1.0' },
			'server',
			40,
			'no shared cipher',
		],
	])('%s', (_, client, serverPolicy, finder, alert, reason) => {
		const { clientOutputs, serverOutputs } = pair(client, serverPolicy).run();
		const [found, told] =
			finder === 'client' ? [clientOutputs, serverOutputs] : [serverOutputs, clientOutputs];
		const failure = failureIn(found);
		if (failure?.kind !== 'alert-sent') throw new Error(`not refused: ${JSON.stringify(failure)}`);
		expect([failure.alert, failure.problems[0]?.text ?? failure.reason]).toEqual([alert, reason]);
		expect(failureIn(told)).toEqual({ kind: 'alert-received', alert });
	});

	test('verification that only reports lets everything pass and says what is wrong', () => {
		const policy = pki.policy(ct, { verification: 'reported', expectedName: 'ris' });
		const [client] = pair(policy, server(pki.host(PACS, EXPIRED))).run().clientOutputs;
		if (client?.kind !== 'established') throw new Error('not established');
		expect(client.session.peerProblems.map(({ number }) => number)).toEqual([62, 10]);
	});

	test('verification that is off looks at nothing', () => {
		const policy = pki.policy(ct, { verification: 'off' });
		const [client] = pair(policy, server(strangers.host(PACS, EXPIRED), strangers)).run()
			.clientOutputs;
		if (client?.kind !== 'established') throw new Error('not established');
		expect(client.session.peerProblems).toEqual([]);
	});
});

describe('impostors', () => {
	const wrongKey = (credential: Credential): TlsPolicy['identity'] => ({
		chain: [credential.certificate, pki.intermediate.certificate],
		key: pki.host(PACS).key,
	});
	const refusal = (outputs: readonly TlsOutput[]) => {
		const failure = failureIn(outputs);
		return failure?.kind === 'alert-sent' ? [failure.alert, failure.reason] : failure;
	};

	test('a server with the certificate of another, without its key', () => {
		const server = pki.policy(host, { identity: wrongKey(host)! });
		const { clientOutputs } = pair(pki.policy(undefined), server).run();
		expect(refusal(clientOutputs)).toEqual([51, 'bad signature']);
	});

	test('a client with the certificate of another, without its key', () => {
		const client = pki.policy(ct, { identity: wrongKey(ct)! });
		const server = pki.policy(host, { clientCertificate: 'required' });
		const { serverOutputs } = pair(client, server).run();
		expect(refusal(serverOutputs)).toEqual([51, 'bad signature']);
	});

	test('somebody in between who takes an extension out of the hello', () => {
		let first = true;
		const { serverOutputs } = pair(undefined, undefined, (bytes) => {
			if (!first) return [bytes];
			first = false;
			// extended_master_secret, which is empty, becomes an extension that nobody knows.
			const changed = Buffer.from(bytes);
			const at = changed.indexOf(Buffer.from([0, 23, 0, 0]));
			expect(at).toBeGreaterThan(40);
			changed.writeUInt16BE(0x7a7a, at);
			return [changed];
		}).run();
		expect(refusal(serverOutputs)).toEqual([51, 'digest check failed']);
	});
});

describe('bytes of a peer', () => {
	/** What a server makes of bytes instead of a ClientHello. */
	function told(...chunks: number[][]): TlsFailure | undefined {
		const connection = new TlsConnection('server', pki.policy(host), pki.environment('s'));
		for (const chunk of chunks) connection.receive(Uint8Array.from(chunk));
		const outputs: TlsOutput[] = [];
		for (let out = connection.next(); out; out = connection.next()) outputs.push(out);
		return failureIn(outputs);
	}

	test.each<[string, number[][], Partial<TlsFailure> | undefined]>([
		[
			'a DICOM request',
			[
				[1, 0],
				[0, 0, 0, 205],
			],
			{ kind: 'not-tls' },
		],
		['an HTTP request', [[...Buffer.from('GET / HTTP/1.1')]], { kind: 'not-tls' }],
		['half a header', [[22, 3, 1, 0]], undefined],
		['a record that is too long', [[22, 3, 1, 0x40, 1]], { kind: 'alert-sent', alert: 22 }],
		['an empty handshake record', [[22, 3, 1, 0, 0]], { kind: 'alert-sent', alert: 10 }],
		['application data', [[23, 3, 3, 0, 1, 7]], { kind: 'alert-sent', alert: 10 }],
		['ChangeCipherSpec', [[20, 3, 3, 0, 1, 1]], { kind: 'alert-sent', alert: 10 }],
		['a Finished', [[22, 3, 3, 0, 4, 20, 0, 0, 0]], { kind: 'alert-sent', alert: 10 }],
		[
			'a message that is too long',
			[[22, 3, 3, 0, 4, 1, 2, 0, 0]],
			{ kind: 'alert-sent', alert: 47 },
		],
		['an empty ClientHello', [[22, 3, 3, 0, 4, 1, 0, 0, 0]], { kind: 'alert-sent', alert: 50 }],
		['an alert', [[21, 3, 3, 0, 2, 2, 45]], { kind: 'alert-received', alert: 45 }],
		['half an alert', [[21, 3, 3, 0, 1, 2]], { kind: 'alert-sent', alert: 50 }],
		['close_notify', [[21, 3, 3, 0, 2, 1, 0]], { kind: 'alert-received', alert: 0 }],
		[
			'warnings without end',
			Array.from({ length: 6 }, () => [21, 3, 3, 0, 2, 1, 90]),
			{ kind: 'alert-sent', alert: 10, reason: 'too many warn alerts' },
		],
	])('%s', (_, chunks, failure) => {
		if (failure) expect(told(...chunks)).toMatchObject(failure);
		else expect(told(...chunks)).toBeUndefined();
	});

	/** Runs a handshake and some data in which one byte of one chunk is changed. */
	function disturbed(victim: number, offset: number, value: number): TlsPair {
		let chunk = 0;
		const joined = pair(
			pki.policy(ct),
			pki.policy(host, { clientCertificate: 'required' }),
			(bytes) => {
				if (chunk++ !== victim) return [bytes];
				const changed = Uint8Array.from(bytes);
				const at = offset % bytes.length;
				changed[at] = (changed[at] ?? 0) ^ value;
				return [changed];
			},
		).run();
		joined.client.write([new Uint8Array(100)]);
		joined.server.write([new Uint8Array(100)]);
		return joined.run();
	}

	test('one wrong byte anywhere never throws, hangs or is taken for right', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 0, max: 5 }),
				fc.nat({ max: 5_000 }),
				fc.integer({ min: 1, max: 255 }),
				(victim, offset, value) => {
					const { clientOutputs, serverOutputs } = disturbed(victim, offset, value);
					const data = [...dataIn(clientOutputs), ...dataIn(serverOutputs)];
					expect(data.every((byte) => byte === 0)).toBe(true);
				},
			),
			{ numRuns: 150 },
		);
	});

	test('any bytes after any part of a handshake never throw', () => {
		const recorded: Uint8Array[][] = [[], []];
		let side = 0;
		pair(pki.policy(ct), pki.policy(host, { clientCertificate: 'required' }), (bytes) => {
			recorded[side++ % 2]?.push(bytes);
			return [bytes];
		}).run();
		const [fromClient = [], fromServer = []] = recorded;
		const type = fc.constantFrom(20, 21, 22, 23);
		const record = fc
			.tuple(type, fc.uint8Array({ minLength: 1, maxLength: 60 }))
			.map(([kind, body]) => Uint8Array.of(kind, 3, 3, 0, body.length, ...body));
		const message = fc
			.tuple(fc.constantFrom(0, 1, 2, 11, 12, 13, 14, 15, 16, 20), fc.uint8Array({ maxLength: 80 }))
			.map(([kind, body]) =>
				Uint8Array.of(22, 3, 3, 0, body.length + 4, kind, 0, 0, body.length, ...body),
			);
		fc.assert(
			fc.property(
				fc.boolean(),
				// A real first flight costs signatures, so most cases do without.
				fc.constantFrom(0, 0, 0, 0, 0, 1),
				fc.array(fc.oneof(record, message, fc.uint8Array({ maxLength: 60 })), { maxLength: 4 }),
				(isClient, before, junk) => {
					const policy = isClient
						? pki.policy(ct)
						: pki.policy(host, { clientCertificate: 'required' });
					const role = isClient ? 'client' : 'server';
					const connection = new TlsConnection(role, policy, pki.environment(isClient ? 'c' : 's'));
					connection.start();
					const real = (isClient ? fromServer : fromClient).slice(0, before);
					for (const bytes of [...real, ...junk]) connection.receive(bytes);
					let outputs = 0;
					while (connection.next()) outputs++;
					expect(outputs).toBeLessThan(20);
				},
			),
			{ numRuns: 2_000 },
		);
	}, 60_000);
});
