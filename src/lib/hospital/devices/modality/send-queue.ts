import { Signal, wait, type Process } from '#lib/kernel/process.ts';
import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cStoreRequest } from '#lib/protocol/dicom/dimse/services.ts';
import {
	failureText,
	openAssociation,
	type AssociationLink,
	type AssociationTarget,
} from '../../dicom/service-class-user.ts';
import { statusText, type QueueContext } from './config.ts';
import type { WorklistEntry } from './worklist-query.ts';

/** What the archive has said about keeping a study. */
export interface JobCommitment {
	/** `off`: never asked. `waiting`: the request is still to be sent. `requested`: the result is awaited. */
	state: 'off' | 'waiting' | 'requested' | 'committed' | 'failed';
	text: string;
	attempts: number;
	/** Failure Reason (0008,1197) of each instance that the archive does not commit to. */
	failures: ReadonlyMap<string, number>;
}

export const NOT_ASKED: JobCommitment = {
	state: 'off',
	text: '',
	attempts: 0,
	failures: new Map(),
};

export interface SendInstance {
	readonly sopClassUid: string;
	readonly sopInstanceUid: string;
	readonly dataSet: DataSet;
	/** What its pixel data are compressed with; without it the object goes uncompressed. */
	readonly compressedIn?: string;
}

/** A study waiting to go out, being sent, sent or given up. */
export interface SendJob {
	id: string;
	/** What the study was labelled with. */
	entry: WorklistEntry;
	instances: readonly SendInstance[];
	sentUids: Set<string>;
	state: 'waiting' | 'sending' | 'sent' | 'failed';
	attempts: number;
	/** The device's own clock. */
	createdUs: number;
	lastError: string;
	commitment: JobCommitment;
}

/** Studies that are done with and stay on the queue screen. */
const DONE_JOBS_MAX = 30;

/** Sends studies to the archive, one after the other, and keeps them until they are done with. */
export class SendQueue {
	readonly jobs: SendJob[] = [];
	readonly #context: QueueContext;
	readonly #onSent: (job: SendJob) => void;
	#jobCount = 0;
	/** Fires when a job waits to be sent; a new one each time the sender has nothing to do. */
	#jobWaits = new Signal();

	constructor(context: QueueContext, onSent: (job: SendJob) => void) {
		this.#context = context;
		this.#onSent = onSent;
	}

	add(entry: WorklistEntry, instances: SendJob['instances']): SendJob {
		const { device } = this.#context;
		const job: SendJob = {
			id: `${device.id}-${++this.#jobCount}`,
			entry,
			instances,
			sentUids: new Set(),
			state: 'waiting',
			attempts: 0,
			createdUs: device.os.clockUs(),
			lastError: '',
			commitment: NOT_ASKED,
		};
		this.jobs.push(job);
		this.#forgetDoneJobs();
		this.#jobWaits.fire();
		return job;
	}

	/**
	 * Puts a job that failed back in the queue; of a study that the archive does not commit to, the instances
	 * that it does not have. False when there is no such job.
	 */
	sendAgain(jobId: string): boolean {
		const job = this.jobs.find((j) => j.id === jobId && isStuck(j));
		if (!job) return false;
		for (const uid of job.commitment.failures.keys()) job.sentUids.delete(uid);
		job.commitment = NOT_ASKED;
		job.state = 'waiting';
		job.attempts = 0;
		this.#jobWaits.fire();
		return true;
	}

	/** Takes a job out of the queue, unless it is being sent. */
	remove(jobId: string): SendJob | undefined {
		const index = this.jobs.findIndex((j) => j.id === jobId && j.state !== 'sending');
		return index < 0 ? undefined : this.jobs.splice(index, 1)[0];
	}

	/** What was being sent when the device stopped waits again. */
	resume(): void {
		for (const job of this.jobs) if (job.state === 'sending') job.state = 'waiting';
	}

