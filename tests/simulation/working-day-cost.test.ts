import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const MOST_SECONDS = 2;

/** Other work on the machine can only add to what a day costs, so the least of several is nearest the truth. */
const least = (values: number[]): number => Math.min(...values);

// In a process of its own: the test runner's module wrapping slows every call between modules.
test('a working day of ten hours costs less than 2 s of one core', { timeout: 120_000 }, () => {
	const script = fileURLToPath(new URL('day-cost.ts', import.meta.url));
	const child = spawnSync(process.execPath, [script], { encoding: 'utf8' });
	expect(child.status, child.stderr).toBe(0);
	const { days, digests } = JSON.parse(child.stdout) as { days: number[]; digests: number[] };
	console.log(
		`a working day: ${least(days).toFixed(2)} s, its fingerprint: ${least(digests).toFixed(2)} s of CPU`,
	);
	expect(days).toHaveLength(3);
	expect(least(days)).toBeLessThan(MOST_SECONDS);
});
