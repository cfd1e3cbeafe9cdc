/**
 * DCMTK's tools against the TLS ports of the simulated hospital's own devices, and our C-STORE to theirs. What
 * the tools of the desk print about the same ports is compared with them word for word.
 */
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import { authorityOf } from '#lib/hospital/security/hospital-authority.ts';
import { COMMANDS } from '#lib/lab/commands/catalogue.ts';
import type { CommandResult } from '#lib/lab/define-command.ts';
import { deskFiles } from '#lib/lab/desk-files.ts';
import { runLine } from '#lib/lab/shell/run-line.ts';
import { shellContext } from '#lib/lab/shell-context.ts';
import { hours } from '#lib/kernel/time.ts';
import { readPart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { certificatePem } from '#lib/protocol/x509/certificate.ts';
import { privateKeyPem } from '#lib/protocol/x509/keys.ts';
import { communityHospital } from '#lib/server/gateway/community.fixture.ts';
import { openGateway, type Gateway } from '#lib/server/gateway/open-gateway.ts';
import { freePort } from '../support/tls-socket.ts';

const TOOLS = ['echoscu', 'storescu', 'findscu', 'movescu', 'storescp'];
const HOME = '/home/you/';
const PATIENCE = { timeout: 10_000 };
const ENVIRONMENT = { ...process.env, TCP_NODELAY: '1' };
/** The programs go by the machine's clock, so the hospital lives today. */
const nowUs = Math.floor(Date.now() / 1_000) * 1e6;

function missingTools(): string | undefined {
	try {
		for (const tool of TOOLS) execFileSync(tool, ['--version'], { stdio: 'ignore' });
		return undefined;
	} catch (error) {
		return `DCMTK is not installed (${String(error).split('\n')[0]})`;
	}
}

const missing = missingTools();
if (missing !== undefined) console.warn(`skipped: DCMTK against the hospital's TLS: ${missing}`);
const testWithDcmtk = test.skipIf(missing !== undefined);

let gateway: Gateway;
let folder = '';
let storescp: ChildProcess | undefined;
let storescpLog = '';

/**
 * The archive with an RSA certificate, the RIS with ECDSA, a scanner whose certificate has expired. The desk is
 * known to the archive as a node with TLS.
 */
function securedHospital() {
	const spec = communityHospital();
	for (const { id, config } of spec.devices) {
		if (id === 'ris') config['tls'] = { enabled: true, clientCertificate: 'none' };
		if (id === 'ct1') {
			const expired = { certificateFrom: '-400d', certificateUntil: '-1d' };
			config['tls'] = { enabled: true, keyType: 'RSA-2048', ...expired };
		}
		if (id !== 'pacs') continue;
		config['tls'] = { enabled: true, keyType: 'RSA-2048' };
		const nodes = config['nodes'] as { aeTitle: string }[];
		config['nodes'] = nodes.map((node) =>
			node.aeTitle === 'PACSDESK' ? { ...node, tls: true } : node,
		);
	}
	return spec;
}

beforeAll(async () => {
	if (missing !== undefined) return;
	folder = mkdtempSync(join(tmpdir(), 'tls-tools-'));
	mkdirSync(join(folder, 'received'));
	const storescpPort = await freePort();
	gateway = await openGateway({
		hospital: securedHospital(),
		seed: 'tls tools',
		startUs: nowUs,
		warmUpUs: hours(1),
		basePort: 0,
		callers: [],
		destinations: [{ aeTitle: 'PACSDESK', port: storescpPort }],
	});
	const { world } = gateway;
	for (const [path, bytes] of deskFiles(world)) {
		world.system('admin').files.set(path, bytes);
		const real = join(folder, path.replace(HOME, ''));
		mkdirSync(dirname(real), { recursive: true });
		writeFileSync(real, bytes);
	}
	const authority = authorityOf(world);
	const { certificate, key } = authority.issue('admin', {
		notBeforeUs: nowUs - hours(48),
		notAfterUs: nowUs + hours(48),
		keyType: 'RSA-2048',
	});
	writeFileSync(join(folder, 'scp.key'), privateKeyPem(key));
	const chain = [certificate, authority.issuing.certificate].map(certificatePem);
	writeFileSync(join(folder, 'scp.pem'), chain.join(''));
	const identity = ['+tls', 'scp.key', 'scp.pem', '+cf', 'tls/ca.pem'];
	const options = ['-v', '-aet', 'PACSDESK', '-od', 'received', ...identity, String(storescpPort)];
	storescp = spawn('storescp', options, { cwd: folder, env: ENVIRONMENT });
	storescp.stderr?.on('data', (chunk: Buffer) => (storescpLog += chunk.toString()));
	storescp.stdout?.on('data', (chunk: Buffer) => (storescpLog += chunk.toString()));
}, 60_000);

afterAll(async () => {
	if (missing !== undefined) return;
	await gateway.close();
	if (storescp) {
		const ended = once(storescp, 'exit');
		storescp.kill();
		await ended;
	}
	rmSync(folder, { recursive: true });
});

type Said = Pick<CommandResult, 'text' | 'exitCode'>;

/** A real program in the folder with the files of the desk. */
function theirs(line: string): Promise<Said> {
	const [program = '', ...args] = line.trim().split(/ +/);
	return new Promise((resolve) => {
		execFile(
			program,
			args,
			{ cwd: folder, env: ENVIRONMENT, timeout: 20_000 },
			(error, stdout, stderr) => {
				const exitCode = typeof error?.code === 'number' ? error.code : 0;
				resolve({ text: (stderr + stdout).trimEnd(), exitCode });
			},
		);
	});
}

/** The same line in the shell of the simulated desk. */
async function ours(line: string): Promise<Said> {
	const context = { ...shellContext(gateway.world, 'admin', 'you'), commands: COMMANDS };
	const { text, exitCode } = await gateway.act('desk', runLine(context, line));
	return { text: text.trimEnd(), exitCode };
}

function realPort(deviceId: string, service: string): number {
	const node = gateway.nodes.find((one) => one.deviceId === deviceId && one.service === service);
	if (!node) throw new Error(`no port for ${service} of ${deviceId}`);
	return node.realPort;
}

const SECURE = 'DICOM over TLS';
const AS_DESK = '-aet PACSDESK -aec PACS1';
const IDENTITY = '+tls tls/desk.key tls/desk.pem';
const TRUST = '+cf tls/ca.pem';
const FIND = 'findscu -S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.2.3';
const ECDSA = '+cs TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384';

/** A tool with its options, and the device that is asked on its TLS port. */
const LINES: [line: string, device: string, file?: string][] = [
	[`echoscu -v ${AS_DESK} ${IDENTITY} ${TRUST}`, 'pacs'],
	[`echoscu -v ${AS_DESK} ${IDENTITY} -ic`, 'pacs'],
	[`echoscu -v ${AS_DESK} ${IDENTITY} -ic -rc`, 'pacs'],
	[`echoscu -v ${AS_DESK} ${IDENTITY}`, 'pacs'],
	[`echoscu -v ${AS_DESK} ${IDENTITY} +tla ${TRUST}`, 'pacs'],
	[`echoscu -v ${AS_DESK} +tla ${TRUST}`, 'pacs'],
	[`echoscu -v ${AS_DESK} +tla -ic`, 'pacs'],
	[`echoscu -v ${AS_DESK}`, 'pacs'],
	[`echoscu -v -aet NOBODY -aec PACS1 ${IDENTITY} ${TRUST}`, 'pacs'],
	[`echoscu -v ${IDENTITY} ${TRUST}`, 'ct1'],
	[`echoscu -v -aec RISMWL +tla ${TRUST}`, 'ris'],
	[`echoscu -v -aec RISMWL +tla ${TRUST} ${ECDSA}`, 'ris'],
	[`echoscu -v ${AS_DESK} ${IDENTITY} ${TRUST} +cs TLS_RSA_WITH_AES_128_CBC_SHA ${ECDSA}`, 'pacs'],
	[`echoscu -v +tla ${TRUST} +cs NONSENSE ${ECDSA}`, 'pacs'],
	[`echoscu -v +tla ${TRUST} +cs TLS_RSA_WITH_NULL_SHA`, 'pacs'],
	[`echoscu -v +tla ${TRUST} +cs TLS_AES_128_GCM_SHA256`, 'pacs'],
	[`echoscu -v +tls nokey tls/desk.pem +cf nofile`, 'pacs'],
	[`echoscu -v +tls tls/desk.key nocert ${TRUST}`, 'pacs'],
	[`echoscu -v +tls tls/desk.key tls/desk.key`, 'pacs'],
	[`echoscu -v +tls tls/desk.pem tls/desk.key`, 'pacs'],
	[`echoscu -v +tls tls/desk.key tls/ca.pem`, 'pacs'],
	[`echoscu -v ${IDENTITY} +cf one +cf two +cf three +cf tls/desk.key`, 'pacs'],
	[`echoscu -q ${IDENTITY} +cf one ${ECDSA}`, 'pacs'],
	[`echoscu ${TRUST} -rc -ic`, 'pacs'],
	[`echoscu ${IDENTITY} -tls +cs x`, 'pacs'],
	[`echoscu -v --enable-tls tls/desk.key tls/desk.pem --add-cert-file tls/ca.pem`, 'pacs'],
	[`${FIND} -v ${AS_DESK} ${IDENTITY} ${TRUST}`, 'pacs'],
	[`${FIND} -v ${AS_DESK} ${IDENTITY}`, 'pacs'],
	[`${FIND} -v ${AS_DESK} +tla ${TRUST}`, 'pacs'],
	[`${FIND} -v ${AS_DESK} +tls nokey nocert`, 'pacs'],
	[`storescu -v ${AS_DESK} ${IDENTITY}`, 'pacs', 'test-image.dcm'],
	[`storescu -v ${AS_DESK} +tla ${TRUST}`, 'pacs', 'test-image.dcm'],
	[`storescu -v ${AS_DESK} +tls nokey nocert`, 'pacs', 'test-image.dcm'],
	['movescu -S -k StudyInstanceUID +tla', 'pacs'],
	['getscu -S -k StudyInstanceUID +tla', 'pacs'],
];

describe('DCMTK | DICOM over TLS | the words of its tools', () => {
	testWithDcmtk.each(LINES)('%s at %s', async (line, device, file = '') => {
		const real = `${line} 127.0.0.1 ${realPort(device, SECURE)} ${file}`;
		expect(await ours(`${line} ${device} 2762 ${file}`)).toEqual(await theirs(real));
	});

	testWithDcmtk('TLS on the plain port', async () => {
		const line = `echoscu -v ${AS_DESK} ${IDENTITY} ${TRUST}`;
		const real = await theirs(`${line} 127.0.0.1 ${realPort('pacs', 'DICOM')}`);
		expect(await ours(`${line} pacs 104`)).toEqual(real);
		expect(real.text).toContain('wrong version number');
	});

	testWithDcmtk('the details of a connection', async () => {
		const line = `echoscu -d ${AS_DESK} ${IDENTITY} ${TRUST}`;
		const details = ({ text }: Said): string =>
			/D: =+ BEGIN TLS[^]*END TLS.*/.exec(text)?.[0] ?? '';
		const real = details(await theirs(`${line} 127.0.0.1 ${realPort('pacs', SECURE)}`));
		expect(details(await ours(`${line} pacs 2762`))).toBe(real);
		expect(real).toContain('CN=pacs');
	});
});

const archive = (): Archive => gateway.world.device('pacs') as Archive;

function testImage(): { study: string; instance: string } {
	const bytes = gateway.world.system('admin').files.get(`${HOME}test-image.dcm`);
	const part10 = readPart10(bytes ?? new Uint8Array());
	if (!part10.ok) throw new Error('no test image');
	const { dataSet } = part10;
	return {
		study: dataSet.text('StudyInstanceUID') ?? '',
		instance: dataSet.text('SOPInstanceUID') ?? '',
	};
}

testWithDcmtk('DCMTK | Storage over TLS | SCU', async () => {
	const port = realPort('pacs', SECURE);
	const line = `storescu -v ${AS_DESK} ${IDENTITY} ${TRUST} 127.0.0.1 ${port} test-image.dcm`;
	const received = (): number =>
		gateway.world.kernel.trace.events.filter(
			({ kind, calling }) => kind === 'instance-stored' && calling === 'PACSDESK',
		).length;
	const before = received();
	const { text, exitCode } = await theirs(line);
	expect(text).toContain('I: Received Store Response (Success)');
	expect(exitCode).toBe(0);
	expect(received()).toBe(before + 1);
	expect(archive().store.has(testImage().instance)).toBe(true);
});

testWithDcmtk('DCMTK | Storage over TLS | SCP', async () => {
	const { study, instance } = testImage();
	const keys = `-k QueryRetrieveLevel=STUDY -k StudyInstanceUID=${study}`;
	const port = realPort('pacs', 'DICOM');
	const move = await theirs(`movescu -v -S ${AS_DESK} ${keys} 127.0.0.1 ${port}`);
	expect(move.text).toContain('I: Received Final Move Response (Success)');
	await expect.poll(() => storescpLog, PATIENCE).toContain('I: Association Release');
	expect(storescpLog).toContain('I: Received Store Request');
	expect(storescpLog).not.toContain('E: ');
	expect(readdirSync(join(folder, 'received'))).toEqual([`CT.${instance}`]);
});

testWithDcmtk('DCMTK | Storage over TLS | SCP that the archive does not trust', async () => {
	const { study } = testImage();
	const keys = `-k QueryRetrieveLevel=STUDY -k StudyInstanceUID=${study}`;
	archive().security.config.trustsHospital = false;
	const port = realPort('pacs', 'DICOM');
	const move = await theirs(`movescu -v -S ${AS_DESK} ${keys} 127.0.0.1 ${port}`);
	archive().security.config.trustsHospital = true;
	expect(move.text).toContain('W: Move response with error status');
	await expect
		.poll(() => storescpLog, PATIENCE)
		.toContain('000b:0c18 TLS error: tlsv1 alert unknown ca');
	expect(archive().logFile.lines.join('\n')).toContain('unable to get local issuer certificate');
});
