import type { Process } from '#lib/kernel/process.ts';
import { formatDicomDate, minutes, seconds } from '#lib/kernel/time.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import {
	cFindRequest,
	cMoveRequest,
	COMMAND_FIELD,
	responseTo,
} from '#lib/protocol/dicom/dimse/services.ts';
import { z } from 'zod';
import { defineDevice } from '../define-device.ts';
import { Device, type DeviceEnvironment } from '../device.ts';
import { DicomProvider, type ServiceRequest } from '../dicom/service-class-provider.ts';
import {
	failureText,
	openAssociation,
	type AssociationLink,
	type AssociationTarget,
} from '../dicom/service-class-user.ts';
import { PRODUCTS } from '../products.ts';
import { associationHistory } from './association-history.ts';
import { verify } from './verification.ts';

const workstationConfigSchema = z.strictObject({
	aeTitle: z.string().min(1).max(16),
	port: z.int().min(1).max(65_535).default(104),
	archive: z.strictObject({
		aeTitle: z.string().min(1).max(16),
		host: z.string().min(1),
		port: z.int().min(1).max(65_535),
	}),
	/** How often the reading list is refreshed, and how long one study takes to read. */
	refreshSeconds: z.int().min(10).max(3_600).default(300),
	readingMinutes: z.int().min(1).max(60).default(5),
});

type WorkstationConfig = z.infer<typeof workstationConfigSchema>;

/** A study on the reading list. */
interface ListedStudy {
	studyInstanceUid: string;
	accessionNumber: string;
	patient: string;
	description: string;
	instances: number;
	state: 'listed' | 'retrieved' | 'read' | 'failed';
	/** Images that arrived here. */
	received: Set<string>;
}

const FIND = UID.FINDStudyRootQueryRetrieveInformationModel;
const MOVE = UID.MOVEStudyRootQueryRetrieveInformationModel;
const TRANSFER_SYNTAXES = [UID.LittleEndianExplicit, UID.LittleEndianImplicit];
/** A study is read once no image has been added to it for this long; the list shows it earlier. */
const STORAGE_CLASSES = [
	UID.CTImageStorage,
	UID.DigitalXRayImageStorageForPresentation,
	UID.ComputedRadiographyImageStorage,
	UID.SecondaryCaptureImageStorage,
];

export class Workstation extends Device {
	readonly config: WorkstationConfig;
	readonly list = new Map<string, ListedStudy>();
	readonly provider: DicomProvider;
	listStatus = 'not queried yet';

	constructor(environment: DeviceEnvironment, config: WorkstationConfig) {
		super(environment);
		this.config = config;
		this.provider = new DicomProvider(this, {
			port: () => this.config.port,
			maximumLengthBytes: 65_536,
			policy: () => ({
				aeTitles: [this.config.aeTitle],
				acceptCalling: [this.config.archive.aeTitle],
				supported: [UID.VerificationSOPClass, ...STORAGE_CLASSES].map((abstractSyntax) => ({
					abstractSyntax,
					transferSyntaxes: TRANSFER_SYNTAXES,
				})),
				implementationClassUid: PRODUCTS.workstation.classUid,
				implementationVersionName: PRODUCTS.workstation.versionName,
			}),
			serve: (request) => this.#serve(request),
		});
	}

	target(): Omit<AssociationTarget, 'contexts'> {
		const { host, port, aeTitle } = this.config.archive;
		return {
			host,
			port,
			calledAeTitle: aeTitle,
			callingAeTitle: this.config.aeTitle,
			implementation: PRODUCTS.workstation,
		};
	}

	/** Asks the archive for today's studies; a sentence when that fails. */
	*refresh(): Process<string | undefined> {
		const error = yield* this.#refresh();
		const time = this.os.logStamp().slice(11, 19);
		this.listStatus = error
			? `failed at ${time}: ${error}`
			: `${this.list.size} studies at ${time}`;
		if (error) this.log('WARN', `query of archive failed: ${error}`);
		return error;
	}

	/** Retrieves one study by C-MOVE to this workstation; a sentence when that fails. */
	*retrieve(study: ListedStudy): Process<string | undefined> {
		const error = yield* this.#move(study);
		study.state = error === undefined ? 'retrieved' : 'failed';
		this.log(
			error === undefined ? 'INFO' : 'ERROR',
			`retrieve of ${study.accessionNumber}: ${error ?? `${study.received.size} images`}`,
		);
		return error;
	}

	protected override onStart(): void {
		this.provider.open();
		this.spawn('reader', this.#read());
	}

	protected override onStop(): void {
		this.provider.close();
	}

	*#read(): Process {
		for (;;) {
			yield* this.world.kernel.sleep(seconds(this.config.refreshSeconds));
			yield* this.refresh();
			for (const study of this.list.values()) {
				if (study.state === 'read') continue;
				const order = this.world.records.byStudy(study.studyInstanceUid);
				// The reader opens a study once the technologist has completed it.
				if (order && order.archivedUs === undefined) continue;
				if ((yield* this.retrieve(study)) !== undefined) continue;
				yield* this.world.kernel.sleep(minutes(this.config.readingMinutes));
				study.state = 'read';
				if (order) {
					order.status = 'read';
					order.readUs = this.world.kernel.nowUs;
					this.world.kernel.record('study-read', { accession: order.accessionNumber });
				}
				this.log('INFO', `study ${study.accessionNumber} read`);
			}
		}
	}

