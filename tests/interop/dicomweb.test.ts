/** Other people's HTTP, MIME and DICOM software against the archive's web service, and our JSON. */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
// @ts-expect-error dcmjs ships no types
import dcmjs from 'dcmjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { captureAt } from '#lib/network/capture.ts';
import { writeCapture } from '#lib/network/capture-file.ts';
import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { readPart10, writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import type { JsonDataSet } from '#lib/protocol/dicom/web/json-model.ts';
import { jsonToDataSet } from '#lib/protocol/dicom/web/read-json.ts';
import { dataSetToJson } from '#lib/protocol/dicom/web/write-json.ts';
import { dicomWebHospital, type DicomWebHospital } from '../support/dicomweb-hospital.ts';
import { loopback } from './http-loopback.ts';

const PYTHON = '/usr/bin/python3';
const run = promisify(execFile);

function present(what: string, program: string, args: string[]): boolean {
	const found = spawnSync(program, args, { stdio: 'ignore' }).status === 0;
	if (!found) console.warn(`skipped: DICOMweb is not checked against ${what}, which is not there`);
	return found;
}
const tshark = present('tshark', 'tshark', ['--version']);
const python = present('pydicom', PYTHON, ['-c', 'import pydicom']);
const curl = present('curl', 'curl', ['--version']);

let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'dicomweb-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const BASE = '/dicom-web';

function pathsOf({ ct }: DicomWebHospital): { study: string; instance: string } {
	const object = ct.instances[0]!.dataSet;
	const study = object.text('StudyInstanceUID')!;
	return {
		study,
		instance: `/studies/${study}/series/${ct.seriesInstanceUid}/instances/${object.text('SOPInstanceUID')}`,
	};
}

function fileOf(object: DataSet): Uint8Array {
	return joinBytes(
		writePart10(object, {
			transferSyntax: UID.LittleEndianExplicit,
			implementationClassUid: '2.25.1',
			implementationVersionName: 'TEST',
		}),
	);
}

test.skipIf(!tshark)('tshark | HTTP capture | QIDO-RS, WADO-RS and STOW-RS are decoded', () => {
	const hospital = dicomWebHospital();
	const { type, world } = hospital;
	const { study, instance } = pathsOf(hospital);
	const url = `http://pacs:8042${BASE}`;
	const lines = [
		`curl -s ${url}/studies`,
		`curl -s ${url}/studies?PatientID=NOBODY`,
		`curl -s ${url}/studies?limit=x`,
		`curl -s -o study.bin ${url}/studies/${study}`,
		`curl -s -o frame.bin ${url}${instance}/frames/1`,
		`curl -s -o picture.jpg ${url}${instance}/rendered`,
		`curl -s ${url}${instance}/metadata`,
		`curl -s -I ${url}/studies`,
		`curl -s -H "Content-Type: application/dicom" --data-binary @test-image.dcm ${url}/studies`,
	];
	for (const line of lines) type(line);
	const stow = [
		'--b\r\nContent-Type: application/dicom\r\n\r\n',
		world.system('admin').files.get('/home/you/test-image.dcm')!,
		'\r\n--b--\r\n',
	].map((piece) => (typeof piece === 'string' ? new TextEncoder().encode(piece) : piece));
	world.system('admin').files.set('/home/you/stow.bin', joinBytes(stow));
	type(
		`curl -s -H 'Content-Type: multipart/related; type="application/dicom"; boundary=b' --data-binary @stow.bin ${url}/studies`,
	);
	const path = join(folder, 'web.pcapng');
	writeFileSync(
		path,
		writeCapture(captureAt(world.kernel.trace, 'pacs'), { epochUs: world.epochUs }),
	);
	const decode = (...args: string[]): string[] => {
		const common = ['-r', path, '-d', 'tcp.port==8042,http'];
		const text = execFileSync('tshark', [...common, ...args], {
			encoding: 'utf8',
			maxBuffer: 2 ** 26,
			stdio: ['ignore', 'pipe', 'ignore'],
		});
		return text.split('\n').filter(Boolean);
	};
	expect(decode('-Y', '_ws.malformed')).toEqual([]);
	const codes = decode('-Y', 'http.response', '-T', 'fields', '-e', 'http.response.code');
	expect(codes).toEqual(['200', '204', '400', '200', '200', '200', '200', '200', '200', '200']);
	const methods = decode('-Y', 'http.request', '-T', 'fields', '-e', 'http.request.method');
	expect(methods).toEqual([...Array<string>(7).fill('GET'), 'HEAD', 'POST', 'POST']);
	// The study and the frame that came, and the store that went.
	const multipart = decode(
		'-Y',
		'mime_multipart',
		'-T',
		'fields',
		'-e',
		'mime_multipart.header.content-type',
	);
	expect(multipart).toHaveLength(3);
	expect(multipart[0]!.match(/application\/dicom/g)).toHaveLength(3);
	const json = decode('-Y', 'http.content_type == "application/dicom+json"');
	expect(json.length).toBeGreaterThan(3);
});

describe.skipIf(!python)('python', () => {
	interface Seen {
		studies: JsonDataSet[];
		statuses: [number, number][];
		'socket kept': boolean;
		retrieved: string[];
		differs: string[];
		pixels: number;
		store: [number, JsonDataSet];
	}
	let seen: Seen;
	let hospital: DicomWebHospital;
	beforeAll(async () => {
		hospital = dicomWebHospital();
		const { study, instance } = pathsOf(hospital);
		const server = await loopback(hospital.world);
		const script = 'tests/interop/dicomweb-client.py';
		const options = { maxBuffer: 2 ** 26 };
		const { stdout } = await run(PYTHON, [script, String(server.port), study, instance], options);
		server.close();
		seen = JSON.parse(stdout) as Seen;
	});

	test('python http.client | QIDO-RS | one connection for three requests', () => {
		expect(seen.studies).toHaveLength(2);
		expect(seen.statuses).toEqual([
			[204, 0],
			[200, 0],
			[200, expect.any(Number)],
		]);
		expect(seen.statuses[2]![1]).toBeGreaterThan(100);
		expect(seen['socket kept']).toBe(true);
	});

	test('python email and pydicom | WADO-RS | the parts are the objects', () => {
		expect(seen.retrieved).toEqual(hospital.ct.instances.map((one) => one.sopInstanceUid));
	});

	test('pydicom | WADO-RS metadata | element for element what is in the file', () => {
		expect(seen.differs).toEqual([]);
		expect(seen.pixels).toBe(hospital.ct.instances[0]!.dataSet.bytes('PixelData')!.length);
	});

	test('python http.client | STOW-RS | a body in chunks is stored', () => {
		const [status, response] = seen.store;
		expect(status).toBe(200);
		expect(JSON.stringify(response['00081199'])).toContain('2.25.4711');
		expect(hospital.archive.store.has('2.25.4711')).toBe(true);
	});
});

/** The phantoms' objects, without pixels to keep the output short. */
function phantomObjects(): DataSet[] {
	const { ct, dx } = dicomWebHospital();
	return [ct.instances[0]!, dx.instances[0]!].map(({ dataSet }) => {
		dataSet.delete('PixelData');
		return dataSet;
	});
}

/** An empty sequence has no Value (PS3.18 F.2.5); pydicom 2.3 gives it an empty one. */
function withoutEmptyValues(json: JsonDataSet): JsonDataSet {
	for (const attribute of Object.values(json)) {
		if (attribute.Value?.length === 0) delete attribute.Value;
	}
	return json;
}

test.skipIf(!python)(
	'pydicom | DICOM JSON Model | writes what we write, reads what we write',
	() => {
		for (const [i, object] of phantomObjects().entries()) {
			const path = join(folder, `object-${i}.dcm`);
			writeFileSync(path, fileOf(object));
			const script = 'tests/interop/dicom-json.py';
			const text = execFileSync(PYTHON, [script, 'write', path], { encoding: 'utf8' });
			const theirs = withoutEmptyValues(JSON.parse(text) as JsonDataSet);
			const file = readPart10(fileOf(object));
			if (!file.ok) throw new Error(file.error.message);
			const ours = dataSetToJson(file.dataSet);
			// pydicom leaves the original character set in place, though its text is Unicode as well.
			expect(theirs['00080005']?.Value).toEqual(['ISO_IR 100']);
			expect({ ...theirs, '00080005': ours['00080005'] }).toEqual(ours);
			const back = jsonToDataSet(theirs);
			expect(back.ok && dataSetToJson(back.dataSet)).toEqual(ours);
			const read = JSON.parse(
				execFileSync(PYTHON, [script, 'read'], { encoding: 'utf8', input: JSON.stringify(ours) }),
			) as Record<string, string>;
			for (const keyword of ['PatientName', 'StudyDescription', 'ReferringPhysicianName']) {
				const element = object.element(keyword)!;
				const tag = element.tag.toString(16).toUpperCase().padStart(8, '0');
				expect(read[tag]).toBe(object.text(keyword));
			}
		}
	},
);

interface Naturalized {
	PatientName: { Alphabetic: string }[];
	StudyDescription: string;
	Rows: number;
	PixelSpacing: number[];
	RequestAttributesSequence: { ScheduledProcedureStepID: string }[];
	SOPInstanceUID: string;
}

test('dcmjs | DICOM JSON Model | reads ours as its own data set', () => {
	const { DicomMetaDictionary, DicomMessage } = dcmjs.data as {
		DicomMetaDictionary: { naturalizeDataset(json: unknown): Naturalized };
		DicomMessage: { readFile(buffer: ArrayBuffer): { dict: Record<string, unknown> } };
	};
	for (const object of phantomObjects()) {
		const json = JSON.parse(JSON.stringify(dataSetToJson(object))) as JsonDataSet;
		const natural = DicomMetaDictionary.naturalizeDataset(json);
		expect(natural.PatientName[0]?.Alphabetic).toBe(object.text('PatientName'));
		expect(natural.StudyDescription).toBe(object.text('StudyDescription'));
		expect(natural.Rows).toBe(object.number('Rows'));
		expect(natural.PixelSpacing ?? []).toEqual(object.numbers('PixelSpacing'));
		expect(natural.RequestAttributesSequence[0]?.ScheduledProcedureStepID).toBe('SPS2603090001');
		// And what it makes of the file itself comes to the same.
		const bytes = fileOf(object);
		const { dict } = DicomMessage.readFile(bytes.buffer.slice(0) as ArrayBuffer);
		const fromFile = DicomMetaDictionary.naturalizeDataset(dict);
		expect(String(natural.SOPInstanceUID)).toBe(String(fromFile.SOPInstanceUID));
		expect(natural.Rows).toBe(fromFile.Rows);
	}
});

describe.skipIf(!curl)('curl', () => {
	const hospital = dicomWebHospital();
	const { study, instance } = pathsOf(hospital);
	let server: Awaited<ReturnType<typeof loopback>>;
	beforeAll(async () => {
		server = await loopback(hospital.world);
	});
	afterAll(() => server.close());

	/** Both outputs of the real program; it sees no terminal, which only -s and -o make the same. */
	async function real(args: string[]): Promise<{ out: string; err: string; exitCode: number }> {
		const options = { maxBuffer: 2 ** 26, cwd: folder };
		const result = await run('curl', args, options).then(
			({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
			(error: { stdout: string; stderr: string; code: number }) => error,
		);
		return { out: result.stdout, err: result.stderr, exitCode: result.code };
	}

	test.each([
		['a search', [`${BASE}/studies`]],
		['nothing found', [`${BASE}/studies?PatientID=NOBODY`]],
		['a search that is wrong', [`${BASE}/studies?limit=x`]],
		['fail on error', ['-f', `${BASE}/studies/1.2.3`]],
		['header only', ['-I', `${BASE}/studies`]],
		['header too', ['-i', `${BASE}/studies?limit=1`]],
		['metadata', [`${BASE}${instance}/metadata`]],
		['another media type', ['-H', 'Accept: text/html', `${BASE}/studies`]],
		['a header taken away', ['-H', 'Accept:', '-H', 'X-A: 1', '-A', 'me', `${BASE}/studies`]],
		['a method that is not for it', ['-X', 'DELETE', `${BASE}/studies/${study}`]],
		['a form', ['-d', 'a=1', '-d', 'b=2', `${BASE}/studies`]],
	])('curl | the desk prints what curl prints | %s', async (_what, args) => {
		const target = args.at(-1) ?? '';
		const at = (authority: string): string[] => [
			...args.slice(0, -1),
			`http://${authority}${target}`,
		];
		// URLs in answers name the server as the client did.
		const plain = (text: string): string =>
			text
				.replaceAll('\r', '')
				.replaceAll(/10\.20\.20\.10:8042|127\.0\.0\.1:\d+/g, 'HOST:PORT')
				.replaceAll(/10\.20\.20\.10|127\.0\.0\.1/g, 'HOST')
				.replaceAll(/port \d+/g, 'port PORT')
				.replaceAll(/Content-Length: \d+/g, 'Content-Length: N');
		const { out, err, exitCode } = await real(['-s', '-v', ...at(`127.0.0.1:${server.port}`)]);
		const quoted = at('10.20.20.10:8042').map((word) => `'${word}'`);
		const ours = hospital.type(`curl -s -v ${quoted.join(' ')}`);
		expect(ours.exitCode).toBe(exitCode);
		// What curl says beside the answer, without the notes on data that a terminal shows itself.
		const said = plain(err)
			.replaceAll(/^[{}] \[\d+ bytes data\]\n/gm, '')
			.split('\n')
			.filter(Boolean);
		const shown = plain(ours.text).split('\n');
		expect(shown.filter((line) => /^([<>*] |curl: )/.test(line))).toEqual(said);
		const answer = plain(out).split('\n');
		expect(
			shown
				.filter((line) => !/^([<>*] |curl: )/.test(line))
				.join('\n')
				.trim(),
		).toBe(answer.join('\n').trim());
	});

	test('curl | WADO-RS and STOW-RS | a study goes out and a new object comes in', async () => {
		const url = `http://127.0.0.1:${server.port}${BASE}`;
		const got = join(folder, 'one.dcm');
		await real(['-s', '-H', 'Accept: application/dicom', '-o', got, `${url}${instance}`]);
		const send = ['-s', '-H', 'Content-Type: application/dicom', '--data-binary', `@${got}`];
		const { out } = await real([...send, `${url}/studies`]);
		expect(Object.keys(JSON.parse(out) as object)).toEqual(['00081190', '00081199']);
		writeFileSync(join(folder, 'big'), new Uint8Array(12_000_000));
		const big = [...send.slice(0, -1), `@${join(folder, 'big')}`, '-w', '%{http_code}'];
		expect((await real([...big, `${url}/studies`])).out).toMatch(/413$/);
	});
});
