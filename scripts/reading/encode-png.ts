import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A chunk: length, type, data, and CRC of type and data (PNG section 5.3). */
function chunk(type: string, data: Buffer): Buffer {
	const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(data.length);
	const check = Buffer.alloc(4);
	check.writeUInt32BE(crc32(content));
	return Buffer.concat([length, content, check]);
}

/** 8-bit grey pixels, row by row, as a PNG file (ISO/IEC 15948). */
export function encodePng(width: number, height: number, pixels: Buffer): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	// Eight bits, greyscale; compression, filter and interlace methods are 0.
	header[8] = 8;
	const rows = Buffer.alloc((width + 1) * height);
	for (let y = 0; y < height; y++) {
		// Each row begins with its filter, 0 for none.
		pixels.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width);
	}
	return Buffer.concat([
		SIGNATURE,
		chunk('IHDR', header),
		chunk('IDAT', deflateSync(rows)),
		chunk('IEND', Buffer.alloc(0)),
	]);
}
