import type { AssociateAc, AssociateRj, AssociateRq, Pdu, Pdv } from './pdu.ts';

/**
 * What the upper layer asks of its surroundings and tells its user, in order. The driver (virtual
 * network or real socket) carries out the first group; the second group are the service primitives
 * of PS3.8 section 7.
 */
export type UpperLayerOutput =
	// to the transport and the timer
	| { kind: 'connect' }
	/**
	 * `cause` (English, for logs) says what the peer did wrong when the protocol machine itself
	 * aborts or rejects.
	 */
	| { kind: 'send'; pdu: Pdu; bytes: Uint8Array[]; cause?: string }
	| { kind: 'close' }
	/** Starts the timer, or restarts it if it runs. */
	| { kind: 'start-artim' }
	| { kind: 'stop-artim' }
	// to the service user
	| { kind: 'associate-indication'; rq: AssociateRq }
	| { kind: 'associate-confirm'; ac: AssociateAc }
	| { kind: 'reject-confirm'; rj: AssociateRj }
	| { kind: 'data-indication'; pdvs: Pdv[] }
	| { kind: 'release-indication' }
	| { kind: 'release-confirm' }
	/**
	 * A-ABORT or A-P-ABORT: `source` 0 service user, 2 service provider; `reason` PS3.8 table 9-26.
	 * `received` says whether a PDU came from the peer; false means lost transport or our own
	 * abort.
	 */
	| { kind: 'abort-indication'; source: number; reason: number; received: boolean };
