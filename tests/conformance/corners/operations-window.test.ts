import { InvokedOperations } from '#lib/protocol/dicom/dimse/invoked-operations.ts';
import { PerformedOperations } from '#lib/protocol/dicom/dimse/performed-operations.ts';
import {
	cEchoRequest,
	cFindRequest,
	cStoreRequest,
	responseTo,
} from '#lib/protocol/dicom/dimse/services.ts';
import type { OperationsWindow } from '#lib/protocol/dicom/negotiation-operations-window.ts';
import { describe, expect, test } from 'vitest';
import { CT, POLICY, STUDY_ROOT_FIND, negotiated, outputsOf, requestorWith } from './session.ts';

const window = (invoked: number, performed: number): OperationsWindow => ({ invoked, performed });

function agreed(asked?: OperationsWindow, own?: OperationsWindow) {
	const pair = negotiated(
		asked === undefined ? {} : { userInformation: { asynchronousOperationsWindow: asked } },
		{ policy: own === undefined ? POLICY : { ...POLICY, operationsWindow: own } },
	);
	const ac = pair.pdus('acceptor')[0];
	if (ac?.kind !== 'A-ASSOCIATE-AC') throw new Error('not accepted');
	return {
		item: ac.userInformation.asynchronousOperationsWindow,
		requestor: pair.requestor.operationsWindow,
		acceptor: pair.acceptor.operationsWindow,
	};
}

describe('negotiation', () => {
	/** The acceptor performs what the requestor invokes, so its two numbers are crossed. */
	test.each([
		['not asked, so not answered', undefined, window(8, 8), undefined, window(1, 1)],
		['asked of an acceptor without: no item', window(5, 5), undefined, undefined, window(1, 1)],
		['the smaller of both', window(5, 2), window(3, 4), window(4, 2), window(4, 2)],
		['unlimited asked, limited given', window(0, 0), window(3, 4), window(4, 3), window(4, 3)],
		['limited asked of one without limit', window(5, 2), window(0, 0), window(5, 2), window(5, 2)],
		['unlimited on both sides', window(0, 0), window(0, 0), window(0, 0), window(0, 0)],
		['down to one each: no item', window(9, 9), window(1, 1), undefined, window(1, 1)],
		[
			'up to 65535',
			window(65_535, 65_535),
			window(0, 0),
			window(65_535, 65_535),
			window(65_535, 65_535),
		],
	])('%s', (_, asked, own, item, outcome) => {
		expect(agreed(asked, own)).toEqual({
			item,
			requestor: outcome,
			acceptor: window(outcome.performed, outcome.invoked),
		});
	});

	test.each([
		['an item that was not asked for', undefined, window(9, 9), window(1, 1)],
		['more than was asked for', window(2, 2), window(9, 0), window(2, 2)],
	])('%s does not widen the window', (_, asked, answered, outcome) => {
		const requestor = requestorWith(
			{
				userInformation: {
					maximumLength: 0,
					implementationClassUid: '1.2',
					asynchronousOperationsWindow: answered,
				},
			},
			asked === undefined ? {} : { userInformation: { asynchronousOperationsWindow: asked } },
		);
		outputsOf(requestor);
		expect(requestor.operationsWindow).toEqual(outcome);
	});
});

const store = (messageId: number) =>
	cStoreRequest({ messageId, sopClassUid: CT, sopInstanceUid: `1.2.${messageId}` });

