/** Orthanc beside the simulated archive: each is the other's user and provider, over real sockets. */
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
import { missingOrthanc, Orthanc } from './orthanc.ts';

const missing = missingOrthanc();
if (missing !== undefined) console.warn(`skipped: Orthanc beside the archive: ${missing}`);
const testWithOrthanc = test.skipIf(missing !== undefined);

let orthanc: Orthanc;
let gateway: Gateway;

const archive = (): Archive => gateway.world.device('pacs') as Archive;

beforeAll(async () => {
	if (missing !== undefined) return;
	orthanc = await Orthanc.start('ORTHANC');
	gateway = await openGateway({
		hospital: communityHospital(),
		seed: 'orthanc',
		startUs: parseIsoLocal('2026-03-09T10:00') ?? 0,
		...{ warmUpUs: hours(2), basePort: 0, callers: [] },
		destinations: [{ aeTitle: 'ORTHANC', port: orthanc.dicomPort }],
	});
	const pacs = gateway.nodes.find((node) => node.aeTitle === 'PACS1');
	await orthanc.know('pacs', 'PACS1', pacs?.realPort ?? 0);
});
afterAll(async () => {
	if (missing !== undefined) return;
	await gateway.close();
	await orthanc.stop();
});

testWithOrthanc('Orthanc | C-ECHO | SCU', async () => {
	await orthanc.send('POST', '/modalities/pacs/echo', {});
});

testWithOrthanc('Orthanc | C-ECHO | SCP', async () => {
	const { world } = gateway;
	const operation = world.operation(archive(), 'echo-node');
	if (!operation) throw new Error('the archive has no echo');
	const input = { row: 'ORTHANC', fields: {} };
	const result = await gateway.act('echo', world.operate(archive(), operation, input));
	expect(result.text).toContain('PASSED');
});

testWithOrthanc('Orthanc | C-STORE | SCU', async () => {
	const { instances } = acquire('CT', syntheticAcquisition('orthanc'));
	const uploaded: string[] = [];
	for (const { dataSet } of instances) {
		const file = writePart10(dataSet, {
			transferSyntax: UID.LittleEndianExplicit,
			...{ implementationClassUid: '2.25.1', implementationVersionName: 'TEST' },
		});
		const { ID } = (await orthanc.send('POST', '/instances', joinBytes(file))) as { ID: string };
		uploaded.push(ID);
	}
	const before = archive().store.instanceCount;
	await orthanc.send('POST', '/modalities/pacs/store', uploaded);
	expect(archive().store.instanceCount).toBe(before + instances.length);
	for (const { sopInstanceUid } of instances) {
		expect(archive().store.has(sopInstanceUid)).toBe(true);
	}
});

/** A query of Orthanc to the archive. */
async function query(level: string, keys: Record<string, string>): Promise<string[]> {
	const body = { Level: level, Query: keys };
	const { ID } = (await orthanc.send('POST', '/modalities/pacs/query', body)) as { ID: string };
	const answers = (await orthanc.get(`/queries/${ID}/answers`)) as string[];
	return [ID, ...answers];
}

testWithOrthanc('Orthanc | C-FIND | SCU', async () => {
	const studies = [...archive().store.studies.values()];
	const [id, ...answers] = await query('Study', {});
	expect(answers).toHaveLength(studies.length);
	const first = (await orthanc.get(`/queries/${id}/answers/0/content?simplify`)) as Record<
		string,
		string
	>;
	const known = studies.find((study) => study.studyInstanceUid === first['StudyInstanceUID']);
	expect(first['PatientID']).toBe(known?.patientId);
	const series = (await query('Series', { StudyInstanceUID: known?.studyInstanceUid ?? '' })).slice(
		1,
	);
	expect(series).toHaveLength(known?.series.size ?? -1);
});

testWithOrthanc('Orthanc | C-MOVE | SCU: the images come back to it by C-STORE', async () => {
	const [study] = archive().store.studies.values();
	if (!study) throw new Error('the archive is empty');
	const [id] = await query('Study', { StudyInstanceUID: study.studyInstanceUid });
	await orthanc.send('POST', `/queries/${id}/answers/0/retrieve`, 'ORTHANC');
	for (const instance of instancesOf(study)) {
		const [found] = (await orthanc.send('POST', '/tools/lookup', instance.sopInstanceUid)) as {
			ID: string;
		}[];
		expect(found, instance.sopInstanceUid).toBeDefined();
		const file = readPart10(await orthanc.file(`/instances/${found!.ID}/file`));
		if (!file.ok) throw new Error(file.error.message);
		// What Orthanc kept is what the scanner sent, byte for byte.
		const options = { transferSyntax: file.transferSyntax };
		expect(joinBytes(encodeDataSet(file.dataSet, options))).toEqual(instance.bytes);
	}
});
