import { expect, test } from 'vitest';
import { DataSet } from './data-set.ts';
import { joinBytes } from './encode-data-set.ts';
import { readPart10, writePart10 } from './part10.ts';
import { UID } from './uids.ts';

const OPTIONS = {
	implementationClassUid: '1.2.826.0.1.3680043.10.9999',
	implementationVersionName: 'PACSONCALL_1',
	sourceAeTitle: 'CT2',
};

function file(transferSyntax: string): Uint8Array {
	const dataSet = DataSet.from({
		SOPClassUID: UID.CTImageStorage,
		SOPInstanceUID: '1.2.3',
		PatientName: 'Doe^Jane',
		PixelData: new Uint8Array(2048),
	});
	return joinBytes(writePart10(dataSet, { ...OPTIONS, transferSyntax }));
}

test.each([UID.LittleEndianImplicit, UID.LittleEndianExplicit, UID.BigEndianExplicit])(
	'a file in %s is read again',
	(transferSyntax) => {
		const result = readPart10(file(transferSyntax), { strict: true });
		if (!result.ok) throw new Error(result.error.message);
		expect(result.transferSyntax).toBe(transferSyntax);
		expect(result.dataSet.text('PatientName')).toBe('Doe^Jane');
		const { fileMeta } = result;
		expect(fileMeta.text('MediaStorageSOPClassUID')).toBe(UID.CTImageStorage);
		expect(fileMeta.text('SourceApplicationEntityTitle')).toBe('CT2');
		expect(fileMeta.bytes('FileMetaInformationVersion')).toEqual(Uint8Array.of(0, 1));
	},
);

test('the group length counts the rest of the File Meta Information', () => {
	const bytes = file(UID.LittleEndianExplicit);
	const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(140, true);
	// The data set starts with (0008,0016).
	expect([...bytes.subarray(144 + length, 148 + length)]).toEqual([8, 0, 0x16, 0]);
});

test('errors have their offset in the file', () => {
	const bytes = file(UID.LittleEndianExplicit);
	expect(readPart10(bytes.subarray(0, 100))).toMatchObject({ ok: false, error: { offset: 128 } });
	expect(readPart10(bytes.subarray(132))).toMatchObject({ ok: false, error: { offset: 128 } });
	const cut = readPart10(bytes.subarray(0, bytes.length - 1));
	expect(cut).toMatchObject({
		ok: false,
		error: { tag: 0x7fe00010, offset: bytes.length - 2060 },
	});
	if (!cut.ok) expect(cut.partial?.text('PatientName')).toBe('Doe^Jane');
	expect(readPart10(bytes.subarray(0, 140))).toMatchObject({ ok: false, error: { offset: 132 } });
});

test('without a transfer syntax nothing can be read', () => {
	const bytes = new Uint8Array(132);
	bytes.set([0x44, 0x49, 0x43, 0x4d], 128);
	expect(readPart10(bytes)).toMatchObject({
		ok: false,
		error: { message: 'the transfer syntax is missing' },
	});
});