describe('performing', () => {
	test('more requests than negotiated: performed in turn, the excess is told', () => {
		const operations = new PerformedOperations(2);
		expect([1, 2, 3].map((id) => operations.request(store(id)))).toEqual([
			{ kind: 'perform', withinWindow: true },
			{ kind: 'perform', withinWindow: true },
			{ kind: 'perform', withinWindow: false },
		]);
		expect(operations.inProgress).toEqual([store(1), store(2), store(3)]);
		operations.respond(responseTo(store(1), { status: 0 }));
		operations.respond(responseTo(store(2), { status: 0 }));
		expect(operations.request(store(4))).toEqual({ kind: 'perform', withinWindow: true });
	});

	test('without limit nothing is in excess', () => {
		const operations = new PerformedOperations(0);
		for (let id = 1; id <= 5000; id++) {
			expect(operations.request(store(id))).toEqual({ kind: 'perform', withinWindow: true });
		}
	});

	test('a message id in use is a duplicate invocation, 0x0210; the first one goes on', () => {
		const operations = new PerformedOperations(0);
		const find = cFindRequest({ messageId: 4, sopClassUid: STUDY_ROOT_FIND });
		operations.request(find);
		expect(operations.request(cEchoRequest({ messageId: 4 }))).toEqual({
			kind: 'refuse',
			status: 0x0210,
		});
		expect(operations.inProgress).toEqual([find]);
		expect(operations.respond(responseTo(find, { status: 0xff00, withDataSet: true }))).toBe(true);
		expect(operations.request(find)).toMatchObject({ status: 0x0210 });
		expect(operations.respond(responseTo(find, { status: 0 }))).toBe(true);
		expect(operations.request(find)).toEqual({ kind: 'perform', withinWindow: true });
	});

	test('a command field that no service has is an unrecognized operation, 0x0211', () => {
		const operations = new PerformedOperations();
		const strange = { CommandField: 0x0777, MessageID: 9, CommandDataSetType: 0x0101 };
		const verdict = operations.request(strange);
		expect(verdict).toEqual({ kind: 'refuse', status: 0x0211 });
		expect(operations.inProgress).toEqual([]);
		expect(responseTo(strange, { status: 0x0211 })).toMatchObject({
			CommandField: 0x8777,
			MessageIDBeingRespondedTo: 9,
			Status: 0x0211,
		});
	});
});

describe('invoking', () => {
	test('answers may come in any order', () => {
		const operations = new InvokedOperations(3);
		for (const id of [1, 2, 3]) operations.invoke(store(id));
		for (const id of [3, 1, 2]) {
			expect(operations.respond(responseTo(store(id), { status: 0 }))).toEqual({
				kind: 'final',
				request: store(id),
			});
		}
		expect(operations.outstanding).toEqual([]);
	});

	test('an answer to an unknown id, or a second final answer, is told and changes nothing', () => {
		const operations = new InvokedOperations(2);
		operations.invoke(store(1));
		const unknown = { kind: 'unknown-message-id' };
		expect(operations.respond(responseTo(store(2), { status: 0 }))).toEqual(unknown);
		const answer = responseTo(store(1), { status: 0 });
		expect(operations.respond(answer).kind).toBe('final');
		expect(operations.respond(answer)).toEqual(unknown);
		const { MessageIDBeingRespondedTo: _, ...anonymous } = answer;
		expect(operations.respond(anonymous)).toEqual(unknown);
	});

	test('an answer of another service, and a request taken for an answer, end nothing', () => {
		const operations = new InvokedOperations();
		operations.invoke(store(1));
		const other = { kind: 'other-service', request: store(1) };
		expect(operations.respond(responseTo(cEchoRequest({ messageId: 1 }), { status: 0 }))).toEqual(
			other,
		);
		expect(operations.respond({ ...store(9), MessageIDBeingRespondedTo: 1 })).toEqual(other);
		expect(operations.outstanding).toEqual([store(1)]);
	});

	test('pending FF00 and FF01 leave the request open, also without identifier; all else is final', () => {
		const find = cFindRequest({ messageId: 1, sopClassUid: STUDY_ROOT_FIND });
		for (const [status, kind] of [
			[0xff00, 'pending'],
			[0xff01, 'pending'],
			[0x0000, 'final'],
			[0xfe00, 'final'],
			[0xb001, 'final'],
			[0xa700, 'final'],
			[0xff02, 'final'],
			[0x1234, 'final'],
		] as const) {
			for (const withDataSet of [true, false]) {
				const operations = new InvokedOperations();
				operations.invoke(find);
				expect(operations.respond(responseTo(find, { status, withDataSet })).kind).toBe(kind);
				expect(operations.outstanding).toHaveLength(kind === 'pending' ? 1 : 0);
			}
		}
	});

	test('a service with one response is not left waiting by a pending status', () => {
		const operations = new InvokedOperations();
		operations.invoke(store(1));
		expect(operations.respond(responseTo(store(1), { status: 0xff00 })).kind).toBe('final');
	});
});
