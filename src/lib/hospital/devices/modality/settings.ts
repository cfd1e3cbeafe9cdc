import type { SettingDeclaration } from '../../define-device.ts';
import { tlsSettings } from '../tls-console.ts';
import type { ModalityPeer } from './config.ts';
import type { Modality } from './modality.ts';

const MINUTES_TO_SET = 2;

/** The three settings of a peer: AE title, host, port. */
function peerSettings(peer: ModalityPeer, group: string): SettingDeclaration<Modality>[] {
	return [
		{
			id: `${peer}-ae-title`,
			label: 'AE title',
			group,
			kind: 'text',
			maximumLength: 16,
			minutes: MINUTES_TO_SET,
			read: (device) => device.config[peer].aeTitle,
			write: (device, value) => void (device.config[peer].aeTitle = String(value)),
		},
		{
			id: `${peer}-host`,
			label: 'Host name or address',
			group,
			kind: 'text',
			minutes: MINUTES_TO_SET,
			read: (device) => device.config[peer].host,
			write: (device, value) => void (device.config[peer].host = String(value)),
		},
		{
			id: `${peer}-port`,
			label: 'Port',
			group,
			kind: 'integer',
			minimum: 1,
			maximum: 65_535,
			minutes: MINUTES_TO_SET,
			read: (device) => device.config[peer].port,
			write: (device, value) => void (device.config[peer].port = Number(value)),
		},
		{
			id: `${peer}-tls`,
			label: 'TLS',
			group,
			kind: 'boolean',
			help: 'The port of the peer must speak TLS then.',
			minutes: MINUTES_TO_SET,
			read: (device) => device.config[peer].tls,
			write: (device, value) => void (device.config[peer].tls = value === true),
		},
	];
}

/** What a person can set at a modality. */
export const settings: SettingDeclaration<Modality>[] = [
	{
		id: 'ae-title',
		label: 'Own AE title',
		group: 'This device',
		kind: 'text',
		maximumLength: 16,
		minutes: MINUTES_TO_SET,
		read: (device) => device.config.aeTitle,
		write: (device, value) => void (device.config.aeTitle = String(value)),
	},
	{
		id: 'port',
		label: 'Own port',
		group: 'This device',
		kind: 'integer',
		minimum: 1,
		maximum: 65_535,
		help: 'Where the archive reaches this device. Counts after a restart.',
		minutes: MINUTES_TO_SET,
		read: (device) => device.config.port,
		write: (device, value) => void (device.config.port = Number(value)),
	},
	{
		id: 'retry-seconds',
		label: 'Pause between send attempts (s)',
		group: 'This device',
		kind: 'integer',
		minimum: 5,
		maximum: 3_600,
		minutes: MINUTES_TO_SET,
		read: (device) => device.config.retrySeconds,
		write: (device, value) => void (device.config.retrySeconds = Number(value)),
	},
	...tlsSettings(),
	...peerSettings('archive', 'Archive (storage)'),
	...peerSettings('worklist', 'Worklist'),
	{
		id: 'mpps-enabled',
		label: 'Report performed procedure steps',
		group: 'Performed procedure step (MPPS)',
		kind: 'boolean',
		help: 'Tells the RIS when an examination starts and ends.',
		minutes: MINUTES_TO_SET,
		read: (device) => device.config.mpps.enabled,
		write: (device, value) => void (device.config.mpps.enabled = value === true),
	},
	...peerSettings('mpps', 'Performed procedure step (MPPS)'),
	{
		id: 'commitment-enabled',
		label: 'Ask the archive for storage commitment',
		group: 'Storage commitment',
		kind: 'boolean',
		help: 'When on, a study stays on the device until the archive has committed to keep it.',
		minutes: MINUTES_TO_SET,
		read: (device) => device.config.commitment.enabled,
		write: (device, value) => void (device.config.commitment.enabled = value === true),
	},
	{
		id: 'commitment-keep-open',
		label: 'Keep the association open for the result (s)',
		group: 'Storage commitment',
		kind: 'integer',
		minimum: 0,
		maximum: 300,
		help: 'With 0 the archive opens an association of its own to this device.',
		minutes: MINUTES_TO_SET,
		read: (device) => device.config.commitment.keepOpenSeconds,
		write: (device, value) => void (device.config.commitment.keepOpenSeconds = Number(value)),
	},
];
