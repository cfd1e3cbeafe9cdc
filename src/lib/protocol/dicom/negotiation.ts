import { answerExtended, type ExtendedNegotiationPolicy } from './negotiation-extended.ts';
import { answerWindow, type OperationsWindow } from './negotiation-operations-window.ts';
import { answerRoles, DEFAULT_ROLES, type RolePolicy } from './negotiation-roles.ts';
import { judgeUserIdentity, type UserIdentityPolicy } from './negotiation-user-identity.ts';
import {
	DICOM_APPLICATION_CONTEXT,
	type AssociateAc,
	type AssociateRj,
	type AssociateRq,
	type PresentationContextAnswer,
	type PresentationContextProposal,
	type UserInformation,
} from './upper-layer/pdu.ts';

/** An abstract syntax that an acceptor serves. */
export interface SupportedSyntax extends RolePolicy {
	abstractSyntax: string;
	/** In order of preference: the first one that the requestor also proposes is accepted. */
	transferSyntaxes: readonly string[];
	/**
	 * Whether this entry also serves SOP classes not listed here that the requestor calls specialised
	 * ones of it (PS3.7 D.3.3.6); default false.
	 */
	acceptSpecialized?: boolean;
	/** Without it the item is not answered. */
	extendedNegotiation?: ExtendedNegotiationPolicy;
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
	/** What is possible at the same time, from the acceptor's side; default 1 and 1. */
	operationsWindow?: OperationsWindow;
	/** Without it user identity is ignored. */
	userIdentity?: UserIdentityPolicy;
	/** With no context accepted: still an A-ASSOCIATE-AC (default), or a rejection 1/1/1. */
	withoutAcceptedContext?: 'accept' | 'reject';
}

type EntryFinder = (sopClassUid: string) => SupportedSyntax | undefined;

/** Result, source, reason (PS3.8 table 9-21). */
const REJECTION = {
	noReason: { kind: 'A-ASSOCIATE-RJ', result: 1, source: 1, reason: 1 },
	applicationContext: { kind: 'A-ASSOCIATE-RJ', result: 1, source: 1, reason: 2 },
	callingAeTitle: { kind: 'A-ASSOCIATE-RJ', result: 1, source: 1, reason: 3 },
	calledAeTitle: { kind: 'A-ASSOCIATE-RJ', result: 1, source: 1, reason: 7 },
	userIdentity: { kind: 'A-ASSOCIATE-RJ', result: 1, source: 2, reason: 1 },
	localLimit: { kind: 'A-ASSOCIATE-RJ', result: 2, source: 3, reason: 2 },
} as const satisfies Record<string, AssociateRj>;

/**
 * Answers an A-ASSOCIATE-RQ by a policy. Checks in order: the provider's limit (2/3/2), application context
 * name (1/1/2), called AE title (1/1/7), calling AE title (1/1/3), user identity (1/2/1: PS3.7 D.3.3.7.3 asks
 * for permanent and source 2, whose only reason besides the protocol version is 1), then context by context.
 *
 * A context with an even id or 0, or with an id used before in the request, is left unanswered, which the
 * requestor must read as not accepted: answering it could only confuse. The abstract syntax decides
 * before the transfer syntaxes (results 3 and 4); a context for which no role is left to the requestor is
 * refused as by the user (result 1). Roles, extended negotiation, operations window and user identity are
 * answered only where they were proposed.
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
	const user = judgeUserIdentity(rq.userInformation.userIdentity, policy.userIdentity);
	if (!user.accepted) return { ...REJECTION.userIdentity };
	const entryFor = entryFinder(rq.userInformation, policy.supported);
	const presentationContexts = answerContexts(rq, entryFor);
	const accepted = acceptedSyntaxes(rq, presentationContexts);
	if (policy.withoutAcceptedContext === 'reject' && accepted.size === 0) {
		return { ...REJECTION.noReason };
	}
	return {
		kind: 'A-ASSOCIATE-AC',
		protocolVersion: 1,
		calledAeTitle: rq.calledAeTitle,
		callingAeTitle: rq.callingAeTitle,
		applicationContext: DICOM_APPLICATION_CONTEXT,
		presentationContexts,
		userInformation: {
			...answerUserInformation(rq.userInformation, policy, entryFor, accepted),
			...(user.response !== undefined && { userIdentityResponse: user.response }),
		},
	};
}

function isKnown(known: 'any' | readonly string[], aeTitle: string): boolean {
	return known === 'any' || known.includes(aeTitle);
}

/**
 * Finds the entry for a SOP class: its own, or else the first related general SOP class of the request that
 * takes in specialised ones (PS3.7 D.3.3.6). Built once per request, so that no list of a peer is searched
 * for every item of another.
 */
