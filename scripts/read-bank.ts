import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { BankFile } from '#lib/exam/bank/parse-bank.ts';
import type { ExhibitMaker } from '#lib/exam/item/exhibit.ts';
import { createExhibitMaker } from '#lib/exhibits/make-exhibit.ts';
import { readContent } from './read-content.ts';

/** The YAML files of `banks/`. */
export function readBankFiles(folder = 'banks'): BankFile[] {
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((path) => path.endsWith('.yaml'))
		.map((path) => ({
			path: join(folder, path).split(sep).join('/'),
			text: readFileSync(join(folder, path), 'utf8'),
		}));
}

/** The ids of the labs that items may name. */
export function readLabIds(): Set<string> {
	return new Set(readContent().scenarios.keys());
}

/** The maker of exhibits in the community hospital. */
export function readExhibitMaker(): ExhibitMaker {
	const hospital = readContent().hospitals.get('community');
	if (!hospital) throw new Error('there is no hospital "community"');
	return createExhibitMaker({ hospital });
}
