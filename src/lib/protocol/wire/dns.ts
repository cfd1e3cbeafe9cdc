/** DNS messages (RFC 1035) as far as looking up a host needs: one question, A and PTR records. */

export type DnsType = 'A' | 'PTR';

const TYPE_NUMBERS: Record<DnsType, number> = { A: 1, PTR: 12 };
const CLASS_IN = 1;
const FLAG_RESPONSE = 0x8000;
const FLAG_AUTHORITATIVE = 0x0400;
const FLAG_RECURSION_DESIRED = 0x0100;
const FLAG_RECURSION_AVAILABLE = 0x0080;
const HEADER_BYTES = 12;
/** A pointer to the question's name, which always starts behind the header (RFC 1035 4.1.4). */
const NAME_OF_QUESTION = 0xc000 | HEADER_BYTES;
const LONGEST_LABEL_BYTES = 63;
const LONGEST_NAME_BYTES = 255;

type DnsCode = 'no-error' | 'server-failure' | 'not-found' | 'refused';

const CODE_NUMBERS: Record<DnsCode, number> = {
	'no-error': 0,
	'server-failure': 2,
	'not-found': 3,
	refused: 5,
};

export interface DnsMessage {
	id: number;
	response: boolean;
	code: DnsCode;
	name: string;
	type: DnsType;
	/** Dotted addresses for A, names for PTR. */
	answers: string[];
	/** Of the answers. */
	timeToLiveSeconds: number;
}

/** The name under which the reverse zone holds a dotted address. */
export function reverseName(address: string): string {
	return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
}

/** Encodes a query or a response. Undefined when a name cannot be encoded: an empty, too long or non-ASCII label. */
export function encodeDns(message: DnsMessage): Uint8Array | undefined {
	const name = encodeName(message.name);
	if (!name) return undefined;
	const answers: Uint8Array[] = [];
	for (const answer of message.answers) {
		const data = message.type === 'A' ? encodeAddress(answer) : encodeName(answer);
		if (!data) return undefined;
		const record = new Uint8Array(12 + data.length);
		const view = new DataView(record.buffer);
		view.setUint16(0, NAME_OF_QUESTION);
		view.setUint16(2, TYPE_NUMBERS[message.type]);
		view.setUint16(4, CLASS_IN);
		view.setUint32(6, message.timeToLiveSeconds);
		view.setUint16(10, data.length);
		record.set(data, 12);
		answers.push(record);
	}
	const question = new Uint8Array(HEADER_BYTES + name.length + 4);
	const view = new DataView(question.buffer);
	view.setUint16(0, message.id);
	const answered = FLAG_RESPONSE | FLAG_AUTHORITATIVE | FLAG_RECURSION_AVAILABLE;
	const flags = FLAG_RECURSION_DESIRED | (message.response ? answered : 0);
	view.setUint16(2, flags | CODE_NUMBERS[message.code]);
	view.setUint16(4, 1);
	view.setUint16(6, answers.length);
	question.set(name, HEADER_BYTES);
	view.setUint16(HEADER_BYTES + name.length, TYPE_NUMBERS[message.type]);
	view.setUint16(HEADER_BYTES + name.length + 2, CLASS_IN);
	return concatenate([question, ...answers]);
}

/** Decodes what {@link encodeDns} writes; undefined for anything malformed or of another kind. */
export function decodeDns(bytes: Uint8Array): DnsMessage | undefined {
	if (bytes.length < HEADER_BYTES) return undefined;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const question = decodeName(bytes, HEADER_BYTES);
	if (view.getUint16(4) !== 1 || !question || question.next + 4 > bytes.length) return undefined;
	const type = keyOf(TYPE_NUMBERS, view.getUint16(question.next));
	const code = keyOf(CODE_NUMBERS, view.getUint16(2) & 0xf);
	if (!type || !code) return undefined;
	const answers: string[] = [];
	let timeToLiveSeconds = 0;
	let offset = question.next + 4;
	for (let i = 0; i < view.getUint16(6); i++) {
		const owner = decodeName(bytes, offset);
		if (!owner || owner.next + 10 > bytes.length) return undefined;
		timeToLiveSeconds = view.getUint32(owner.next + 4);
		const length = view.getUint16(owner.next + 8);
		const start = owner.next + 10;
		if (start + length > bytes.length) return undefined;
		const data =
			type === 'A' ? bytes.subarray(start, start + 4).join('.') : decodeName(bytes, start)?.name;
		if (data === undefined || (type === 'A' && length !== 4)) return undefined;
		answers.push(data);
		offset = start + length;
	}
	const response = (view.getUint16(2) & FLAG_RESPONSE) !== 0;
	return {
		id: view.getUint16(0),
		response,
		code,
		name: question.name,
		type,
		answers,
		timeToLiveSeconds,
	};
}

function keyOf<K extends string>(numbers: Record<K, number>, value: number): K | undefined {
	return (Object.keys(numbers) as K[]).find((key) => numbers[key] === value);
}

function encodeAddress(text: string): Uint8Array | undefined {
	const octets = text.split('.').map(Number);
	const valid = octets.length === 4 && octets.every((octet) => octet >= 0 && octet <= 255);
	return valid ? Uint8Array.from(octets) : undefined;
}

function encodeName(name: string): Uint8Array | undefined {
	const out: number[] = [];
	for (const label of name.replace(/\.$/, '').split('.')) {
		if (!/^[\x21-\x7e]+$/.test(label) || label.length > LONGEST_LABEL_BYTES) return undefined;
		out.push(label.length, ...[...label].map((character) => character.charCodeAt(0)));
	}
	out.push(0);
	return out.length <= LONGEST_NAME_BYTES ? Uint8Array.from(out) : undefined;
}

function decodeName(bytes: Uint8Array, start: number): { name: string; next: number } | undefined {
	const labels: string[] = [];
	let next: number | undefined;
	let offset = start;
	for (let total = 0; total <= LONGEST_NAME_BYTES;) {
		const length = bytes[offset];
		if (length === undefined) return undefined;
		if (length === 0) return { name: labels.join('.'), next: next ?? offset + 1 };
		if ((length & 0xc0) === 0xc0) {
			const low = bytes[offset + 1];
			if (low === undefined) return undefined;
			next ??= offset + 2;
			// Counted, so that pointers in a circle end.
			total += 2;
			offset = ((length & 0x3f) << 8) | low;
			continue;
		}
		const label = bytes.subarray(offset + 1, offset + 1 + length);
		if (length > LONGEST_LABEL_BYTES || label.length < length) return undefined;
		labels.push(String.fromCharCode(...label));
		total += length + 1;
		offset += length + 1;
	}
	return undefined;
}

function concatenate(pieces: Uint8Array[]): Uint8Array {
	const out = new Uint8Array(pieces.reduce((total, piece) => total + piece.length, 0));
	let offset = 0;
	for (const piece of pieces) {
		out.set(piece, offset);
		offset += piece.length;
	}
	return out;
}
