/** Pictures that need no file, and what their files are in every engine. */
import type { Picture } from './render-frame.ts';

/** Ramps, each component its own, with a disc in the middle where they run the other way: soft and hard edges. */
export function samplePicture(width: number, height: number, samples: 1 | 3): Picture {
	const pixels = new Uint8Array(width * height * samples);
	const radius = Math.min(width, height) / 3;
	for (let i = 0; i < width * height; i++) {
		const x = i % width;
		const y = (i - x) / width;
		const ramps = [x / width, y / height, 1 - (x + y) / (width + height)];
		const inDisc = (x - width / 2) ** 2 + (y - height / 2) ** 2 < radius ** 2;
		for (let s = 0; s < samples; s++) {
			const value = Math.floor(255 * (ramps[s] ?? 0));
			pixels[i * samples + s] = inDisc ? 255 - value : value;
		}
	}
	return { width, height, samples, pixels };
}

/** SHA-256 of the files of `samplePicture(75, 50, samples)`, JPEG with quality 90. */
export const SAMPLE_DIGESTS = [
	{
		samples: 1,
		png: '3b9a7611db0e34f2b34e87bdf18fb1a25fdee34c969bf2909be07819263ebf8b',
		jpeg: 'cdaf8c9fe06afa1183cc1b83742acfac683bafd4d9c1ad681a467abfb7210e3c',
	},
	{
		samples: 3,
		png: 'a9bcf7b36a91285e5ce280fe997ff5eec947925a3efb4579a28972b19c98b3e9',
		jpeg: '6dc6820d20157e5d43bbde18f2b3878e36f63bc9541f985811ad4b8b57951e9d',
	},
] as const;
