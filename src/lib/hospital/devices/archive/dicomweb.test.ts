import { decode as decodeJpeg } from 'jpeg-js';
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readPart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { jsonToDataSet } from '#lib/protocol/dicom/web/read-json.ts';
import {
	BASE,
	first,
	hospital,
	json,
	parts,
	URI,
} from '../../../../../tests/support/dicomweb-answers.ts';
import { ask, type Answered } from '../../../../../tests/support/http-over-stream.ts';

test('search: every level, in a study and across all', () => {
	const { world, ct, dx } = hospital();
	const study = ct[0]!.text('StudyInstanceUID')!;
	const series = ct[0]!.text('SeriesInstanceUID')!;
	const uids = (target: string, tag: string): unknown[] =>
		json(ask(world, `${BASE}${target}`)).map((result) => first(result[tag]));
	expect(uids('/studies', '0020000D')).toEqual([study, dx[0]!.text('StudyInstanceUID')]);
	expect(uids('/series', '0020000E')).toEqual([series, dx[0]!.text('SeriesInstanceUID')]);
	expect(uids('/instances', '00080018')).toHaveLength(4);
	expect(uids(`/studies/${study}/series`, '0020000E')).toEqual([series]);
	const sop = ct.map((object) => object.text('SOPInstanceUID'));
	expect(uids(`/studies/${study}/instances`, '00080018')).toEqual(sop);
	expect(uids(`/studies/${study}/series/${series}/instances`, '00080018')).toEqual(sop);
	expect(ask(world, `${BASE}/studies/1.2/series`).status).toBe(204);
});

test('search: what is returned unasked, and with includefield', () => {
	const { world, ct } = hospital();
	const [result] = json(ask(world, `${BASE}/studies?ModalitiesInStudy=CT`));
	expect(Object.keys(result!)).toEqual([
		...['00080005', '00080020', '00080030', '00080050', '00080056', '00080061', '00080090'],
		...['00081190', '00100010', '00100020', '00100030', '00100040', '0020000D', '00200010'],
		...['00201206', '00201208'],
	]);
	expect(result?.['00080005']).toEqual({ vr: 'CS', Value: ['ISO_IR 192'] });
	expect(result?.['00080090']?.Value).toEqual([{ Alphabetic: 'Cirrus^Noémie' }]);
	expect(result?.['00201208']).toEqual({ vr: 'IS', Value: [3] });
	const more = json(
		ask(world, `${BASE}/studies?00080061=CT&includefield=00081030,PatientAge&includefield=Rows`),
	)[0];
	expect(first(more?.['00081030'])).toBe('CT head without contrast');
	expect(more?.['00101010']?.vr).toBe('AS');
	expect(more).not.toHaveProperty('00280010');
	const all = json(ask(world, `${BASE}/instances?includefield=all&Modality=CT`))[0];
	expect(first(all?.['00180060'])).toBe(120);
	expect(all).not.toHaveProperty('7FE00010');
	expect(Object.keys(all!)).toEqual(Object.keys(all!).sort());
	const read = jsonToDataSet(all);
	expect(read.ok && read.dataSet.text('PatientName')).toBe(ct[0]!.text('PatientName'));
	const allOfStudy = json(ask(world, `${BASE}/studies?includefield=all`))[0];
	expect(allOfStudy).toHaveProperty('00081032');
	expect(allOfStudy).not.toHaveProperty('00180060');
	// An instance found without its series also tells what that is.
	const relational = json(ask(world, `${BASE}/instances`))[0];
	expect(first(relational?.['00080060'])).toBe('CT');
	expect(first(relational?.['00280010'])).toBe(ct[0]!.number('Rows'));
});

test('search: matching by keyword, tag, wildcard, range, list, and inside sequences', () => {
	const { world, ct, dx } = hospital();
	const count = (query: string): number => {
		const answer = ask(world, `${BASE}/series?${query}`);
		return answer.status === 204 ? 0 : json(answer).length;
	};
	const name = encodeURIComponent(ct[0]!.text('PatientName')!);
	expect(count(`PatientName=${name}`)).toBe(1);
	expect(count(`00100010=${name.slice(0, 4)}*`)).toBe(1);
	expect(count('PatientName=*')).toBe(2);
	expect(count('StudyDate=20260301-20260331')).toBe(2);
	expect(count('StudyDate=-20260301')).toBe(0);
	const uids = [ct, dx].map(([one]) => one!.text('SeriesInstanceUID')!);
	expect(count(`SeriesInstanceUID=${uids.join(',')}`)).toBe(2);
	expect(count('RequestAttributesSequence.ScheduledProcedureStepID=SPS2603090001')).toBe(2);
	expect(count('00400275.00401001=other')).toBe(0);
	expect(count('PatientID=')).toBe(2);
	expect(count('Modality=DX&AccessionNumber=A2603090001')).toBe(1);
});