	*#open(abstractSyntax: string): Process<AssociationLink | string> {
		const opened = yield* openAssociation(
			this.world,
			this.host,
			{
				...this.target(),
				contexts: [{ abstractSyntax, transferSyntaxes: TRANSFER_SYNTAXES }],
			},
			this,
		);
		return opened.ok ? opened.link : failureText(opened.failure);
	}

	*#refresh(): Process<string | undefined> {
		const link = yield* this.#open(FIND);
		if (typeof link === 'string') return link;
		const transferSyntax = link.transferSyntaxOf(FIND) ?? UID.LittleEndianImplicit;
		const identifier = DataSet.from({
			QueryRetrieveLevel: 'STUDY',
			StudyDate: formatDicomDate(this.os.clockUs()),
			AccessionNumber: '',
			PatientName: '',
			PatientID: '',
			StudyDescription: '',
			StudyInstanceUID: '',
			NumberOfStudyRelatedInstances: '',
		});
		let answer = yield* link.request(
			FIND,
			cFindRequest({ messageId: link.connection.messageId(), sopClassUid: FIND }),
			encodeDataSet(identifier, { transferSyntax }),
		);
		while (answer.kind === 'response' && (answer.command.Status ?? 0) >= 0xff00) {
			const decoded = decodeDataSet(answer.data ?? new Uint8Array(0), { transferSyntax });
			if (decoded.ok) this.#listStudy(decoded.dataSet);
			answer = yield* link.nextAnswer();
		}
		yield* link.release();
		if (answer.kind !== 'response') return 'the archive did not answer the query';
		const status = answer.command.Status ?? 0;
		return status === 0 ? undefined : `C-FIND status ${status.toString(16).toUpperCase()}`;
	}

	#listStudy(found: DataSet): void {
		const studyInstanceUid = found.text('StudyInstanceUID') ?? '';
		const instances = Number(found.text('NumberOfStudyRelatedInstances') ?? 0);
		const known = this.list.get(studyInstanceUid);
		if (known) {
			known.instances = instances;
			return;
		}
		this.list.set(studyInstanceUid, {
			studyInstanceUid,
			accessionNumber: found.text('AccessionNumber') ?? '',
			patient: `${found.text('PatientName') ?? ''} (${found.text('PatientID') ?? ''})`,
			description: found.text('StudyDescription') ?? '',
			instances,
			state: 'listed',
			received: new Set(),
		});
	}

	*#move(study: ListedStudy): Process<string | undefined> {
		const link = yield* this.#open(MOVE);
		if (typeof link === 'string') return link;
		const transferSyntax = link.transferSyntaxOf(MOVE) ?? UID.LittleEndianImplicit;
		let answer = yield* link.request(
			MOVE,
			cMoveRequest({
				messageId: link.connection.messageId(),
				sopClassUid: MOVE,
				destination: this.config.aeTitle,
			}),
			encodeDataSet(
				DataSet.from({ QueryRetrieveLevel: 'STUDY', StudyInstanceUID: study.studyInstanceUid }),
				{ transferSyntax },
			),
		);
		while (answer.kind === 'response' && answer.command.Status === 0xff00) {
			answer = yield* link.nextAnswer();
		}
		yield* link.release();
		if (answer.kind !== 'response') return 'the archive did not answer the retrieve';
		const status = answer.command.Status ?? 0;
		return status === 0 ? undefined : `C-MOVE status ${status.toString(16).toUpperCase()}`;
	}

	*#serve(request: ServiceRequest): Process {
		if (request.command.CommandField !== COMMAND_FIELD['C-STORE-RQ']) {
			request.respond(responseTo(request.command, { status: 0x0211 }));
			return;
		}
		yield* this.world.kernel.sleep(1_000);
		const decoded = decodeDataSet(request.data, {
			transferSyntax: request.context.transferSyntax,
		});
		const study = decoded.ok
			? this.list.get(decoded.dataSet.text('StudyInstanceUID') ?? '')
			: undefined;
		study?.received.add(request.command.AffectedSOPInstanceUID ?? '');
		request.respond(responseTo(request.command, { status: decoded.ok ? 0x0000 : 0xc000 }));
	}
}

const STATE_TONE = {
	listed: 'neutral',
	retrieved: 'neutral',
	read: 'good',
	failed: 'bad',
} as const;

/** A reading workstation: today's list by C-FIND, images by C-MOVE, read one after the other. */
export const workstation = defineDevice<WorkstationConfig, Workstation>({
	kind: 'workstation',
	title: 'Reading workstation',
	doc: 'Lists the studies of the day, retrieves and reads them.',
	config: workstationConfigSchema,
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
		],
	},
});
