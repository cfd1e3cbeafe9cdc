import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { dicomWebHospital } from '../../../../tests/support/dicomweb-hospital.ts';

const WEB = 'http://pacs:8042/dicom-web';

test('the talk of -v is that of curl 7.88, and the body comes last', () => {
	const { type, ct } = dicomWebHospital();
	const study = ct.instances[0]?.dataSet.text('StudyInstanceUID') ?? '';
	const { lines, exitCode, facts, traffic } = type(
		`curl -v "${WEB}/studies?StudyInstanceUID=${study}&includefield=StudyDescription"`,
	);
	expect(lines.slice(0, 9)).toEqual([
		'*   Trying 10.20.20.10:8042...',
		'* Connected to pacs (10.20.20.10) port 8042 (#0)',
		`> GET /dicom-web/studies?StudyInstanceUID=${study}&includefield=StudyDescription HTTP/1.1`,
		'> Host: pacs:8042',
		'> User-Agent: curl/7.88.1',
		'> Accept: */*',
		'> ',
		'< HTTP/1.1 200 OK',
		'< Server: MERIDIAN_8_2',
	]);
	expect(lines[12]).toBe('* Connection #0 to host pacs left intact');
	const [result, ...more] = JSON.parse(lines[13] ?? '') as Record<string, { Value?: unknown[] }>[];
	expect(more).toEqual([]);
	expect(result?.['0020000D']?.Value).toEqual([study]);
	expect(result?.['00081030']?.Value).toEqual(['CT head without contrast']);
	expect(result?.['00081190']?.Value).toEqual([`${WEB}/studies/${study}`]);
	expect(exitCode).toBe(0);
	expect(facts).toEqual(['http GET pacs:8042 from admin: 200']);
	expect(traffic).toEqual([{ path: ['admin', 'fw1', 'pacs'], ended: 'answered' }]);
});

test('header only, header too, and an empty result', () => {
	const { type } = dicomWebHospital();
	expect(type(`curl -I ${WEB}/studies`).lines.slice(0, 2)).toEqual([
		'HTTP/1.1 200 OK',
		'Server: MERIDIAN_8_2',
	]);
	const none = type(`curl -i ${WEB}/studies?PatientID=NOBODY`);
	expect(none.text).toBe('HTTP/1.1 204 No Content\nServer: MERIDIAN_8_2\n');
	expect(none.facts).toEqual(['http GET pacs:8042 from admin: 204']);
});

test('no name, no listener, no answer, a rejecting firewall: each has its exit code', () => {
	const { type, world } = dicomWebHospital();
	expect(type('curl http://nohost:8042/')).toMatchObject({
		text: 'curl: (6) Could not resolve host: nohost',
		exitCode: 6,
		facts: ['port nohost:8042 from admin: name not found'],
	});
	expect(type('curl -v http://pacs:8043/')).toMatchObject({
		lines: [
			'*   Trying 10.20.20.10:8043...',
			'* connect to 10.20.20.10 port 8043 failed: Connection refused',
			expect.stringMatching(
				/^\* Failed to connect to pacs port 8043 after \d ms: Couldn't connect to server$/,
			),
			'* Closing connection 0',
			expect.stringMatching(/^curl: \(7\) Failed to connect to pacs port 8043 after \d ms/),
		],
		exitCode: 7,
		facts: ['port pacs:8043 from admin: refused'],
	});
	expect(type('curl -s http://pacs:8043/')).toMatchObject({ text: '', exitCode: 7 });
	// The firewall of the hospital drops the desk's way to the modalities.
	const short = type('curl --connect-timeout 3 http://ct1/');
	expect(short.text).toMatch(/^curl: \(28\) Connection timed out after 300\d milliseconds$/);
	expect(short).toMatchObject({ exitCode: 28, facts: ['port ct1:80 from admin: timeout'] });
	const long = type('curl http://ct1/');
	expect(long.exitCode).toBe(28);
	expect(long.text).toMatch(/^curl: \(28\) Failed to connect to ct1 port 80 after 127\d{3} ms: /);
	world.host('admin').nics[0]!.up = false;
	expect(type('curl http://10.20.20.10/')).toMatchObject({ exitCode: 7 });
});

