import type { Process } from '#lib/kernel/process.ts';
import { minutes, seconds, type Micros } from '#lib/kernel/time.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import {
	COMMAND_FIELD,
	nEventReportRequest,
	responseTo,
} from '#lib/protocol/dicom/dimse/services.ts';
import type { Device } from '../../device.ts';
import {
	failureText,
	openAssociation,
	type AssociationTarget,
} from '../../dicom/service-class-user.ts';
import type { Answer, ServiceRequest } from '../../dicom/service-request.ts';
import type { StoredInstance } from './study-store.ts';

const PUSH_MODEL = UID.StorageCommitmentPushModelSOPClass;
const PUSH_INSTANCE = UID.StorageCommitmentPushModelSOPInstance;
const TRANSFER_SYNTAXES = [UID.LittleEndianExplicit, UID.LittleEndianImplicit];

/** How long looking at the volume takes: for the request, and for each instance. */
const LOOK_US = seconds(1);
const LOOK_AT_INSTANCE_US: Micros = 1_000;
/** The pause before the second try to report; it doubles with each further one. */
const FIRST_PAUSE_US = minutes(1);
const LONGEST_PAUSE_US = minutes(60);
/** Instances that one request may name. */
const REFERENCES_MAX = 20_000;
/** Transactions on the screen; closed ones make room. */
const TRANSACTIONS_MAX = 500;

/** Failure Reason (0008,1197), PS3.3 C.14.1.1. */
const FAILURE = {
	processing: 0x0110,
	noSuchInstance: 0x0112,
	classInstanceConflict: 0x0119,
	classNotSupported: 0x0122,
	duplicateTransaction: 0x0131,
	resources: 0x0213,
} as const;

interface Reference {
	sopClassUid: string;
	sopInstanceUid: string;
}

/** A request for storage commitment and how far its result has got. */
export interface CommitmentTransaction {
	readonly transactionUid: string;
	/** The AE title that asked, and that the result goes to. */
	readonly requestor: string;
	/** By the device's own clock. */
	readonly requestedUs: Micros;
	readonly references: readonly Reference[];
	/** Every instance fails for this reason, whatever the archive holds. */
	readonly refusal: number | undefined;
	/** `refused`: the requestor did not take the result. */
	state: 'open' | 'reported' | 'refused' | 'given-up';
	attempts: number;
	/** `8 of 10 committed`, as it was last reported or tried to. */
	result: string;
	lastError: string;
}

export interface CommitmentContext {
	readonly device: Device;
	/** The AE title under which the archive reports, and where the instances may be retrieved. */
	readonly aeTitle: string;
	/** Whether the result may go on the association of the request while that is open. */
	readonly onSameAssociation: boolean;
	/** Tries to report a result before it is given up. */
	readonly attempts: number;
	supports(sopClassUid: string): boolean;
	instance(sopInstanceUid: string): StoredInstance | undefined;
	/** Where an AE title is reached; undefined when it is not known. */
	target(aeTitle: string): Omit<AssociationTarget, 'contexts'> | undefined;
}

interface Result {
	committed: Reference[];
	failed: (Reference & { reason: number })[];
}

type Reported =
	| { outcome: 'reported' }
	/** The peer answered, and would answer the same again. */
	| { outcome: 'refused'; error: string }
	| { outcome: 'not-reported'; error: string };

/**
 * The SCP of Storage Commitment Push Model (PS3.4 annex J, IHE RAD-10). What was asked is kept when the
 * device stops; results that were not reported are tried again after a start.
 */
export class CommitmentProvider {
	readonly #context: CommitmentContext;
	readonly #transactions = new Map<string, CommitmentTransaction>();
	readonly #all: CommitmentTransaction[] = [];

	constructor(context: CommitmentContext) {
		this.#context = context;
	}

	/** In the order in which they were asked. */
	get transactions(): readonly CommitmentTransaction[] {
		return this.#all;
	}

	/** Reports what was still open when the device stopped. */
	resume(): void {
		for (const transaction of this.#all) {
			if (transaction.state === 'open') this.#start(transaction);
		}
	}

	/** Reports a result once more, also one that was reported. False when there is none or it is on its way. */
	reportAgain(transactionUid: string): boolean {
		const transaction = this.#transactions.get(transactionUid);
		if (!transaction || transaction.state === 'open') return false;
		transaction.state = 'open';
		transaction.attempts = 0;
		this.#start(transaction);
		return true;
	}

