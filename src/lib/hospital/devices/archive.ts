import {
	defineDevice,
	type OperationDeclaration,
	type TableDeclaration,
} from '../define-device.ts';
import { minutes } from '#lib/kernel/time.ts';
import { Archive, archiveConfigSchema, type ArchiveConfig } from './archive/archive.ts';
import { settings } from './archive/console-settings.ts';
import { commitmentOperation, commitmentTable } from './archive/commitment-console.ts';
import { exportOperation } from './archive/export-study.ts';
import { instancesOf } from './archive/study-store.ts';
import { humanSize, usedPercent } from './archive/volumes.ts';
import { associationHistory } from './association-history.ts';
import { messageTable } from '../hl7/message-history.ts';
import { clockText } from './console-text.ts';
import { dicomPorts, renewCertificate } from './tls-console.ts';
import { verify } from './verification.ts';

const AE_TITLE = { kind: 'text', maximumLength: 16 } as const;
const tables: TableDeclaration<Archive>[] = [
	associationHistory('Association history'),
	messageTable((archive) => archive.hl7?.history),
	{
		id: 'nodes',
		title: 'Known nodes',
		configuration: true,
		columns: [
			{ id: 'ae-title', label: 'AE title', mono: true },
			{ id: 'host', label: 'Host', mono: true },
			{ id: 'port', label: 'Port', align: 'end' },
			{ id: 'tls', label: 'TLS' },
			{ id: 'may-store', label: 'May store' },
			{ id: 'may-query', label: 'May query and retrieve' },
			{ id: 'comment', label: 'Comment' },
		],
		emptyText: 'No node is known: every association will be rejected.',
		rows: (archive) =>
			archive.config.nodes.map((node) => ({
				id: node.aeTitle,
				cells: {
					'ae-title': node.aeTitle,
					host: node.host,
					port: String(node.port),
					tls: node.tls ? 'yes' : 'no',
					'may-store': node.mayStore ? 'yes' : 'no',
					'may-query': node.mayQuery ? 'yes' : 'no',
					comment: node.comment,
				},
			})),
	},
	{
		id: 'volumes',
		title: 'Volumes',
		columns: [
			{ id: 'mount', label: 'Mounted on', mono: true },
			{ id: 'size', label: 'Size', align: 'end' },
			{ id: 'used', label: 'Used', align: 'end' },
			{ id: 'free', label: 'Free', align: 'end' },
			{ id: 'percent', label: 'Use', align: 'end' },
		],
		emptyText: 'No volume is mounted.',
		rows: (archive) =>
			archive.os.volumes.map((volume) => {
				const percent = usedPercent(volume);
				return {
					id: volume.id,
					cells: {
						mount: volume.mount,
						size: humanSize(volume.sizeBytes),
						used: humanSize(volume.usedBytes),
						free: humanSize(volume.sizeBytes - volume.usedBytes),
						percent: `${percent} %`,
					},
					tone: percent >= 98 ? 'bad' : percent >= 90 ? 'warning' : 'neutral',
				};
			}),
	},
	{
		id: 'studies',
		title: 'Studies received today',
		columns: [
			{ id: 'received', label: 'Last image', mono: true },
			{ id: 'accession', label: 'Accession', mono: true },
			{ id: 'patient', label: 'Patient' },
			{ id: 'description', label: 'Study' },
			{ id: 'instances', label: 'Images', align: 'end' },
			{ id: 'second-copy', label: 'Second copy' },
		],
		emptyText: 'Nothing has been received today.',
		rows: (archive) =>
			[...archive.store.studies.values()]
				.sort((a, b) => b.receivedUs - a.receivedUs)
				.map((study) => ({
					id: study.studyInstanceUid,
					cells: {
						received: clockText(
							archive.world.epochUs + study.receivedUs + archive.os.clockOffsetUs,
						),
						accession: study.accessionNumber,
						patient: `${study.patientName} (${study.patientId})`,
						description: study.description,
						instances: String(instancesOf(study).length),
						'second-copy': study.secondCopy ? 'yes' : 'not yet',
					},
				})),
	},
	commitmentTable,
];

