import { race, Signal, wait, type Process } from '#lib/kernel/process.ts';
import { formatDicomDate, minutes, seconds, type Micros } from '#lib/kernel/time.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { Device, type DeviceEnvironment } from '../../device.ts';
import { DicomProvider } from '../../dicom/service-class-provider.ts';
import type { AssociationTarget } from '../../dicom/service-class-user.ts';
import { newUid, performedProcedureStepId } from '../../identifiers.ts';
import { acquire } from '../../objects/acquire.ts';
import type { AcquiredSeries, AcquisitionContext } from '../../objects/acquisition-context.ts';
import {
	importSeries,
	type ImportedImage,
	type ImportedSeries,
} from '../../objects/imported-series.ts';
import { PRODUCTS } from '../../products.ts';
import type { Order } from '../../records.ts';
import { NodeSecurity } from '../../security/node-security.ts';
import { CommitmentUser } from './commitment.ts';
import type { ModalityConfig, ModalityPeer } from './config.ts';
import { SendQueue, type SendJob } from './send-queue.ts';
import { beginList, endList, type DiscontinuationReason } from './step-data.ts';
import { StepReports, type StepReport } from './step-reports.ts';
import { queryWorklist, type WorklistEntry, type WorklistOutcome } from './worklist-query.ts';

const WORKLIST_RETRY_US = minutes(2);
const CHARACTER_SET = 'ISO_IR 100';
const OPERATOR = 'Technologist^Synthetic';
/** Incorrect worklist entry selected (PS3.16 CID 9300). */
const WRONG_ENTRY = '110514';

/** How long reading in a medium takes, and the number of the first series that comes of it. */
const IMPORT_US = minutes(3);
const FIRST_IMPORTED_SERIES = 101;

/** What goes on in the room. */
export interface Examination {
	readonly entry: WorklistEntry;
	/** Fired to break it off. */
	readonly discontinued: Signal<DiscontinuationReason>;
}

export class Modality extends Device {
	readonly config: ModalityConfig;
	readonly sendQueue: SendQueue;
	readonly stepReports: StepReports;
	readonly commitments: CommitmentUser;
	readonly provider: DicomProvider;
	readonly security: NodeSecurity;
	worklist: WorklistEntry[] = [];
	/** What the worklist screen says about its last query. */
	worklistStatus = 'not queried yet';
	examination: Examination | undefined;
	/** What has been read in from media, in bytes of pixel data. */
	importedBytes = 0;
	#stepCount = 0;
	#importCount = 0;

	constructor(environment: DeviceEnvironment, config: ModalityConfig) {
		super(environment);
		this.config = config;
		this.security = new NodeSecurity(this, config.tls);
		const context = {
			device: this,
			target: (peer: ModalityPeer) => this.target(peer),
			get attempts(): number {
				return config.sendAttempts;
			},
			get retryUs(): Micros {
				return seconds(config.retrySeconds);
			},
			get keepOpenSeconds(): number {
				return config.commitment.keepOpenSeconds;
			},
		};
		this.commitments = new CommitmentUser(context);
		this.stepReports = new StepReports(context);
		this.sendQueue = new SendQueue(context, (job) => {
			if (config.commitment.enabled) this.commitments.ask(job);
		});
		this.provider = new DicomProvider(this, {
			port: () => config.port,
			maximumLengthBytes: 16_384,
			policy: () => ({
				aeTitles: [config.aeTitle],
				acceptCalling: [config.archive.aeTitle],
				supported: [
					{ abstractSyntax: UID.VerificationSOPClass },
					// The archive that reports a result is the SCP of the service (PS3.4 J.3.3).
					...(config.commitment.enabled
						? [
								{
									abstractSyntax: UID.StorageCommitmentPushModelSOPClass,
									requestorMayBeScp: true,
								},
							]
						: []),
				].map((syntax) => ({
					...syntax,
					transferSyntaxes: [UID.LittleEndianExplicit, UID.LittleEndianImplicit],
				})),
				implementationClassUid: PRODUCTS.modality.classUid,
				implementationVersionName: PRODUCTS.modality.versionName,
				maximumAssociations: 5,
			}),
			serve: (request) => this.commitments.serve(request),
			securePort: () => this.security.securePort(),
		});
	}

	/** The studies on the device that are not done with. */
	get queue(): readonly SendJob[] {
		return this.sendQueue.jobs;
	}

	override exposures(): string[] {
		return this.security.exposures;
	}

