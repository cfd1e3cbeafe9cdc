/** Addresses as people write them. */

/** Four bytes at `at` as a dotted address. */
export function formatIpv4(bytes: Uint8Array, at: number): string {
	return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}

/** Sixteen bytes at `at` in the canonical form of RFC 5952: the longest run of zeros as `::`. */
export function formatIpv6(bytes: Uint8Array, at: number): string {
	const groups = Array.from({ length: 8 }, (_, i) => {
		return ((bytes[at + 2 * i] ?? 0) << 8) | (bytes[at + 2 * i + 1] ?? 0);
	});
	let start = -1;
	let length = 1;
	for (let i = 0; i < 8; i++) {
		let end = i;
		while (end < 8 && groups[end] === 0) end++;
		if (end - i > length) {
			start = i;
			length = end - i;
		}
	}
	const text = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
	if (start < 0) return text(groups);
	return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}