const NODE_FIELDS = [
	{ id: 'ae-title', label: 'AE title', ...AE_TITLE, required: true },
	{ id: 'host', label: 'Host name or address', kind: 'text', required: true },
	{
		id: 'port',
		label: 'Port',
		kind: 'integer',
		minimum: 1,
		maximum: 65_535,
		required: true,
		initial: 104,
	},
	{ id: 'may-store', label: 'May store', kind: 'boolean', required: true, initial: true },
	{
		id: 'may-query',
		label: 'May query and retrieve',
		kind: 'boolean',
		required: true,
		initial: true,
	},
	{ id: 'tls', label: 'TLS', kind: 'boolean', required: false, initial: false },
	{ id: 'comment', label: 'Comment', kind: 'text', required: false },
] as const satisfies OperationDeclaration<Archive>['fields'];

const operations: OperationDeclaration<Archive>[] = [
	{
		id: 'add-node',
		label: 'Add node',
		minutes: 2,
		effect: 'change',
		fields: [...NODE_FIELDS],
		*run(archive, { fields }) {
			const aeTitle = String(fields['ae-title']);
			if (archive.node(aeTitle)) {
				return { text: `The AE title ${aeTitle} is in the table already.`, refused: true };
			}
			archive.config.nodes.push({
				aeTitle,
				host: String(fields['host']),
				port: Number(fields['port']),
				mayStore: fields['may-store'] === true,
				mayQuery: fields['may-query'] === true,
				tls: fields['tls'] === true,
				comment: String(fields['comment'] ?? ''),
			});
			archive.log('INFO', `node ${aeTitle} added`);
			return { text: `Node ${aeTitle} added.` };
		},
	},
	{
		id: 'remove-node',
		label: 'Remove',
		minutes: 1,
		effect: 'change',
		table: 'nodes',
		confirm: 'Remove this node? Its associations will be rejected from now on.',
		*run(archive, { row }) {
			const index = archive.config.nodes.findIndex((node) => node.aeTitle === row);
			if (index < 0) return { text: `There is no node ${row ?? ''}.`, refused: true };
			archive.config.nodes.splice(index, 1);
			archive.log('INFO', `node ${row ?? ''} removed`);
			return { text: `Node ${row ?? ''} removed.` };
		},
	},
	{
		id: 'echo-node',
		label: 'DICOM echo',
		minutes: 0.2,
		effect: 'none',
		table: 'nodes',
		*run(archive, { row }) {
			const node = archive.node(row ?? '');
			if (!node) return { text: `There is no node ${row ?? ''}.`, refused: true };
			return yield* verify(archive, { label: node.aeTitle, ...archive.target(node) });
		},
	},
	commitmentOperation,
	exportOperation,
	renewCertificate(),
	{
		id: 'run-purge',
		label: 'Run purge job now',
		help: 'Removes from the volume the oldest studies that have a second copy, down to the low watermark.',
		minutes: 6,
		effect: 'change',
		*run(archive) {
			const freed = archive.purgeNow();
			return {
				text: `Purge finished: ${humanSize(freed)} freed, volume at ${usedPercent(archive.volume)} %.`,
				facts: [`purge of ${archive.id}: ${freed > 0 ? 'freed space' : 'nothing to free'}`],
			};
		},
	},
	{
		id: 'extend-volume',
		label: 'Extend by 200 GB',
		help: 'Takes space from the reserve pool of the storage system.',
		minutes: 25,
		effect: 'change',
		table: 'volumes',
		*run(archive, { row }) {
			const volume = archive.os.volumes.find((v) => v.id === row);
			if (!volume) return { text: `There is no volume ${row ?? ''}.`, refused: true };
			volume.sizeBytes += 200e9;
			archive.log('INFO', `volume ${volume.mount} extended by 200 GB`);
			archive.world.kernel.record('volume-extended', { device: archive.id, volume: volume.id });
			return { text: `${volume.mount} now has ${humanSize(volume.sizeBytes)}.` };
		},
	},
	{
		id: 'delete-study',
		label: 'Delete study',
		minutes: 1,
		effect: 'change',
		table: 'studies',
		confirm: 'Delete this study from the archive? This cannot be taken back.',
		*run(archive, { row }) {
			const study = archive.store.studies.get(row ?? '');
			if (!study) return { text: 'This study is not in the archive.', refused: true };
			const instances = archive.store.delete(study.studyInstanceUid);
			archive.volume.usedBytes -= instances.reduce((sum, i) => sum + i.bytes.length, 0);
			archive.log('WARN', `study ${study.accessionNumber} deleted by administrator`);
			archive.world.kernel.record('instances-deleted', {
				device: archive.id,
				sopInstanceUids: instances.map((i) => i.sopInstanceUid),
				hasOtherCopy: study.secondCopy,
			});
			return { text: `Study ${study.accessionNumber} deleted: ${instances.length} images.` };
		},
	},
	{
		id: 'delete-oldest',
		label: 'Delete oldest 5 % of studies',
		help: 'Removes the oldest studies whether or not they have a second copy.',
		minutes: 10,
		effect: 'change',
		confirm:
			'Delete the oldest studies on the volume, also those without a second copy? This cannot be taken back.',
		*run(archive) {
			const bytes = Math.floor(archive.volume.sizeBytes / 20);
			const withoutCopy = archive.holdings.bytes - archive.holdings.withSecondCopyBytes;
			// The migration of the oldest studies is what never got its second copy, so they go first.
			const lost = Math.min(bytes, withoutCopy);
			archive.volume.usedBytes -= bytes;
			archive.holdings.bytes -= bytes;
			archive.holdings.withSecondCopyBytes -= bytes - lost;
			archive.log('WARN', `oldest studies deleted by administrator: ${humanSize(bytes)}`);
			archive.world.kernel.record('holdings-deleted', {
				device: archive.id,
				bytes,
				withoutOtherCopyBytes: lost,
			});
			return { text: `${humanSize(bytes)} deleted; ${humanSize(lost)} of it had no second copy.` };
		},
	},
	{
		id: 'restart',
		label: 'Restart archive service',
		minutes: 4,
		takesItsTime: true,
		effect: 'change',
		confirm: 'Restart the archive? Nobody can store, query or retrieve for about four minutes.',
		*run(archive) {
			archive.stop();
			yield* archive.world.kernel.sleep(minutes(4));
			archive.start();
			return { text: 'The archive service was restarted. It was down for four minutes.' };
		},
	},
];

