/** DICOM over TLS against DCMTK on real sockets, and what tshark makes of a capture of the simulated hospital. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Modality } from '#lib/hospital/devices/modality/modality.ts';
import { DEVICE_DEFINITIONS } from '#lib/hospital/devices/catalogue.ts';
import { World } from '#lib/hospital/world.ts';
import { minutes, parseIsoLocal } from '#lib/kernel/time.ts';
import { captureAt } from '#lib/network/capture.ts';
import { writeCapture } from '#lib/network/capture-file.ts';
import { Association } from '#lib/protocol/dicom/association.ts';
import { cEchoRequest, responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { negotiate } from '#lib/protocol/dicom/negotiation.ts';
import type { TlsEnvironment, TlsPolicy } from '#lib/protocol/tls/policy.ts';
import { smallHospital } from '#lib/lab/commands/small-hospital.fixture.ts';
import { deskCapture } from '#lib/lab/desk-capture.ts';
import { deskFiles } from '#lib/lab/desk-files.ts';
import { communityHospital, run } from '../simulation/community-world.ts';
import { EXPIRED, LOCAL, nowUs, OpenSsl, pki, strangers, until } from '../support/openssl.ts';
import {
	connectTls,
	freePort,
	listenTls,
	type TlsEnd,
	type TlsSocket,
} from '../support/tls-socket.ts';

function missingTool(...tools: string[]): string | undefined {
	try {
		for (const tool of tools) execFileSync(tool, ['--version'], { stdio: 'ignore' });
		return undefined;
	} catch {
		return `${tools.join(', ')} not installed`;
	}
}

const missing = missingTool('echoscu', 'storescp');
const missingTshark = missingTool('tshark');
for (const what of [missing, missingTshark]) {
	if (what !== undefined) console.warn(`skipped: DICOM over TLS: ${what}`);
}
const testWithDcmtk = test.skipIf(missing !== undefined);
const testWithTshark = test.skipIf(missingTshark !== undefined);

const files = new OpenSsl();
afterAll(() => files.close());

// DCMTK 3.6.7 offers suites with RSA certificates only, unless it is told otherwise.
const host = pki.host(LOCAL, { keyType: 'RSA-2048' });
const client = pki.host([{ kind: 'dns', value: 'ct2' }], { keyType: 'RSA-2048' });
const SYNTAXES = [UID.LittleEndianImplicit];

/** Joins an association to a TLS connection; services other than C-ECHO are not asked for. */
function carry(association: Association, socket: TlsSocket, onEnd?: (text: string) => void): void {
	const drain = (): void => {
		for (let out = association.next(); out; out = association.next()) {
			if (out.kind === 'send') socket.write(...out.bytes);
			else if (out.kind === 'close') socket.close();
			else if (out.kind === 'connect') association.transportConnected();
			else if (out.kind === 'associate-indication') {
				const answer = negotiate(
					out.rq,
					{
						aeTitles: 'any',
						acceptCalling: 'any',
						supported: [{ abstractSyntax: UID.VerificationSOPClass, transferSyntaxes: SYNTAXES }],
						maximumLengthBytes: 16_384,
						implementationClassUid: '1.2.826.0.1.3680043.2.1143.999',
						implementationVersionName: 'PACSONCALL',
					},
					0,
				);
				if (answer.kind === 'A-ASSOCIATE-AC') association.accept(answer);
				else association.reject(answer);
			} else if (out.kind === 'associate-confirm') {
				const [context] = association.acceptedContexts.keys();
				association.send({ contextId: context ?? 1, command: cEchoRequest({ messageId: 1 }) });
			} else if (out.kind === 'message') {
				const { command, contextId } = out.message;
				if (command.Status === undefined) {
					association.send({ contextId, command: responseTo(command, { status: 0 }) });
				} else {
					onEnd?.(`C-ECHO status ${command.Status}`);
					association.release();
				}
			} else if (out.kind === 'release-indication') association.respondRelease();
		}
	};
	socket.onData = (bytes) => {
		association.receive(bytes);
		drain();
	};
	drain();
}

