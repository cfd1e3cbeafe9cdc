/** The batch protocol: HL7 v2.5.1 section 2.10.3. [FHS] { [BHS] { message } [BTS] } [FTS]. */
import { type Er7Fields, makeSegment } from './build.ts';
import { bytesOfByteText, byteTextOf } from './byte-text.ts';
import { delimitersFrom, STANDARD_DELIMITERS } from './delimiters.ts';
import { unescapeText } from './escapes.ts';
import { type Er7Coding, type Er7Message, type Er7Segment, fieldsOf, writeEr7 } from './message.ts';
import { parseEr7 } from './parse-er7.ts';

/** A header or trailer, with the delimiters that the header declares. */
export interface BatchSegment {
	readonly segment: Er7Segment;
	readonly coding: Er7Coding;
}

export interface Er7Batch {
	readonly header: BatchSegment | undefined;
	readonly messages: readonly Er7Message[];
	readonly trailer: BatchSegment | undefined;
}

export interface Er7File {
	readonly header: BatchSegment | undefined;
	readonly batches: readonly Er7Batch[];
	readonly trailer: BatchSegment | undefined;
}

export interface BatchRemark {
	readonly code:
		| 'message-count'
		| 'batch-count'
		| 'missing-header'
		| 'missing-trailer'
		| 'unreadable'
		| 'out-of-place';
	readonly text: string;
}

export interface BatchLimits {
	readonly sizeBytes: number;
	readonly messages: number;
}

export type BatchResult =
	{ readonly file: Er7File; readonly remarks: readonly BatchRemark[] } | { readonly error: string };

const DEFAULT_BATCH_LIMITS: BatchLimits = { sizeBytes: 64 * 1024 * 1024, messages: 100_000 };
const BEGINNING = /(?:^|(?<=[\r\n]))(?=(?:FHS|BHS|BTS|FTS|MSH))/g;

/** The number in the first field of a trailer; undefined when it tells none. */
function countOf({ segment, coding }: BatchSegment): number | undefined {
	const text = unescapeText(fieldsOf(segment, coding)[1] ?? '', coding).trim();
	return /^\d+$/.test(text) ? Number(text) : undefined;
}

interface OpenBatch {
	header: BatchSegment | undefined;
	messages: Er7Message[];
	trailer: BatchSegment | undefined;
}

class BatchReader {
	readonly remarks: BatchRemark[] = [];
	readonly #batches: OpenBatch[] = [];
	#header: BatchSegment | undefined;
	#trailer: BatchSegment | undefined;
	#batch: OpenBatch | undefined;
	#messages = 0;

	/** How many messages there are so far. */
	get messages(): number {
		return this.#messages;
	}

