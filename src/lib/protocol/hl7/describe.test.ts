import { expect, test } from 'vitest';
import { bytesOfByteText } from './byte-text.ts';
import { describeEr7, type Er7Node, formatEr7 } from './describe.ts';
import type { Er7Message } from './message.ts';
import { parseEr7 } from './parse-er7.ts';

function parse(text: string): Er7Message {
	const result = parseEr7(bytesOfByteText(text));
	if ('error' in result) throw new Error(result.error.text);
	return result.message;
}

function lines(nodes: readonly Er7Node[]): string[] {
	return nodes.flatMap(({ path, name, value, presence, children }) => [
		`${path} ${name}: ${presence === 'delete' ? 'deleted' : value}`,
		...lines(children),
	]);
}

const MESSAGE = parse(
	'MSH|^~\\&|RIS&2.9&ISO||||||ORU^R01|1|P|2.5.1||||||8859/1\r' +
		'PID|||4711^^^NORTH&2.999~99||M\xfcller^""\r' +
		'OBX|1|CWE|||C50^breast\r' +
		'OBX|2|ST|||a\\F\\b\r' +
		'ZZZ|own',
);

test('the tree names segments, fields and components and leaves out what is empty', () => {
	expect(lines(describeEr7(MESSAGE))).toEqual([
		'MSH : ',
		'MSH-1 Field Separator: |',
		'MSH-2 Encoding Characters: ^~\\&',
		'MSH-3 Sending Application: ',
		'MSH-3.1 Namespace ID: ',
		'MSH-3.1.1 : RIS',
		'MSH-3.1.2 : 2.9',
		'MSH-3.1.3 : ISO',
		'MSH-9 Message Type: ',
		'MSH-9.1 Message Code: ORU',
		'MSH-9.2 Trigger Event: R01',
		'MSH-10 Message Control ID: 1',
		'MSH-11 Processing ID: P',
		'MSH-12 Version ID: 2.5.1',
		'MSH-18 Character Set: 8859/1',
		'PID : ',
		'PID-3 Patient Identifier List: ',
		'PID-3[1] Patient Identifier List: ',
		'PID-3[1].1 ID Number: 4711',
		'PID-3[1].4 Assigning Authority: ',
		'PID-3[1].4.1 Namespace ID: NORTH',
		'PID-3[1].4.2 Universal ID: 2.999',
		'PID-3[2] Patient Identifier List: 99',
		'PID-5 Patient Name: ',
		'PID-5.1 Family Name: Müller',
		'PID-5.2 Given Name: deleted',
		'OBX : ',
		'OBX-1 Set ID - OBX: 1',
		'OBX-2 Value Type: CWE',
		'OBX-5 Observation Value: ',
		'OBX-5.1 Identifier: C50',
		'OBX-5.2 Text: breast',
		'OBX[2] : ',
		'OBX[2]-1 Set ID - OBX: 2',
		'OBX[2]-2 Value Type: ST',
		'OBX[2]-5 Observation Value: a|b',
		'ZZZ : ',
		'ZZZ-1 : own',
	]);
});

test('the tree ends at its limit', () => {
	expect(lines(describeEr7(MESSAGE, 3))).toHaveLength(3);
	const many = parse(`MSH|^~\\&\rZZZ${'|a'.repeat(100_000)}\r`);
	expect(lines(describeEr7(many))).toHaveLength(20_000);
});

test('text for the eye has one line per segment, and control characters are seen', () => {
	const message = parse('MSH|^~\\&|||||||||||||||||\rNTE|1||a\nb\x0bc\r');
	expect(formatEr7(message)).toBe('MSH|^~\\&|||||||||||||||||\nNTE|1||a␊b␋c\n');
});
