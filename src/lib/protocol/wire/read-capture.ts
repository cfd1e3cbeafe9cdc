import type { CaptureItem, CaptureLimits } from './capture-record.ts';
import { isPcap, readPcap } from './read-pcap.ts';
import { isPcapng, readPcapng } from './read-pcapng.ts';

/** Whether the bytes begin as a capture file of either format. */
export function isCapture(bytes: Uint8Array): boolean {
	return isPcap(bytes) || isPcapng(bytes);
}

/** Reads a capture file of either format; see {@link readPcap} and {@link readPcapng}. */
export function readCapture(
	bytes: Uint8Array,
	limits: CaptureLimits = {},
): Generator<CaptureItem, void, undefined> {
	return isPcapng(bytes) ? readPcapng(bytes, limits) : readPcap(bytes, limits);
}