test('a DICOM port does not speak HTTP', () => {
	const { type } = dicomWebHospital();
	const { lines, exitCode } = type('curl http://pacs:104/');
	expect(lines.at(-1)).toBe('curl: (1) Received HTTP/0.9 when not allowed');
	expect(exitCode).toBe(1);
});

test('an error status is a success without -f', () => {
	const { type } = dicomWebHospital();
	const url = `${WEB}/studies/1.2.3`;
	expect(type(`curl ${url}`)).toMatchObject({
		text: 'There is no study 1.2.3 here.',
		exitCode: 0,
	});
	expect(type(`curl -f ${url}`)).toMatchObject({
		text: 'curl: (22) The requested URL returned error: 404',
		exitCode: 22,
	});
	expect(type(`curl -sf ${url}`)).toMatchObject({ text: '', exitCode: 22 });
});

test('binary output is kept from the terminal and goes into a file with its meter', () => {
	const { type, world, ct } = dicomWebHospital();
	const [first] = ct.instances;
	const { dataSet, sopInstanceUid } = first!;
	const url = `${WEB}/studies/${dataSet.text('StudyInstanceUID')}/series/${ct.seriesInstanceUid}/instances/${sopInstanceUid}`;
	const shown = type(`curl -H "Accept: application/dicom" ${url}`);
	expect(shown.lines[0]).toBe(
		'Warning: Binary output can mess up your terminal. Use "--output -" to tell ',
	);
	expect(shown.exitCode).toBe(23);
	const kept = type(`curl -H "Accept: application/dicom" -o one.dcm ${url}`);
	const bytes = world.system('admin').files.get('/home/you/one.dcm')!;
	expect(kept.lines[2]).toMatch(/^100 +\d+ {2}100 +\d+ {4}0 {5}0 {2}.*--:--:-- +\d+k$/);
	const file = readPart10(bytes);
	expect(file.ok && file.dataSet.text('SOPInstanceUID')).toBe(sopInstanceUid);
	expect(type(`curl -s -o multipart.bin ${url}`).text).toBe('');
	// With DCMTK's tool on what came over the web.
	expect(type('dcmdump one.dcm | grep SOPClassUID').text).toContain('=CTImageStorage');
	expect(type(`curl ${url}/rendered?viewport=64,64 -o -`).text).toContain('JFIF');
});

test('a file is stored with POST, and then found', () => {
	const { type, archive } = dicomWebHospital();
	const before = archive.store.instanceCount;
	const post = `curl -s -H "Content-Type: application/dicom" --data-binary @test-image.dcm`;
	const stored = type(`${post} -i ${WEB}/studies`);
	expect(stored.lines[0]).toBe('HTTP/1.1 200 OK');
	expect(stored.text).toContain('"00081199"');
	expect(stored).toMatchObject({ changed: true, exitCode: 0 });
	expect(archive.store.instanceCount).toBe(before + 1);
	expect(type(`curl -s ${WEB}/studies?PatientID=SYN00000018`).text).toContain('"TEST0001"');
	const conflict = type(`${post} -i ${WEB}/studies/1.2.3`);
	expect(conflict.lines[0]).toBe('HTTP/1.1 409 Conflict');
	expect(conflict.changed).toBeUndefined();
	expect(conflict.text).toContain('"00081197":{"vr":"US","Value":[43264]}');
	expect(type('tail -n 2 /var/log/archive/pacs.log', 'pacs').text).toContain(
		'http 10.20.30.50 "POST /dicom-web/studies/1.2.3 HTTP/1.1" 409',
	);
});

