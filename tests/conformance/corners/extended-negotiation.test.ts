import type { ExtendedNegotiationPolicy } from '#lib/protocol/dicom/negotiation-extended.ts';
import type { SupportedSyntax } from '#lib/protocol/dicom/negotiation.ts';
import type { UserInformation } from '#lib/protocol/dicom/upper-layer/pdu.ts';
import { describe, expect, test } from 'vitest';
import {
	CT,
	EXPLICIT,
	IMPLICIT,
	POLICY,
	STUDY_ROOT_FIND,
	acceptanceOf,
	negotiated,
	requestPdu,
} from './session.ts';

const supporting = (sopClassUid: string, changes: Partial<SupportedSyntax>) => ({
	supported: POLICY.supported.map((entry) =>
		entry.abstractSyntax === sopClassUid ? { ...entry, ...changes } : entry,
	),
});

const info = (changes: Partial<UserInformation>) => ({
	userInformation: { ...requestPdu().userInformation, ...changes },
});

const item = (sopClassUid: string, ...information: number[]) => ({
	sopClassUid,
	information: Uint8Array.from(information),
});

describe('SOP class extended negotiation', () => {
	const options: ExtendedNegotiationPolicy = {
		rule: 'options-in-common',
		supported: [1, 0, 1],
	};
	const own: ExtendedNegotiationPolicy = { rule: 'own-values', values: [2, 0, 3, 0, 1, 0] };

	test.each<[string, string, ExtendedNegotiationPolicy, number[], number[]]>([
		['relational queries supported', STUDY_ROOT_FIND, options, [1], [1]],
		['not asked for', STUDY_ROOT_FIND, options, [0], [0]],
		['each option for itself', STUDY_ROOT_FIND, options, [1, 1, 1], [1, 0, 1]],
		['options not known here are left off', STUDY_ROOT_FIND, options, [1, 1, 1, 1, 1], [1, 0, 1]],
		['nothing asked, nothing returned', STUDY_ROOT_FIND, options, [], []],
		['values other than 0 and 1', STUDY_ROOT_FIND, options, [0xff], [1]],
		['storage: the own values whatever is asked', CT, own, [0], [2, 0, 3, 0, 1, 0]],
	])('%s', (_, sopClass, extendedNegotiation, asked, answered) => {
		const policy = { ...POLICY, ...supporting(sopClass, { extendedNegotiation }) };
		const pair = negotiated(
			{ userInformation: { extendedNegotiations: [item(sopClass, ...asked)] } },
			{ policy },
		);
		for (const side of [pair.requestor, pair.acceptor]) {
			expect(side.extendedInformationFor(sopClass)).toEqual(Uint8Array.from(answered));
			expect(side.extendedInformationFor('1.2')).toBeUndefined();
		}
	});

	test('nothing is answered for a SOP class without policy, not known, not asked, or not accepted', () => {
		const asked = info({
			extendedNegotiations: [item(CT, 1), item('1.2.3', 1), item(STUDY_ROOT_FIND, 1)],
		});
		const policy = supporting(STUDY_ROOT_FIND, { extendedNegotiation: options });
		const answered = acceptanceOf(asked, policy).userInformation.extendedNegotiations;
		expect(answered).toEqual([item(STUDY_ROOT_FIND, 1)]);
		expect(acceptanceOf({}, policy).userInformation).not.toHaveProperty('extendedNegotiations');
		const otherSyntax = {
			...asked,
			presentationContexts: [
				{ id: 1, abstractSyntax: STUDY_ROOT_FIND, transferSyntaxes: ['1.2.840.10008.1.2.4.50'] },
			],
		};
		expect(acceptanceOf(otherSyntax, policy).userInformation).not.toHaveProperty(
			'extendedNegotiations',
		);
	});

	test('thousands of items for one SOP class get one answer, the first', () => {
		const many = Array.from({ length: 5000 }, (_, i) => item(CT, i % 256));
		const roles = many.map(() => ({ sopClassUid: CT, scuRole: true, scpRole: false }));
		const asked = info({ extendedNegotiations: many, roleSelections: roles });
		const policy = supporting(CT, {
			extendedNegotiation: { rule: 'options-in-common', supported: [0xff] },
		});
		const answer = acceptanceOf(asked, policy).userInformation;
		expect(answer.extendedNegotiations).toEqual([item(CT, 0)]);
		expect(answer.roleSelections).toHaveLength(1);
	});
});

