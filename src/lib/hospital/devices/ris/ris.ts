import type { Process } from '#lib/kernel/process.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { COMMAND_FIELD, responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import { z } from 'zod';
import { Device, type DeviceEnvironment } from '../../device.ts';
import type { QueryRecord } from '../../dicom/match-identifier.ts';
import { DicomProvider } from '../../dicom/service-class-provider.ts';
import type { ServiceRequest } from '../../dicom/service-request.ts';
import { newUid } from '../../identifiers.ts';
import { PRODUCTS } from '../../products.ts';
import type { Patient } from '../../patients.ts';
import type { Order } from '../../records.ts';
import { NodeSecurity, nodeSecuritySchema } from '../../security/node-security.ts';
import { Hl7Feed, hl7FeedSchema } from './hl7-feed.ts';
import { PatientRegister } from './patient-register.ts';
import { ReportListener } from './report-listener.ts';
import { PerformedSteps, type PerformedStep, type StepAnswer } from './performed-steps.ts';
import { INCORRECT_WORKLIST_ENTRY, linkOf, reasonOf, type StepLink } from './step-link.ts';
import { serveWorklist, worklistRecord } from './worklist.ts';

/** When a scheduled step leaves the worklist. */
export const WORKLIST_REMOVALS = ['started', 'completed', 'by-hand'] as const;

/** Character sets the RIS can write. */
export const WORKLIST_CHARACTER_SETS = ['ISO_IR 100', 'ISO_IR 192'] as const;

export const risConfigSchema = z.strictObject({
	aeTitle: z.string().min(1).max(16),
	port: z.int().min(1).max(65_535).default(104),
	/** The AE title that the RIS has on file for each station, by device id. */
	stations: z.record(z.string(), z.string().min(1).max(16)),
	/** Scheduled Procedure Step Location (SH) of each station, by device id. */
	locations: z.record(z.string(), z.string().max(16)).default({}),
	/** Issuer of Patient ID (LO): who gave the patients their numbers. */
	issuerOfPatientId: z.string().max(64).default(''),
	characterSet: z.enum(WORKLIST_CHARACTER_SETS).default('ISO_IR 100'),
	/** Whether modalities may report performed procedure steps. */
	acceptPerformedSteps: z.boolean().default(true),
	leavesWorklist: z.enum(WORKLIST_REMOVALS).default('started'),
	/** A second port with TLS below DICOM, and its certificate. */
	tls: nodeSecuritySchema.prefault({}),
	/** Where it sends HL7 messages; without it there is no HL7 in this hospital. */
	hl7: hl7FeedSchema.optional(),
});

export type RisConfig = z.infer<typeof risConfigSchema>;

/** What the RIS believes of an order; what really happened is in the world's records. */
export type StepStatus = 'scheduled' | 'in progress' | 'completed' | 'discontinued';

export interface ScheduledStep {
	readonly order: Order;
	status: StepStatus;
	/** Checked off by a person, which takes it off the worklist whatever the setting. */
	byHand: boolean;
	/** SOP Instance UIDs of the performed steps that name it. */
	readonly performed: string[];
}

const WORKLIST = UID.FINDModalityWorklistInformationModel;
const PERFORMED_STEP = UID.ModalityPerformedProcedureStepSOPClass;
/** No such attribute, missing attribute: the failures with an Attribute Identifier List (PS3.7 C.5.13, C.5.17). */
const LISTS_ATTRIBUTES: ReadonlySet<number> = new Set([0x0105, 0x0120]);

export class Ris extends Device {
	readonly config: RisConfig;
	/** By accession number, in the order in which they were placed. */
	readonly steps = new Map<string, ScheduledStep>();
	readonly performedSteps = new PerformedSteps();
	/** To which orders each performed step belongs, by its SOP Instance UID. */
	readonly links = new Map<string, StepLink>();
	readonly provider: DicomProvider;
	readonly security: NodeSecurity;
	readonly register = new PatientRegister();
	readonly feed: Hl7Feed | undefined;
	readonly reports: ReportListener | undefined;

