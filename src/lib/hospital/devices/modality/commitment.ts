import { Signal, wait, type Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { COMMAND_FIELD, nActionRequest, responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import {
	failureText,
	openAssociation,
	type AssociationLink,
} from '../../dicom/service-class-user.ts';
import type { ServiceRequest } from '../../dicom/service-request.ts';
import { newUid } from '../../identifiers.ts';
import { statusText, type QueueContext } from './config.ts';
import { NOT_ASKED, type SendJob } from './send-queue.ts';

const PUSH_MODEL = UID.StorageCommitmentPushModelSOPClass;
const PUSH_INSTANCE = UID.StorageCommitmentPushModelSOPInstance;
/** Transactions that are remembered, so that a result that comes late or twice is still understood. */
const TRANSACTIONS_MAX = 500;

export interface CommitmentContext extends QueueContext {
	/** How long the association of a request stays open for its result. */
	readonly keepOpenSeconds: number;
}

interface Transaction {
	readonly job: SendJob;
	answered: boolean;
}

type Asked = { ok: true } | { ok: false; error: string; again: boolean };

/**
 * The SCU of Storage Commitment Push Model (PS3.4 annex J, IHE RAD-10): asks the archive to take over the
 * responsibility for a study, and takes the result on whatever association it comes.
 */
export class CommitmentUser {
	readonly #context: CommitmentContext;
	readonly #transactions = new Map<string, Transaction>();
	readonly #waiting: SendJob[] = [];
	#requestWaits = new Signal();

	constructor(context: CommitmentContext) {
		this.#context = context;
	}

	/** Puts a request for a study that was sent in line. */
	ask(job: SendJob): void {
		job.commitment = { ...NOT_ASKED, state: 'waiting' };
		if (!this.#waiting.includes(job)) this.#waiting.push(job);
		this.#requestWaits.fire();
	}

	*run(): Process {
		const { device } = this.#context;
		for (;;) {
			const [job] = this.#waiting;
			if (!job) {
				this.#requestWaits = new Signal();
				yield* wait(this.#requestWaits);
				continue;
			}
			const attempts = job.commitment.attempts + 1;
			const asked = yield* this.#request(job);
			if (asked.ok) {
				this.#waiting.shift();
				continue;
			}
			device.log('ERROR', `commitment of ${job.entry.accessionNumber} not asked: ${asked.error}`);
			const again = asked.again && attempts < this.#context.attempts;
			job.commitment = {
				...NOT_ASKED,
				state: again ? 'waiting' : 'failed',
				text: asked.error,
				attempts,
			};
			if (again) yield* device.world.kernel.sleep(this.#context.retryUs);
			else this.#waiting.shift();
		}
	}

	/** N-ACTION type 1, on an association of its own. */
	*#request(job: SendJob): Process<Asked> {
		const { device } = this.#context;
		const opened = yield* openAssociation(
			device.world,
			device.host,
			{
				...this.#context.target('archive'),
				contexts: [
					{
						abstractSyntax: PUSH_MODEL,
						transferSyntaxes: [UID.LittleEndianExplicit, UID.LittleEndianImplicit],
					},
				],
				serve: (request) => this.serve(request),
			},
			device,
		);
		if (!opened.ok) return { ok: false, error: failureText(opened.failure), again: true };
		const { link } = opened;
		const asked = yield* this.#ask(link, job);
		if (asked.ok) yield* this.#waitForResult(link, job);
		yield* link.release();
		return asked;
	}

	*#ask(link: AssociationLink, job: SendJob): Process<Asked> {
		const { device } = this.#context;
		const transferSyntax = link.transferSyntaxOf(PUSH_MODEL);
		if (transferSyntax === undefined) {
			return { ok: false, error: 'storage commitment not accepted', again: false };
		}
		// A new one for every try: the archive may have heard an earlier one.
		const transactionUid = newUid(device.world.kernel.random(`${device.id}.transactions`));
		// Known before it is sent, since the result may come before the response.
		this.#remember(transactionUid, job);
		const answer = yield* link.request(
			PUSH_MODEL,
			nActionRequest({
				messageId: link.connection.messageId(),
				sopClassUid: PUSH_MODEL,
				sopInstanceUid: PUSH_INSTANCE,
				actionTypeId: 1,
			}),
			encodeDataSet(requestOf(transactionUid, job), { transferSyntax }),
		);
		if (answer.kind !== 'response') {
			link.abort();
			return { ok: false, error: 'no answer to N-ACTION', again: true };
		}
		const status = answer.command.Status ?? 0xc000;
		if (status !== 0x0000) {
			const comment = answer.command.ErrorComment;
			const error = `N-ACTION failed, status ${statusText(status)}${comment ? ` (${comment})` : ''}`;
			return { ok: false, error, again: status === 0x0213 };
		}
		device.log('INFO', `commitment of ${job.entry.accessionNumber} requested`);
		if (job.commitment.state === 'waiting') {
			job.commitment = { ...NOT_ASKED, state: 'requested', text: 'result awaited' };
		}
		return { ok: true };
	}

	*#waitForResult(link: AssociationLink, job: SendJob): Process {
		for (let second = 0; second < this.#context.keepOpenSeconds; second++) {
			if (job.commitment.state !== 'requested') return;
			const event = yield* link.serveFor(seconds(1));
			if (event.kind !== 'timeout') return;
		}
	}

	#remember(transactionUid: string, job: SendJob): void {
		this.#transactions.set(transactionUid, { job, answered: false });
		const [oldest] = this.#transactions.keys();
		if (this.#transactions.size > TRANSACTIONS_MAX && oldest !== undefined) {
			this.#transactions.delete(oldest);
		}
	}

	/** N-EVENT-REPORT (PS3.4 J.3.3), on an association of the archive or of this device. */
	*serve(request: ServiceRequest): Process {
		const { command, context } = request;
		if (command.CommandField !== COMMAND_FIELD['N-EVENT-REPORT-RQ']) {
			request.respond(responseTo(command, { status: 0x0211 }));
			return;
		}
		const eventTypeId = command.EventTypeID ?? 0;
		const respond = (status: number, errorComment?: string): void => {
			if (errorComment !== undefined) {
				this.#context.device.log(
					'WARN',
					`commitment result: ${errorComment}, ${statusText(status)}`,
				);
			}
			const detail = errorComment === undefined ? {} : { errorComment };
			request.respond(responseTo(command, { status, eventTypeId, ...detail }));
		};
		if (command.AffectedSOPInstanceUID !== PUSH_INSTANCE) {
			respond(0x0112, 'No such SOP instance');
			return;
		}
		if (eventTypeId !== 1 && eventTypeId !== 2) {
			respond(0x0113, 'No such event type');
			return;
		}
		const decoded = decodeDataSet(request.data, { transferSyntax: context.transferSyntax });
		const transactionUid = decoded.ok ? (decoded.dataSet.text('TransactionUID') ?? '') : '';
		const transaction = this.#transactions.get(transactionUid);
		if (!decoded.ok || !transaction) {
			respond(0x0115, decoded.ok ? 'Unknown Transaction UID' : 'Event information unreadable');
			return;
		}
		respond(0x0000);
		// Sent again by an archive that did not hear the answer to the first one.
		if (transaction.answered) return;
		transaction.answered = true;
		this.#take(transaction.job, decoded.dataSet);
	}

	/** What is in neither list of the result counts as not committed to. */
	#take(job: SendJob, result: DataSet): void {
		const { device } = this.#context;
		const { accessionNumber } = job.entry;
		const committed = new Set(
			result.items('ReferencedSOPSequence').map((item) => item.text('ReferencedSOPInstanceUID')),
		);
		const reasons = new Map(
			result
				.items('FailedSOPSequence')
				.map((item) => [item.text('ReferencedSOPInstanceUID'), item.number('FailureReason')]),
		);
		const failures = new Map(
			job.instances
				.filter(({ sopInstanceUid }) => !committed.has(sopInstanceUid))
				.map(({ sopInstanceUid }) => [sopInstanceUid, reasons.get(sopInstanceUid) ?? 0x0110]),
		);
		const total = job.instances.length;
		if (failures.size === 0) {
			job.commitment = { ...NOT_ASKED, state: 'committed', text: 'yes' };
			device.log('INFO', `commitment of ${accessionNumber}: all ${total} images`);
		} else {
			const codes = [...new Set(failures.values())].sort((a, b) => a - b).map(reasonText);
			const text = `no: ${failures.size} of ${total} images, ${codes.join(', ')}`;
			job.commitment = { ...NOT_ASKED, state: 'failed', text, failures };
			device.log('ERROR', `commitment of ${accessionNumber}: ${text}`);
		}
		device.world.kernel.record('commitment-result', {
			device: device.id,
			accession: accessionNumber,
			committed: total - failures.size,
			failed: failures.size,
		});
	}
}

/** The action information of PS3.4 table J.3-1. */
function requestOf(transactionUid: string, job: SendJob): DataSet {
	return DataSet.from({
		TransactionUID: transactionUid,
		ReferencedSOPSequence: job.instances.map(({ sopClassUid, sopInstanceUid }) =>
			DataSet.from({
				ReferencedSOPClassUID: sopClassUid,
				ReferencedSOPInstanceUID: sopInstanceUid,
			}),
		),
	});
}

/** Failure Reason (0008,1197) in the words of PS3.3 C.14.1.1. */
const REASONS: Record<number, string> = {
	0x0110: 'processing failure',
	0x0112: 'no such object instance',
	0x0119: 'class/instance conflict',
	0x0122: 'referenced SOP class not supported',
	0x0131: 'duplicate transaction UID',
	0x0213: 'resource limitation',
};

function reasonText(reason: number): string {
	return `${statusText(reason)} ${REASONS[reason] ?? 'reason not known'}`;
}
