import { expect, test } from 'vitest';
import { smallHospital } from './small-hospital.fixture.ts';

const REQUESTING = 'I: Requesting Association';
const ACCEPTED = 'I: Association Accepted (Max Send PDV: 65524)';
const RELEASING = 'I: Releasing Association';
const AS_DESK = '-aet PACSDESK -aec PACS1';

test('echoscu prints what the real tool prints', () => {
	const { type } = smallHospital();
	const { lines, exitCode, facts } = type('echoscu -v -aet CT2 -aec PACS1 pacs 104');
	expect(lines).toEqual([
		REQUESTING,
		ACCEPTED,
		'I: Sending Echo Request (MsgID 1)',
		'I: Received Echo Response (Success)',
		RELEASING,
	]);
	expect(exitCode).toBe(0);
	expect(facts).toEqual(['echo PACS1 from admin as CT2: success']);
	expect(type('echoscu -aet CT2 -aec PACS1 pacs 104').text).toBe('');
});

test.each([
	[
		'echoscu -aet CT2 -aec PACS1 pacs 105',
		'F: Association Request Failed: 0006:031c TCP Initialization Error: Connection refused',
		'refused',
	],
	[
		'echoscu -aet CT2 -aec PACS1 -to 4 pacs 23',
		'F: Association Request Failed: 0006:031c TCP Initialization Error: Operation now in progress (Timeout)',
		'timeout',
	],
	[
		'echoscu -aet CT2 -aec PACS1 pacs 23',
		'F: Association Request Failed: 0006:031c TCP Initialization Error: Connection timed out',
		'timeout',
	],
	[
		'echoscu -aet CT2 -aec PACS1 pacs 443',
		'F: Association Request Failed: 0006:031c TCP Initialization Error: No route to host',
		'prohibited',
	],
	[
		'echoscu -aet CT2 -aec PACS1 nohost 104',
		'F: Association Request Failed: 0006:0320 Attempt to connect to unknown host: nohost',
		'name not resolved',
	],
	[
		'echoscu -aet WRONG -aec PACS1 pacs 104',
		'F: Association Rejected:\nF: Result: Rejected Permanent, Source: Service User\nF: Reason: Calling AE Title Not Recognized',
		'rejected 1/1/3',
	],
	[
		'echoscu -aet CT2 -aec pacs1 pacs 104',
		'F: Association Rejected:\nF: Result: Rejected Permanent, Source: Service User\nF: Reason: Called AE Title Not Recognized',
		'rejected 1/1/7',
	],
])('%s fails as the real tool fails', (line, text, outcome) => {
	const result = smallHospital().type(line);
	expect(result).toMatchObject({ text, exitCode: 1 });
	expect(result.facts?.[0]?.split(': ')[1]).toBe(outcome);
});

test('a limit is a transient rejection by the presentation service', () => {
	const { type, archive } = smallHospital();
	archive.config.maximumAssociations = 0;
	expect(type('echoscu -aet CT2 -aec PACS1 pacs 104').lines.slice(1)).toEqual([
		'F: Result: Rejected Transient, Source: Service Provider (Presentation Related)',
		'F: Reason: Local Limit Exceeded',
	]);
});

test('a listener that never answers runs into the ACSE time-out', () => {
	const { type, world } = smallHospital();
	world.host('pacs').listen(4242);
	const { text, tookUs } = type('echoscu pacs 4242');
	expect(text).toBe('F: Association Request Failed: 0006:031a DUL network read timeout');
	expect(Math.floor(tookUs / 1e6)).toBe(30);
	expect(Math.floor(type('echoscu -ta 5 pacs 4242').tookUs / 1e6)).toBe(5);
});

test('without -to a dropped connection is tried for as long as TCP does', () => {
	const { type } = smallHospital();
	expect(Math.floor(type('echoscu pacs 23').tookUs / 1e6)).toBe(127);
	expect(Math.floor(type('echoscu -to 4 pacs 23').tookUs / 1e6)).toBe(4);
});

test('usage errors have the head line of the tool', () => {
	const { type } = smallHospital();
	const head = '$dcmtk: echoscu v3.6.7 2022-04-22 $\n\nechoscu: DICOM verification (C-ECHO) SCU\n';
	expect(type('echoscu -zz pacs 104').text).toBe(`${head}error: Unknown option -zz`);
	expect(type('echoscu pacs').text).toBe(`${head}error: Missing parameter port`);
	expect(type('echoscu pacs abc').text).toBe(`${head}error: Invalid parameter value abc`);
	expect(type('echoscu pacs 99999').text).toBe(
		`${head}error: Invalid parameter value 99999 (overflow)`,
	);
	expect(type('echoscu -aet').text).toBe(`${head}error: Missing value for option --aetitle`);
	expect(type('storescu pacs 104').text).toMatch(/error: Missing parameter dcmfile-in$/);
	expect(type('echoscu -aet ABCDEFGHIJKLMNOPQ pacs 104').exitCode).toBe(1);
});

