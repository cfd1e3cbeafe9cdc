import type { AcceptedContext, AssociationPeer } from '#lib/protocol/dicom/association.ts';
import { uidName } from '#lib/protocol/dicom/dataset/uids.ts';
import { PRODUCTS } from '#lib/hospital/products.ts';

export interface ProposedContext {
	abstractSyntax: string;
	transferSyntaxes: readonly string[];
	/** The role that the tool asks for; without one the default, SCU (PS3.7 D.3.3.4). */
	role?: 'SCP';
}

interface Titles {
	callingAeTitle: string;
	calledAeTitle: string;
}

/** What was negotiated. */
interface AcceptedAssociation {
	acceptedContexts: ReadonlyMap<number, AcceptedContext>;
	peer: AssociationPeer | undefined;
	/** The requestor's roles. */
	roleFor(abstractSyntax: string): { scp: boolean };
}

const OWN_MAXIMUM_BYTES = 16_384;

/** `=CTImageStorage`, or the UID in brackets when the dictionary does not know it. */
function uidText(uid: string): string {
	const name = uidName(uid);
	return name === undefined ? uid : `=${name}`;
}

/** The association request as DCMTK prints it at debug level. */
export function requestText(titles: Titles, contexts: readonly ProposedContext[]): string {
	const lines = contexts.flatMap((context, i) => [
		`  Context ID:        ${2 * i + 1} (Proposed)`,
		`    Abstract Syntax: ${uidText(context.abstractSyntax)}`,
		`    Proposed SCP/SCU Role: ${context.role ?? 'Default'}`,
		'    Proposed Transfer Syntax(es):',
		...context.transferSyntaxes.map((uid) => `      ${uidText(uid)}`),
	]);
	return frame('A-ASSOCIATE-RQ', titles, undefined, lines);
}

/** The negotiated association as DCMTK prints it at debug level. */
export function acceptedText(
	titles: Titles,
	contexts: readonly ProposedContext[],
	association: AcceptedAssociation,
): string {
	const lines = contexts.flatMap((context, i) => {
		const id = 2 * i + 1;
		const answer = association.acceptedContexts.get(id);
		const granted = association.roleFor(context.abstractSyntax).scp;
		const role = granted && context.role ? context.role : 'Default';
		return [
			`  Context ID:        ${id} (${answer ? 'Accepted' : 'Rejected'})`,
			`    Abstract Syntax: ${uidText(context.abstractSyntax)}`,
			`    Proposed SCP/SCU Role: ${context.role ?? 'Default'}`,
			...(answer
				? [
						`    Accepted SCP/SCU Role: ${role}`,
						`    Accepted Transfer Syntax: ${uidText(answer.transferSyntax)}`,
					]
				: []),
		];
	});
	return frame('A-ASSOCIATE-AC', titles, association.peer, lines);
}

function frame(
	pdu: 'A-ASSOCIATE-RQ' | 'A-ASSOCIATE-AC',
	titles: Titles,
	peer: AssociationPeer | undefined,
	contextLines: readonly string[],
): string {
	return [
		`====================== BEGIN ${pdu} =====================`,
		`Our Implementation Class UID:      ${PRODUCTS.desk.classUid}`,
		`Our Implementation Version Name:   ${PRODUCTS.desk.versionName}`,
		`Their Implementation Class UID:    ${peer?.implementationClassUid ?? ''}`,
		`Their Implementation Version Name: ${peer?.implementationVersionName ?? ''}`,
		'Application Context Name:    1.2.840.10008.3.1.1.1',
		`Calling Application Name:    ${titles.callingAeTitle}`,
		`Called Application Name:     ${titles.calledAeTitle}`,
		`Responding Application Name: ${titles.calledAeTitle}`,
		`Our Max PDU Receive Size:    ${OWN_MAXIMUM_BYTES}`,
		`Their Max PDU Receive Size:  ${peer?.maximumLengthBytes ?? 0}`,
		'Presentation Contexts:',
		...contextLines,
		'Requested Extended Negotiation: none',
		'Accepted Extended Negotiation:  none',
		'Requested User Identity Negotiation: none',
		'User Identity Negotiation Response:  none',
		`======================= END ${pdu} ======================`,
	].join('\n');
}
