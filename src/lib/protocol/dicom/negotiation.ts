import {
	DICOM_APPLICATION_CONTEXT,
	type AssociateAc,
	type AssociateRj,
	type AssociateRq,
	type PresentationContextAnswer,
	type PresentationContextProposal,
	type RoleSelection,
} from './upper-layer/pdu.ts';

/** An abstract syntax that an acceptor serves. */
export interface SupportedSyntax {
	abstractSyntax: string;
	/** In order of preference: the first one that the requestor also proposes is accepted. */
	transferSyntaxes: readonly string[];
	/** Whether the requestor may be SCP (C-GET, storage commitment reports); default false. */
	requestorMayBeScp?: boolean;
}

/** What an acceptor lets in, as plain data. */
export interface AcceptorPolicy {
	/** Own AE titles; the called title must be one of them, case sensitive. */
	aeTitles: 'any' | readonly string[];
	/** Calling AE titles that are known here, case sensitive. */
	acceptCalling: 'any' | readonly string[];
	supported: readonly SupportedSyntax[];
	/** Largest P-DATA-TF length received here, announced to the requestor; 0 means no limit. */
	maximumLengthBytes: number;
	implementationClassUid: string;
	implementationVersionName?: string;
	/** Associations served at the same time; without it there is no limit. */
	maximumAssociations?: number;
	/** With no context accepted: still an A-ASSOCIATE-AC (default), or a rejection 1/1/1. */
	withoutAcceptedContext?: 'accept' | 'reject';
}

/** Result, source, reason (PS3.8 table 9-21). */
const REJECTION = {
	noReason: { kind: 'A-ASSOCIATE-RJ', result: 1, source: 1, reason: 1 },
	applicationContext: { kind: 'A-ASSOCIATE-RJ', result: 1, source: 1, reason: 2 },
	callingAeTitle: { kind: 'A-ASSOCIATE-RJ', result: 1, source: 1, reason: 3 },
	calledAeTitle: { kind: 'A-ASSOCIATE-RJ', result: 1, source: 1, reason: 7 },
	localLimit: { kind: 'A-ASSOCIATE-RJ', result: 2, source: 3, reason: 2 },
} as const satisfies Record<string, AssociateRj>;

/**
 * Answers an A-ASSOCIATE-RQ by a policy. Checks in order: the provider's limit (2/3/2), application context
 * name (1/1/2), called AE title (1/1/7), calling AE title (1/1/3), then context by context.
 *
 * A context with an even id or 0, or with an id used before in the request, is left unanswered, which the
 * requestor must read as not accepted: answering it could only confuse. The abstract syntax decides
 * before the transfer syntaxes (results 3 and 4). Roles are answered only where they were proposed.
 *
 * @param associationsInUse open associations of this acceptor without the one being asked for
 */
export function negotiate(
	rq: AssociateRq,
	policy: AcceptorPolicy,
	associationsInUse: number,
): AssociateAc | AssociateRj {
	if (policy.maximumAssociations !== undefined && associationsInUse >= policy.maximumAssociations) {
		return { ...REJECTION.localLimit };
	}
	if (rq.applicationContext !== DICOM_APPLICATION_CONTEXT) {
		return { ...REJECTION.applicationContext };
	}
	if (!isKnown(policy.aeTitles, rq.calledAeTitle)) return { ...REJECTION.calledAeTitle };
	if (!isKnown(policy.acceptCalling, rq.callingAeTitle)) return { ...REJECTION.callingAeTitle };
	const presentationContexts = answerContexts(rq.presentationContexts, policy.supported);
	if (
		policy.withoutAcceptedContext === 'reject' &&
		!presentationContexts.some((answer) => answer.result === 0)
	) {
		return { ...REJECTION.noReason };
	}
	const roleSelections = answerRoles(rq.userInformation.roleSelections ?? [], policy.supported);
	return {
		kind: 'A-ASSOCIATE-AC',
		protocolVersion: 1,
		calledAeTitle: rq.calledAeTitle,
		callingAeTitle: rq.callingAeTitle,
		applicationContext: DICOM_APPLICATION_CONTEXT,
		presentationContexts,
		userInformation: {
			maximumLength: policy.maximumLengthBytes,
			implementationClassUid: policy.implementationClassUid,
			...(policy.implementationVersionName !== undefined && {
				implementationVersionName: policy.implementationVersionName,
			}),
			...(roleSelections.length > 0 && { roleSelections }),
		},
	};
}

function isKnown(known: 'any' | readonly string[], aeTitle: string): boolean {
	return known === 'any' || known.includes(aeTitle);
}

function answerContexts(
	proposals: readonly PresentationContextProposal[],
	supported: readonly SupportedSyntax[],
): PresentationContextAnswer[] {
	const answers = new Map<number, PresentationContextAnswer>();
	for (const proposal of proposals) {
		if (proposal.id % 2 === 0 || answers.has(proposal.id)) continue;
		answers.set(proposal.id, answerContext(proposal, supported));
	}
	return [...answers.values()];
}

function answerContext(
	{ id, abstractSyntax, transferSyntaxes }: PresentationContextProposal,
	supported: readonly SupportedSyntax[],
): PresentationContextAnswer {
	// The transfer syntax of a rejected context has no meaning but must be there (PS3.8 9.3.3.2).
	const placeholder = transferSyntaxes[0] ?? '1.2.840.10008.1.2';
	const entry = supported.find((candidate) => candidate.abstractSyntax === abstractSyntax);
	if (entry === undefined) return { id, result: 3, transferSyntax: placeholder };
	const chosen = entry.transferSyntaxes.find((uid) => transferSyntaxes.includes(uid));
	if (chosen === undefined) return { id, result: 4, transferSyntax: placeholder };
	return { id, result: 0, transferSyntax: chosen };
}

function answerRoles(
	proposals: readonly RoleSelection[],
	supported: readonly SupportedSyntax[],
): RoleSelection[] {
	const answers: RoleSelection[] = [];
	for (const { sopClassUid, scuRole, scpRole } of proposals) {
		const entry = supported.find((candidate) => candidate.abstractSyntax === sopClassUid);
		if (entry === undefined) continue;
		answers.push({ sopClassUid, scuRole, scpRole: scpRole && entry.requestorMayBeScp === true });
	}
	return answers;
}
