import {
	type AssemblyDefect,
	type DimseMessage,
	MessageAssembler,
} from '#lib/protocol/dicom/dimse/message.ts';
import { joinParts } from '#lib/protocol/dicom/dimse/fragment-buffer.ts';
import { COMMAND_FIELD, isResponse } from '#lib/protocol/dicom/dimse/services.ts';
import { PduReader, type PduDefect } from '#lib/protocol/dicom/upper-layer/decode-pdu.ts';
import type { AssociateAc, AssociateRq, Pdu } from '#lib/protocol/dicom/upper-layer/pdu.ts';
import type { Remark, Tone } from '../remark.ts';
import { abortWords, contextsOf, peerOf, rejectWords } from './association-words.ts';
import type { AssociationReport, ConversationLine, DimseReport, Moment } from './capture-report.ts';
import { commandText, messageDetail, statusWords } from './dimse-words.ts';
import type { Dissection, Dissector, LineBudget } from './dissector.ts';
import { beginsAsPdu } from './sniff-protocol.ts';
import { messageFile } from './message-file.ts';

/** What was really sent is to be read, whatever was agreed on. */
const LIMITS = { dataBytes: 64 * 1024 * 1024, otherBytes: 1024 * 1024 };

type Line = Pick<ConversationLine, 'title' | 'detail' | 'tone' | 'content'>;

/** One direction: PDUs, and the messages in them. */
class Side {
	#reader = new PduReader(LIMITS);
	#assembler = new MessageAssembler(() => true);
	/** Bytes are missing: reading goes on where a segment begins with a PDU. */
	#lost = false;

	push(bytes: Uint8Array): (Pdu | PduDefect)[] {
		if (this.#lost && !beginsAsPdu(bytes)) return [];
		this.#lost = false;
		this.#reader.push(bytes);
		const found: (Pdu | PduDefect)[] = [];
		for (let pdu = this.#reader.next(); pdu !== undefined; pdu = this.#reader.next()) {
			found.push(pdu);
		}
		return found;
	}

	messages(pdu: Pdu & { kind: 'P-DATA-TF' }): (DimseMessage | AssemblyDefect)[] {
		return this.#assembler.push(pdu.pdvs);
	}

	lose(): void {
		this.#lost = true;
		this.#reader = new PduReader(LIMITS);
		this.restart();
	}

	/** After a defect no message is put together any more; the next one may be whole again. */
	restart(): void {
		this.#assembler = new MessageAssembler(() => true);
	}
}

/** A DICOM association: both directions decoded by our own upper layer and DIMSE codecs. */
export class DicomDissector implements Dissector {
	readonly #client = new Side();
	readonly #server = new Side();
	readonly #budget: LineBudget;
	readonly #lines: ConversationLine[] = [];
	readonly #pdus: ConversationLine[] = [];
	readonly #messages: DimseReport[] = [];
	readonly #data: (Uint8Array[] | undefined)[] = [];
	readonly #remarks: (Remark & Moment)[] = [];
	readonly #requestedAt = new Map<string, number>();
	#rq: AssociateRq | undefined;
	#ac: AssociateAc | undefined;
	#acceptedAt: Moment | undefined;
	#outcome: { text: string; tone: Tone } | undefined;
	#worst: { text: string; tone: Tone } | undefined;

	constructor(budget: LineBudget) {
		this.#budget = budget;
	}

	data(fromClient: boolean, bytes: Uint8Array, at: Moment): void {
		const side = fromClient ? this.#client : this.#server;
		for (const pdu of side.push(bytes)) this.#pdu(side, pdu, fromClient, at);
	}