/** The archive (PACS server): storage, query, retrieve, and the management of its volume. */
export const archive = defineDevice<ArchiveConfig, Archive>({
	kind: 'archive',
	title: 'Archive',
	doc: 'Stores, finds and sends images; knows its peers by AE title; keeps its volume below a watermark.',
	config: archiveConfigSchema,
	listens: ({ hl7, dicomweb, ...config }) => [
		...dicomPorts(config),
		...(hl7 ? [{ service: 'HL7 MLLP', port: hl7.port }] : []),
		...(dicomweb ? [{ service: 'DICOMweb', port: dicomweb.port }] : []),
	],
	create: (environment, config) => new Archive(environment, config),
	console: {
		status: (device) => [
			{
				label: 'Service',
				value: device.state,
				tone: device.state === 'running' ? 'good' : 'bad',
			},
			{
				label: 'AE title',
				value: `${device.config.aeTitle}:${device.config.port}`,
				tone: 'neutral',
			},
			{
				label: 'Associations now',
				value: `${device.provider.associationsInUse} of ${device.config.maximumAssociations}`,
				tone: 'neutral',
			},
			...(device.config.dicomweb
				? [
						{
							label: 'DICOMweb',
							value: `port ${device.config.dicomweb.port}`,
							tone: 'neutral' as const,
						},
					]
				: []),
			{ label: 'Last purge', value: device.lastPurge, tone: 'neutral' },
		],
		settings,
		tables,
		operations,
	},
});
