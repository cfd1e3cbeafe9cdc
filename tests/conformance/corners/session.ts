import {
	Association,
	type AssociateRequestParameters,
	type AssociationOutput,
} from '#lib/protocol/dicom/association.ts';
import { joinParts } from '#lib/protocol/dicom/dimse/fragment-buffer.ts';
import {
	isResponse,
	responseTo,
	VERIFICATION_SOP_CLASS,
} from '#lib/protocol/dicom/dimse/services.ts';
import { negotiate, type AcceptorPolicy } from '#lib/protocol/dicom/negotiation.ts';
import { encodePdu } from '#lib/protocol/dicom/upper-layer/encode-pdu.ts';
import type {
	AssociateAc,
	AssociateRj,
	AssociateRq,
	Pdu,
	Pdv,
} from '#lib/protocol/dicom/upper-layer/pdu.ts';
import { AssociationPair, type PairOptions } from '../../support/association-pair.ts';

export const CT = '1.2.840.10008.5.1.4.1.1.2';
export const STUDY_ROOT_FIND = '1.2.840.10008.5.1.4.1.2.2.1';
export const IMPLICIT = '1.2.840.10008.1.2';
export const EXPLICIT = '1.2.840.10008.1.2.1';

export const POLICY: AcceptorPolicy = {
	aeTitles: ['PACS1'],
	acceptCalling: 'any',
	supported: [VERIFICATION_SOP_CLASS, CT, STUDY_ROOT_FIND].map((abstractSyntax) => ({
		abstractSyntax,
		transferSyntaxes: [EXPLICIT, IMPLICIT],
	})),
	maximumLengthBytes: 16384,
	implementationClassUid: '1.2.3.4',
};

/** Verification is context 1, CT storage 3, study root find 5. */
export const REQUEST: AssociateRequestParameters = {
	callingAeTitle: 'CT2',
	calledAeTitle: 'PACS1',
	presentationContexts: POLICY.supported.map(({ abstractSyntax }) => ({
		abstractSyntax,
		transferSyntaxes: [IMPLICIT],
	})),
	implementationClassUid: '1.2.9',
};

/** The same request as a PDU. */
export function requestPdu(changes: Partial<AssociateRq> = {}): AssociateRq {
	return {
		kind: 'A-ASSOCIATE-RQ',
		protocolVersion: 1,
		calledAeTitle: 'PACS1',
		callingAeTitle: 'CT2',
		applicationContext: '1.2.840.10008.3.1.1.1',
		presentationContexts: POLICY.supported.map(({ abstractSyntax }, i) => ({
			id: 2 * i + 1,
			abstractSyntax,
			transferSyntaxes: [IMPLICIT],
		})),
		userInformation: { maximumLength: 16384, implementationClassUid: '1.2.9' },
		...changes,
	};
}

/** Answers every request with success. */
const answerAll: NonNullable<PairOptions['onNews']> = (side, output, pair) => {
	if (output.kind !== 'message' || isResponse(output.message.command)) return;
	const { contextId, command } = output.message;
	pair.side(side).send({ contextId, command: responseTo(command, { status: 0 }) });
};

/** Two associations that have negotiated, accepted or not. */
export function negotiated(
	changes: Partial<AssociateRequestParameters> = {},
	options: Partial<PairOptions> = {},
): AssociationPair {
	const pair = new AssociationPair({ policy: POLICY, onNews: answerAll, ...options });
	pair.requestor.request({ ...REQUEST, ...changes });
	pair.drain();
	return pair;
}

/** What an acceptor answers to a request. */
export function answerTo(
	changes: Partial<AssociateRq>,
	policy: Partial<AcceptorPolicy> = {},
): AssociateAc | AssociateRj {
	return negotiate(requestPdu(changes), { ...POLICY, ...policy }, 0);
}

/** As `answerTo`, where it must be an acceptance. */
export function acceptanceOf(
	changes: Partial<AssociateRq>,
	policy: Partial<AcceptorPolicy> = {},
): AssociateAc {
	const answer = answerTo(changes, policy);
	if (answer.kind !== 'A-ASSOCIATE-AC') throw new Error(JSON.stringify(answer));
	return answer;
}

/** A requestor that waits for the answer to its request (Sta5). */
export function requesting(changes: Partial<AssociateRequestParameters> = {}): Association {
	const requestor = new Association({ role: 'requestor' });
	requestor.request({ ...REQUEST, ...changes });
	requestor.transportConnected();
	outputsOf(requestor);
	return requestor;
}

/** As `requesting`, with this answer received and not yet taken. */
export function requestorWith(
	answer: Partial<AssociateAc>,
	changes: Partial<AssociateRequestParameters> = {},
): Association {
	const requestor = requesting(changes);
	requestor.receive(
		raw({ ...requestPdu(), kind: 'A-ASSOCIATE-AC', presentationContexts: [], ...answer }),
	);
	return requestor;
}

/** The bytes of a PDU, also of one that no conforming device sends. */
export function raw(pdu: Pdu): Uint8Array {
	return joinParts(encodePdu(pdu, 'as-given'));
}

/** The bytes of a P-DATA-TF. */
export function dataPdu(...pdvs: Pdv[]): Uint8Array {
	return raw({ kind: 'P-DATA-TF', pdvs });
}

/** One PDV, the last of its part unless said otherwise. */
export function pdv(
	contextId: number,
	part: 'command' | 'data',
	data: Uint8Array,
	isLast = true,
): Pdv {
	return { contextId, isCommand: part === 'command', isLast, data };
}

/** Takes all outputs, each as text. */
export function outputsOf(association: Association): string[] {
	const lines: string[] = [];
	for (let output = association.next(); output; output = association.next()) {
		lines.push(lineOf(output));
	}
	return lines;
}

/** An output as text: what is sent with its PDU, the rest by its kind. */
export function lineOf(output: AssociationOutput): string {
	if (output.kind === 'send') return `send ${describePdu(output.pdu)}`;
	if (output.kind !== 'abort-indication') return output.kind;
	return `abort-indication ${output.source}/${output.reason} ${output.received ? 'received' : 'own'}`;
}

/** A PDU in a line: its kind, with the values of a rejection or abort. */
export function describePdu(pdu: Pdu): string {
	if (pdu.kind === 'A-ABORT') return `A-ABORT ${pdu.source}/${pdu.reason}`;
	if (pdu.kind === 'A-ASSOCIATE-RJ') {
		return `A-ASSOCIATE-RJ ${pdu.result}/${pdu.source}/${pdu.reason}`;
	}
	return pdu.kind;
}
