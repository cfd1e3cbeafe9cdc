import { durationSchema, idSchema } from '#lib/hospital/hospital-spec.ts';
import { seconds } from '#lib/kernel/time.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

/** Below this the logs of two systems can still be laid side by side. */
const TOLERANCE_US = seconds(60);

const isOff = (offsetUs: number): boolean => Math.abs(offsetUs) >= TOLERANCE_US;

export const clockOffset = defineFault({
	kind: 'clock-offset',
	title: 'Clock off',
	doc: 'Sets the clock of a host ahead of true time, or behind it (-00:17); logs, images and queries follow.',
	mechanism: {
		id: 'clock-wrong',
		title: 'Clock of the host is wrong',
		layer: 'time',
	},
	parameters: z.strictObject({
		host: idSchema,
		/** Ahead of true time; a minute at least, either way. */
		offset: durationSchema.refine(isOff, 'a clock is wrong from one minute on'),
	}),
	component: ({ host }) => host,
	refersTo: ({ host }) => [host],
	inject(world, { host, offset }) {
		world.system(host).clockOffsetUs = offset;
	},
	present(world, { host }) {
		return isOff(world.system(host).clockOffsetUs);
	},
	describe: ({ host, offset }) =>
		`The clock of ${host} was ${offsetText(offset)} ${offset > 0 ? 'ahead of' : 'behind'} true time.`,
});

/** In the two largest units that matter: `2 h 5 min`, `90 s` is `1 min 30 s`. */
function offsetText(offsetUs: number): string {
	const total = Math.round(Math.abs(offsetUs) / seconds(1));
	const parts = [
		{ value: Math.floor(total / 3_600), unit: 'h' },
		{ value: Math.floor(total / 60) % 60, unit: 'min' },
		{ value: total % 60, unit: 's' },
	];
	return parts
		.filter(({ value }) => value > 0)
		.slice(0, 2)
		.map(({ value, unit }) => `${value} ${unit}`)
		.join(' ');
}
