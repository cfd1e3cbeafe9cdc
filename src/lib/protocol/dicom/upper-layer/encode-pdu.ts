import { ByteWriter, PduEncodeError } from './byte-writer.ts';
import { refuseContextId, refuseNonconforming } from './conforming-associate.ts';
import { encodeUserInformation } from './encode-user-information.ts';
import type { AssociateAc, AssociateRq, PDataTf, Pdu, Pdv } from './pdu.ts';
import { AE_TITLE_BYTES, ITEM, PDU_HEADER_BYTES, PDU_TYPE } from './wire-codes.ts';

/** Item length, presentation context id, message control header (PS3.8 9.3.5.1 and Annex E). */
const PDV_HEADER_BYTES = 6;

/**
 * What the encoder refuses besides what no bytes can carry: `conforming` everything of
 * `refuseNonconforming`, `as-given` nothing, for a device that is meant to send something wrong.
 */
export type EncodingRules = 'conforming' | 'as-given';

/**
 * Encodes one PDU (PS3.8 9.3) as the pieces to write one after the other. The data of a P-DATA-TF
 * is handed on as the caller's own view, not copied, behind a header of 12 bytes (6 for each
 * further PDV).
 *
 * Throws `PduEncodeError` for what cannot stand on the wire: an AE title over 16 characters, an item over
 * 65535 bytes, a character above U+00FF, a P-DATA-TF without PDV or on an even context, a number that
 * does not fit its field; and for what `rules` refuse. Unknown reasons and zero contexts are encoded
 * as asked.
 */
export function encodePdu(pdu: Pdu, rules: EncodingRules = 'conforming'): Uint8Array[] {
	switch (pdu.kind) {
		case 'A-ASSOCIATE-RQ':
		case 'A-ASSOCIATE-AC':
			if (rules === 'conforming') refuseNonconforming(pdu);
			return [encodeAssociate(pdu)];
		case 'A-ASSOCIATE-RJ':
			return [encodeShort(pdu.kind, [0, pdu.result, pdu.source, pdu.reason])];
		case 'P-DATA-TF':
			return encodeData(pdu);
		case 'A-RELEASE-RQ':
		case 'A-RELEASE-RP':
			return [encodeShort(pdu.kind, [0, 0, 0, 0])];
		case 'A-ABORT':
			return [encodeShort(pdu.kind, [0, 0, pdu.source, pdu.reason])];
	}
}

function encodeShort(kind: Pdu['kind'], body: number[]): Uint8Array {
	const writer = new ByteWriter();
	for (const value of body) writer.u8(value, kind);
	return withHeader(kind, writer.finish());
}

function withHeader(kind: Pdu['kind'], body: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(PDU_HEADER_BYTES + body.length);
	writeHeader(bytes, kind, body.length);
	bytes.set(body, PDU_HEADER_BYTES);
	return bytes;
}

function writeHeader(bytes: Uint8Array, kind: Pdu['kind'], lengthBytes: number): void {
	bytes[0] = PDU_TYPE[kind];
	writeU32(bytes, 2, lengthBytes);
}

/** By hand, because a DataView for each of the many small headers costs more than the header. */
function writeU32(bytes: Uint8Array, at: number, value: number): void {
	bytes[at] = value >>> 24;
	bytes[at + 1] = value >>> 16;
	bytes[at + 2] = value >>> 8;
	bytes[at + 3] = value;
}

function encodeData(pdu: PDataTf): Uint8Array[] {
	if (pdu.pdvs.length === 0) throw new PduEncodeError('a P-DATA-TF carries at least one PDV');
	let lengthBytes = 0;
	for (const pdv of pdu.pdvs) lengthBytes += PDV_HEADER_BYTES + pdv.data.length;
	if (lengthBytes > 0xffff_ffff) throw new PduEncodeError('a PDU length has 32 bits');
	const pieces: Uint8Array[] = [];
	for (const pdv of pdu.pdvs) {
		const headerStart = pieces.length === 0 ? PDU_HEADER_BYTES : 0;
		const header = new Uint8Array(headerStart + PDV_HEADER_BYTES);
		if (headerStart > 0) writeHeader(header, pdu.kind, lengthBytes);
		writePdvHeader(header, headerStart, pdv);
		pieces.push(header);
		if (pdv.data.length > 0) pieces.push(pdv.data);
	}
	return pieces;
}

function writePdvHeader(bytes: Uint8Array, at: number, pdv: Pdv): void {
	refuseContextId(pdv.contextId);
	writeU32(bytes, at, pdv.data.length + 2);
	bytes[at + 4] = pdv.contextId;
	bytes[at + 5] = (pdv.isCommand ? 1 : 0) | (pdv.isLast ? 2 : 0);
}

function encodeAssociate(pdu: AssociateRq | AssociateAc): Uint8Array {
	const writer = new ByteWriter();
	writer.u16(pdu.protocolVersion, 'protocol version');
	writer.zeros(2);
	writeAeTitle(writer, pdu.calledAeTitle, 'called AE title');
	writeAeTitle(writer, pdu.callingAeTitle, 'calling AE title');
	writer.zeros(32);
	writer.item(ITEM.applicationContext, 'application context name', () =>
		writer.text(pdu.applicationContext, 'application context name'),
	);
	if (pdu.kind === 'A-ASSOCIATE-RQ') writeProposals(writer, pdu);
	else writeAnswers(writer, pdu);
	encodeUserInformation(writer, pdu.userInformation, pdu.kind);
	return withHeader(pdu.kind, writer.finish());
}

function writeProposals(writer: ByteWriter, rq: AssociateRq): void {
	for (const context of rq.presentationContexts) {
		writer.item(ITEM.presentationContextRq, 'presentation context', () => {
			writer.u8(context.id, 'context id');
			writer.zeros(3);
			writeSyntax(writer, ITEM.abstractSyntax, 'abstract syntax', context.abstractSyntax);
			for (const syntax of context.transferSyntaxes) {
				writeSyntax(writer, ITEM.transferSyntax, 'transfer syntax', syntax);
			}
		});
	}
}

/** The transfer syntax sub-item is always written, as 9.3.3.2 asks, even where it means nothing. */
function writeAnswers(writer: ByteWriter, ac: AssociateAc): void {
	for (const context of ac.presentationContexts) {
		writer.item(ITEM.presentationContextAc, 'presentation context', () => {
			writer.u8(context.id, 'context id');
			writer.zeros(1);
			writer.u8(context.result, 'result');
			writer.zeros(1);
			writeSyntax(writer, ITEM.transferSyntax, 'transfer syntax', context.transferSyntax);
		});
	}
}

function writeSyntax(writer: ByteWriter, type: number, field: string, uid: string): void {
	writer.item(type, field, () => writer.text(uid, field));
}

function writeAeTitle(writer: ByteWriter, title: string, field: string): void {
	if (title.length > AE_TITLE_BYTES) {
		throw new PduEncodeError(`${field}: '${title}' is longer than ${AE_TITLE_BYTES} characters`);
	}
	writer.text(title.padEnd(AE_TITLE_BYTES, ' '), field);
}
