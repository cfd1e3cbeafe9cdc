import { Random } from '#lib/kernel/random.ts';
import { blueprintSchema, type Blueprint } from '../blueprint/blueprint-schema.ts';
import type { Item } from '../item/item-schema.ts';

/** The blueprint `try-2026` with sections A, B, C, ... of these weights; each has one task, `A.1` and so on. */
export function syntheticBlueprint(weights: readonly number[], unscored = 0): Blueprint {
	const sections = weights.map((items, i) => {
		const code = sectionCode(i);
		const tasks = [{ code: `${code}.1`, title: `Task of ${code}` }];
		return { code, title: `Section ${code}`, items, tasks };
	});
	const scored = weights.reduce((sum, weight) => sum + weight, 0);
	return blueprintSchema.parse({
		...{ exam: 'try', outline: '2026', title: 'Trial exam', body: 'Nobody' },
		sources: [{ what: 'Invented.', url: 'https://example.org/', confidence: 'assumed' }],
		...{ caveat: 'Invented.', form: { scored, unscored, minutes: 60 }, sections },
	});
}

const sectionCode = (section: number): string => String.fromCharCode(65 + section);

/** A live choice of one of four in a section of `try-2026`, counted from 0. */
export function syntheticItem(
	number: number,
	section: number,
	overrides: Partial<Extract<Item, { type: 'sba' }>> = {},
): Item {
	return {
		...{ id: syntheticId(number), version: 1, revision: 0, status: 'live', pilot: false },
		blueprint: [{ outline: 'try-2026', code: `${sectionCode(section)}.1` }],
		...{ objective: `objective-${number >> 1}`, cognitive: 'apply', level: 3, type: 'sba' },
		...{ stem: `Stem ${number}.`, lead_in: 'Which one?', exhibits: [], explanation: 'Because.' },
		options: ['a', 'b', 'c', 'd'].map((id) => ({
			...{ id, text: `Choice ${id}`, rationale: 'Because.' },
			...(id === 'a' ? { correct: true } : {}),
		})),
		references: [{ source: 'work', section: '1', checked: '2026-01-01' }],
		...{ enemies: [], time_s: 60, author: 'ada', created: '2026-01-01', origin: 'original' },
		...overrides,
	};
}

export function syntheticId(number: number): string {
	return `SY-item-${String(number)
		.padStart(5, '0')
		.replace(/^(\d+)(\d{4})$/, '$1-$2')}`;
}

/**
 * A varied bank: items in turn from every section, every third recall, levels 1 to 5, some of one family, some
 * enemies of the one before, every twentieth numeric, every thirtieth on trial.
 */
export function syntheticBank(count: number, sections: number): Item[] {
	const random = new Random('synthetic bank', 'items');
	return Array.from({ length: count }, (_, number) => {
		const item = syntheticItem(number, number % sections, {
			cognitive: number % 3 === 0 ? 'recall' : 'apply',
			level: random.between(1, 5),
			pilot: number % 30 === 7,
			enemies: random.chance(1, 10) && number > 0 ? [syntheticId(number - 1)] : [],
			...(random.chance(1, 8) ? { family: `family-${number >> 5}` } : {}),
		});
		return number % 20 === 3 ? numeric(item) : item;
	});
}

function numeric(item: Item): Item {
	if (item.type !== 'sba') return item;
	const { options: _options, ...common } = item;
	return { ...common, type: 'numeric', answer: { value: 4 }, traps: [] };
}
