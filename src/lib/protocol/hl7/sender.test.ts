import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acknowledge, type AcknowledgementCode } from './acknowledgement.ts';
import { buildMessage } from './build.ts';
import { bytesOfByteText } from './byte-text.ts';
import { type Er7Message, writeEr7 } from './message.ts';
import { Hl7Sender, type SenderOptions, type SenderOutput } from './sender.ts';

function message(controlId: string, accept = '', application = ''): Er7Message {
	return buildMessage(
		{
			7: '2026',
			9: [['ADT', 'A08']],
			10: controlId,
			11: 'P',
			12: '2.5.1',
			15: accept,
			16: application,
		},
		[['EVN', { 2: '2026' }]],
	);
}

function answer(to: Er7Message, code: AcknowledgementCode, text?: string): Uint8Array {
	const errors = code.endsWith('A') ? [] : [{ code: '101', userMessage: 'PID-7' }];
	return writeEr7(
		acknowledge(to, { code, controlId: 'X', time: '2026', errors, ...(text ? { text } : {}) }),
	);
}

function sender(options: Partial<SenderOptions> = {}): Hl7Sender {
	return new Hl7Sender({ mostAttempts: 3, ...options });
}

function shown(outputs: readonly SenderOutput[]): string[] {
	return outputs.map((output) => {
		switch (output.kind) {
			case 'send':
				return 'send';
			case 'settled':
				return `settled ${output.controlId} ${output.code} ${output.text}`.trim();
			case 'unexpected':
				return `unexpected ${output.text}`;
			case 'gave-up':
				return `gave up ${output.controlId} after ${output.attempts}`;
			default:
				return `${output.kind} ${output.controlId}`;
		}
	});
}

test.each([
	['AA', 'settled M1 AA'],
	['AE', 'settled M1 AE Required field missing: PID-7'],
	['AR', 'settled M1 AR Required field missing: PID-7'],
	['CR', 'settled M1 CR Required field missing: PID-7'],
] as const)('original mode: %s ends the waiting', (code, expected) => {
	const out = sender();
	const sent = message('M1');
	expect(shown(out.send(sent))).toEqual(['send']);
	expect(out.isWaiting).toBe(true);
	expect(shown(out.receive(answer(sent, code)))).toEqual([expected]);
	expect(out.isWaiting).toBe(false);
});

test('MSA-3 says more than ERR', () => {
	const out = sender();
	const sent = message('M1');
	out.send(sent);
	expect(shown(out.receive(answer(sent, 'AE', 'see log')))).toEqual(['settled M1 AE see log']);
});

test('one message is out at a time', () => {
	const out = sender();
	out.send(message('M1'));
	expect(() => out.send(message('M2'))).toThrow(/out already/);
});

test('an acknowledgement of another message is not the one awaited', () => {
	const out = sender();
	out.send(message('M2'));
	expect(shown(out.receive(answer(message('M1'), 'AA')))).toEqual([
		'unexpected AA for the message "M1"',
	]);
	expect(out.isWaiting).toBe(true);
	const careless = sender({ matchesControlId: false });
	careless.send(message('M2'));
	expect(shown(careless.receive(answer(message('M1'), 'AA')))).toEqual(['settled M2 AA']);
});

test.each([
	['no message', bytesOfByteText('MSA|AA|M1\r'), /does not begin with MSH/],
	['no MSA', writeEr7(message('M9')), /ADT without MSA/],
	['an unknown code', answer(message('M1'), 'ZZ' as AcknowledgementCode), /MSA-1 "ZZ"/],
])('%s is unexpected', (_, bytes, text) => {
	const out = sender();
	out.send(message('M1'));
	const [output] = out.receive(bytes);
	expect(output).toMatchObject({ kind: 'unexpected', text: expect.stringMatching(text) as string });
	expect(out.isWaiting).toBe(true);
});

