import type { Association, AssociateRequestParameters } from '#lib/protocol/dicom/association.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import type { DimseMessage } from '#lib/protocol/dicom/dimse/message.ts';
import {
	cEchoRequest,
	cStoreRequest,
	VERIFICATION_SOP_CLASS,
} from '#lib/protocol/dicom/dimse/services.ts';
import type { AcceptorPolicy } from '#lib/protocol/dicom/negotiation.ts';
import { CT_PIECES, CT_SOP_INSTANCE } from './ct-object.ts';

const IMPLEMENTATION_CLASS = '2.25.7001';

/** What every bench asks for: verification and CT storage in explicit VR little endian. */
export const BENCH_REQUEST: AssociateRequestParameters = {
	callingAeTitle: 'BENCH_SCU',
	calledAeTitle: 'BENCH_SCP',
	presentationContexts: [VERIFICATION_SOP_CLASS, UID.CTImageStorage].map((abstractSyntax) => ({
		abstractSyntax,
		transferSyntaxes: [UID.LittleEndianExplicit],
	})),
	implementationClassUid: IMPLEMENTATION_CLASS,
};

/** DCMTK's default maximum length, so that all contestants send PDUs of the same size. */
export const BENCH_POLICY: AcceptorPolicy = {
	aeTitles: 'any',
	acceptCalling: 'any',
	supported: [VERIFICATION_SOP_CLASS, UID.CTImageStorage].map((abstractSyntax) => ({
		abstractSyntax,
		// echoscu asks for implicit VR only.
		transferSyntaxes: [UID.LittleEndianExplicit, UID.LittleEndianImplicit],
	})),
	maximumLengthBytes: 16_384,
	implementationClassUid: IMPLEMENTATION_CLASS,
};

export function echoMessage(association: Association): DimseMessage {
	const contextId = contextOf(association, VERIFICATION_SOP_CLASS);
	return { contextId, command: cEchoRequest({ messageId: 1 }) };
}

export function storeMessage(association: Association): DimseMessage {
	const command = cStoreRequest({
		messageId: 1,
		sopClassUid: UID.CTImageStorage,
		sopInstanceUid: CT_SOP_INSTANCE,
	});
	return {
		contextId: contextOf(association, UID.CTImageStorage),
		command,
		data: [...CT_PIECES],
	};
}

function contextOf(association: Association, abstractSyntax: string): number {
	const context = association.contextFor(abstractSyntax);
	if (!context) throw new Error(`context for ${abstractSyntax} not accepted`);
	return context.id;
}
