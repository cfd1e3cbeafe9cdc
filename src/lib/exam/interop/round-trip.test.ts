import { parse } from 'gift-pegjs';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import type { ExhibitMaker } from '../item/exhibit.ts';
import { exportItems, type ExportFormat } from './export-items.ts';
import { EXPORTABLE } from './export-items.fixture.ts';
import { freeze } from './frozen-item.ts';
import { importFile } from './import-file.ts';
import { saidBy } from './said-by.fixture.ts';
import { parseXml } from './xml-tree.ts';

const makeExhibit: ExhibitMaker = (kind) => ({ problem: `no ${kind} here` });
const seeds = ['one', 'two'];
const { frozen } = freeze(EXPORTABLE, { makeExhibit, seeds });
const OPTIONS = {
	name: 'file',
	format: 'auto',
	objective: 'own.test',
	created: '2026-11-23',
} as const;

function roundTrip(format: ExportFormat) {
	const made = exportItems(EXPORTABLE, { format, title: 'A & B', makeExhibit, seeds });
	return { made, imported: importFile(made.bytes, OPTIONS) };
}

test.each(['gift', 'moodle-xml', 'qti3'] as const)(
	'what is exported as %s comes back the same',
	(format) => {
		const { made, imported } = roundTrip(format);
		expect(imported.refused).toEqual([]);
		const back = freeze(
			imported.accepted.map(({ item }) => item),
			{ makeExhibit, seeds },
		);
		const sent = frozen.filter(({ id }) => made.exported.includes(id));
		expect(sent).toHaveLength(format === 'gift' ? 5 : 6);
		expect(back.frozen.map(saidBy)).toEqual(sent.map(saidBy));
	},
);

test('QTI and Moodle XML keep the unit; QTI keeps the reasons of orders and pairs', () => {
	const of = (format: ExportFormat) => roundTrip(format).imported.accepted.map(({ item }) => item);
	for (const format of ['moodle-xml', 'qti3'] as const) {
		expect(of(format).find(({ type }) => type === 'numeric')).toHaveProperty('answer.unit', 'MiB');
	}
	const order = of('qti3').find(({ type }) => type === 'order');
	expect(order).toHaveProperty('sequence.2.rationale', 'Because third.');
	const match = of('qti3').find(({ type }) => type === 'match');
	expect(match).toHaveProperty('extra.0.rationale', 'Belongs to none.');
	expect(of('moodle-xml').find(({ type }) => type === 'order')?.explanation).toContain(
		'Because third.',
	);
});

test('GIFT says what it cannot hold, and its files are what the grammar reads', () => {
	const { made } = roundTrip('gift');
	expect(made.skipped).toEqual([
		{ id: 'TE-order-0001', reason: 'GIFT has no questions about an order.' },
	]);
	const text = new TextDecoder().decode(made.bytes);
	expect(text).toContain('at seed one');
	const questions = parse(text);
	expect(questions.map(({ type }) => type)).toEqual([
		'MC',
		'MC',
		'Matching',
		'Numerical',
		'Numerical',
	]);
	expect(questions[0]).toMatchObject({ id: 'TE-single-0001', stem: { format: 'markdown' } });
	const weights =
		questions[1]?.type === 'MC' ? questions[1].choices.map(({ weight }) => weight) : [];
	expect(weights.sort()).toEqual([-100, -100, 33.33333, 33.33333, 33.33333]);
});

test('a QTI package has a manifest that names each well-formed item with its seed', () => {
	const { made } = roundTrip('qti3');
	const files = unzipSync(made.bytes);
	expect(Object.keys(files)).toHaveLength(7);
	const texts = Object.values(files).map((bytes) => new TextDecoder().decode(bytes));
	for (const text of texts) expect(parseXml(text)).toHaveProperty('root');
	expect(texts[0]).toContain('imsqti_item_xmlv3p0');
	expect(texts[0]).toContain('seed two');
	expect(texts[1]).toContain('<qti-modal-feedback outcome-identifier="FEEDBACK" identifier="a"');
	expect(roundTrip('qti3').made.bytes).toEqual(made.bytes);
});

test('what only the simulator can ask or show is skipped with its reason', () => {
	const [single] = EXPORTABLE;
	if (!single) throw new Error('no fixture');
	const { options: _options, ...rest } = single as Extract<typeof single, { type: 'sba' }>;
	const lab = {
		...rest,
		id: 'TE-lab-0001',
		type: 'scenario',
		scenario: 'some-lab',
		pass: 60,
	} as const;
	const drawn = {
		...single,
		id: 'TE-drawn-0001',
		exhibits: [{ id: 'pic', kind: 'image', caption: 'c', alt: 'a', with: {} }],
	};
	const made = exportItems([lab, drawn], { format: 'qti3', title: 't', makeExhibit, seeds });
	expect(made.exported).toEqual([]);
	expect(made.skipped.map(({ id, reason }) => [id, reason.slice(0, 25)])).toEqual([
		['TE-lab-0001', 'It is answered in the sim'],
		['TE-drawn-0001', 'It cannot be made: no ima'],
	]);
});
