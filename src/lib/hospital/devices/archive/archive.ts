import type { Process } from '#lib/kernel/process.ts';
import { hours, minutes, seconds } from '#lib/kernel/time.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { COMMAND_FIELD, responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import type { AcceptorPolicy } from '#lib/protocol/dicom/negotiation.ts';
import { z } from 'zod';
import { Device, type DeviceEnvironment } from '../../device.ts';
import { DicomProvider, type ServiceRequest } from '../../dicom/service-class-provider.ts';
import type { Volume } from '../../operating-system.ts';
import { PRODUCTS } from '../../products.ts';
import { serveFind } from './query.ts';
import { serveMove } from './retrieve.ts';
import { StudyStore, type StoredInstance } from './study-store.ts';
import { purge, usedPercent, type Holdings } from './volumes.ts';

/** An entry of the node table: whom the archive knows, and what they may do. */
export const nodeSchema = z.strictObject({
	aeTitle: z.string().min(1).max(16),
	host: z.string().min(1),
	port: z.int().min(1).max(65_535),
	mayStore: z.boolean().default(true),
	mayQuery: z.boolean().default(true),
	comment: z.string().default(''),
});

export type Node = z.infer<typeof nodeSchema>;

export const archiveConfigSchema = z.strictObject({
	aeTitle: z.string().min(1).max(16),
	port: z.int().min(1).max(65_535).default(104),
	acceptUnknownCallers: z.boolean().default(false),
	maximumAssociations: z.int().min(1).max(500).default(50),
	nodes: z.array(nodeSchema),
	/** The volume that images are written to. */
	volume: z.string(),
	/** How much of what is on the volume at the start has no second copy yet, in GB. */
	withoutSecondCopyGB: z.number().min(0).default(0),
	purgeEnabled: z.boolean().default(true),
	highWatermarkPercent: z.int().min(1).max(100).default(90),
	lowWatermarkPercent: z.int().min(1).max(100).default(80),
});

export type ArchiveConfig = z.infer<typeof archiveConfigSchema>;

/** Storage SOP classes it takes (PS3.6 table A-1); more than the modalities of the hospital need. */
const STORAGE_CLASSES = [
	UID.CTImageStorage,
	UID.DigitalXRayImageStorageForPresentation,
	UID.DigitalXRayImageStorageForProcessing,
	UID.ComputedRadiographyImageStorage,
	UID.MRImageStorage,
	UID.UltrasoundImageStorage,
	UID.SecondaryCaptureImageStorage,
];

const TRANSFER_SYNTAXES = [UID.LittleEndianExplicit, UID.LittleEndianImplicit];

const SUPPORTED: AcceptorPolicy['supported'] = [
	UID.VerificationSOPClass,
	...STORAGE_CLASSES,
	UID.FINDStudyRootQueryRetrieveInformationModel,
	UID.MOVEStudyRootQueryRetrieveInformationModel,
].map((abstractSyntax) => ({ abstractSyntax, transferSyntaxes: TRANSFER_SYNTAXES }));

const SECOND_COPY_INTERVAL_US = minutes(15);
const PURGE_INTERVAL_US = hours(1);

export class Archive extends Device {
	readonly config: ArchiveConfig;
	readonly store = new StudyStore();
	readonly holdings: Holdings;
	readonly provider: DicomProvider;
	lastPurge = 'not yet today';

	constructor(environment: DeviceEnvironment, config: ArchiveConfig) {
		super(environment);
		this.config = config;
		const usedBytes = this.volume.usedBytes;
		this.holdings = {
			bytes: usedBytes,
			withSecondCopyBytes: Math.max(0, usedBytes - config.withoutSecondCopyGB * 1e9),
		};
		this.provider = new DicomProvider(this, {
			port: () => this.config.port,
			maximumLengthBytes: 65_536,
			policy: () => this.#policy(),
			serve: (request) => this.#serve(request),
		});
	}