function entryFinder(
	{ commonExtendedNegotiations = [] }: UserInformation,
	supported: readonly SupportedSyntax[],
): EntryFinder {
	const own = new Map<string, SupportedSyntax>();
	for (const entry of supported) {
		if (!own.has(entry.abstractSyntax)) own.set(entry.abstractSyntax, entry);
	}
	const general = new Map<string, SupportedSyntax>();
	for (const { sopClassUid, relatedSopClassUids } of commonExtendedNegotiations) {
		const related = relatedSopClassUids.find((uid) => own.get(uid)?.acceptSpecialized === true);
		const entry = related === undefined ? undefined : own.get(related);
		if (entry !== undefined && !general.has(sopClassUid)) general.set(sopClassUid, entry);
	}
	return (sopClassUid) => own.get(sopClassUid) ?? general.get(sopClassUid);
}

function answerContexts(rq: AssociateRq, entryFor: EntryFinder): PresentationContextAnswer[] {
	const answers = new Map<number, PresentationContextAnswer>();
	for (const proposal of rq.presentationContexts) {
		if (proposal.id % 2 === 0 || answers.has(proposal.id)) continue;
		const entry = entryFor(proposal.abstractSyntax);
		answers.set(proposal.id, answerContext(proposal, entry, rq.userInformation));
	}
	return [...answers.values()];
}

function answerContext(
	{ id, abstractSyntax, transferSyntaxes }: PresentationContextProposal,
	entry: SupportedSyntax | undefined,
	asked: UserInformation,
): PresentationContextAnswer {
	// The transfer syntax of a rejected context has no meaning but must be there (PS3.8 9.3.3.2).
	const placeholder = transferSyntaxes[0] ?? '1.2.840.10008.1.2';
	if (entry === undefined) return { id, result: 3, transferSyntax: placeholder };
	const chosen = entry.transferSyntaxes.find((uid) => transferSyntaxes.includes(uid));
	if (chosen === undefined) return { id, result: 4, transferSyntax: placeholder };
	if (!leavesRole(abstractSyntax, entry, asked)) {
		return { id, result: 1, transferSyntax: placeholder };
	}
	return { id, result: 0, transferSyntax: chosen };
}

function leavesRole(abstractSyntax: string, entry: RolePolicy, asked: UserInformation): boolean {
	const proposal = asked.roleSelections?.find((role) => role.sopClassUid === abstractSyntax);
	if (proposal === undefined) return DEFAULT_ROLES.scu && entry.requestorMayBeScu !== false;
	const [answer] = answerRoles([proposal], () => entry);
	return answer !== undefined && (answer.scuRole || answer.scpRole);
}

/** Abstract syntaxes with at least one accepted context. */
function acceptedSyntaxes(
	rq: AssociateRq,
	answers: readonly PresentationContextAnswer[],
): ReadonlySet<string> {
	const ids = new Set(answers.flatMap(({ id, result }) => (result === 0 ? [id] : [])));
	// The first proposal of an id is the one that was answered; it stands before any other.
	const accepted = new Set<string>();
	for (const { id, abstractSyntax } of rq.presentationContexts) {
		if (ids.delete(id)) accepted.add(abstractSyntax);
	}
	return accepted;
}

function answerUserInformation(
	asked: UserInformation,
	policy: AcceptorPolicy,
	entryFor: EntryFinder,
	accepted: ReadonlySet<string>,
): UserInformation {
	const answer: UserInformation = {
		maximumLength: policy.maximumLengthBytes,
		implementationClassUid: policy.implementationClassUid,
	};
	const window = answerWindow(asked.asynchronousOperationsWindow, policy.operationsWindow);
	if (window !== undefined) answer.asynchronousOperationsWindow = window;
	const roles = answerRoles(asked.roleSelections ?? [], entryFor);
	if (roles.length > 0) answer.roleSelections = roles;
	if (policy.implementationVersionName !== undefined) {
		answer.implementationVersionName = policy.implementationVersionName;
	}
	const extended = answerExtended(asked.extendedNegotiations ?? [], (uid) =>
		accepted.has(uid) ? entryFor(uid)?.extendedNegotiation : undefined,
	);
	if (extended.length > 0) answer.extendedNegotiations = extended;
	return answer;
}
