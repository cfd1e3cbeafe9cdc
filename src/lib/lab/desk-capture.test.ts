import { expect, test } from 'vitest';
import { seconds } from '#lib/kernel/time.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { decodeFrame } from '#lib/protocol/wire/decode-frame.ts';
import { readCapture } from '#lib/protocol/wire/read-capture.ts';
import { smallHospital } from './commands/small-hospital.fixture.ts';
import { deskCapture } from './desk-capture.ts';
import type { ActionRecord } from './evidence.ts';

/** A command on the desk as an attempt keeps it. */
function recordOf(
	sequence: number,
	line: string,
	place: string,
	times: { startedUs: number; endedUs: number },
): ActionRecord {
	return {
		sequence,
		action: { kind: 'command', place, line },
		observation: { place, outcome: 'done', text: '', ...times },
		facts: [],
		traceFrom: 0,
		traceTo: 0,
		changed: false,
	};
}

test('packets have the number and the line of the command that caused them, others have none', () => {
	const { type, world } = smallHospital();
	const run = (sequence: number, line: string, place = 'admin'): ActionRecord => {
		// Typing takes time, so that what came before is over.
		world.kernel.runUntil(world.kernel.nowUs + seconds(1));
		const startedUs = world.kernel.nowUs;
		type(line, place);
		return recordOf(sequence, line, place, { startedUs, endedUs: world.kernel.nowUs });
	};
	type('ping -c 1 pacs', 'admin');
	const arrivalUs = world.kernel.nowUs;
	const records = [run(0, 'ls'), run(1, 'ping -c 1 ris'), run(2, 'echoscu -aec PACS1 pacs 104')];
	records.push(run(3, 'ping -c 1 admin', 'pacs'));
	const items = [...readCapture(joinBytes([...deskCapture(world, records, arrivalUs)]))];
	const seen = items.flatMap((item) => (item.kind === 'packet' ? [item] : []));
	const comments = [...new Set(seen.map(({ comment }) => comment))];
	expect(comments).toEqual([
		'action 2: ping -c 1 ris',
		'action 3: echoscu -aec PACS1 pacs 104',
		undefined,
	]);
	const answered = seen.filter(({ comment }) => comment === undefined);
	expect(answered.some(({ bytes }) => decodeFrame(1, bytes).icmp?.type === 0)).toBe(true);
	expect(items.find(({ kind }) => kind === 'interface')).toMatchObject({
		name: 'eth0',
		description: 'Clinical',
	});
});
