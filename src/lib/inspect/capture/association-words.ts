import { describeAbort, describeReject } from '#lib/protocol/dicom/dimse/describe.ts';
import type {
	Abort,
	AssociateAc,
	AssociateRj,
	AssociateRq,
} from '#lib/protocol/dicom/upper-layer/pdu.ts';
import { uidText } from '../uid-words.ts';
import type { ContextReport, NamedUid, PeerReport } from './capture-report.ts';

/** PS3.8 table 9-18. */
const CONTEXT_RESULTS: Readonly<Record<number, string>> = {
	0: 'accepted',
	1: 'refused by the user',
	2: 'refused, no reason given',
	3: 'refused: abstract syntax not supported',
	4: 'refused: transfer syntaxes not supported',
};

/** A rejection: `Called AE Title Not Recognized (Rejected Permanent, Service User)`. */
export function rejectWords(rj: AssociateRj): string {
	const { result, reason } = describeReject(rj);
	const how = result.replace(/\b(?:Result|Source): /g, '');
	return `${reason.replace('Reason: ', '')} (${how})`;
}

/** An abort: `by the Service Provider, Reason: Unexpected PDU`. */
export function abortWords(abort: Abort): string {
	return `by the ${describeAbort(abort).replace('Source: ', '')}`;
}

/** What a side tells about itself in A-ASSOCIATE-RQ or -AC. */
export function peerOf(aeTitle: string, pdu: AssociateRq | AssociateAc | undefined): PeerReport {
	if (!pdu) return { aeTitle };
	const { implementationClassUid, implementationVersionName, maximumLength } = pdu.userInformation;
	return {
		aeTitle,
		implementationClassUid,
		maximumLength,
		...(implementationVersionName !== undefined && { implementationVersionName }),
	};
}

/** Each presentation context as it was proposed, with its answer (PS3.8 9.3.2.2 and 9.3.3.2). */
export function contextsOf(rq: AssociateRq, ac: AssociateAc | undefined): ContextReport[] {
	return rq.presentationContexts.map(({ id, abstractSyntax, transferSyntaxes }) => {
		const answer = ac?.presentationContexts.find((one) => one.id === id);
		const proposed = {
			id,
			abstractSyntax: named(abstractSyntax),
			proposed: transferSyntaxes.map(named),
		};
		if (!answer) return { ...proposed, answer: ac ? 'not answered' : 'no answer', tone: 'warning' };
		if (answer.result === 0) {
			const accepted = named(answer.transferSyntax);
			return { ...proposed, accepted, answer: 'accepted', tone: 'good' };
		}
		const words = CONTEXT_RESULTS[answer.result] ?? `result ${String(answer.result)}`;
		return { ...proposed, answer: words, tone: 'bad' };
	});
}

function named(uid: string): NamedUid {
	return { uid, name: uidText(uid) };
}