	constructor(environment: DeviceEnvironment, config: RisConfig) {
		super(environment);
		this.config = config;
		this.security = new NodeSecurity(this, config.tls);
		this.feed = config.hl7 && new Hl7Feed(this, config.hl7, () => this.config.issuerOfPatientId);
		this.reports =
			this.feed?.config.reportPort === undefined
				? undefined
				: new ReportListener(
						this,
						this.feed.config.reportPort,
						this.feed.history,
						(accession, id) => {
							const patient = this.steps.get(accession)?.order.patient;
							return (
								patient && this.register.survivorOf(patient.id) === this.register.survivorOf(id)
							);
						},
					);
		this.provider = new DicomProvider(this, {
			port: () => this.config.port,
			maximumLengthBytes: 16_384,
			policy: () => ({
				aeTitles: [this.config.aeTitle],
				acceptCalling: 'any',
				supported: [
					UID.VerificationSOPClass,
					WORKLIST,
					...(this.config.acceptPerformedSteps ? [PERFORMED_STEP] : []),
				].map((abstractSyntax) => ({
					abstractSyntax,
					transferSyntaxes: [UID.LittleEndianExplicit, UID.LittleEndianImplicit],
				})),
				implementationClassUid: PRODUCTS.ris.classUid,
				implementationVersionName: PRODUCTS.ris.versionName,
				maximumAssociations: 20,
			}),
			serve: (request) => this.#serve(request),
			securePort: () => this.security.securePort(),
		});
	}

	override exposures(): string[] {
		return this.security.exposures;
	}

	/** Order entry: the order is scheduled on a station and appears on its worklist. */
	placeOrder(order: Order): void {
		const step: ScheduledStep = { order, status: 'scheduled', byHand: false, performed: [] };
		this.steps.set(order.accessionNumber, step);
		this.log('INFO', `order ${order.accessionNumber} scheduled on ${order.device}`);
		this.register.register(order.patient);
		this.feed?.scheduled(this.asRegistered(order), {
			aeTitle: this.config.stations[order.device] ?? '',
			name: (this.world.devices.get(order.device)?.title ?? '').slice(0, 16),
		});
	}

	/** The order with its patient as the RIS has them on file, after corrections and merges. */
	asRegistered(order: Order): Order {
		return { ...order, patient: this.register.find(order.patient.id) ?? order.patient };
	}

	/** A person corrects the demographics of an order's patient (IHE RAD-12). Undefined: no such order. */
	correctPatient(
		accessionNumber: string,
		changes: Partial<Omit<Patient, 'id'>>,
	): Patient | undefined {
		const order = this.steps.get(accessionNumber)?.order;
		const corrected = order && this.register.correct(order.patient.id, changes);
		if (!corrected) return undefined;
		this.log('INFO', `demographics of ${corrected.id} corrected`);
		this.feed?.corrected(corrected, order);
		return corrected;
	}

	/** A person merges two patient numbers (IHE RAD-12); a sentence when that cannot be. */
	mergePatients(survivorId: string, priorId: string): string | undefined {
		const problem = this.register.merge(survivorId, priorId);
		const survivor = this.register.find(survivorId);
		if (problem !== undefined || !survivor) return problem;
		this.log('INFO', `patient ${priorId} merged into ${survivorId}`);
		this.feed?.merged(survivor, priorId);
		return undefined;
	}

	/** A person checks an order off. False when there is no such order or it is completed already. */
	complete(accessionNumber: string): boolean {
		const step = this.steps.get(accessionNumber);
		if (!step || step.status === 'completed') return false;
		step.status = 'completed';
		step.byHand = true;
		this.log('INFO', `order ${accessionNumber} completed by hand`);
		return true;
	}

	protected override onStart(): void {
		this.provider.open();
		this.feed?.client.open();
		this.reports?.listener.open();
	}

	protected override onStop(): void {
		this.provider.close();
		this.reports?.listener.close();
	}

