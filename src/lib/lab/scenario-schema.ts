import { durationSchema, idSchema, type HospitalSpec } from '#lib/hospital/hospital-spec.ts';
import { parseIsoLocal } from '#lib/kernel/time.ts';
import { z } from 'zod';
import { scriptedActionSchema } from './action.ts';
import { CHECK_DEFINITIONS } from './checks/catalogue.ts';
import { FAULT_DEFINITIONS } from './faults/catalogue.ts';

/**
 * The scenario file. Every part is declarative; the JSON Schema for editors is generated from this. Inside
 * texts and values `${name}` stands for what the seed picked for a variable.
 */

const instantSchema = z.string().transform((text, context) => {
	const value = parseIsoLocal(text);
	if (value === undefined) {
		context.addIssue({
			code: 'custom',
			message: `"${text}" is no date and time; write 2026-03-09T07:40`,
		});
		return z.NEVER;
	}
	return value;
});

/** A fault as a scenario writes it: a kind, when it happens before the trainee arrives, its parameters. */
const faultSchema = z.looseObject({
	id: idSchema,
	kind: z.enum([...FAULT_DEFINITIONS.keys()] as [string, ...string[]]),
	at: durationSchema.default(0),
});

const dimensionSchema = z.enum(['restored', 'tidy']);

const checkSchema = z.looseObject({
	id: idSchema,
	kind: z.enum([...CHECK_DEFINITIONS.keys()] as [string, ...string[]]),
	/** Which part of the score it belongs to; the kind's own unless told otherwise. */
	counts: dimensionSchema.optional(),
	weight: z.number().positive().default(1),
});

const prose = z.string().trim().min(1);

export const scenarioSchema = z.strictObject({
	schema: z.literal(1),
	id: idSchema,
	version: z.int().min(1),
	title: prose.max(80),
	summary: prose.max(240),
	level: z.int().min(1).max(5),
	/** Expected for a competent person, in real minutes. */
	minutes: z.int().min(1).max(120),
	kind: z.enum(['lab', 'drill', 'shift']),
	objectives: z.array(prose).min(1),
	blueprint: z.array(z.strictObject({ exam: prose, code: prose })).default([]),
	hospital: idSchema,
	/** When the trainee arrives. */
	start: instantSchema,
	/** How long the hospital has been running by then. */
	warmUp: durationSchema.default(2 * 3_600_000_000),
	vars: z
		.record(
			z.string().regex(/^[a-z][a-z0-9_]*$/),
			z.strictObject({ pick: z.array(z.string()).min(1) }),
		)
		.default({}),
	faults: z.array(faultSchema).min(1),
	distractors: z.array(faultSchema).default([]),
	ticket: z.strictObject({
		number: prose,
		from: idSchema,
		priority: z.enum(['routine', 'urgent', 'stat']),
		text: prose,
		/** What the ticket tells, each with an action that shows it and words that must then appear. */
		symptoms: z
			.array(
				z.strictObject({ says: prose, action: scriptedActionSchema, shows: z.string().min(1) }),
			)
			.min(1),
	}),
	people: z
		.record(
			idSchema,
			z.strictObject({
				waiting: z.boolean().default(false),
				topics: z
					.array(z.strictObject({ asks: idSchema, label: prose.optional(), says: prose }))
					.default([]),
			}),
		)
		.default({}),
	/** Component and mechanism that a full diagnosis states, beyond the one of each fault. */
	alsoRight: z.array(z.strictObject({ component: idSchema, mechanism: idSchema })).default([]),
	checks: z.array(checkSchema).min(1),
	/** Settings a repair may change, as `device.setting`; `*` stands for anything. */
	mayChange: z.array(z.string()).default([]),
	solutions: z
		.array(
			z.strictObject({
				id: idSchema,
				actions: z.array(scriptedActionSchema).min(1),
				minimum: z.number(),
			}),
		)
		.min(1),
	wrong: z
		.array(
			z.strictObject({
				id: idSchema,
				why: prose,
				actions: z.array(scriptedActionSchema).min(1),
				fails: z.array(idSchema).min(1),
			}),
		)
		.min(1),
	hints: z.array(prose).min(1).max(5),
	debrief: prose,
	references: z.array(z.strictObject({ label: prose, detail: prose })).min(1),
});

export type ScenarioFile = z.infer<typeof scenarioSchema>;

/** A scenario ready to be played: with its hospital in place of the hospital's id. */
export type Scenario = Omit<ScenarioFile, 'hospital'> & { hospital: HospitalSpec };

export type ScenarioFault = Scenario['faults'][number];
