/** A synthetic image with known geometry. Plain data and one function; one phantom a file. */
export interface Phantom {
	readonly id: string;
	readonly title: string;
	readonly rows: number;
	readonly columns: number;
	/** Number of different slices (of a volume) or frames; 1 for a projection. */
	readonly slices: number;
	/** Number of different findings to choose from; variant 0 is the healthy one. */
	readonly variants: number;
	/** Distance between the centres of pixels, the same in both directions. */
	readonly pixelSpacingMm: number;
	/** Distance covered by all slices along the patient; 0 for a projection. */
	readonly extentMm: number;
	/** Bits Stored of 16 allocated (PS3.5 section 8). */
	readonly bitsStored: number;
	/** Pixel Representation: true for two's complement. */
	readonly signed: boolean;
	readonly photometric: 'MONOCHROME2';
	/** What the stored value 0 means in the unit of the phantom (HU in a CT). */
	readonly rescaleIntercept: number;
	/** The window a device sends with the image, in units after rescaling. */
	readonly window: { readonly center: number; readonly width: number };
	/**
	 * Pixel data of 16 bits, little endian, rows from the top. The same variant (modulo `variants`) and
	 * slice always give the same buffer, so that a busy day costs no copies: nobody may write into it.
	 * Throws RangeError for a slice that does not exist.
	 */
	render(variant: number, slice: number): Uint8Array;
}

/** Keeps every image drawn, as the one buffer everybody shares. */
export function sharedRender(
	variants: number,
	slices: number,
	draw: (variant: number, slice: number) => Uint8Array,
): Phantom['render'] {
	const drawn = new Map<number, Uint8Array>();
	return (variant, slice) => {
		if (!Number.isInteger(slice) || slice < 0 || slice >= slices) {
			throw new RangeError(`slice ${slice} not in 0..${slices - 1}`);
		}
		if (!Number.isInteger(variant) || variant < 0) {
			throw new RangeError(`variant ${variant} is not a natural number`);
		}
		const key = (variant % variants) * slices + slice;
		let image = drawn.get(key);
		if (!image) drawn.set(key, (image = draw(variant % variants, slice)));
		return image;
	};
}