	gap(fromClient: boolean, sizeBytes: number, at: Moment): void {
		const text = `${sizeBytes} bytes of the ${fromClient ? 'client' : 'server'} are not in the capture; the messages around them cannot be read.`;
		this.#remarks.push({ ...at, tone: 'warning', text });
		(fromClient ? this.#client : this.#server).lose();
	}

	end(): void {}

	result(): Dissection {
		const association = this.#report();
		const outcome = this.#outcome ?? {
			text: this.#rq && !this.#ac ? 'the request was not answered' : 'not released in the capture',
			tone: (this.#rq && !this.#ac ? 'bad' : 'warning') satisfies Tone,
		};
		const contextRemarks = this.#contextRemarks(association);
		const worst =
			outcome.tone === 'good' ? (this.#worst ?? refusal(contextRemarks) ?? outcome) : outcome;
		const who = this.#rq ? `${this.#rq.callingAeTitle} → ${this.#rq.calledAeTitle}` : 'DICOM';
		return {
			summary: `${who}: ${this.#about()}${worst.text}`,
			tone: worst.tone,
			lines: this.#lines,
			remarks: [...this.#remarks, ...contextRemarks],
			association,
		};
	}

	content(number: number): Uint8Array | undefined {
		const message = this.#messages[number];
		const data = this.#data[number];
		return message && data ? messageFile(message, joinParts(data)) : undefined;
	}

	/** `3 × C-STORE, `: the operations that were requested. */
	#about(): string {
		const counts = new Map<string, number>();
		for (const { command } of this.#messages) {
			if (isResponse(command)) continue;
			const name = commandText(command).replace(/-RQ$/, '');
			counts.set(name, (counts.get(name) ?? 0) + 1);
		}
		const parts = [...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`));
		return parts.length === 0 ? '' : `${parts.join(', ')}, `;
	}

	#report(): AssociationReport {
		const rq = this.#rq;
		return {
			calling: peerOf(rq?.callingAeTitle ?? '', rq),
			called: peerOf(rq?.calledAeTitle ?? '', this.#ac),
			contexts: rq ? contextsOf(rq, this.#ac) : [],
			messages: this.#messages,
			pdus: this.#pdus,
		};
	}

	/** Presentation contexts that were refused, told at the answer. */
	#contextRemarks({ contexts }: AssociationReport): (Remark & Moment)[] {
		const at = this.#acceptedAt;
		if (!at) return [];
		const clause = 'PS3.8 9.3.3.2';
		const remarks = contexts
			.filter((context) => context.tone !== 'good')
			.map(({ id, abstractSyntax, answer }) => {
				const text = `Presentation context ${id}, ${abstractSyntax.name}: ${answer}.`;
				return { ...at, tone: 'warning' as Tone, text, clause };
			});
		if (remarks.length > 0 && remarks.length === contexts.length) {
			const text = 'No presentation context was accepted: the association is open and of no use.';
			remarks.push({ ...at, tone: 'bad', text, clause });
		}
		return remarks;
	}

	#pdu(side: Side, pdu: Pdu | PduDefect, fromClient: boolean, at: Moment): void {
		if (pdu.kind === 'P-DATA-TF') {
			this.#addPdu(fromClient, at, {
				title: pdu.kind,
				detail: pdu.pdvs
					.map(({ contextId, isCommand, isLast, data }) => {
						const part = isCommand ? 'command' : 'data';
						return `${part} ${data.length} bytes, context ${contextId}${isLast ? ', last' : ''}`;
					})
					.join('; '),
				tone: 'neutral',
			});
			for (const one of side.messages(pdu)) this.#message(side, one, fromClient, at);
			return;
		}
		const line = this.#control(pdu, at);
		this.#addPdu(fromClient, at, line);
		this.#addLine(fromClient, at, line);
	}

	/** A PDU that is not data, in words; takes over what it changes. */
	#control(pdu: Exclude<Pdu, { kind: 'P-DATA-TF' }> | PduDefect, at: Moment): Line {
		const end = (how: string, detail: string, tone: Tone): Line => {
			this.#outcome = { text: detail === '' ? how : `${how}: ${detail}`, tone };
			return { title: pdu.kind, detail, tone };
		};
		switch (pdu.kind) {
			case 'A-ASSOCIATE-RQ': {
				if (this.#rq) {
					const text = 'Another A-ASSOCIATE-RQ on a connection that already has an association.';
					this.#remarks.push({ ...at, tone: 'bad', text, clause: 'PS3.8 9.2' });
				}
				this.#rq ??= pdu;
				if (pdu.userInformation.userIdentity?.type === 2) {
					const text = 'The user identity is a name with a passcode, and both travel in the clear.';
					this.#remarks.push({ ...at, tone: 'warning', text, clause: 'PS3.7 D.3.3.7' });
				}
				const count = pdu.presentationContexts.length;
				const detail = `${pdu.callingAeTitle} calls ${pdu.calledAeTitle}, ${count} presentation context${count === 1 ? '' : 's'}`;
				return { title: pdu.kind, detail, tone: 'neutral' };
			}
			case 'A-ASSOCIATE-AC': {
				this.#ac ??= pdu;
				this.#acceptedAt ??= { packet: at.packet, timeUs: at.timeUs };
				const accepted = pdu.presentationContexts.filter(({ result }) => result === 0).length;
				const detail = `${accepted} of ${pdu.presentationContexts.length} presentation contexts accepted`;
				return { title: pdu.kind, detail, tone: accepted > 0 ? 'good' : 'bad' };
			}
			case 'A-ASSOCIATE-RJ':
				return end('rejected', rejectWords(pdu), 'bad');
			case 'A-RELEASE-RQ':
				return { title: pdu.kind, detail: 'asks to end the association', tone: 'neutral' };
			case 'A-RELEASE-RP':
				return end('released', '', 'good');
			case 'A-ABORT':
				return end('aborted', abortWords(pdu), 'bad');
			case 'defect': {
				const text = `This is not a PDU: ${pdu.explanation}.`;
				this.#remarks.push({ ...at, tone: 'bad', text, clause: 'PS3.8 9.3' });
				return { title: 'not a PDU', detail: pdu.explanation, tone: 'bad' };
			}
		}
	}

	#message(
		side: Side,
		message: DimseMessage | AssemblyDefect,
		fromClient: boolean,
		at: Moment,
	): void {
		if ('defect' in message) {
			side.restart();
			this.#remarks.push({
				...at,
				tone: 'bad',
				text: `DIMSE: ${message.defect}.`,
				clause: 'PS3.7 6.3',
			});
			return;
		}
		if (this.#budget.left <= 0) {
			this.#budget.take();
			return;
		}
		const { command, contextId, data } = message;
		const transferSyntax = this.#transferSyntaxOf(contextId);
		const dataBytes = data?.reduce((sum, part) => sum + part.length, 0) ?? 0;
		const isStore = command.CommandField === COMMAND_FIELD['C-STORE-RQ'];
		const content = this.#messages.push({
			...at,
			fromClient,
			command,
			contextId,
			...(transferSyntax !== undefined && { transferSyntax }),
			dataBytes,
			isObject: isStore && dataBytes > 0 && transferSyntax !== undefined,
		});
		this.#data.push(data);
		const status = statusWords(command);
		if (status && (status.tone === 'bad' || status.tone === 'warning')) {
			if (this.#worst?.tone !== 'bad') this.#worst = { text: status.text, tone: status.tone };
			const text = `${commandText(command)}: ${status.text}.`;
			this.#remarks.push({ ...at, tone: status.tone, text, clause: status.clause });
		}
		const size = dataBytes > 0 ? ` · ${dataBytes} bytes of data` : '';
		this.#addLine(fromClient, at, {
			title: commandText(command),
			detail: `${messageDetail(command)}${size}${this.#elapsed(command, fromClient, at)}`,
			tone: status?.tone ?? 'neutral',
			content: content - 1,
		});
	}

	/** How long after its request a response came. */
	#elapsed(command: DimseMessage['command'], fromClient: boolean, at: Moment): string {
		if (!isResponse(command)) {
			this.#requestedAt.set(`${fromClient} ${command.MessageID}`, at.timeUs);
			return '';
		}
		const asked = this.#requestedAt.get(`${!fromClient} ${command.MessageIDBeingRespondedTo}`);
		return asked === undefined ? '' : ` · after ${((at.timeUs - asked) / 1_000).toFixed(1)} ms`;
	}

	#transferSyntaxOf(contextId: number): string | undefined {
		const answer = this.#ac?.presentationContexts.find(({ id }) => id === contextId);
		return answer?.result === 0 ? answer.transferSyntax : undefined;
	}

	#addLine(fromClient: boolean, at: Moment, line: Line): void {
		if (this.#budget.take()) this.#lines.push({ ...at, fromClient, ...line });
	}

	#addPdu(fromClient: boolean, at: Moment, line: Line): void {
		if (this.#budget.take()) this.#pdus.push({ ...at, fromClient, ...line });
	}
}

/** What refused presentation contexts mean for an association that was released in good order. */
function refusal(remarks: readonly Remark[]): { text: string; tone: Tone } | undefined {
	const last = remarks.at(-1);
	if (!last) return undefined;
	if (last.tone === 'bad') return { text: 'no presentation context accepted', tone: 'bad' };
	const count = `${remarks.length} presentation context${remarks.length === 1 ? '' : 's'}`;
	return { text: `released, ${count} refused`, tone: 'warning' };
}