describe('SOP class common extended negotiation', () => {
	const SPECIAL = '1.2.840.10008.5.1.4.1.1.88.40';
	const GENERAL = '1.2.840.10008.5.1.4.1.1.88.22';
	const STORAGE = '1.2.840.10008.4.2';
	const asked = (...relatedSopClassUids: string[]) => ({
		...info({
			commonExtendedNegotiations: [
				{ sopClassUid: SPECIAL, serviceClassUid: STORAGE, relatedSopClassUids },
			],
		}),
		presentationContexts: [{ id: 1, abstractSyntax: SPECIAL, transferSyntaxes: [IMPLICIT] }],
	});
	const policy = (acceptSpecialized?: boolean) => ({
		supported: [
			{ abstractSyntax: CT, transferSyntaxes: [EXPLICIT], acceptSpecialized: true },
			{
				abstractSyntax: GENERAL,
				transferSyntaxes: [IMPLICIT],
				...(acceptSpecialized !== undefined && { acceptSpecialized }),
			},
		],
	});
	const resultOf = (related: string[], specialized?: boolean) =>
		acceptanceOf(asked(...related), policy(specialized)).presentationContexts[0]?.result;

	test('an unknown SOP class is accepted by a related general one, if the policy says so', () => {
		expect(resultOf([GENERAL], true)).toBe(0);
		expect(resultOf(['1.2.3', GENERAL], true)).toBe(0);
		expect(resultOf([GENERAL], false)).toBe(3);
		expect(resultOf([GENERAL])).toBe(3);
		expect(resultOf(['1.2.3'], true)).toBe(3);
		expect(resultOf([], true)).toBe(3);
	});

	test('the general entry gives the transfer syntaxes', () => {
		expect(resultOf([CT, GENERAL], true)).toBe(4);
	});

	test('is never answered', () => {
		const answer = acceptanceOf(asked(GENERAL), policy(true)).userInformation;
		expect(answer).not.toHaveProperty('commonExtendedNegotiations');
	});

	test('both sides then speak of the specialised SOP class', () => {
		const pair = negotiated(
			{
				presentationContexts: asked().presentationContexts,
				userInformation: {
					commonExtendedNegotiations: asked(GENERAL).userInformation.commonExtendedNegotiations!,
				},
			},
			{ policy: { ...POLICY, ...policy(true) } },
		);
		expect(pair.acceptor.contextFor(SPECIAL)?.id).toBe(1);
		expect(pair.requestor.contextFor(SPECIAL)?.id).toBe(1);
		expect(pair.requestor.contextFor(GENERAL)).toBeUndefined();
	});

	test('items by the tens of thousands are answered in time', () => {
		const commonExtendedNegotiations = Array.from({ length: 30_000 }, (_, i) => ({
			sopClassUid: `1.2.${i}`,
			serviceClassUid: '',
			relatedSopClassUids: [`1.3.${i}`],
		}));
		const roleSelections = commonExtendedNegotiations.map(({ sopClassUid }) => ({
			sopClassUid,
			scuRole: true,
			scpRole: true,
		}));
		const started = performance.now();
		const changes = info({ commonExtendedNegotiations, roleSelections });
		expect(acceptanceOf(changes, policy(true)).userInformation).not.toHaveProperty(
			'roleSelections',
		);
		expect(performance.now() - started).toBeLessThan(2000);
	});
});
