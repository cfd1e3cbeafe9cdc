import type { TableDeclaration } from '../define-device.ts';
import type { Device } from '../device.ts';
import type { DicomProvider } from '../dicom/service-class-provider.ts';
import { clockText } from './console-text.ts';

/** The table of association requests that a device with a DICOM listener shows, newest first. */
export function associationHistory<D extends Device & { readonly provider: DicomProvider }>(
	title: string,
): TableDeclaration<D> {
	return {
		id: 'associations',
		title,
		columns: [
			{ id: 'time', label: 'Time', mono: true },
			{ id: 'from', label: 'From', mono: true },
			{ id: 'calling', label: 'Calling AE', mono: true },
			{ id: 'called', label: 'Called AE', mono: true },
			{ id: 'outcome', label: 'Outcome' },
		],
		emptyText: 'No association since the service started.',
		rows: (device) =>
			device.provider.history
				.map((entry, index) => ({
					id: String(index),
					cells: {
						time: clockText(entry.timeUs),
						from: entry.peerAddress,
						calling: entry.callingAeTitle,
						called: entry.calledAeTitle,
						outcome: entry.outcome,
					},
					tone: entry.accepted ? ('neutral' as const) : ('bad' as const),
				}))
				.reverse(),
	};
}
