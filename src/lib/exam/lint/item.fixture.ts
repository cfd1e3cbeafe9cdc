import { stringify } from 'yaml';
import { parseBank } from '../bank/parse-bank.ts';
import type { ExhibitMaker } from '../item/exhibit.ts';
import { lintBank } from './lint-bank.ts';
import type { FieldKnowledge } from './rule.ts';

/** A sound single-answer item that no rule complains about, except that nobody has read it. */
export const SOUND_ITEM = {
	id: 'SM-sound-0001',
	version: 1,
	type: 'sba',
	status: 'live',
	blueprint: [{ outline: 'exam-2024', code: 'A.1' }],
	objective: 'systems.sound',
	cognitive: 'apply',
	level: 3,
	stem: 'A scanner of the night shift sends 40 studies to the archive, and the archive refuses each of them at once.',
	lead_in: 'What do you look at before anything else?',
	options: [
		{
			id: 'log',
			text: 'The log of the receiving side',
			correct: true,
			rationale: 'The receiver writes down why it refused.',
		},
		{
			id: 'cable',
			text: 'The cable behind the scanner',
			rationale: 'A refusal at once shows that bytes arrive.',
		},
		{
			id: 'disk',
			text: 'The free space of the console',
			rationale: 'A full console does not make others refuse.',
		},
	],
	explanation: 'Who refuses knows why: begin with the log of the side that said no.',
	references: [{ source: 'work-one', section: '9.3.4', checked: '2026-11-01' }],
	time_s: 60,
	author: 'author-one',
	created: '2026-11-01',
	origin: 'original',
};

export type ItemFields = Record<string, unknown>;

export const BLUEPRINT_FILE = {
	path: 'banks/blueprints/exam-2024.yaml',
	text: stringify({
		exam: 'exam',
		outline: '2024',
		title: 'Exam',
		body: 'Board',
		sources: [{ what: 'outline', url: 'https://example.org/', confidence: 'assumed' }],
		caveat: 'Made for tests.',
		form: { scored: 3, unscored: 0, minutes: 3 },
		sections: [
			{ code: 'A', title: 'First', items: 2, tasks: [{ code: 'A.1', title: 'Task' }] },
			{ code: 'B', title: 'Second', items: 1 },
		],
	}),
};

export const OBJECTIVES_FILE = {
	path: 'banks/objectives/systems.yaml',
	text: stringify({
		domain: 'systems',
		title: 'Systems',
		objectives: [{ id: 'systems.sound', title: 'You can read logs.' }],
	}),
};

export const SOURCES_FILE = {
	path: 'banks/sources/works.yaml',
	text: stringify({
		sources: ['primary', 'secondary'].map((kind, i) => ({
			id: i === 0 ? 'work-one' : 'work-two',
			cite: `Work ${i}`,
			title: 'Work',
			publisher: 'Publisher',
			edition: '1',
			url: 'https://example.org/',
			kind,
			checked: '2026-10-01',
		})),
	}),
};

/** The file of an item: the sound one with some fields replaced; `undefined` takes a field away. */
export function itemFile(fields: ItemFields = {}): { path: string; text: string } {
	const item = { ...SOUND_ITEM, ...fields };
	return { path: `banks/items/systems/${item.id}.yaml`, text: stringify(item) };
}

/** The sound item turned into another type. */
export function itemOf(type: string, fields: ItemFields): ItemFields {
	return { type, options: undefined, ...fields };
}

const KNOWLEDGE: FieldKnowledge = {
	hl7Mistakes: (text) => (text.startsWith('MSH|^~') ? [] : ['not an HL7 message']),
	tag: (tag) => (tag === '00100020' ? { keyword: 'PatientID', vrs: ['LO'] } : undefined),
	tagOf: (keyword) => ({ PatientID: '00100020', PatientName: '00100010' })[keyword],
	syntheticName: (family) => family === 'Larch',
};

/** Makes an image with two regions, and a text with a drawn fact; refuses every other kind. */
export const makeTestExhibit: ExhibitMaker = (kind, parameters, seed) => {
	if (kind === 'image') {
		const region = { x: 0, y: 0, w: 1, h: 1 };
		const label = parameters['label'] ?? 'Place';
		const regions = ['left', 'right', 'top'].map((id) => ({
			id,
			label: label === '' ? '' : `${label} ${id}`,
			...region,
		}));
		return { content: { form: 'image', width: 2, height: 2, pixels: '', regions }, facts: {} };
	}
	if (kind !== 'log') return { problem: `there is no kind "${kind}"` };
	const length = seed.length + Number(parameters['more'] ?? 0);
	return { content: { form: 'text', text: seed }, facts: { length, seed } };
};

/** The rules that a bank of these items breaks, as `id message`; E07 only when asked for. */
export function broken(
	items: readonly ItemFields[],
	{
		extra = [],
		rule,
		today = '2026-11-23',
	}: {
		extra?: { path: string; text: string }[];
		rule: string;
		today?: string;
	},
): string[] {
	const files = [BLUEPRINT_FILE, OBJECTIVES_FILE, SOURCES_FILE, ...items.map(itemFile), ...extra];
	const { bank, origins, problems } = parseBank(files);
	if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('; '));
	return lintBank({
		bank,
		origins,
		labs: new Set(['lab-one']),
		today,
		seeds: 50,
		makeExhibit: makeTestExhibit,
		knowledge: KNOWLEDGE,
	})
		.filter((finding) => finding.rule === rule)
		.map(({ line, message }) => `${line} ${message}`);
}