	/** N-ACTION (PS3.4 J.3.2): the request is taken, its result follows as N-EVENT-REPORT. */
	*serve(request: ServiceRequest): Process {
		const { command, context } = request;
		const actionTypeId = command.ActionTypeID ?? 0;
		const refuse = (status: number, errorComment: string): void => {
			this.#context.device.log('WARN', `commitment for ${request.callingAeTitle}: ${errorComment}`);
			request.respond(responseTo(command, { status, errorComment, actionTypeId }));
		};
		if (command.CommandField !== COMMAND_FIELD['N-ACTION-RQ']) {
			refuse(0x0211, 'Unrecognized operation');
			return;
		}
		if (command.RequestedSOPInstanceUID !== PUSH_INSTANCE) {
			refuse(0x0112, 'No such SOP instance');
			return;
		}
		if (actionTypeId !== 1) {
			refuse(0x0123, 'No such action');
			return;
		}
		const decoded = decodeDataSet(request.data, { transferSyntax: context.transferSyntax });
		if (!decoded.ok) {
			refuse(0x0110, 'Action information unreadable');
			return;
		}
		const transaction = this.#transactionOf(decoded.dataSet, request.callingAeTitle);
		if (typeof transaction === 'string') {
			refuse(0x0115, transaction);
			return;
		}
		request.respond(responseTo(command, { status: 0x0000, actionTypeId }));
		this.#keep(transaction);
		this.#context.device.log(
			'INFO',
			`commitment for ${transaction.requestor}: ${transaction.references.length} instances asked`,
		);
		this.#start(transaction, request);
	}

	/** What was asked, or why it cannot be understood. */
	#transactionOf(information: DataSet, requestor: string): CommitmentTransaction | string {
		const transactionUid = information.text('TransactionUID') ?? '';
		if (transactionUid === '') return 'Transaction UID missing';
		const references = information.items('ReferencedSOPSequence').map((item) => ({
			sopClassUid: item.text('ReferencedSOPClassUID') ?? '',
			sopInstanceUid: item.text('ReferencedSOPInstanceUID') ?? '',
		}));
		if (references.length === 0) return 'Referenced SOP Sequence without items';
		if (references.some((one) => one.sopClassUid === '' || one.sopInstanceUid === '')) {
			return 'Referenced SOP Sequence without a UID';
		}
		const refusal = this.#transactions.has(transactionUid)
			? FAILURE.duplicateTransaction
			: references.length > REFERENCES_MAX
				? FAILURE.resources
				: undefined;
		return {
			transactionUid,
			requestor,
			requestedUs: this.#context.device.os.clockUs(),
			references,
			refusal,
			state: 'open',
			attempts: 0,
			result: '',
			lastError: '',
		};
	}

	#keep(transaction: CommitmentTransaction): void {
		this.#all.push(transaction);
		// The first one of a UID stays the one that can be reported again.
		if (!this.#transactions.has(transaction.transactionUid)) {
			this.#transactions.set(transaction.transactionUid, transaction);
		}
		if (this.#all.length <= TRANSACTIONS_MAX) return;
		const closed = this.#all.findIndex(({ state }) => state !== 'open');
		const [gone] = this.#all.splice(Math.max(0, closed), 1);
		if (gone && this.#transactions.get(gone.transactionUid) === gone) {
			this.#transactions.delete(gone.transactionUid);
		}
	}

	#start(transaction: CommitmentTransaction, request?: ServiceRequest): void {
		this.#context.device.spawn('commitment', this.#report(transaction, request));
	}

	/** Looks, then reports: on the association of the request if it may and can be, else on one of its own. */
	*#report(transaction: CommitmentTransaction, request?: ServiceRequest): Process {
		const { device } = this.#context;
		const { kernel } = device.world;
		yield* kernel.sleep(LOOK_US + transaction.references.length * LOOK_AT_INSTANCE_US);
		let pauseUs = FIRST_PAUSE_US;
		for (;;) {
			transaction.attempts++;
			const result = this.#resultOf(transaction);
			transaction.result = resultText(result);
			const onRequest =
				request !== undefined &&
				this.#context.onSameAssociation &&
				transaction.attempts === 1 &&
				request.alive;
			const reported = onRequest
				? yield* this.#reportOn(request, transaction, result)
				: yield* this.#reportBack(transaction, result);
			this.#note(transaction, reported);
			if (transaction.state !== 'open') return;
			// A requestor that released in the meantime is called back at once.
			if (onRequest) continue;
			yield* kernel.sleep(pauseUs);
			pauseUs = Math.min(pauseUs * 2, LONGEST_PAUSE_US);
		}
	}

	/** What the archive can say of each instance now. */
	#resultOf({ references, refusal }: CommitmentTransaction): Result {
		const result: Result = { committed: [], failed: [] };
		for (const reference of references) {
			const reason = refusal ?? this.#failureOf(reference);
			if (reason === undefined) result.committed.push(reference);
			else result.failed.push({ ...reference, reason });
		}
		return result;
	}

	#failureOf({ sopClassUid, sopInstanceUid }: Reference): number | undefined {
		const stored = this.#context.instance(sopInstanceUid);
		if (!stored) {
			return this.#context.supports(sopClassUid)
				? FAILURE.noSuchInstance
				: FAILURE.classNotSupported;
		}
		if (stored.sopClassUid !== sopClassUid) return FAILURE.classInstanceConflict;
		// In the database, but there is nothing in its file.
		return stored.bytes.length === 0 ? FAILURE.processing : undefined;
	}

	*#reportOn(
		request: ServiceRequest,
		transaction: CommitmentTransaction,
		result: Result,
	): Process<Reported> {
		const { transferSyntax } = request.context;
		const answer = yield* request.invoke(
			PUSH_MODEL,
			reportCommand(1, result),
			encodeDataSet(this.#information(transaction, result), { transferSyntax }),
			transferSyntax,
		);
		return reportedBy(answer);
	}

	/** On an association of its own, on which the archive is the SCP (PS3.4 J.3.3, PS3.7 D.3.3.4). */
	*#reportBack(transaction: CommitmentTransaction, result: Result): Process<Reported> {
		const { device } = this.#context;
		const { requestor } = transaction;
		const target = this.#context.target(requestor);
		if (!target) {
			return { outcome: 'not-reported', error: `AE title ${requestor} is not in the node table` };
		}
		const opened = yield* openAssociation(
			device.world,
			device.host,
			{
				...target,
				contexts: [{ abstractSyntax: PUSH_MODEL, transferSyntaxes: TRANSFER_SYNTAXES }],
				roles: [{ sopClassUid: PUSH_MODEL, scuRole: false, scpRole: true }],
			},
			device,
		);
		if (!opened.ok) return { outcome: 'not-reported', error: failureText(opened.failure) };
		const { link } = opened;
		const transferSyntax = link.transferSyntaxOf(PUSH_MODEL);
		if (transferSyntax === undefined) {
			yield* link.release();
			return { outcome: 'not-reported', error: 'storage commitment not accepted' };
		}
		const answer = yield* link.request(
			PUSH_MODEL,
			reportCommand(link.connection.messageId(), result),
			encodeDataSet(this.#information(transaction, result), { transferSyntax }),
		);
		if (answer.kind === 'response') yield* link.release();
		else link.abort();
		return reportedBy(answer);
	}

	/** The event information of PS3.4 table J.3-2. */
	#information({ transactionUid }: CommitmentTransaction, { committed, failed }: Result): DataSet {
		return DataSet.from({
			TransactionUID: transactionUid,
			RetrieveAETitle: this.#context.aeTitle,
			...(committed.length > 0 && { ReferencedSOPSequence: committed.map(referenceItem) }),
			...(failed.length > 0 && {
				FailedSOPSequence: failed.map((one) => referenceItem(one).set('FailureReason', one.reason)),
			}),
		});
	}

	#note(transaction: CommitmentTransaction, reported: Reported): void {
		const { device, attempts } = this.#context;
		const { requestor, result } = transaction;
		if (reported.outcome === 'reported') {
			transaction.state = 'reported';
			transaction.lastError = '';
			device.log('INFO', `commitment for ${requestor}: ${result}, reported`);
			device.world.kernel.record('commitment-reported', { device: device.id, requestor, result });
			return;
		}
		transaction.lastError = reported.error;
		if (reported.outcome === 'refused') transaction.state = 'refused';
		else if (transaction.attempts >= attempts) transaction.state = 'given-up';
		device.log('WARN', `commitment for ${requestor} not reported: ${reported.error}`);
	}
}

