/** The classic capture file format of libpcap (draft-ietf-opsawg-pcap), in either byte order. */
import {
	type CaptureItem,
	type CaptureLimits,
	DEFAULT_ITEMS,
	DEFAULT_RECORD_BYTES,
} from './capture-record.ts';

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
/** Magic numbers: time stamps in microseconds, and in nanoseconds. */
const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const MAGIC_NANOSECONDS = 0xa1b23c4d;

interface Header {
	littleEndian: boolean;
	nanosecondsPerUnit: bigint;
}

/** The byte order and the time unit that the magic number tells; undefined: not such a file. */
function headerOf(view: DataView): Header | undefined {
	if (view.byteLength < 4) return undefined;
	for (const littleEndian of [true, false]) {
		const magic = view.getUint32(0, littleEndian);
		if (magic === MAGIC_MICROSECONDS) return { littleEndian, nanosecondsPerUnit: 1_000n };
		if (magic === MAGIC_NANOSECONDS) return { littleEndian, nanosecondsPerUnit: 1n };
	}
	return undefined;
}

/** Whether the bytes begin as a pcap file. */
export function isPcap(bytes: Uint8Array): boolean {
	return headerOf(viewOf(bytes)) !== undefined;
}

function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Reads a pcap file packet by packet; packets are views on `bytes`. Never throws: a defect says where
 * reading ended. A last record that is cut off is such a defect, as after a full disk.
 */
export function* readPcap(
	bytes: Uint8Array,
	limits: CaptureLimits = {},
): Generator<CaptureItem, void, undefined> {
	const { recordBytes = DEFAULT_RECORD_BYTES, items = DEFAULT_ITEMS } = limits;
	const view = viewOf(bytes);
	const header = headerOf(view);
	const defect = (offset: number, message: string): CaptureItem => ({
		kind: 'defect',
		offset,
		message,
		fatal: true,
	});
	if (!header) {
		yield defect(0, 'the file does not begin with a magic number of pcap');
		return;
	}
	if (bytes.length < FILE_HEADER_BYTES) {
		yield defect(bytes.length, 'the file ends within its header');
		return;
	}
	const { littleEndian, nanosecondsPerUnit } = header;
	// The upper bits may tell the length of a frame check sequence.
	const linkType = view.getUint32(20, littleEndian) & 0xffff;
	const snapLengthBytes = view.getUint32(16, littleEndian);
	yield { kind: 'section', offset: 0, format: 'pcap', littleEndian };
	yield { kind: 'interface', offset: 0, interface: 0, linkType, snapLengthBytes };
	let at = FILE_HEADER_BYTES;
	for (let count = 0; at < bytes.length; count++) {
		if (count >= items) return yield defect(at, `more than ${items} packets`);
		const left = bytes.length - at - RECORD_HEADER_BYTES;
		if (left < 0) return yield defect(at, 'the file ends within the header of a packet');
		const capturedBytes = view.getUint32(at + 8, littleEndian);
		if (capturedBytes > recordBytes) {
			return yield defect(
				at,
				`a packet of ${capturedBytes} bytes, at most ${recordBytes} are taken`,
			);
		}
		if (capturedBytes > left) {
			return yield defect(
				at,
				`the file ends within a packet: ${capturedBytes - left} bytes are missing`,
			);
		}
		const start = at + RECORD_HEADER_BYTES;
		const fraction = BigInt(view.getUint32(at + 4, littleEndian)) * nanosecondsPerUnit;
		yield {
			kind: 'packet',
			offset: at,
			interface: 0,
			linkType,
			timeNs: BigInt(view.getUint32(at, littleEndian)) * 1_000_000_000n + fraction,
			bytes: bytes.subarray(start, start + capturedBytes),
			originalBytes: view.getUint32(at + 12, littleEndian),
		};
		at = start + capturedBytes;
	}
}
