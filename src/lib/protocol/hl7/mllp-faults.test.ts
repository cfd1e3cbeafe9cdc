import { expect, test } from 'vitest';
import { bytesOfByteText, byteTextOf } from './byte-text.ts';
import { MllpDecoder } from './mllp.ts';
import { encodeWithFault, type MllpFault } from './mllp-faults.ts';

const CONTENTS = ['MSH|a', 'MSH|b'].map(bytesOfByteText);

function events(fault: MllpFault): string[] {
	const decoder = new MllpDecoder();
	const seen = encodeWithFault(CONTENTS, fault).flatMap((write) => decoder.push(write));
	return [...seen, ...decoder.end()].map(({ kind, bytes }) => `${kind} ${byteTextOf(bytes)}`);
}

test.each([
	['no-start', ['missing-start MSH|a', 'missing-start MSH|b']],
	['no-end', ['missing-end MSH|a', 'missing-end MSH|b']],
	['no-carriage-return', ['missing-carriage-return MSH|a', 'missing-carriage-return MSH|b']],
	['no-file-separator', ['missing-end MSH|a\r', 'missing-end MSH|b\r']],
	['merged', ['block MSH|aMSH|b']],
] as const)('%s', (kind, expected) => {
	expect(events({ kind })).toEqual(expected);
});

test('cut short, and split into writes', () => {
	expect(events({ kind: 'cut-short', contentBytes: 3 })).toEqual(['block MSH', 'block MSH']);
	const split = { kind: 'split', writeBytes: 3 } as const;
	expect(events(split)).toEqual(['block MSH|a', 'block MSH|b']);
	expect(encodeWithFault(CONTENTS, split).map((write) => write.length)).toEqual([3, 3, 3, 3, 3, 1]);
	expect(encodeWithFault(CONTENTS, { ...split, writeBytes: 0 })).toHaveLength(16);
});
