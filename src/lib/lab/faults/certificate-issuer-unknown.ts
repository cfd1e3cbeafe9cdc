import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';
import { securityOf } from './node-security.ts';

/** Alert 48 of RFC 5246 7.2.2. Believing any certificate makes it work and is no cure. */
export const certificateIssuerUnknown = defineFault({
	kind: 'certificate-issuer-unknown',
	title: 'Authority of certificates unknown',
	doc: 'Takes the root certificate of the hospital’s authority from a device, so that it believes no peer.',
	mechanism: {
		id: 'certificate-issuer-unknown',
		title: 'Device does not trust the authority that issued the certificate of its peer',
		layer: 'security',
	},
	parameters: z.strictObject({ device: idSchema }),
	component: ({ device }) => device,
	refersTo: ({ device }) => [device],
	inject(world, { device }) {
		securityOf(world, device).config.trustsHospital = false;
	},
	present(world, { device }) {
		return !securityOf(world, device).config.trustsHospital;
	},
	describe: ({ device }) =>
		`${device} did not have the root certificate of the hospital’s authority, so it trusted none of its peers.`,
});
