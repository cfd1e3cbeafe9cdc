/** Encapsulated pixel data and RLE Lossless beside pydicom and DCMTK. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DataSet } from '../../../src/lib/protocol/dicom/dataset/data-set.ts';
import {
	type EncapsulationOptions,
	setFrames,
} from '../../../src/lib/protocol/dicom/dataset/encapsulation.ts';
import { readPart10 } from '../../../src/lib/protocol/dicom/dataset/part10.ts';
import {
	compressRle,
	decompressRle,
} from '../../../src/lib/protocol/dicom/dataset/rle-pixel-data.ts';
import { decodeRleFrame } from '../../../src/lib/protocol/dicom/dataset/rle.ts';
import { UID } from '../../../src/lib/protocol/dicom/dataset/uids.ts';
import { asFile } from './objects.ts';

const PYTHON = '/usr/bin/python3';
const pydicom = spawnSync(PYTHON, ['-c', 'import pydicom']).status === 0;
if (!pydicom) console.warn('skipped: python3 has no pydicom');
const dcmtk = spawnSync('dcmdrle', ['--version']).status === 0;
if (!dcmtk) console.warn('skipped: dcmdrle (DCMTK) is not installed');
const folder = mkdtempSync(join(tmpdir(), 'pixels-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Image {
	readonly bits: number;
	readonly samples: number;
	readonly planar: number;
	readonly frames: number;
}

const IMAGES: readonly Image[] = [
	{ bits: 8, samples: 1, planar: 0, frames: 1 },
	{ bits: 16, samples: 1, planar: 0, frames: 1 },
	{ bits: 16, samples: 1, planar: 0, frames: 4 },
	{ bits: 8, samples: 3, planar: 0, frames: 1 },
	{ bits: 8, samples: 3, planar: 1, frames: 2 },
];

const ROWS = 18;
const COLUMNS = 150;

/** Secondary capture with flat areas, ramps and noise. */
function nativeImage({ bits, samples, planar, frames }: Image): DataSet {
	const length = (ROWS * COLUMNS * samples * frames * bits) / 8;
	const pixels = Uint8Array.from({ length }, (_, i) =>
		i % 700 < 300 ? 9 : i % 700 < 500 ? i >> 1 : (i * 2654435761) >>> 24,
	);
	const image = DataSet.from({
		SOPClassUID: UID.SecondaryCaptureImageStorage,
		SOPInstanceUID: '2.25.1002.1',
		StudyInstanceUID: '2.25.1002.2',
		SeriesInstanceUID: '2.25.1002.3',
		SamplesPerPixel: samples,
		PhotometricInterpretation: samples === 3 ? 'RGB' : 'MONOCHROME2',
		Rows: ROWS,
		Columns: COLUMNS,
		BitsAllocated: bits,
		BitsStored: bits,
		HighBit: bits - 1,
		PixelRepresentation: 0,
	});
	if (samples === 3) image.set('PlanarConfiguration', planar);
	if (frames > 1) image.set('NumberOfFrames', frames);
	return image.set('PixelData', pixels, bits === 8 ? 'OB' : 'OW');
}

function compressed(image: DataSet): DataSet {
	const result = compressRle(image);
	if (!result.ok) throw new Error(result.message);
	return result.dataSet;
}

function hex(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString('hex');
}

function readByPydicom(file: Uint8Array, ...options: string[]): Record<string, string[]> {
	const path = join(folder, 'pixels.dcm');
	writeFileSync(path, file);
	const script = new URL('./pixels-with-pydicom.py', import.meta.url).pathname;
	const run = spawnSync(PYTHON, [script, path, ...options], { maxBuffer: 1 << 26 });
	if (run.status !== 0) throw new Error(run.stderr.toString());
	return JSON.parse(run.stdout.toString()) as Record<string, string[]>;
}

/** A frame with its colours one after the other. */
function planarFrame(native: Uint8Array, samples: number, bits: number): Uint8Array {
	const size = bits / 8;
	const pixels = native.length / samples / size;
	return Uint8Array.from(native, (_, at) => {
		const sample = Math.floor(at / (pixels * size));
		const rest = at % (pixels * size);
		return native[(Math.floor(rest / size) * samples + sample) * size + (rest % size)]!;
	});
}

test.skipIf(!pydicom).for(IMAGES)('pydicom decodes our RLE, and we its: %o', (image) => {
	const native = nativeImage(image);
	const read = readByPydicom(asFile(compressed(native), UID.RLELossless), 'rle');
	const size = (ROWS * COLUMNS * image.samples * image.bits) / 8;
	const pixels = native.bytes('PixelData')!;
	for (let i = 0; i < image.frames; i += 1) {
		const frame = pixels.subarray(i * size, (i + 1) * size);
		const planar = image.planar === 1 ? frame : planarFrame(frame, image.samples, image.bits);
		expect(read['planar']?.[i]).toBe(hex(planar));
		const shape = {
			rows: ROWS,
			columns: COLUMNS,
			samplesPerPixel: image.samples,
			bitsAllocated: image.bits,
			planarConfiguration: image.planar,
		};
		const theirs = decodeRleFrame(Buffer.from(read['encoded']![i]!, 'hex'), shape);
		expect(theirs.ok && hex(theirs.frame)).toBe(hex(frame));
	}
});

function runDcmtk(program: string, file: Uint8Array): Uint8Array {
	const input = join(folder, 'in.dcm');
	const output = join(folder, 'out.dcm');
	writeFileSync(input, file);
	const run = spawnSync(program, [input, output]);
	if (run.status !== 0) throw new Error(run.stderr.toString());
	return readFileSync(output);
}

function readFile(file: Uint8Array): DataSet {
	const result = readPart10(file, { strict: true });
	if (!result.ok) throw new Error(result.error.message);
	return result.dataSet;
}

test.skipIf(!dcmtk).for(IMAGES)('dcmdrle decodes our RLE to the same pixels: %o', (image) => {
	const native = nativeImage(image);
	const decoded = readFile(runDcmtk('dcmdrle', asFile(compressed(native), UID.RLELossless)));
	const pixels = native.bytes('PixelData')!;
	expect(hex(decoded.bytes('PixelData')!)).toBe(hex(pixels));
});

test.skipIf(!dcmtk).for(IMAGES)('we decode what dcmcrle encodes: %o', (image) => {
	const native = nativeImage(image);
	const encoded = readFile(runDcmtk('dcmcrle', asFile(native, UID.LittleEndianExplicit)));
	const result = decompressRle(encoded);
	if (!result.ok) throw new Error(result.message);
	expect(hex(result.dataSet.bytes('PixelData')!)).toBe(hex(native.bytes('PixelData')!));
});

const TABLES: readonly EncapsulationOptions[] = [
	{ offsetTable: 'basic' },
	{ offsetTable: 'basic', fragmentBytes: 30 },
	{ offsetTable: 'empty' },
	{ offsetTable: 'extended' },
];

test.skipIf(!pydicom).for(TABLES)('pydicom finds the same frames: %o', (options) => {
	const frames = Array.from({ length: 3 }, (_, i) =>
		Uint8Array.of(0xff, 0xd8, ...Array<number>(90 + 2 * i).fill(i + 1), 0xff, 0xd9),
	);
	const image = nativeImage({ bits: 8, samples: 1, planar: 0, frames: 3 });
	image.delete('PixelData');
	setFrames(image, frames, options);
	expect(readByPydicom(asFile(image, UID.JPEGBaseline))['frames']).toEqual(frames.map(hex));
});
