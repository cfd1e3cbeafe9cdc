import { InvokedOperations } from '#lib/protocol/dicom/dimse/invoked-operations.ts';
import { PerformedOperations } from '#lib/protocol/dicom/dimse/performed-operations.ts';
import {
	cCancelRequest,
	cEchoRequest,
	cFindRequest,
	cGetRequest,
	cMoveRequest,
	cStoreRequest,
	responseTo,
} from '#lib/protocol/dicom/dimse/services.ts';
import { describe, expect, test } from 'vitest';
import { STUDY_ROOT_FIND, negotiated } from './session.ts';

const find = cFindRequest({ messageId: 4, sopClassUid: STUDY_ROOT_FIND });

describe('the performer of a C-FIND', () => {
	const performing = () => {
		const operations = new PerformedOperations();
		operations.request(find);
		return operations;
	};

	test('cancelled before the first pending response: ends with FE00, once', () => {
		const operations = performing();
		expect(operations.isCancelled(find)).toBe(false);
		expect(operations.cancel(cCancelRequest(4))).toEqual(find);
		expect(operations.isCancelled(find)).toBe(true);
		const final = responseTo(find, { status: 0xfe00 });
		expect(operations.respond(final)).toBe(true);
		expect(operations.respond(final)).toBe(false);
		expect(operations.inProgress).toEqual([]);
	});

	test('cancelled between two pending responses', () => {
		const operations = performing();
		expect(operations.respond(responseTo(find, { status: 0xff00 }))).toBe(true);
		expect(operations.cancel(cCancelRequest(4))).toEqual(find);
	});

	test('cancelled twice: the second one does nothing', () => {
		const operations = performing();
		operations.cancel(cCancelRequest(4));
		expect(operations.cancel(cCancelRequest(4))).toBeUndefined();
		expect(operations.isCancelled(find)).toBe(true);
	});

	test('cancelled after the final response, which crossed it on the wire: nothing', () => {
		const operations = performing();
		operations.respond(responseTo(find, { status: 0 }));
		expect(operations.cancel(cCancelRequest(4))).toBeUndefined();
		operations.request(find);
		expect(operations.isCancelled(find)).toBe(false);
	});

	test('an unknown id, or none: nothing', () => {
		const operations = performing();
		expect(operations.cancel(cCancelRequest(5))).toBeUndefined();
		const { MessageIDBeingRespondedTo: _, ...anonymous } = cCancelRequest(4);
		expect(operations.cancel(anonymous)).toBeUndefined();
		expect(operations.isCancelled(find)).toBe(false);
	});
});

const others = { messageId: 1, sopClassUid: '1.2', sopInstanceUid: '1.3' };

test.each([
	['C-FIND', cFindRequest(others), true],
	['C-GET', cGetRequest(others), true],
	['C-MOVE', cMoveRequest({ ...others, destination: 'WS1' }), true],
	['C-STORE', cStoreRequest(others), false],
	['C-ECHO', cEchoRequest(others), false],
])('%s can be cancelled: %s', (_name, request, cancellable) => {
	const invoked = new InvokedOperations();
	const performed = new PerformedOperations();
	invoked.invoke(request);
	performed.request(request);
	expect(invoked.cancel(1)).toEqual(cancellable ? cCancelRequest(1) : undefined);
	expect(performed.cancel(cCancelRequest(1))).toEqual(cancellable ? request : undefined);
});

describe('the invoker', () => {
	test('cancels what is outstanding, once, and still waits for the final response', () => {
		const operations = new InvokedOperations();
		expect(operations.cancel(4)).toBeUndefined();
		operations.invoke(find);
		expect(operations.cancel(4)).toEqual(cCancelRequest(4));
		expect(operations.cancel(4)).toBeUndefined();
		expect(operations.respond(responseTo(find, { status: 0xff00 })).kind).toBe('pending');
		expect(operations.respond(responseTo(find, { status: 0xfe00 })).kind).toBe('final');
		expect(operations.cancel(4)).toBeUndefined();
	});
});

test.each([
	['on the context of the request', 5],
	['on another context: the message id alone identifies the request', 1],
])('over the wire, %s', (_, contextId) => {
	const performed = new PerformedOperations();
	const pair = negotiated(
		{},
		{
			onNews: (side, output, { acceptor }) => {
				if (side !== 'acceptor' || output.kind !== 'message') return;
				const { command } = output.message;
				if (command.CommandField !== 0x0fff) {
					performed.request(command);
					return;
				}
				const cancelled = performed.cancel(command);
				if (cancelled === undefined) return;
				const final = responseTo(cancelled, { status: 0xfe00 });
				expect(performed.respond(final)).toBe(true);
				acceptor.send({ contextId: 5, command: final });
			},
		},
	);
	pair.requestor.send({ contextId: 5, command: find, data: [new Uint8Array(8)] });
	// A C-CANCEL has no response of its own: three of them bring one answer, to the C-FIND.
	for (let i = 0; i < 3; i++) pair.requestor.send({ contextId, command: cCancelRequest(4) });
	pair.drain();
	const answers = pair.news('requestor').filter(({ kind }) => kind === 'message');
	expect(answers).toEqual([
		{ kind: 'message', message: { contextId: 5, command: responseTo(find, { status: 0xfe00 }) } },
	]);
});
