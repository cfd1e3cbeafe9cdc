import type { Bank } from '#lib/exam/bank/bank.ts';
import { blueprintSchema } from '#lib/exam/blueprint/blueprint-schema.ts';
import { itemSchema } from '#lib/exam/item/item-schema.ts';
import type { Item } from '#lib/exam/item/item-schema.ts';
import type { ExamContent } from '#lib/server/exams/content.ts';

/** Stands in every rationale and explanation: nothing with it may leave the server before its time. */
export const HIDDEN = 'hidden-reason';

export const OUTLINE = 'test-2026';

const blueprint = blueprintSchema.parse({
	...{ exam: 'test', outline: '2026', title: 'Test exam', body: 'Board of tests' },
	sources: [{ what: 'everything', url: 'https://example.org', confidence: 'checked' }],
	caveat: 'Nothing of this is real.',
	form: { scored: 8, unscored: 2, minutes: 10 },
	sections: [
		{ code: 'A', title: 'First', items: 5, tasks: [{ code: 'A.1', title: 'First of first' }] },
		{ code: 'B', title: 'Second', items: 3 },
	],
});

function item(n: number, more: object): Item {
	const number = String(n).padStart(4, '0');
	return itemSchema.parse({
		...{ id: `TE-item-${number}`, version: 1, status: 'live', cognitive: 'apply', level: 3 },
		blueprint: [{ outline: OUTLINE, code: n % 3 === 0 ? 'B' : 'A.1' }],
		objective: `test.o${n % 6}`,
		...{ stem: `Case ${number} of the fixture.`, lead_in: 'What is it?' },
		explanation: `${HIDDEN} of the whole ${number}`,
		references: [{ source: 'book', section: 'chapter 1', checked: '2026-11-23' }],
		...{ time_s: 60, author: 'tests', created: '2026-11-23', origin: 'original' },
		...more,
	});
}

/** The right choice is always `right`. */
function single(n: number, more: object = {}): Item {
	const option = (id: string) => ({ id, text: `Text ${id}`, rationale: `${HIDDEN} of ${id}` });
	return item(n, {
		type: 'sba',
		options: [{ ...option('right'), correct: true }, option('wrong-a'), option('wrong-b')],
		remediate: 'count-up',
		...more,
	});
}

function items(count: number): Item[] {
	const row = (id: string) => ({ id, text: `Text ${id}`, rationale: `${HIDDEN} of ${id}` });
	const others = [
		item(1, {
			type: 'multi',
			options: ['a', 'b', 'c', 'd'].map((id) => ({ ...row(id), correct: id < 'c' })),
		}),
		item(2, { type: 'order', sequence: ['a', 'b', 'c', 'd'].map(row) }),
		item(3, {
			...{ type: 'numeric', stem: 'Add {n} and 1.', params: { vars: { n: { int: [1, 9_000] } } } },
			answer: { value: 'n + 1', unit: 's' },
			traps: [{ value: 'n - 1', rationale: `${HIDDEN} of subtracting` }],
		}),
		item(4, {
			type: 'match',
			pairs: ['a', 'b', 'c'].map((id) => ({
				...{ id, left: `Left ${id}`, right: `Right ${id}`, rationale: `${HIDDEN} of ${id}` },
			})),
		}),
	];
	const singles = Array.from({ length: count - 4 }, (_, i) => single(i + 5, { pilot: i === 0 }));
	return [...others, ...singles];
}

/** The item that is answered in a lab. */
export function labItem(): Item {
	return item(9_000, { type: 'scenario', scenario: 'count-up', pass: 60 });
}

function bankOf(all: readonly Item[]): Bank {
	const objectives = Array.from({ length: 6 }, (_, i) => `test.o${i}`);
	return {
		blueprints: new Map([[OUTLINE, blueprint]]),
		objectives: new Map(
			objectives.map((id) => [id, { id, title: `You can ${id}`, domain: 'test' }]),
		),
		sources: new Map([
			[
				'book',
				{
					...{ id: 'book', cite: 'The book', title: 'The book of tests', publisher: 'Tests' },
					...{ edition: '1', url: 'https://example.org/book', kind: 'primary' as const },
					checked: '2026-11-23',
				},
			],
		]),
		items: new Map(all.map((one) => [one.id, one])),
		readings: new Map(),
	};
}

/** A bank with `count` items of all types but hotspot. */
export function questionFixture(count = 24, extra: readonly Item[] = []): ExamContent {
	return {
		bank: bankOf([...items(count), ...extra]),
		makeExhibit: (kind) => ({ problem: `no exhibits of kind ${kind} here` }),
	};
}
