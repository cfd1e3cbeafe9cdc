import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Modality } from '#lib/hospital/devices/modality/modality.ts';
import { minutes } from '#lib/kernel/time.ts';
import { captureAt } from '#lib/network/capture.ts';
import { writeCapture } from '#lib/network/capture-file.ts';
import { afterAll, expect, test } from 'vitest';
import { quietWorld, run } from '../simulation/community-world.ts';
import { placeOrder } from '../support/place-order.ts';

/** One examination from worklist to storage commitment, as tshark reads it at the scanner. */

function present(): boolean {
	try {
		execFileSync('tshark', ['--version'], { stdio: 'ignore' });
		return true;
	} catch {
		console.warn(
			'skipped: scheduled workflow is not checked against tshark, which is not installed',
		);
		return false;
	}
}

const folder = mkdtempSync(join(tmpdir(), 'workflow-'));
afterAll(() => rmSync(folder, { recursive: true }));

function captured(keepOpenSeconds: number): string {
	const world = quietWorld();
	const ct1 = world.device('ct1') as Modality;
	ct1.config.commitment.keepOpenSeconds = keepOpenSeconds;
	run(world, ct1.examine(placeOrder(world, 'ct1', 0)));
	world.kernel.runUntil(world.kernel.nowUs + minutes(1));
	expect(ct1.queue[0]?.commitment.state).toBe('committed');
	const path = join(folder, `ct1-${keepOpenSeconds}.pcapng`);
	const bytes = writeCapture(captureAt(world.kernel.trace, 'ct1'), { epochUs: world.epochUs });
	writeFileSync(path, bytes);
	return path;
}

const tshark = (path: string, ...options: string[]): string[] =>
	execFileSync('tshark', ['-r', path, ...options], { encoding: 'utf8' })
		.split('\n')
		.filter((line) => line !== '');

/** The messages but those of the images, without what is in them. */
function messages(path: string): string[] {
	return tshark(path, '-Y', 'dicom', '-T', 'fields', '-e', '_ws.col.Info')
		.flatMap((line) => line.replace(/^P-DATA, /, '').split(', '))
		.filter((text) => !/C-STORE|CT Image|RELEASE|-DATA$/.test(text));
}

/** To the RIS for the worklist, the begin and the end of the step; to the archive for the images and the request. */
const BEFORE_THE_RESULT = [
	'A-ASSOCIATE request CT1 --> RISMWL',
	'C-FIND-RQ ID=1',
	'C-FIND-RSP ID=1 (Success)',
	'N-CREATE-RQ ID=1',
	'N-CREATE-RSP ID=1 (Success)',
	'N-SET-RQ ID=1',
	'N-SET-RSP ID=1 (Success)',
	'N-ACTION-RQ ID=1',
	'N-ACTION-RSP ID=1 (Success)',
];
const RESULT = ['N-EVENT-REPORT-RQ ID=1', 'N-EVENT-REPORT-RSP ID=1 (Success)'];
const CALL_BACK = 'A-ASSOCIATE request PACS1 --> CT1';

test.runIf(present()).each([
	[0, [...BEFORE_THE_RESULT, CALL_BACK, ...RESULT]],
	[20, [...BEFORE_THE_RESULT, ...RESULT]],
] as const)(
	'tshark | worklist, MPPS, storage commitment | an association kept open for %i s for the result',
	{ timeout: 60_000 },
	(keepOpenSeconds, expected) => {
		const path = captured(keepOpenSeconds);
		expect(tshark(path, '-Y', '_ws.malformed')).toEqual([]);
		const seen = messages(path);
		// In this order, whatever of the images goes on at the same time.
		let at = -1;
		for (const message of expected) {
			at = seen.indexOf(message, at + 1);
			expect(at, `${message} in ${seen.join(' | ')}`).toBeGreaterThanOrEqual(0);
		}
		expect(seen.includes(CALL_BACK)).toBe(keepOpenSeconds === 0);
	},
);
