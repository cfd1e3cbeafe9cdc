/** Rejections and aborts in words. The words of rejections are those that DCMTK 3.6.7's tools print. */

/** PS3.8 table 9-21. */
const REJECT_RESULT: Readonly<Record<number, string>> = {
	1: 'Rejected Permanent',
	2: 'Rejected Transient',
};

const REJECT_SOURCE: Readonly<Record<number, string>> = {
	1: 'Service User',
	2: 'Service Provider (ACSE Related)',
	3: 'Service Provider (Presentation Related)',
};

/** By source, then reason. Reserved values have no entry. */
const REJECT_REASON: Readonly<Record<number, Readonly<Record<number, string>>>> = {
	1: {
		1: 'No Reason',
		2: 'App Context Name Not Supported',
		3: 'Calling AE Title Not Recognized',
		7: 'Called AE Title Not Recognized',
	},
	2: { 1: 'No Reason', 2: 'Protocol Version Not Supported' },
	3: { 1: 'Temporary Congestion', 2: 'Local Limit Exceeded' },
};

export interface RejectWording {
	/** What DCMTK complains of (level E) before the verdict when a value is not in the table. */
	complaints: string[];
	/** `Result: Rejected Permanent, Source: Service User` */
	result: string;
	/** `Reason: Called AE Title Not Recognized` */
	reason: string;
}

/** A rejection as DCMTK words it; values outside PS3.8 table 9-21 get its defaults and a complaint. */
export function describeReject(rj: {
	result: number;
	source: number;
	reason: number;
}): RejectWording {
	const complaints: string[] = [];
	const complain = (field: string, value: number) => {
		const hex = value.toString(16).padStart(4, '0');
		complaints.push(`Received invalid A-ASSOCIATE-RJ reject ${field} 0x${hex}, using default.`);
	};
	const result = REJECT_RESULT[rj.result];
	if (result === undefined) complain('result', rj.result);
	const source = REJECT_SOURCE[rj.source];
	if (source === undefined) complain('source', rj.source);
	const reason = REJECT_REASON[rj.source]?.[rj.reason];
	if (reason === undefined) complain('reason', rj.source * 0x100 + rj.reason);
	return {
		complaints,
		result: `Result: ${result ?? REJECT_RESULT[1]}, Source: ${source ?? REJECT_SOURCE[1]}`,
		reason: `Reason: ${reason ?? 'No Reason'}`,
	};
}

/** PS3.8 table 9-26. */
const ABORT_SOURCE: Readonly<Record<number, string>> = {
	0: 'Service User',
	2: 'Service Provider',
};

const ABORT_REASON: Readonly<Record<number, string>> = {
	0: 'Reason Not Specified',
	1: 'Unrecognized PDU',
	2: 'Unexpected PDU',
	4: 'Unrecognized PDU Parameter',
	5: 'Unexpected PDU Parameter',
	6: 'Invalid PDU Parameter Value',
};

/**
 * An abort in the words of the standard, e.g. `Source: Service Provider, Reason: Unexpected PDU`. The
 * reason of a service user's abort has no meaning (PS3.8 9.3.8) and is left out. (DCMTK's tools print
 * `Peer aborted Association (or never connected)` for every abort and every lost connection.)
 */
export function describeAbort(abort: { source: number; reason: number }): string {
	const source = `Source: ${ABORT_SOURCE[abort.source] ?? `Reserved (${abort.source})`}`;
	if (abort.source === 0) return source;
	return `${source}, Reason: ${ABORT_REASON[abort.reason] ?? `Reserved (${abort.reason})`}`;
}
