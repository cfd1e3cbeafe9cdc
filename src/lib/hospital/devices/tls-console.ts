/** What consoles show and change of a device's TLS. */
import { certificateTime } from '#lib/protocol/x509/describe-certificate.ts';
import type { OperationDeclaration, SettingDeclaration } from '../define-device.ts';
import type { Device } from '../device.ts';
import type { NodeSecurity } from '../security/node-security.ts';

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

/** Whether a peer's certificate is checked at all. Off lets anybody in between. */
export function verifyPeers<D extends SecuredDevice>(): SettingDeclaration<D> {
	return {
		id: 'tls-verify-peers',
		label: 'Verify certificates of peers',
		group: 'TLS',
		kind: 'boolean',
		help: 'When off, any certificate is believed.',
		minutes: 1,
		read: (device) => device.security.config.verifiesPeer,
		write: (device, value) => void (device.security.config.verifiesPeer = value === true),
	};
}
