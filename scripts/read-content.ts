import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatProblem } from '#lib/authored/yaml-source.ts';
import { loadContent, type Content } from '#lib/lab/content.ts';

/** The authored files of `scenarios/` with their texts. */
export function readContentFiles(folder = 'scenarios'): { path: string; text: string }[] {
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((path) => path.endsWith('.yaml'))
		.map((path) => ({
			path: join(folder, path),
			text: readFileSync(join(folder, path), 'utf8'),
		}));
}

/** The authored content of `scenarios/`; ends the program with the list of problems if there are any. */
export function readContent(folder = 'scenarios'): Content {
	const { content, problems } = loadContent(readContentFiles(folder));
	if (problems.length > 0) {
		for (const problem of problems) console.error(formatProblem(problem));
		process.exit(1);
	}
	return content;
}
