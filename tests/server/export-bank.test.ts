import { expect, test } from 'vitest';
import { exportItems } from '#lib/exam/interop/export-items.ts';
import { freeze } from '#lib/exam/interop/frozen-item.ts';
import { importFile } from '#lib/exam/interop/import-file.ts';
import { saidBy } from '#lib/exam/interop/said-by.fixture.ts';
import { openExamContent } from '#lib/server/content/exam-content.ts';
import { readContent } from '../../scripts/read-content.ts';

const labs = new Set(readContent().scenarios.keys());
const { bank, makeExhibit } = openExamContent('banks', 'scenarios', labs);
const items = [...bank.items.values()].filter(({ status }) => status === 'live');
const seeds = ['v0'];
const OPTIONS = { name: 'f', format: 'auto', objective: 'own.x', created: '2026-11-23' } as const;
/** Fewer than one import takes. */
const AT_ONCE = 150;

test.each(['gift', 'moodle-xml', 'qti3'] as const)(
	'the whole bank leaves as %s and comes back with the same questions, choices, keys and reasons',
	(format) => {
		let exported = 0;
		for (let at = 0; at < items.length; at += AT_ONCE) {
			const some = items.slice(at, at + AT_ONCE);
			const made = exportItems(some, { format, title: 'All', makeExhibit, seeds });
			const { accepted, refused } = importFile(made.bytes, OPTIONS);
			expect(refused).toEqual([]);
			const sent = freeze(some, { makeExhibit, seeds }).frozen.filter(({ id }) =>
				made.exported.includes(id),
			);
			const back = freeze(
				accepted.map(({ item }) => item),
				{ makeExhibit, seeds },
			);
			expect(back.frozen.map(saidBy)).toEqual(sent.map(saidBy));
			exported += made.exported.length;
		}
		expect(exported).toBeGreaterThan(0.85 * items.length);
	},
	60_000,
);
