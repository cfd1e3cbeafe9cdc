import { itemSchema, type Item } from '../item/item-schema.ts';

const common = {
	...{ version: 1, status: 'live', cognitive: 'apply', level: 3 },
	blueprint: [{ outline: 'test-2026', code: 'A' }],
	objective: 'test.topic',
	references: [{ source: 'book', section: 'chapter 1', checked: '2026-11-23' }],
	...{ time_s: 60, author: 'tests', created: '2026-11-23', origin: 'original' },
	explanation: 'The rule: `a < b && c = {d}` holds.\n\nRemember **50%** ~ 1:2 # all.',
};

const NASTY = 'Less < more & "quoted" = {braces} ~ #1: 50%';

/** One item of each type that can be exported, with every sign that formats give a meaning to. */
export const EXPORTABLE: readonly Item[] = [
	{
		...{
			id: 'TE-single-0001',
			type: 'sba',
			stem: `${NASTY}\n\n- one\n- two`,
			lead_in: 'Which one?',
		},
		options: [
			{ id: 'a', text: '`x = 1` \\* y', rationale: 'No: ~50% = {half}.' },
			{ id: 'b', text: NASTY, correct: true, rationale: 'Yes, ]]> and <b>.' },
			{ id: 'c', text: '[html] as a word', rationale: 'No.\n\nSecond paragraph.' },
			{ id: 'd', text: '%50% of all', rationale: 'No -> never # so.' },
		],
		exhibits: [
			{
				...{ id: 'log', kind: 'text', caption: 'A log', alt: 'Two lines.' },
				with: { text: 'I: first = {1}\n\nE: second <2> ```' },
			},
			{
				...{ id: 'list', kind: 'table', caption: 'A *table*', alt: 'Two rows.' },
				with: {
					columns: ['Name', 'a|b'],
					rows: [
						['x', 1.5],
						['=y', '~2'],
					],
				},
			},
		],
	},
	{
		...{ id: 'TE-several-0001', type: 'multi', stem: 'A case.', lead_in: 'Which THREE hold?' },
		options: ['a', 'b', 'c', 'd', 'e'].map((id, i) => ({
			...{ id, text: `Choice ${id}`, rationale: `Reason ${id}.` },
			...(i < 3 ? { correct: true } : {}),
		})),
	},
	{
		...{ id: 'TE-order-0001', type: 'order', stem: 'Steps.', lead_in: 'In which order?' },
		sequence: ['first', 'second', 'third', 'fourth'].map((id) => {
			return { id, text: `Step ${id}`, rationale: `Because ${id}.` };
		}),
	},
	{
		...{ id: 'TE-match-0001', type: 'match', stem: 'Terms.', lead_in: 'What belongs together?' },
		pairs: ['a', 'b', 'c'].map((id) => {
			return { id, left: `Left -> ${id}`, right: `Right ${id} = 1`, rationale: `Pair ${id}.` };
		}),
		extra: [{ id: 'x', text: 'Alone', rationale: 'Belongs to none.' }],
	},
	{
		...{ id: 'TE-number-0001', type: 'numeric', stem: 'Take {n} files.', lead_in: 'How many MiB?' },
		params: { vars: { n: { int: [100, 900, 50] } }, derive: { key: 'n * 2 / 3' } },
		explanation: 'Two thirds of {n}.',
		answer: { value: 'key', unit: 'MiB', tol_abs: 0.5 },
		traps: [{ value: 'key * 8', rationale: 'Bits: not bytes.' }],
	},
].map((one) => itemSchema.parse({ ...common, ...one }));
