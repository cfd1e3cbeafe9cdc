import { z } from 'zod';
import { nodeSecuritySchema } from '../../security/node-security.ts';
import { dicomWebSchema } from './dicomweb.ts';
import { archiveHl7Schema } from './hl7-listener.ts';

/** An entry of the node table: whom the archive knows, and what they may do. */
export const nodeSchema = z.strictObject({
	aeTitle: z.string().min(1).max(16),
	host: z.string().min(1),
	port: z.int().min(1).max(65_535),
	mayStore: z.boolean().default(true),
	mayQuery: z.boolean().default(true),
	/** TLS below DICOM, as its port must speak it then. */
	tls: z.boolean().default(false),
	comment: z.string().default(''),
});

export type Node = z.infer<typeof nodeSchema>;

export const archiveConfigSchema = z.strictObject({
	aeTitle: z.string().min(1).max(16),
	port: z.int().min(1).max(65_535).default(104),
	acceptUnknownCallers: z.boolean().default(false),
	maximumAssociations: z.int().min(1).max(500).default(50),
	/** Operations that one requestor may have outstanding, where it asks for more than one (PS3.7 D.3.3.3). */
	maximumOperations: z.int().min(1).max(16).default(1),
	/** Largest P-DATA-TF received; 0 means no limit. */
	maximumLengthBytes: z.int().min(0).max(1_048_576).default(65_536),
	idleTimeoutSeconds: z.int().min(5).max(86_400).default(300),
	/** The ARTIM timer of PS3.8 9.1.5. */
	artimSeconds: z.int().min(1).max(600).default(30),
	nodes: z.array(nodeSchema),
	/** Matches that a C-FIND gets at most, 0 for all; and whether it learns that there are more. */
	maximumMatches: z.int().min(0).max(100_000).default(0),
	beyondMaximum: z.enum(['refuse', 'truncate']).default('refuse'),
	/** Storage SOP classes that it is licensed to take; all of the standard unless told. */
	storageClasses: z.array(z.string()).optional(),
	/** Whether it takes compressed objects, or the uncompressed transfer syntaxes only. */
	acceptCompressed: z.boolean().default(true),
	/** What happens to another object under a SOP Instance UID that is here already. */
	duplicates: z.enum(['keep-first', 'reject']).default('keep-first'),
	/** Whether objects get this issuer of their patient ID on arrival. */
	coerceIssuer: z.boolean().default(false),
	issuerOfPatientId: z.string().min(1).max(64).default('LOCAL'),
	/** Whether a storage commitment result may go on the association of its request while that is open. */
	commitmentOnSameAssociation: z.boolean().default(true),
	/** Tries to report a storage commitment result before it is given up. */
	commitmentAttempts: z.int().min(1).max(50).default(10),
	/** Where it listens for HL7 messages; without it, it does not. */
	hl7: archiveHl7Schema.optional(),
	/** Its DICOMweb service over HTTP; none unless given. */
	dicomweb: dicomWebSchema.optional(),
	/** A second port with TLS below DICOM, and TLS to nodes that have it. */
	tls: nodeSecuritySchema.prefault({}),
	/** The volume that images are written to. */
	volume: z.string(),
	/** How much of what is on the volume at the start has no second copy yet, in GB. */
	withoutSecondCopyGB: z.number().min(0).default(0),
	purgeEnabled: z.boolean().default(true),
	highWatermarkPercent: z.int().min(1).max(100).default(90),
	lowWatermarkPercent: z.int().min(1).max(100).default(80),
});

export type ArchiveConfig = z.infer<typeof archiveConfigSchema>;
