/**
 * DCMTK's image archive (dcmqrscp) in the place of the simulated one, and its worklist provider (wlmscpfs) in the
 * place of the RIS: the simulated scanner and reading room are the users, over real sockets.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acquire } from '#lib/hospital/objects/acquire.ts';
import { hours, parseIsoLocal } from '#lib/kernel/time.ts';
import { encodeDataSet, joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { readPart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { communityHospital } from '#lib/server/gateway/community.fixture.ts';
import { openGateway, type Gateway } from '#lib/server/gateway/open-gateway.ts';
import { reader, retrieveStudy, scanner, sendSeries } from '../support/scanner-and-reader.ts';
import { syntheticAcquisition } from '../support/synthetic-acquisition.ts';
import { worklistFile } from '../support/worklist-file.ts';
import { freePort } from './orthanc.ts';

const missing = ['dcmqrscp', 'wlmscpfs', 'echoscu'].find(
	(tool) => spawnSync(tool, ['--version']).error,
);
if (missing !== undefined) console.warn(`skipped: DCMTK as archive: ${missing} is not installed`);
const testWithDcmtk = test.skipIf(missing !== undefined);
const ENVIRONMENT = { ...process.env, TCP_NODELAY: '1' };

const acquisition = syntheticAcquisition('dcmtk-archive');
const series = acquire('CT', acquisition);

let folder = '';
let gateway: Gateway;
const children: ChildProcess[] = [];

function start(program: string, args: string[]): void {
	children.push(spawn(program, args, { env: ENVIRONMENT, stdio: 'ignore' }));
}

/** Waits until a program has started to answer. */
async function answers(port: number, called: string): Promise<void> {
	const echo = ['-aet', 'READ1', '-aec', called, '127.0.0.1', String(port)];
	for (let attempt = 0; attempt < 100; attempt++) {
		if (spawnSync('echoscu', echo).status === 0) return;
		await delay(50);
	}
	throw new Error(`${called} does not answer on port ${port}`);
}

beforeAll(async () => {
	if (missing !== undefined) return;
	folder = mkdtempSync(join(tmpdir(), 'dcmtk-archive-'));
	const [archivePort, worklistPort] = [await freePort(), await freePort()];
	gateway = await openGateway({
		// Nobody else sends: two children of dcmqrscp 3.6.7 that store at once can choose the same file name, and an
		// image that was answered with success is gone.
		hospital: { ...communityHospital(), schedule: [] },
		seed: 'dcmtk-archive',
		startUs: parseIsoLocal('2026-03-09T10:00') ?? 0,
		...{ warmUpUs: hours(1), basePort: 0, callers: [], destinations: [] },
		substitutes: [
			{ host: 'pacs', hospitalPort: 104, port: archivePort },
			{ host: 'ris', hospitalPort: 104, port: worklistPort },
		],
	});
	const read1 = gateway.nodes.find(({ aeTitle }) => aeTitle === 'READ1')?.realPort;
	mkdirSync(join(folder, 'storage'));
	writeFileSync(
		join(folder, 'dcmqrscp.cfg'),
		[
			`NetworkTCPPort = ${archivePort}`,
			'MaxPDUSize = 16384',
			'MaxAssociations = 16',
			...['HostTable BEGIN', `read1 = (READ1, 127.0.0.1, ${read1})`, 'HostTable END'],
			...['VendorTable BEGIN', 'VendorTable END', 'AETable BEGIN'],
			`PACS1 ${join(folder, 'storage')} RW (200, 1024mb) ANY`,
			'AETable END',
			'',
		].join('\n'),
	);
	start('dcmqrscp', ['-c', join(folder, 'dcmqrscp.cfg')]);
	const worklist = join(folder, 'worklist', 'RISMWL');
	mkdirSync(worklist, { recursive: true });
	writeFileSync(join(worklist, 'lockfile'), '');
	writeFileSync(join(worklist, 'ct1.wl'), worklistFile(acquisition));
	start('wlmscpfs', ['-dfp', join(folder, 'worklist'), String(worklistPort)]);
	await answers(archivePort, 'PACS1');
	await answers(worklistPort, 'RISMWL');
});
afterAll(async () => {
	if (missing !== undefined) return;
	await gateway.close();
	for (const child of children) child.kill();
	rmSync(folder, { recursive: true, force: true });
});

testWithDcmtk('DCMTK wlmscpfs | Modality Worklist | SCP <- our SCU', async () => {
	expect(await gateway.act('worklist', scanner(gateway).refreshWorklist())).toMatchObject({
		ok: true,
	});
	expect(scanner(gateway).worklist.map(({ accessionNumber }) => accessionNumber)).toEqual([
		acquisition.order.accessionNumber,
	]);
});

testWithDcmtk(
	'DCMTK dcmqrscp | C-STORE | SCP <- our SCU: the scanner sends its study',
	async () => {
		const instances = await sendSeries(gateway, series);
		const stored = new Map(
			readdirSync(join(folder, 'storage'))
				.filter((name) => name !== 'index.dat')
				.map((name) => {
					const file = readPart10(new Uint8Array(readFileSync(join(folder, 'storage', name))));
					if (!file.ok) throw new Error(file.error.message);
					return [file.dataSet.text('SOPInstanceUID'), file] as const;
				}),
		);
		for (const { sopInstanceUid, dataSet } of instances) {
			const file = stored.get(sopInstanceUid);
			const options = { transferSyntax: file?.transferSyntax ?? '' };
			expect(file && joinBytes(encodeDataSet(file.dataSet, options))).toEqual(
				joinBytes(encodeDataSet(dataSet, options)),
			);
		}
	},
);

testWithDcmtk('DCMTK dcmqrscp | C-FIND study root | SCP <- our SCU: the reading list', async () => {
	expect(await gateway.act('refresh', reader(gateway).refresh())).toBeUndefined();
	const listed = reader(gateway).list.get(acquisition.order.studyInstanceUid);
	expect(listed).toMatchObject({ accessionNumber: acquisition.order.accessionNumber });
});

testWithDcmtk.each(['MOVE', 'GET'])(
	'DCMTK dcmqrscp | C-%s | SCP <- our SCU: the images come to the reading room',
	async (service) => {
		const received = await retrieveStudy(gateway, service, acquisition.order.studyInstanceUid);
		expect(received).toBe(series.instances.length);
	},
);
