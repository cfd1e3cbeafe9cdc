import { ByteCursor, MalformedPdu } from './byte-cursor.ts';
import { decodeUserInformation } from './decode-user-information.ts';
import type {
	AssociateAc,
	AssociateRq,
	PDataTf,
	Pdu,
	Pdv,
	PresentationContextAnswer,
	PresentationContextProposal,
	PresentationContextResultCode,
	UserInformation,
} from './pdu.ts';
import { AE_TITLE_BYTES, ITEM } from './wire-codes.ts';

/**
 * Decodes the bytes after the PDU header. Throws `MalformedPdu` and nothing else. Reserved fields
 * are not tested. Decisions where PS3.8 is silent stand at the functions below.
 */
export function decodeBody(kind: Pdu['kind'], bytes: Uint8Array): Pdu {
	const cursor = new ByteCursor(bytes);
	switch (kind) {
		case 'A-ASSOCIATE-RQ':
			return decodeRequest(cursor);
		case 'A-ASSOCIATE-AC':
			return decodeAccept(cursor);
		case 'P-DATA-TF':
			return decodeData(cursor);
		case 'A-ASSOCIATE-RJ': {
			const [, result = 0, source = 0, reason = 0] = fourBytes(cursor, kind);
			return { kind, result, source, reason };
		}
		case 'A-RELEASE-RQ':
		case 'A-RELEASE-RP':
			fourBytes(cursor, kind);
			return { kind };
		case 'A-ABORT': {
			const [, , source = 0, reason = 0] = fourBytes(cursor, kind);
			return { kind, source, reason };
		}
	}
}

/** The short PDUs have a length of exactly 4. Their values are told to the user as they came. */
function fourBytes(cursor: ByteCursor, kind: string): Uint8Array {
	const bytes = cursor.take(4, kind);
	cursor.end(kind);
	return bytes;
}

/**
 * PS3.8 9.3.5: at least one PDV; an item length counts context id and control header, so 2 is the
 * least.
 */
function decodeData(cursor: ByteCursor): PDataTf {
	if (cursor.remaining === 0) throw new MalformedPdu(6, 'P-DATA-TF without PDV');
	const pdvs: Pdv[] = [];
	while (cursor.remaining > 0) {
		const length = cursor.u32('PDV length');
		if (length < 2) throw new MalformedPdu(6, `PDV length ${length} is below 2`);
		pdvs.push(decodePdv(new ByteCursor(cursor.take(length, 'PDV'))));
	}
	return { kind: 'P-DATA-TF', pdvs };
}

function decodePdv(cursor: ByteCursor, data?: Uint8Array): Pdv {
	const contextId = decodeContextId(cursor);
	const control = cursor.u8('message control header');
	return {
		contextId,
		isCommand: (control & 1) !== 0,
		isLast: (control & 2) !== 0,
		data: data ?? cursor.rest(),
	};
}

/**
 * A P-DATA-TF of one PDV, whose 6 header bytes (at the cursor) and data lie apart; undefined when the PDV is not
 * exactly these data. Throws `MalformedPdu` as `decodeBody` does.
 */
export function decodeDataApart(cursor: ByteCursor, data: Uint8Array): PDataTf | undefined {
	if (cursor.u32('PDV length') !== data.length + 2) return undefined;
	return { kind: 'P-DATA-TF', pdvs: [decodePdv(cursor, data)] };
}

interface AssociateHead {
	protocolVersion: number;
	calledAeTitle: string;
	callingAeTitle: string;
	applicationContext: string;
	userInformation: UserInformation;
}

/** The 68 fixed bytes of PS3.8 tables 9-11 and 9-17. */
function decodeHead(cursor: ByteCursor): AssociateHead {
	const protocolVersion = cursor.u16('protocol version');
	cursor.take(2, 'reserved bytes');
	const calledAeTitle = decodeAeTitle(cursor, 'called AE title');
	const callingAeTitle = decodeAeTitle(cursor, 'calling AE title');
	cursor.take(32, 'reserved bytes');
	return {
		protocolVersion,
		calledAeTitle,
		callingAeTitle,
		applicationContext: '',
		userInformation: { maximumLength: 0, implementationClassUid: '' },
	};
}

/**
 * Leading and trailing spaces do not count (PS3.8 table 9-11); NULs, case and all else are kept.
 */
function decodeAeTitle(cursor: ByteCursor, field: string): string {
	return cursor.text(AE_TITLE_BYTES, field).replace(/^ +| +$/g, '');
}

/**
 * Items may come in any order; unknown ones are skipped. A repeated application context replaces
 * the former, repeated user information is merged. A missing application context reads as '' and a
 * request without contexts as an empty list: the acceptor answers those (1/1/2, or none accepted).
 * A context item that belongs to the other PDU is reason 5: the negotiation has no meaning then.
 */