	take(part: string): void {
		const id = part.slice(0, 3);
		if (this.#trailer) this.#remark('out-of-place', `${id} after FTS`);
		switch (id) {
			case 'FHS':
				if (this.#header || this.#batches.length > 0) this.#remark('out-of-place', 'FHS');
				this.#header = this.#segment(part);
				break;
			case 'BHS':
				this.#closeBatch();
				this.#open(this.#segment(part));
				break;
			case 'MSH':
				this.#message(part);
				break;
			case 'BTS':
				if (this.#batch === undefined) this.#open(undefined);
				this.#batch!.trailer = this.#segment(part);
				this.#closeBatch();
				break;
			default:
				this.#closeBatch();
				this.#trailer = this.#segment(part);
		}
	}

	file(): Er7File {
		this.#closeBatch();
		if (this.#header && !this.#trailer) this.#remark('missing-trailer', 'the file has no FTS');
		if (this.#trailer) {
			if (!this.#header) this.#remark('missing-header', 'the file has no FHS');
			const count = countOf(this.#trailer);
			this.#compare('batch-count', 'FTS-1', count, this.#batches.length, 'batches');
		}
		return { header: this.#header, batches: this.#batches, trailer: this.#trailer };
	}

	#remark(code: BatchRemark['code'], text: string): void {
		this.remarks.push({ code, text: code === 'out-of-place' ? `${text} is out of place` : text });
	}

	#compare(
		code: BatchRemark['code'],
		field: string,
		told: number | undefined,
		counted: number,
		noun: string,
	): void {
		if (told === undefined || told === counted) return;
		this.#remark(code, `${field} is ${told}, and there are ${counted} ${noun}`);
	}

	#open(header: BatchSegment | undefined): void {
		this.#batch = { header, messages: [], trailer: undefined };
		this.#batches.push(this.#batch);
	}

	#closeBatch(): void {
		const batch = this.#batch;
		if (batch === undefined) return;
		this.#batch = undefined;
		if (batch.header && !batch.trailer) this.#remark('missing-trailer', 'a batch has no BTS');
		if (!batch.trailer) return;
		if (!batch.header) this.#remark('missing-header', 'a batch has no BHS');
		const { length } = batch.messages;
		this.#compare('message-count', 'BTS-1', countOf(batch.trailer), length, 'messages');
	}

	#message(part: string): void {
		this.#messages += 1;
		if (this.#batch === undefined) this.#open(undefined);
		const read = parseEr7(bytesOfByteText(part));
		if ('error' in read) this.#remark('unreadable', read.error.text);
		else this.#batch!.messages.push(read.message);
	}

	#segment(part: string): BatchSegment {
		const [, raw = '', terminator = ''] = /^([^\r\n]*)(\r\n|\r|\n|)/.exec(part) ?? [];
		const id = raw.slice(0, 3);
		const isTrailer = id === 'BTS' || id === 'FTS';
		const above = isTrailer ? (this.#batch?.header ?? this.#header)?.coding : undefined;
		const separator = raw[3] ?? '|';
		const delimiters =
			above?.delimiters ??
			(isTrailer ? STANDARD_DELIMITERS : delimitersFrom(separator, raw.split(separator)[1] ?? ''));
		const segment: Er7Segment = { id, raw, terminator: terminator as Er7Segment['terminator'] };
		if (raw.length + terminator.length < part.length) {
			this.#remark('out-of-place', `what follows ${id}`);
		}
		return { segment, coding: { delimiters, characterSets: [] } };
	}
}

/**
 * Reads a file of messages, with its headers and trailers where it has them. Never throws; what is wrong
 * in it is told: counts that do not agree, headers and trailers that are missing or out of place,
 * messages that cannot be read. Only what holds no message or header at all, or is beyond the limits,
 * is an error.
 */
export function readBatch(
	bytes: Uint8Array,
	limits: BatchLimits = DEFAULT_BATCH_LIMITS,
): BatchResult {
	if (bytes.length > limits.sizeBytes) {
		return { error: `${bytes.length} bytes, and ${limits.sizeBytes} are allowed` };
	}
	const parts = byteTextOf(bytes).split(BEGINNING);
	const reader = new BatchReader();
	if (!/^(?:FHS|BHS|MSH)/.test(parts[0]!)) {
		return { error: 'the file does not begin with FHS, BHS or MSH' };
	}
	for (const part of parts) {
		reader.take(part);
		if (reader.messages > limits.messages)
			return { error: `more than ${limits.messages} messages` };
	}
	return { file: reader.file(), remarks: reader.remarks };
}

/** The bytes of a file; of one that was read without remarks, exactly those received. */
export function writeBatch(file: Er7File): Uint8Array {
	const line = (part: BatchSegment | undefined): string =>
		part === undefined ? '' : part.segment.raw + part.segment.terminator;
	const batches = file.batches.map(
		({ header, messages, trailer }) =>
			line(header) + messages.map((one) => byteTextOf(writeEr7(one))).join('') + line(trailer),
	);
	return bytesOfByteText(line(file.header) + batches.join('') + line(file.trailer));
}

/**
 * A file of batches with the counts that section 2.10.3 asks for: BTS-1 messages, FTS-1 batches. Header
 * fields are given from number 3 on.
 */
export function buildBatch(
	fileHeader: Er7Fields,
	batches: readonly { readonly header: Er7Fields; readonly messages: readonly Er7Message[] }[],
): Er7File {
	const coding: Er7Coding = { delimiters: STANDARD_DELIMITERS, characterSets: [] };
	const part = (id: string, fields: Er7Fields): BatchSegment => ({
		segment: makeSegment(id, id.endsWith('HS') ? { 1: '', 2: '', ...fields } : fields, coding),
		coding,
	});
	return {
		header: part('FHS', fileHeader),
		batches: batches.map(({ header, messages }) => ({
			header: part('BHS', header),
			messages,
			trailer: part('BTS', { 1: String(messages.length) }),
		})),
		trailer: part('FTS', { 1: String(batches.length) }),
	};
}
