import { z } from 'zod';
import { UPLOAD_NAME } from './upload-limits.ts';

/**
 * Everything a trainee can do. An attempt is the list of these and nothing else, so each must be small,
 * self-contained plain data. Limits are part of the schema: they bound what one request may cost.
 */

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
const prose = z.string().trim().min(1).max(2_000);
const fieldValue = z.union([z.string().max(256), z.number(), z.boolean()]);

/** The longest single `wait`, in virtual seconds. */
const WAIT_SECONDS_MAX = 4 * 3_600;

const scripted = [
	/** Type a line in a shell: at the desk (`place` is the desk's host) or on a server reached from there. */
	z.strictObject({ kind: z.literal('command'), place: id, line: z.string().min(1).max(500) }),
	/** Open or refresh a device's console. */
	z.strictObject({ kind: z.literal('look'), device: id }),
	/** Change one setting of a device. */
	z.strictObject({ kind: z.literal('configure'), device: id, setting: id, value: fieldValue }),
	/** Carry out an operation that a device's console offers, on a row of a table where it needs one. */
	z.strictObject({
		kind: z.literal('operate'),
		device: id,
		operation: id,
		row: z.string().min(1).max(128).optional(),
		fields: z.record(id, fieldValue).default({}),
	}),
	/** Phone somebody and ask one thing. */
	z.strictObject({ kind: z.literal('call'), person: id, topic: id }),
	/** Tell somebody who is waiting what is going on. */
	z.strictObject({ kind: z.literal('inform'), person: id, text: prose }),
	/** Write into the notebook; costs no time. */
	z.strictObject({
		kind: z.literal('note'),
		text: prose,
		standing: z.enum(['suspected', 'ruled-out', 'remark']).default('remark'),
	}),
	/** State the root cause. The last statement counts. */
	z.strictObject({
		kind: z.literal('diagnose'),
		component: id,
		mechanism: id,
		/** How sure, in percent. */
		confidence: z.int().min(0).max(100),
	}),
	z.strictObject({ kind: z.literal('wait'), seconds: z.int().min(1).max(WAIT_SECONDS_MAX) }),
	z.strictObject({ kind: z.literal('hint') }),
	/** Close the ticket with the closing note; ends the attempt. */
	z.strictObject({
		kind: z.literal('close'),
		cause: prose,
		action: prose,
		prevention: prose,
	}),
] as const;

/** What an author can write into a scenario: nobody's files are at hand there. */
export const scriptedActionSchema = z.discriminatedUnion('kind', scripted);

export const actionSchema = z.discriminatedUnion('kind', [
	...scripted,
	/**
	 * Put a file of one's own on the desk, as `~/upload/NAME.dcm`. Its bytes are not in the log: they are found
	 * by their SHA-256.
	 */
	z.strictObject({
		kind: z.literal('upload'),
		name: z.string().regex(UPLOAD_NAME),
		digest: z.string().regex(/^[0-9a-f]{64}$/),
	}),
]);

export type Action = z.infer<typeof actionSchema>;
