import type { RoleSelection } from './upper-layer/pdu.ts';

/** Which roles one side of an association may play for an abstract syntax. */
export interface Roles {
	scu: boolean;
	scp: boolean;
}

/** Which roles an acceptor leaves to the requestor, as plain data. */
export interface RolePolicy {
	/** Whether the requestor may be SCP (C-GET, storage commitment reports); default false. */
	requestorMayBeScp?: boolean;
	/** Whether the requestor may be SCU; default true. */
	requestorMayBeScu?: boolean;
}

/** Of the requestor, where nothing was negotiated (PS3.7 D.3.3.4). */
export const DEFAULT_ROLES: Readonly<Roles> = { scu: true, scp: false };

/**
 * The acceptor's answers to role proposals (PS3.7 D.3.3.4): a role is granted when it was proposed and the
 * policy allows it. A SOP class the policy does not know gets no answer, which means the default roles. Of
 * several proposals for one SOP class the first counts.
 */
export function answerRoles(
	proposals: readonly RoleSelection[],
	policyFor: (sopClassUid: string) => RolePolicy | undefined,
): RoleSelection[] {
	const answers = new Map<string, RoleSelection>();
	for (const { sopClassUid, scuRole, scpRole } of proposals) {
		if (answers.has(sopClassUid)) continue;
		const policy = policyFor(sopClassUid);
		if (policy === undefined) continue;
		answers.set(sopClassUid, {
			sopClassUid,
			scuRole: scuRole && policy.requestorMayBeScu !== false,
			scpRole: scpRole && policy.requestorMayBeScp === true,
		});
	}
	return [...answers.values()];
}

/**
 * The roles that the requestor has, by abstract syntax, wherever both sides spoke of them; elsewhere it has
 * `DEFAULT_ROLES`. An answer can only take away: what was not proposed is not granted by it.
 */
export function agreeOnRoles(
	proposals: readonly RoleSelection[],
	answers: readonly RoleSelection[],
): Map<string, Roles> {
	const roles = new Map<string, Roles>();
	for (const { sopClassUid, scuRole, scpRole } of answers) {
		const proposal = proposals.find((candidate) => candidate.sopClassUid === sopClassUid);
		if (proposal === undefined || roles.has(sopClassUid)) continue;
		roles.set(sopClassUid, {
			scu: proposal.scuRole && scuRole,
			scp: proposal.scpRole && scpRole,
		});
	}
	return roles;
}
