import type { ExhibitFacts } from '#lib/exam/item/exhibit.ts';
import type { Unit } from './wire.ts';

/** PS3.8 table 9-21, in its words. */
const REJECT_RESULT: Readonly<Record<number, string>> = {
	1: 'rejected-permanent',
	2: 'rejected-transient',
};
const REJECT_SOURCE: Readonly<Record<number, string>> = {
	1: 'service-user',
	2: 'service-provider (ACSE related function)',
	3: 'service-provider (presentation related function)',
};
/** By `source/reason`. */
const REJECT_REASON: Readonly<Record<string, string>> = {
	'1/2': 'application-context-name-not-supported',
	'1/3': 'calling-AE-title-not-recognized',
	'1/7': 'called-AE-title-not-recognized',
	'3/1': 'temporary-congestion',
	'3/2': 'local-limit-exceeded',
};

/** PS3.8 table 9-26. */
const ABORT_SOURCE: Readonly<Record<number, string>> = {
	0: 'service-user',
	2: 'service-provider',
};
const ABORT_REASON: Readonly<Record<number, string>> = {
	0: 'reason-not-specified',
	1: 'unrecognized-PDU',
	2: 'unexpected-PDU',
	4: 'unrecognized-PDU-parameter',
	5: 'unexpected-PDU-parameter',
	6: 'invalid-PDU-parameter-value',
};

/** Numbers and words of the A-ASSOCIATE-RJ or A-ABORT, if there was one. */
export function endingFacts(units: readonly Unit[]): ExhibitFacts {
	for (const unit of units) {
		if (unit.kind === 'A-ASSOCIATE-RJ') {
			const { result, source, reason } = unit;
			return {
				result,
				source,
				reason,
				resultText: REJECT_RESULT[result] ?? '',
				sourceText: REJECT_SOURCE[source] ?? '',
				reasonText: REJECT_REASON[`${source}/${reason}`] ?? '',
			};
		}
		if (unit.kind === 'A-ABORT') {
			const { source, reason } = unit;
			return {
				source,
				reason,
				sourceText: ABORT_SOURCE[source] ?? '',
				// The reason of a service user's abort has no meaning (PS3.8 9.3.8).
				...(source === 2 && { reasonText: ABORT_REASON[reason] ?? '' }),
			};
		}
	}
	return {};
}
