import { formatDicomDate, formatDicomTime, type Micros } from '#lib/kernel/time.ts';
import type { Er7Fields } from '#lib/protocol/hl7/build.ts';

/** What a message says of its sender and receiver, and of the moment. */
export interface MessageContext {
	readonly application: string;
	readonly facility: string;
	readonly receivingApplication: string;
	readonly receivingFacility: string;
	/** Who gives patient numbers, CX.4; '' when that is not said. */
	readonly assigningAuthority: string;
	/** MSH-18. */
	readonly characterSet: '8859/1' | 'UNICODE UTF-8';
	/** MSH-10. */
	readonly controlId: string;
	/** µs since 1970 by the sender's clock. */
	readonly timeUs: Micros;
	/** Absolute time, µs since 1970, at which the kernel times of orders begin. */
	readonly epochUs: Micros;
}

/** DTM to the second, `20260309074000`, of µs since 1970. */
export function hl7Time(us: Micros): string {
	return formatDicomDate(us) + formatDicomTime(us);
}

/** MSH from field 3 on. The version is the one of the IHE transaction's form of message. */
export function headerOf(
	context: MessageContext,
	type: readonly [code: string, event: string, structure: string],
	version: '2.3.1' | '2.5.1',
): Er7Fields {
	return {
		3: context.application,
		4: context.facility,
		5: context.receivingApplication,
		6: context.receivingFacility,
		7: hl7Time(context.timeUs),
		9: [type],
		10: context.controlId,
		11: 'P',
		12: version,
		18: context.characterSet,
	};
}
