import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Association, type AssociationOutput } from '#lib/protocol/dicom/association.ts';
import { describeReject } from '#lib/protocol/dicom/dimse/describe.ts';
import { joinParts } from '#lib/protocol/dicom/dimse/fragment-buffer.ts';
import type { DimseMessage } from '#lib/protocol/dicom/dimse/message.ts';
import { responseTo, VERIFICATION_SOP_CLASS } from '#lib/protocol/dicom/dimse/services.ts';
import { statusOf } from '#lib/protocol/dicom/dimse/status.ts';
import { negotiate, type AcceptorPolicy } from '#lib/protocol/dicom/negotiation.ts';

const CT = '1.2.840.10008.5.1.4.1.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';

function missingTools(): string | undefined {
	try {
		for (const tool of ['echoscu', 'storescu', 'dump2dcm']) execFileSync(tool, ['--version']);
		return undefined;
	} catch (error) {
		return `DCMTK is not installed (${String(error).split('\n')[0]})`;
	}
}

const missing = missingTools();
if (missing !== undefined) console.warn(`skipped: DCMTK association interop: ${missing}`);
const testWithDcmtk = test.skipIf(missing !== undefined);

const policy: AcceptorPolicy = {
	aeTitles: 'any',
	acceptCalling: 'any',
	supported: [
		{ abstractSyntax: VERIFICATION_SOP_CLASS, transferSyntaxes: [EXPLICIT, '1.2.840.10008.1.2'] },
		{ abstractSyntax: CT, transferSyntaxes: [EXPLICIT] },
	],
	maximumLengthBytes: 16384,
	implementationClassUid: '1.2.826.0.1.3680043.2.1143.999',
	implementationVersionName: 'PACSONCALL',
};

interface Behaviour {
	policy?: Partial<AcceptorPolicy>;
	/** Instead of negotiating. */
	rejectWith?: { result: number; source: number; reason: number };
	status?: number;
}

/** Our association core on a real socket. */
class Acceptor {
	readonly messages: DimseMessage[] = [];
	readonly peers: (string | undefined)[] = [];
	readonly #behaviour: Behaviour;
	readonly #server: Server;

	constructor(behaviour: Behaviour) {
		this.#behaviour = behaviour;
		this.#server = createServer((socket) => this.#serve(socket));
	}

	listen(): Promise<number> {
		return new Promise((resolve) => {
			this.#server.listen(0, '127.0.0.1', () => {
				resolve((this.#server.address() as AddressInfo).port);
			});
		});
	}

	close(): void {
		this.#server.close();
	}

	#serve(socket: Socket): void {
		const association = new Association({
			role: 'acceptor',
			maximumPduLengthBytes: this.#behaviour.policy?.maximumLengthBytes ?? 16384,
		});
		const drain = () => {
			for (let out = association.next(); out !== undefined; out = association.next()) {
				this.#carryOut(association, socket, out);
			}
		};
		socket.setNoDelay(true);
		socket.on('data', (chunk) => {
			association.receive(chunk);
			drain();
		});
		socket.on('close', () => {
			association.transportClosed();
			drain();
		});
		socket.on('error', () => {});
		association.transportConnected();
		drain();
	}

	#carryOut(association: Association, socket: Socket, output: AssociationOutput): void {
		switch (output.kind) {
			case 'send':
				for (const bytes of output.bytes) socket.write(bytes);
				break;
			case 'close':
				socket.end();
				break;
			case 'associate-indication': {
				this.peers.push(association.peer?.implementationVersionName);
				const { rejectWith } = this.#behaviour;
				if (rejectWith !== undefined) return association.reject(rejectWith);
				const answer = negotiate(output.rq, { ...policy, ...this.#behaviour.policy }, 0);
				if (answer.kind === 'A-ASSOCIATE-AC') association.accept(answer);
				else association.reject(answer);
				break;
			}
			case 'message': {
				const { contextId, command } = output.message;
				this.messages.push(output.message);
				const status = this.#behaviour.status ?? 0;
				association.send({ contextId, command: responseTo(command, { status }) });
				break;
			}
			case 'release-indication':
				association.respondRelease();
		}
	}
}

/** Runs a DCMTK tool against an acceptor of ours; its output as lines. */
async function run(
	tool: string,
	options: string[],
	behaviour: Behaviour,
	files: string[] = [],
): Promise<{ lines: string[]; exitCode: number; acceptor: Acceptor }> {
	const acceptor = new Acceptor(behaviour);
	const port = await acceptor.listen();
	const args = [...options, '127.0.0.1', String(port), ...files];
	return new Promise((resolve) => {
		const environment = { ...process.env, TCP_NODELAY: '1' };
		execFile(tool, args, { env: environment, timeout: 20_000 }, (error, stdout, stderr) => {
			acceptor.close();
			const exitCode = typeof error?.code === 'number' ? error.code : 0;
			resolve({ lines: (stdout + stderr).trim().split('\n'), exitCode, acceptor });
		});
	});
}

