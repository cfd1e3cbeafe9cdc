import type { Remark } from '../remark.ts';
import type { AssociationReport, ConversationLine, Moment } from './capture-report.ts';

/** What a dissector makes of a conversation. */
export interface Dissection {
	readonly summary: string;
	readonly tone: Remark['tone'];
	readonly lines: readonly ConversationLine[];
	readonly remarks: readonly (Remark & Moment)[];
	readonly association?: AssociationReport;
}

/** Reads what two sides say to each other, in the order of the capture. None of it throws. */
export interface Dissector {
	data(fromClient: boolean, bytes: Uint8Array, at: Moment): void;
	/** Bytes are missing here. */
	gap(fromClient: boolean, sizeBytes: number, at: Moment): void;
	/** One side has ended, or the capture has. */
	end(fromClient: boolean, at: Moment): void;
	result(): Dissection;
	/** The bytes of a line's content, as a file of their own; undefined: nothing to show. */
	content(number: number): Uint8Array | undefined;
}

/** Lines are kept up to a number for the whole capture; those beyond are counted. */
export class LineBudget {
	left: number;
	leftOut = 0;

	constructor(most: number) {
		this.left = most;
	}

	/** Whether one more may be kept. */
	take(): boolean {
		if (this.left > 0) {
			this.left--;
			return true;
		}
		this.leftOut++;
		return false;
	}
}