	/** The volume that images are written to. */
	get volume(): Volume {
		const volume = this.os.volumes.find((v) => v.id === this.config.volume);
		if (!volume) throw new RangeError(`host ${this.host.id} has no volume "${this.config.volume}"`);
		return volume;
	}

	node(aeTitle: string): Node | undefined {
		return this.config.nodes.find((node) => node.aeTitle === aeTitle);
	}

	/** Runs the purge job now: studies with a second copy, down to the low watermark. Returns the bytes freed. */
	purgeNow(): number {
		const freed = purge(this.volume, this.holdings, this.config.lowWatermarkPercent);
		this.lastPurge = `${this.os.logStamp().slice(11, 16)}, freed ${(freed / 1e9).toFixed(1)} GB`;
		this.log(
			'INFO',
			`purge: freed ${(freed / 1e9).toFixed(1)} GB, volume at ${usedPercent(this.volume)}%`,
		);
		this.world.kernel.record('volume-purged', { device: this.id, bytes: freed });
		return freed;
	}

	override exposures(): string[] {
		return this.config.acceptUnknownCallers ? [`${this.title} accepts any calling AE title`] : [];
	}

	protected override onStart(): void {
		this.provider.open();
		this.spawn('second-copy', this.#writeSecondCopies());
		this.spawn('purge', this.#purgePeriodically());
	}

	protected override onStop(): void {
		this.provider.close();
	}

	#policy(): Omit<AcceptorPolicy, 'maximumLengthBytes'> {
		return {
			aeTitles: [this.config.aeTitle],
			acceptCalling: this.config.acceptUnknownCallers
				? 'any'
				: this.config.nodes.map((node) => node.aeTitle),
			supported: SUPPORTED,
			implementationClassUid: PRODUCTS.archive.classUid,
			implementationVersionName: PRODUCTS.archive.versionName,
			maximumAssociations: this.config.maximumAssociations,
		};
	}

	*#serve(request: ServiceRequest): Process {
		switch (request.command.CommandField) {
			case COMMAND_FIELD['C-STORE-RQ']:
				yield* this.#store(request);
				return;
			case COMMAND_FIELD['C-FIND-RQ']: {
				if (!this.#allowed(request, 'mayQuery')) return;
				const found = yield* serveFind(this.store, this.config.aeTitle, request);
				const text =
					'matches' in found ? `${found.matches} matches` : `failed ${hex(found.status)}`;
				this.log('INFO', `C-FIND from ${request.callingAeTitle}: ${text}`);
				return;
			}
			case COMMAND_FIELD['C-MOVE-RQ']:
				if (!this.#allowed(request, 'mayQuery')) return;
				yield* serveMove(
					{
						archive: this,
						aeTitle: this.config.aeTitle,
						implementation: PRODUCTS.archive,
						store: this.store,
						destination: (aeTitle) => this.node(aeTitle),
					},
					request,
				);
				return;
			case COMMAND_FIELD['C-CANCEL-RQ']:
				return;
			default:
				// Unrecognized operation (PS3.7 annex C.5).
				request.respond(responseTo(request.command, { status: 0x0211 }));
		}
	}

	/** 0124 not authorized (PS3.7 C.4.2) when the node table does not grant the service. */
	#allowed(request: ServiceRequest, right: 'mayStore' | 'mayQuery'): boolean {
		const node = this.node(request.callingAeTitle);
		if (node ? node[right] : this.config.acceptUnknownCallers) return true;
		this.log('WARN', `${request.callingAeTitle} is not allowed this service: 0124`);
		request.respond(
			responseTo(request.command, { status: 0x0124, errorComment: 'Not authorized' }),
		);
		return false;
	}

	*#store(request: ServiceRequest): Process {
		if (!this.#allowed(request, 'mayStore')) return;
		// Writing to disk takes a little longer the more there is of it.
		yield* this.world.kernel.sleep(2_000 + Math.floor(request.data.length / 200));
		const outcome = this.#keep(request);
		if (outcome.status !== 0) {
			this.log(
				'ERROR',
				`C-STORE from ${request.callingAeTitle}: ${hex(outcome.status)} ${outcome.comment}`,
			);
		}
		this.world.kernel.record(outcome.status === 0 ? 'instance-stored' : 'store-refused', {
			device: this.id,
			calling: request.callingAeTitle,
			sopInstanceUid: request.command.AffectedSOPInstanceUID ?? '',
			status: outcome.status,
		});
		request.respond(
			responseTo(request.command, {
				status: outcome.status,
				...(outcome.status === 0 ? {} : { errorComment: outcome.comment }),
			}),
		);
	}

	#keep(request: ServiceRequest): { status: number; comment: string } {
		const { transferSyntax, abstractSyntax } = request.context;
		const decoded = decodeDataSet(request.data, { transferSyntax });
		if (!decoded.ok) return { status: 0xc000, comment: 'Cannot understand: data set unreadable' };
		const { dataSet } = decoded;
		const sopInstanceUid = dataSet.text('SOPInstanceUID') ?? '';
		const studyInstanceUid = dataSet.text('StudyInstanceUID') ?? '';
		const seriesInstanceUid = dataSet.text('SeriesInstanceUID') ?? '';
		if (
			dataSet.text('SOPClassUID') !== abstractSyntax ||
			sopInstanceUid !== request.command.AffectedSOPInstanceUID ||
			studyInstanceUid === '' ||
			seriesInstanceUid === ''
		) {
			return { status: 0xa900, comment: 'Data set does not match SOP class' };
		}
		// Sent again after a lost answer: it is here already, which is what the sender wants to know.
		if (this.store.has(sopInstanceUid)) return { status: 0, comment: '' };
		if (!this.os.allocate(this.config.volume, request.data.length)) {
			return { status: 0xa700, comment: `No space left on ${this.volume.mount}` };
		}
		const instance: StoredInstance = {
			sopClassUid: abstractSyntax,
			sopInstanceUid,
			seriesInstanceUid,
			studyInstanceUid,
			transferSyntax,
			bytes: request.data,
			dataSet,
			receivedUs: this.world.kernel.nowUs,
			callingAeTitle: request.callingAeTitle,
		};
		this.store.add(instance);
		this.#noteArrival(instance);
		return { status: 0, comment: '' };
	}