test('time-outs repeat the same bytes, and then end it', () => {
	const out = sender();
	const [first] = out.send(message('M1'));
	expect(out.timeout()).toEqual([first]);
	expect(out.timeout()).toEqual([first]);
	expect(shown(out.timeout())).toEqual(['gave up M1 after 3']);
	expect(out.isWaiting).toBe(false);
	expect(out.timeout()).toEqual([]);
});

test('enhanced mode: accepted now, carried out later, meanwhile others go', () => {
	const out = sender();
	const [one, two] = [message('M1', 'AL', 'AL'), message('M2', 'AL', 'AL')];
	out.send(one);
	expect(shown(out.receive(answer(one, 'CA')))).toEqual(['accepted M1']);
	out.send(two);
	expect(shown(out.receive(answer(one, 'AE')))).toEqual([
		'settled M1 AE Required field missing: PID-7',
	]);
	expect(shown(out.receive(answer(one, 'AE')))).toEqual(['unexpected AE for the message "M1"']);
	expect(shown(out.receive(answer(two, 'CE')))).toEqual([
		'settled M2 CE Required field missing: PID-7',
	]);
	expect(shown(out.receive(answer(two, 'AA')))).toEqual(['unexpected AA for the message "M2"']);
});

test.each([
	['NE', 'NE', ['send', 'settled M1'], false],
	['NE', '', ['send', 'settled M1'], false],
	['NE', 'AL', ['send'], true],
	['AL', 'NE', ['send'], true],
	['ER', 'NE', ['send'], true],
])('enhanced mode %s %s', (accept, application, expected, isWaiting) => {
	const out = sender();
	expect(shown(out.send(message('M1', accept, application)))).toEqual(expected);
	expect(out.isWaiting).toBe(isWaiting);
});

test('where only errors are told, silence is consent', () => {
	const out = sender();
	out.send(message('M1', 'ER', 'NE'));
	expect(shown(out.timeout())).toEqual(['settled M1']);
});

test('CA without a further acknowledgement ends it', () => {
	const out = sender();
	const sent = message('M1', 'AL', 'NE');
	out.send(sent);
	expect(shown(out.receive(answer(sent, 'CA')))).toEqual(['settled M1 CA']);
});

test('bytes that MLLP cannot carry are not sent', () => {
	const out = sender();
	const sent = buildMessage({ 10: 'M1', 18: 'UNICODE UTF-16' }, [['NTE', { 3: 'ċ' }]]);
	expect(shown(out.send(sent))).toEqual(['not-sendable M1']);
	expect(out.isWaiting).toBe(false);
});

test('whatever comes in, at most one message is out and it is settled once', () => {
	const step = fc.oneof(
		fc.constantFrom<'send' | 'timeout'>('send', 'timeout'),
		fc.record({
			id: fc.integer({ min: 0, max: 4 }),
			code: fc.constantFrom<AcknowledgementCode>('AA', 'AE', 'AR', 'CA', 'CE', 'CR'),
		}),
		fc.uint8Array({ maxLength: 40 }),
	);
	const mode = fc.constantFrom('', 'AL', 'NE', 'ER', 'SU');
	fc.assert(
		fc.property(fc.array(step, { maxLength: 40 }), mode, mode, (steps, accept, application) => {
			const out = sender();
			const settled = new Map<string, number>();
			let next = 0;
			for (const one of steps) {
				let outputs: readonly SenderOutput[];
				if (one === 'send') {
					if (out.isWaiting) continue;
					outputs = out.send(message(`M${next}`, accept, application));
					next += 1;
				} else if (one === 'timeout') outputs = out.timeout();
				else if (one instanceof Uint8Array) outputs = out.receive(one);
				else outputs = out.receive(answer(message(`M${one.id}`), one.code));
				for (const output of outputs) {
					if (output.kind !== 'settled' && output.kind !== 'gave-up') continue;
					settled.set(output.controlId, (settled.get(output.controlId) ?? 0) + 1);
				}
			}
			expect([...settled.values()].every((count) => count === 1)).toBe(true);
		}),
		{ numRuns: 1000 },
	);
});
