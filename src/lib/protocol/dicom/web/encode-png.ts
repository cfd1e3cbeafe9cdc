/** Pictures as PNG files (ISO/IEC 15948). */
import { zlibSync } from 'fflate';
import type { Picture } from './render-frame.ts';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** The table of the CRC with the polynomial EDB88320, as PNG annex D has it. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
	let value = n;
	for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
	return value;
});

function crc32(bytes: Uint8Array): number {
	let crc = 0xffffffff;
	for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
	return (crc ^ 0xffffffff) >>> 0;
}

/** Length, type, data, and the CRC of type and data (PNG 5.3). */
function chunk(type: string, data: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(12 + data.length);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, data.length);
	for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
	bytes.set(data, 8);
	view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
	return bytes;
}

/** A PNG file as pieces: 8 bits, grey or RGB, no filter. */
export function encodePng({ width, height, samples, pixels }: Picture): Uint8Array[] {
	const header = new Uint8Array(13);
	const view = new DataView(header.buffer);
	view.setUint32(0, width);
	view.setUint32(4, height);
	header[8] = 8;
	// Colour type 0 is greyscale, 2 is RGB; compression, filter and interlace methods are 0.
	header[9] = samples === 1 ? 0 : 2;
	const stride = width * samples;
	const rows = new Uint8Array((stride + 1) * height);
	for (let y = 0; y < height; y++) {
		rows.set(pixels.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
	}
	const data = zlibSync(rows);
	return [SIGNATURE, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', new Uint8Array(0))];
}