function decodeRequest(cursor: ByteCursor): AssociateRq {
	const head = decodeHead(cursor);
	const presentationContexts: PresentationContextProposal[] = [];
	for (const { type, body } of cursor.items('A-ASSOCIATE-RQ')) {
		if (type === ITEM.presentationContextRq) presentationContexts.push(decodeProposal(body));
		else if (type === ITEM.presentationContextAc) {
			throw new MalformedPdu(5, 'A-ASSOCIATE-RQ with a presentation context answer');
		} else decodeCommonItem(type, body, head, 'A-ASSOCIATE-RQ');
	}
	refuseRepeatedIds(presentationContexts);
	return { kind: 'A-ASSOCIATE-RQ', ...head, presentationContexts };
}

/**
 * As `decodeRequest`. Whether an answer fits a proposal is for the service user, who knows both.
 */
function decodeAccept(cursor: ByteCursor): AssociateAc {
	const head = decodeHead(cursor);
	const presentationContexts: PresentationContextAnswer[] = [];
	for (const { type, body } of cursor.items('A-ASSOCIATE-AC')) {
		if (type === ITEM.presentationContextAc) presentationContexts.push(decodeAnswer(body));
		else if (type === ITEM.presentationContextRq) {
			throw new MalformedPdu(5, 'A-ASSOCIATE-AC with a presentation context proposal');
		} else decodeCommonItem(type, body, head, 'A-ASSOCIATE-AC');
	}
	refuseRepeatedIds(presentationContexts);
	return { kind: 'A-ASSOCIATE-AC', ...head, presentationContexts };
}

function decodeCommonItem(
	type: number,
	body: ByteCursor,
	head: AssociateHead,
	kind: 'A-ASSOCIATE-RQ' | 'A-ASSOCIATE-AC',
): void {
	if (type === ITEM.applicationContext) {
		head.applicationContext = body.uid(body.remaining, 'application context name');
	} else if (type === ITEM.userInformation) {
		decodeUserInformation(body, head.userInformation, kind);
	}
}

/**
 * No abstract syntax reads as '' and no transfer syntax as none: the acceptor answers 3 or 4 to
 * those.
 */
function decodeProposal(body: ByteCursor): PresentationContextProposal {
	const proposal: PresentationContextProposal = {
		id: decodeContextId(body),
		abstractSyntax: '',
		transferSyntaxes: [],
	};
	body.take(3, 'reserved bytes');
	for (const { type, body: syntax } of body.items('presentation context')) {
		if (type === ITEM.abstractSyntax) {
			proposal.abstractSyntax = syntax.uid(syntax.remaining, 'abstract syntax');
		} else if (type === ITEM.transferSyntax) {
			proposal.transferSyntaxes.push(syntax.uid(syntax.remaining, 'transfer syntax'));
		}
	}
	return proposal;
}

/**
 * An accepted context names exactly one transfer syntax, else reason 6: neither side could know how
 * data is encoded. For a rejected one the sub-item means nothing and may be missing, as some
 * devices do.
 */
function decodeAnswer(body: ByteCursor): PresentationContextAnswer {
	const id = decodeContextId(body);
	body.take(1, 'reserved byte');
	const result = body.u8('presentation context result');
	if (!isResultCode(result)) {
		throw new MalformedPdu(6, `presentation context ${id}: result ${result}`);
	}
	body.take(1, 'reserved byte');
	const syntaxes: string[] = [];
	for (const { type, body: syntax } of body.items('presentation context')) {
		if (type === ITEM.transferSyntax) {
			syntaxes.push(syntax.uid(syntax.remaining, 'transfer syntax'));
		}
	}
	if (result === 0 && syntaxes.length !== 1) {
		throw new MalformedPdu(
			6,
			`presentation context ${id}: accepted with ${syntaxes.length} transfer syntaxes`,
		);
	}
	return { id, result, transferSyntax: syntaxes.at(-1) ?? '' };
}

function isResultCode(value: number): value is PresentationContextResultCode {
	return value <= 4;
}

/**
 * An even id, which 0 is, cannot be answered with a correct PDU, so it is an invalid parameter
 * value.
 */
function decodeContextId(body: ByteCursor): number {
	const id = body.u8('presentation context id');
	if (id % 2 === 0) throw new MalformedPdu(6, `presentation context id ${id} is even`);
	return id;
}

/** Two contexts with one id would make every answer and every PDV ambiguous. */
function refuseRepeatedIds(contexts: readonly { id: number }[]): void {
	const seen = new Set<number>();
	for (const { id } of contexts) {
		if (seen.has(id)) throw new MalformedPdu(6, `presentation context id ${id} twice`);
		seen.add(id);
	}
}
