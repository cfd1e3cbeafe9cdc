import type { Problem } from '#lib/authored/yaml-source.ts';
import type { Item } from '../item/item-schema.ts';
import type { Bank } from './bank.ts';
import { parseBank, type BankFile } from './parse-bank.ts';
import { referenceProblems } from './reference-problems.ts';

/**
 * Reads the files of a `banks/` folder. Files with mistakes, and items that name something which does not
 * exist, are left out and reported with their place; everything else can be used. `labs` are the ids of the
 * scenarios.
 */
export function loadBank(
	files: readonly BankFile[],
	{ labs }: { labs: ReadonlySet<string> },
): { bank: Bank; problems: Problem[] } {
	const { bank, origins, problems } = parseBank(files);
	const items = new Map<string, Item>();
	for (const [id, item] of bank.items) {
		const wrong = [...referenceProblems(item, bank, labs)];
		if (wrong.length === 0) items.set(id, item);
		for (const { keys, message } of wrong) {
			const problem = origins.get(id)?.problem(keys, message);
			if (problem) problems.push(problem);
		}
	}
	return { bank: { ...bank, items }, problems };
}