test('a body over the limit is refused before it is sent', () => {
	const { type, world } = dicomWebHospital();
	world.system('admin').files.set('/home/you/big', new Uint8Array(11 * 1024 * 1024));
	const { lines, tookUs } = type(
		`curl -v -H "Content-Type: application/dicom" --data-binary @big ${WEB}/studies`,
	);
	expect(lines).toContain('> Expect: 100-continue');
	expect(lines).toContain('< HTTP/1.1 413 Content Too Large');
	expect(lines).toContain('* Closing connection 0');
	expect(tookUs).toBeLessThan(100_000);
});

test('time-outs of the transfer, and a server that dies', () => {
	const { type, world, archive, ct } = dicomWebHospital();
	const study = ct.instances[0]?.dataSet.text('StudyInstanceUID') ?? '';
	expect(type(`curl -m 0.003 ${WEB}/studies/${study}`)).toMatchObject({
		text: 'curl: (28) Operation timed out after 3 milliseconds with 0 bytes received',
		exitCode: 28,
	});
	world.kernel.after(3_000, () => archive.stop());
	expect(type(`curl ${WEB}/studies/${study}`)).toMatchObject({
		text: 'curl: (56) Recv failure: Connection reset by peer',
		exitCode: 56,
	});
	expect(type(`curl ${WEB}/studies`).exitCode).toBe(7);
});

test('only some networks may use the service', () => {
	const { archive, type } = dicomWebHospital();
	archive.config.dicomweb!.allow = ['10.20.30.1'];
	expect(type(`curl -i ${WEB}/studies`).lines).toEqual([
		'HTTP/1.1 403 Forbidden',
		...['Server: MERIDIAN_8_2', 'Content-Type: text/plain; charset=utf-8'],
		...['Content-Length: 38', 'Connection: close', ''],
		'10.20.30.50 may not use this service.',
	]);
	archive.config.dicomweb!.allow = ['10.20.30.0/24'];
	archive.config.dicomweb!.mayStore = false;
	expect(type(`curl -s -d x ${WEB}/studies`).text).toBe('This service takes no new objects.');
});

test.each([
	['', 2, "curl: try 'curl --help' or 'curl --manual' for more information"],
	['-o', 2, 'curl: option -o: requires parameter'],
	['--foo http://pacs/', 2, 'curl: option --foo: is unknown'],
	['-m abc http://pacs/', 2, 'curl: option -m: expected a proper numerical parameter'],
	['http://pacs:99999/', 3, 'curl: (3) URL using bad/illegal format or missing URL'],
	['"http://pacs/a b"', 3, 'curl: (3) URL using bad/illegal format or missing URL'],
	['https://pacs/', 1, 'curl: (1) Protocol "https" not supported or disabled in libcurl'],
	['-I -d x http://pacs/', 2, 'Warning: You can only select one HTTP request method!'],
	['-d @missing http://pacs:8042/', 0, 'Warning: Couldn\'t read data from file "missing"'],
])('curl %s: exit code %i', (args, exitCode, text) => {
	const result = dicomWebHospital().type(`curl ${args}`);
	expect(result.exitCode).toBe(exitCode);
	expect(result.lines[0]).toContain(text);
});

test('property: no arguments make it throw', () => {
	const { type } = dicomWebHospital();
	const word = fc.oneof(
		fc.constantFrom(
			...['-v', '-H', '-d', '-X', '-A', '-o', '-m', '1', '-I', '-i', '@x', 'a: b', 'Host: é', ''],
			...['Content-Length: 5', 'Transfer-Encoding: chunked', 'Expect: x', 'X-A: \u0001', '日本'],
			...[`${WEB}/studies`, 'http://pacs', 'http://日本/', `${WEB}/é?ü=1`, 'http://pacs:104/'],
		),
		fc.string({ maxLength: 6 }),
	);
	fc.assert(
		fc.property(fc.array(word, { maxLength: 6 }), (words) => {
			const quoted = words.map((one) => `'${one.replaceAll("'", '')}'`);
			expect(typeof type(`curl -m 2 ${quoted.join(' ')}`).text).toBe('string');
		}),
		{ numRuns: 300 },
	);
});
