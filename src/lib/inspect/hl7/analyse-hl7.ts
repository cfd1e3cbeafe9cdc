/** HL7 v2 messages of a file: as trees with names, and with what is wrong. */
import { valueAt } from '#lib/protocol/hl7/access.ts';
import type { AcknowledgedError } from '#lib/protocol/hl7/acknowledgement.ts';
import { readBatch } from '#lib/protocol/hl7/batch.ts';
import { standingOfCharacterSet } from '#lib/protocol/hl7/character-sets.ts';
import { describeEr7, type Er7Node } from '#lib/protocol/hl7/describe.ts';
import type { Er7Remark } from '#lib/protocol/hl7/er7-remarks.ts';
import { ERROR_CODES } from '#lib/protocol/hl7/error-codes.ts';
import { fieldDefinition } from '#lib/protocol/hl7/fields.ts';
import { type Er7Message, writeEr7 } from '#lib/protocol/hl7/message.ts';
import { MllpDecoder } from '#lib/protocol/hl7/mllp.ts';
import { parseEr7 } from '#lib/protocol/hl7/parse-er7.ts';
import { validateMessage } from '#lib/protocol/hl7/validate.ts';
import type { Remark } from '../remark.ts';
import type { TreeNode } from '../tree-node.ts';
import { SEGMENT_NAMES } from './segment-names.ts';

export interface Hl7MessageReport {
	/** `ORM^O01`, control id, and who sends to whom. */
	readonly title: string;
	readonly controlId: string;
	readonly route: string;
	readonly version: string;
	/** As MSH-18 states it, and whether it can be decoded here. */
	readonly characterSet: string;
	readonly segments: readonly TreeNode[];
	/** About the message as a whole; others are at their nodes. */
	readonly remarks: readonly Remark[];
	/** Why it could not be read. */
	readonly error?: string;
}

export interface Hl7Report {
	readonly framed: boolean;
	readonly messages: readonly Hl7MessageReport[];
	readonly remarks: readonly Remark[];
}

const MOST_MESSAGES = 1_000;
const LONGEST_VALUE = 200;
const VT = 0x0b;

const FRAMING = {
	'missing-carriage-return': 'A block ends with FS that no CR follows.',
	'missing-start': 'A block is not begun by VT.',
	'missing-end': 'The last block is cut off: FS CR is missing.',
	garbage: 'There are bytes outside the blocks.',
	oversize: 'A block is longer than is read here.',
} as const;

/**
 * Reads the messages of a file: in MLLP blocks, or one after the other, each from its MSH. Never throws;
 * what cannot be read is a message with an error.
 */
export function analyseHl7(bytes: Uint8Array): Hl7Report {
	const framed = bytes.subarray(0, 64).includes(VT);
	const remarks: Remark[] = [];
	const parts = framed ? blocksOf(bytes, remarks) : messagesOf(bytes, remarks);
	if (parts.length > MOST_MESSAGES) {
		const text = `The first ${MOST_MESSAGES} of ${parts.length} messages are shown.`;
		remarks.push({ tone: 'warning', text });
	}
	return { framed, messages: parts.slice(0, MOST_MESSAGES).map(analyseMessage), remarks };
}

function blocksOf(bytes: Uint8Array, remarks: Remark[]): Uint8Array[] {
	const decoder = new MllpDecoder();
	const blocks: Uint8Array[] = [];
	for (const event of [...decoder.push(bytes), ...decoder.end()]) {
		if (event.kind !== 'block') {
			remarks.push({ tone: 'warning', text: FRAMING[event.kind], clause: 'MLLP' });
		}
		const isBlank = event.kind === 'garbage' && event.bytes.every((byte) => byte <= 0x20);
		if (isBlank) remarks.pop();
		if (event.kind !== 'garbage') blocks.push(event.bytes);
	}
	return blocks;
}

/** A file of messages, with the headers and trailers of batches where it has them. */
function messagesOf(bytes: Uint8Array, remarks: Remark[]): Uint8Array[] {
	const read = readBatch(bytes);
	// Reading it as one message tells why it cannot be read.
	if ('error' in read) return [bytes];
	for (const { text } of read.remarks) {
		remarks.push({ tone: 'warning', text: sentence(text), clause: 'HL7 v2.5.1 2.10.3' });
	}
	const messages = read.file.batches.flatMap((batch) => batch.messages.map(writeEr7));
	return messages.length === 0 ? [bytes] : messages;
}

