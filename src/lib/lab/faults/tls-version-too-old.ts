import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { TLS_VERSIONS } from '#lib/protocol/tls/policy.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';
import { securityOf } from './node-security.ts';

/** Alert 70 of RFC 5246 7.2.2: RFC 8996 has put the versions before 1.2 out of use. */
export const tlsVersionTooOld = defineFault({
	kind: 'tls-version-too-old',
	title: 'TLS version too old',
	doc: 'Lets a device speak an old version of TLS only, which its peers do not accept any more.',
	mechanism: {
		id: 'tls-version-too-old',
		title: 'Device speaks only versions of TLS that its peer refuses',
		layer: 'security',
	},
	parameters: z.strictObject({
		device: idSchema,
		newest: z.enum(['TLS 1.0', 'TLS 1.1']).default('TLS 1.1'),
	}),
	component: ({ device }) => device,
	refersTo: ({ device }) => [device],
	inject(world, { device, newest }) {
		const { config } = securityOf(world, device);
		config.minimumVersion = 'TLS 1.0';
		config.maximumVersion = newest;
	},
	present(world, { device }) {
		const { maximumVersion } = securityOf(world, device).config;
		return TLS_VERSIONS[maximumVersion] < TLS_VERSIONS['TLS 1.2'];
	},
	describe: ({ device, newest }) =>
		`${device} spoke nothing newer than ${newest}, and the systems it talks to insist on TLS 1.2.`,
});
