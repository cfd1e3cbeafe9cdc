import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DataSet } from '../../../src/lib/protocol/dicom/dataset/data-set.ts';
import { dumpDataSet } from '../../../src/lib/protocol/dicom/dataset/dump.ts';
import { readPart10 } from '../../../src/lib/protocol/dicom/dataset/part10.ts';
import { UID } from '../../../src/lib/protocol/dicom/dataset/uids.ts';
import { asFile, ctImage } from './objects.ts';

const version = /v(3\.6\.\d+)/.exec(spawnSync('dcmdump', ['--version']).stdout?.toString() ?? '');
if (version === null) console.warn('skipped: dcmdump (DCMTK) is not installed');
const folder = mkdtempSync(join(tmpdir(), 'dcmdump-'));
afterAll(() => rmSync(folder, { recursive: true }));

function dumpByDcmtk(file: Uint8Array): string {
	const path = join(folder, 'object.dcm');
	writeFileSync(path, file);
	return execFileSync('dcmdump', [path], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
}

function dumpByUs(file: Uint8Array): string {
	const result = readPart10(file);
	if (!result.ok) throw new Error(result.error.message);
	return dumpDataSet(result.dataSet, result);
}

const SYNTAXES = [
	UID.LittleEndianImplicit,
	UID.LittleEndianExplicit,
	UID.BigEndianExplicit,
	UID.DeflatedLittleEndianExplicit,
];

test.skipIf(version === null).for(
	SYNTAXES.flatMap((syntax) => [
		{ syntax, sequences: 'defined' as const },
		{ syntax, sequences: 'undefined' as const },
	]),
)('a CT image in $syntax, lengths $sequences, dumps byte for byte alike', (mode) => {
	const file = asFile(ctImage(), mode.syntax, mode.sequences);
	expect(dumpByUs(file)).toBe(dumpByDcmtk(file));
});

const VRS = (
	'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SS ST SV TM UC UI UL UN UR US ' +
	'UT UV'
).split(' ');

/** Private elements of every VR, with many lengths around the edges of the layout. */
function everyVr(): DataSet {
	const dataSet = DataSet.from({ SOPClassUID: UID.CTImageStorage, SOPInstanceUID: '1.2' });
	VRS.forEach((vr, i) => {
		const group = (0x0011 + 2 * i) * 0x10000;
		[0, 8, 16, 24, 32, 40, 64, 72, 80, 800].forEach((length, n) => {
			const bytes = Uint8Array.from({ length }, (_, at) => 0x30 + ((at * 7 + n) % 10));
			dataSet.setRaw(group + 0x1000 + n, vr, bytes);
		});
	});
	for (let length = 32; length < 76; length += 1) {
		dataSet.set(0x00990000 + 0x1000 + length, 'x'.repeat(length), 'LO');
		dataSet.set(0x009b0000 + 0x1000 + length, 'a b '.repeat(20).slice(0, length), 'LT');
	}
	return dataSet;
}

test.skipIf(version === null).for(SYNTAXES.filter((syntax) => syntax !== UID.LittleEndianImplicit))(
	'every VR at every length dumps alike in %s',
	(syntax) => {
		const file = asFile(everyVr(), syntax);
		expect(dumpByUs(file).split('\n')).toEqual(dumpByDcmtk(file).split('\n'));
	},
);

test.skipIf(version === null)('every UID of the table has the name dcmdump prints', () => {
	const items = Object.values(UID).map((uid) => DataSet.from({ ReferencedSOPClassUID: uid }));
	const file = asFile(DataSet.from({ ReferencedStudySequence: items }), UID.LittleEndianExplicit);
	expect(dumpByUs(file).split('\n')).toEqual(dumpByDcmtk(file).split('\n'));
});

test.skipIf(version === null)('encapsulated pixel data dumps alike', () => {
	const dataSet = ctImage().setFragments('PixelData', [
		new Uint8Array(0),
		Uint8Array.of(255, 216, 255, 217),
		new Uint8Array(300),
	]);
	const file = asFile(dataSet, UID['JPEGLossless:Non-hierarchical-1stOrderPrediction']);
	expect(dumpByUs(file)).toBe(dumpByDcmtk(file));
});