	/** A study is kept until the archive has committed to it, or until it was sent where nobody asks for that. */
	#forgetDoneJobs(): void {
		const done = this.jobs.filter(
			(job) => job.state === 'sent' && ['off', 'committed'].includes(job.commitment.state),
		);
		for (const job of done.slice(0, Math.max(0, done.length - DONE_JOBS_MAX))) {
			this.jobs.splice(this.jobs.indexOf(job), 1);
		}
	}

	/** One job at a time, oldest first; a failing job is retried a few times and then left for a person. */
	*run(): Process {
		const { device } = this.#context;
		for (;;) {
			const job = this.jobs.find((j) => j.state === 'waiting');
			if (!job) {
				this.#jobWaits = new Signal();
				yield* wait(this.#jobWaits);
				continue;
			}
			job.state = 'sending';
			job.attempts++;
			const { accessionNumber } = job.entry;
			const error = yield* this.#sendJob(job);
			if (error === undefined) {
				job.state = 'sent';
				job.lastError = '';
				device.log('INFO', `study ${accessionNumber} sent: ${job.instances.length} images`);
				this.#onSent(job);
				continue;
			}
			job.lastError = error;
			job.state = job.attempts < this.#context.attempts ? 'waiting' : 'failed';
			device.log('ERROR', `study ${accessionNumber} not sent: ${error}`);
			if (job.state === 'waiting') yield* device.world.kernel.sleep(this.#context.retryUs);
		}
	}

	/** Sends what is left of a job; a sentence when it did not all go. */
	*#sendJob(job: SendJob): Process<string | undefined> {
		const { device } = this.#context;
		const opened = yield* openAssociation(
			device.world,
			device.host,
			{
				...this.#context.target('archive'),
				contexts: contextsFor(job.instances),
			},
			device,
		);
		if (!opened.ok) return failureText(opened.failure);
		for (const instance of job.instances) {
			if (job.sentUids.has(instance.sopInstanceUid)) continue;
			const error = yield* sendInstance(opened.link, instance);
			if (error !== undefined) {
				yield* opened.link.release();
				return error;
			}
			job.sentUids.add(instance.sopInstanceUid);
		}
		yield* opened.link.release();
		return undefined;
	}
}

/** One context for each class and compression: nothing is compressed or decompressed on the way. */
function contextsFor(instances: readonly SendInstance[]): AssociationTarget['contexts'] {
	const contexts = new Map<string, AssociationTarget['contexts'][number]>();
	for (const { sopClassUid, compressedIn } of instances) {
		contexts.set(`${sopClassUid} ${compressedIn ?? ''}`, {
			abstractSyntax: sopClassUid,
			transferSyntaxes:
				compressedIn === undefined
					? [UID.LittleEndianExplicit, UID.LittleEndianImplicit]
					: [compressedIn],
		});
	}
	return [...contexts.values()];
}

/** Whether a person has to look at a job: it was not sent, or not committed to. */
export function isStuck(job: SendJob): boolean {
	return job.state === 'failed' || (job.state === 'sent' && job.commitment.state === 'failed');
}

function* sendInstance(link: AssociationLink, instance: SendInstance): Process<string | undefined> {
	const { sopClassUid, compressedIn } = instance;
	const context = (uid: string) => link.connection.association.contextFor(sopClassUid, uid);
	const accepted =
		compressedIn === undefined
			? (context(UID.LittleEndianExplicit) ?? context(UID.LittleEndianImplicit))
			: context(compressedIn);
	const transferSyntax = accepted?.transferSyntax;
	if (transferSyntax === undefined) return 'no presentation context was accepted for these images';
	const answer = yield* link.request(
		sopClassUid,
		cStoreRequest({
			messageId: link.connection.messageId(),
			sopClassUid,
			sopInstanceUid: instance.sopInstanceUid,
		}),
		encodeDataSet(instance.dataSet, { transferSyntax }),
		transferSyntax,
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
	return `C-STORE failed, status ${statusText(status)}${comment ? ` (${comment})` : ''}`;
}
