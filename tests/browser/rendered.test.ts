import { expect, test } from 'vitest';
import { sha256, toHex } from '#lib/kernel/sha256.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { encodeJpeg } from '#lib/protocol/dicom/web/encode-jpeg.ts';
import { encodePng } from '#lib/protocol/dicom/web/encode-png.ts';
import type { Picture } from '#lib/protocol/dicom/web/render-frame.ts';
import { SAMPLE_DIGESTS, samplePicture } from '#lib/protocol/dicom/web/sample-picture.fixture.ts';

/** The pixels that Chromium shows for the file of a picture. */
async function shown(file: Uint8Array, type: string, { samples }: Picture): Promise<number[]> {
	const bitmap = await createImageBitmap(new Blob([new Uint8Array(file)], { type }), {
		colorSpaceConversion: 'none',
	});
	const { width, height } = bitmap;
	const context = new OffscreenCanvas(width, height).getContext('2d')!;
	context.drawImage(bitmap, 0, 0);
	const { data } = context.getImageData(0, 0, width, height);
	return Array.from({ length: width * height * samples }, (_, i) =>
		samples === 1 ? data[i * 4]! : data[Math.floor(i / 3) * 4 + (i % 3)]!,
	);
}

test.each(SAMPLE_DIGESTS)(
	'pictures are the same files in Chromium as in Node, and Chromium shows them: samples $samples',
	async ({ samples, png, jpeg }) => {
		const picture = samplePicture(75, 50, samples);
		const pngFile = joinBytes(encodePng(picture));
		const jpegFile = joinBytes(encodeJpeg(picture, 90));
		expect(toHex(sha256(pngFile))).toBe(png);
		expect(toHex(sha256(jpegFile))).toBe(jpeg);

		expect(await shown(pngFile, 'image/png', picture)).toEqual([...picture.pixels]);
		const pixels = await shown(jpegFile, 'image/jpeg', picture);
		expect(pixels.length).toBe(picture.pixels.length);
		const squares = pixels.reduce((sum, value, i) => sum + (value - picture.pixels[i]!) ** 2, 0);
		expect(10 * Math.log10(255 ** 2 / (squares / pixels.length))).toBeGreaterThan(35);
	},
);
