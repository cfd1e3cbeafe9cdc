/**
 * Orthanc in the place of the simulated archive and of the RIS's worklist: the simulated scanner and the reading
 * room work with it over real sockets, and it reaches them on theirs.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
import { missingOrthanc, Orthanc } from './orthanc.ts';

const missing = missingOrthanc();
if (missing !== undefined) console.warn(`skipped: Orthanc as archive: ${missing}`);
const testWithOrthanc = test.skipIf(missing !== undefined);
/** Orthanc reports in its own time, and real sockets on a busy machine take some. */
const PATIENCE = { timeout: 20_000 };

const acquisition = syntheticAcquisition('orthanc-archive');
const series = acquire('CT', acquisition);

let orthanc: Orthanc;
let gateway: Gateway;

beforeAll(async () => {
	if (missing !== undefined) return;
	orthanc = await Orthanc.start('PACS1');
	writeFileSync(join(orthanc.worklistFolder, 'ct1.wl'), worklistFile(acquisition));
	gateway = await openGateway({
		hospital: communityHospital(),
		seed: 'orthanc-archive',
		startUs: parseIsoLocal('2026-03-09T10:00') ?? 0,
		...{ warmUpUs: hours(1), basePort: 0, callers: [], destinations: [] },
		substitutes: [
			{ host: 'pacs', hospitalPort: 104, port: orthanc.dicomPort },
			{ host: 'ris', hospitalPort: 104, port: orthanc.dicomPort },
		],
	});
	for (const aeTitle of ['CT1', 'READ1']) {
		const node = gateway.nodes.find((entry) => entry.aeTitle === aeTitle);
		await orthanc.know(aeTitle.toLowerCase(), aeTitle, node?.realPort ?? 0);
	}
});
afterAll(async () => {
	if (missing !== undefined) return;
	await gateway.close();
	await orthanc.stop();
});

testWithOrthanc('Orthanc | Modality Worklist C-FIND | SCP', async () => {
	const outcome = await gateway.act('worklist', scanner(gateway).refreshWorklist());
	expect(outcome).toMatchObject({ ok: true });
	expect(scanner(gateway).worklist.map(({ accessionNumber }) => accessionNumber)).toEqual([
		acquisition.order.accessionNumber,
	]);
	expect(scanner(gateway).worklist[0]?.patientName).toBe(acquisition.patient.name);
});

testWithOrthanc('Orthanc | C-STORE | SCP: the simulated scanner sends its study', async () => {
	const instances = await sendSeries(gateway, series);
	for (const { sopInstanceUid, dataSet } of instances) {
		const [found] = (await orthanc.send('POST', '/tools/lookup', sopInstanceUid)) as {
			ID: string;
		}[];
		const file = readPart10(await orthanc.file(`/instances/${found?.ID}/file`));
		if (!file.ok) throw new Error(file.error.message);
		const options = { transferSyntax: file.transferSyntax };
		expect(joinBytes(encodeDataSet(file.dataSet, options))).toEqual(
			joinBytes(encodeDataSet(dataSet, options)),
		);
	}
});

testWithOrthanc(
	'Orthanc | Storage Commitment | SCP: it reports to the scanner on an association of its own',
	async () => {
		const job = scanner(gateway).queue.at(-1);
		await expect.poll(() => job?.commitment.state, PATIENCE).toBe('committed');
	},
);

testWithOrthanc('Orthanc | C-FIND | SCP: the reading list', async () => {
	expect(await gateway.act('refresh', reader(gateway).refresh())).toBeUndefined();
	const listed = reader(gateway).list.get(acquisition.order.studyInstanceUid);
	expect(listed?.accessionNumber).toBe(acquisition.order.accessionNumber);
});

testWithOrthanc.each(['MOVE', 'GET'])(
	'Orthanc | C-%s | SCP: the images come to the reading room',
	async (service) => {
		const received = await retrieveStudy(gateway, service, acquisition.order.studyInstanceUid);
		expect(received).toBe(series.instances.length);
	},
);
