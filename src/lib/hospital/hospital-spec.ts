import { parseDuration } from '#lib/kernel/time.ts';
import { z } from 'zod';

/** The hospital file: plain data that a world is built from. See docs/scenario-format.md. */

export const idSchema = z
	.string()
	.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and hyphens');

/** A duration as authors write it, turned into microseconds. */
export const durationSchema = z.string().transform((text, context) => {
	const value = parseDuration(text);
	if (value === undefined) {
		context.addIssue({
			code: 'custom',
			message: `"${text}" is no duration; write 90s, 10m, 1h or -00:40`,
		});
		return z.NEVER;
	}
	return value;
});

const addressSchema = z.ipv4();

export const firewallRuleSchema = z.strictObject({
	id: idSchema,
	action: z.enum(['allow', 'reject', 'drop']),
	source: z.string().min(1),
	destination: z.string().min(1),
	protocol: z.enum(['tcp', 'udp', 'icmp', 'any']),
	port: z.int().min(1).max(65_535).optional(),
	comment: z.string().optional(),
});

const hostSchema = z.strictObject({
	id: idSchema,
	title: z.string().min(1),
	nics: z
		.array(
			z.strictObject({
				network: idSchema,
				address: addressSchema,
				gateway: addressSchema.optional(),
			}),
		)
		.min(1),
	resolver: addressSchema.optional(),
	forwards: z.boolean().default(false),
	firewall: z
		.strictObject({
			defaultAction: z.enum(['allow', 'reject', 'drop']),
			rules: z.array(firewallRuleSchema),
		})
		.optional(),
	/** Whether the trainee may log in to a shell there, and as what the prompt shows. */
	shell: z.strictObject({ user: z.string().min(1) }).optional(),
	clockOffset: durationSchema.default(0),
	volumes: z
		.array(
			z.strictObject({
				id: idSchema,
				device: z.string().min(1),
				mount: z.string().startsWith('/'),
				sizeGB: z.number().positive(),
				usedGB: z.number().min(0),
			}),
		)
		.default([]),
	/** How the map draws it: grid position in node widths. */
	map: z.strictObject({ x: z.number(), y: z.number() }),
	/** Walking time from the desk, in minutes. */
	minutesAway: z.number().min(0).default(0),
});

const procedureSchema = z.strictObject({
	id: idSchema,
	modality: z.enum(['CT', 'DX']),
	description: z.string().min(1).max(64),
	code: z.strictObject({
		value: z.string().min(1).max(16),
		scheme: z.string().min(1).max(16),
		meaning: z.string().min(1).max(64),
	}),
	minutes: z.number().positive(),
});

export const hospitalSchema = z.strictObject({
	schema: z.literal(1),
	id: idSchema,
	title: z.string().min(1),
	institution: z.string().min(1).max(64),
	/** The host the trainee sits at. */
	desk: idSchema,
	networks: z
		.array(
			z.strictObject({
				id: idSchema,
				title: z.string().min(1),
				cidr: z.string().min(1),
				latency: durationSchema.default(100),
				megabitsPerSecond: z.number().positive().default(1_000),
			}),
		)
		.min(1),
	hosts: z.array(hostSchema).min(1),
	names: z.array(z.strictObject({ name: z.string().min(1), address: addressSchema })).default([]),
	devices: z
		.array(
			z.strictObject({
				id: idSchema,
				kind: idSchema,
				host: idSchema,
				title: z.string().min(1),
				reach: z.enum(['remote', 'walk', 'request']),
				/** Who sits at it or owns it: the person one calls about it. */
				operator: idSchema.optional(),
				config: z.record(z.string(), z.unknown()).default({}),
			}),
		)
		.min(1),
	people: z
		.array(
			z.strictObject({
				id: idSchema,
				name: z.string().min(1),
				role: z.string().min(1),
			}),
		)
		.min(1),
	procedures: z.array(procedureSchema).min(1),
	schedule: z.array(
		z.strictObject({
			device: idSchema,
			procedures: z.array(idSchema).min(1),
			/** Mean time between two patients and how much it varies either way. */
			every: durationSchema,
			jitter: durationSchema.default(0),
			from: z.string().regex(/^\d{2}:\d{2}$/),
			to: z.string().regex(/^\d{2}:\d{2}$/),
			priority: z.enum(['ROUTINE', 'STAT']).default('ROUTINE'),
			department: z.string().min(1),
		}),
	),
});

export type HospitalSpec = z.infer<typeof hospitalSchema>;
export type FirewallRuleSpec = z.infer<typeof firewallRuleSchema>;