test('search: pages, and warnings for what is not done', () => {
	const { world } = hospital();
	const page = ask(world, `${BASE}/instances?limit=2&offset=1`);
	expect(json(page)).toHaveLength(2);
	expect(page.field('Warning')).toBe(
		`299 ${URI}: There are 1 additional results that can be requested`,
	);
	expect(ask(world, `${BASE}/instances?limit=2&offset=2`).field('Warning')).toBeUndefined();
	expect(ask(world, `${BASE}/instances?offset=4`).status).toBe(204);
	expect(ask(world, `${BASE}/instances?limit=0`).status).toBe(204);
	expect(ask(world, `${BASE}/studies?fuzzymatching=true`).field('Warning')).toBe(
		`299 ${URI}: The fuzzymatching parameter is not supported. Only literal matching has been performed.`,
	);
	expect(ask(world, `${BASE}/studies?fuzzymatching=false`).field('Warning')).toBeUndefined();
	const ignored = ask(world, `${BASE}/studies?KVP=120`);
	expect(ignored.status).toBe(200);
	expect(ignored.field('Warning')).toContain('(0018,0060)');
});

test('search: a parameter that is no attribute is ignored, and named in a warning', () => {
	const { world } = hospital();
	const all = ask(world, `${BASE}/studies`);
	const answer = ask(world, `${BASE}/studies?PatientsName=Nobody&studyBlob=1`);
	expect(answer.status).toBe(200);
	expect(answer.text).toBe(all.text);
	const warnings = answer.field('Warning');
	expect(warnings).toContain('The parameter PatientsName is not supported and was ignored.');
	expect(ask(world, `${BASE}/studies?x%0d%0ay=1`).field('Warning')).toContain(
		'The parameter is not',
	);
});

test.each([
	['one parameter twice', 'PatientID=1&00100020=2', 'twice'],
	['a limit that is no number', 'limit=-1', 'limit'],
	['something inside no sequence', 'PatientID.StudyDate=1', 'no sequence'],
	['a value for a sequence', 'RequestAttributesSequence=1', 'sequence'],
	['text for a number', 'Rows=many', '0028,0010'],
	['neither true nor false', 'fuzzymatching=yes', 'fuzzymatching'],
	['an escape that is none', 'PatientID=%', 'escape'],
	['an unknown field', 'includefield=Nothing', 'Nothing'],
])('search: 400 for %s', (_what, query, word) => {
	const answer = ask(hospital().world, `${BASE}/instances?${query}`);
	expect(answer.status).toBe(400);
	expect(answer.text).toContain(word);
});

test('media types of JSON: what is not accepted is 406', () => {
	const { world } = hospital();
	const search = (accept: string): number =>
		ask(world, `${BASE}/studies`, { fields: [['Accept', accept]] }).status;
	expect(search('application/dicom+json')).toBe(200);
	expect(search('application/json;q=0.5, text/html')).toBe(200);
	expect(search('multipart/related; type="application/dicom+xml"')).toBe(406);
	expect(search('application/dicom+json;q=0')).toBe(406);
	expect(search('nonsense')).toBe(400);
	expect(ask(world, `${BASE}/studies?accept=text/html`).status).toBe(406);
});

test('a study comes as files, always in explicit VR', () => {
	const { world, ct, ctPath, dx, dxPath } = hospital();
	const study = ask(world, ctPath.slice(0, ctPath.indexOf('/series')));
	expect(study.field('Content-Type')).toMatch(
		/^multipart\/related; type="application\/dicom"; boundary="[^"]+"$/,
	);
	const files = parts(study);
	expect(files.map(({ fields }) => Object.fromEntries(fields)['Content-Location'])).toEqual(
		ct.map(
			(object) =>
				`${URI}${ctPath.slice(BASE.length).replace(/[^/]+$/, '')}${object.text('SOPInstanceUID')}`,
		),
	);
	for (const [i, { body }] of files.entries()) {
		const file = readPart10(body);
		if (!file.ok) throw new Error(file.error.message);
		expect(file.transferSyntax).toBe(UID.LittleEndianExplicit);
		expect(file.dataSet.bytes('PixelData')).toEqual(ct[i]!.bytes('PixelData'));
		expect(file.fileMeta.text('SourceApplicationEntityTitle')).toBe('PACS1');
	}
	const [chest] = parts(ask(world, dxPath));
	const file = readPart10(chest!.body);
	expect(file.ok && file.transferSyntax).toBe(UID.LittleEndianExplicit);
	expect(file.ok && file.dataSet.text('PatientName')).toBe(dx[0]!.text('PatientName'));
});

