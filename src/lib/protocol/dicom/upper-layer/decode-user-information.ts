import { ByteCursor } from './byte-cursor.ts';
import type {
	CommonExtendedNegotiation,
	ExtendedNegotiation,
	RoleSelection,
	UserIdentity,
	UserInformation,
} from './pdu.ts';
import { ITEM } from './wire-codes.ts';

/**
 * Reads the sub-items of one user information item into `info` (PS3.8 9.3.2.3, PS3.7 Annex D.3.3).
 *
 * Where the standard is silent: order does not matter; of a sub-item that may stand once, the last
 * one wins; unknown sub-items, and those that belong to the other association PDU, are skipped; a
 * missing maximum length means no limit.
 */
export function decodeUserInformation(
	cursor: ByteCursor,
	info: UserInformation,
	pduKind: 'A-ASSOCIATE-RQ' | 'A-ASSOCIATE-AC',
): void {
	const isRequest = pduKind === 'A-ASSOCIATE-RQ';
	for (const { type, body } of cursor.items('user information')) {
		switch (type) {
			case ITEM.maximumLength:
				info.maximumLength = body.u32('maximum length');
				body.end('maximum length');
				break;
			case ITEM.implementationClassUid:
				info.implementationClassUid = body.uid(body.remaining, 'implementation class UID');
				break;
			case ITEM.asynchronousOperationsWindow:
				info.asynchronousOperationsWindow = decodeWindow(body);
				break;
			case ITEM.roleSelection:
				(info.roleSelections ??= []).push(decodeRole(body));
				break;
			case ITEM.implementationVersionName:
				info.implementationVersionName = body.text(body.remaining, 'implementation version name');
				break;
			case ITEM.extendedNegotiation:
				(info.extendedNegotiations ??= []).push(decodeExtended(body));
				break;
			case ITEM.commonExtendedNegotiation:
				if (isRequest) (info.commonExtendedNegotiations ??= []).push(decodeCommon(body));
				break;
			case ITEM.userIdentityRq:
				if (isRequest) info.userIdentity = decodeIdentity(body);
				break;
			case ITEM.userIdentityAc:
				if (!isRequest) info.userIdentityResponse = decodeIdentityResponse(body);
				break;
		}
	}
}

function prefixedUid(body: ByteCursor, field: string): string {
	return body.uid(body.u16(`${field} length`), field);
}

function decodeWindow(body: ByteCursor): { invoked: number; performed: number } {
	const window = {
		invoked: body.u16('operations invoked'),
		performed: body.u16('operations performed'),
	};
	body.end('asynchronous operations window');
	return window;
}

/** Any value but 0 grants a role: the standard knows 0 and 1 only. */
function decodeRole(body: ByteCursor): RoleSelection {
	const role = {
		sopClassUid: prefixedUid(body, 'role selection UID'),
		scuRole: body.u8('SCU role') !== 0,
		scpRole: body.u8('SCP role') !== 0,
	};
	body.end('role selection');
	return role;
}

function decodeExtended(body: ByteCursor): ExtendedNegotiation {
	return {
		sopClassUid: prefixedUid(body, 'extended negotiation UID'),
		information: body.rest(),
	};
}

/** Bytes after the list of related classes are reserved for later versions and ignored. */
function decodeCommon(body: ByteCursor): CommonExtendedNegotiation {
	const sopClassUid = prefixedUid(body, 'common extended negotiation UID');
	const serviceClassUid = prefixedUid(body, 'service class UID');
	const relatedSopClassUids: string[] = [];
	const listSizeBytes = body.u16('related general SOP classes length');
	const list = new ByteCursor(body.take(listSizeBytes, 'related general SOP classes'));
	while (list.remaining > 0) {
		relatedSopClassUids.push(prefixedUid(list, 'related general SOP class UID'));
	}
	return { sopClassUid, serviceClassUid, relatedSopClassUids };
}

function decodeIdentity(body: ByteCursor): UserIdentity {
	const identity = {
		type: body.u8('user identity type'),
		positiveResponseRequested: body.u8('positive response requested') !== 0,
		primaryField: body.take(body.u16('primary field length'), 'primary field'),
		secondaryField: body.take(body.u16('secondary field length'), 'secondary field'),
	};
	body.end('user identity');
	return identity;
}

function decodeIdentityResponse(body: ByteCursor): Uint8Array {
	const response = body.take(body.u16('server response length'), 'server response');
	body.end('user identity response');
	return response;
}
