import type { Process } from '#lib/kernel/process.ts';
import { formatDicomDate, minutes, seconds } from '#lib/kernel/time.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cFindRequest, COMMAND_FIELD, responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import { Device, type DeviceEnvironment } from '../../device.ts';
import { retrieve } from '../../dicom/retrieve-client.ts';
import { DicomProvider, type ServiceRequest } from '../../dicom/service-class-provider.ts';
import {
	failureText,
	openAssociation,
	type AssociationTarget,
} from '../../dicom/service-class-user.ts';
import { VIEWER_CLASSES } from '../../dicom/storage-classes.ts';
import { PRODUCTS } from '../../products.ts';
import { NodeSecurity } from '../../security/node-security.ts';
import type { WorkstationConfig } from './config.ts';
import { ReportSender } from './report-sender.ts';

/** A study on the reading list. */
export interface ListedStudy {
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
const TRANSFER_SYNTAXES = [UID.LittleEndianExplicit, UID.LittleEndianImplicit];
/** What the viewer can show. */
const STORAGE_CONTEXTS = VIEWER_CLASSES.map((abstractSyntax) => ({
	abstractSyntax,
	transferSyntaxes: TRANSFER_SYNTAXES,
}));

export class Workstation extends Device {
	readonly config: WorkstationConfig;
	readonly list = new Map<string, ListedStudy>();
	readonly provider: DicomProvider;
	readonly security: NodeSecurity;
	readonly reports: ReportSender | undefined;
	listStatus = 'not queried yet';

	constructor(environment: DeviceEnvironment, config: WorkstationConfig) {
		super(environment);
		this.config = config;
		this.security = new NodeSecurity(this, config.tls);
		this.reports = config.reports && new ReportSender(this, config.reports);
		this.provider = new DicomProvider(this, {
			port: () => this.config.port,
			maximumLengthBytes: 65_536,
			policy: () => ({
				aeTitles: [this.config.aeTitle],
				acceptCalling: [this.config.archive.aeTitle],
				supported: [
					{ abstractSyntax: UID.VerificationSOPClass, transferSyntaxes: TRANSFER_SYNTAXES },
					...STORAGE_CONTEXTS,
				],
				implementationClassUid: PRODUCTS.workstation.classUid,
				implementationVersionName: PRODUCTS.workstation.versionName,
			}),
			serve: (request) => this.#serve(request),
			securePort: () => this.security.securePort(),
		});
	}

	override exposures(): string[] {
		return this.security.exposures;
	}

	target(): Omit<AssociationTarget, 'contexts'> {
		const { host, port, aeTitle, tls } = this.config.archive;
		return {
			host,
			port,
			calledAeTitle: aeTitle,
			callingAeTitle: this.config.aeTitle,
			implementation: PRODUCTS.workstation,
			...(tls && { tls: this.security.target(host) }),
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

	/** Retrieves one study to this workstation, by C-MOVE or C-GET; a sentence when that fails. */
	*retrieve(study: ListedStudy): Process<string | undefined> {
		const error = yield* this.#fetch(study);
		study.state = error === undefined ? 'retrieved' : 'failed';
		this.log(
			error === undefined ? 'INFO' : 'ERROR',
			`retrieve of ${study.accessionNumber}: ${error ?? `${study.received.size} images`}`,
		);
		return error;
	}

	protected override onStart(): void {
		this.provider.open();
		this.reports?.client.open();
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
					if (order.accessionNumber !== '') this.reports?.send(order);
				}
				this.log('INFO', `study ${study.accessionNumber} read`);
			}
		}
	}

	*#refresh(): Process<string | undefined> {
		const target = {
			...this.target(),
			contexts: [{ abstractSyntax: FIND, transferSyntaxes: TRANSFER_SYNTAXES }],
		};
		const opened = yield* openAssociation(this.world, this.host, target, this);
		if (!opened.ok) return failureText(opened.failure);
		const { link } = opened;
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

	*#fetch(study: ListedStudy): Process<string | undefined> {
		const { problem } = yield* retrieve(
			this.world,
			this.host,
			{
				target: this.target(),
				method:
					this.config.retrieve === 'move'
						? { kind: 'move', destination: this.config.aeTitle }
						: {
								kind: 'get',
								contexts: STORAGE_CONTEXTS,
								receive: (request) => this.#receive(request),
							},
				identifier: { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: study.studyInstanceUid },
			},
			this,
		);
		return problem;
	}

	*#serve(request: ServiceRequest): Process {
		if (request.command.CommandField !== COMMAND_FIELD['C-STORE-RQ']) {
			request.respond(responseTo(request.command, { status: 0x0211 }));
			return;
		}
		yield* this.world.kernel.sleep(1_000);
		request.respond(responseTo(request.command, { status: this.#receive(request) }));
	}

	/** Takes an object for its study on the list; returns the status of the C-STORE. */
	#receive(request: ServiceRequest): number {
		const { transferSyntax } = request.context;
		const decoded = decodeDataSet(request.data, { transferSyntax });
		if (!decoded.ok) return 0xc000;
		const study = this.list.get(decoded.dataSet.text('StudyInstanceUID') ?? '');
		study?.received.add(request.command.AffectedSOPInstanceUID ?? '');
		return 0x0000;
	}
}
