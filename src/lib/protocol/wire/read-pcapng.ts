/** Reading the pcapng capture file format (draft-ietf-opsawg-pcapng), in either byte order. */
import { formatIpv4, formatIpv6 } from './ip-addresses.ts';
import { BLOCK, BYTE_ORDER_MAGIC, NAME_RECORD, OPTION, paddedBytes } from './pcapng-codes.ts';
import {
	type CaptureItem,
	type CaptureLimits,
	type CaptureRecord,
	DEFAULT_ITEMS,
	DEFAULT_RECORD_BYTES,
} from './capture-record.ts';

const SMALLEST_BLOCK_BYTES = 12;
/** More interfaces than this in one file are not a capture. */
const MOST_INTERFACES = 65_536;

/** What a section says about one of its interfaces. */
interface Interface {
	/** Counted through the whole file. */
	number: number;
	linkType: number;
	snapLengthBytes: number;
	/** A time stamp is this many units a second, and `offsetSeconds` behind. */
	unitsPerSecond: bigint;
	offsetSeconds: bigint;
}

/** Whether the bytes begin as a pcapng file. */
export function isPcapng(bytes: Uint8Array): boolean {
	return bytes[0] === 0x0a && bytes[1] === 0x0d && bytes[2] === 0x0d && bytes[3] === 0x0a;
}

/**
 * Reads a pcapng file block by block; packets are views on `bytes`. Blocks of unknown types are skipped,
 * several sections may follow each other, each in its own byte order. Never throws. What is wrong within
 * a block is a defect and reading goes on behind it; a block whose length cannot be right ends the reading.
 */
export function readPcapng(
	bytes: Uint8Array,
	limits: CaptureLimits = {},
): Generator<CaptureItem, void, undefined> {
	return new PcapngReader(bytes, limits).items();
}

class PcapngReader {
	readonly #bytes: Uint8Array;
	readonly #view: DataView;
	readonly #recordBytes: number;
	readonly #mostItems: number;
	#littleEndian = true;
	#interfaces: Interface[] = [];
	#interfaceCount = 0;

	constructor(bytes: Uint8Array, limits: CaptureLimits) {
		this.#bytes = bytes;
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.#recordBytes = limits.recordBytes ?? DEFAULT_RECORD_BYTES;
		this.#mostItems = limits.items ?? DEFAULT_ITEMS;
	}

	*items(): Generator<CaptureItem, void, undefined> {
		if (!isPcapng(this.#bytes)) {
			return yield defect(0, 'the file does not begin with a section header of pcapng', true);
		}
		let at = 0;
		for (let count = 0; at < this.#bytes.length; count++) {
			if (count >= this.#mostItems) {
				return yield defect(at, `more than ${this.#mostItems} blocks`, true);
			}
			const length = this.#blockLength(at);
			if (typeof length === 'string') return yield defect(at, length, true);
			yield* this.#block(at, length);
			at += length;
		}
	}

	/** The length of the block at `at`, or why it cannot be read. Takes over a section's byte order. */
	#blockLength(at: number): number | string {
		const left = this.#bytes.length - at;
		if (left < SMALLEST_BLOCK_BYTES) return 'the file ends within a block';
		if (this.#view.getUint32(at) === BLOCK.sectionHeader) {
			if (this.#view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC) this.#littleEndian = true;
			else if (this.#view.getUint32(at + 8, false) === BYTE_ORDER_MAGIC) this.#littleEndian = false;
			else return 'a section header without a byte-order magic';
		}
		const length = this.#u32(at + 4);
		if (length < SMALLEST_BLOCK_BYTES || length % 4 !== 0) {
			return `a block cannot be ${length} bytes long`;
		}
		if (length > this.#recordBytes + 1024) {
			return `a block of ${length} bytes, at most ${this.#recordBytes} are taken`;
		}
		if (length > left) return `the file ends within a block: ${length - left} bytes are missing`;
		return length;
	}

	*#block(at: number, length: number): Generator<CaptureItem, void, undefined> {
		const end = at + length - 4;
		if (this.#u32(end) !== length) {
			yield defect(at, 'the two lengths of a block differ; the first is believed', false);
		}
		switch (this.#u32(at)) {
			case BLOCK.sectionHeader:
				return yield this.#section(at, end);
			case BLOCK.interfaceDescription:
				return yield this.#interface(at, end);
			case BLOCK.enhancedPacket:
				return yield this.#packet(at, end, 'enhanced');
			case BLOCK.packet:
				return yield this.#packet(at, end, 'obsolete');
			case BLOCK.simplePacket:
				return yield this.#simplePacket(at, end);
			case BLOCK.nameResolution:
				return yield* this.#names(at, end);
			case BLOCK.interfaceStatistics:
				return yield this.#statistics(at, end);
			case BLOCK.decryptionSecrets:
				return yield this.#secrets(at, end);
		}
	}

	#section(at: number, end: number): CaptureItem {
		this.#interfaces = [];
		if (end - at < 24) return defect(at, 'a section header that is too short', false);
		const options = this.#options(at + 24, end);
		return {
			kind: 'section',
			offset: at,
			format: 'pcapng',
			littleEndian: this.#littleEndian,
			...textOption(options, 'application', OPTION.sectionApplication),
			...textOption(options, 'hardware', OPTION.sectionHardware),
			...textOption(options, 'operatingSystem', OPTION.sectionOperatingSystem),
			...textOption(options, 'comment', OPTION.comment),
		};
	}

