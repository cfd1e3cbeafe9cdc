import type { SettingDeclaration } from '../../define-device.ts';
import { verifyPeers } from '../tls-console.ts';
import type { Archive } from './archive.ts';

const CLIENT_CERTIFICATES = ['none', 'optional', 'required'] as const;
const LABELS = { none: 'not asked for', optional: 'asked for', required: 'required' } as const;

/** What a person can set about the archive's second port, the one with TLS. */
export const tlsSettings: SettingDeclaration<Archive>[] = [
	{
		id: 'tls-enabled',
		label: 'TLS port open',
		group: 'TLS',
		kind: 'boolean',
		help: 'DICOM over TLS on a port of its own. Counts after a restart.',
		minutes: 1,
		read: (archive) => archive.config.tls.enabled,
		write: (archive, value) => void (archive.config.tls.enabled = value === true),
	},
	{
		id: 'tls-client-certificate',
		label: 'Certificates of clients',
		group: 'TLS',
		kind: 'choice',
		minutes: 1,
		choices: () => CLIENT_CERTIFICATES.map((value) => ({ value, label: LABELS[value] })),
		read: (archive) => archive.config.tls.clientCertificate,
		write: (archive, value) => {
			const known = CLIENT_CERTIFICATES.find((one) => one === value);
			if (known) archive.config.tls.clientCertificate = known;
			return undefined;
		},
	},
	verifyPeers(),
];
