import { PduEncodeError } from './byte-writer.ts';
import type { AssociateAc, AssociateRq, UserInformation } from './pdu.ts';

/** Odd ids from 1 to 255 (PS3.8 9.3.2.2). */
const MAXIMUM_CONTEXTS = 128;
/** PS3.5 9.1. */
const MAXIMUM_UID_CHARACTERS = 64;
/** PS3.7 D.3.3.2.3. */
const MAXIMUM_VERSION_NAME_CHARACTERS = 16;

/**
 * Throws `PduEncodeError` for what can be written but that a conforming device does not send: more than 128
 * contexts, context ids that are not odd, not from 1 to 255 or used twice; in a request also a blank AE
 * title, a UID over 64 characters and an implementation version name over 16. An answer may echo any text
 * of the request, so its texts are not judged.
 */
export function refuseNonconforming(pdu: AssociateRq | AssociateAc): void {
	refuseContextIds(pdu.presentationContexts);
	if (pdu.kind === 'A-ASSOCIATE-AC') return;
	refuseBlank('called AE title', pdu.calledAeTitle);
	refuseBlank('calling AE title', pdu.callingAeTitle);
	refuseLongUid('application context name', pdu.applicationContext);
	for (const { abstractSyntax, transferSyntaxes } of pdu.presentationContexts) {
		refuseLongUid('abstract syntax', abstractSyntax);
		for (const uid of transferSyntaxes) refuseLongUid('transfer syntax', uid);
	}
	refuseLongTexts(pdu.userInformation);
}

/** Throws `PduEncodeError` for a presentation context id that is not odd or not from 1 to 255. */
export function refuseContextId(id: number): void {
	if (!Number.isInteger(id) || id < 1 || id > 255 || id % 2 === 0) {
		throw new PduEncodeError(`presentation context id ${id} is not an odd number from 1 to 255`);
	}
}

function refuseContextIds(contexts: readonly { id: number }[]): void {
	if (contexts.length > MAXIMUM_CONTEXTS) {
		throw new PduEncodeError(
			`${contexts.length} presentation contexts, at most ${MAXIMUM_CONTEXTS} are possible`,
		);
	}
	const seen = new Set<number>();
	for (const { id } of contexts) {
		refuseContextId(id);
		if (seen.has(id)) throw new PduEncodeError(`presentation context id ${id} is used twice`);
		seen.add(id);
	}
}

function refuseLongTexts(info: UserInformation): void {
	refuseLongUid('implementation class UID', info.implementationClassUid);
	refuseLong(
		'implementation version name',
		info.implementationVersionName ?? '',
		MAXIMUM_VERSION_NAME_CHARACTERS,
	);
	for (const { sopClassUid } of info.roleSelections ?? []) {
		refuseLongUid('role selection UID', sopClassUid);
	}
	for (const { sopClassUid } of info.extendedNegotiations ?? []) {
		refuseLongUid('extended negotiation UID', sopClassUid);
	}
	for (const common of info.commonExtendedNegotiations ?? []) {
		refuseLongUid('common extended negotiation UID', common.sopClassUid);
		refuseLongUid('service class UID', common.serviceClassUid);
		for (const uid of common.relatedSopClassUids) {
			refuseLongUid('related general SOP class UID', uid);
		}
	}
}

function refuseBlank(field: string, title: string): void {
	if (/^ *$/.test(title)) throw new PduEncodeError(`${field}: blank`);
}

function refuseLongUid(field: string, uid: string): void {
	refuseLong(field, uid, MAXIMUM_UID_CHARACTERS);
}

function refuseLong(field: string, text: string, maximum: number): void {
	if (text.length > maximum) {
		throw new PduEncodeError(`${field}: ${text.length} characters, at most ${maximum} are allowed`);
	}
}
