/** getscu, and what findscu and movescu share with it, beside what DCMTK 3.6.7 printed in the same situations. */
import { expect, test } from 'vitest';
import { instancesOf } from '#lib/hospital/devices/archive/study-store.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { readPart10, writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { smallHospital, type SmallHospital } from './small-hospital.fixture.ts';

const AS_DESK = '-aet PACSDESK -aec PACS1';
const OPENED = ['I: Requesting Association', 'I: Association Accepted (Max Send PDV: 65524)'];

/** The archive has the test image; its identifiers as keys. */
function filled(): SmallHospital & { study: string; image: string; instanceUid: string } {
	const hospital = smallHospital();
	hospital.type(`storescu ${AS_DESK} pacs 104 test-image.dcm`);
	const [study] = hospital.archive.store.studies.values();
	const [instance] = instancesOf(study!);
	const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = instance!;
	const uids = `-k StudyInstanceUID=${studyInstanceUid}`;
	const below = `-k SeriesInstanceUID=${seriesInstanceUid} -k SOPInstanceUID=${sopInstanceUid}`;
	return {
		...hospital,
		study: `-k QueryRetrieveLevel=STUDY ${uids}`,
		image: `-k QueryRetrieveLevel=IMAGE ${uids} ${below}`,
		instanceUid: sopInstanceUid,
	};
}

/** Four lines of counters under a heading. */
function report(completed: number, failed = 0): string[] {
	return [
		'I: Final status report from last C-GET message:',
		'I:   Number of Remaining Suboperations : 0',
		`I:   Number of Completed Suboperations : ${completed}`,
		`I:   Number of Failed Suboperations    : ${failed}`,
		'I:   Number of Warning Suboperations   : 0',
		'I: Releasing Association',
	];
}

test.each(['study', 'image'] as const)('getscu fetches one %s as the real tool does', (level) => {
	const hospital = filled();
	const { type, world, instanceUid } = hospital;
	const line = `getscu -v -S ${AS_DESK} ${hospital[level]} pacs 104`;
	const got = type(line);
	expect(got.lines).toEqual([
		...OPENED,
		'I: Sending C-GET Request (MsgID 1)',
		'I: Received C-STORE Request (MsgID 1)',
		'I: Sending C-STORE Response (Success)',
		'I: Received C-GET Response (Success)',
		...report(1),
	]);
	expect(got).toMatchObject({
		exitCode: 0,
		facts: [`get ${level.toUpperCase()} at pacs: success`],
	});
	const file = `CT.${instanceUid}`;
	const sent = world.system('admin').files.get('/home/you/test-image.dcm');
	expect(sent).toBeDefined();
	const dump = (name: string): string[] => type(`dcmdump ${name}`).lines.slice(13);
	expect(dump(file)).toEqual(dump('test-image.dcm'));

	// Written over with a word, in the home or in a folder, and without one.
	expect(type(line.replace(' -v', '')).text).toBe(
		`W: DICOM file already exists, overwriting: ${file}`,
	);
	expect(type(line.replace('-v', '+B')).text).toBe('');
	expect(type(line.replace('-v', '-od nosuch'))).toMatchObject({
		text: 'F: specified output directory does not exist',
		exitCode: 1,
	});
	expect(type(line.replace('-v', '-od /home/you')).text).toBe(
		`W: DICOM file already exists, overwriting: /home/you/${file}`,
	);
});

test('getscu asks the patient root unless told otherwise, and an empty result is a success', () => {
	const { type, study } = filled();
	const patient = type(`getscu ${AS_DESK} ${study} -k PatientID=SYN00000018 pacs 104`);
	expect(patient.facts).toEqual(['get STUDY at pacs: success']);
	const none = type(
		`getscu -v -S ${AS_DESK} -k QueryRetrieveLevel=STUDY -k 0020,000d=1.2 pacs 104`,
	);
	expect(none.lines.slice(3)).toEqual(['I: Received C-GET Response (Success)', ...report(0)]);
	expect(none).toMatchObject({
		exitCode: 0,
		facts: ['get STUDY at pacs: success without images'],
	});
});

test('getscu exits with 0 after a refusal, which it tells at error level', () => {
	const { type } = filled();
	const line = `getscu -v -S ${AS_DESK} -k QueryRetrieveLevel=SERIES pacs 104`;
	const refused = type(line);
	expect(refused.lines.slice(3)).toEqual([
		'I: Received C-GET Response (Error: DataSetDoesNotMatchSOPClass)',
		'E: DIMSE status is: Error: DataSetDoesNotMatchSOPClass',
		...report(0),
	]);
	expect(refused).toMatchObject({ exitCode: 0, facts: ['get SERIES at pacs: failed A900'] });
	expect(type(line.replace(' -v', '')).text).toBe(
		'E: DIMSE status is: Error: DataSetDoesNotMatchSOPClass',
	);
	expect(type(line.replace('PACSDESK', 'CT2')).lines[4]).toBe(
		'E: DIMSE status is: Unknown Status: 0x124',
	);
});

