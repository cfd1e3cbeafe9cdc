import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { formatTag, tagOf } from '#lib/protocol/dicom/dataset/dictionary.ts';
import { breachesOf, isEmpty, missingForFinalState } from './performed-step-rules.ts';

/** Performed Procedure Step Status (0040,0252), PS3.3 C.4.14. */
export const PERFORMED_STATUSES = ['IN PROGRESS', 'COMPLETED', 'DISCONTINUED'] as const;

export type PerformedStatus = (typeof PERFORMED_STATUSES)[number];

/** A performed procedure step as its SCP keeps it. */
export interface PerformedStep {
	readonly sopInstanceUid: string;
	readonly callingAeTitle: string;
	/** The own clock, µs since 1970. */
	readonly createdUs: number;
	changedUs: number;
	status: PerformedStatus;
	/**
	 * What came: the attribute list of the N-CREATE, then the modification lists. They stay apart because
	 * each has its own character set, which does not replace that of the others (PS3.4 F.7.2.2.3).
	 */
	readonly lists: DataSet[];
}

/** How the SCP answers, in the terms of PS3.7 annex C. */
export interface StepAnswer {
	status: number;
	errorComment?: string;
	errorId?: number;
	/** The attributes that it is about; on the wire as the Attribute Identifier List with 0105 and 0120 only. */
	attributes?: number[];
	/** The attributes that were refused for their values, to go back as the data set. */
	dataSet?: DataSet;
	step?: PerformedStep;
}

interface Sender {
	callingAeTitle: string;
	nowUs: number;
}

/** Told with a refused N-SET, PS3.4 F.7.2.2.4. */
const FINAL_STATE_COMMENT = 'Performed Procedure Step Object may no longer be updated';
const FINAL_STATE_ERROR_ID = 0xa710;

const STATUS = 'PerformedProcedureStepStatus';

/** The list that counts for an attribute: the last one that has it. */
function listWith(step: PerformedStep, keyword: string): DataSet | undefined {
	return step.lists.findLast((list) => list.has(keyword));
}

/** The present text of an attribute of a step; '' when it has none. */
export function stepText(step: PerformedStep, keyword: string): string {
	return listWith(step, keyword)?.text(keyword) ?? '';
}

/** The present items of a sequence of a step. */
export function stepItems(step: PerformedStep, keyword: string): readonly DataSet[] {
	return listWith(step, keyword)?.items(keyword) ?? [];
}

/**
 * The SCP of Modality Performed Procedure Step (PS3.4 F.7.2): its instances and their state rules. A step is
 * created IN PROGRESS, becomes COMPLETED or DISCONTINUED (table F.1-4) and does not change after that.
 */
export class PerformedSteps {
	readonly #steps = new Map<string, PerformedStep>();

	get(sopInstanceUid: string): PerformedStep | undefined {
		return this.#steps.get(sopInstanceUid);
	}

	/** In the order in which they were created. */
	all(): PerformedStep[] {
		return [...this.#steps.values()];
	}

	/** N-CREATE with the UID of the instance, given by the SCU or made by the SCP. */
	create(sopInstanceUid: string, list: DataSet, { callingAeTitle, nowUs }: Sender): StepAnswer {
		if (this.#steps.has(sopInstanceUid)) {
			return { status: 0x0111, errorComment: 'Duplicate SOP instance' };
		}
		const { missing, withoutValue } = breachesOf(list, 'create');
		if (missing.length > 0) return refused(0x0120, 'Missing', missing);
		if (withoutValue.length > 0) return refused(0x0121, 'No value', withoutValue, list);
		if (list.text(STATUS) !== 'IN PROGRESS') {
			return refused(0x0106, 'Must be IN PROGRESS:', [tagOf(STATUS)], list);
		}
		const step: PerformedStep = {
			sopInstanceUid,
			callingAeTitle,
			createdUs: nowUs,
			changedUs: nowUs,
			status: 'IN PROGRESS',
			lists: [list],
		};
		this.#steps.set(sopInstanceUid, step);
		return { status: 0x0000, step };
	}

	/** N-SET: changes what it names, and nothing at all unless everything in it is right. */
	set(sopInstanceUid: string, list: DataSet, nowUs: number): StepAnswer {
		const step = this.#steps.get(sopInstanceUid);
		if (!step) return { status: 0x0112, errorComment: 'No such SOP instance' };
		if (step.status !== 'IN PROGRESS') {
			return {
				status: 0x0110,
				errorComment: FINAL_STATE_COMMENT,
				errorId: FINAL_STATE_ERROR_ID,
			};
		}
		const { notAllowed, missing, withoutValue } = breachesOf(list, 'set');
		if (notAllowed.length > 0) return refused(0x0105, 'Not allowed in N-SET:', notAllowed);
		// N-SET has no status for a missing attribute, only for a missing value (PS3.7 10.1.3.1.9).
		const lacking = [...missing, ...withoutValue];
		if (lacking.length > 0) return refused(0x0121, 'No value', lacking, list);
		const status = list.has(STATUS) ? list.text(STATUS) : step.status;
		const known = PERFORMED_STATUSES.find((one) => one === status);
		if (!known) return refused(0x0106, 'Not a status:', [tagOf(STATUS)], list);
		if (known !== 'IN PROGRESS') {
			const isSet = (keyword: string): boolean =>
				[list, ...step.lists].some((one) => one.has(keyword) && !isEmpty(one, keyword));
			const open = missingForFinalState(isSet);
			if (open.length > 0) return refused(0x0121, 'No value in final state', open, list);
		}
		step.lists.push(list);
		step.status = known;
		step.changedUs = nowUs;
		return { status: 0x0000, step };
	}
}

/** A refusal that names the tags, in the comment as far as its 64 characters reach (PS3.7 annex C). */
function refused(status: number, words: string, tags: number[], list?: DataSet): StepAnswer {
	const comment = `${words} ${tags.map(formatTag).join(' ')}`;
	return {
		status,
		attributes: tags,
		errorComment: comment.length <= 64 ? comment : `${comment.slice(0, 61)}...`,
		...(list ? { dataSet: listOf(list, tags) } : {}),
	};
}

/** Those of the attributes that the list has at its top level. */
function listOf(list: DataSet, tags: readonly number[]): DataSet {
	const out = new DataSet();
	for (const tag of tags) {
		const element = list.element(tag);
		if (element) out.add(element);
	}
	return out;
}
