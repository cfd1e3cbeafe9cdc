import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/**
 * Reads all YAML files below a folder, sorted by path. The paths are relative to the folder, with forward
 * slashes on every system. Throws an error that says what to do when the folder is missing.
 */
export function readYamlFiles(folder: string): { path: string; text: string }[] {
	let names: string[];
	try {
		names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
	} catch (error) {
		throw new Error(
			`The folder of the scenarios, ${folder}, cannot be read. Start the server in the project's root folder or set SCENARIOS_DIR.`,
			{ cause: error },
		);
	}
	return names
		.filter((name) => name.endsWith('.yaml'))
		.sort((a, b) => (a < b ? -1 : 1))
		.map((name) => ({
			path: name.split(sep).join('/'),
			text: readFileSync(join(folder, name), 'utf8'),
		}));
}
