import type { UpperLayerOutput } from './output.ts';
import type { Pdu } from './pdu.ts';

/**
 * The indication or confirmation that tells the service user of a received PDU (PS3.8 section 7).
 */
export function indicationOf(pdu: Pdu): UpperLayerOutput {
	switch (pdu.kind) {
		case 'A-ASSOCIATE-RQ':
			return { kind: 'associate-indication', rq: pdu };
		case 'A-ASSOCIATE-AC':
			return { kind: 'associate-confirm', ac: pdu };
		case 'A-ASSOCIATE-RJ':
			return { kind: 'reject-confirm', rj: pdu };
		case 'P-DATA-TF':
			return { kind: 'data-indication', pdvs: pdu.pdvs };
		case 'A-RELEASE-RQ':
			return { kind: 'release-indication' };
		case 'A-RELEASE-RP':
			return { kind: 'release-confirm' };
		case 'A-ABORT':
			return {
				kind: 'abort-indication',
				source: pdu.source,
				reason: pdu.reason,
				received: true,
			};
	}
}

/** Whether an output is for the service user, not for the transport or the timer. */
export function isIndication(output: UpperLayerOutput): boolean {
	switch (output.kind) {
		case 'connect':
		case 'send':
		case 'close':
		case 'start-artim':
		case 'stop-artim':
			return false;
		default:
			return true;
	}
}
