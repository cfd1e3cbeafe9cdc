import { Random } from '#lib/kernel/random.ts';
import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { acquireImages } from '../dicom/make-object.ts';
import { drawCase, type CaseModality } from '../clinical-case.ts';

/** Few pixels, so that an exchange of images stays short enough to be read. */
const SIDE = 12;
const COUNT = 4;

/** Four real images of the case, of which only the upper left corner is kept. */
export function smallImages(seed: string, modality: CaseModality): DataSet[] {
	const random = new Random(seed, 'exchange-images');
	const known = drawCase(seed, modality);
	const images =
		modality === 'CT'
			? acquireImages(known, random, COUNT)
			: Array.from({ length: COUNT }, () => acquireImages(known, random, 1)).flat();
	for (const image of images) {
		const columns = image.number('Columns') ?? SIDE;
		const pixels = image.bytes('PixelData') ?? new Uint8Array(0);
		const corner = new Uint8Array(SIDE * SIDE * 2);
		for (let row = 0; row < SIDE; row++) {
			const start = row * columns * 2;
			corner.set(pixels.subarray(start, start + SIDE * 2), row * SIDE * 2);
		}
		image.set('Rows', SIDE).set('Columns', SIDE).set('PixelData', corner);
	}
	return images;
}
