import { Signal, wait, type Process } from '#lib/kernel/process.ts';
import type { Micros } from '#lib/kernel/time.ts';
import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { nCreateRequest, nSetRequest } from '#lib/protocol/dicom/dimse/services.ts';
import {
	failureText,
	openAssociation,
	type AssociationLink,
} from '../../dicom/service-class-user.ts';
import { statusText, type QueueContext } from './config.ts';
import type { WorklistEntry } from './worklist-query.ts';

/** What has to be told of a step, in order. */
interface StepMessage {
	service: 'N-CREATE' | 'N-SET';
	list: DataSet;
}

/** A performed procedure step and how far the RIS has been told of it. */
export interface StepReport {
	/** Performed Procedure Step ID (SH). */
	readonly id: string;
	readonly sopInstanceUid: string;
	readonly entry: WorklistEntry;
	/** By the device's clock. */
	readonly startUs: Micros;
	status: 'IN PROGRESS' | 'COMPLETED' | 'DISCONTINUED';
	readonly messages: StepMessage[];
	state: 'waiting' | 'sending' | 'reported' | 'failed';
	attempts: number;
	lastError: string;
}

/** Reported steps that stay on the screen. */
const REPORTED_MAX = 30;

const STEP_CLASS = UID.ModalityPerformedProcedureStepSOPClass;

type Told = { ok: true } | { ok: false; error: string; again: boolean };

/**
 * The SCU of Modality Performed Procedure Step (PS3.4 F.7): tells what happened, in order, with retries. An
 * examination never waits for it.
 */
export class StepReports {
	readonly reports: StepReport[] = [];
	readonly #context: QueueContext;
	#messageWaits = new Signal();

	constructor(context: QueueContext) {
		this.#context = context;
	}

	/** Reports the begin of a step. */
	begin(
		step: Pick<StepReport, 'id' | 'sopInstanceUid' | 'entry' | 'startUs'>,
		list: DataSet,
	): StepReport {
		const report: StepReport = {
			...step,
			status: 'IN PROGRESS',
			messages: [{ service: 'N-CREATE', list }],
			state: 'waiting',
			attempts: 0,
			lastError: '',
		};
		this.reports.push(report);
		this.#forgetReported();
		this.#messageWaits.fire();
		return report;
	}

	/** Reports the end of a step. What could not be told before is tried again with it. */
	end(report: StepReport, status: 'COMPLETED' | 'DISCONTINUED', list: DataSet): void {
		report.status = status;
		report.messages.push({ service: 'N-SET', list });
		this.#retry(report);
	}

	/** Tries again what was given up. False when there is no such step. */
	sendAgain(id: string): boolean {
		const report = this.reports.find((one) => one.id === id && one.state === 'failed');
		if (!report) return false;
		this.#retry(report);
		return true;
	}

	/** What was being told when the device stopped waits again. */
	resume(): void {
		for (const report of this.reports) if (report.state === 'sending') report.state = 'waiting';
	}

	*run(): Process {
		const { device } = this.#context;
		for (;;) {
			const report = this.reports.find((one) => one.state === 'waiting');
			if (!report) {
				this.#messageWaits = new Signal();
				yield* wait(this.#messageWaits);
				continue;
			}
			report.state = 'sending';
			report.attempts++;
			const told = yield* this.#tell(report);
			if (told.ok) {
				// Its end may have come while its begin was told.
				report.state = report.messages.length > 0 ? 'waiting' : 'reported';
				report.attempts = 0;
				report.lastError = '';
				continue;
			}
			report.lastError = told.error;
			const again = told.again && report.attempts < this.#context.attempts;
			report.state = again ? 'waiting' : 'failed';
			device.log('ERROR', `performed step ${report.id} not reported: ${told.error}`);
			if (again) yield* device.world.kernel.sleep(this.#context.retryUs);
		}
	}

	#retry(report: StepReport): void {
		if (report.state !== 'sending') report.state = 'waiting';
		report.attempts = 0;
		this.#messageWaits.fire();
	}

	#forgetReported(): void {
		const reported = this.reports.filter(
			(report) => report.state === 'reported' && report.status !== 'IN PROGRESS',
		);
		for (const report of reported.slice(0, Math.max(0, reported.length - REPORTED_MAX))) {
			this.reports.splice(this.reports.indexOf(report), 1);
		}
	}

	/** Tells what is left to tell of a step on one association. */
	*#tell(report: StepReport): Process<Told> {
		const { device } = this.#context;
		const opened = yield* openAssociation(
			device.world,
			device.host,
			{
				...this.#context.target('mpps'),
				contexts: [
					{
						abstractSyntax: STEP_CLASS,
						transferSyntaxes: [UID.LittleEndianExplicit, UID.LittleEndianImplicit],
					},
				],
			},
			device,
		);
		if (!opened.ok) return { ok: false, error: failureText(opened.failure), again: true };
		for (;;) {
			const [message] = report.messages;
			if (!message) break;
			const told = yield* this.#send(opened.link, report, message);
			if (!told.ok) {
				yield* opened.link.release();
				return told;
			}
			report.messages.shift();
			const { accessionNumber } = report.entry;
			device.log('INFO', `${message.service} of performed step ${report.id} (${accessionNumber})`);
		}
		yield* opened.link.release();
		return { ok: true };
	}

	*#send(link: AssociationLink, report: StepReport, message: StepMessage): Process<Told> {
		const transferSyntax = link.transferSyntaxOf(STEP_CLASS);
		if (transferSyntax === undefined) {
			return { ok: false, error: 'performed step service not accepted', again: false };
		}
		const instance = {
			messageId: link.connection.messageId(),
			sopClassUid: STEP_CLASS,
			sopInstanceUid: report.sopInstanceUid,
		};
		const { service, list } = message;
		const answer = yield* link.request(
			STEP_CLASS,
			service === 'N-CREATE' ? nCreateRequest(instance) : nSetRequest(instance),
			encodeDataSet(list, { transferSyntax }),
		);
		if (answer.kind !== 'response') {
			link.abort();
			return { ok: false, error: `no answer to ${service}`, again: true };
		}
		const status = answer.command.Status ?? 0xc000;
		if (status === 0x0000 || status === 0x0107 || status === 0x0116) return { ok: true };
		// A first try was heard although its answer was lost: the step exists.
		if (service === 'N-CREATE' && status === 0x0111) return { ok: true };
		const comment = answer.command.ErrorComment;
		const error = `${service} failed, status ${statusText(status)}${comment ? ` (${comment})` : ''}`;
		// The same request would be refused for the same reason, but for a shortage (PS3.7 annex C).
		return { ok: false, error, again: status === 0x0213 };
	}
}