test('storescu sends a file, and a full archive answers A700', () => {
	const { type, archive } = smallHospital();
	const line = `storescu -v ${AS_DESK} pacs 104 test-image.dcm`;
	const stored = type(line);
	expect(stored.lines).toEqual([
		'I: checking input files ...',
		REQUESTING,
		ACCEPTED,
		'I: Sending file: test-image.dcm',
		'I: Converting transfer syntax: Little Endian Explicit -> Little Endian Explicit',
		'I: Sending Store Request (MsgID 1, CT)',
		'XMIT: .',
		'I: Received Store Response (Success)',
		RELEASING,
	]);
	expect(stored).toMatchObject({
		exitCode: 0,
		changed: true,
		facts: ['store to PACS1 from admin as PACSDESK: success'],
	});
	expect(archive.store.studies.size).toBe(1);

	const full = smallHospital();
	full.archive.volume.usedBytes = full.archive.volume.sizeBytes;
	const refused = full.type(line);
	expect(refused.lines.at(-2)).toBe('I: Received Store Response (Refused: OutOfResources)');
	expect(refused).toMatchObject({
		exitCode: 167,
		changed: false,
		facts: ['store to PACS1 from admin as PACSDESK: failed A700'],
	});
	expect(full.type(line.replace(' -v', '')).text).toBe('');
	const debug = full.type(line.replace('-v', '-d')).text;
	expect(debug).toContain('D: DIMSE Status                  : 0xa700: Refused: Out of resources');
	expect(debug).toContain('D: (0000,0902) LO [No space left on /archive]');
});

test('storescu without a right, without a file, without DICOM', () => {
	const { type, archive, world } = smallHospital();
	for (const node of archive.config.nodes) node.mayStore = false;
	const refused = type(`storescu -v ${AS_DESK} pacs 104 test-image.dcm`);
	expect(refused.lines.at(-2)).toBe('I: Received Store Response (Unknown Status: 0x124)');
	expect(refused.exitCode).toBe(1);
	expect(type('storescu pacs 104 none.dcm').text).toBe('F: cannot access file: none.dcm');
	world.system('admin').files.set('/home/you/note', new TextEncoder().encode('hello'));
	expect(type('storescu pacs 104 note').text).toMatch(/^E: Bad DICOM file: note: /);
});

test('findscu shows matches as the real tool does, and none without a line', () => {
	const { type } = smallHospital();
	type(`storescu ${AS_DESK} pacs 104 test-image.dcm`);
	const keys = '-k 0008,0052=STUDY -k PatientName -k "(0008,0050)=TEST0001"';
	const found = type(`findscu -S ${AS_DESK} ${keys} pacs 104`);
	expect(found.lines).toEqual([
		'I: ---------------------------',
		'I: Find Response: 1 (Pending)',
		'I: ',
		'I: # Dicom-Data-Set',
		'I: # Used TransferSyntax: Little Endian Explicit',
		'I: (0008,0005) CS [ISO_IR 100]                             #  10, 1 SpecificCharacterSet',
		'I: (0008,0050) SH [TEST0001]                               #   8, 1 AccessionNumber',
		'I: (0008,0052) CS [STUDY ]                                 #   6, 1 QueryRetrieveLevel',
		'I: (0008,0054) AE [PACS1 ]                                 #   6, 1 RetrieveAETitle',
		'I: (0010,0010) PN [Test^Phantom]                           #  12, 1 PatientName',
		'I: ',
	]);
	expect(found.facts).toEqual(['find STUDY at pacs: N>0']);
	const none = type(
		`findscu -v -S ${AS_DESK} -k QueryRetrieveLevel=STUDY -k PatientID=NOBODY pacs 104`,
	);
	expect(none.lines.slice(-2)).toEqual(['I: Received Final Find Response (Success)', RELEASING]);
	expect(none.facts).toEqual(['find STUDY at pacs: none']);
	const denied = type(`findscu -v -S -aet CT2 -aec PACS1 -k QueryRetrieveLevel=STUDY pacs 104`);
	expect(denied.lines.at(-2)).toBe('I: Received Final Find Response (Unknown Status: 0x124)');
	expect(denied.facts).toEqual(['find STUDY at pacs: failed 0124']);
});

