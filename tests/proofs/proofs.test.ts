import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const ID = 'assoc-calling-aet-not-registered';
const folders: string[] = [];

afterAll(() => {
	for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A copy of the content with one scenario's text changed. */
function changedContent(from: string, to: string): string {
	const folder = mkdtempSync(join(tmpdir(), 'scenarios-'));
	folders.push(folder);
	cpSync('scenarios', folder, { recursive: true });
	const path = join(folder, 'labs', `${ID}.yaml`);
	const text = readFileSync(path, 'utf8').replace(from, to);
	if (text === readFileSync(path, 'utf8')) throw new Error(`"${from}" is not in ${ID}`);
	writeFileSync(path, text);
	return folder;
}

function prove(...options: string[]): { status: number | null; stdout: string; stderr: string } {
	return spawnSync(process.execPath, ['scripts/prove.ts', ...options], {
		encoding: 'utf8',
		env: { ...process.env, PROVE_SEEDS: '1' },
		timeout: 120_000,
	});
}

test('a scenario that does not hold ends with 1 and names the claim', { timeout: 120_000 }, () => {
	const folder = changedContent('shows: association rejected', 'shows: no route to host');
	const { status, stdout } = prove('--folder', folder, ID);
	expect(status).toBe(1);
	const failed = stdout.split('\n').filter((line) => line.trim().startsWith('FAIL'));
	expect(failed[0]).toContain(
		'FAIL The ticket is true: Studies stay on the scanner.: seen on 0 of',
	);
	expect(stdout).toContain('ok   Doing nothing fails');
	expect(stdout).toMatch(/NOT PROVED: \d of \d+ claims do not hold/);
	expect(stdout).toContain('0 of 1 scenarios proved');
});

test('content with a mistake ends with 1 and its place', () => {
	const folder = changedContent('fault: f1', 'fault: f2');
	const { status, stderr } = prove('--folder', folder, ID);
	expect(status).toBe(1);
	expect(stderr).toMatch(/labs\/assoc-calling-aet-not-registered\.yaml:\d+:\d+ .*"f2".*\bf1\b/);
});

test('an unknown scenario ends with 1 and the ids that exist', () => {
	const { status, stderr } = prove('no-such-scenario');
	expect(status).toBe(1);
	expect(stderr).toContain(`There is no scenario "no-such-scenario". Known: ${ID}`);
});
