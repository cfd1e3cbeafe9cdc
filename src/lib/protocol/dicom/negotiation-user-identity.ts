import type { UserIdentity } from './upper-layer/pdu.ts';

/** User identity types (PS3.7 D.3.3.7.1). */
const USER_IDENTITY_TYPE = {
	userName: 1,
	userNameAndPasscode: 2,
	kerberos: 3,
	saml: 4,
	jsonWebToken: 5,
} as const;

/** An identity that an acceptor recognises. */
export type KnownIdentity =
	/** Types 1 and 2; with a passcode the user must give it. */
	| { userName: string; passcode?: string }
	/** Types 3 to 5: a ticket, assertion or token compared as it is, with what the server answers to it. */
	| { type: 3 | 4 | 5; credential: Uint8Array; serverResponse?: Uint8Array };

/** Which users an acceptor lets in, as plain data. Without a policy it ignores user identity. */
export interface UserIdentityPolicy {
	known: readonly KnownIdentity[];
	/** Whether a request without user identity is refused; default false. */
	required?: boolean;
}

export type UserIdentityVerdict =
	/** `response` is the server response to send, present only where one is due. */
	{ accepted: true; response?: Uint8Array } | { accepted: false };

/**
 * Decides on a user identity (PS3.7 D.3.3.7). An acceptor without a policy accepts and gives no positive
 * response, as one that does not know the item. A response is due only when it was asked for; it is empty
 * for user names.
 */
export function judgeUserIdentity(
	identity: UserIdentity | undefined,
	policy: UserIdentityPolicy | undefined,
): UserIdentityVerdict {
	if (policy === undefined) return { accepted: true };
	if (identity === undefined) return { accepted: policy.required !== true };
	const known = policy.known.find((candidate) => isSame(identity, candidate));
	if (known === undefined) return { accepted: false };
	if (!identity.positiveResponseRequested) return { accepted: true };
	const response = 'userName' in known ? undefined : known.serverResponse;
	return { accepted: true, response: response ?? new Uint8Array(0) };
}

function isSame(identity: UserIdentity, known: KnownIdentity): boolean {
	if (!('userName' in known)) {
		return identity.type === known.type && equalBytes(identity.primaryField, known.credential);
	}
	if (!equalBytes(identity.primaryField, utf8(known.userName))) return false;
	if (identity.type === USER_IDENTITY_TYPE.userName) return known.passcode === undefined;
	if (identity.type !== USER_IDENTITY_TYPE.userNameAndPasscode) return false;
	return equalBytes(identity.secondaryField, utf8(known.passcode ?? ''));
}

/** A user identity as it goes into a request: type 2 with a passcode, else type 1; text in UTF-8. */
export function userNameIdentity(user: {
	userName: string;
	passcode?: string;
	positiveResponseRequested: boolean;
}): UserIdentity {
	return {
		type:
			user.passcode === undefined
				? USER_IDENTITY_TYPE.userName
				: USER_IDENTITY_TYPE.userNameAndPasscode,
		positiveResponseRequested: user.positiveResponseRequested,
		primaryField: utf8(user.userName),
		secondaryField: utf8(user.passcode ?? ''),
	};
}

function utf8(text: string): Uint8Array {
	return new TextEncoder().encode(text);
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
