import type { AcceptorPolicy } from '#lib/protocol/dicom/negotiation.ts';
import type { RoleSelection } from '#lib/protocol/dicom/upper-layer/pdu.ts';
import { expect, test } from 'vitest';
import { CT, EXPLICIT, IMPLICIT, POLICY, negotiated, outputsOf, requestorWith } from './session.ts';

const role = (scuRole: boolean, scpRole: boolean, sopClassUid = CT): RoleSelection => ({
	sopClassUid,
	scuRole,
	scpRole,
});

function policy(ct: { requestorMayBeScp?: boolean; requestorMayBeScu?: boolean }): AcceptorPolicy {
	const supported = [{ abstractSyntax: CT, transferSyntaxes: [EXPLICIT, IMPLICIT], ...ct }];
	return { ...POLICY, supported };
}

/** Proposed roles, what the acceptor allows, what both sides then hold the requestor to be. */
test.each<
	[
		name: string,
		roles: RoleSelection[] | undefined,
		allowed: Parameters<typeof policy>[0],
		answered: RoleSelection[] | undefined,
		agreed: { scu: boolean; scp: boolean },
	]
>([
	['no proposal', undefined, { requestorMayBeScp: true }, undefined, { scu: true, scp: false }],
	[
		'SCP proposed and allowed, as for C-GET',
		[role(false, true)],
		{ requestorMayBeScp: true },
		[role(false, true)],
		{ scu: false, scp: true },
	],
	[
		'both proposed and allowed',
		[role(true, true)],
		{ requestorMayBeScp: true },
		[role(true, true)],
		{ scu: true, scp: true },
	],
	[
		'SCP proposed and not allowed',
		[role(true, true)],
		{},
		[role(true, false)],
		{ scu: true, scp: false },
	],
	[
		'SCU proposed and refused, SCP granted',
		[role(true, true)],
		{ requestorMayBeScp: true, requestorMayBeScu: false },
		[role(false, true)],
		{ scu: false, scp: true },
	],
	[
		'SCP allowed but not proposed',
		[role(true, false)],
		{ requestorMayBeScp: true },
		[role(true, false)],
		{ scu: true, scp: false },
	],
	[
		'two proposals for one SOP class: the first counts',
		[role(false, true), role(true, false)],
		{ requestorMayBeScp: true },
		[role(false, true)],
		{ scu: false, scp: true },
	],
	[
		'a SOP class the acceptor does not know gets no answer',
		[role(true, true, '1.2.3')],
		{},
		undefined,
		{ scu: true, scp: false },
	],
])('%s', (_, roles, allowed, answered, agreed) => {
	const pair = negotiated(roles === undefined ? {} : { roles }, { policy: policy(allowed) });
	const ac = pair.pdus('acceptor')[0];
	if (ac?.kind !== 'A-ASSOCIATE-AC') throw new Error('not accepted');
	expect(ac.userInformation.roleSelections).toEqual(answered);
	expect(pair.requestor.roleFor(CT)).toEqual(agreed);
	expect(pair.acceptor.roleFor(CT)).toEqual(agreed);
	expect(pair.requestor.roleFor('1.2.3')).toEqual({ scu: true, scp: false });
});

test.each<[string, RoleSelection | undefined, Parameters<typeof policy>[0]]>([
	['proposes none', role(false, false), { requestorMayBeScp: true }],
	['proposes SCP only where that is not allowed', role(false, true), {}],
	['proposes SCU only where that is refused', role(true, false), { requestorMayBeScu: false }],
	['proposes nothing where SCU is refused', undefined, { requestorMayBeScu: false }],
])('a requestor that %s is left without a role: context result 1', (_, proposal, allowed) => {
	const pair = negotiated(proposal === undefined ? {} : { roles: [proposal] }, {
		policy: policy(allowed),
	});
	const ac = pair.pdus('acceptor')[0];
	if (ac?.kind !== 'A-ASSOCIATE-AC') throw new Error('not accepted');
	expect(ac.presentationContexts.find(({ id }) => id === 3)?.result).toBe(1);
	expect(pair.requestor.contextFor(CT)).toBeUndefined();
});

test.each<[string, RoleSelection[], RoleSelection[], { scu: boolean; scp: boolean }]>([
	['nothing was proposed', [], [role(true, true)], { scu: true, scp: false }],
	['SCP was not proposed', [role(true, false)], [role(true, true)], { scu: true, scp: false }],
	['SCU was not proposed', [role(false, true)], [role(true, true)], { scu: false, scp: true }],
	['both roles were refused', [role(true, true)], [role(false, false)], { scu: false, scp: false }],
	['no answer came', [role(false, true)], [], { scu: true, scp: false }],
	[
		'two answers came: the first counts',
		[role(true, true)],
		[role(true, false), role(true, true)],
		{ scu: true, scp: false },
	],
])('what an answer can give where %s', (_, roles, roleSelections, agreed) => {
	const requestor = requestorWith(
		{ userInformation: { maximumLength: 0, implementationClassUid: '1.2', roleSelections } },
		{ roles },
	);
	expect(outputsOf(requestor).at(-1)).toBe('associate-confirm');
	expect(requestor.roleFor(CT)).toEqual(agreed);
});
