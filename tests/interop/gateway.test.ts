/**
 * DCMTK's tools against the simulated hospital, over real sockets: what they print is what their users
 * read, so it is compared word for word.
 */
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDicom } from 'dicom-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ris } from '#lib/hospital/devices/ris/ris.ts';
import { acquire } from '#lib/hospital/objects/acquire.ts';
import { hours, parseIsoLocal } from '#lib/kernel/time.ts';
import { writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { communityHospital } from '#lib/server/gateway/community.fixture.ts';
import { openGateway, type Gateway } from '#lib/server/gateway/open-gateway.ts';
import { syntheticAcquisition } from '../support/synthetic-acquisition.ts';

const TOOLS = ['echoscu', 'storescu', 'findscu', 'movescu', 'storescp', 'dcmdump'];
/** For what happens soon after, on a busy machine too. */
const PATIENCE = { timeout: 5_000 };
const ENVIRONMENT = { ...process.env, TCP_NODELAY: '1' };

function missingTools(): string | undefined {
	try {
		for (const tool of TOOLS) execFileSync(tool, ['--version']);
		return undefined;
	} catch (error) {
		return `DCMTK is not installed (${String(error).split('\n')[0]})`;
	}
}

const missing = missingTools();
if (missing !== undefined) console.warn(`skipped: DCMTK against the gateway: ${missing}`);
const testWithDcmtk = test.skipIf(missing !== undefined);

/** The study that storescu sends. */
const { instances } = acquire('CT', syntheticAcquisition('gateway'));
const { studyInstanceUid, accessionNumber } = syntheticAcquisition('gateway').order;

let gateway: Gateway;
let folder = '';
let received = '';
let storescp: ChildProcess | undefined;
const sent: string[] = [];

beforeAll(async () => {
	if (missing !== undefined) return;
	folder = mkdtempSync(join(tmpdir(), 'gateway-'));
	received = join(folder, 'received');
	mkdirSync(received);
	for (const [index, { dataSet }] of instances.entries()) {
		const file = join(folder, `${index}.dcm`);
		const pieces = writePart10(dataSet, {
			transferSyntax: UID.LittleEndianExplicit,
			implementationClassUid: '2.25.1',
			implementationVersionName: 'TEST',
		});
		writeFileSync(file, Buffer.concat(pieces));
		sent.push(file);
	}
	const port = await freePort();
	storescp = spawn('storescp', ['-aet', 'STORE', '-od', received, String(port)], {
		env: ENVIRONMENT,
		stdio: 'ignore',
	});
	gateway = await openGateway({
		hospital: communityHospital(),
		seed: 'interop',
		startUs: parseIsoLocal('2026-03-09T10:00') ?? 0,
		warmUpUs: hours(3),
		basePort: 0,
		callers: ['FRIEND'],
		destinations: [
			{ aeTitle: 'STORE', port },
			{ aeTitle: 'NOBODY', port: await freePort() },
		],
	});
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

/** A port that was free a moment ago; DCMTK cannot let the system choose. */
async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}

interface Run {
	lines: string[];
	exitCode: number;
}

/** Runs a tool against a node of the hospital. */
function run(tool: string, options: string[], deviceId = 'pacs', files: string[] = []) {
	const node = gateway.nodes.find((entry) => entry.deviceId === deviceId);
	const args = [...options, '127.0.0.1', String(node?.realPort), ...files];
	return new Promise<Run>((resolve) => {
		execFile(
			tool,
			args,
			{ env: ENVIRONMENT, timeout: 25_000, encoding: 'latin1' },
			(error, stdout, stderr) => {
				const exitCode = typeof error?.code === 'number' ? error.code : error ? -1 : 0;
				resolve({ lines: (stdout + stderr).trim().split('\n'), exitCode });
			},
		);
	});
}

const asDesk = ['-aet', 'PACSDESK', '-aec', 'PACS1'];

/** The values of an attribute that findscu shows. */
function valuesOf(lines: string[], keyword: string): string[] {
	return lines.flatMap((line) => {
		const match = /\[(.*?) *\] .* (\w+)$/.exec(line);
		return match?.[2] === keyword ? [match[1] ?? ''] : [];
	});
}

/** Keys of a study root query, with the values given. */
function keys(values: Record<string, string>): string[] {
	return Object.entries({ QueryRetrieveLevel: 'STUDY', ...values }).flatMap(([keyword, value]) => [
		'-k',
		value === '' ? keyword : `${keyword}=${value}`,
	]);
}

describe('DCMTK echoscu | C-ECHO | SCU -> our SCP over the gateway', () => {
	testWithDcmtk.each([
		['pacs', 'PACSDESK', 'PACS1'],
		['pacs', 'FRIEND', 'PACS1'],
		['ris', 'ANYBODY', 'RISMWL'],
		['ws1', 'PACS1', 'READ1'],
	])('%s verifies to %s', async (device, calling, called) => {
		const { lines, exitCode } = await run(
			'echoscu',
			['-v', '-aet', calling, '-aec', called],
			device,
		);
		expect(lines).toContain('I: Received Echo Response (Success)');
		expect(exitCode).toBe(0);
	});

	testWithDcmtk.each([
		['calling', ['-aet', 'STRANGER', '-aec', 'PACS1'], 'Calling AE Title Not Recognized'],
		['called', ['-aet', 'PACSDESK', '-aec', 'PACS2'], 'Called AE Title Not Recognized'],
	])('a wrong %s title is rejected', async (_, titles, reason) => {
		const { lines, exitCode } = await run('echoscu', titles);
		expect(lines).toEqual([
			'F: Association Rejected:',
			'F: Result: Rejected Permanent, Source: Service User',
			`F: Reason: ${reason}`,
		]);
		expect(exitCode).toBe(1);
	});

	testWithDcmtk('eight at the same time, ten echoes each', async () => {
		const runs = await Promise.all(
			Array.from({ length: 8 }, () => run('echoscu', ['-v', '--repeat', '10', ...asDesk])),
		);
		for (const { lines, exitCode } of runs) {
			expect(lines.filter((line) => line === 'I: Received Echo Response (Success)')).toHaveLength(
				10,
			);
			expect(exitCode).toBe(0);
		}
		await expect.poll(() => gateway.connectionCount, PATIENCE).toBe(0);
	});

	testWithDcmtk('an association that is aborted leaves nothing behind', async () => {
		await run('echoscu', ['--abort', ...asDesk]);
		await expect.poll(() => gateway.connectionCount, PATIENCE).toBe(0);
		// The rest of the hospital is at work and has connections of its own.
		const ofTheDesk = gateway.world
			.host('pacs')
			.sockets()
			.filter((row) => row.remoteAddress === '10.20.30.50' && row.localPort === 104);
		expect(ofTheDesk.filter((row) => row.state === 'ESTABLISHED')).toEqual([]);
	});
});

describe('DCMTK findscu | C-FIND study root | SCU -> our SCP over the gateway', () => {
	testWithDcmtk('the studies of the day are listed', async () => {
		const query = keys({ StudyDate: '20260309', AccessionNumber: '', ModalitiesInStudy: '' });
		const { lines, exitCode } = await run('findscu', ['-v', '-S', ...asDesk, ...query]);
		const archived = gateway.world.records.orders.filter((order) => order.archivedUs !== undefined);
		expect(archived.length).toBeGreaterThan(15);
		const listed = valuesOf(lines, 'AccessionNumber');
		for (const order of archived) expect(listed).toContain(order.accessionNumber);
		expect(new Set(valuesOf(lines, 'ModalitiesInStudy'))).toEqual(new Set(['CT', 'DX']));
		expect(lines).toContain('I: Received Final Find Response (Success)');
		expect(exitCode).toBe(0);
	});

	testWithDcmtk('another day has none, and that is a success', async () => {
		const query = keys({ StudyDate: '19991231', AccessionNumber: '' });
		const { lines, exitCode } = await run('findscu', ['-v', '-S', ...asDesk, ...query]);
		expect(valuesOf(lines, 'AccessionNumber')).toEqual([]);
		expect(lines).toContain('I: Received Final Find Response (Success)');
		expect(exitCode).toBe(0);
	});
});

describe('DCMTK findscu | Modality Worklist | SCU -> our SCP over the gateway', () => {
	testWithDcmtk('the scheduled steps of one station', async () => {
		const step = 'ScheduledProcedureStepSequence[0]';
		const query = [
			...['-k', `${step}.ScheduledStationAETitle=DR1`, '-k', `${step}.Modality`],
			...['-k', 'AccessionNumber', '-k', 'PatientName'],
		];
		const { lines, exitCode } = await run(
			'findscu',
			['-v', '-W', '-aet', 'DR1', '-aec', 'RISMWL', ...query],
			'ris',
		);
		// What is being examined has left the worklist.
		const scheduled = [...(gateway.world.device('ris') as Ris).steps.values()]
			.filter(({ order, status }) => order.device === 'dr1' && status === 'scheduled')
			.map(({ order }) => order);
		expect(scheduled.length).toBeGreaterThan(0);
		const listed = valuesOf(lines, 'AccessionNumber');
		for (const order of scheduled) expect(listed).toContain(order.accessionNumber);
		expect(new Set(valuesOf(lines, 'ScheduledStationAETitle'))).toEqual(new Set(['DR1']));
		expect(new Set(valuesOf(lines, 'Modality'))).toEqual(new Set(['DX']));
		expect(exitCode).toBe(0);
	});
});

describe('DCMTK storescu | C-STORE | SCU -> our SCP over the gateway', () => {
	testWithDcmtk('a series is stored, and found afterwards', async () => {
		const { lines, exitCode } = await run('storescu', ['-v', ...asDesk], 'pacs', sent);
		const stored = lines.filter((line) => line === 'I: Received Store Response (Success)');
		expect(stored).toHaveLength(sent.length);
		expect(exitCode).toBe(0);
		const query = keys({
			StudyInstanceUID: studyInstanceUid,
			AccessionNumber: '',
			NumberOfStudyRelatedInstances: '',
		});
		const found = await run('findscu', ['-v', '-S', ...asDesk, ...query]);
		expect(valuesOf(found.lines, 'AccessionNumber')).toEqual([accessionNumber]);
		expect(valuesOf(found.lines, 'NumberOfStudyRelatedInstances')).toEqual([String(sent.length)]);
	});

	testWithDcmtk('who may not store is told so', async () => {
		const { lines, exitCode } = await run(
			'storescu',
			['-v', '-aet', 'READ1', '-aec', 'PACS1'],
			'pacs',
			[sent[0]!],
		);
		expect(lines.join('\n')).toContain('Received Store Response (Unknown Status: 0x124)');
		expect(exitCode).toBe(1);
	});
});

describe('DCMTK movescu | C-MOVE | SCU -> our SCP over the gateway', () => {
	const move = (destination: string, studyUid: string) =>
		run('movescu', [
			...['-v', '-S', ...asDesk, '-aem', destination],
			...keys({ StudyInstanceUID: studyUid }),
		]);

	testWithDcmtk('an unknown destination is A801', async () => {
		const { lines, exitCode } = await move('NOWHERE', studyInstanceUid);
		expect(lines.join('\n')).toContain('Refused: MoveDestinationUnknown');
		expect(exitCode).toBe(69);
	});

	testWithDcmtk('a destination where nobody listens is A702', async () => {
		const studyUid = gateway.world.records.orders.find(
			(order) => order.archivedUs,
		)?.studyInstanceUid;
		const { lines, exitCode } = await run('movescu', [
			...['-d', '-S', ...asDesk, '-aem', 'NOBODY'],
			...keys({ StudyInstanceUID: studyUid ?? '' }),
		]);
		expect(lines.join('\n')).toContain('0xa702');
		expect(exitCode).not.toBe(0);
	});
});

/** Pixel data of a file as an independent reader sees it. */
function pixelsOf(file: string): Buffer {
	const dataSet = parseDicom(readFileSync(file));
	const element = dataSet.elements['x7fe00010'];
	if (!element) throw new Error(`${file} has no pixel data`);
	return Buffer.from(
		dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length),
	);
}

describe('DCMTK storescp | C-STORE sub-operations of C-MOVE | SCP <- our SCU over the gateway', () => {
	testWithDcmtk('a study that was stored comes back with the same pixels', async () => {
		await run('storescu', asDesk, 'pacs', sent);
		const { lines, exitCode } = await run('movescu', [
			...['-v', '-S', ...asDesk, '-aem', 'STORE'],
			...keys({ StudyInstanceUID: studyInstanceUid }),
		]);
		expect(lines).toContain('I: Received Final Move Response (Success)');
		expect(exitCode).toBe(0);
		const files = readdirSync(received).map((name) => join(received, name));
		expect(files).toHaveLength(sent.length);
		const dump = execFileSync('dcmdump', files, { encoding: 'latin1' });
		expect(dump.match(/StudyInstanceUID$/gm)).toHaveLength(sent.length);
		for (const [index, { sopInstanceUid }] of instances.entries()) {
			const file = files.find((name) => name.endsWith(sopInstanceUid));
			expect(pixelsOf(file ?? '').equals(pixelsOf(sent[index]!))).toBe(true);
		}
	});

	testWithDcmtk('a study that a scanner made arrives too', async () => {
		const order = gateway.world.records.orders.find((entry) => entry.archivedUs !== undefined);
		const { exitCode } = await run('movescu', [
			...['-S', ...asDesk, '-aem', 'STORE'],
			...keys({ StudyInstanceUID: order?.studyInstanceUid ?? '' }),
		]);
		expect(exitCode).toBe(0);
		const names = readdirSync(received);
		for (const uid of order?.instances ?? []) {
			expect(names.some((name) => name.endsWith(uid))).toBe(true);
		}
	});
});
