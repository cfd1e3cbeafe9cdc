import { expect, test } from 'vitest';
import { negotiate, type AcceptorPolicy } from './negotiation.ts';
import type { AssociateAc, AssociateRq } from './upper-layer/pdu.ts';

const CT = '1.2.840.10008.5.1.4.1.1.2';
const MR = '1.2.840.10008.5.1.4.1.1.4';
const IMPLICIT = '1.2.840.10008.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';
const JPEG = '1.2.840.10008.1.2.4.50';

const policy: AcceptorPolicy = {
	aeTitles: ['PACS1'],
	acceptCalling: ['CT1', 'CT2'],
	supported: [
		{ abstractSyntax: CT, transferSyntaxes: [EXPLICIT, IMPLICIT], requestorMayBeScp: true },
		{ abstractSyntax: MR, transferSyntaxes: [IMPLICIT] },
	],
	maximumLengthBytes: 32768,
	implementationClassUid: '1.2.3.4',
	implementationVersionName: 'ARCHIVE_1',
	maximumAssociations: 10,
};

function request(changes: Partial<AssociateRq> = {}): AssociateRq {
	return {
		kind: 'A-ASSOCIATE-RQ',
		protocolVersion: 1,
		calledAeTitle: 'PACS1',
		callingAeTitle: 'CT2',
		applicationContext: '1.2.840.10008.3.1.1.1',
		presentationContexts: [{ id: 1, abstractSyntax: CT, transferSyntaxes: [IMPLICIT, EXPLICIT] }],
		userInformation: { maximumLength: 16384, implementationClassUid: '1.2.9' },
		...changes,
	};
}

function accepted(rq: AssociateRq, changes: Partial<AcceptorPolicy> = {}): AssociateAc {
	const answer = negotiate(rq, { ...policy, ...changes }, 0);
	if (answer.kind !== 'A-ASSOCIATE-AC') throw new Error(JSON.stringify(answer));
	return answer;
}

const rejection = (result: number, source: number, reason: number) => ({
	kind: 'A-ASSOCIATE-RJ',
	result,
	source,
	reason,
});

test('an acceptable request is answered with the acceptor’s identity and preferred syntax', () => {
	expect(accepted(request())).toEqual({
		kind: 'A-ASSOCIATE-AC',
		protocolVersion: 1,
		calledAeTitle: 'PACS1',
		callingAeTitle: 'CT2',
		applicationContext: '1.2.840.10008.3.1.1.1',
		presentationContexts: [{ id: 1, result: 0, transferSyntax: EXPLICIT }],
		userInformation: {
			maximumLength: 32768,
			implementationClassUid: '1.2.3.4',
			implementationVersionName: 'ARCHIVE_1',
		},
	});
});

test.each([
	['wrong application context', { applicationContext: '1.2.3' }, 0, rejection(1, 1, 2)],
	['called AE title in lower case', { calledAeTitle: 'pacs1' }, 0, rejection(1, 1, 7)],
	['called AE title blank', { calledAeTitle: '' }, 0, rejection(1, 1, 7)],
	['calling AE title unknown', { callingAeTitle: 'CT9' }, 0, rejection(1, 1, 3)],
	['limit reached', {}, 10, rejection(2, 3, 2)],
	[
		'all wrong: the limit first',
		{ applicationContext: 'x', calledAeTitle: 'X', callingAeTitle: 'X' },
		10,
		rejection(2, 3, 2),
	],
	[
		'then the application context',
		{ applicationContext: 'x', calledAeTitle: 'X', callingAeTitle: 'X' },
		0,
		rejection(1, 1, 2),
	],
	['then the called title', { calledAeTitle: 'X', callingAeTitle: 'X' }, 0, rejection(1, 1, 7)],
])('rejected: %s', (_, changes, inUse, expected) => {
	expect(negotiate(request(changes), policy, inUse)).toEqual(expected);
});

test('one below the limit is let in; any title is let in when the policy says so', () => {
	expect(negotiate(request(), policy, 9).kind).toBe('A-ASSOCIATE-AC');
	const open = { ...policy, aeTitles: 'any', acceptCalling: 'any' } as const;
	const rq = request({ calledAeTitle: 'x', callingAeTitle: 'y' });
	expect(negotiate(rq, open, 0).kind).toBe('A-ASSOCIATE-AC');
});

test('each context is answered for itself', () => {
	const rq = request({
		presentationContexts: [
			{ id: 1, abstractSyntax: '1.2.840.10008.5.1.4.1.1.20', transferSyntaxes: [IMPLICIT] },
			{ id: 3, abstractSyntax: CT, transferSyntaxes: [JPEG] },
			{ id: 5, abstractSyntax: CT, transferSyntaxes: [] },
			{ id: 255, abstractSyntax: MR, transferSyntaxes: [EXPLICIT, JPEG, IMPLICIT] },
		],
	});
	expect(accepted(rq).presentationContexts).toEqual([
		{ id: 1, result: 3, transferSyntax: IMPLICIT },
		{ id: 3, result: 4, transferSyntax: JPEG },
		{ id: 5, result: 4, transferSyntax: IMPLICIT },
		{ id: 255, result: 0, transferSyntax: IMPLICIT },
	]);
});

test('even ids, 0 and repeated ids are left unanswered, the first of an id counts', () => {
	const context = (id: number, abstractSyntax: string) => ({
		id,
		abstractSyntax,
		transferSyntaxes: [IMPLICIT],
	});
	const rq = request({
		presentationContexts: [context(0, CT), context(2, CT), context(1, MR), context(1, 'x')],
	});
	expect(accepted(rq).presentationContexts).toEqual([
		{ id: 1, result: 0, transferSyntax: IMPLICIT },
	]);
});

test('zero accepted contexts is still an acceptance, unless the policy rejects it with 1/1/1', () => {
	const rq = request({
		presentationContexts: [{ id: 1, abstractSyntax: 'x', transferSyntaxes: [IMPLICIT] }],
	});
	expect(accepted(rq).presentationContexts[0]!.result).toBe(3);
	expect(accepted(request({ presentationContexts: [] })).presentationContexts).toEqual([]);
	expect(negotiate(rq, { ...policy, withoutAcceptedContext: 'reject' }, 0)).toEqual(
		rejection(1, 1, 1),
	);
});

test('roles are answered only where proposed, and the SCP role only where allowed', () => {
	expect(accepted(request()).userInformation).not.toHaveProperty('roleSelections');
	const role = (sopClassUid: string, scuRole: boolean, scpRole: boolean) => ({
		sopClassUid,
		scuRole,
		scpRole,
	});
	const rq = request({
		userInformation: {
			maximumLength: 0,
			implementationClassUid: '1.2.9',
			roleSelections: [role(CT, false, true), role(MR, true, true), role('1.2.3', true, true)],
		},
	});
	expect(accepted(rq).userInformation.roleSelections).toEqual([
		role(CT, false, true),
		role(MR, true, false),
	]);
});