	/** Ground truth: an order's images have all arrived. */
	#noteArrival(instance: StoredInstance): void {
		const order = this.world.records.byStudy(instance.studyInstanceUid);
		if (!order || order.instances.length === 0 || order.archivedUs !== undefined) return;
		if (!order.instances.every((uid) => this.store.has(uid))) return;
		order.archivedUs = this.world.kernel.nowUs;
		this.log(
			'INFO',
			`study ${order.accessionNumber} complete: ${order.instances.length} instances`,
		);
		this.world.kernel.record('study-archived', { accession: order.accessionNumber });
	}

	*#writeSecondCopies(): Process {
		for (;;) {
			yield* this.world.kernel.sleep(SECOND_COPY_INTERVAL_US);
			let written = 0;
			for (const study of this.store.studies.values()) {
				const settled = this.world.kernel.nowUs - study.receivedUs > seconds(120);
				if (study.secondCopy || !settled) continue;
				study.secondCopy = true;
				written++;
			}
			if (written > 0) this.log('INFO', `second copy: ${written} studies written`);
		}
	}

	*#purgePeriodically(): Process {
		for (;;) {
			yield* this.world.kernel.sleep(PURGE_INTERVAL_US);
			if (!this.config.purgeEnabled) {
				this.log('WARN', 'purge: job is disabled, nothing done');
			} else if (usedPercent(this.volume) >= this.config.highWatermarkPercent) {
				this.purgeNow();
			}
		}
	}
}

const hex = (status: number): string => status.toString(16).toUpperCase().padStart(4, '0');
