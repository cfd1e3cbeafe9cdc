import { describe, expect, test } from 'vitest';
import { sha256, toHex } from '#lib/kernel/sha256.ts';
import { phantom as ctHead } from './ct-head.ts';
import { phantom as dxChest } from './dx-chest.ts';

/** Frozen: a change of pixels changes every stored attempt. */
const DIGESTS: Record<string, string> = {
	'ct-head': 'c0d68483fcfac62bc38fe936dc40d2ab23fe025d1101e271b8f0f2f9003e129b',
	'dx-chest': '4d468e68fe394e733f3e68a94a9f1f126a2e6eedba7981c19d0d0b06832b63ed',
};

const valueAt = (pixels: Uint8Array, index: number): number =>
	(pixels[2 * index] ?? NaN) + (pixels[2 * index + 1] ?? NaN) * 256;

describe.each([ctHead, dxChest])('$id', (phantom) => {
	test('every image has the size that the phantom says, and values of its bits', () => {
		for (let slice = 0; slice < phantom.slices; slice++) {
			const pixels = phantom.render(0, slice);
			expect(pixels.length).toBe(phantom.rows * phantom.columns * 2);
			for (let i = 0; i < phantom.rows * phantom.columns; i++) {
				if (valueAt(pixels, i) >= 2 ** phantom.bitsStored)
					throw new Error(`pixel ${i} of ${slice}`);
			}
		}
	});

	test('the same variant and slice are the same buffer, others are not', () => {
		expect(phantom.render(1, 0)).toBe(phantom.render(1, 0));
		expect(phantom.render(phantom.variants + 1, 0)).toBe(phantom.render(1, 0));
		const last = phantom.slices - 1;
		const images = [0, 1, 2, 3].map((variant) => toHex(sha256(phantom.render(variant, last))));
		expect(new Set(images).size).toBe(phantom.variants);
	});

	test.each([
		[0, -1],
		[0, 1_000],
		[0, 0.5],
		[-1, 0],
		[0.5, 0],
	])('variant %d, slice %d is out of range', (variant, slice) => {
		expect(() => phantom.render(variant, slice)).toThrow(RangeError);
	});

	test('the pixels are frozen', () => {
		expect(toHex(sha256(phantom.render(1, phantom.slices >> 1)))).toBe(DIGESTS[phantom.id]);
	});

	test('the marker PHANTOM stands in the top left corner, brighter than the window', () => {
		const pixels = phantom.render(0, 0);
		const scale = phantom.id === 'ct-head' ? 1 : 2;
		const bright = phantom.window.center + phantom.window.width / 2 - phantom.rescaleIntercept;
		const start = 3 * scale;
		const line = (row: number): string =>
			Array.from({ length: 41 }, (_, x) => {
				const index = (start + row * scale) * phantom.columns + start + x * scale;
				return valueAt(pixels, index) > bright ? '#' : ' ';
			}).join('');
		expect([0, 1, 2, 3, 4, 5, 6].map(line)).toEqual([
			'####  #   #  ###  #   # #####  ###  #   #',
			'#   # #   # #   # ##  #   #   #   # ## ##',
			'#   # #   # #   # # # #   #   #   # # # #',
			'####  ##### ##### # # #   #   #   # # # #',
			'#     #   # #   # #  ##   #   #   # #   #',
			'#     #   # #   # #   #   #   #   # #   #',
			'#     #   # #   # #   #   #    ###  #   #',
		]);
	});
});

test('the head holds air, bone, brain and fluid at their Hounsfield values', () => {
	const pixels = ctHead.render(0, 9);
	const mean = (column: number, row: number): number => {
		let sum = 0;
		for (let y = -1; y <= 1; y++) {
			for (let x = -1; x <= 1; x++) {
				sum += valueAt(pixels, (row + y) * ctHead.columns + column + x);
			}
		}
		return sum / 9 + ctHead.rescaleIntercept;
	};
	expect(mean(10, 64)).toBeCloseTo(-1000, -1);
	expect(mean(84, 64)).toBeCloseTo(28, -1);
	expect(mean(64, 19)).toBeGreaterThan(500);
});

test('the heart of the chest lies on the patient’s left, the right of the image', () => {
	const pixels = dxChest.render(0, 0);
	const at = (xMm: number, yMm: number): number =>
		valueAt(
			pixels,
			Math.round(yMm / 1.6 + 127.5) * dxChest.columns + Math.round(xMm / 1.6 + 127.5),
		);
	expect(at(56, 66)).toBeGreaterThan(at(-56, 66) + 300);
});
