import { seconds, type Micros } from '#lib/kernel/time.ts';
import type { MessageLimits } from './dimse/message.ts';

/**
 * What one node allows on its associations and how long it waits, as plain data. `Association` takes the
 * sizes; whoever drives it holds the timers and counts the associations, for it has the clock.
 */
export interface AssociationLimits {
	/** Longest P-DATA-TF received, in bytes after the PDU header, as announced; 0 means no limit. */
	maximumPduLengthBytes: number;
	/** How much longer than announced a P-DATA-TF may be before it is aborted with reason 6. */
	dataPduSlackBytes: number;
	/** Largest command and data set put together from fragments. */
	messageLimits: MessageLimits;
	/**
	 * Messages are refused (`send-queue-full`) while this many bytes wait for the driver to take them. So
	 * a peer that never reads costs no more than this and one message.
	 */
	maximumUnsentBytes: number;
	/** The ARTIM timer of PS3.8 9.1.5; the standard leaves its value to the implementation. */
	artimUs: Micros;
	/** How long a connected peer may take to ask for an association. */
	requestTimeoutUs: Micros;
	/** How long an established association may be without any message. */
	idleTimeoutUs: Micros;
	/** How long a peer may take to answer a request. */
	answerTimeoutUs: Micros;
	/** Associations served at the same time; without it there is no limit. */
	maximumAssociations?: number;
}

export const DEFAULT_ASSOCIATION_LIMITS: Readonly<AssociationLimits> = {
	maximumPduLengthBytes: 16_384,
	dataPduSlackBytes: 0,
	messageLimits: {},
	maximumUnsentBytes: 64 * 1024 * 1024,
	artimUs: seconds(30),
	requestTimeoutUs: seconds(60),
	idleTimeoutUs: seconds(300),
	answerTimeoutUs: seconds(30),
};
