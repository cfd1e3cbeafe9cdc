/** The Internet checksum (RFC 1071) over pieces as if they were joined; an odd end is padded with a zero byte. */
export function internetChecksum(pieces: readonly Uint8Array[]): number {
	let sum = 0;
	let odd = false;
	for (const piece of pieces) {
		for (const byte of piece) {
			sum += odd ? byte : byte << 8;
			odd = !odd;
		}
		// Folded per piece: a piece of 64 KiB cannot overflow an exact integer before.
		while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x1_0000);
	}
	return ~sum & 0xffff;
}
