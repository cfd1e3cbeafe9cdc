/** What consoles show and change of a device's TLS. */
import { certificateTime } from '#lib/protocol/x509/describe-certificate.ts';
import type { ListeningPort, OperationDeclaration, SettingDeclaration } from '../define-device.ts';
import type { Device } from '../device.ts';
import type { NodeSecurity, NodeSecurityConfig } from '../security/node-security.ts';

/** The ports of a DICOM node: the plain one, and the one with TLS where it is on. */
export function dicomPorts(config: {
	readonly aeTitle: string;
	readonly port: number;
	readonly tls: NodeSecurityConfig;
}): ListeningPort[] {
	const { aeTitle, port, tls } = config;
	return [
		{ service: 'DICOM', port, aeTitle },
		...(tls.enabled ? [{ service: 'DICOM over TLS', port: tls.port, aeTitle }] : []),
	];
}

type SecuredDevice = Device & { readonly security: NodeSecurity };

export function renewCertificate<D extends SecuredDevice>(): OperationDeclaration<D> {
	return {
		id: 'renew-certificate',
		label: 'Renew TLS certificate',
		help: 'A new key and a certificate of the hospital authority for it, valid for a year from now.',
		minutes: 10,
		effect: 'change',
		*run(device) {
			const { notAfterUs } = device.security.renew();
			const until = certificateTime(notAfterUs);
			device.log('INFO', `TLS certificate renewed, valid until ${until}`);
			device.world.kernel.record('certificate-renewed', { device: device.id });
			return { text: `The new certificate is in use. It is valid until ${until}.` };
		},
	};
}

const CLIENT_CERTIFICATES = ['none', 'optional', 'required'] as const;
const VERSIONS = ['TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3'] as const;
const LABELS = { none: 'not asked for', optional: 'asked for', required: 'required' } as const;

/** What a person can set about a node's second port, the one with TLS, and about the certificates of peers. */
export function tlsSettings<D extends SecuredDevice>(): SettingDeclaration<D>[] {
	return [
		{
			id: 'tls-enabled',
			label: 'TLS port open',
			group: 'TLS',
			kind: 'boolean',
			help: 'DICOM over TLS on a port of its own. Counts after a restart.',
			minutes: 1,
			read: (device) => device.security.config.enabled,
			write: (device, value) => void (device.security.config.enabled = value === true),
		},
		{
			id: 'tls-client-certificate',
			label: 'Certificates of clients',
			group: 'TLS',
			kind: 'choice',
			minutes: 1,
			choices: () => CLIENT_CERTIFICATES.map((value) => ({ value, label: LABELS[value] })),
			read: (device) => device.security.config.clientCertificate,
			write: (device, value) => {
				const known = CLIENT_CERTIFICATES.find((one) => one === value);
				if (known) device.security.config.clientCertificate = known;
				return undefined;
			},
		},
		{
			id: 'tls-verify-peers',
			label: 'Verify certificates of peers',
			group: 'TLS',
			kind: 'boolean',
			help: 'When off, any certificate is believed.',
			minutes: 1,
			read: (device) => device.security.config.verifiesPeer,
			write: (device, value) => void (device.security.config.verifiesPeer = value === true),
		},
		{
			id: 'tls-trust-hospital',
			label: 'Trust the authority of the hospital',
			group: 'TLS',
			kind: 'boolean',
			help: 'Its root certificate is installed here.',
			minutes: 2,
			read: (device) => device.security.config.trustsHospital,
			write: (device, value) => void (device.security.config.trustsHospital = value === true),
		},
		{
			id: 'tls-show-certificate',
			label: 'Show the own certificate to servers',
			group: 'TLS',
			kind: 'boolean',
			minutes: 1,
			read: (device) => device.security.config.presentsCertificate,
			write: (device, value) => void (device.security.config.presentsCertificate = value === true),
		},
		{
			id: 'tls-newest-version',
			label: 'Newest version',
			group: 'TLS',
			kind: 'choice',
			minutes: 1,
			choices: () => VERSIONS.map((value) => ({ value, label: value })),
			read: (device) => device.security.config.maximumVersion,
			write: (device, value) => {
				const known = VERSIONS.find((one) => one === value);
				if (known) device.security.config.maximumVersion = known;
				return undefined;
			},
		},
	];
}
