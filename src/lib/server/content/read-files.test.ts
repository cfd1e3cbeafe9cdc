import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readYamlFiles } from './read-files.ts';

test('reads the YAML files of all subfolders in a fixed order', () => {
	const folder = mkdtempSync(join(tmpdir(), 'content-'));
	try {
		for (const name of ['labs', 'hospitals']) mkdirSync(join(folder, name));
		writeFileSync(join(folder, 'labs', 'b.yaml'), 'id: b');
		writeFileSync(join(folder, 'labs', 'a.yaml'), 'id: ä');
		writeFileSync(join(folder, 'labs', 'notes.txt'), 'no');
		writeFileSync(join(folder, 'hospitals', 'c.yaml'), 'id: c');
		expect(readYamlFiles(folder)).toEqual([
			{ path: 'hospitals/c.yaml', text: 'id: c' },
			{ path: 'labs/a.yaml', text: 'id: ä' },
			{ path: 'labs/b.yaml', text: 'id: b' },
		]);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test('a missing folder says what to do', () => {
	expect(() => readYamlFiles('/nowhere/at/all')).toThrow(/SCENARIOS_DIR/);
});
