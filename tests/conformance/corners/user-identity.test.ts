import {
	userNameIdentity,
	type UserIdentityPolicy,
} from '#lib/protocol/dicom/negotiation-user-identity.ts';
import type { UserIdentity } from '#lib/protocol/dicom/upper-layer/pdu.ts';
import { expect, test } from 'vitest';
import { acceptanceOf, answerTo, negotiated, POLICY, requestPdu } from './session.ts';

const TICKET = Uint8Array.of(0x6e, 0x82, 0, 1);
const empty = new Uint8Array(0);

const USERS: UserIdentityPolicy = {
	known: [
		{ userName: 'müller' },
		{ userName: 'admin', passcode: 'geheim' },
		{ type: 3, credential: TICKET, serverResponse: Uint8Array.of(9, 9) },
		{ type: 5, credential: Uint8Array.of(1) },
	],
};

const identity = (changes: Partial<UserIdentity>): UserIdentity => ({
	type: 1,
	positiveResponseRequested: true,
	primaryField: empty,
	secondaryField: empty,
	...changes,
});

const name = (userName: string, passcode?: string): UserIdentity =>
	userNameIdentity({
		userName,
		positiveResponseRequested: true,
		...(passcode !== undefined && { passcode }),
	});

const rq = (userIdentity?: UserIdentity) => ({
	userInformation: {
		...requestPdu().userInformation,
		...(userIdentity !== undefined && { userIdentity }),
	},
});

test.each<[string, UserIdentity, Uint8Array]>([
	['type 1, name in UTF-8', name('müller'), empty],
	['type 2, name and passcode', name('admin', 'geheim'), empty],
	['type 3, ticket', identity({ type: 3, primaryField: TICKET }), Uint8Array.of(9, 9)],
	['type 5, token without an answer', identity({ type: 5, primaryField: Uint8Array.of(1) }), empty],
])('%s: accepted, with a response only when asked', (_, asked, response) => {
	const policy = { userIdentity: USERS };
	expect(acceptanceOf(rq(asked), policy).userInformation.userIdentityResponse).toEqual(response);
	const silent = { ...asked, positiveResponseRequested: false };
	expect(acceptanceOf(rq(silent), policy).userInformation).not.toHaveProperty(
		'userIdentityResponse',
	);
});

test.each<[string, UserIdentity]>([
	['an unknown name', name('nobody')],
	['a name in another case', name('Müller')],
	['a wrong passcode', name('admin', 'falsch')],
	['a passcode left out', name('admin')],
	['a passcode where none belongs', name('müller', 'x')],
	['empty fields', identity({})],
	['empty fields with passcode', identity({ type: 2 })],
	['a ticket as another type', identity({ type: 4, primaryField: TICKET })],
	['a name as a ticket', identity({ type: 3, primaryField: name('müller').primaryField })],
	['type 0', identity({ type: 0, primaryField: TICKET })],
	['type 6', identity({ type: 6, primaryField: TICKET })],
])('%s: rejected 1/2/1', (_, asked) => {
	expect(answerTo(rq(asked), { userIdentity: USERS })).toEqual({
		kind: 'A-ASSOCIATE-RJ',
		result: 1,
		source: 2,
		reason: 1,
	});
});

test('without a policy the item is ignored: accepted, no response', () => {
	expect(acceptanceOf(rq(name('nobody'))).userInformation).not.toHaveProperty(
		'userIdentityResponse',
	);
});

test('no identity: accepted, unless one is required', () => {
	expect(answerTo(rq(), { userIdentity: USERS }).kind).toBe('A-ASSOCIATE-AC');
	expect(answerTo(rq(), { userIdentity: { ...USERS, required: true } })).toMatchObject({
		result: 1,
		source: 2,
		reason: 1,
	});
});

test('AE titles are checked before the user', () => {
	const wrong = { ...rq(name('nobody')), calledAeTitle: 'X' };
	expect(answerTo(wrong, { userIdentity: USERS })).toMatchObject({ source: 1, reason: 7 });
});

test('over the wire, both ways', () => {
	const policy = { ...POLICY, userIdentity: USERS };
	const good = negotiated({ userInformation: { userIdentity: name('müller') } }, { policy });
	expect(good.news('requestor')).toMatchObject([
		{ kind: 'associate-confirm', ac: { userInformation: { userIdentityResponse: empty } } },
	]);
	const bad = negotiated({ userInformation: { userIdentity: name('x') } }, { policy });
	expect(bad.news('requestor')).toMatchObject([{ rj: { result: 1, source: 2, reason: 1 } }]);
});
