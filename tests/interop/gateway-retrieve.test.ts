/**
 * DCMTK's users of the patient root model, C-GET, C-CANCEL and compressed transfer syntaxes against the simulated
 * archive, over real sockets.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import { instancesOf } from '#lib/hospital/devices/archive/study-store.ts';
import { acquire } from '#lib/hospital/objects/acquire.ts';
import { hours, parseIsoLocal } from '#lib/kernel/time.ts';
import { encodeDataSet, joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { readPart10, writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { communityHospital } from '#lib/server/gateway/community.fixture.ts';
import { openGateway, type Gateway } from '#lib/server/gateway/open-gateway.ts';
import { syntheticAcquisition } from '../support/synthetic-acquisition.ts';

const TOOLS = ['getscu', 'findscu', 'storescu', 'dcmcrle', 'dcmcjpeg', 'dcmconv', 'dcmdump'];
const missing = TOOLS.find((tool) => spawnSync(tool, ['--version']).error);
if (missing !== undefined) console.warn(`skipped: DCMTK's ${missing} is not installed`);
const testWithDcmtk = test.skipIf(missing !== undefined);

let gateway: Gateway;
let folder = '';
let count = 0;

const archive = (): Archive => gateway.world.device('pacs') as Archive;

beforeAll(async () => {
	if (missing !== undefined) return;
	folder = mkdtempSync(join(tmpdir(), 'retrieve-'));
	gateway = await openGateway({
		hospital: communityHospital(),
		seed: 'retrieve',
		startUs: parseIsoLocal('2026-03-09T10:00') ?? 0,
		...{ warmUpUs: hours(2), basePort: 0, callers: [], destinations: [] },
	});
});
afterAll(async () => {
	if (missing !== undefined) return;
	await gateway.close();
	rmSync(folder, { recursive: true, force: true });
});

/** Runs a tool against the archive as the desk; its output in lines. */
function run(tool: string, args: string[], files: string[] = []) {
	const port = gateway.nodes.find(({ aeTitle }) => aeTitle === 'PACS1')?.realPort ?? 0;
	const all = ['-aet', 'PACSDESK', '-aec', 'PACS1', ...args, '127.0.0.1', String(port), ...files];
	return new Promise<{ text: string; exitCode: number }>((resolve) => {
		const child = execFile(
			tool,
			all,
			{ env: { ...process.env, TCP_NODELAY: '1' }, maxBuffer: 64 * 1024 * 1024 },
			(_, stdout, stderr) => resolve({ text: stdout + stderr, exitCode: child.exitCode ?? -1 }),
		);
	});
}

const key = (keyword: string, value = '') => ['-k', value === '' ? keyword : `${keyword}=${value}`];

/** The files that a retrieve wrote, by SOP Instance UID. */
async function get(args: string[]) {
	const received = join(folder, `received-${count++}`);
	mkdirSync(received);
	const { text, exitCode } = await run('getscu', ['-v', '+B', '-od', received, ...args]);
	const files = readdirSync(received).map((name) => {
		const file = readPart10(new Uint8Array(readFileSync(join(received, name))));
		if (!file.ok) throw new Error(file.error.message);
		return [file.dataSet.text('SOPInstanceUID'), file] as const;
	});
	return { text, exitCode, files: new Map(files) };
}

const bytesOf = (file: { dataSet: Parameters<typeof encodeDataSet>[0]; transferSyntax: string }) =>
	joinBytes(encodeDataSet(file.dataSet, { transferSyntax: file.transferSyntax }));

testWithDcmtk('DCMTK getscu | C-GET study root | SCU -> our SCP over the gateway', async () => {
	const [study] = archive().store.studies.values();
	const instances = instancesOf(study!);
	const { exitCode, files, text } = await get([
		...['-S', ...key('QueryRetrieveLevel', 'STUDY')],
		...key('StudyInstanceUID', study!.studyInstanceUid),
	]);
	expect(exitCode, text).toBe(0);
	expect(files.size).toBe(instances.length);
	for (const { sopInstanceUid, bytes } of instances) {
		expect(bytesOf(files.get(sopInstanceUid)!)).toEqual(bytes);
	}
});

