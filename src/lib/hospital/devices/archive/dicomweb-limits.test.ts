import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeDataSet, joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { readPart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { answer } from '#lib/protocol/dicom/web/origin-server.ts';
import { encodeResponseHead } from '#lib/protocol/http/encode-head.ts';
import { acquireCtSeries } from '../../objects/ct-image.ts';
import { webPort } from './dicomweb.ts';
import { BASE, hospital, parts } from '../../../../../tests/support/dicomweb-answers.ts';
import { ask, type Answered } from '../../../../../tests/support/http-over-stream.ts';
import { syntheticAcquisition } from '../../../../../tests/support/synthetic-acquisition.ts';

/** A service with narrow limits. */
const OPTIONS = {
	prefix: ['dicom-web'],
	authority: 'pacs',
	resultsMax: 2,
	matchesMax: 3,
	payloadBytesMax: 40_000,
	implementationClassUid: '2.25.1',
	implementationVersionName: 'TEST',
	sourceAeTitle: 'PACS1',
};

test('what is too much for one response', () => {
	const { archive, ctPath } = hospital();
	const get = (target: string) => {
		const request = { method: 'GET', target, minorVersion: 0 as const, fields: [], body: [] };
		const reply = answer(webPort(archive), request, OPTIONS);
		if (reply.kind !== 'response') throw new Error(reply.kind);
		return reply.response;
	};
	const warning = (target: string): string[] =>
		get(target)
			.fields.filter(([name]) => name === 'Warning')
			.map(([, value]) => value);
	expect(get(`${BASE}/instances`).status).toBe(413);
	expect(get(`${BASE}/instances?limit=4`).status).toBe(200);
	expect(warning(`${BASE}/instances?limit=4`)).toEqual([
		'299 http://pacs/dicom-web: There are 2 additional results that can be requested',
	]);
	expect(get(`${BASE}/instances?Modality=CT`).status).toBe(200);
	expect(get(ctPath).status).toBe(200);
	expect(get(ctPath.slice(0, ctPath.indexOf('/instances'))).status).toBe(413);
});

test('compressed frames go out as they are, to who takes them', () => {
	const { world, archive } = hospital();
	const [series] = acquireCtSeries(syntheticAcquisition('jpeg'), { slices: 1 }).instances;
	const object = series!.dataSet;
	object.set('NumberOfFrames', 2).set('SOPInstanceUID', '2.25.9');
	const table = Uint8Array.of(0, 0, 0, 0, 20, 0, 0, 0);
	const fragments = [
		[1, 2],
		[3, 4],
		[5, 6],
	].map((bytes) => Uint8Array.from(bytes));
	object.setFragments('PixelData', [table, ...fragments]);
	const transferSyntax = UID['JPEGLossless:Non-hierarchical-1stOrderPrediction'];
	archive.keep({
		sopClassUid: UID.CTImageStorage,
		sopInstanceUid: '2.25.9',
		transferSyntax,
		bytes: joinBytes(encodeDataSet(object, { transferSyntax })),
		callingAeTitle: 'CT1',
		receivedUs: 0,
	});
	const path = `${BASE}/studies/${object.text('StudyInstanceUID')}/series/${object.text('SeriesInstanceUID')}/instances/2.25.9`;
	const get = (target: string, accept: string): Answered =>
		ask(world, target, { fields: [['Accept', accept]] });
	const any = 'multipart/related; type="image/jpeg"; transfer-syntax=*';
	const frames = parts(get(`${path}/frames/2,1`, any));
	expect(frames.map(({ body }) => [...body])).toEqual([
		[5, 6],
		[1, 2, 3, 4],
	]);
	expect(frames[0]?.fields[0]?.[1]).toBe(`image/jpeg; transfer-syntax=${transferSyntax}`);
	expect(parts(get(`${path}/bulkdata/7FE00010`, any))).toHaveLength(2);
	// Who does not say so wants it without compression, which is not done here.
	expect(get(path, 'multipart/related; type="application/dicom"').status).toBe(406);
	expect(get(`${path}/frames/1`, '*/*').status).toBe(406);
	expect(get(`${path}/rendered`, 'image/png').status).toBe(406);
	const stored = get(path, 'application/dicom; transfer-syntax=*');
	const file = readPart10(stored.bytes);
	expect(file.ok && file.transferSyntax).toBe(transferSyntax);
	expect(file.ok && file.dataSet.element('PixelData')?.fragments).toHaveLength(4);
});

test('property: whatever the URL and its parameters are, there is an answer', () => {
	const { archive, ctPath } = hospital();
	const word = fc.constantFrom(
		...['studies', 'series', 'instances', 'frames', 'rendered', 'metadata', 'bulkdata', '1.2', '1'],
		...['constructor', '__proto__', '%', '%C3%A9', '..', '7FE00010', '99999999999', ',', '=', '&'],
		...['PatientName', '00100020', 'limit', 'includefield', 'all', 'window', 'viewport', 'accept'],
	);
	const part = fc.oneof(word, fc.string({ maxLength: 8 }));
	const target = fc
		.tuple(fc.constantFrom(BASE, ctPath, ''), fc.array(part), fc.array(fc.tuple(part, part)))
		.map(([start, path, query]) => {
			const pairs = query.map(([name, value]) => `${name}=${value}`).join('&');
			return `${[start, ...path].join('/')}?${pairs}`;
		});
	const method = fc.constantFrom('GET', 'POST', 'OPTIONS', 'TRACE');
	const type = fc.constantFrom('', 'multipart/related; type="application/dicom"; boundary=b', 'x');
	fc.assert(
		fc.property(target, method, type, fc.uint8Array(), (url, verb, contentType, body) => {
			const fields = [['Content-Type', contentType] as const];
			const request = { method: verb, target: url, minorVersion: 1 as const, fields, body: [body] };
			const reply = answer(webPort(archive), request, OPTIONS);
			if (reply.kind === 'response') expect(reply.response.status).toBeGreaterThan(199);
			// The head must be one that can be sent.
			if (reply.kind === 'response') encodeResponseHead(200, reply.response.fields);
		}),
		{ numRuns: 500 },
	);
});
