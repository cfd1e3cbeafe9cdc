import { Signal, wait, type Process } from '#lib/kernel/process.ts';
import { formatDicomDate, minutes, seconds } from '#lib/kernel/time.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cStoreRequest } from '#lib/protocol/dicom/dimse/services.ts';
import { z } from 'zod';
import { Device, type DeviceEnvironment } from '../../device.ts';
import {
	failureText,
	openAssociation,
	type AssociationLink,
	type AssociationTarget,
} from '../../dicom/service-class-user.ts';
import { acquire } from '../../objects/acquire.ts';
import { PRODUCTS } from '../../products.ts';
import type { Order } from '../../records.ts';
import { queryWorklist, type WorklistEntry, type WorklistOutcome } from './worklist-query.ts';

const peerSchema = z.strictObject({
	aeTitle: z.string().min(1).max(16),
	host: z.string().min(1),
	port: z.int().min(1).max(65_535),
});

export const modalityConfigSchema = z.strictObject({
	modality: z.enum(['CT', 'DX']),
	aeTitle: z.string().min(1).max(16),
	stationName: z.string().min(1).max(16),
	manufacturer: z.string().min(1).max(64),
	modelName: z.string().min(1).max(64),
	serialNumber: z.string().min(1).max(64),
	softwareVersions: z.string().min(1).max(64),
	archive: peerSchema,
	worklist: peerSchema,
	/** Automatic tries of a send job before it is left as failed, and the pause between them. */
	sendAttempts: z.int().min(1).max(20).default(3),
	retrySeconds: z.int().min(5).max(3_600).default(60),
});

export type ModalityConfig = z.infer<typeof modalityConfigSchema>;

/** A study waiting to go out, being sent, sent or given up. */
export interface SendJob {
	id: string;
	order: Order;
	instances: { sopClassUid: string; sopInstanceUid: string; dataSet: DataSet }[];
	sentUids: Set<string>;
	state: 'waiting' | 'sending' | 'sent' | 'failed';
	attempts: number;
	/** The device's own clock. */
	createdUs: number;
	lastError: string;
}

/** Sent jobs that stay on the queue screen. */
const SENT_JOBS_MAX = 30;
const WORKLIST_RETRY_US = minutes(2);

export class Modality extends Device {
	readonly config: ModalityConfig;
	readonly queue: SendJob[] = [];
	worklist: WorklistEntry[] = [];
	/** What the worklist screen says about its last query. */
	worklistStatus = 'not queried yet';
	#jobCount = 0;
	/** Fires when a job waits to be sent; a new one each time the sender has nothing to do. */
	#jobWaits = new Signal();

	constructor(environment: DeviceEnvironment, config: ModalityConfig) {
		super(environment);
		this.config = config;
	}