test('findscu asks a worklist with keys inside a sequence', () => {
	const { type } = smallHospital();
	const keys =
		'-k "(0040,0100)[0].Modality=CT" -k "ScheduledProcedureStepSequence[0].0040,0001=CT2"';
	const { text, facts } = type(`findscu -v -W -aet CT2 -aec RISMWL ${keys} ris 104`);
	expect(text).toContain('I:     (0008,0060) CS [CT]');
	expect(text).toContain('I:     (0040,0001) AE [CT2]');
	expect(facts).toEqual(['find WORKLIST at ris: none']);
	const wrong = type('findscu -v -W -aet CT2 -aec PACS1 -k PatientName pacs 104');
	expect(wrong).toMatchObject({
		lines: [REQUESTING, 'E: No Acceptable Presentation Contexts'],
		exitCode: 2,
	});
});

test('findscu refuses keys that do not exist', () => {
	const { type } = smallHospital();
	expect(type('findscu -S -k NoSuchKey=STUDY pacs 104').lines).toEqual([
		'E: Bad override key/path: NoSuchKey=STUDY',
		'E: Find SCU Failed: 0001:0019 Unable to parse tag/dictionary name at beginning of path: NoSuchKey',
	]);
	expect(type('findscu -S pacs 104').text).toMatch(/error: either query file or override keys/);
});

test('movescu receives images into files that dcmdump reads', () => {
	const { type, world } = smallHospital();
	type(`storescu ${AS_DESK} pacs 104 test-image.dcm`);
	const uid = (tag: string): string =>
		/\[(.*)\]/.exec(type(`dcmdump +P ${tag} test-image.dcm`).text)?.[1] ?? '';
	const keys = `-k QueryRetrieveLevel=STUDY -k StudyInstanceUID=${uid('StudyInstanceUID')}`;
	const line = `movescu -v -S ${AS_DESK} +P 11113 ${keys} pacs 104`;
	const { lines, exitCode, facts } = type(line);
	expect(lines.slice(lines.indexOf('I: Sub-Association Received'))).toEqual([
		'I: Sub-Association Received',
		'I: Sub-Association Acknowledged (Max Send PDV: 16372)',
		'I: Received Store Request (MsgID 1, CT)',
		'RECV: ...',
		...lines.filter((text) => /^I: Received Move Response \d+ \(Pending\)$/.test(text)),
		'I: Received Final Move Response (Success)',
		RELEASING,
	]);
	expect(exitCode).toBe(0);
	expect(facts).toEqual(['move to PACSDESK at pacs: success']);
	const path = `/home/you/CT.${uid('SOPInstanceUID')}`;
	expect(world.system('admin').files.has(path)).toBe(true);
	expect(type(`dcmdump +P PatientName ${path}`).text).toBe(
		'(0010,0010) PN [Test^Phantom]                           #  12, 1 PatientName',
	);
	expect(type(line).text).toContain('W: DICOM file already exists, overwriting: CT.');
	expect(
		world
			.host('admin')
			.sockets()
			.some((row) => row.state === 'LISTEN'),
	).toBe(false);

	const closed = type(line.replace('+P 11113 ', '').replace('-v ', ''));
	expect(closed).toMatchObject({
		text: 'W: Move response with error status (Refused: OutOfResourcesSubOperations)',
		exitCode: 69,
		facts: ['move to PACSDESK at pacs: failed A702'],
	});
	const unknown = type(line.replace('+P 11113 ', '-aem NOWHERE ').replace('-v ', ''));
	expect(unknown).toMatchObject({
		text: 'W: Move response with error status (Refused: MoveDestinationUnknown)',
		exitCode: 69,
	});
});

test('movescu complains on two lines, and about a port in use', () => {
	const { type, world } = smallHospital();
	const key = '-k QueryRetrieveLevel=STUDY';
	expect(type(`movescu -S ${key} pacs 105`)).toMatchObject({
		lines: [
			'F: Association Request Failed:',
			'F: 0006:031c TCP Initialization Error: Connection refused',
		],
		exitCode: 61,
	});
	world.host('admin').listen(11113);
	expect(type(`movescu -S +P 11113 ${key} pacs 104`)).toMatchObject({
		text: 'F: cannot create network: 0006:031c TCP Initialization Error: Address already in use',
		exitCode: 60,
	});
});

test('dcmdump shows a whole file, or says why not', () => {
	const { type } = smallHospital();
	expect(type('dcmdump test-image.dcm').lines.slice(0, 4)).toEqual([
		'',
		'# Dicom-File-Format',
		'',
		'# Dicom-Meta-Information-Header',
	]);
	expect(type('dcmdump none').text).toBe(
		'E: dcmdump: No such file or directory: reading file: none',
	);
	expect(type('dcmdump +P NoSuch test-image.dcm').text).toBe("W: unrecognized tag name: 'NoSuch'");
});
