/** Character sets beside pydicom: its own test files, and the text examples of PS3.5 annexes H to K. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DataSet } from '../../../src/lib/protocol/dicom/dataset/data-set.ts';
import { readPart10 } from '../../../src/lib/protocol/dicom/dataset/part10.ts';
import { UID } from '../../../src/lib/protocol/dicom/dataset/uids.ts';
import { asFile } from './objects.ts';

const PYTHON = '/usr/bin/python3';
const asked = spawnSync(PYTHON, ['-c', 'import pydicom; print(pydicom.__path__[0])']);
const pydicom = asked.status === 0;
if (!pydicom) console.warn('skipped: python3 has no pydicom');
const examples = join(asked.stdout?.toString().trim() ?? '', 'data', 'charset_files');
const files =
	pydicom && existsSync(examples)
		? readdirSync(examples).filter((name) => name.endsWith('.dcm'))
		: [];
const folder = mkdtempSync(join(tmpdir(), 'charset-'));
afterAll(() => rmSync(folder, { recursive: true }));

function readByPydicom(path: string): Record<string, unknown> {
	const script = new URL('./read-with-pydicom.py', import.meta.url).pathname;
	const run = spawnSync(PYTHON, [script, path], { env: { PYTHONIOENCODING: 'utf-8' } });
	if (run.status !== 0) throw new Error(run.stderr.toString());
	return JSON.parse(run.stdout.toString()) as Record<string, unknown>;
}

/** The names and descriptions of a data set and its items, by tag. */
function texts(dataSet: DataSet): Record<string, unknown> {
	const out: Record<string, unknown> = {};
	for (const { tag, vr, items } of dataSet.elements()) {
		const key = tag.toString(16).padStart(8, '0');
		if (items !== undefined) out[key] = items.map(texts);
		else if (vr === 'PN' || vr === 'LO' || vr === 'SH') {
			// pydicom leaves out an empty last component group.
			const values = dataSet.texts(tag).map((text) => text.replace(/=$/, ''));
			out[key] = values.length > 1 ? values : (values[0] ?? '');
		}
	}
	return out;
}

test.skipIf(!pydicom).for(files)('%s reads as pydicom reads it', (name) => {
	const path = join(examples, name);
	const result = readPart10(new Uint8Array(readFileSync(path)));
	if (!result.ok) throw new Error(result.error.message);
	expect(readByPydicom(path)).toMatchObject(texts(result.dataSet));
	expect(JSON.stringify(texts(result.dataSet))).not.toContain('\ufffd');
});

/** Bytes from text with \x-style characters below 256. */
function raw(text: string): Uint8Array {
	return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const ESC = '\u001b';

/** PS3.5 H.3.1, H.3.2, I.2, I.3, J.1, J.3, K.2: label, attribute, bytes, text. */
const ANNEX: readonly [string, 'PatientName' | 'PatientComments', string, string][] = [
	[
		'\\ISO 2022 IR 87',
		'PatientName',
		`Yamada^Tarou=${ESC}$B;3ED${ESC}(B^${ESC}$BB@O:${ESC}(B=` +
			`${ESC}$B$d$^$@${ESC}(B^${ESC}$B$?$m$&${ESC}(B`,
		'Yamada^Tarou=山田^太郎=やまだ^たろう',
	],
	[
		'ISO 2022 IR 13\\ISO 2022 IR 87',
		'PatientName',
		`\xd4\xcf\xc0\xde^\xc0\xdb\xb3=${ESC}$B;3ED${ESC}(J^${ESC}$BB@O:${ESC}(J=` +
			`${ESC}$B$d$^$@${ESC}(J^${ESC}$B$?$m$&${ESC}(J`,
		'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
	],
	[
		'\\ISO 2022 IR 149',
		'PatientName',
		`Hong^Gildong=${ESC}$)C\xfb\xf3^${ESC}$)C\xd1\xce\xd4\xd7=` +
			`${ESC}$)C\xc8\xab^${ESC}$)C\xb1\xe6\xb5\xbf`,
		'Hong^Gildong=洪^吉洞=홍^길동',
	],
	[
		'\\ISO 2022 IR 149',
		'PatientComments',
		`${ESC}$)CThe 1st line includes \xb1\xe6\xb5\xbf.\r\n` +
			`${ESC}$)CThe 2nd line includes \xb1\xe6\xb5\xbf, too.\r\nThe 3rd line`,
		'The 1st line includes 길동.\r\nThe 2nd line includes 길동, too.\r\nThe 3rd line',
	],
	[
		'ISO_IR 192',
		'PatientName',
		'Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1=',
		'Wang^XiaoDong=王^小東',
	],
	['GB18030', 'PatientName', 'Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab=', 'Wang^XiaoDong=王^小东'],
	[
		'\\ISO 2022 IR 58',
		'PatientName',
		`Zhang^XiaoDong=${ESC}$)A\xd5\xc5^${ESC}$)A\xd0\xa1\xb6\xab=`,
		'Zhang^XiaoDong=张^小东',
	],
];

/** pydicom 2.3 leaves out an empty last group, and keeps the escape sequences of GB 2312. */
function plain(text: unknown): string {
	return String(text).replace(/=$/, '').replaceAll(`${ESC}$)A`, '');
}

test.skipIf(!pydicom).for(ANNEX)(
	'%s, %s: the bytes of the annex',
	([label, keyword, bytes, text]) => {
		const object = DataSet.from({ SpecificCharacterSet: label, [keyword]: raw(bytes) });
		expect(plain(object.text(keyword))).toBe(text);
		const written = DataSet.from({ SpecificCharacterSet: label, [keyword]: object.text(keyword)! });
		// The line without Hangul needs no escape sequence, which the example has anyway or not.
		if (keyword === 'PatientName') expect(written.bytes(keyword)).toEqual(object.bytes(keyword));
		expect(written.text(keyword)).toBe(object.text(keyword));
		const path = join(folder, 'annex.dcm');
		writeFileSync(path, asFile(object, UID.LittleEndianExplicit));
		const key = keyword === 'PatientName' ? '00100010' : '00104000';
		expect(plain(readByPydicom(path)[key])).toBe(text);
	},
);

test.skipIf(!pydicom)('items inherit and override, as pydicom sees it', () => {
	const item = (label: string | undefined, name: string): DataSet =>
		DataSet.from({
			...(label === undefined ? {} : { SpecificCharacterSet: label }),
			ReferringPhysicianName: name,
		});
	const object = DataSet.from({
		SpecificCharacterSet: 'ISO_IR 100',
		PatientName: 'Müller^Jörg',
		ReferencedStudySequence: [
			item(undefined, 'Böhm^Zoë'),
			item('ISO_IR 144', 'Иванов^Пётр'),
			item('\\ISO 2022 IR 87', 'Yamada=山田'),
			item('ISO_IR 192', '山田^太郎'),
		],
	});
	const path = join(folder, 'items.dcm');
	writeFileSync(path, asFile(object, UID.LittleEndianExplicit));
	const names = (readByPydicom(path)['00081110'] as Record<string, string>[]).map(
		(one) => one['00080090'],
	);
	expect(names).toEqual(['Böhm^Zoë', 'Иванов^Пётр', 'Yamada=山田', '山田^太郎']);
	const ours = readPart10(new Uint8Array(readFileSync(path)));
	if (!ours.ok) throw new Error(ours.error.message);
	expect(
		ours.dataSet.items('ReferencedStudySequence').map((one) => one.text('ReferringPhysicianName')),
	).toEqual(names);
});