testWithDcmtk('DCMTK getscu | C-GET patient root | SCU -> our SCP over the gateway', async () => {
	const [study] = archive().store.studies.values();
	const [instance] = instancesOf(study!);
	const { exitCode, files, text } = await get([
		...['-P', ...key('QueryRetrieveLevel', 'IMAGE'), ...key('PatientID', study!.patientId)],
		...key('StudyInstanceUID', instance!.studyInstanceUid),
		...key('SeriesInstanceUID', instance!.seriesInstanceUid),
		...key('SOPInstanceUID', instance!.sopInstanceUid),
	]);
	expect(exitCode, text).toBe(0);
	expect([...files.keys()]).toEqual([instance!.sopInstanceUid]);
});

testWithDcmtk('DCMTK findscu | C-FIND patient root | SCU -> our SCP over the gateway', async () => {
	const patients = new Set([...archive().store.studies.values()].map((one) => one.patientId));
	const { text, exitCode } = await run('findscu', [
		...['-v', '-P', ...key('QueryRetrieveLevel', 'PATIENT'), ...key('PatientID')],
		...key('PatientName', '*'),
	]);
	expect(exitCode).toBe(0);
	const found = text.match(/\(0010,0020\) LO \[([^\]]+)\]/g) ?? [];
	expect(new Set(found.map((line) => line.slice(16, -1).trim()))).toEqual(patients);
});

testWithDcmtk('DCMTK findscu | C-FIND refusal | SCU -> our SCP over the gateway', async () => {
	// At SERIES level the study must be named (PS3.4 C.4.1.1.3.1).
	const { text } = await run('findscu', [
		...['-v', '-S', ...key('QueryRetrieveLevel', 'SERIES'), ...key('SeriesInstanceUID')],
	]);
	expect(text).toMatch(/DataSetDoesNotMatchSOPClass|IdentifierDoesNotMatchSOPClass/);
});

testWithDcmtk('DCMTK findscu | C-CANCEL | SCU -> our SCP over the gateway', async () => {
	expect(archive().store.studies.size).toBeGreaterThan(5);
	const { text } = await run('findscu', [
		...['-v', '-S', '--cancel', '2', ...key('QueryRetrieveLevel', 'STUDY')],
		...key('StudyInstanceUID'),
	]);
	expect(text).toContain('Sending Cancel Request');
	expect(text).toMatch(/Cancel: MatchingTerminatedDueToCancelRequest|Success/);
});

testWithDcmtk.each([
	['RLE Lossless', ['dcmcrle'], '-xr', UID.RLELossless],
	['JPEG Lossless', ['dcmcjpeg'], '-xs', UID['JPEGLossless:Non-hierarchical-1stOrderPrediction']],
	['Deflated Explicit VR', ['dcmconv', '+td'], '-xd', UID.DeflatedLittleEndianExplicit],
	['Big Endian Explicit VR', ['dcmconv', '+tb'], '-xb', UID.BigEndianExplicit],
] as const)(
	'DCMTK storescu and getscu | C-STORE, C-GET of %s | SCU -> our SCP over the gateway',
	async (name, [tool, ...options], proposal, transferSyntax) => {
		const [{ dataSet } = { dataSet: undefined }] = acquire(
			'CT',
			syntheticAcquisition(name),
		).instances;
		const plain = join(folder, 'plain.dcm');
		const file = join(folder, 'compressed.dcm');
		const pieces = writePart10(dataSet!, {
			transferSyntax: UID.LittleEndianExplicit,
			...{ implementationClassUid: '2.25.1', implementationVersionName: 'TEST' },
		});
		writeFileSync(plain, joinBytes(pieces));
		expect(spawnSync(tool, [...options, plain, file]).status).toBe(0);
		const { text, exitCode } = await run('storescu', ['-v', proposal], [file]);
		expect(exitCode, text).toBe(0);
		const sent = readPart10(new Uint8Array(readFileSync(file)));
		if (!sent.ok) throw new Error(sent.error.message);
		expect(sent.transferSyntax).toBe(transferSyntax);
		const sopInstanceUid = sent.dataSet.text('SOPInstanceUID') ?? '';
		const kept = [...archive().store.studies.values()]
			.flatMap((study) => instancesOf(study))
			.find((instance) => instance.sopInstanceUid === sopInstanceUid);
		expect(kept?.transferSyntax).toBe(transferSyntax);
		// Written again by us, the object is what storescu sent, but for how DCMTK wrote its sequences.
		if (proposal !== '-xd') expect(kept?.bytes.length).toBeGreaterThan(0);
		const pixels = (of: typeof sent.dataSet | undefined) =>
			of?.element('PixelData')?.fragments ?? of?.bytes('PixelData');
		expect(pixels(kept?.dataSet)).toEqual(pixels(sent.dataSet));
	},
);
