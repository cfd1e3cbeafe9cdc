import { cEchoRequest } from '#lib/protocol/dicom/dimse/services.ts';
import type { PresentationContextAnswer } from '#lib/protocol/dicom/upper-layer/pdu.ts';
import { describe, expect, test } from 'vitest';
import { bytes, framed, item } from '../upper-layer/bytes.ts';
import {
	EXPLICIT,
	IMPLICIT,
	outputsOf,
	raw,
	requestPdu,
	requesting,
	requestorWith,
} from './session.ts';

const accepted = (id: number, transferSyntax = IMPLICIT): PresentationContextAnswer => ({
	id,
	result: 0,
	transferSyntax,
});

describe('presentation contexts that the requestor takes as accepted', () => {
	test.each<[string, PresentationContextAnswer[], number[]]>([
		['all', [accepted(1), accepted(3), accepted(5)], [1, 3, 5]],
		['in another order', [accepted(5), accepted(1)], [5, 1]],
		['an id never proposed is ignored', [accepted(1), accepted(7), accepted(255)], [1]],
		['an id without answer counts as rejected', [accepted(3)], [3]],
		['a transfer syntax never proposed counts as rejected', [accepted(1, EXPLICIT)], []],
		['a transfer syntax padded with NUL is the one proposed', [accepted(1, `${IMPLICIT}\0`)], [1]],
		[
			'results 1 to 4',
			[1, 2, 3, 4].map(
				(result, i) => ({ ...accepted(2 * i + 1), result }) as PresentationContextAnswer,
			),
			[],
		],
		['none at all', [], []],
	])('%s', (_, presentationContexts, ids) => {
		const requestor = requestorWith({ presentationContexts });
		expect(outputsOf(requestor).at(-1)).toBe('associate-confirm');
		expect([...requestor.acceptedContexts.keys()]).toEqual(ids);
		// An association without contexts is established all the same; it can only be released.
		expect(requestor.state).toBe('Sta6');
		if (ids.length > 0) return;
		expect(requestor.send({ contextId: 1, command: cEchoRequest({ messageId: 1 }) })).toEqual({
			ok: false,
			error: 'context-not-accepted',
		});
		requestor.release();
		expect(outputsOf(requestor)).toEqual(['send A-RELEASE-RQ']);
	});
});

describe('an answer whose context items cannot be meant', () => {
	const head = raw({ ...requestPdu(), kind: 'A-ASSOCIATE-AC', presentationContexts: [] });
	const syntax = item(0x40, `'${IMPLICIT}'`);
	const answer = (...items: Uint8Array[]) => framed(2, bytes(head.subarray(6), ...items));

	test.each<[string, Uint8Array, string]>([
		[
			'accepted with two transfer syntaxes',
			answer(item(0x21, '01 00 00 00', syntax, syntax)),
			'2/6',
		],
		['accepted with none', answer(item(0x21, '01 00 00 00')), '2/6'],
		['an even id', answer(item(0x21, '02 00 00 00', syntax)), '2/6'],
		[
			'an id twice',
			answer(item(0x21, '01 00 00 00', syntax), item(0x21, '01 00 00 00', syntax)),
			'2/6',
		],
		['a result beyond 4', answer(item(0x21, '01 00 05 00', syntax)), '2/6'],
		['a proposal in its place', answer(item(0x20, '01 00 00 00', syntax)), '2/5'],
	])('%s: A-ABORT %s', (_, wire, reason) => {
		const requestor = requesting();
		requestor.receive(wire);
		expect(outputsOf(requestor)).toEqual([
			`send A-ABORT ${reason}`,
			`abort-indication ${reason} own`,
			'start-artim',
		]);
	});

	test('rejected without transfer syntax: taken, as some devices send it', () => {
		const requestor = requesting();
		requestor.receive(answer(item(0x21, '01 00 03 00'), item(0x21, '03 00 00 00', syntax)));
		expect(outputsOf(requestor)).toEqual(['associate-confirm']);
		expect([...requestor.acceptedContexts.keys()]).toEqual([3]);
	});
});

test.each([
	['a user identity response that was asked for', Uint8Array.of(1, 2)],
	['none although it was asked for: the user decides whether to go on', undefined],
])('%s', (_, userIdentityResponse) => {
	const requestor = requestorWith(
		{
			userInformation: {
				maximumLength: 0,
				implementationClassUid: '1.2',
				...(userIdentityResponse && { userIdentityResponse }),
			},
		},
		{
			userInformation: {
				userIdentity: {
					type: 1,
					positiveResponseRequested: true,
					primaryField: bytes("'abc'"),
					secondaryField: bytes(''),
				},
			},
		},
	);
	let last;
	for (let output = requestor.next(); output; output = requestor.next()) last = output;
	if (last?.kind !== 'associate-confirm') throw new Error('not confirmed');
	expect(last.ac.userInformation.userIdentityResponse).toEqual(userIdentityResponse);
	expect(requestor.state).toBe('Sta6');
});
