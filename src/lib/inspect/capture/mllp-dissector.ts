import { valueAt } from '#lib/protocol/hl7/access.ts';
import { MllpDecoder, type MllpEvent } from '#lib/protocol/hl7/mllp.ts';
import { parseEr7 } from '#lib/protocol/hl7/parse-er7.ts';
import type { Remark } from '../remark.ts';
import type { ConversationLine, Moment } from './capture-report.ts';
import type { Dissection, Dissector, LineBudget } from './dissector.ts';

/** HL7 v2.5.1 table 0008, in words. */
const ACKNOWLEDGEMENTS: Readonly<Record<string, string>> = {
	AA: 'accepted',
	AE: 'application error',
	AR: 'rejected',
	CA: 'committed',
	CE: 'commit error',
	CR: 'commit rejected',
};

const FRAMING: Partial<Record<MllpEvent['kind'], string>> = {
	'missing-carriage-return': 'A block ends with FS that no CR follows.',
	'missing-start': 'A block is not begun by VT.',
	'missing-end': 'A block is cut off: FS CR is missing.',
	garbage: 'There are bytes between the blocks.',
	oversize: 'A block is longer than is read here.',
};

interface Sent {
	controlId: string;
	type: string;
	at: Moment;
	fromClient: boolean;
	/** In the enhanced mode it is acknowledged twice: when it is safe and when it has been processed. */
	answered: boolean;
}

/** HL7 v2 over MLLP: messages, and the acknowledgement of each. */
export class MllpDissector implements Dissector {
	readonly #decoders = { client: new MllpDecoder(), server: new MllpDecoder() };
	readonly #lines: ConversationLine[] = [];
	readonly #remarks: (Remark & Moment)[] = [];
	readonly #blocks: Uint8Array[] = [];
	readonly #budget: LineBudget;
	readonly #sent: Sent[] = [];
	#refused: string | undefined;

	constructor(budget: LineBudget) {
		this.#budget = budget;
	}

	data(fromClient: boolean, bytes: Uint8Array, at: Moment): void {
		this.#take(fromClient, this.#decoders[fromClient ? 'client' : 'server'].push(bytes), at);
	}

	gap(fromClient: boolean, sizeBytes: number, at: Moment): void {
		const text = `${sizeBytes} bytes of the stream are not in the capture.`;
		this.#remarks.push({ ...at, tone: 'warning', text });
		this.#take(fromClient, this.#decoders[fromClient ? 'client' : 'server'].end(), at);
	}

	end(fromClient: boolean, at: Moment): void {
		this.#take(fromClient, this.#decoders[fromClient ? 'client' : 'server'].end(), at);
	}

	result(): Dissection {
		const remarks = [...this.#remarks];
		const unanswered = this.#sent.filter((one) => !one.answered);
		for (const { controlId, type, at } of unanswered) {
			const text = `${type} ${controlId} was not acknowledged.`;
			remarks.push({ ...at, tone: 'bad', text, clause: 'HL7 v2.5.1 2.9' });
		}
		const count = `${this.#sent.length} HL7 message${this.#sent.length === 1 ? '' : 's'}`;
		const worst =
			this.#refused ??
			(unanswered.length > 0 ? `${unanswered.length} without acknowledgement` : undefined);
		const bad = remarks.some((remark) => remark.tone === 'bad');
		return {
			summary: worst === undefined ? count : `${count}, ${worst}`,
			tone: bad || worst !== undefined ? 'bad' : 'good',
			lines: this.#lines,
			remarks,
		};
	}

	content(number: number): Uint8Array | undefined {
		return this.#blocks[number];
	}

	#take(fromClient: boolean, events: MllpEvent[], at: Moment): void {
		for (const event of events) {
			const text = FRAMING[event.kind];
			if (text) this.#remarks.push({ ...at, tone: 'warning', text, clause: 'MLLP' });
			if (event.kind !== 'garbage' && event.kind !== 'oversize') {
				this.#block(fromClient, event.bytes, at);
			}
		}
	}

	#block(fromClient: boolean, bytes: Uint8Array, at: Moment): void {
		const content = this.#blocks.push(bytes) - 1;
		const add = (line: Pick<ConversationLine, 'title' | 'detail' | 'tone'>) => {
			if (this.#budget.take()) this.#lines.push({ ...at, fromClient, content, ...line });
		};
		const parsed = parseEr7(bytes);
		if ('error' in parsed) {
			add({ title: 'not HL7', detail: parsed.error.text, tone: 'bad' });
			return;
		}
		const { message } = parsed;
		const textAt = (path: string) => valueAt(message, path).text;
		const type = [textAt('MSH-9.1'), textAt('MSH-9.2')].filter(Boolean).join('^') || 'no MSH-9';
		const controlId = textAt('MSH-10');
		const code = textAt('MSA-1');
		if (code === '') {
			this.#sent.push({ controlId, type, at, fromClient, answered: false });
			add({ title: type, detail: `control id ${controlId || 'missing'}`, tone: 'neutral' });
			return;
		}
		const about = textAt('MSA-2');
		const answered = this.#sent.findLast(
			(one) => one.controlId === about && one.fromClient !== fromClient,
		);
		const accepted = code === 'AA' || code === 'CA';
		if (answered) answered.answered = true;
		else {
			const text = `An acknowledgement of ${about || 'nothing'}, which was not sent here.`;
			this.#remarks.push({ ...at, tone: 'warning', text, clause: 'HL7 v2.5.1 2.9' });
		}
		const words = ACKNOWLEDGEMENTS[code] ?? 'not in table 0008';
		const why = textAt('ERR-8') || textAt('ERR-3.2') || textAt('MSA-3');
		if (!accepted) this.#refused ??= `${code} for ${about}${why && `: ${why}`}`;
		const after = answered ? `, ${Math.round((at.timeUs - answered.at.timeUs) / 1_000)} ms` : '';
		add({
			title: `${type} ${code}`,
			detail: `${words}, answers ${about || 'no control id'}${after}${why && `: ${why}`}`,
			tone: accepted ? 'good' : 'bad',
		});
	}
}