/** Runs echoscu against our acceptor over our TLS. */
async function echoscu(
	policy: TlsPolicy,
	...options: string[]
): Promise<{ text: string; exitCode: number; end: TlsEnd | undefined }> {
	let end: Promise<TlsEnd> | undefined;
	const listening = await listenTls(
		policy,
		() => pki.environment('acceptor'),
		(socket) => {
			end = socket.ended;
			socket.onEstablished = () => {
				const association = new Association({ role: 'acceptor' });
				association.transportConnected();
				carry(association, socket);
			};
		},
	);
	const args = ['-v', ...options, '127.0.0.1', String(listening.port)];
	const environment = { env: { ...process.env, TCP_NODELAY: '1' }, timeout: 20_000 };
	const result = await new Promise<{ text: string; exitCode: number }>((resolve) => {
		execFile('echoscu', args, environment, (error, stdout, stderr) => {
			resolve({
				text: stdout + stderr,
				exitCode: typeof error?.code === 'number' ? error.code : 0,
			});
		});
	});
	listening.close();
	return { ...result, end: await end };
}

const trust = (of = pki): string[] => ['+cf', files.certificateFile(of.root)];
const own = (credential: typeof client): string[] => [
	...['+tls', files.keyFile(credential), files.certificateFile(credential, pki.intermediate)],
];

