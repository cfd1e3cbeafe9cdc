/**
 * Joins hex text ('01 00') and quoted ASCII ("'ABC'") into bytes, so that fixtures can be commented
 * by line.
 */
export function bytes(...parts: (string | Uint8Array)[]): Uint8Array {
	const out: number[] = [];
	for (const part of parts) {
		if (typeof part !== 'string') for (const octet of part) out.push(octet);
		else if (part.startsWith("'")) {
			for (const character of part.slice(1, -1)) out.push(character.charCodeAt(0));
		} else {
			for (const octet of part.split(/\s+/)) if (octet) out.push(Number.parseInt(octet, 16));
		}
	}
	return Uint8Array.from(out);
}

/** Joins what `encodePdu` returns. */
export function join(pieces: Uint8Array[]): Uint8Array {
	return bytes(...pieces);
}

/** A PDU with its length filled in. */
export function framed(type: number, body: Uint8Array): Uint8Array {
	const header = new Uint8Array(6);
	header[0] = type;
	new DataView(header.buffer).setUint32(2, body.length);
	return bytes(header, body);
}

/** An item or sub-item with its length filled in. */
export function item(type: number, ...body: (string | Uint8Array)[]): Uint8Array {
	const content = bytes(...body);
	return bytes(Uint8Array.of(type, 0, content.length >>> 8, content.length & 0xff), content);
}
