import { expect, test } from 'vitest';
import { entryOf, formatTag, tagOf } from './dictionary.ts';
import { UID, uidName } from './uids.ts';
import { vrOfBytes, vrOfCode } from './vr.ts';

test('finds attributes by tag and by keyword', () => {
	expect(tagOf('PatientName')).toBe(0x00100010);
	expect(entryOf(0x00100010)).toMatchObject({ vr: 'PN', keyword: 'PatientName', vm: '1' });
	expect(entryOf(0x00280030)).toMatchObject({ vr: 'DS', vm: '2' });
	expect(entryOf(0x7fe00010)).toMatchObject({ vr: 'OW', ambiguous: 'OB or OW' });
	expect(entryOf(0x00000002)).toMatchObject({ vr: 'UI', keyword: 'AffectedSOPClassUID' });
	expect(tagOf('DirectoryRecordSequence')).toBe(0x00041220);
});

test('retired attributes keep their keyword and are marked in the name', () => {
	expect(entryOf(0x00324000)).toMatchObject({
		keyword: 'StudyComments',
		name: 'RETIRED_StudyComments',
	});
	expect(tagOf('StudyComments')).toBe(0x00324000);
});

test('repeating groups have one entry for all their tags', () => {
	expect(entryOf(0x60000010)).toMatchObject({ keyword: 'OverlayRows', tag: 0x60000010 });
	expect(entryOf(0x60020010)).toMatchObject({ keyword: 'OverlayRows', tag: 0x60020010 });
	expect(entryOf(0x601e3000)).toMatchObject({ keyword: 'OverlayData', vr: 'OW' });
	expect(entryOf(0x50ae0005)).toMatchObject({ keyword: 'CurveDimensions' });
	expect(entryOf(0x00203133)).toMatchObject({ keyword: 'SourceImageIDs' });
	expect(entryOf(0x60010010)).toBeUndefined();
});

test('private and unknown tags have no entry, group lengths always have', () => {
	expect(entryOf(0x00091001)).toBeUndefined();
	expect(entryOf(0x00100001)).toBeUndefined();
	expect(entryOf(0x00320000)).toMatchObject({ vr: 'UL', name: 'GenericGroupLength' });
	expect(entryOf(0x00020000)).toMatchObject({ name: 'FileMetaInformationGroupLength' });
	expect(entryOf(0x00090000)).toBeUndefined();
});

test('an unknown keyword is a typed error', () => {
	expect(() => tagOf('PatientNmae')).toThrow(
		expect.objectContaining({ name: 'DataSetError', code: 'unknown-keyword' }),
	);
});

test('a tag prints as the standard writes it', () => {
	expect(formatTag(0x00100010)).toBe('(0010,0010)');
	expect(formatTag(0xfffee00d)).toBe('(fffe,e00d)');
});

test('every value representation is found by its letters', () => {
	for (const code of ['AE', 'OV', 'SV', 'UV', 'OL', 'OD', 'UC', 'UR', 'UT', 'SQ']) {
		expect(vrOfBytes(code.charCodeAt(0), code.charCodeAt(1))).toBe(vrOfCode(code));
	}
	expect(vrOfBytes(0x5a, 0x5a)).toBeUndefined();
	expect(vrOfBytes(0x00, 0xff)).toBeUndefined();
	expect(vrOfCode('UV')).toMatchObject({ lengthBits: 32, unitBytes: 8 });
});

test('UIDs have the names of DCMTK', () => {
	expect(uidName('1.2.840.10008.5.1.4.1.1.2')).toBe('CTImageStorage');
	expect(uidName(UID.FINDModalityWorklistInformationModel)).toBe(
		'FINDModalityWorklistInformationModel',
	);
	expect(uidName('1.2.3')).toBeUndefined();
	const all = Object.values(UID);
	expect(new Set(all).size).toBe(all.length);
	for (const uid of all) expect(uid).toMatch(/^[0-2](\.(0|[1-9]\d*))+$/);
});