test('getscu of an object that has no context ends as 3.6.7 ends it', () => {
	const { type, archive, study } = filled();
	const [stored] = archive.store.studies.values();
	for (const instance of instancesOf(stored!)) {
		Object.assign(instance, { transferSyntax: UID.JPEG2000LosslessOnly });
	}
	const got = type(`getscu -v -S ${AS_DESK} ${study} pacs 104`);
	expect(got.lines.slice(-7)).toEqual([
		...report(0, 1).slice(1, -1),
		'I: Releasing Association',
		'E: Association Release Failed: 0006:0316 DUL P-Data PDU arrived',
		'I: Aborting Association',
	]);
	expect(got).toMatchObject({ exitCode: 0, facts: ['get STUDY at pacs: failed A702'] });
});

test('getscu words its failures in its own way', () => {
	const { type, world } = smallHospital();
	const key = '-k QueryRetrieveLevel=STUDY';
	const failed = (line: string) => {
		const { text, exitCode } = type(line);
		return [text, exitCode];
	};
	expect(failed(`getscu -S ${key} pacs 105`)).toEqual([
		'F: Could not negotiate association: TCP Initialization Error: Connection refused',
		1,
	]);
	expect(failed(`getscu -S ${key} nohost 104`)).toEqual([
		'F: Could not negotiate association: Attempt to connect to unknown host: nohost',
		1,
	]);
	expect(failed(`getscu -S -aec WRONG ${key} pacs 104`)).toEqual([
		'F: Could not negotiate association: DUL Association Rejected',
		1,
	]);
	expect(failed(`getscu -S -aet CT2 -aec RISMWL ${key} ris 104`)).toEqual([
		'E: No Acceptable Presentation Contexts\nF: Could not negotiate association: No acceptable Presentation Contexts',
		1,
	]);
	expect(failed(`getscu -S ${AS_DESK} -k NoKey=STUDY pacs 104`)).toEqual([
		[
			'E: Bad override key/path: NoKey=STUDY: Unable to parse tag/dictionary name at beginning of path: NoKey',
			'W: DIMSE Warning: (PACSDESK,PACS1): sendMessage: dataset is empty',
			'E: Failed sending C-GET request: 0006:020e DIMSE Failed to send message',
		].join('\n'),
		1,
	]);
	const head = '$dcmtk: getscu v3.6.7 2022-04-22 $\n\ngetscu: DICOM retrieve (C-GET) SCU\n';
	expect(type(`getscu -S pacs 104`).text).toBe(
		`${head}error: either query file or override keys (or both) must be specified`,
	);
	world.host('pacs').listen(4242);
	expect(failed(`getscu -S ${key} pacs 4242`)).toEqual([
		'F: Could not negotiate association: DUL network read timeout',
		1,
	]);
});

test('getscu -d shows 121 contexts with their roles, and every message', () => {
	const { type, image, instanceUid } = filled();
	const { lines } = type(`getscu -d -S ${AS_DESK} ${image} pacs 104`);
	expect(lines[0]).toBe('D: Configured a total of 121 presentation contexts for SCU');
	const at = (line: string, after = 0): string[] => lines.slice(lines.indexOf(line, after));
	expect(at('D:   Context ID:        33 (Proposed)').slice(1, 4)).toEqual([
		'D:     Abstract Syntax: =CTImageStorage',
		'D:     Proposed SCP/SCU Role: SCP',
		'D:     Proposed Transfer Syntax(es):',
	]);
	expect(at('D:   Context ID:        33 (Accepted)').slice(1, 5)).toEqual([
		'D:     Abstract Syntax: =CTImageStorage',
		'D:     Proposed SCP/SCU Role: SCP',
		'D:     Accepted SCP/SCU Role: SCP',
		'D:     Accepted Transfer Syntax: =LittleEndianExplicit',
	]);
	expect(at('I: Sending C-GET Request').slice(0, 10)).toEqual([
		'I: Sending C-GET Request',
		'D: ===================== OUTGOING DIMSE MESSAGE ====================',
		'D: Message Type                  : C-GET RQ',
		'D: Presentation Context ID       : 1',
		'D: Message ID                    : 1',
		'D: Affected SOP Class UID        : GETStudyRootQueryRetrieveInformationModel',
		'D: Data Set                      : present',
		'D: Priority                      : medium',
		'D: -----------------------------------------------------------------',
		'D: # Dicom-Data-Set',
	]);
	expect(at('I: Received C-STORE Request').slice(0, 9)).toEqual([
		'I: Received C-STORE Request',
		'D: ===================== INCOMING DIMSE MESSAGE ====================',
		'D: Message Type                  : C-STORE RQ',
		'D: Presentation Context ID       : 33',
		'D: Message ID                    : 1',
		'D: Affected SOP Class UID        : CTImageStorage',
		`D: Affected SOP Instance UID     : ${instanceUid}`,
		'D: Data Set                      : present',
		'D: Priority                      : medium',
	]);
	expect(at('I: Received C-GET Response', lines.lastIndexOf('I: Received C-GET Response'))).toEqual(
		[
			'I: Received C-GET Response',
			'D: ===================== INCOMING DIMSE MESSAGE ====================',
			'D: Message Type                  : C-GET RSP',
			'D: Presentation Context ID       : 1',
			'D: Message ID Being Responded To : 1',
			'D: Affected SOP Class UID        : GETStudyRootQueryRetrieveInformationModel',
			'D: Remaining Suboperations       : none',
			'D: Completed Suboperations       : 1',
			'D: Failed Suboperations          : 0',
			'D: Warning Suboperations         : 0',
			'D: Data Set                      : none',
			'D: DIMSE Status                  : 0x0000: Success: Sub-operations complete - No failures or warnings',
			'D: ======================= END DIMSE MESSAGE =======================',
			'D: Handling C-GET Response',
			'D: DIMSE status is: Success',
			...report(1),
		],
	);
});