	/** Everything that an association to a peer needs besides its contexts. */
	target(peer: ModalityPeer): Omit<AssociationTarget, 'contexts'> {
		const { host, port, aeTitle, tls } = this.config[peer];
		return {
			host,
			port,
			calledAeTitle: aeTitle,
			callingAeTitle: this.config.aeTitle,
			implementation: PRODUCTS.modality,
			connectTimeoutUs: seconds(60),
			...(tls && { tls: this.security.target(host) }),
		};
	}

	/** Queries the worklist for today and this station; the screen keeps the last good list. */
	*refreshWorklist(): Process<WorklistOutcome> {
		const outcome = yield* queryWorklist(this, {
			target: this.target('worklist'),
			stationAeTitle: this.config.aeTitle,
			modality: this.config.modality,
			date: formatDicomDate(this.os.clockUs()),
		});
		if (outcome.ok) {
			this.worklist = outcome.entries;
			this.worklistStatus = `${outcome.entries.length} entries at ${this.os.logStamp().slice(11, 19)}`;
		} else {
			this.worklistStatus = `failed at ${this.os.logStamp().slice(11, 19)}: ${outcome.text}`;
			this.log('WARN', `worklist query failed: ${outcome.text}`);
		}
		return outcome;
	}

	/**
	 * One patient on the table: find the entry on the worklist, then examine by it. Nobody needs to be examined
	 * any more once images from a medium have been taken for it.
	 */
	*examine(order: Order): Process {
		let entry = this.#entryOf(order);
		while (!entry && order.status === 'scheduled') {
			yield* this.refreshWorklist();
			entry = this.#entryOf(order);
			if (!entry) yield* this.world.kernel.sleep(WORKLIST_RETRY_US);
		}
		while (this.examination) yield* this.world.kernel.sleep(minutes(1));
		if (entry && order.status === 'scheduled') yield* this.perform(order, entry);
	}

	/**
	 * Examines a patient: reports the step, acquires, puts the study on the send queue. The order is what
	 * really happens, the entry what the device believes of it.
	 */
	*perform(order: Order, entry: WorklistEntry): Process {
		const discontinued = new Signal<DiscontinuationReason>();
		this.examination = { entry, discontinued };
		const report = this.#begin(entry);
		const end = yield* wait(
			race({
				done: this.world.kernel.timeout(minutes(order.procedure.minutes)),
				discontinued,
			}),
		);
		this.examination = undefined;
		if (end.winner === 'discontinued') {
			this.#discontinue(order, entry, report, end.value);
			return;
		}
		this.#deliver(
			order,
			entry,
			report,
			acquire(this.config.modality, this.#acquisition(entry, report)),
		);
	}