	#interface(at: number, end: number): CaptureItem {
		if (end - at < 16) return defect(at, 'an interface description that is too short', false);
		if (this.#interfaceCount >= MOST_INTERFACES) {
			return defect(at, `more than ${MOST_INTERFACES} interfaces`, false);
		}
		const options = this.#options(at + 16, end);
		const one: Interface = {
			number: this.#interfaceCount++,
			linkType: this.#u16(at + 8),
			snapLengthBytes: this.#u32(at + 12),
			unitsPerSecond: unitsPerSecond(options.get(OPTION.interfaceTimeResolution)?.[0]),
			offsetSeconds: this.#integer64(options.get(OPTION.interfaceTimeOffset)) ?? 0n,
		};
		this.#interfaces.push(one);
		return {
			kind: 'interface',
			offset: at,
			interface: one.number,
			linkType: one.linkType,
			snapLengthBytes: one.snapLengthBytes,
			...textOption(options, 'name', OPTION.interfaceName),
			...textOption(options, 'description', OPTION.interfaceDescription),
		};
	}

	/** An Enhanced Packet Block, or the obsolete one, whose interface has 16 bits and a drop count. */
	#packet(at: number, end: number, form: 'enhanced' | 'obsolete'): CaptureItem {
		if (end - at < 28) return defect(at, 'a packet block that is too short', false);
		const id = form === 'enhanced' ? this.#u32(at + 8) : this.#u16(at + 8);
		const one = this.#interfaces[id];
		if (!one) return defect(at, `a packet of interface ${id}, which is not described`, false);
		const units = (BigInt(this.#u32(at + 12)) << 32n) | BigInt(this.#u32(at + 16));
		const timeNs = nanoseconds(units, one);
		const sizes = { captured: this.#u32(at + 20), original: this.#u32(at + 24) };
		return this.#record(at, at + 28, end, one, timeNs, sizes);
	}

	#simplePacket(at: number, end: number): CaptureItem {
		const one = this.#interfaces[0];
		if (!one) return defect(at, 'a packet before any interface is described', false);
		const original = this.#u32(at + 8);
		const limit = one.snapLengthBytes === 0 ? original : one.snapLengthBytes;
		const captured = Math.min(original, limit, end - at - 12);
		return this.#record(at, at + 12, end, one, undefined, { captured, original });
	}

	#record(
		offset: number,
		start: number,
		end: number,
		one: Interface,
		timeNs: bigint | undefined,
		sizes: { captured: number; original: number },
	): CaptureItem {
		if (sizes.captured > end - start) {
			return defect(offset, 'a packet that is longer than its block', false);
		}
		const options = this.#options(start + paddedBytes(sizes.captured), end);
		const record: CaptureRecord = {
			kind: 'packet',
			offset,
			interface: one.number,
			linkType: one.linkType,
			timeNs,
			bytes: this.#bytes.subarray(start, start + sizes.captured),
			originalBytes: sizes.original,
			...textOption(options, 'comment', OPTION.comment),
		};
		return record;
	}

	*#names(at: number, end: number): Generator<CaptureItem, void, undefined> {
		for (let record = at + 8; record + 4 <= end;) {
			const type = this.#u16(record);
			const start = record + 4;
			const next = start + paddedBytes(this.#u16(record + 2));
			if (type === NAME_RECORD.end) return;
			if (next > end) return yield defect(record, 'a name record longer than its block', false);
			const value = this.#bytes.subarray(start, start + this.#u16(record + 2));
			const size = type === NAME_RECORD.ipv4 ? 4 : type === NAME_RECORD.ipv6 ? 16 : undefined;
			if (size !== undefined && value.length > size) {
				const address = size === 4 ? formatIpv4(value, 0) : formatIpv6(value, 0);
				const names = text(value.subarray(size)).split('\0').filter(Boolean);
				yield { kind: 'name', offset: record, address, names };
			}
			record = next;
		}
	}

	#statistics(at: number, end: number): CaptureItem {
		if (end - at < 20) return defect(at, 'interface statistics that are too short', false);
		const options = this.#options(at + 20, end);
		const id = this.#u32(at + 8);
		const count = (code: number) => this.#integer64(options.get(code));
		const received = count(OPTION.statisticsReceived);
		const dropped = count(OPTION.statisticsDropped);
		return {
			kind: 'statistics',
			offset: at,
			interface: this.#interfaces[id]?.number ?? id,
			...(received !== undefined && { received: Number(received) }),
			...(dropped !== undefined && { dropped: Number(dropped) }),
			...textOption(options, 'comment', OPTION.comment),
		};
	}

	#secrets(at: number, end: number): CaptureItem {
		const start = at + 16;
		if (end < start) return defect(at, 'decryption secrets that are too short', false);
		const length = this.#u32(at + 12);
		if (length > end - start) return defect(at, 'secrets that are longer than their block', false);
		const bytes = this.#bytes.subarray(start, start + length);
		return { kind: 'secrets', offset: at, secretsType: this.#u32(at + 8), bytes };
	}

	/** The options between two offsets by their codes; of repeated ones the first. */
	#options(start: number, end: number): Map<number, Uint8Array> {
		const options = new Map<number, Uint8Array>();
		for (let at = start; at + 4 <= end;) {
			const code = this.#u16(at);
			const length = this.#u16(at + 2);
			if (code === OPTION.end || at + 4 + length > end) break;
			if (!options.has(code)) options.set(code, this.#bytes.subarray(at + 4, at + 4 + length));
			at += 4 + paddedBytes(length);
		}
		return options;
	}

	#integer64(value: Uint8Array | undefined): bigint | undefined {
		if (value?.length !== 8) return undefined;
		return new DataView(value.buffer, value.byteOffset, 8).getBigInt64(0, this.#littleEndian);
	}

	#u16(at: number): number {
		return this.#view.getUint16(at, this.#littleEndian);
	}

	#u32(at: number): number {
		return this.#view.getUint32(at, this.#littleEndian);
	}
}

function defect(offset: number, message: string, fatal: boolean): CaptureItem {
	return { kind: 'defect', offset, message, fatal };
}

/** if_tsresol: a negative power of 10, or of 2 with the highest bit; microseconds without it. */
function unitsPerSecond(resolution = 6): bigint {
	const power = BigInt(resolution & 0x7f);
	return (resolution & 0x80) === 0 ? 10n ** power : 2n ** power;
}

function nanoseconds(units: bigint, { unitsPerSecond: rate, offsetSeconds }: Interface): bigint {
	return (units * 1_000_000_000n) / rate + offsetSeconds * 1_000_000_000n;
}

function text(bytes: Uint8Array): string {
	return new TextDecoder('utf-8').decode(bytes);
}

function textOption<Key extends string>(
	options: ReadonlyMap<number, Uint8Array>,
	key: Key,
	code: number,
): Partial<Record<Key, string>> {
	const value = options.get(code);
	// Some programs end strings with NUL, which the format does not ask for.
	if (!value) return {};
	return { [key]: text(value).replace(/\0+$/, '') } as Partial<Record<Key, string>>;
}
