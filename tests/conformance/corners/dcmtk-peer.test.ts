import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Association } from '#lib/protocol/dicom/association.ts';
import { encodeCommandSet } from '#lib/protocol/dicom/dimse/command-set.ts';
import { cCancelRequest, cEchoRequest, responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import { joinParts } from '#lib/protocol/dicom/dimse/fragment-buffer.ts';
import { negotiate, type AcceptorPolicy } from '#lib/protocol/dicom/negotiation.ts';
import { PduReader } from '#lib/protocol/dicom/upper-layer/decode-pdu.ts';
import type { AssociateRq } from '#lib/protocol/dicom/upper-layer/pdu.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytes } from '../upper-layer/bytes.ts';
import { wire } from '../upper-layer/pdu-fixtures.ts';
import {
	CT,
	EXPLICIT,
	IMPLICIT,
	POLICY,
	dataPdu,
	describePdu,
	pdv,
	raw,
	requestPdu,
} from './session.ts';

function missingTool(): string | undefined {
	for (const tool of ['storescp', 'storescu', 'dump2dcm']) {
		try {
			execFileSync(tool, ['--version'], { stdio: 'ignore' });
		} catch {
			return tool;
		}
	}
	return undefined;
}

const missing = missingTool();
if (missing !== undefined) console.warn(`skipped: DCMTK's ${missing} is not installed`);

const ENVIRONMENT = { ...process.env, TCP_NODELAY: '1' };
const folder = mkdtempSync(join(tmpdir(), 'corners-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Our acceptor on a socket; answers every request with success. */
function serve(socket: Socket, policy: AcceptorPolicy): void {
	const association = new Association({ role: 'acceptor' });
	const drain = () => {
		for (let output = association.next(); output; output = association.next()) {
			if (output.kind === 'send') for (const piece of output.bytes) socket.write(piece);
			else if (output.kind === 'close') socket.end();
			else if (output.kind === 'release-indication') association.respondRelease();
			else if (output.kind === 'associate-indication') {
				const answer = negotiate(output.rq, policy, 0);
				if (answer.kind === 'A-ASSOCIATE-AC') association.accept(answer);
				else association.reject(answer);
			} else if (output.kind === 'message') {
				const { contextId, command } = output.message;
				// A C-CANCEL has no response.
				if (command.CommandField === 0x0fff) continue;
				const status = command.CommandField === 0x0777 ? 0x0211 : 0;
				association.send({ contextId, command: responseTo(command, { status }) });
			}
		}
	};
	socket.setNoDelay(true);
	socket.on('error', () => socket.destroy());
	socket.on('data', (chunk: Uint8Array) => {
		association.receive(chunk);
		drain();
	});
	socket.on('close', () => association.transportClosed());
	association.transportConnected();
	drain();
}

async function listen(policy: AcceptorPolicy) {
	const server = createServer((socket) => serve(socket, policy));
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

/**
 * What a peer answers, PDU by PDU: a request first, then the rest in one write. Waits for as many answers as
 * are expected, and a little longer for those that are not.
 */
async function answersOf(
	port: number,
	expected: number,
	rq: Uint8Array,
	then?: Uint8Array,
): Promise<string[]> {
	const socket = connect(port, '127.0.0.1');
	const reader = new PduReader({ dataBytes: 1 << 20, otherBytes: 1 << 20 });
	const answers: string[] = [];
	socket.on('error', () => socket.destroy());
	socket.on('data', (chunk: Uint8Array) => {
		reader.push(chunk);
		for (let pdu = reader.next(); pdu; pdu = reader.next()) {
			answers.push(pdu.kind === 'defect' ? 'not a PDU' : describePdu(pdu));
		}
	});
	const heard = async (count: number) => {
		for (let i = 0; answers.length < count && i < 500; i++) await delay(10);
	};
	socket.write(rq);
	if (then !== undefined) {
		await heard(1);
		socket.write(then);
	}
	await heard(expected);
	await delay(expected === 0 ? 500 : 60);
	socket.destroy();
	return answers;
}

describe.skipIf(missing !== undefined)('the same bytes to our acceptor and to storescp', () => {
	let storescp: ChildProcess;
	let theirs = 0;
	let ours: Awaited<ReturnType<typeof listen>>;

	beforeAll(async () => {
		ours = await listen({ ...POLICY, supported: POLICY.supported.slice(0, 2) });
		const free = createServer().listen(0, '127.0.0.1');
		await once(free, 'listening');
		theirs = (free.address() as AddressInfo).port;
		free.close();
		const options = ['--ignore', '-aet', 'PACS1', String(theirs)];
		storescp = spawn('storescp', options, { env: ENVIRONMENT, stdio: 'ignore' });
		for (let i = 0; i < 100; i++) {
			if ((await answersOf(theirs, 0, raw(requestPdu()))).length > 0) return;
		}
		throw new Error('storescp does not answer');
	}, 60_000);

	afterAll(() => {
		storescp.kill();
		ours.close();
	});

	const echo = encodeCommandSet(cEchoRequest({ messageId: 1 }));
	const strange = encodeCommandSet({ ...cEchoRequest({ messageId: 1 }), CommandField: 0x0777 });
	const context = { abstractSyntax: CT, transferSyntaxes: [IMPLICIT] };
	const rq = (changes: Partial<AssociateRq> = {}) => raw(requestPdu(changes));
	const twoByteFragments = Array.from({ length: echo.length / 2 }, (_, i) =>
		dataPdu(pdv(1, 'command', echo.subarray(2 * i, 2 * i + 2), 2 * i + 2 === echo.length)),
	);
	const AC = 'A-ASSOCIATE-AC';
	const DATA = 'P-DATA-TF';

	/** Where `theirs` is missing storescp does the same. */
	test.each<
		[name: string, rq: Uint8Array, then: Uint8Array | undefined, ours: string[], theirs?: string[]]
	>([
		['protocol version 0', rq({ protocolVersion: 0 }), undefined, ['A-ASSOCIATE-RJ 1/2/2']],
		[
			'another application context',
			rq({ applicationContext: '1.2' }),
			undefined,
			['A-ASSOCIATE-RJ 1/1/2'],
		],
		[
			'no context that is known',
			rq({ presentationContexts: [{ id: 1, ...context, abstractSyntax: '1.2.3' }] }),
			undefined,
			[AC],
		],
		['an echo', rq(), dataPdu(pdv(1, 'command', echo)), [AC, DATA]],
		['an echo in fragments of 2 bytes', rq(), joinParts(twoByteFragments), [AC, DATA]],
		[
			'an echo with an empty last fragment',
			rq(),
			dataPdu(pdv(1, 'command', echo, false), pdv(1, 'command', new Uint8Array(0))),
			[AC, DATA],
		],
		[
			'two echoes in one PDU',
			rq(),
			dataPdu(pdv(1, 'command', echo), pdv(1, 'command', echo)),
			[AC, DATA, DATA],
		],
		['a second request', rq(), rq(), [AC, 'A-ABORT 2/2']],
		['an acceptance from the requestor', rq(), wire('A-ASSOCIATE-AC'), [AC, 'A-ABORT 2/2']],
		['a release response nobody asked for', rq(), wire('A-RELEASE-RP'), [AC, 'A-ABORT 2/2']],
		['data before any request', wire('P-DATA-TF'), undefined, ['A-ABORT 0/0']],
		// storescp aborts as the service user, without a reason, for all that its DIMSE layer finds.
		[
			'a PDU type that does not exist',
			rq(),
			bytes('0b 00 00 00 00 04 00 00 00 00'),
			[AC, 'A-ABORT 2/1'],
			[AC, 'A-ABORT 0/0'],
		],
		[
			'a P-DATA-TF without PDV',
			rq(),
			bytes('04 00 00 00 00 00'),
			[AC, 'A-ABORT 2/6'],
			[AC, 'A-ABORT 0/0'],
		],
		[
			'data without a command',
			rq(),
			dataPdu(pdv(1, 'data', echo)),
			[AC, 'A-ABORT 2/5'],
			[AC, 'A-ABORT 0/0'],
		],
		[
			'a context nobody agreed on',
			rq(),
			dataPdu(pdv(99, 'command', echo)),
			[AC, 'A-ABORT 2/6'],
			[AC, 'A-ABORT 0/0'],
		],
		// It also ends the association for a command that it does not serve, where we go on.
		[
			'an unknown command field',
			rq(),
			dataPdu(pdv(1, 'command', strange)),
			[AC, DATA],
			[AC, 'A-ABORT 0/0'],
		],
		[
			'a C-CANCEL for nothing, then an echo',
			rq(),
			dataPdu(pdv(1, 'command', encodeCommandSet(cCancelRequest(9))), pdv(1, 'command', echo)),
			[AC, DATA],
			[AC, 'A-ABORT 0/0'],
		],
		// It waits in silence for what we answer at once.
		['no context at all', rq({ presentationContexts: [] }), undefined, [AC], []],
		// It takes ids that no answer may have: its A-ASSOCIATE-AC repeats the even id.
		[
			'an even context id',
			rq({ presentationContexts: [{ id: 2, ...context }] }),
			undefined,
			['A-ABORT 0/0'],
			['not a PDU'],
		],
	])('%s', async (_, request, then, expectedOfUs, expectedOfThem = expectedOfUs) => {
		const { length } = expectedOfUs;
		expect(await answersOf(ours.port, length, request, then)).toEqual(expectedOfUs);
		const answers = await answersOf(theirs, expectedOfThem.length, request, then);
		expect(answers).toEqual(expectedOfThem);
	});
});

describe.skipIf(missing !== undefined)('user identity with storescu', () => {
	const image = join(folder, 'ct.dcm');
	const token = join(folder, 'token');
	let withUsers: Awaited<ReturnType<typeof listen>>;
	let withoutPolicy: Awaited<ReturnType<typeof listen>>;

	beforeAll(async () => {
		const dump = join(folder, 'ct.dump');
		writeFileSync(
			dump,
			`(0008,0016) UI [${CT}]\n(0008,0018) UI [1.2.3.4.5]\n(0010,0020) LO [ANON]\n`,
		);
		execFileSync('dump2dcm', ['+te', dump, image]);
		writeFileSync(token, 'abc.def.ghi');
		const supported = [{ abstractSyntax: CT, transferSyntaxes: [EXPLICIT] }];
		const policy: AcceptorPolicy = { ...POLICY, aeTitles: 'any', supported };
		withUsers = await listen({
			...policy,
			userIdentity: {
				required: true,
				known: [
					{ userName: 'guest' },
					{ userName: 'admin', passcode: 'geheim' },
					{ type: 5, credential: new TextEncoder().encode('abc.def.ghi') },
				],
			},
		});
		withoutPolicy = await listen(policy);
	});

	afterAll(() => {
		withUsers.close();
		withoutPolicy.close();
	});

	/** How storescu ended: its exit code, and what it wrote. */
	function store(port: number, ...options: string[]): Promise<{ code: number; text: string }> {
		const args = ['-v', '-R', ...options, '127.0.0.1', String(port), image];
		return new Promise((resolve) => {
			execFile('storescu', args, { env: ENVIRONMENT, timeout: 20_000 }, (error, stdout, stderr) => {
				const code = error === null ? 0 : Number(error.code ?? -1);
				resolve({ code, text: stdout + stderr });
			});
		});
	}

	test.each([
		['a user name', ['-usr', 'guest']],
		['a user name, response expected', ['-usr', 'guest', '-rsp']],
		['a user name and password, response expected', ['-usr', 'admin', '-pwd', 'geheim', '-rsp']],
		['a JSON web token, response expected', ['--jwt', token, '-rsp']],
	])('accepted: %s', async (_, options) => {
		expect(await store(withUsers.port, ...options)).toMatchObject({ code: 0 });
	});

	test.each([
		['a wrong password', ['-usr', 'admin', '-pwd', 'falsch']],
		['an unknown user', ['-usr', 'nobody']],
		['a token as another type', ['--saml', token]],
		['no identity where one is required', []],
	])('rejected: %s', async (_, options) => {
		const { code, text } = await store(withUsers.port, ...options);
		expect(code).not.toBe(0);
		expect(text).toContain('Result: Rejected Permanent, Source: Service Provider (ACSE Related)');
		expect(text).toContain('Reason: No Reason');
	});

	test('a node without a policy gives no response: a requestor that expects one gives up', async () => {
		expect(await store(withoutPolicy.port, '-usr', 'guest')).toMatchObject({ code: 0 });
		const { code } = await store(withoutPolicy.port, '-usr', 'guest', '-rsp');
		expect(code).not.toBe(0);
	});
});