function referenceItem({ sopClassUid, sopInstanceUid }: Reference): DataSet {
	return DataSet.from({
		ReferencedSOPClassUID: sopClassUid,
		ReferencedSOPInstanceUID: sopInstanceUid,
	});
}

/** Event type 1 when everything is committed to, 2 when failures exist. */
function reportCommand(messageId: number, { failed }: Result) {
	return nEventReportRequest({
		messageId,
		sopClassUid: PUSH_MODEL,
		sopInstanceUid: PUSH_INSTANCE,
		eventTypeId: failed.length === 0 ? 1 : 2,
	});
}

function reportedBy(answer: Answer): Reported {
	if (answer.kind !== 'response') {
		return { outcome: 'not-reported', error: `no answer to N-EVENT-REPORT (${answer.kind})` };
	}
	const status = answer.command.Status ?? 0xc000;
	if (status === 0x0000) return { outcome: 'reported' };
	const comment = answer.command.ErrorComment;
	const code = status.toString(16).toUpperCase().padStart(4, '0');
	return {
		outcome: 'refused',
		error: `N-EVENT-REPORT answered with ${code}${comment ? ` (${comment})` : ''}`,
	};
}

function resultText({ committed, failed }: Result): string {
	return `${committed.length} of ${committed.length + failed.length} committed`;
}
