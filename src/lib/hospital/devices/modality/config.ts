import type { Micros } from '#lib/kernel/time.ts';
import { z } from 'zod';
import type { Device } from '../../device.ts';
import type { AssociationTarget } from '../../dicom/service-class-user.ts';
import { nodeSecuritySchema } from '../../security/node-security.ts';

const peerSchema = z.strictObject({
	aeTitle: z.string().min(1).max(16),
	host: z.string().min(1),
	port: z.int().min(1).max(65_535),
	/** TLS below DICOM, as its port must speak it then. */
	tls: z.boolean().default(false),
});

export const modalityConfigSchema = z.strictObject({
	modality: z.enum(['CT', 'DX']),
	aeTitle: z.string().min(1).max(16),
	/** Where it listens: for echoes and for the results of storage commitment. */
	port: z.int().min(1).max(65_535).default(104),
	stationName: z.string().min(1).max(16),
	manufacturer: z.string().min(1).max(64),
	modelName: z.string().min(1).max(64),
	serialNumber: z.string().min(1).max(64),
	softwareVersions: z.string().min(1).max(64),
	archive: peerSchema,
	worklist: peerSchema,
	/** Whom it tells of its performed procedure steps. */
	mpps: peerSchema.extend({ enabled: z.boolean().default(true) }),
	/** Storage commitment by the archive. */
	commitment: z
		.strictObject({
			enabled: z.boolean().default(true),
			/**
			 * How long the association of the request stays open for the result; 0 closes it at once, and the result
			 * comes on an association that the archive opens.
			 */
			keepOpenSeconds: z.int().min(0).max(300).default(0),
		})
		.prefault({}),
	/** A second port with TLS below DICOM, its certificate, and what it insists on where it uses TLS. */
	tls: nodeSecuritySchema.prefault({}),
	/** Automatic tries of a send job before it is left as failed, and the pause between them. */
	sendAttempts: z.int().min(1).max(20).default(3),
	retrySeconds: z.int().min(5).max(3_600).default(60),
});

export type ModalityConfig = z.infer<typeof modalityConfigSchema>;

/** Whom a modality talks to. */
export type ModalityPeer = 'archive' | 'worklist' | 'mpps';

/** What the queues of a modality need to know of it. */
export interface QueueContext {
	readonly device: Device;
	target(peer: ModalityPeer): Omit<AssociationTarget, 'contexts'>;
	/** Automatic tries, and the pause between them. */
	readonly attempts: number;
	readonly retryUs: Micros;
}

/** `A700`, as a device's screen shows a status. */
export function statusText(status: number): string {
	return status.toString(16).toUpperCase().padStart(4, '0');
}