test('retrieve: the Accept field decides, or nothing fits', () => {
	const { world, dxPath } = hospital();
	const get = (accept: string, path = dxPath): Answered =>
		ask(world, path, { fields: [['Accept', accept]] });
	const dicom = 'multipart/related; type="application/dicom"';
	expect(get(`${dicom}; transfer-syntax=*`).status).toBe(200);
	expect(get(`${dicom}; transfer-syntax=${UID.LittleEndianExplicit}`).status).toBe(200);
	expect(get(`${dicom}; transfer-syntax=${UID.LittleEndianImplicit}`).status).toBe(406);
	const jpeg = get(`${dicom}; transfer-syntax=${UID.JPEGBaseline}`);
	expect([jpeg.status, jpeg.text]).toEqual([406, expect.stringContaining('transfer-syntax=*')]);
	expect(get(`${dicom}; transfer-syntax=${UID.JPEGBaseline}, ${dicom};q=0.1`).status).toBe(200);
	const single = get('application/dicom');
	expect(single.field('Content-Type')).toContain('application/dicom; transfer-syntax=');
	expect(readPart10(single.bytes).ok).toBe(true);
	expect(get('application/dicom', dxPath.slice(0, dxPath.indexOf('/instances'))).status).toBe(406);
	expect(get('multipart/related; type="image/jpeg"').status).toBe(406);
	expect(get('*/*', `${BASE}/studies/1.2`).status).toBe(404);
});

test('metadata has URIs for bulk data, and they lead to it', () => {
	const { world, ct, ctPath } = hospital();
	const [metadata] = json(ask(world, `${ctPath}/metadata`));
	const uri = metadata?.['7FE00010']?.BulkDataURI ?? '';
	expect(uri).toBe(`${URI}${ctPath.slice(BASE.length)}/bulkdata/7FE00010`);
	const path = uri.slice('http://pacs:8042'.length);
	const pixels = ct[0]!.bytes('PixelData')!;
	const whole = ask(world, path, { fields: [['Accept', 'application/octet-stream']] });
	expect(whole.bytes).toEqual(pixels);
	expect(parts(ask(world, path))[0]?.body).toEqual(pixels);
	const read = jsonToDataSet(metadata, { bulkData: () => whole.bytes });
	if (!read.ok) throw new Error(read.message);
	expect(read.dataSet.tags()).toEqual(ct[0]!.tags());
	expect(read.dataSet.text('StudyDescription')).toBe(ct[0]!.text('StudyDescription'));
	expect(read.dataSet.numbers('ImagePositionPatient')).toEqual(
		ct[0]!.numbers('ImagePositionPatient'),
	);
	expect(ask(world, `${ctPath}/bulkdata/00990099`).status).toBe(404);
	const series = ctPath.slice(0, ctPath.indexOf('/instances'));
	expect(json(ask(world, `${series}/metadata`))).toHaveLength(3);
});

test('frames are bytes by number', () => {
	const { world, ct, ctPath } = hospital();
	const [frame] = parts(ask(world, `${ctPath}/frames/1`));
	expect(frame?.body).toEqual(ct[0]!.bytes('PixelData'));
	expect(frame?.fields).toContainEqual(['Content-Type', 'application/octet-stream']);
	expect(ask(world, `${ctPath}/frames/2`).status).toBe(404);
	expect(ask(world, `${ctPath}/frames/0`).status).toBe(400);
	expect(ask(world, `${ctPath}/frames/1,x`).status).toBe(400);
	const jpeg = { fields: [['Accept', 'multipart/related; type="image/jpeg"'] as const] };
	expect(ask(world, `${ctPath}/frames/1`, jpeg).status).toBe(406);
});

/** Grey values of an 8-bit PNG without filters. */
function pngPixels(bytes: Uint8Array): { width: number; height: number; grey: number[] } {
	const view = new DataView(bytes.buffer, bytes.byteOffset);
	const [width, height] = [view.getUint32(16), view.getUint32(20)];
	const length = view.getUint32(33);
	const rows = inflateSync(bytes.subarray(41, 41 + length));
	const grey: number[] = [];
	for (let y = 0; y < height; y++)
		grey.push(...rows.subarray(y * (width + 1) + 1, (y + 1) * (width + 1)));
	return { width, height, grey };
}