describe('DCMTK | DICOM over TLS | echoscu', () => {
	testWithDcmtk('+tla: a C-ECHO over our TLS', async () => {
		const { text, exitCode } = await echoscu(pki.policy(host), '+tla', ...trust());
		expect(text).toContain('Received Echo Response (Success)');
		expect(exitCode).toBe(0);
	});

	testWithDcmtk('+tls: a C-ECHO with certificates on both sides', async () => {
		const policy = pki.policy(host, { clientCertificate: 'required' });
		const { text, end } = await echoscu(policy, ...own(client), ...trust());
		expect(text).toContain('Received Echo Response (Success)');
		expect(end).toEqual({ kind: 'closed' });
	});

	testWithDcmtk('+cs: an ECDSA certificate', async () => {
		const cipher = ['+cs', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'];
		const policy = pki.policy(pki.host(LOCAL));
		const { text } = await echoscu(policy, '+tla', ...cipher, ...trust());
		expect(text).toContain('Received Echo Response (Success)');
	});

	const required = pki.policy(host, { clientCertificate: 'required' });
	const expired = pki.host(LOCAL, { ...EXPIRED, keyType: 'RSA-2048' });
	testWithDcmtk.each<[string, TlsPolicy, () => string[], number, string]>([
		[
			'no certificate',
			required,
			() => ['+tla', ...trust()],
			40,
			'000b:0c10 TLS error: sslv3 alert handshake failure',
		],
		[
			'an expired certificate of the client',
			required,
			() => [...own(expired), ...trust()],
			45,
			'000b:0c15 TLS error: sslv3 alert certificate expired',
		],
		[
			'an expired certificate of the server',
			pki.policy(expired),
			() => ['+tla', ...trust()],
			45,
			'000b:0886 TLS error: certificate verify failed',
		],
		[
			'an unknown authority',
			pki.policy(host),
			() => ['+tla', ...trust(strangers)],
			48,
			'000b:0886 TLS error: certificate verify failed',
		],
	])('%s: the alert and its words', async (_, policy, options, alert, words) => {
		const { text, exitCode, end } = await echoscu(policy, ...options());
		expect(text).toContain(`F: Association Request Failed: ${words}`);
		expect(exitCode).toBe(1);
		expect(end).toMatchObject({ alert });
	});

	testWithDcmtk('without TLS: our server sees what it is', async () => {
		const { text, end } = await echoscu(pki.policy(host));
		expect(text).toContain('0006:0317 Peer aborted Association (or never connected)');
		expect(end).toMatchObject({ kind: 'not-tls' });
	});
});

describe('DCMTK | DICOM over TLS | storescp', () => {
	/** Starts storescp, sends it a C-ECHO over our TLS, and waits for words in its log. */
	async function echoTo(options: string[], policy: TlsPolicy, words: string) {
		const port = await freePort();
		const child = spawn('storescp', ['-v', '--ignore', ...options, String(port)], {
			cwd: files.folder,
			env: { ...process.env, TCP_NODELAY: '1' },
		});
		let log = '';
		child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
		child.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
		try {
			const environment = pki.environment('requestor', { clockUs: nowUs + 60e6 });
			const connected = await connectWhenListening(port, policy, environment);
			let answer = '';
			connected.onEstablished = () => {
				const association = new Association({ role: 'requestor' });
				association.request({
					callingAeTitle: 'PACSDESK',
					calledAeTitle: 'STORESCP',
					presentationContexts: [
						{ abstractSyntax: UID.VerificationSOPClass, transferSyntaxes: SYNTAXES },
					],
					implementationClassUid: '1.2.826.0.1.3680043.2.1143.999',
				});
				carry(association, connected, (text) => (answer = text));
			};
			connected.start();
			const end = await connected.ended;
			await until(
				() => log.includes(words),
				() => log,
			);
			return { answer, end };
		} finally {
			child.kill();
		}
	}

	testWithDcmtk('+tls: certificates on both sides', async () => {
		const policy = pki.policy(client, { expectedName: 'localhost' });
		const words = 'Association Release';
		const { answer, end } = await echoTo([...own(host), ...trust()], policy, words);
		expect(answer).toBe('C-ECHO status 0');
		expect(end).toEqual({ kind: 'closed' });
	});

	testWithDcmtk('+tls: a client without a certificate', async () => {
		const words = '000b:08c7 TLS error: peer did not return a certificate';
		const options = [...own(host), ...trust()];
		const { end } = await echoTo(options, pki.policy(undefined), words);
		expect(end).toEqual({ kind: 'alert-received', alert: 40 });
	});
});

async function connectWhenListening(
	port: number,
	policy: TlsPolicy,
	environment: TlsEnvironment,
): Promise<TlsSocket> {
	for (let tries = 1; ; tries++) {
		try {
			return await connectTls(port, policy, environment);
		} catch (error) {
			if (tries === 100) throw error;
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}
}

describe('tshark | capture of DICOM over TLS | reads our pcapng', () => {
	/** The community hospital with TLS between CT 1 and the archive, and everything let through. */
	function securedHospital(): World {
		const spec = communityHospital();
		for (const device of spec.devices) {
			if (device.id === 'pacs') device.config['tls'] = { enabled: true };
			if (device.id !== 'ct1') continue;
			const archive = device.config['archive'] as Record<string, unknown>;
			device.config['archive'] = { ...archive, port: 2762, tls: true };
		}
		const epochUs = parseIsoLocal('2026-03-09T07:40') ?? 0;
		const world = new World(spec, DEVICE_DEFINITIONS, { seed: 'tls', epochUs });
		world.host('fw1').firewall.defaultAction = 'allow';
		world.host('fw1').firewall.rules = [];
		world.start();
		return world;
	}

	/** The types of PDUs one after the other (PS3.8 9.3.1). */
	function pduTypes(bytes: Buffer): number[] {
		const types: number[] = [];
		for (let at = 0; at < bytes.length; at += 6 + bytes.readUInt32BE(at + 2)) {
			types.push(bytes.readUInt8(at));
		}
		return types;
	}

	function verify(world: World): string {
		const ct = world.device('ct1') as Modality;
		const operation = world.operation(ct, 'verify-archive');
		const { text } = run(world, world.operate(ct, operation!, { row: undefined, fields: {} }));
		world.kernel.runUntil(world.kernel.nowUs + minutes(1));
		return text;
	}

	testWithTshark('handshakes and alerts, nothing malformed, and DICOM once it has the keys', () => {
		const world = securedHospital();
		expect(verify(world)).toContain('PASSED');
		world.system('ct1').clockOffsetUs = 86_400 * 1e6 * 800;
		expect(verify(world)).toContain('certificate has expired');
		const path = join(files.folder, 'tls.pcapng');
		const packets = captureAt(world.kernel.trace, 'pacs');
		writeFileSync(path, writeCapture(packets, { epochUs: world.epochUs }));
		const keys = join(files.folder, 'keys.log');
		const lines = world.kernel.trace.events.flatMap((event) => event['keyLogLine'] ?? []);
		writeFileSync(keys, `${lines.join('\n')}\n`);
		const tshark = (...args: string[]): string[] =>
			execFileSync('tshark', ['-d', 'tcp.port==2762,tls', '-r', path, ...args], {
				encoding: 'utf8',
				stdio: ['ignore', 'pipe', 'ignore'],
			})
				.split('\n')
				.filter((line) => line !== '');
		expect(tshark('-Y', '_ws.malformed or tls.unexpected_message')).toEqual([]);
		const fields = (filter: string, ...names: string[]): string[] =>
			tshark('-Y', filter, '-T', 'fields', ...names.flatMap((name) => ['-e', name]));
		const types = fields('tls.handshake.type', 'tls.handshake.type').join(',').split(',');
		expect(types.slice(0, 8)).toEqual(['1', '2', '11', '12', '13', '14', '11', '16']);
		expect(fields('tls.handshake.type == 2', 'tls.handshake.ciphersuite')).toEqual([
			'0xc02c',
			'0xc02c',
		]);
		expect(fields('tls.handshake.certificate', 'x509sat.uTF8String').join()).toContain('pacs');
		const alerts = fields('tls.alert_message.desc', 'ip.src', 'tls.alert_message.desc');
		expect(alerts).toEqual([expect.stringMatching(/^10\.20\.10\.\d+\t45$/)]);
		// Wireshark has no DICOM inside TLS, but it gives the bytes.
		const follow = ['-o', `tls.keylog_file:${keys}`, '-q', '-z', 'follow,tls,raw,0'];
		const rows = tshark(...follow).filter((line) => /^\t?[0-9a-f]+$/.test(line));
		const sent = (from: (line: string) => boolean): number[] =>
			pduTypes(Buffer.from(rows.filter(from).join('').replaceAll('\t', ''), 'hex'));
		expect(sent((line) => !line.startsWith('\t'))).toEqual([1, 4, 5]);
		expect(sent((line) => line.startsWith('\t'))).toEqual([2, 4, 6]);
	});

	/** What tshark finds with TLS on the port of the archive, line by line. */
	function tsharkOn(path: string, ...args: string[]): string[] {
		const text = execFileSync('tshark', ['-d', 'tcp.port==2762,tls', '-r', path, ...args], {
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
		});
		return text.split('\n').filter((line) => line !== '');
	}

	testWithTshark(
		'a capture of the own desk decrypts itself, and a tap at the archive does not',
		() => {
			const { world, archive, type } = smallHospital();
			Object.assign(archive.config.tls, { enabled: true, keyType: 'RSA-2048' });
			archive.stop();
			archive.start();
			for (const [file, bytes] of deskFiles(world)) world.system('admin').files.set(file, bytes);
			const identity = '+tls tls/desk.key tls/desk.pem +cf tls/ca.pem';
			const store = type(`storescu -aet PACSDESK -aec PACS1 ${identity} pacs 2762 test-image.dcm`);
			expect(store.exitCode).toBe(0);
			const own = join(files.folder, 'own.pcapng');
			writeFileSync(own, Buffer.concat([...deskCapture(world, [], 0)]));
			const tap = join(files.folder, 'tap.pcapng');
			const packets = captureAt(world.kernel.trace, 'pacs');
			writeFileSync(tap, writeCapture(packets, { epochUs: world.epochUs }));
			const follow = ['-q', '-z', 'follow,tls,raw,0'];
			const rows = (path: string) =>
				tsharkOn(path, ...follow).filter((line) => /^\t?[0-9a-f]+$/.test(line));
			const said = rows(own).filter((line) => !line.startsWith('\t'));
			const types = pduTypes(Buffer.from(said.join(''), 'hex'));
			expect([types[0], types[1], types.at(-1)]).toEqual([1, 4, 5]);
			expect(rows(tap)).toEqual([]);
			// The image is there in the clear, and only with the keys.
			const patient = Buffer.from('Test^Phantom').toString('hex');
			expect(said.join('')).toContain(patient);
			expect(tsharkOn(own, '-Y', '_ws.malformed')).toEqual([]);
			for (const path of [own, tap]) expect(tsharkOn(path, '-Y', 'dicom')).toEqual([]);
		},
	);
});
