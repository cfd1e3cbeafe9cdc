import { PduEncodeError } from './byte-writer.ts';
import type { ByteWriter } from './byte-writer.ts';
import type {
	CommonExtendedNegotiation,
	RoleSelection,
	UserIdentity,
	UserInformation,
} from './pdu.ts';
import { ITEM } from './wire-codes.ts';

/**
 * Writes the user information item (PS3.8 9.3.2.3, PS3.7 Annex D.3.3), sub-items in ascending type.
 * Sub-items that may only stand in the other of the two association PDUs are refused.
 */
export function encodeUserInformation(
	writer: ByteWriter,
	info: UserInformation,
	pduKind: 'A-ASSOCIATE-RQ' | 'A-ASSOCIATE-AC',
): void {
	refuseMisplaced(info, pduKind);
	writer.item(ITEM.userInformation, 'user information', () => {
		writer.item(ITEM.maximumLength, 'maximum length', () =>
			writer.u32(info.maximumLength, 'maximum length'),
		);
		text(
			writer,
			ITEM.implementationClassUid,
			'implementation class UID',
			info.implementationClassUid,
		);
		const window = info.asynchronousOperationsWindow;
		if (window) {
			writer.item(ITEM.asynchronousOperationsWindow, 'asynchronous operations window', () => {
				writer.u16(window.invoked, 'operations invoked');
				writer.u16(window.performed, 'operations performed');
			});
		}
		for (const role of info.roleSelections ?? []) encodeRole(writer, role);
		if (info.implementationVersionName !== undefined) {
			const name = info.implementationVersionName;
			text(writer, ITEM.implementationVersionName, 'implementation version name', name);
		}
		for (const extended of info.extendedNegotiations ?? []) {
			writer.item(ITEM.extendedNegotiation, 'extended negotiation', () => {
				uid(writer, 'SOP class UID', extended.sopClassUid);
				writer.raw(extended.information);
			});
		}
		for (const common of info.commonExtendedNegotiations ?? []) encodeCommon(writer, common);
		if (info.userIdentity) encodeIdentity(writer, info.userIdentity);
		const response = info.userIdentityResponse;
		if (response) {
			writer.item(ITEM.userIdentityAc, 'user identity response', () =>
				writer.lengthPrefixed('server response', () => writer.raw(response)),
			);
		}
	});
}

function refuseMisplaced(info: UserInformation, pduKind: string): void {
	if (pduKind === 'A-ASSOCIATE-RQ' && info.userIdentityResponse) {
		throw new PduEncodeError('a user identity response belongs to A-ASSOCIATE-AC');
	}
	if (pduKind === 'A-ASSOCIATE-AC' && info.userIdentity) {
		throw new PduEncodeError('a user identity belongs to A-ASSOCIATE-RQ');
	}
	if (pduKind === 'A-ASSOCIATE-AC' && (info.commonExtendedNegotiations ?? []).length > 0) {
		throw new PduEncodeError('common extended negotiation belongs to A-ASSOCIATE-RQ');
	}
}

function text(writer: ByteWriter, type: number, field: string, value: string): void {
	writer.item(type, field, () => writer.text(value, field));
}

function uid(writer: ByteWriter, field: string, value: string): void {
	writer.lengthPrefixed(field, () => writer.text(value, field));
}

function encodeRole(writer: ByteWriter, role: RoleSelection): void {
	writer.item(ITEM.roleSelection, 'role selection', () => {
		uid(writer, 'SOP class UID', role.sopClassUid);
		writer.u8(role.scuRole ? 1 : 0, 'SCU role');
		writer.u8(role.scpRole ? 1 : 0, 'SCP role');
	});
}

function encodeCommon(writer: ByteWriter, common: CommonExtendedNegotiation): void {
	writer.item(ITEM.commonExtendedNegotiation, 'common extended negotiation', () => {
		uid(writer, 'SOP class UID', common.sopClassUid);
		uid(writer, 'service class UID', common.serviceClassUid);
		writer.lengthPrefixed('related general SOP classes', () => {
			for (const related of common.relatedSopClassUids) {
				uid(writer, 'related general SOP class UID', related);
			}
		});
	});
}

function encodeIdentity(writer: ByteWriter, identity: UserIdentity): void {
	writer.item(ITEM.userIdentityRq, 'user identity', () => {
		writer.u8(identity.type, 'user identity type');
		writer.u8(identity.positiveResponseRequested ? 1 : 0, 'positive response requested');
		writer.lengthPrefixed('primary field', () => writer.raw(identity.primaryField));
		writer.lengthPrefixed('secondary field', () => writer.raw(identity.secondaryField));
	});
}
