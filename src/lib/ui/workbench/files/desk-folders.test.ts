import { expect, test } from 'vitest';
import { deskAddress, deskFolders } from './desk-folders.ts';

const file = (path: string) => ({ path, sizeBytes: 10 });

test('files are grouped by folder, and a medium is one group whatever folders it has', () => {
	const folders = deskFolders(
		[
			'/home/you/export/A1/DICOM/SE000001/IM000001',
			'/home/you/test-image.dcm',
			'/home/you/export/A1/DICOMDIR',
			'/home/you/upload/knee.dcm',
			'/home/you/upload/hip.dcm',
			'/captures/x.pcapng',
		].map(file),
	);
	expect(
		folders.map(({ title, fileSet, files }) => [title, fileSet, files.map((f) => f.name)]),
	).toEqual([
		['/captures', false, ['x.pcapng']],
		['~', false, ['test-image.dcm']],
		['~/export/A1', true, ['DICOM/SE000001/IM000001', 'DICOMDIR']],
		['~/upload', false, ['knee.dcm', 'hip.dcm']],
	]);
	expect(folders[2]?.sizeBytes).toBe(20);
	expect(folders.map(({ whole }) => whole)).toEqual([true, false, true, true]);
});

test('a path becomes an address', () => {
	expect(deskAddress('/home/you/a b#1.dcm')).toBe('home/you/a%20b%231.dcm');
});
