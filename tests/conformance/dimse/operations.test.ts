import { InvokedOperations } from '#lib/protocol/dicom/dimse/invoked-operations.ts';
import { PerformedOperations } from '#lib/protocol/dicom/dimse/performed-operations.ts';
import { isPending } from '#lib/protocol/dicom/dimse/pending.ts';
import {
	cEchoRequest,
	cFindRequest,
	COMMAND_FIELD,
	responseTo,
} from '#lib/protocol/dicom/dimse/services.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const find = (messageId: number) => cFindRequest({ messageId, sopClassUid: '1.2' });
const echo = (messageId: number) => cEchoRequest({ messageId });

test('the window: one by default, as many as agreed, or no limit', () => {
	for (const [window, fits] of [
		[undefined, 1],
		[3, 3],
		[0, 1000],
	] as const) {
		const operations = new InvokedOperations(window);
		for (let id = 1; id <= fits; id++) expect(operations.invoke(echo(id))).toBe('ok');
		expect(operations.mayInvoke).toBe(window === 0);
		if (window !== 0) expect(operations.invoke(echo(fits + 1))).toBe('window-full');
		operations.respond(responseTo(echo(1), { status: 0 }));
		expect(operations.mayInvoke).toBe(true);
		expect(operations.outstanding).toHaveLength(fits - 1);
	}
});

test('message ids go from 1 to 65535 and round again, past those in use', () => {
	const operations = new InvokedOperations(0);
	expect(operations.nextMessageId()).toBe(1);
	for (const id of [2, 3, 65_535]) operations.invoke(echo(id));
	expect(operations.nextMessageId()).toBe(4);
	for (let id = 5; id <= 65_534; id++) expect(operations.nextMessageId()).toBe(id);
	expect(operations.nextMessageId()).toBe(1);
	expect(operations.nextMessageId()).toBe(4);
});

test('there is no message id when all 65535 are in use', () => {
	const operations = new InvokedOperations(0);
	for (let id = 1; id <= 65_535; id++) operations.invoke(echo(id));
	expect(operations.nextMessageId()).toBeUndefined();
	operations.respond(responseTo(echo(500), { status: 0 }));
	expect(operations.nextMessageId()).toBe(500);
});

test('an id that is in use is not used again', () => {
	const operations = new InvokedOperations(0);
	expect(operations.invoke(echo(1))).toBe('ok');
	expect(operations.invoke(find(1))).toBe('message-id-in-use');
	expect(operations.outstanding).toEqual([echo(1)]);
});

/** What either side of an association may do; ids are few, so that they meet. */
const step = fc.record({
	act: fc.constantFrom('invoke', 'pending', 'final', 'cancel', 'stray'),
	id: fc.integer({ min: 1, max: 4 }),
});

test('both sides of an association agree on what is outstanding, whatever happens', () => {
	fc.assert(
		fc.property(
			fc.integer({ min: 0, max: 3 }),
			fc.array(step, { maxLength: 60 }),
			(window, steps) => {
				const invoked = new InvokedOperations(window);
				const performed = new PerformedOperations(window);
				const finals = new Map<number, number>();
				const sent = new Map<number, number>();
				for (const { act, id } of steps) {
					const before = invoked.outstanding;
					if (act === 'invoke') {
						const outcome = invoked.invoke(find(id));
						if (outcome !== 'ok') continue;
						sent.set(id, (sent.get(id) ?? 0) + 1);
						expect(performed.request(find(id))).toEqual({ kind: 'perform', withinWindow: true });
					} else if (act === 'cancel') {
						const cancel = invoked.cancel(id);
						if (cancel !== undefined) expect(performed.cancel(cancel)).toEqual(find(id));
						expect(performed.isCancelled(find(id))).toBe(before.some((r) => r.MessageID === id));
					} else {
						const status = act === 'pending' ? 0xff00 : act === 'final' ? 0xfe00 : 0;
						const response = responseTo(act === 'stray' ? echo(id) : find(id), { status });
						if (act === 'stray') {
							expect(invoked.respond(response).kind).toMatch(
								/^(unknown-message-id|other-service)$/,
							);
							continue;
						}
						const due = before.some((request) => request.MessageID === id);
						expect(performed.respond(response)).toBe(due);
						if (due) expect(invoked.respond(response).kind).toBe(act);
						if (due && act === 'final') finals.set(id, (finals.get(id) ?? 0) + 1);
					}
					expect(performed.inProgress).toEqual(invoked.outstanding);
					if (window > 0) expect(invoked.outstanding.length).toBeLessThanOrEqual(window);
				}
				for (const [id, count] of sent) {
					const open = invoked.outstanding.some((request) => request.MessageID === id) ? 1 : 0;
					expect((finals.get(id) ?? 0) + open).toBe(count);
				}
			},
		),
		{ numRuns: 500 },
	);
});

test('only C-FIND, C-GET and C-MOVE can be pending', () => {
	for (const [name, field] of Object.entries(COMMAND_FIELD)) {
		if (!name.endsWith('-RSP')) continue;
		const pending = ['C-FIND-RSP', 'C-GET-RSP', 'C-MOVE-RSP'].includes(name);
		for (const Status of [0xff00, 0xff01]) {
			expect(isPending({ CommandField: field, CommandDataSetType: 1, Status })).toBe(pending);
		}
		expect(isPending({ CommandField: field, CommandDataSetType: 1, Status: 0xff02 })).toBe(false);
		expect(isPending({ CommandField: field, CommandDataSetType: 1 })).toBe(false);
	}
});