let folder = '';
let file = '';

beforeAll(() => {
	if (missing !== undefined) return;
	folder = mkdtempSync(join(tmpdir(), 'dcmtk-association-'));
	file = join(folder, 'ct.dcm');
	// 200,001 comment characters make the data set longer than a dozen PDUs.
	const dump = [
		`(0008,0016) UI [${CT}]`,
		'(0008,0018) UI [1.2.826.0.1.3680043.2.1143.1]',
		'(0010,0020) LO [MRN000123]',
		`(0020,4000) LT [${'image comment '.repeat(700)}]`,
		`(7fe0,0010) OW ${Array.from({ length: 100_000 }, (_, i) => i.toString(16).padStart(4, '0').slice(-4)).join('\\')}`,
	];
	writeFileSync(join(folder, 'ct.dump'), dump.join('\n'));
	execFileSync('dump2dcm', ['+te', '+l', '1000000', join(folder, 'ct.dump'), file]);
});

afterAll(() => {
	if (folder !== '') rmSync(folder, { recursive: true });
});

testWithDcmtk('DCMTK echoscu | C-ECHO | SCU -> our SCP: verifies', async () => {
	const { lines, exitCode, acceptor } = await run('echoscu', ['-v', '-aet', 'CT2'], {});
	expect(exitCode).toBe(0);
	expect(lines).toContain('I: Association Accepted (Max Send PDV: 16372)');
	expect(lines).toContain('I: Received Echo Response (Success)');
	expect(lines).toContain('I: Releasing Association');
	expect(acceptor.messages).toHaveLength(1);
	expect(acceptor.peers[0]).toMatch(/^OFFIS_DCMTK_/);
});

testWithDcmtk.each([
	['own policy, unknown calling title', { policy: { acceptCalling: ['CT1'] } }, [1, 1, 3]],
	['own policy, unknown called title', { policy: { aeTitles: ['pacs1'] } }, [1, 1, 7]],
	['own policy, limit', { policy: { maximumAssociations: 0 } }, [2, 3, 2]],
	...[
		[1, 1, 1],
		[1, 1, 2],
		[1, 2, 1],
		[1, 2, 2],
		[2, 3, 1],
		[2, 1, 1],
		[1, 1, 4],
		[2, 2, 3],
		[1, 3, 0],
		[3, 1, 1],
		[0, 1, 1],
		[1, 0, 1],
		[1, 4, 1],
	].map(([result, source, reason]): [string, Behaviour, number[]] => [
		'as given',
		{ rejectWith: { result: result!, source: source!, reason: reason! } },
		[result!, source!, reason!],
	]),
] as [string, Behaviour, number[]][])(
	'DCMTK echoscu | A-ASSOCIATE-RJ | SCU -> our SCP: worded as by describeReject: %s %j %j',
	async (_, behaviour, [result, source, reason]) => {
		const { lines, exitCode } = await run('echoscu', [], behaviour);
		const words = describeReject({ result: result!, source: source!, reason: reason! });
		expect(exitCode).toBe(1);
		expect(lines).toEqual([
			...words.complaints.map((line) => `E: ${line}`),
			'F: Association Rejected:',
			`F: ${words.result}`,
			`F: ${words.reason}`,
		]);
	},
);

testWithDcmtk.each([16384, 4096, 4101])(
	'DCMTK storescu | C-STORE | SCU -> our SCP: a file arrives whole under a maximum length of %i',
	async (maximumLengthBytes) => {
		const behaviour = { policy: { maximumLengthBytes } };
		const { lines, exitCode, acceptor } = await run('storescu', ['-v'], behaviour, [file]);
		expect(lines).toContain('I: Received Store Response (Success)');
		expect(exitCode).toBe(0);
		const [message] = acceptor.messages;
		expect(message?.command.AffectedSOPClassUID).toBe(CT);
		const data = joinParts(message!.data!);
		const pixels = data.subarray(-200_000);
		expect(data.length).toBeGreaterThan(205_000);
		expect(pixels.every((byte, i) => byte === ((i >> 1) >> (8 * (i & 1))) % 256)).toBe(true);
	},
);

testWithDcmtk.each([
	0x0000, 0xa700, 0xa7ff, 0xa900, 0xc000, 0xc123, 0xb000, 0xb006, 0xb007, 0x0122, 0x0124, 0x0117,
	0x0110, 0x0111, 0x0001,
])(
	'DCMTK storescu | C-STORE status | SCU -> our SCP: %i is worded as by statusOf',
	async (status) => {
		const { lines } = await run('storescu', ['-v'], { status }, [file]);
		const { dcmtkText } = statusOf('C-STORE', status);
		expect(lines.some((line) => line.endsWith(`Received Store Response (${dcmtkText})`))).toBe(
			true,
		);
	},
);