	/**
	 * Takes images from a medium as what was examined: a step of its own, then a series like any other. The
	 * order is told only if nobody has been examined for it yet.
	 */
	*takeOver(
		order: Order | undefined,
		entry: WorklistEntry,
		images: readonly ImportedImage[],
	): Process<ImportedSeries> {
		const report = this.#begin(entry);
		yield* this.world.kernel.sleep(IMPORT_US);
		const series = importSeries(this.#acquisition(entry, report), images, {
			seriesNumber: FIRST_IMPORTED_SERIES + this.#importCount++,
			protocolName: entry.description,
		});
		this.#deliver(order?.status === 'scheduled' ? order : undefined, entry, report, series);
		return series;
	}

	/** Puts a failed job back in the queue. False when there is no such job. */
	sendAgain(jobId: string): boolean {
		return this.sendQueue.sendAgain(jobId);
	}

	/** Asks the archive once more about a study that was sent. False when there is no such study. */
	askAgain(jobId: string): boolean {
		const job = this.queue.find((one) => one.id === jobId && one.state === 'sent');
		if (!job || !this.config.commitment.enabled) return false;
		this.commitments.ask(job);
		return true;
	}

	/** Removes a job and with it the images it held, unless they were sent. */
	deleteJob(jobId: string): SendJob | undefined {
		const job = this.sendQueue.remove(jobId);
		if (job && job.sentUids.size < job.instances.length) {
			this.world.kernel.record('instances-deleted', {
				device: this.id,
				sopInstanceUids: job.instances
					.map((i) => i.sopInstanceUid)
					.filter((uid) => !job.sentUids.has(uid)),
				hasOtherCopy: false,
			});
		}
		return job;
	}

	protected override onStart(): void {
		this.provider.open();
		this.sendQueue.resume();
		this.stepReports.resume();
		this.spawn('sender', this.sendQueue.run());
		this.spawn('step-reporter', this.stepReports.run());
		this.spawn('commitment', this.commitments.run());
	}

	protected override onStop(): void {
		this.provider.close();
	}

	/** What comes after the acquisition: the step ends, the order is examined, the series goes out. */
	#deliver(
		order: Order | undefined,
		entry: WorklistEntry,
		report: StepReport | undefined,
		series: AcquiredSeries | ImportedSeries,
	): void {
		if (report) {
			this.stepReports.end(report, 'COMPLETED', endList({ ...this.#end(entry), series }));
		}
		if (order) {
			order.status = 'acquired';
			order.acquiredUs = this.world.kernel.nowUs;
			order.instances.push(...series.instances.map((instance) => instance.sopInstanceUid));
		}
		this.world.kernel.record('study-acquired', {
			device: this.id,
			accession: (order ?? entry).accessionNumber,
			instances: series.instances.length,
		});
		this.log('INFO', `study ${entry.accessionNumber} acquired: ${series.instances.length} images`);
		const { sopClassUid } = series;
		this.sendQueue.add(
			entry,
			series.instances.map((instance) => ({ ...instance, sopClassUid })),
		);
	}

	#entryOf(order: Order): WorklistEntry | undefined {
		return this.worklist.find((entry) => entry.accessionNumber === order.accessionNumber);
	}

	#begin(entry: WorklistEntry): StepReport | undefined {
		if (!this.config.mpps.enabled) return undefined;
		const startUs = this.os.clockUs();
		const id = performedProcedureStepId(startUs, ++this.#stepCount);
		const sopInstanceUid = newUid(this.world.kernel.random(`${this.id}.steps`));
		const list = beginList({
			id,
			entry,
			startUs,
			config: this.config,
			specificCharacterSet: CHARACTER_SET,
		});
		return this.stepReports.begin({ id, sopInstanceUid, entry, startUs }, list);
	}

	#end(entry: WorklistEntry) {
		const endUs = this.os.clockUs();
		return { entry, endUs, operator: OPERATOR, specificCharacterSet: CHARACTER_SET };
	}

	/** Nothing was acquired; the step still needs a series (PS3.4 table F.7.2-1, note 2). */
	#discontinue(
		order: Order,
		entry: WorklistEntry,
		report: StepReport | undefined,
		reason: DiscontinuationReason,
	): void {
		// Whoever was taken for another patient still waits for the examination.
		order.status = reason.value === WRONG_ENTRY ? 'scheduled' : 'discontinued';
		this.world.kernel.record('examination-discontinued', {
			device: this.id,
			accession: order.accessionNumber,
			reason: reason.value,
		});
		this.log('WARN', `examination ${entry.accessionNumber} discontinued: ${reason.meaning}`);
		if (!report) return;
		const series: AcquiredSeries = {
			seriesInstanceUid: newUid(this.world.kernel.random(`${this.id}.steps`)),
			modality: this.config.modality,
			sopClassUid: '',
			description: '',
			protocolName: entry.description,
			instances: [],
		};
		const list = endList({ ...this.#end(entry), series, reason });
		this.stepReports.end(report, 'DISCONTINUED', list);
	}

	#acquisition(entry: WorklistEntry, report: StepReport | undefined): AcquisitionContext {
		const { config } = this;
		return {
			patient: {
				id: entry.patientId,
				issuer: entry.issuerOfPatientId,
				name: entry.patientName,
				birthDate: entry.birthDate,
				sex: entry.sex,
			},
			order: {
				accessionNumber: entry.accessionNumber,
				placerOrderNumber: entry.placerOrderNumber,
				requestedProcedureId: entry.requestedProcedureId,
				requestedProcedureDescription: entry.description,
				scheduledProcedureStepId: entry.scheduledStepId,
				scheduledProcedureStepDescription: entry.scheduledStepDescription,
				studyInstanceUid: entry.studyInstanceUid,
				referringPhysician: entry.referringPhysician,
				...(entry.procedureCode && { procedureCode: entry.procedureCode }),
				...(entry.protocolCode && { scheduledProtocolCode: entry.protocolCode }),
			},
			equipment: {
				manufacturer: config.manufacturer,
				modelName: config.modelName,
				serialNumber: config.serialNumber,
				stationName: config.stationName,
				institutionName: this.world.spec.institution,
				softwareVersions: config.softwareVersions,
				aeTitle: config.aeTitle,
			},
			startUs: this.os.clockUs(),
			operator: OPERATOR,
			random: this.world.kernel.random(`${this.id}.uids`),
			specificCharacterSet: CHARACTER_SET,
			variant: this.world.kernel.random(`${this.id}.phantom`).below(4),
			...(report && {
				performedProcedureStep: {
					id: report.id,
					sopInstanceUid: report.sopInstanceUid,
					startUs: report.startUs,
				},
			}),
		};
	}
}
