import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';
import { securityOf } from './node-security.ts';

/** RFC 5246 7.4.6: alert 40, where a server insists. That it insists no longer is no cure. */
export const clientCertificateMissing = defineFault({
	kind: 'client-certificate-missing',
	title: 'Client certificate missing',
	doc: 'Lets a device show no certificate when it connects to a peer that asks for one.',
	mechanism: {
		id: 'client-certificate-missing',
		title: 'Device shows no certificate to a peer that requires one',
		layer: 'security',
	},
	parameters: z.strictObject({ device: idSchema }),
	component: ({ device }) => device,
	refersTo: ({ device }) => [device],
	inject(world, { device }) {
		securityOf(world, device).config.presentsCertificate = false;
	},
	present(world, { device }) {
		return !securityOf(world, device).config.presentsCertificate;
	},
	describe: ({ device }) =>
		`${device} showed no certificate of its own when it connected, and its peers require one.`,
});
