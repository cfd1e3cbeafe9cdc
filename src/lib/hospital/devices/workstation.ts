import { minutes } from '#lib/kernel/time.ts';
import { defineDevice } from '../define-device.ts';
import { messageTable } from '../hl7/message-history.ts';
import { associationHistory } from './association-history.ts';
import { dicomPorts, renewCertificate, tlsSettings } from './tls-console.ts';
import { verify } from './verification.ts';
import { workstationConfigSchema, type WorkstationConfig } from './workstation/config.ts';
import { Workstation } from './workstation/workstation.ts';

const STATE_TONE = {
	listed: 'neutral',
	retrieved: 'neutral',
	read: 'good',
	failed: 'bad',
} as const;

/** A reading workstation: today's list by C-FIND, images by C-MOVE or C-GET, read one after the other. */
export const workstation = defineDevice<WorkstationConfig, Workstation>({
	kind: 'workstation',
	title: 'Reading workstation',
	doc: 'Lists the studies of the day, retrieves and reads them.',
	config: workstationConfigSchema,
	listens: dicomPorts,
	create: (environment, config) => new Workstation(environment, config),
	console: {
		status: (device) => [
			{
				label: 'Viewer',
				value: device.state,
				tone: device.state === 'running' ? 'good' : 'bad',
			},
			{
				label: 'Reading list',
				value: device.listStatus,
				tone: device.listStatus.startsWith('failed') ? 'bad' : 'neutral',
			},
		],
		settings: [
			{
				id: 'ae-title',
				label: 'Own AE title',
				group: 'DICOM',
				kind: 'text',
				maximumLength: 16,
				minutes: 2,
				read: (device) => device.config.aeTitle,
				write: (device, value) => void (device.config.aeTitle = String(value)),
			},
			{
				id: 'archive-host',
				label: 'Archive host name or address',
				group: 'DICOM',
				kind: 'text',
				minutes: 2,
				read: (device) => device.config.archive.host,
				write: (device, value) => void (device.config.archive.host = String(value)),
			},
			{
				id: 'archive-port',
				label: 'Archive port',
				group: 'DICOM',
				kind: 'integer',
				minimum: 1,
				maximum: 65_535,
				minutes: 2,
				read: (device) => device.config.archive.port,
				write: (device, value) => void (device.config.archive.port = Number(value)),
			},
			{
				id: 'archive-tls',
				label: 'TLS to the archive',
				group: 'DICOM',
				kind: 'boolean',
				help: 'The port of the archive must speak TLS then.',
				minutes: 2,
				read: (device) => device.config.archive.tls,
				write: (device, value) => void (device.config.archive.tls = value === true),
			},
			{
				id: 'retrieve',
				label: 'Retrieve images by',
				group: 'DICOM',
				kind: 'choice',
				choices: () => [
					{ value: 'move', label: 'C-MOVE: the archive sends them to the own AE title' },
					{ value: 'get', label: 'C-GET: they come back on the same association' },
				],
				minutes: 2,
				read: (device) => device.config.retrieve,
				write: (device, value) => void (device.config.retrieve = value === 'get' ? 'get' : 'move'),
			},
			...tlsSettings<Workstation>(),
		],
		tables: [
			{
				id: 'list',
				title: 'Reading list of today',
				columns: [
					{ id: 'accession', label: 'Accession', mono: true },
					{ id: 'patient', label: 'Patient' },
					{ id: 'description', label: 'Study' },
					{ id: 'images', label: 'Images', align: 'end' },
					{ id: 'state', label: 'State' },
				],
				emptyText: 'No study of today is in the archive.',
				rows: (device) =>
					[...device.list.values()].reverse().map((study) => ({
						id: study.studyInstanceUid,
						cells: {
							accession: study.accessionNumber,
							patient: study.patient,
							description: study.description,
							images: String(study.instances),
							state: study.state,
						},
						tone: STATE_TONE[study.state],
					})),
			},
			associationHistory('Incoming associations'),
			messageTable((device) => device.reports?.history),
		],
		operations: [
			{
				id: 'verify-archive',
				label: 'Verify archive',
				minutes: 0.2,
				effect: 'none',
				*run(device) {
					return yield* verify(device, { label: 'archive', ...device.target() });
				},
			},
			{
				id: 'refresh-list',
				label: 'Refresh reading list',
				minutes: 0.2,
				effect: 'none',
				*run(device) {
					const error = yield* device.refresh();
					return {
						text: error
							? `The list could not be refreshed: ${error}`
							: `${device.list.size} studies.`,
						facts: [`reading list of ${device.id}: ${error ? 'failed' : 'answered'}`],
					};
				},
			},
			{
				id: 'retrieve-study',
				label: 'Open study',
				minutes: 0.2,
				effect: 'none',
				table: 'list',
				*run(device, { row }) {
					const study = device.list.get(row ?? '');
					if (!study) return { text: 'This study is not on the list.', refused: true };
					const wasRead = study.state === 'read';
					const error = yield* device.retrieve(study);
					if (error === undefined && wasRead) study.state = 'read';
					return {
						text: error
							? `The study could not be opened: ${error}`
							: `${study.received.size} images of ${study.accessionNumber} are shown.`,
						facts: [`retrieve to ${device.id}: ${error ? 'failed' : 'success'}`],
					};
				},
			},
			renewCertificate(),
			{
				id: 'restart',
				label: 'Restart the viewer',
				minutes: 2,
				takesItsTime: true,
				effect: 'change',
				confirm: 'Restart the viewer? Nobody can read here for two minutes.',
				*run(device) {
					device.stop();
					yield* device.world.kernel.sleep(minutes(2));
					device.start();
					return { text: 'The viewer was restarted. It was down for two minutes.' };
				},
			},
		],
	},
});
