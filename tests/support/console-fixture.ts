import type { ConsoleView } from '#lib/hospital/console-view.ts';

/** Two consoles as devices declare them: an archive reached from the desk, a scanner one must walk to. */

export function archiveConsole(): ConsoleView {
	return {
		device: 'pacs',
		title: 'PACS archive',
		role: 'Archive',
		host: 'pacs',
		address: '10.20.2.10',
		reach: 'remote',
		deviceTime: '2026-03-09 07:42:23',
		status: [
			{ label: 'DICOM listener', value: 'PACS, port 104', tone: 'good' },
			{ label: 'Database', value: 'answering', tone: 'good' },
			{ label: 'Image volume', value: '81 % full', tone: 'warning' },
			{ label: 'Rejected associations, last hour', value: '14', tone: 'bad' },
			{ label: 'Studies today', value: '37', tone: 'neutral' },
		],
		settings: [
			{
				id: 'ae-title',
				group: 'DICOM',
				label: 'AE title',
				kind: 'text',
				value: 'PACS',
				maximumLength: 16,
				minutes: 5,
			},
			{
				id: 'port',
				group: 'DICOM',
				label: 'Port',
				kind: 'integer',
				value: 104,
				minimum: 1,
				maximum: 65_535,
				minutes: 5,
			},
			{
				id: 'accept-any',
				group: 'DICOM',
				label: 'Accept any calling AE title',
				kind: 'boolean',
				value: false,
				minutes: 2,
				help: 'Opens the archive to every system that reaches its port.',
			},
			{
				id: 'log-level',
				group: 'Operation',
				label: 'Log level',
				kind: 'choice',
				value: 'info',
				choices: [
					{ value: 'info', label: 'Info' },
					{ value: 'debug', label: 'Debug' },
				],
				minutes: 1,
			},
		],
		tables: [
			{
				id: 'known-nodes',
				title: 'Known nodes',
				columns: [
					{ id: 'aet', label: 'AE title', mono: true },
					{ id: 'address', label: 'Address', mono: true },
					{ id: 'port', label: 'Port', align: 'end', mono: true },
					{ id: 'note', label: 'Note' },
				],
				rows: [
					['CT1', '10.20.1.11', 'CT 1'],
					['CT2', '10.20.1.12', 'CT 2'],
					['MR1', '10.20.1.21', 'MR 1'],
					['DR1', '10.20.1.31', 'DR room 1'],
				].map(([aet = '', address = '', note = '']) => ({
					id: aet,
					cells: { aet, address, port: '104', note },
				})),
				emptyText: 'No node is registered. Nobody can send to this archive.',
				totalRows: 4,
			},
			{
				id: 'associations',
				title: 'Associations',
				columns: [
					{ id: 'time', label: 'Time', mono: true },
					{ id: 'calling', label: 'Calling', mono: true },
					{ id: 'from', label: 'From', mono: true },
					{ id: 'result', label: 'Result' },
				],
				rows: [
					{
						id: '3',
						cells: { time: '07:41:47', calling: 'CT1', from: '10.20.1.11', result: 'accepted' },
						tone: 'good',
					},
					{
						id: '2',
						cells: {
							time: '07:38:12',
							calling: 'CT_DEFAULT',
							from: '10.20.1.12',
							result: 'rejected 1/1/3',
						},
						tone: 'bad',
					},
				],
				emptyText: 'No association since the service started.',
				totalRows: 214,
			},
			{
				id: 'failed',
				title: 'Failed jobs',
				columns: [{ id: 'job', label: 'Job' }],
				rows: [],
				emptyText: 'No job has failed.',
				totalRows: 0,
			},
		],
		operations: [
			{
				id: 'add-node',
				label: 'Register a node',
				minutes: 2,
				fields: [
					{ id: 'aet', label: 'AE title', kind: 'text', maximumLength: 16, required: true },
					{ id: 'address', label: 'Address', kind: 'text', required: true },
					{
						id: 'port',
						label: 'Port',
						kind: 'integer',
						minimum: 1,
						maximum: 65_535,
						required: true,
						initial: 104,
					},
				],
			},
			{ id: 'echo-node', label: 'Echo', minutes: 0, table: 'known-nodes', fields: [] },
			{
				id: 'delete-node',
				label: 'Delete',
				minutes: 1,
				table: 'known-nodes',
				fields: [],
				confirm: 'Delete this node? What calls itself by this title will be rejected at once.',
			},
			{
				id: 'restart',
				label: 'Restart the DICOM service',
				help: 'All associations end; senders must try again.',
				minutes: 3,
				fields: [],
				confirm:
					'Restart the DICOM service? Running transfers are cut, and the archive is away for three minutes.',
			},
		],
	};
}

export function ct2Console(): ConsoleView {
	return {
		device: 'ct2',
		title: 'CT 2',
		role: 'CT scanner',
		host: 'ct2',
		address: '10.20.1.12',
		reach: 'walk',
		deviceTime: '2026-03-09 07:44:02',
		status: [
			{ label: 'Acquisition', value: 'ready', tone: 'good' },
			{ label: 'Send queue', value: '2 studies failed', tone: 'bad' },
		],
		settings: [
			{
				id: 'ae-title',
				group: 'DICOM',
				label: 'Own AE title',
				kind: 'text',
				value: 'CT_DEFAULT',
				maximumLength: 16,
				minutes: 2,
			},
		],
		tables: [
			{
				id: 'queue',
				title: 'Send queue',
				columns: [
					{ id: 'patient', label: 'Patient' },
					{ id: 'study', label: 'Study' },
					{ id: 'images', label: 'Images', align: 'end' },
					{ id: 'state', label: 'State' },
				],
				rows: [
					{
						id: 'j1',
						cells: { patient: 'EXAMPLE^ALMA', study: 'Head native', images: '64', state: 'failed' },
						tone: 'bad',
					},
					{
						id: 'j2',
						cells: {
							patient: 'EXAMPLE^BORIS',
							study: 'Head native',
							images: '64',
							state: 'failed',
						},
						tone: 'bad',
					},
				],
				emptyText: 'Nothing waits to be sent.',
				totalRows: 2,
			},
		],
		operations: [
			{
				id: 'echo',
				label: 'DICOM echo',
				minutes: 0,
				fields: [
					{
						id: 'node',
						label: 'To',
						kind: 'choice',
						choices: [{ value: 'pacs', label: 'PACS' }],
						required: true,
						initial: 'pacs',
					},
				],
			},
			{ id: 'send-again', label: 'Send again', minutes: 1, table: 'queue', fields: [] },
		],
	};
}
