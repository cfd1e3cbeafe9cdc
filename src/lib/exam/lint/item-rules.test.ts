import { expect, test } from 'vitest';
import { broken, itemOf, SOUND_ITEM, type ItemFields } from './item.fixture.ts';
import { ITEM_RULES } from './lint-bank.ts';

const [KEY, CABLE, DISK] = SOUND_ITEM.options;

/** The sound item with other texts of the options; the first is the key. */
function options(...texts: string[]): ItemFields {
	const rationale = 'A reason of more than four words.';
	return {
		options: texts.map((text, i) => ({
			id: `o${i}`,
			text,
			rationale,
			...(i === 0 ? { correct: true } : {}),
		})),
	};
}

function multi(leadIn: string, keys = 2): ItemFields {
	return {
		...options('Red light', 'Blue light', 'Green light', 'White light'),
		...{ type: 'multi', lead_in: leadIn },
		options: ['Red light', 'Blue light', 'Green light', 'White light'].map((text, i) => ({
			...{ id: `o${i}`, text, rationale: 'A reason of more than four words.', correct: i < keys },
		})),
	};
}

function text(content: string, more: ItemFields = {}): ItemFields {
	return {
		exhibits: [
			{ id: 'x', kind: 'text', caption: 'A text', alt: 'Lines', with: { text: content, ...more } },
		],
	};
}

const NUMERIC = itemOf('numeric', {
	answer: { value: 5 },
	traps: [{ value: 7, rationale: 'The remainder was taken twice.' }],
});
const DRAWN = { vars: { n: { int: [1, 9] } } };
const LONG_STEM = `${'The archive stores one more study. '.repeat(25)}`;
const HARD_STEM =
	'Notwithstanding organisational responsibilities concerning interoperability documentation, administrators investigating intermittent communication abnormalities occasionally underestimate considerable configuration inconsistencies accumulated throughout preceding infrastructural modernisation initiatives.';
const VAGUE = { stem: 'Archives.', lead_in: 'What is it?' };

