import {
	COMMAND_ELEMENT_BY_KEYWORD,
	COMMAND_ELEMENT_BY_NUMBER,
	type CommandElement,
	type CommandSet,
} from './command-dictionary.ts';

/**
 * Command sets are always Implicit VR Little Endian with ascending tags and a group length
 * (PS3.7 6.3.1), whatever transfer syntax the context has. So they have their own small codec.
 */

export type CommandSetDecoding =
	| { ok: true; commandSet: CommandSet }
	/** `offset` is the byte position at which reading stopped. */
	| { ok: false; error: string; offset: number };

type Value = string | number | number[];

const HEADER_BYTES = 8;
const GROUP_LENGTH_ELEMENT_BYTES = 12;
const QUESTION_MARK = 0x3f;

const BLOCK_BYTES = 16 * 1024;

/**
 * Encoded commands lie one behind the other in blocks: an allocation each would cost more than the
 * encoding. Bytes are written once and never again.
 */
let block: Uint8Array<ArrayBuffer> = new Uint8Array(BLOCK_BYTES);
let blockUsed = 0;

/**
 * Writes a command set: group length computed, tags ascending, UIDs padded with NUL, other text with
 * a space. Characters outside ISO 8859-1 become '?'. Values are written as given, valid or not.
 */
export function encodeCommandSet(commandSet: CommandSet): Uint8Array {
	const start = reserve(sizeBoundOf(commandSet));
	let offset = start + GROUP_LENGTH_ELEMENT_BYTES;
	let previous = 0;
	for (const keyword in commandSet) {
		const entry = COMMAND_ELEMENT_BY_KEYWORD.get(keyword);
		const value = commandSet[keyword as keyof CommandSet];
		if (entry === undefined || value === undefined) continue;
		if (entry.element < previous) return encodeCommandSet(sorted(commandSet));
		previous = entry.element;
		offset = writeElement(entry, value, offset);
	}
	writeHeader(0, 4, start);
	write32(offset - start - GROUP_LENGTH_ELEMENT_BYTES, start + HEADER_BYTES);
	blockUsed = offset;
	return block.subarray(start, offset);
}

/** Builders write their keys in the order of the tags; an object made otherwise is put in order here. */
function sorted(commandSet: CommandSet): CommandSet {
	const elementOf = (keyword: string) => COMMAND_ELEMENT_BY_KEYWORD.get(keyword)?.element ?? 0;
	const entries = Object.entries(commandSet).sort(([a], [b]) => elementOf(a) - elementOf(b));
	return Object.fromEntries(entries) as unknown as CommandSet;
}

/** Makes room in the current block, or starts another one; returns where to write. */
function reserve(sizeBytes: number): number {
	if (blockUsed + sizeBytes > block.length) {
		block = new Uint8Array(Math.max(BLOCK_BYTES, sizeBytes));
		blockUsed = 0;
	}
	return blockUsed;
}

function sizeBoundOf(commandSet: CommandSet): number {
	let bound = GROUP_LENGTH_ELEMENT_BYTES;
	for (const keyword in commandSet) {
		const value = commandSet[keyword as keyof CommandSet];
		if (value === undefined) continue;
		bound += HEADER_BYTES + (typeof value === 'number' ? 2 : 4 * value.length + 1);
	}
	return bound;
}

/** Returns the offset behind the element. */
function writeElement({ element, vr }: CommandElement, value: Value, offset: number): number {
	const at = offset + HEADER_BYTES;
	if (typeof value === 'number') {
		writeHeader(element, 2, offset);
		block[at] = value;
		block[at + 1] = value >>> 8;
		return at + 2;
	}
	if (typeof value === 'string') {
		const paddedLength = value.length + (value.length & 1);
		writeHeader(element, paddedLength, offset);
		for (let i = 0; i < value.length; i++) {
			const code = value.charCodeAt(i);
			block[at + i] = code > 0xff ? QUESTION_MARK : code;
		}
		if (paddedLength !== value.length) block[at + value.length] = vr === 'UI' ? 0 : 0x20;
		return at + paddedLength;
	}
	writeHeader(element, 4 * value.length, offset);
	value.forEach((tag, i) => {
		// An attribute tag is two 16-bit numbers, group first (PS3.5 6.2).
		write32(((tag & 0xffff) << 16) | (tag >>> 16), at + 4 * i);
	});
	return at + 4 * value.length;
}

function writeHeader(element: number, length: number, offset: number): void {
	block[offset] = 0;
	block[offset + 1] = 0;
	block[offset + 2] = element;
	block[offset + 3] = element >>> 8;
	write32(length, offset + 4);
}

function write32(value: number, offset: number): void {
	block[offset] = value;
	block[offset + 1] = value >>> 8;
	block[offset + 2] = value >>> 16;
	block[offset + 3] = value >>> 24;
}

/**
 * Reads a command set. Tolerated, because peers do it: group length missing, wrong or repeated, tags
 * not ascending, odd lengths, unknown or retired elements of group 0000, a repeated element (the last
 * wins), empty values (as if absent). Refused: elements of other groups, lengths past the end, numbers
 * of the wrong size, no Command Field, no Command Data Set Type.
 */
export function decodeCommandSet(bytes: Uint8Array): CommandSetDecoding {
	const values: Record<string, Value> = {};
	let offset = 0;
	while (offset < bytes.length) {
		if (bytes.length - offset < HEADER_BYTES) return failure('element header cut off', offset);
		if (read16(bytes, offset) !== 0) return failure('element of another group', offset);
		const entry = COMMAND_ELEMENT_BY_NUMBER.get(read16(bytes, offset + 2));
		const length = read16(bytes, offset + 4) + read16(bytes, offset + 6) * 0x10000;
		const start = offset + HEADER_BYTES;
		if (length > bytes.length - start) return failure('value longer than the command', offset);
		if (entry !== undefined && entry.vr !== 'UL' && length > 0) {
			const value = readValue(bytes, start, length, entry.vr);
			if (value === undefined) return failure(`${entry.keyword}: length ${length}`, offset);
			values[entry.keyword] = value;
		}
		offset = start + length;
	}
	if (values['CommandField'] === undefined) return failure('no Command Field', offset);
	if (values['CommandDataSetType'] === undefined) {
		return failure('no Command Data Set Type', offset);
	}
	return { ok: true, commandSet: values as CommandSet };
}

function failure(error: string, offset: number): CommandSetDecoding {
	return { ok: false, error, offset };
}

function readValue(
	bytes: Uint8Array,
	start: number,
	length: number,
	vr: string,
): Value | undefined {
	if (vr === 'US') return length === 2 ? read16(bytes, start) : undefined;
	if (vr === 'AT') {
		if (length % 4 !== 0) return undefined;
		const tags: number[] = [];
		for (let at = start; at < start + length; at += 4) {
			tags.push(read16(bytes, at) * 0x10000 + read16(bytes, at + 2));
		}
		return tags;
	}
	return readText(bytes, start, start + length, vr === 'AE');
}

/** Text without trailing NUL and space; application entity titles also without leading spaces. */
function readText(bytes: Uint8Array, start: number, end: number, trimStart: boolean): string {
	let last = end;
	while (last > start && (bytes[last - 1] === 0 || bytes[last - 1] === 0x20)) last -= 1;
	let first = start;
	while (trimStart && first < last && bytes[first] === 0x20) first += 1;
	let text = '';
	for (let i = first; i < last; i++) text += String.fromCharCode(bytes[i]!);
	return text;
}

function read16(bytes: Uint8Array, offset: number): number {
	return bytes[offset]! | (bytes[offset + 1]! << 8);
}
