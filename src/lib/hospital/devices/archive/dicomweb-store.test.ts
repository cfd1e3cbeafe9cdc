import { expect, test } from 'vitest';
import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import type { JsonDataSet } from '#lib/protocol/dicom/web/json-model.ts';
import { writeMultipart } from '#lib/protocol/dicom/web/multipart.ts';
import { acquireCtSeries } from '../../objects/ct-image.ts';
import { BASE, first, hospital, URI } from '../../../../../tests/support/dicomweb-answers.ts';
import { ask, type Answered } from '../../../../../tests/support/http-over-stream.ts';
import { syntheticAcquisition } from '../../../../../tests/support/synthetic-acquisition.ts';

/** A file of an object, with changes, in a transfer syntax. */
function fileOf(
	object: DataSet,
	changes: Record<string, string> = {},
	transferSyntax: string = UID.LittleEndianExplicit,
): Uint8Array {
	for (const [keyword, value] of Object.entries(changes)) object.set(keyword, value);
	return joinBytes(
		writePart10(object, {
			transferSyntax,
			implementationClassUid: '2.25.1',
			implementationVersionName: 'TEST',
		}),
	);
}

const objects = (seed: string, slices: number): DataSet[] =>
	acquireCtSeries(syntheticAcquisition(seed), { slices }).instances.map(({ dataSet }) => dataSet);

function post(world: Parameters<typeof ask>[0], files: Uint8Array[], study = ''): Answered {
	const fields = [['Content-Type', 'application/dicom']] as const;
	const { boundary, body } = writeMultipart(files.map((file) => ({ fields, body: [file] })));
	const type = `multipart/related; type="application/dicom"; boundary="${boundary}"`;
	return ask(world, `${BASE}/studies${study}`, {
		method: 'POST',
		fields: [['Content-Type', type]],
		body: joinBytes(body),
	});
}

/** SOP Instance UIDs, or failure reasons, of a store response. */
function outcome(answer: Answered) {
	const response = JSON.parse(answer.text) as JsonDataSet;
	const items = (tag: string, inner: string): unknown[] =>
		((response[tag]?.Value ?? []) as JsonDataSet[]).map((item) => first(item[inner]));
	return {
		status: answer.status,
		stored: items('00081199', '00081155'),
		warnings: items('00081199', '00081196'),
		failed: items('00081198', '00081197'),
		others: items('0008119A', '00081197'),
		url: first(response['00081190']),
	};
}

test('store: all, some, none', () => {
	const { world, archive } = hospital();
	const [a, b] = objects('new', 2) as [DataSet, DataSet];
	const uid = a.text('SOPInstanceUID')!;
	const study = a.text('StudyInstanceUID')!;
	expect(outcome(post(world, [fileOf(a)]))).toEqual({
		status: 200,
		stored: [uid],
		warnings: [undefined],
		failed: [],
		others: [],
		url: `${URI}/studies/${study}`,
	});
	expect(archive.store.has(uid)).toBe(true);
	// A lost answer: the same again is a success.
	expect(post(world, [fileOf(a)]).status).toBe(200);
	const wrong = fileOf(objects('other', 1)[0]!);
	const some = outcome(post(world, [fileOf(b), wrong, new Uint8Array(200)], `/${study}`));
	expect(some).toMatchObject({
		status: 202,
		stored: [b.text('SOPInstanceUID')],
		failed: [0xa900],
		others: [0xc000],
		url: `${URI}/studies/${study}`,
	});
	expect(outcome(post(world, [wrong], `/${study}`))).toMatchObject({
		status: 409,
		failed: [43264],
	});
	expect(ask(world, `${BASE}/studies/${study}/instances`).status).toBe(200);
});

test('store: why an instance fails', () => {
	const { world, archive } = hospital();
	const reason = (file: Uint8Array): unknown[] => outcome(post(world, [file])).failed;
	const one = (seed: string): DataSet => objects(seed, 1)[0]!;
	expect(reason(fileOf(one('a'), {}, UID.LittleEndianImplicit))).toEqual([0xc122]);
	expect(reason(fileOf(one('b'), { SOPClassUID: '1.2.3' }))).toEqual([0x0122]);
	expect(reason(fileOf(one('c'), { SeriesInstanceUID: '' }))).toEqual([0xa900]);
	expect(reason(fileOf(one('d'), { StudyInstanceUID: '1.2.x' }))).toEqual([0xc000]);
	archive.volume.usedBytes = archive.volume.sizeBytes;
	expect(reason(fileOf(one('e')))).toEqual([0xa700]);
	const log = archive.logFile.lines.join('\n');
	expect(log).toContain('STOW-RS from 10.20.30.50: A700 No space left on /archive');
	expect(log).toMatch(/http 10\.20\.30\.50 "POST \/dicom-web\/studies HTTP\/1\.1" 409 \d+/);
});

test('store: a warning is told, and makes it 202', () => {
	const { world, archive } = hospital();
	archive.config.coerceIssuer = true;
	expect(outcome(post(world, [fileOf(objects('w', 1)[0]!)]))).toMatchObject({
		status: 202,
		warnings: [0xb000],
	});
});

test('store: requests that are none', () => {
	const { world } = hospital();
	const send = (type: string, body: string, path = '/studies'): Answered =>
		ask(world, `${BASE}${path}`, {
			method: 'POST',
			fields: [['Content-Type', type]],
			body: new TextEncoder().encode(body),
		});
	const dicom = 'multipart/related; type="application/dicom"';
	expect(send('application/json', '{}').status).toBe(415);
	expect(send('multipart/related; type="application/dicom+json"; boundary=b', '').status).toBe(415);
	expect(send('multipart/form-data; boundary=b', '--b--').status).toBe(415);
	expect(send(dicom, '--b--').status).toBe(400);
	expect(send(`${dicom}; boundary=b`, '--b\r\n\r\nx').status).toBe(400);
	expect(send(`${dicom}; boundary=b`, '--b--').status).toBe(400);
	expect(send(`${dicom}; boundary=b`, '--b--', '/series').status).toBe(405);
	expect(send('application/dicom', 'nothing').status).toBe(409);
});