/** Copies of the test image with other instance UIDs, stored as well. */
function withCopies(count: number) {
	const hospital = filled();
	const { files } = hospital.world.system('admin');
	const image = readPart10(files.get('/home/you/test-image.dcm') ?? new Uint8Array(0));
	if (!image.ok) throw new Error(image.error.message);
	for (let i = 1; i <= count; i++) {
		image.dataSet.set('SOPInstanceUID', `2.25.${i}`);
		const copy = writePart10(image.dataSet, {
			transferSyntax: image.transferSyntax,
			implementationClassUid: '2.25.1',
			implementationVersionName: 'TEST',
		});
		files.set(`/home/you/copy${i}.dcm`, joinBytes(copy));
		expect(hospital.type(`storescu ${AS_DESK} pacs 104 copy${i}.dcm`).exitCode).toBe(0);
	}
	return hospital;
}

test('findscu --cancel asks to end after so many responses', () => {
	const { type, image } = withCopies(30);
	const all = image.replace(/ -k SOPInstanceUID=.*/, ' -k SOPInstanceUID');
	const line = `findscu -v -S ${AS_DESK} ${all} pacs 104`;
	const count = (lines: string[]): number =>
		lines.filter((text) => text.startsWith('I: Find Response: ')).length;
	const whole = type(line);
	expect(count(whole.lines)).toBe(31);
	expect(whole.text).not.toContain('Cancel');
	const cancelled = type(line.replace('-v', '-v --cancel 2'));
	const at = cancelled.lines.indexOf('I: Sending Cancel Request (MsgID 1, PresID 1)');
	expect(count(cancelled.lines.slice(0, at))).toBe(2);
	expect(count(cancelled.lines)).toBeLessThan(31);
	expect(cancelled.lines.slice(-2)).toEqual([
		'I: Received Final Find Response (Cancel: MatchingTerminatedDueToCancelRequest)',
		'I: Releasing Association',
	]);
	expect(cancelled).toMatchObject({ exitCode: 0, facts: ['find IMAGE at pacs: cancelled'] });
	expect(type(line.replace('-v', '--cancel x')).lines.at(-1)).toBe(
		'error: Invalid value for option --cancel (x)',
	);
	expect(type(line.replace('-v', '--cancel -1')).lines.at(-1)).toBe(
		'error: Invalid value for option --cancel (underflow: -1)',
	);
});

test('movescu --cancel ends the sub-operations, which is no error', () => {
	const { type, study } = withCopies(30);
	const line = `movescu -v -S --cancel 1 ${AS_DESK} +P 11113 ${study} pacs 104`;
	const { lines, exitCode, facts } = type(line);
	const at = lines.indexOf('I: Sending Cancel Request (MsgID 1, PresID 3)');
	expect(lines[at - 1]).toBe('I: Received Move Response 1 (Pending)');
	expect(lines.slice(-2)).toEqual([
		'I: Received Final Move Response (Cancel: SubOperationsTerminatedDueToCancelIndication)',
		'I: Releasing Association',
	]);
	expect(lines.filter((text) => text.startsWith('I: Received Store Request')).length).toBeLessThan(
		31,
	);
	expect({ exitCode, facts }).toEqual({
		exitCode: 0,
		facts: ['move to PACSDESK at pacs: cancelled'],
	});
});

test('movescu asks the patient root unless told otherwise', () => {
	const { type, study } = filled();
	const line = `movescu ${AS_DESK} +P 11113 ${study} -k PatientID=SYN00000018 pacs 104`;
	expect(type(line)).toMatchObject({
		exitCode: 0,
		facts: ['move to PACSDESK at pacs: success'],
	});
	expect(type(line.replace('movescu', 'movescu -d')).text).toContain(
		'=MOVEPatientRootQueryRetrieveInformationModel',
	);
});