/** Per rule: an item that breaks it, the line and the message it gets, and an item close to it that does not. */
const CASES: [rule: string, red: ItemFields, message: RegExp, green: ItemFields][] = [
	['E01', { options: [KEY, { ...CABLE, correct: true }, DISK] }, /^\d+ 2 options are correct/, {}],
	['E01', multi('Which lights burn?'), /^\d+ .*"Which TWO …\?"/, multi('Which TWO lights burn?')],
	[
		'E01',
		multi('Which 4 lights burn?', 4),
		/4 of 4 options are correct/,
		multi('Which THREE lights burn?', 3),
	],
	[
		'E02',
		options('The log', '**the  log**.', 'The disk'),
		/says the same as "The log"/,
		options('The log', 'A log', 'The disk'),
	],
	[
		'E02',
		options('1 GB', '1000 MB', '5 GB'),
		/has the same value as "1 GB"/,
		options('1 GB', '1000 MiB', '5 GB'),
	],
	[
		'E02',
		options('5 to 10 MB', '8 to 12 MB', 'more than 20 MB'),
		/overlaps with "5 to 10 MB"/,
		options('5 to 10 MB', '11 to 12 MB', 'more than 20 MB'),
	],
	[
		'E02',
		options('at most 5 %', '5 to 8 %', 'more than 8 %'),
		/overlaps/,
		options('less than 5 %', '5 to 8 %', 'more than 8 %'),
	],
	[
		'E02',
		itemOf('order', {
			sequence: ['One', 'Two', 'one', 'Four'].map((t, i) => ({
				id: `s${i}`,
				text: t,
				rationale: 'It stands here for a reason.',
			})),
		}),
		/says the same as "One"/,
		{},
	],
	[
		'E03',
		{ options: [KEY, { ...CABLE, rationale: 'Wrong.' }, DISK] },
		/too short to be a reason/,
		{},
	],
	['E03', { explanation: 'Logs help.' }, /too short: the rule/, {}],
	[
		'E03',
		{ references: [{ source: 'work-two', section: '1', checked: '2026-11-01' }] },
		/only secondary sources/,
		{},
	],
	[
		'E04',
		{ explanation: 'Option B fails because the disk is full, and the others fail as well.' },
		/"Option B" names a choice by letter/,
		{ explanation: 'The option B-frame of video is of no use here, and neither are the others.' },
	],
	[
		'E04',
		{
			options: [{ ...KEY, rationale: 'Unlike the first option, this one is right.' }, CABLE, DISK],
		},
		/"first option" names a choice by place/,
		{ options: [{ ...KEY, rationale: 'This is the first thing that one does.' }, CABLE, DISK] },
	],
	[
		'E05',
		options('The log', 'The disk', 'None of the above'),
		/"None of the above" is not a choice/,
		options('The log', 'The disk', 'None of the disks'),
	],
	[
		'E05',
		options('The log', 'The disk', 'Both A and B'),
		/combines other choices/,
		options('The log', 'The disk', 'Class A and B hosts'),
	],
	['E06', { objective: 'systems.none' }, /^8 there is no objective/, {}],
	['E07', {}, /^4 live, but nobody else has answered it blind/, { status: 'draft' }],
	[
		'E09',
		{ exhibits: [{ id: 'x', kind: 'text', caption: 'A log', alt: 'A log', with: { text: 't' } }] },
		/repeats the caption/,
		text('t'),
	],
	[
		'E09',
		itemOf('hotspot', {
			exhibits: [{ id: 'x', kind: 'image', caption: 'c', alt: 'a', with: { label: '' } }],
			on: 'x',
			regions: ['left', 'right', 'top'].map((id, i) => ({
				id,
				rationale: 'A reason of more than four words.',
				correct: i === 0,
			})),
		}),
		/has no named regions/,
		{},
	],
	['E10', text('MSH|broken'), /not an HL7 message/, text('MSH|broken', { faulty: true })],
	['E10', text('(0010,0020) PN [7]'), /has the VR LO, not PN/, text('(0010,0020) LO [7]')],
	[
		'E10',
		text('(0010,0020) LO [7]  #   2, 1 PatientName'),
		/is PatientID, not PatientName/,
		text('(0010,0020) LO [7]  #   2, 1 PatientID'),
	],
	[
		'E10',
		{
			explanation:
				'The PatientName (0010,0020) is compared, because it is the one that people know.',
		},
		/is PatientID, not what stands before it/,
		{
			explanation:
				'The *Patient ID* (0010,0020) is compared, because it is the one that devices know.',
		},
	],
	[
		'E10',
		{ explanation: 'Whatever stands in (0010,0022) is compared by the archive with what it has.' },
		/not in the DICOM dictionary/,
		{
			explanation:
				'Whatever stands in (0011,0022) is private and nothing that the archive looks at.',
		},
	],
	['E10', text('UID 1.2.840.10008.01.2'), /begins with 0/, text('UID 1.2.840.10008.1.2')],
	[
		'E10',
		text(`UID 1.2.840.10008.${'1.'.repeat(26)}12`),
		/has 68 characters/,
		text(`UID 1.2.840.10008.${'1.'.repeat(20)}12`),
	],
	['E10', text('called: ARCHIVE_OF_THE_HOSPITAL'), /has 23 characters/, text('called: ARCHIVE')],
	['E10', text('port 70000'), /there is no port 70000/, text('port 11112')],
	[
		'E11',
		{
			stem: 'In a hospital whose archive comes from Sectra, 40 studies are refused by the archive.',
		},
		/"Sectra" is a brand/,
		{},
	],
	[
		'E11',
		text('PID|1||7^^^A||Smith^Ann'),
		/"Smith" could be a real name/,
		text('PID|1||7^^^A||Larch^Ann\nPID|1||7^^^A||DOE^JANE'),
	],
	['E11', text('call 212-555-7890'), /telephone/, text('call 212-555-0190')],
	['E11', text('SSN 123-45-6789'), /social security/, text('MRN 12345-6789')],
	['E11', text('mail a.b@hospital.com'), /e-mail/, text('mail a.b@pacs.example.org')],
	[
		'E12',
		{ ...NUMERIC, answer: { value: 'n' }, params: DRAWN },
		/^\d+ with the seed (v|lint-)\d+: the wrong result 7 would be marked right \(key 7\)/,
		NUMERIC,
	],
	[
		'E12',
		{ ...options('{n}', '{10 - n}', '20'), params: DRAWN },
		/^\d+ with the seed (v|lint-)\d+: says the same as "5"/,
		{ ...options('{n}', '{20 - n}', '20'), params: DRAWN },
	],
	[
		'E12',
		{ stem: '{1 / (n - 4)}', params: DRAWN },
		/with the seed (v|lint-)\d+: the result is not a finite number/,
		{ stem: '{1 / (n + 4)}', params: DRAWN },
	],
	[
		'E12',
		{ params: { vars: { n: { int: [1, 60] } }, constraints: ['n == 7 or n == 8'] } },
		/the constraints accept only 50 of \d+ draws/,
		{ params: { vars: { n: { int: [1, 100] } }, constraints: ['n > 50'] } },
	],
	[
		'E13',
		{ stem: 'The archive refuses each of 40 studies with <b>A700</b> at once.' },
		/"<b>" is HTML/,
		{ stem: 'The archive refuses each of 40 studies with `<b>A700</b>` at once, if x < 5.' },
	],
	[
		'E13',
		{ stem: 'The archive refuses 40 studies: ![x](https://example.org/x.png) is what you see.' },
		/loads a picture/,
		{},
	],
	[
		'E13',
		{
			explanation:
				'Who refuses knows why, as [the standard](http://example.org) says in its part 8.',
		},
		/not a link to an https address/,
		{
			explanation:
				'Who refuses knows why, as [the standard](https://example.org) says in its part 8.',
		},
	],
	[
		'E15',
		{ explanation: 'This was one of the questions in the actual exam, so remember it well.' },
		/"actual exam": items are original work/,
		{},
	],
	[
		'W01',
		options(
			'The log of the receiving side, where it writes why it refused',
			'The cable behind it',
			'The free disk space',
		),
		/the key has 61 characters, the others 19/,
		{},
	],
	[
		'W01',
		options('Usually the log', 'The cable', 'The disk'),
		/only the key is qualified/,
		options('Usually the log', 'Often the cable', 'The disk'),
	],
	[
		'W02',
		options('The log', 'Never the cable', 'The disk'),
		/"Never" stands in a wrong option/,
		options('Only the log', 'Never the cable', 'The disk'),
	],
	[
		'W03',
		{ lead_in: 'Which of these is not a cause?' },
		/write \*\*NOT\*\*/,
		{ lead_in: 'Which of these is **NOT** a cause?' },
	],
	[
		'W03',
		{ lead_in: 'Which setting is least useful?' },
		/write \*\*LEAST\*\*/,
		{ lead_in: 'Which setting explains that images do not arrive?' },
	],
	[
		'W04',
		{ lead_in: 'What refuses is an:', ...options('archive', 'router', 'interface') },
		/does not follow "an"/,
		{ lead_in: 'What refuses is:', ...options('an archive', 'a router', 'an interface') },
	],
	[
		'W05',
		{
			stem: 'A scanner of the night shift gets a refusal from the quarantine of the archive, 40 times.',
			...options('The quarantine', 'The cable', 'The disk'),
		},
		/rare word "quarantin"/,
		{ ...options('The quarantine', 'The cable', 'The disk') },
	],
	[
		'W06',
		options(
			'Restart the archive service tonight',
			'Restart the archive',
			'Replace the service',
			'Wait until tonight',
		),
		/shares more words/,
		options(
			'Restart the archive',
			'Restart the router',
			'Replace the archive',
			'Replace the router',
		),
	],
	['W07', options('10 MB', '20', '30 MB'), /some have none/, options('10 MB', '20 MB', '30 MB')],
	[
		'W07',
		options('10 MB', '20 MiB', '30 MB'),
		/prefixes are mixed/,
		options('10 MiB', '20 MiB', '30 GiB'),
	],
	[
		'W08',
		{ lead_in: 'Say what you look at first.' },
		/ends neither in/,
		{ lead_in: 'You look first at:' },
	],
	['W08', VAGUE, /fewer than 8 words/, {}],
	['W08', { lead_in: 'Which of the following statements is true?' }, /options covered/, {}],
	['W09', { stem: LONG_STEM }, /has 150 words; most is 120/, {}],
	['W09', { stem: HARD_STEM }, /reads at grade \d\d/, {}],
	[
		'W09',
		{ stem: 'A scanner sends 40 studies to the QXZ, and it refuses each of them at once.' },
		/"QXZ" is not explained/,
		{
			stem: 'A scanner sends 40 studies to the quick store (QXZ), and the QXZ refuses each of them.',
		},
	],
	[
		'W11',
		{ references: [{ source: 'work-one', section: '1', checked: '2026-09-30' }] },
		/was renewed on 2026-10-01/,
		{},
	],
	[
		'W11',
		{ references: [{ source: 'work-one', section: '1', checked: '2027-01-01' }] },
		/is still to come/,
		{},
	],
	[
		'W12',
		{ stem: 'An archive refuses some studies.' },
		/"apply" without case/,
		{ stem: 'An archive refuses some studies.', cognitive: 'recall' },
	],
];

