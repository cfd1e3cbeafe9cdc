import type { ExtendedNegotiation } from './upper-layer/pdu.ts';

/**
 * What an acceptor says to the service class application information of a SOP class (PS3.7 D.3.3.5), as plain
 * data. Each service class has its own rule.
 */
export type ExtendedNegotiationPolicy =
	/**
	 * Query/retrieve: a byte of 1 is an option asked for, and returned where `supported` has it too
	 * (relational queries, combined date and time matching, ...; PS3.4 C.5).
	 */
	| { rule: 'options-in-common'; supported: readonly number[] }
	/** Storage: the SCP declares its own values whatever was asked (level of support, ...; PS3.4 B.3). */
	| { rule: 'own-values'; values: readonly number[] };

/**
 * Answers for SOP classes with an accepted context and a policy; the others get none, which means the
 * default behaviour of their service class. Of several items for one SOP class the first counts.
 */
export function answerExtended(
	proposals: readonly ExtendedNegotiation[],
	policyFor: (sopClassUid: string) => ExtendedNegotiationPolicy | undefined,
): ExtendedNegotiation[] {
	const answers = new Map<string, ExtendedNegotiation>();
	for (const { sopClassUid, information } of proposals) {
		if (answers.has(sopClassUid)) continue;
		const policy = policyFor(sopClassUid);
		if (policy === undefined) continue;
		answers.set(sopClassUid, { sopClassUid, information: answerInformation(information, policy) });
	}
	return [...answers.values()];
}

/**
 * Never longer than what was asked where options are compared: an old requestor expects no more than its one
 * byte, and a missing byte counts as 0 (PS3.4 C.5.1.1).
 */
function answerInformation(asked: Uint8Array, policy: ExtendedNegotiationPolicy): Uint8Array {
	if (policy.rule === 'own-values') return Uint8Array.from(policy.values);
	const { supported } = policy;
	return asked.slice(0, supported.length).map((byte, i) => byte & (supported[i] ?? 0));
}