test('rendered: the window of the object or of the request, in PNG and JPEG', () => {
	const { world, ct, ctPath } = hospital();
	const png = (query: string): ReturnType<typeof pngPixels> => {
		const answer = ask(world, `${ctPath}/rendered?accept=image/png${query}`);
		if (answer.status !== 200) throw new Error(answer.text);
		return pngPixels(answer.bytes);
	};
	const [object] = ct;
	const { width, height, grey } = png('');
	expect([width, height]).toEqual([object!.number('Columns'), object!.number('Rows')]);
	const stored = object!.bytes('PixelData')!;
	const hu = (i: number): number => {
		const word = stored[2 * i]! | (stored[2 * i + 1]! << 8);
		const signed = object!.number('PixelRepresentation') === 1 ? (word << 16) >> 16 : word;
		return signed + object!.number('RescaleIntercept')!;
	};
	const [center, span] = [object!.number('WindowCenter')!, object!.number('WindowWidth')!];
	for (let i = 0; i < grey.length; i += 97) {
		const linear = ((hu(i) - (center - 0.5)) / (span - 1) + 0.5) * 255;
		expect(grey[i]).toBe(Math.round(Math.max(0, Math.min(255, linear))));
	}
	// A window around nothing but air shows all else as white.
	expect(Math.min(...png('&window=-3000,1,linear').grey)).toBe(255);
	expect(png('&window=40,80,sigmoid').grey).not.toEqual(png('&window=40,80,linear').grey);
	expect(png('&viewport=64,32')).toMatchObject({ width: 32, height: 32 });
	const half = png(`&viewport=${width},${height},,,${width / 2}`);
	expect(half.grey[0]).toBe(grey[0]);
	const flipped = png(`&viewport=${width},${height},0,0,-${width},${height}`);
	expect(flipped.grey.slice(0, width)).toEqual(grey.slice(0, width).reverse());

	const jpeg = ask(world, `${ctPath}/frames/1/rendered`);
	expect(jpeg.field('Content-Type')).toBe('image/jpeg');
	const decoded = decodeJpeg(jpeg.bytes, { useTArray: true });
	expect([decoded.width, decoded.height]).toEqual([width, height]);
	const error = grey.reduce((sum, value, i) => sum + Math.abs(value - decoded.data[4 * i]!), 0);
	expect(error / grey.length).toBeLessThan(4);
	const rough = ask(world, `${ctPath}/rendered?quality=5`);
	expect(rough.bytes.length).toBeLessThan(jpeg.bytes.length);
});

test.each([
	...['window=40,80', 'window=40,0,linear', 'window=a,80,linear', 'window=40,80,LINEAR'],
	...['viewport=0,10', 'viewport=10', 'viewport=10,10,', 'viewport=10,10,5000', 'viewport=9999,1'],
	...['quality=0', 'quality=101', 'annotation=all', 'iccprofile=srgb'],
])('rendered: 400 for %s', (query) => {
	const { world, ctPath } = hospital();
	expect(ask(world, `${ctPath}/rendered?${query}`).status).toBe(400);
});

test('rendered: other media types and annotations', () => {
	const { world, ctPath } = hospital();
	const zoomed = ask(world, `${ctPath}/rendered?zoom=2`);
	expect(zoomed.status).toBe(200);
	expect(zoomed.field('Warning')).toContain('The parameter zoom is not supported');
	const gif = { fields: [['Accept', 'image/gif'] as const] };
	expect(ask(world, `${ctPath}/rendered`, gif).status).toBe(406);
	expect(ask(world, `${ctPath}/rendered?annotation=patient`).field('Warning')).toContain('patient');
});

test('resources and methods that there are not', () => {
	const { world, ctPath } = hospital();
	const status = (target: string, method = 'GET'): number => ask(world, target, { method }).status;
	for (const path of ['/', '/wado', `${BASE}/patients`, `${BASE}/studies/1.2/studies`]) {
		expect(status(path), path).toBe(404);
	}
	expect(status(`${BASE}/series/1.2/studies`)).toBe(404);
	expect(status(`${BASE}/studies/1.2.x`)).toBe(400);
	expect(status(`${ctPath}/frames`)).toBe(404);
	expect(status(`${ctPath}/metadata/more`)).toBe(404);
	const put = ask(world, ctPath, { method: 'DELETE' });
	expect([put.status, put.field('Allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
	const options = ask(world, `${BASE}/studies`, { method: 'OPTIONS' });
	expect(options.field('Allow')).toBe('GET, HEAD, OPTIONS, POST');
	expect(options.text).toContain('<resource path="studies/{study}/metadata">');
});