test.each(CASES)('%s %#', (rule, red, message, green) => {
	const found = broken([red], { rule });
	expect(
		found.filter((line) => message.test(line)),
		found.join('\n'),
	).not.toEqual([]);
	expect(broken([green], { rule })).toEqual([]);
});

test('E08: a changed item needs a new version', () => {
	const readings = (digest: string, version: number): { path: string; text: string } => ({
		path: 'banks/readings/reader-one.yaml',
		text: `{reader: reader-one, date: 2026-11-01, readings: [{item: SM-sound-0001, version: ${version}, digest: ${digest}, seed: s, answer: log, agrees: true}]}`,
	});
	const extra = [readings('0123456789abcdef', 1)];
	expect(broken([{}], { rule: 'E08', extra })).toEqual([
		'2 changed since reader-one read version 1: raise the version',
	]);
	expect(broken([{ version: 2 }], { rule: 'E08', extra })).toEqual([]);
	expect(broken([{ version: 2 }], { rule: 'E07', extra })).toEqual([
		'4 live, but no blind reading of version 2 as it is now agrees with the key',
	]);
});

test('W10: items that ask the same are enemies or one family', () => {
	const second = { id: 'SM-sound-0002' };
	expect(broken([{}, second], { rule: 'W10' })).toEqual([
		'11 asks nearly the same as SM-sound-0001: declare them enemies or one family',
	]);
	for (const declared of [
		[{}, { ...second, enemies: ['SM-sound-0001'] }],
		[{ enemies: ['SM-sound-0002'] }, second],
		[{ family: 'x' }, { ...second, family: 'x' }],
	]) {
		expect(broken(declared, { rule: 'W10' })).toEqual([]);
	}
	expect(broken([{}, { ...second, ...VAGUE }], { rule: 'W10' })).toEqual([]);
});

test('the sound item breaks no rule but E07', () => {
	for (const { id } of ITEM_RULES) {
		if (id !== 'E07') expect([id, ...broken([{}], { rule: id })]).toEqual([id]);
	}
});

test('every rule of items is tested above', () => {
	const tested = new Set([...CASES.map(([rule]) => rule), 'E08', 'W10']);
	expect(ITEM_RULES.map(({ id }) => id).filter((id) => !tested.has(id))).toEqual([]);
});
