import type { Order } from '../../records.ts';
import { stepItems, stepText, type PerformedStep } from './performed-steps.ts';

/** Discontinuation reason 110514 of PS3.16 CID 9300: the step belongs to nothing that was scheduled. */
export const INCORRECT_WORKLIST_ENTRY = '110514';

/** To which orders a performed step belongs. */
export interface StepLink {
	/** Of the orders found; none for an unscheduled step. */
	accessionNumbers: string[];
	/** For the log. */
	text: string;
}

/**
 * Finds the orders that the Scheduled Step Attributes of a performed step name: by Scheduled Procedure Step
 * ID within the study, or by Accession Number. A group case (IHE RAD-6) has an item for each; the unscheduled
 * case names nothing.
 */
export function linkOf(performed: PerformedStep, orders: Iterable<Order>): StepLink {
	const items = stepItems(performed, 'ScheduledStepAttributesSequence');
	const accessionNumbers: string[] = [];
	for (const order of orders) {
		const named = items.some((item) => {
			const stepId = item.text('ScheduledProcedureStepID') ?? '';
			const sameStudy = item.text('StudyInstanceUID') === order.studyInstanceUid;
			if (stepId !== '' && stepId === order.scheduledProcedureStepId && sameStudy) return true;
			return order.accessionNumber !== '' && item.text('AccessionNumber') === order.accessionNumber;
		});
		if (named) accessionNumbers.push(order.accessionNumber);
	}
	const patient = stepText(performed, 'PatientID');
	const text =
		accessionNumbers.length > 0
			? `order ${accessionNumbers.join(', ')}`
			: `unscheduled, patient ${patient === '' ? 'not known' : patient}`;
	return { accessionNumbers, text };
}

/** Why a step was discontinued; empty when no reason was given. */
export function reasonOf(performed: PerformedStep): { value: string; meaning: string } {
	const [code] = stepItems(performed, 'PerformedProcedureStepDiscontinuationReasonCodeSequence');
	return { value: code?.text('CodeValue') ?? '', meaning: code?.text('CodeMeaning') ?? '' };
}

/** The images that a step names, over all its series. */
export function imagesOf(performed: PerformedStep): number {
	return stepItems(performed, 'PerformedSeriesSequence').reduce(
		(count, series) => count + series.items('ReferencedImageSequence').length,
		0,
	);
}