	*#serve(request: ServiceRequest): Process {
		const { abstractSyntax } = request.context;
		switch (request.command.CommandField) {
			case COMMAND_FIELD['C-FIND-RQ']:
				if (abstractSyntax !== WORKLIST) break;
				yield* this.#serveWorklist(request);
				return;
			case COMMAND_FIELD['N-CREATE-RQ']:
			case COMMAND_FIELD['N-SET-RQ']:
				if (abstractSyntax !== PERFORMED_STEP) break;
				yield* this.#servePerformedStep(request);
				return;
		}
		// Unrecognized operation (PS3.7 annex C).
		request.respond(responseTo(request.command, { status: 0x0211 }));
	}

	*#serveWorklist(request: ServiceRequest): Process {
		const { kernel } = this.world;
		yield* kernel.sleep(15_000);
		const outcome = yield* serveWorklist(
			{
				records: () => this.#worklist(),
				pause: () => kernel.sleep(200),
				leftOut: (accessionNumber) => {
					this.log('WARN', `order ${accessionNumber} cannot be written, left out of the worklist`);
				},
			},
			request,
		);
		this.log('INFO', `worklist query from ${request.callingAeTitle}: ${outcome}`);
	}

	*#worklist(): Generator<QueryRecord> {
		for (const step of this.steps.values()) {
			if (!this.#isOnWorklist(step)) continue;
			const order = this.asRegistered(step.order);
			const { device } = order;
			const item = {
				order,
				stepStatus: step.status === 'in progress' ? ('STARTED' as const) : ('SCHEDULED' as const),
				stationAeTitle: this.config.stations[device] ?? '',
				stationName: (this.world.devices.get(device)?.title ?? '').slice(0, 16),
				location: this.config.locations[device] ?? '',
				startUs: this.world.epochUs + order.scheduledUs,
				issuerOfPatientId: this.config.issuerOfPatientId,
			};
			yield worklistRecord(item, this.config.characterSet);
		}
	}

	#isOnWorklist({ status, byHand }: ScheduledStep): boolean {
		if (status === 'scheduled') return true;
		if (byHand) return false;
		const { leavesWorklist } = this.config;
		return (
			leavesWorklist === 'by-hand' || (leavesWorklist === 'completed' && status === 'in progress')
		);
	}

	/** N-CREATE and N-SET of a performed procedure step (PS3.4 F.7.2; IHE RAD-6, RAD-7). */
	*#servePerformedStep(request: ServiceRequest): Process {
		yield* this.world.kernel.sleep(8_000);
		const { command, callingAeTitle } = request;
		const { transferSyntax } = request.context;
		const isCreate = command.CommandField === COMMAND_FIELD['N-CREATE-RQ'];
		const given = isCreate ? command.AffectedSOPInstanceUID : command.RequestedSOPInstanceUID;
		const made =
			isCreate && given === undefined ? newUid(this.world.kernel.random(this.id)) : undefined;
		const uid = given ?? made ?? '';
		const decoded = decodeDataSet(request.data, { transferSyntax });
		const nowUs = this.os.clockUs();
		const answer: StepAnswer = !decoded.ok
			? { status: 0x0110, errorComment: 'Data set unreadable' }
			: isCreate
				? this.performedSteps.create(uid, decoded.dataSet, { callingAeTitle, nowUs })
				: this.performedSteps.set(uid, decoded.dataSet, nowUs);
		const service = isCreate ? 'N-CREATE' : 'N-SET';
		if (answer.step) this.#note(answer.step);
		else {
			const status = answer.status.toString(16).toUpperCase().padStart(4, '0');
			this.log(
				'WARN',
				`${service} from ${callingAeTitle} refused: ${status} ${answer.errorComment ?? ''}`,
			);
		}
		const { dataSet } = answer;
		const withDataSet = dataSet !== undefined && dataSet.tags().length > 0;
		request.respond(
			{
				...responseTo(command, {
					status: answer.status,
					withDataSet,
					...(answer.errorComment === undefined ? {} : { errorComment: answer.errorComment }),
					...(made === undefined || !answer.step ? {} : { sopInstanceUid: made }),
				}),
				...(answer.errorId === undefined ? {} : { ErrorID: answer.errorId }),
				...(answer.attributes && LISTS_ATTRIBUTES.has(answer.status)
					? { AttributeIdentifierList: answer.attributes }
					: {}),
			},
			withDataSet ? encodeDataSet(dataSet, { transferSyntax }) : undefined,
		);
	}

	/** Brings the orders up to what a performed step says of them. */
	#note(performed: PerformedStep): void {
		const { sopInstanceUid } = performed;
		const link =
			this.links.get(sopInstanceUid) ??
			linkOf(
				performed,
				this.steps.values().map(({ order }) => order),
			);
		this.links.set(sopInstanceUid, link);
		const { accessionNumbers, text } = link;
		for (const accessionNumber of accessionNumbers) {
			const step = this.steps.get(accessionNumber);
			if (!step) continue;
			if (!step.performed.includes(sopInstanceUid)) step.performed.push(sopInstanceUid);
			step.status = this.#statusOf(step);
		}
		this.log('INFO', `performed step of ${performed.callingAeTitle} ${performed.status}: ${text}`);
		this.world.kernel.record('performed-step', {
			device: this.id,
			calling: performed.callingAeTitle,
			sopInstanceUid,
			status: performed.status,
			accession: accessionNumbers.join(' '),
		});
	}

	/**
	 * A scheduled step is in progress while one of its performed steps is, and completed when one was. One
	 * that was discontinued because the wrong worklist entry had been selected was never begun.
	 */
	#statusOf(step: ScheduledStep): StepStatus {
		const performed = step.performed
			.map((uid) => this.performedSteps.get(uid))
			.filter((one) => one !== undefined);
		if (performed.some(({ status }) => status === 'IN PROGRESS')) return 'in progress';
		if (step.byHand || performed.some(({ status }) => status === 'COMPLETED')) return 'completed';
		const begun = performed.some((one) => reasonOf(one).value !== INCORRECT_WORKLIST_ENTRY);
		return begun ? 'discontinued' : 'scheduled';
	}
}