	/** Everything that an association to the archive or the worklist needs besides its contexts. */
	target(peer: 'archive' | 'worklist'): Omit<AssociationTarget, 'contexts'> {
		const { host, port, aeTitle } = this.config[peer];
		return {
			host,
			port,
			calledAeTitle: aeTitle,
			callingAeTitle: this.config.aeTitle,
			implementation: PRODUCTS.modality,
			connectTimeoutUs: seconds(60),
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

	/** One patient on the table: find the entry on the worklist, acquire, put the study on the send queue. */
	*examine(order: Order): Process {
		while (!this.#onWorklist(order)) {
			yield* this.refreshWorklist();
			if (this.#onWorklist(order)) break;
			yield* this.world.kernel.sleep(WORKLIST_RETRY_US);
		}
		yield* this.world.kernel.sleep(minutes(order.procedure.minutes));
		const series = acquire(this.config.modality, {
			patient: order.patient,
			order: {
				accessionNumber: order.accessionNumber,
				placerOrderNumber: order.placerOrderNumber,
				requestedProcedureId: order.requestedProcedureId,
				requestedProcedureDescription: order.procedure.description,
				scheduledProcedureStepId: order.scheduledProcedureStepId,
				studyInstanceUid: order.studyInstanceUid,
				referringPhysician: 'Referrer^Synthetic',
				procedureCode: order.procedure.code,
			},
			equipment: {
				manufacturer: this.config.manufacturer,
				modelName: this.config.modelName,
				serialNumber: this.config.serialNumber,
				stationName: this.config.stationName,
				institutionName: this.world.spec.institution,
				softwareVersions: this.config.softwareVersions,
				aeTitle: this.config.aeTitle,
			},
			startUs: this.os.clockUs(),
			operator: 'Technologist^Synthetic',
			random: this.world.kernel.random(`${this.id}.uids`),
			specificCharacterSet: 'ISO_IR 100',
			variant: this.world.kernel.random(`${this.id}.phantom`).below(4),
		});
		order.status = 'acquired';
		order.acquiredUs = this.world.kernel.nowUs;
		order.instances = series.instances.map((instance) => instance.sopInstanceUid);
		this.world.kernel.record('study-acquired', {
			device: this.id,
			accession: order.accessionNumber,
			instances: order.instances.length,
		});
		this.log('INFO', `study ${order.accessionNumber} acquired: ${order.instances.length} images`);
		this.enqueue(order, series.instances, series.sopClassUid);
	}

	enqueue(
		order: Order,
		instances: readonly { readonly sopInstanceUid: string; readonly dataSet: DataSet }[],
		sopClassUid: string,
	): void {
		this.queue.push({
			id: `${this.id}-${++this.#jobCount}`,
			order,
			instances: instances.map((instance) => ({ ...instance, sopClassUid })),
			sentUids: new Set(),
			state: 'waiting',
			attempts: 0,
			createdUs: this.os.clockUs(),
			lastError: '',
		});
		this.#forgetSentJobs();
		this.#jobWaits.fire();
	}

	/** Puts a failed job back in the queue. False when there is no such job. */
	sendAgain(jobId: string): boolean {
		const job = this.queue.find((j) => j.id === jobId && j.state === 'failed');
		if (!job) return false;
		job.state = 'waiting';
		job.attempts = 0;
		this.#jobWaits.fire();
		return true;
	}

	/** Removes a job and with it the images it held, unless they were sent. */
	deleteJob(jobId: string): SendJob | undefined {
		const index = this.queue.findIndex((j) => j.id === jobId && j.state !== 'sending');
		const [job] = index < 0 ? [] : this.queue.splice(index, 1);
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
		for (const job of this.queue) if (job.state === 'sending') job.state = 'waiting';
		this.spawn('sender', this.#send());
	}

	protected override onStop(): void {
		// A modality has no listener of its own; its sender ends with its processes.
	}

	#onWorklist(order: Order): boolean {
		return this.worklist.some((entry) => entry.accessionNumber === order.accessionNumber);
	}

	#forgetSentJobs(): void {
		const sent = this.queue.filter((job) => job.state === 'sent');
		for (const job of sent.slice(0, Math.max(0, sent.length - SENT_JOBS_MAX))) {
			this.queue.splice(this.queue.indexOf(job), 1);
		}
	}

	/** One job at a time, oldest first; a failing job is retried a few times and then left for a person. */
	*#send(): Process {
		for (;;) {
			const job = this.queue.find((j) => j.state === 'waiting');
			if (!job) {
				this.#jobWaits = new Signal();
				yield* wait(this.#jobWaits);
				continue;
			}
			job.state = 'sending';
			job.attempts++;
			const error = yield* this.#sendJob(job);
			if (error === undefined) {
				job.state = 'sent';
				job.lastError = '';
				this.log('INFO', `study ${job.order.accessionNumber} sent: ${job.instances.length} images`);
				continue;
			}
			job.lastError = error;
			job.state = job.attempts < this.config.sendAttempts ? 'waiting' : 'failed';
			this.log('ERROR', `study ${job.order.accessionNumber} not sent: ${error}`);
			if (job.state === 'waiting')
				yield* this.world.kernel.sleep(seconds(this.config.retrySeconds));
		}
	}

	/** Sends what is left of a job; a sentence when it did not all go. */
	*#sendJob(job: SendJob): Process<string | undefined> {
		const sopClassUid = job.instances[0]?.sopClassUid ?? '';
		const opened = yield* openAssociation(
			this.world,
			this.host,
			{
				...this.target('archive'),
				contexts: [
					{
						abstractSyntax: sopClassUid,
						transferSyntaxes: [UID.LittleEndianExplicit, UID.LittleEndianImplicit],
					},
				],
			},
			this,
		);
		if (!opened.ok) return failureText(opened.failure);
		for (const instance of job.instances) {
			if (job.sentUids.has(instance.sopInstanceUid)) continue;
			const error = yield* this.#sendInstance(opened.link, instance);
			if (error !== undefined) {
				yield* opened.link.release();
				return error;
			}
			job.sentUids.add(instance.sopInstanceUid);
		}
		yield* opened.link.release();
		return undefined;
	}

	*#sendInstance(
		link: AssociationLink,
		instance: SendJob['instances'][number],
	): Process<string | undefined> {
		const transferSyntax = link.transferSyntaxOf(instance.sopClassUid);
		if (transferSyntax === undefined)
			return 'no presentation context was accepted for these images';
		const answer = yield* link.request(
			instance.sopClassUid,
			cStoreRequest({
				messageId: link.connection.messageId(),
				sopClassUid: instance.sopClassUid,
				sopInstanceUid: instance.sopInstanceUid,
			}),
			encodeDataSet(instance.dataSet, { transferSyntax }),
		);
		if (answer.kind !== 'response') {
			return answer.kind === 'timeout'
				? 'no answer to C-STORE within 30 s'
				: 'association lost while sending';
		}
		const status = answer.command.Status ?? 0xc000;
		// B000, B006 and B007 are warnings: the object was stored (PS3.4 table B.2-1).
		if (status === 0 || (status & 0xf000) === 0xb000) return undefined;
		const comment = answer.command.ErrorComment;
		return `C-STORE failed, status ${status.toString(16).toUpperCase().padStart(4, '0')}${comment ? ` (${comment})` : ''}`;
	}
}
