import { expect, test } from 'vitest';
import { importFile } from './import-file.ts';
import type { ImportOptions } from './import-file.ts';

function read(text: string, format: ImportOptions['format'] = 'auto') {
	const options = { name: 'quiz.txt', format, objective: 'own.test', created: '2026-11-23' };
	return importFile(new TextEncoder().encode(text), options);
}

const GIFT = `// A comment of its own.
::Port:: Which TCP port is registered: for DICOM? {=104#Well known: since the start. ~80#That is HTTP. ~443}

$CATEGORY: tom/dick
::Broken:: This question never closes its answers {=right ~wrong

::Bits:: How many bits has a byte? {#8:0}

::Range:: Roughly? {#1e3..1.2e3}

::Traps:: How many? {#=8:0.5#Right. =%0%64:0#Bits, not bytes. ~#Anything else.}

Essay about images. {}

Short? {=DICOM =dicom}

::Several:: Which are lossless? {
	~%50%RLE
	~%50%JPEG-LS
	~%-100%JPEG baseline
	#### All of it.
}

::True:: The Earth is round. {T#Wrong!#Right!}

::Pairs:: Match. {=A -> one =B -> two = -> three}

[html]<p>Is <b>this</b> <i>HTML</i> &amp; <script>alert(1)</script>so?</p>{=Yes<br>indeed ~No ~<img src\\="x" alt\\="A cat">}

Missing {=word ~other} in the middle.

Just a description.

::Bad number:: x {#eight}
`;

test('GIFT: what is sound is taken over, what is not is refused alone, with its line', () => {
	const { format, accepted, refused } = read(GIFT);
	expect(format).toBe('gift');
	expect(refused.map(({ title, line }) => [title, line])).toEqual([
		['Broken', 5],
		['Essay about images.', 13],
		['Short?', 15],
		['Just a description.', 32],
		['Bad number', 34],
	]);
	expect(refused[0]?.reason).toContain('never closed');
	expect(refused[4]?.reason).toContain('near line 34');
	expect(accepted.map(({ title, item, line }) => [title, item.type, line])).toEqual([
		['Port', 'sba', 2],
		['Bits', 'numeric', 7],
		['Range', 'numeric', 9],
		['Traps', 'numeric', 11],
		['Several', 'multi', 17],
		['True', 'sba', 24],
		['Pairs', 'match', 26],
		['Is this HTML & so?', 'sba', 28],
		['Missing _____ in the middle.', 'sba', 30],
	]);
});

test('GIFT: keys, reasons and tolerances', () => {
	const [port, bits, range, traps, several, round, pairs, html] = read(GIFT).accepted;
	expect(port?.item).toMatchObject({
		id: 'OW-question-0001',
		stem: '',
		lead_in: 'Which TCP port is registered: for DICOM?',
		options: [
			{ text: '104', correct: true, rationale: 'Well known: since the start.' },
			{ text: '80', rationale: 'That is HTTP.' },
			{ text: '443', rationale: 'The source gives no reason for this answer.' },
		],
	});
	expect(bits?.item).toMatchObject({ answer: { value: 8, tol_abs: 0 } });
	expect(range?.item).toMatchObject({ answer: { value: 1100, tol_abs: 100 } });
	expect(traps?.item).toMatchObject({
		answer: { value: 8, tol_abs: 0.5 },
		traps: [{ value: 64, rationale: 'Bits, not bytes.' }],
	});
	expect(several?.item).toMatchObject({
		explanation: 'All of it.',
		options: [{ correct: true }, { correct: true }, { text: 'JPEG baseline' }],
	});
	expect(round?.item).toMatchObject({
		options: [
			{ text: 'True', correct: true, rationale: 'Right!' },
			{ text: 'False', rationale: 'Wrong!' },
		],
	});
	expect(pairs?.item).toMatchObject({
		pairs: [{ left: 'A', right: 'one' }, {}],
		extra: [{ text: 'three' }],
	});
	expect(html?.item).toMatchObject({
		lead_in: 'Is **this** *HTML* & so?',
		options: [{ text: 'Yes\\\nindeed' }, { text: 'No' }, { text: '\\[A cat\\]' }],
	});
	expect(html?.notes).toEqual([
		'A picture was left out.',
		'Code or style was left out.',
		'The file gives no reasons for its answers.',
	]);
});

