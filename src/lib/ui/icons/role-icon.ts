import type { IconName } from './paths.ts';

/** First match wins, so special words stand before general ones. */
const ROLE_WORDS: readonly (readonly [RegExp, IconName])[] = [
	[/desk|administrator/i, 'desk'],
	[/firewall|vpn/i, 'shield'],
	[/dicom router|gateway|wan/i, 'router'],
	[/switch|network|router/i, 'network'],
	[/archive|pacs|storage|vna/i, 'archive'],
	[/engine|interface|broker/i, 'engine'],
	[/workstation|viewer|reading|display/i, 'monitor'],
	[
		/modality|scanner|\b(ct|mr|mri|us|dr|cr|mg|xa|nm|pt)\b|mammo|ultrasound|c-arm|x-ray/i,
		'modality',
	],
	[/remote|external|cloud/i, 'cloud'],
];

/** The icon that stands for a host or device of this role, given in words. */
export function roleIcon(role: string): IconName {
	return ROLE_WORDS.find(([pattern]) => pattern.test(role))?.[1] ?? 'server-box';
}
