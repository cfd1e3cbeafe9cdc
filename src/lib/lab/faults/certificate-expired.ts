import { durationSchema, idSchema } from '#lib/hospital/hospital-spec.ts';
import { hours, seconds } from '#lib/kernel/time.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';
import { securityOf } from './node-security.ts';

const VALID_FOR_US = hours(24 * 365);

/** RFC 5280 4.1.2.5, and alert 45 of RFC 5246 7.2.2. A clock that is set back hides it and is no cure. */
export const certificateExpired = defineFault({
	kind: 'certificate-expired',
	title: 'Certificate expired',
	doc: 'Gives a device a certificate that has run out some time ago; whoever checks it ends the handshake.',
	mechanism: {
		id: 'certificate-expired',
		title: 'Certificate of the device has expired',
		layer: 'security',
	},
	parameters: z.strictObject({
		device: idSchema,
		/** How long ago it ran out. */
		ago: durationSchema.refine((us) => us >= seconds(1), 'a time in the past').default(hours(24)),
	}),
	component: ({ device }) => device,
	refersTo: ({ device }) => [device],
	inject(world, { device, ago }) {
		const notAfterUs = world.wallUs() - ago;
		securityOf(world, device).issue({ notBeforeUs: notAfterUs - VALID_FOR_US, notAfterUs });
	},
	present(world, { device }) {
		return securityOf(world, device).certificate.notAfterUs < world.wallUs();
	},
	describe: ({ device }) =>
		`The certificate of ${device} had expired, so that every peer that checked it ended the TLS handshake.`,
});
