import { existsSync } from 'node:fs';
import type { Bank } from '#lib/exam/bank/bank.ts';
import { loadBank } from '#lib/exam/bank/load-bank.ts';
import { logWarning } from '../log.ts';
import { readYamlFiles } from './read-files.ts';

/**
 * The question bank in a folder, read once. Files with mistakes are reported with their place and left out;
 * the others can be used. `labs` are the ids of the scenarios that items may name. Throws an error that says
 * what to do when the folder is missing.
 */
export function openBank(folder: string, labs: ReadonlySet<string>): Bank {
	if (!existsSync(folder)) {
		throw new Error(
			`The folder of the question bank, ${folder}, cannot be read. Start the server in the project's root folder.`,
		);
	}
	const { bank, problems } = loadBank(readYamlFiles(folder), { labs });
	for (const { path, line, column, message } of problems) {
		logWarning({
			kind: 'content-problem',
			message: `${folder}/${path}:${line}:${column} ${message}`,
		});
	}
	return bank;
}