function analyseMessage(bytes: Uint8Array): Hl7MessageReport {
	const parsed = parseEr7(bytes);
	if ('error' in parsed) {
		return {
			title: 'Not a message',
			...{ controlId: '', route: '', version: '', characterSet: '' },
			...{ segments: [], remarks: [], error: parsed.error.text },
		};
	}
	const { message, remarks } = parsed;
	const text = (path: string) => valueAt(message, path).text;
	const type = [text('MSH-9.1'), text('MSH-9.2')].filter(Boolean).join('^');
	const nodes = describeEr7(message);
	const errors = validateMessage(message);
	return {
		title: type || 'no message type',
		controlId: text('MSH-10'),
		route: `${text('MSH-3') || '?'} → ${text('MSH-5') || '?'}`,
		version: text('MSH-12'),
		characterSet: characterSetText(message.characterSets),
		segments: message.segments.flatMap((_segment, index) => {
			const node = nodes[index];
			return node ? [segmentNode(node, placed(message, index, remarks, errors))] : [];
		}),
		remarks: errors
			.filter(({ location }) => !message.segments.some(({ id }) => id === location?.segment))
			.map(errorRemark),
	};
}

/** What there is to say about a segment, by the number of the field; 0 for the segment itself. */
type SegmentRemarks = ReadonlyMap<number, Remark[]>;

function placed(
	message: Er7Message,
	index: number,
	remarks: readonly Er7Remark[],
	errors: readonly AcknowledgedError[],
): SegmentRemarks {
	const { id } = message.segments[index]!;
	const before = message.segments.slice(0, index);
	const occurrence = before.filter((segment) => segment.id === id).length + 1;
	const byField = new Map<number, Remark[]>();
	const add = (field: number, remark: Remark) => {
		byField.set(field, [...(byField.get(field) ?? []), remark]);
	};
	for (const { segment, field = 0, text } of remarks) {
		if (segment === index) add(field, { tone: 'warning', text: sentence(text) });
	}
	for (const error of errors) {
		const { location } = error;
		if (location?.segment !== id || (location.occurrence ?? 1) !== occurrence) continue;
		add(location.field ?? 0, errorRemark(error));
	}
	return byField;
}

/** An error as an acknowledgement would tell it, with its code of table 0357. */
function errorRemark({ code, location, userMessage = '' }: AcknowledgedError): Remark {
	const place = location?.field === undefined ? '' : `${location.segment}-${location.field}: `;
	const clause = `table 0357, ${code} ${ERROR_CODES[code] ?? ''}`;
	return { tone: 'bad', text: `${place}${userMessage}.`, clause };
}

function characterSetText(labels: readonly string[]): string {
	const named = labels.filter((label) => label !== '');
	if (named.length === 0) return 'not stated: ASCII';
	return named
		.map((label) => {
			const standing = standingOfCharacterSet(label);
			return standing === 'decoded' ? label : `${label} (${standing.replace('-', ' ')})`;
		})
		.join(', ');
}

function segmentNode(node: Er7Node, remarks: SegmentRemarks): TreeNode {
	const children = node.children.map((child) =>
		fieldNode(child, remarks.get(fieldNumber(child.path)) ?? []),
	);
	const id = node.path.replace(/\[\d+\]$/, '');
	for (const [field, list] of remarks) {
		// A field that is not there has no node yet.
		const isThere = node.children.some((child) => fieldNumber(child.path) === field);
		if (field !== 0 && !isThere)
			children.push(emptyField(`${node.path}-${field}`, id, field, list));
	}
	return {
		label: node.path,
		name: SEGMENT_NAMES[id] ?? '',
		type: '',
		value: shortened(node.raw),
		children: children.sort((a, b) => fieldNumber(a.label) - fieldNumber(b.label)),
		details: [{ label: 'As sent', text: node.raw }],
		remarks: remarks.get(0) ?? [],
	};
}

/** `5` of `PID-5` and of `OBX[2]-5`. */
function fieldNumber(path: string): number {
	return Number(/-(\d+)/.exec(path)?.[1] ?? 0);
}

function emptyField(
	label: string,
	segmentId: string,
	field: number,
	remarks: readonly Remark[],
): TreeNode {
	const name = fieldDefinition(segmentId, field)?.name ?? '';
	return { label, name, type: '', value: '', children: [], details: [], remarks };
}

function fieldNode(node: Er7Node, remarks: readonly Remark[]): TreeNode {
	const value = node.presence === 'delete' ? '"" (delete what is there)' : node.value || node.raw;
	const details = [{ label: 'Value', text: value }];
	if (node.raw !== value) details.push({ label: 'As sent', text: node.raw });
	return {
		label: node.path,
		name: node.name,
		type: '',
		value: shortened(value),
		children: node.children.map((child) => fieldNode(child, [])),
		details,
		remarks,
	};
}

function shortened(text: string): string {
	return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)} …`;
}

function sentence(text: string): string {
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