test('GIFT: part marks are told, equal and missing choices are refused', () => {
	const { accepted, refused } = read(
		'Half? {=a ~%50%b ~c}\n\nSame? {=a ~a}\n\nOne? {~a ~b}\n\nMany? {=a =b ~c}\n\nUneven? {~%75%a ~%25%b ~%-100%c}',
	);
	expect(accepted.map(({ notes }) => notes[0])).toEqual([
		'Part marks were left out: one choice is right.',
		'Part marks were left out: all right choices are needed.',
	]);
	expect(refused.map(({ reason }) => reason)).toEqual([
		'Two of the choices read the same: a',
		'None of its choices is right.',
		'2 of its choices are right, but only one may be chosen.',
	]);
});

const AIKEN = `What does PACS stand for?
A. Picture archiving and communication system
B) Patient access control
   service
ANSWER: A

Which is a *modality*?
A. CT
B. HIS
ANSWER: C

No answer here?
A. x
B. y

Several?
A. x
B. y
ANSWER: A, B

ANSWER: A
`;

test('Aiken: sound questions with their key, the others refused with line and reason', () => {
	const { format, accepted, refused } = read(AIKEN);
	expect(format).toBe('aiken');
	expect(accepted).toHaveLength(1);
	expect(accepted[0]).toMatchObject({
		line: 1,
		item: {
			lead_in: 'What does PACS stand for?',
			options: [
				{ text: 'Picture archiving and communication system', correct: true },
				{ text: 'Patient access control service' },
			],
		},
	});
	expect(refused.map(({ line, reason }) => [line, reason])).toEqual([
		[7, 'The answer is "C", but there is no such choice.'],
		[12, 'The line "ANSWER: …" is missing.'],
		[16, 'Aiken has one right choice, but several are named.'],
		[21, 'There are no choices: they begin with a capital and a dot, as in "A. …".'],
	]);
	expect(refused[0]?.title).toBe('Which is a *modality*?');
});

test.each([
	['', 'The file is empty.'],
	['Dear all, see you on Monday.', 'It is none of the formats'],
	['\ufeff  \n', 'The file is empty.'],
	['a\0b {=c}', 'The file holds zero bytes'],
	['<html><body>hi</body></html>', 'It is none of the formats'],
	['<?xml version="1.0"?><rss/>', 'Its outermost element is <rss>'],
	['<?xml version="1.0" encoding="windows-1252"?><quiz/>', 'in windows-1252'],
	['<questestinterop/>', 'QTI 1.x'],
	['<quiz><question>', 'not well-formed XML'],
	['<quiz></quiz>', 'There is no question in it.'],
	['// only a comment {}', 'There is no question in it.'],
])('refuses %j as a whole', (text, reason) => {
	const { accepted, refused } = read(text);
	expect(accepted).toEqual([]);
	expect(refused).toHaveLength(1);
	expect(refused[0]?.reason).toContain(reason);
});

test('only UTF-8 is read, with or without a byte order mark', () => {
	const options = { name: 'f', format: 'auto', objective: 'own.x', created: '2026-11-23' } as const;
	const latin = Uint8Array.from([...'caf'].map((c) => c.charCodeAt(0)).concat(0xe9));
	expect(importFile(latin, options).refused[0]?.reason).toContain('not in UTF-8');
	const wide = Uint8Array.from([0xff, 0xfe, 0x41, 0]);
	expect(importFile(wide, options).refused[0]?.reason).toContain('UTF-16');
	const marked = read('\ufeffÄpfel? {=ja ~nein}');
	expect(marked.accepted[0]?.item.lead_in).toBe('Äpfel?');
});

test('takes over 500 questions and says that the others do not fit', () => {
	const { accepted, refused } = read('Q? {=a ~b}\n\n'.repeat(503));
	expect(accepted).toHaveLength(500);
	expect(accepted.at(-1)?.item.id).toBe('OW-question-0500');
	expect(refused).toHaveLength(3);
	expect(refused[0]?.reason).toContain('Only 500');
});
