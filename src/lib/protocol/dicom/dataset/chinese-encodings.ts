/**
 * Encoders for GB18030 and GBK (PS3.5 annex J), made by inverting TextDecoder at first use.
 * GBK has one and two bytes per character, GB18030 four as well.
 */

let twoBytes: Map<string, number> | undefined;
let fourBytes: Map<string, number> | undefined;

function twoByteTable(): Map<string, number> {
	const decoder = new TextDecoder('gb18030');
	const table = new Map<string, number>();
	const pair = new Uint8Array(2);
	for (let lead = 0x81; lead <= 0xfe; lead += 1) {
		for (let trail = 0x40; trail <= 0xfe; trail += 1) {
			if (trail === 0x7f) continue;
			pair[0] = lead;
			pair[1] = trail;
			const text = decoder.decode(pair);
			if (text !== '\ufffd' && !table.has(text)) table.set(text, (lead << 8) | trail);
		}
	}
	return table;
}

/** The four bytes with this linear number: 81308130 is 0. */
function fourByteCode(linear: number): [number, number, number, number] {
	return [
		0x81 + Math.floor(linear / 12600),
		0x30 + (Math.floor(linear / 1260) % 10),
		0x81 + (Math.floor(linear / 10) % 126),
		0x30 + (linear % 10),
	];
}

/** The four-byte codes of the basic multilingual plane are those from 81308130 to 8431A439. */
function fourByteTable(): Map<string, number> {
	const decoder = new TextDecoder('gb18030');
	const table = new Map<string, number>();
	for (let linear = 0; linear < 39420; linear += 1) {
		const text = decoder.decode(Uint8Array.from(fourByteCode(linear)));
		if (text !== '\ufffd' && !table.has(text)) table.set(text, linear);
	}
	return table;
}

/** Appends one character that is not ASCII; false when the encoding does not have it. */
export function pushChinese(
	out: number[],
	character: string,
	encoding: 'gbk' | 'gb18030',
): boolean {
	twoBytes ??= twoByteTable();
	const pair = twoBytes.get(character);
	if (pair !== undefined) {
		out.push(pair >> 8, pair & 0xff);
		return true;
	}
	if (encoding === 'gbk') return false;
	const codePoint = character.codePointAt(0) ?? 0;
	// The supplementary planes are one linear range from 90308130.
	if (codePoint > 0xffff) {
		out.push(...fourByteCode(codePoint - 0x10000 + 189000));
		return true;
	}
	fourBytes ??= fourByteTable();
	const linear = fourBytes.get(character);
	if (linear === undefined) return false;
	out.push(...fourByteCode(linear));
	return true;
}
