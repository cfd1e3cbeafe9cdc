import type { Process } from '#lib/kernel/process.ts';
import { hours, minutes, seconds } from '#lib/kernel/time.ts';
import { tagOf } from '#lib/protocol/dicom/dataset/dictionary.ts';
import { COMMAND_FIELD, responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import type { AcceptorPolicy } from '#lib/protocol/dicom/negotiation.ts';
import { Device, type DeviceEnvironment } from '../../device.ts';
import { DicomProvider, type ServiceRequest } from '../../dicom/service-class-provider.ts';
import type { AssociationTarget } from '../../dicom/service-class-user.ts';
import type { Volume } from '../../operating-system.ts';
import { PRODUCTS } from '../../products.ts';
import { NodeSecurity } from '../../security/node-security.ts';
import type { HttpService } from '../../web/http-service.ts';
import { STORAGE_CLASSES } from '../../dicom/storage-classes.ts';
import { CommitmentProvider } from './commitment.ts';
import type { ArchiveConfig, Node } from './config.ts';
import { dicomWebService } from './dicomweb.ts';
import { ArchiveHl7 } from './hl7-listener.ts';
import {
	examineObject,
	isSameObject,
	withIssuer,
	type ReceivedObject,
	type StoreStatus,
} from './keep-object.ts';
import { serveFind } from './query.ts';
import { serveGet, serveMove, type RetrieveOptions } from './retrieve.ts';
import { StudyStore, type StoredInstance } from './study-store.ts';
import { supportedBy } from './supported.ts';
import { purge, usedPercent, type Holdings } from './volumes.ts';

export { archiveConfigSchema, type ArchiveConfig } from './config.ts';

/** How long a node may take to answer: less than who asked for a retrieve commonly waits. */
const DESTINATION_TIMEOUT_US = seconds(20);
const SECOND_COPY_INTERVAL_US = minutes(15);
const PURGE_INTERVAL_US = hours(1);

export class Archive extends Device {
	readonly config: ArchiveConfig;
	readonly store = new StudyStore();
	readonly holdings: Holdings;
	readonly provider: DicomProvider;
	readonly security: NodeSecurity;
	readonly web: HttpService | undefined;
	readonly hl7: ArchiveHl7 | undefined;
	readonly commitments: CommitmentProvider;
	lastPurge = 'not yet today';

	constructor(environment: DeviceEnvironment, config: ArchiveConfig) {
		super(environment);
		this.config = config;
		this.hl7 = config.hl7 && new ArchiveHl7(this, this.store, config.hl7);
		const usedBytes = this.volume.usedBytes;
		this.holdings = {
			bytes: usedBytes,
			withSecondCopyBytes: Math.max(0, usedBytes - config.withoutSecondCopyGB * 1e9),
		};
		this.web = config.dicomweb && dicomWebService(this, config.dicomweb);
		this.security = new NodeSecurity(this, config.tls);
		this.provider = new DicomProvider(this, {
			port: () => this.config.port,
			get maximumLengthBytes() {
				return config.maximumLengthBytes;
			},
			get limits() {
				return {
					idleTimeoutUs: seconds(config.idleTimeoutSeconds),
					artimUs: seconds(config.artimSeconds),
				};
			},
			policy: () => this.#policy(),
			serve: (request) => this.#serve(request),
			securePort: () => this.security.securePort(),
		});
		this.commitments = new CommitmentProvider({
			device: this,
			get aeTitle() {
				return config.aeTitle;
			},
			get onSameAssociation() {
				return config.commitmentOnSameAssociation;
			},
			get attempts() {
				return config.commitmentAttempts;
			},
			supports: (sopClassUid) => (config.storageClasses ?? STORAGE_CLASSES).includes(sopClassUid),
			instance: (sopInstanceUid) => this.store.instance(sopInstanceUid),
			target: (aeTitle) => this.#retrieveOptions().destination(aeTitle),
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

	/** Everything that an association to a node needs besides its contexts. */
	target({ host, port, aeTitle, tls }: Node): Omit<AssociationTarget, 'contexts'> {
		return {
			host,
			port,
			calledAeTitle: aeTitle,
			callingAeTitle: this.config.aeTitle,
			implementation: PRODUCTS.archive,
			...(tls && { tls: this.security.target(host) }),
		};
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
		const exposures: string[] = [];
		if (this.config.acceptUnknownCallers) {
			exposures.push(`${this.title} accepts any calling AE title`);
		}
		return [...exposures, ...this.security.exposures];
	}

	protected override onStart(): void {
		this.provider.open();
		this.web?.open();
		this.hl7?.listener.open();
		this.commitments.resume();
		this.spawn('second-copy', this.#writeSecondCopies());
		this.spawn('purge', this.#purgePeriodically());
	}

	protected override onStop(): void {
		this.provider.close();
		this.web?.close();
		this.hl7?.listener.close();
	}

	#policy(): Omit<AcceptorPolicy, 'maximumLengthBytes'> {
		return {
			aeTitles: [this.config.aeTitle],
			acceptCalling: this.config.acceptUnknownCallers
				? 'any'
				: this.config.nodes.map((node) => node.aeTitle),
			supported: supportedBy(this.config),
			operationsWindow: { invoked: 1, performed: this.config.maximumOperations },
			implementationClassUid: PRODUCTS.archive.classUid,
			implementationVersionName: PRODUCTS.archive.versionName,
			maximumAssociations: this.config.maximumAssociations,
		};
	}

	*#serve(request: ServiceRequest): Process {
		switch (request.command.CommandField) {
			case COMMAND_FIELD['C-STORE-RQ']:
				if (this.#allowed(request, 'mayStore')) yield* this.#store(request);
				return;
			case COMMAND_FIELD['C-FIND-RQ']:
				if (this.#allowed(request, 'mayQuery')) yield* this.#find(request);
				return;
			case COMMAND_FIELD['C-MOVE-RQ']:
				if (this.#allowed(request, 'mayQuery')) yield* serveMove(this.#retrieveOptions(), request);
				return;
			case COMMAND_FIELD['C-GET-RQ']:
				if (this.#allowed(request, 'mayQuery')) yield* serveGet(this.#retrieveOptions(), request);
				return;
			case COMMAND_FIELD['N-ACTION-RQ']:
				if (this.#allowed(request, 'mayStore')) yield* this.commitments.serve(request);
				return;
			default:
				// Unrecognized operation (PS3.7 annex C.5).
				request.respond(responseTo(request.command, { status: 0x0211 }));
		}
	}

	*#find(request: ServiceRequest): Process {
		const { aeTitle, maximumMatches, beyondMaximum } = this.config;
		const options = {
			archive: this,
			store: this.store,
			retrieveAeTitle: aeTitle,
			maximumMatches,
			beyondMaximum,
		};
		const text = yield* serveFind(options, request);
		this.log('INFO', `C-FIND from ${request.callingAeTitle}: ${text}`);
	}

	#retrieveOptions(): RetrieveOptions {
		return {
			archive: this,
			store: this.store,
			destination: (aeTitle) => {
				const node = this.node(aeTitle);
				return (
					node && {
						...this.target(node),
						connectTimeoutUs: DESTINATION_TIMEOUT_US,
						answerTimeoutUs: DESTINATION_TIMEOUT_US,
					}
				);
			},
		};
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
		// Writing to disk takes a little longer the more there is of it.
		yield* this.world.kernel.sleep(2_000 + Math.floor(request.data.length / 200));
		const { status, comment, offendingElements } = this.keep({
			sopClassUid: request.context.abstractSyntax,
			sopInstanceUid: request.command.AffectedSOPInstanceUID ?? '',
			transferSyntax: request.context.transferSyntax,
			bytes: request.data,
			callingAeTitle: request.callingAeTitle,
			receivedUs: this.world.kernel.nowUs,
		});
		request.respond(
			responseTo(request.command, {
				status,
				...(status !== 0 && { errorComment: comment }),
				...(offendingElements && { offendingElements }),
			}),
		);
	}

	/**
	 * Takes an object into the archive, however it came, and returns the status of C-STORE for it (PS3.4 table
	 * B.2-1). It is kept byte for byte, unless the archive is set to change something: then B000.
	 */
	keep(object: ReceivedObject, service = 'C-STORE'): StoreStatus {
		const outcome = this.#keep(object);
		const stored = outcome.status === 0 || (outcome.status & 0xf000) === 0xb000;
		if (outcome.status !== 0) {
			this.log(
				stored ? 'WARN' : 'ERROR',
				`${service} from ${object.callingAeTitle}: ${hex(outcome.status)} ${outcome.comment}`,
			);
		}
		this.world.kernel.record(stored ? 'instance-stored' : 'store-refused', {
			device: this.id,
			calling: object.callingAeTitle,
			sopInstanceUid: object.sopInstanceUid,
			status: outcome.status,
		});
		return outcome;
	}

	#keep(object: ReceivedObject): StoreStatus {
		const examined = examineObject(object);
		if (!examined.ok) return examined;
		for (const remark of examined.remarks) {
			this.log('WARN', `object from ${object.callingAeTitle}: ${remark}`);
		}
		const known = this.store.instance(object.sopInstanceUid);
		if (known) return this.#duplicate(known, examined.instance);
		const coerced = this.#coerced(examined.instance);
		const instance = coerced ?? examined.instance;
		if (!this.os.allocate(this.config.volume, instance.bytes.length)) {
			return { status: 0xa700, comment: `No space left on ${this.volume.mount}` };
		}
		this.store.add(instance);
		this.#noteArrival(instance);
		return coerced ? COERCED : { status: 0, comment: '' };
	}

	/** Sent again after a lost answer it is a success; another object under the same UID is none. */
	#duplicate(known: StoredInstance, again: StoredInstance): StoreStatus {
		const expected = this.#coerced(again) ?? again;
		if (isSameObject(known, expected)) return { status: 0, comment: '' };
		if (this.config.duplicates === 'reject') {
			return { status: 0x0111, comment: 'Another object has this SOP Instance UID' };
		}
		return { status: 0xb006, comment: 'Discarded: another object has this SOP Instance UID' };
	}

	#coerced(instance: StoredInstance): StoredInstance | undefined {
		if (!this.config.coerceIssuer) return undefined;
		const { aeTitle, issuerOfPatientId } = this.config;
		return withIssuer(instance, issuerOfPatientId, { aeTitle, clockUs: this.os.clockUs() });
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

const COERCED: StoreStatus = {
	status: 0xb000,
	comment: 'Coercion of data elements',
	offendingElements: [tagOf('IssuerOfPatientID')],
};

const hex = (status: number): string => status.toString(16).toUpperCase().padStart(4, '0');
