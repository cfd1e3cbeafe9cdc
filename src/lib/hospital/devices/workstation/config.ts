import { z } from 'zod';
import { nodeSecuritySchema } from '../../security/node-security.ts';
import { reportSenderSchema } from './report-sender.ts';

/** The configuration of a reading workstation. */
export const workstationConfigSchema = z.strictObject({
	aeTitle: z.string().min(1).max(16),
	port: z.int().min(1).max(65_535).default(104),
	archive: z.strictObject({
		aeTitle: z.string().min(1).max(16),
		host: z.string().min(1),
		port: z.int().min(1).max(65_535),
		/** TLS below DICOM, as its port must speak it then. */
		tls: z.boolean().default(false),
	}),
	/** A second port with TLS below DICOM, its certificate, and what it insists on where it uses TLS. */
	tls: nodeSecuritySchema.prefault({}),
	/** How images come here: sent by the archive, or fetched on the own association (PS3.4 C.4.2, C.4.3). */
	retrieve: z.enum(['move', 'get']).default('move'),
	/** How often the reading list is refreshed, and how long one study takes to read. */
	refreshSeconds: z.int().min(10).max(3_600).default(300),
	readingMinutes: z.int().min(1).max(60).default(5),
	/** Where reports go (HL7); without it they stay here. */
	reports: reportSenderSchema.optional(),
});

export type WorkstationConfig = z.infer<typeof workstationConfigSchema>;
