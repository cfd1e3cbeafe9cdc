import type { Process } from '#lib/kernel/process.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { PRIORITY, retrieveResponse, type Priority } from '#lib/protocol/dicom/dimse/services.ts';
import type { Answer, ServiceRequest } from '../../dicom/service-request.ts';
import { UNCOMPRESSED_SYNTAXES } from '../../dicom/storage-classes.ts';
import { UNIQUE_KEY, uniqueValues, type Level } from './information-model.ts';
import { instancesOf, type StoredInstance, type StudyStore } from './study-store.ts';

/** How one C-STORE sub-operation ended, as the counters of C-MOVE and C-GET know it. */
export type Outcome = 'completed' | 'failed' | 'warning';

/** The counters are US (PS3.7 table E.1-1). */
const COUNTER_MAX = 0xffff;

/** The instances that an identifier asks for: each unique key is one value or a list (PS3.4 C.4.2.2). */
export function selectInstances(
	store: StudyStore,
	identifier: DataSet,
	levels: readonly Level[],
): StoredInstance[] {
	const wanted = (level: Level): ((value: string) => boolean) => {
		const values = new Set(levels.includes(level) ? uniqueValues(identifier, level) : []);
		return (value) => values.size === 0 || values.has(value);
	};
	const [patient, study, series, image] = [
		wanted('PATIENT'),
		wanted('STUDY'),
		wanted('SERIES'),
		wanted('IMAGE'),
	];
	return [...store.studies.values()]
		.filter((one) => patient(one.patientId) && study(one.studyInstanceUid))
		.flatMap((one) => instancesOf(one))
		.filter((one) => series(one.seriesInstanceUid) && image(one.sopInstanceUid));
}

/** The keys of an identifier in words for a log. */
export function keysText(identifier: DataSet, levels: readonly Level[]): string {
	return levels
		.flatMap((level) =>
			uniqueValues(identifier, level).map((value) => `${UNIQUE_KEY[level]}=${value}`),
		)
		.join(' ');
}

/**
 * The sub-operations of a C-MOVE or C-GET (PS3.4 C.4.2, C.4.3), one after the other: after each a pending
 * response with the counters, and at the end the final one. A C-CANCEL ends them with FE00 and what
 * remains. When the requestor is gone nobody wants the rest, so it is left. Returns what the log says.
 */
export function* performSubOperations(
	request: ServiceRequest,
	instances: readonly StoredInstance[],
	storeOne: (instance: StoredInstance) => Process<Outcome>,
): Process<{ text: string; failed: number }> {
	const progress = new Progress(request, instances.length);
	for (const instance of instances) {
		if (request.cancelled || !request.alive) break;
		progress.count(yield* storeOne(instance), instance);
		if (progress.remaining > 0 && !request.cancelled) progress.respondPending();
	}
	const text = request.alive ? progress.respondFinally() : `${progress.text()}, requestor is gone`;
	return { text, failed: progress.failedUids.length };
}

class Progress {
	readonly failedUids: string[] = [];
	readonly #request: ServiceRequest;
	readonly #total: number;
	readonly #counters = { completed: 0, failed: 0, warning: 0 };

	constructor(request: ServiceRequest, total: number) {
		this.#request = request;
		this.#total = total;
	}

	get remaining(): number {
		const { completed, failed, warning } = this.#counters;
		return this.#total - completed - failed - warning;
	}

	count(outcome: Outcome, instance: StoredInstance): void {
		this.#counters[outcome]++;
		if (outcome === 'failed') this.failedUids.push(instance.sopInstanceUid);
	}

	text(): string {
		const { completed, failed, warning } = this.#counters;
		return `${completed} completed, ${failed} failed, ${warning} warnings`;
	}

	respondPending(): void {
		this.#respond(0xff00, true);
	}

	/** The final response; the number of remaining ones only goes with a cancel. Returns its log text. */
	respondFinally(): string {
		const cancelled = this.#request.cancelled && this.remaining > 0;
		const status = cancelled ? 0xfe00 : this.#finalStatus();
		this.#respond(status, cancelled);
		return cancelled ? `${this.text()}, cancelled with ${this.remaining} remaining` : this.text();
	}

	/** Success, A702 when nothing could be sent, B000 when something was not as it should (table C.4-2). */
	#finalStatus(): number {
		const { failed, warning } = this.#counters;
		if (failed === 0 && warning === 0) return 0x0000;
		return failed === this.#total ? 0xa702 : 0xb000;
	}

	#respond(status: number, withRemaining: boolean): void {
		const { command, context } = this.#request;
		const withDataSet = status !== 0xff00 && this.failedUids.length > 0;
		const { completed, failed, warning } = this.#counters;
		const shown = (count: number): number => Math.min(count, COUNTER_MAX);
		const subOperations = {
			...(withRemaining && { remaining: shown(this.remaining) }),
			completed: shown(completed),
			failed: shown(failed),
			warning: shown(warning),
		};
		this.#request.respond(
			retrieveResponse(command, { status, withDataSet, subOperations }),
			withDataSet
				? encodeDataSet(DataSet.from({ FailedSOPInstanceUIDList: this.failedUids }), {
						transferSyntax: context.transferSyntax,
					})
				: undefined,
		);
	}
}

/** The outcome by the answer to the C-STORE (PS3.4 table B.2-1). */
export function outcomeOf(answer: Answer): Outcome {
	if (answer.kind !== 'response') return 'failed';
	const status = answer.command.Status ?? 0xc000;
	if (status === 0x0000) return 'completed';
	return (status & 0xf000) === 0xb000 ? 'warning' : 'failed';
}

/** Transfer syntaxes in which an object could be sent: as it came, or written anew if it is not compressed. */
export function sendableSyntaxes(instance: StoredInstance): readonly string[] {
	const { transferSyntax } = instance;
	const readable =
		UNCOMPRESSED_SYNTAXES.includes(transferSyntax) ||
		transferSyntax === UID.DeflatedLittleEndianExplicit;
	return readable ? [transferSyntax, ...UNCOMPRESSED_SYNTAXES] : [transferSyntax];
}

/** The bytes of an object in one of its sendable syntaxes. */
export function bytesIn(instance: StoredInstance, transferSyntax: string): Uint8Array[] {
	return transferSyntax === instance.transferSyntax
		? [instance.bytes]
		: encodeDataSet(instance.dataSet, { transferSyntax });
}

/** Sub-operations have the priority of what caused them (PS3.4 C.4.2.1.1). */
export function priorityOf(request: ServiceRequest): Priority {
	const { Priority: asked } = request.command;
	return asked === PRIORITY.high || asked === PRIORITY.low ? asked : PRIORITY.medium;
}
