import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const serviceStopped = defineFault({
	kind: 'service-stopped',
	title: 'Service stopped',
	doc: 'Stops the service of a device, for example of the archive or the RIS; its host stays up.',
	mechanism: {
		id: 'service-stopped',
		title: 'Service is not running',
		layer: 'transport',
	},
	parameters: z.strictObject({ device: idSchema }),
	component: ({ device }) => device,
	refersTo: ({ device }) => [device],
	inject(world, { device }) {
		world.device(device).stop();
	},
	present(world, { device }) {
		return world.device(device).state === 'stopped';
	},
	describe: ({ device }) =>
		`The service of ${device} was stopped, so its host refused every connection to it.`,
});
