import fc from 'fast-check';
import { expect, test } from 'vitest';
import { remarksOf, type TreeNode } from '../tree-node.ts';
import { analyseHl7 } from './analyse-hl7.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

const HEADER = 'MSH|^~\\&|RIS|H|PACS|H|20260309074000||ADT^A04^ADT_A01|MSG1|P|2.5.1\r';
const EVENT = 'EVN||20260309074000\r';
const PATIENT = 'PID|1||42^^^H||Doe^Jane\r';
const VISIT = 'PV1|1|O\r';

function labels(nodes: readonly TreeNode[]): string[] {
	return nodes.map(({ label }) => label);
}

test('a sound message has names and no remarks', () => {
	const { messages, framed } = analyseHl7(bytes(HEADER + EVENT + PATIENT + VISIT));
	expect(framed).toBe(false);
	expect(messages).toHaveLength(1);
	const [message] = messages;
	expect(message).toMatchObject({ title: 'ADT^A04', controlId: 'MSG1', route: 'RIS → PACS' });
	expect(labels(message!.segments)).toEqual(['MSH', 'EVN', 'PID', 'PV1']);
	expect(message!.segments[2]!.children.map(({ name }) => name)).toContain('Patient Name');
	expect(remarksOf(message!.segments)).toEqual([]);
	expect(message!.remarks).toEqual([]);
});

test('a missing field has a place of its own in the order of the fields', () => {
	const { messages } = analyseHl7(bytes(`${HEADER}${EVENT}PID|1||||Doe^Jane||19700101\r${VISIT}`));
	const patient = messages[0]!.segments[2]!;
	expect(labels(patient.children)).toEqual(['PID-1', 'PID-3', 'PID-5', 'PID-7']);
	expect(remarksOf(messages[0]!.segments)).toMatchObject([
		{ tone: 'bad', text: expect.stringMatching(/^PID-3: Patient Identifier List/), path: [2, 1] },
	]);
});

test('a missing segment is a remark on the message, a repeated one is told apart', () => {
	const { messages } = analyseHl7(bytes(HEADER + EVENT + PATIENT));
	expect(messages[0]!.remarks.map(({ text }) => text).join()).toMatch(/PV1/);
	const observations = 'OBX|1|ST|A^B^L||x||||||F\rOBX|2|ST|||x||||||F\r';
	const repeated = analyseHl7(bytes(HEADER + EVENT + PATIENT + VISIT + observations));
	const found = remarksOf(repeated.messages[0]!.segments).filter(({ path }) => path[0] === 5);
	expect(found.map(({ text }) => text).join()).toMatch(/OBX-3/);
	expect(labels(repeated.messages[0]!.segments).slice(-2)).toEqual(['OBX', 'OBX[2]']);
});

test('MLLP blocks, and what is wrong with their frames', () => {
	const message = HEADER + EVENT + PATIENT + VISIT;
	const sound = analyseHl7(bytes(`\x0b${message}\x1c\r\n\x0b${message}\x1c\r`));
	expect([sound.framed, sound.messages.length, sound.remarks]).toEqual([true, 2, []]);
	const cut = analyseHl7(bytes(`\x0b${message}`));
	expect(cut.remarks.map(({ text }) => text)).toEqual([
		'The last block is cut off: FS CR is missing.',
	]);
});

test('several messages in a file, and text that is none', () => {
	const message = HEADER + EVENT + PATIENT + VISIT;
	expect(analyseHl7(bytes(message + message)).messages).toHaveLength(2);
	expect(analyseHl7(bytes('nothing of the kind')).messages[0]!.error).toMatch(/MSH/);
});

test('a wrong character set is told where it is', () => {
	const header = HEADER.replace('2.5.1', '2.5.1||||||UNICODE UTF-8');
	const { messages } = analyseHl7(
		bytes(`${header}${EVENT}PID|1||42^^^H||M\xfcller^Jane\r${VISIT}`),
	);
	expect(messages[0]!.characterSet).toBe('UNICODE UTF-8');
	expect(messages[0]!.segments[2]!.remarks.map(({ text }) => text).join()).toMatch(/not UTF-8/);
});

test('never throws', () => {
	const part = fc.constantFrom(
		'MSH|^~\\&|',
		'PID|',
		'OBX|',
		'\r',
		'\x0b',
		'\x1c',
		'|',
		'^',
		'FHS|^~\\&|',
		'\xff',
	);
	fc.assert(
		fc.property(
			fc.array(fc.oneof(part, fc.string({ maxLength: 5 })), { maxLength: 40 }),
			(parts) => {
				expect(analyseHl7(bytes(parts.join(''))).messages.length).toBeGreaterThan(0);
			},
		),
	);
});
