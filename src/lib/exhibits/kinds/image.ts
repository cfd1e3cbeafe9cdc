import type { ExhibitRegion } from '#lib/exam/item/exhibit.ts';
import { phantom as ctHead } from '#lib/hospital/phantoms/ct-head.ts';
import { phantom as dxChest } from '#lib/hospital/phantoms/dx-chest.ts';
import type { Phantom } from '#lib/hospital/phantoms/phantom.ts';
import { Random } from '#lib/kernel/random.ts';
import { z } from 'zod';
import { toBase64 } from '#lib/protocol/dicom/web/base64.ts';
import { defineExhibit } from '../define-exhibit.ts';

interface Picture {
	phantom: Phantom;
	/** Where the phantom's drawing puts the side marker, in its pixels. */
	marker: { side: 'L' | 'R'; label: string; x: number; y: number; w: number; h: number };
}

const PICTURES: Record<'ct-head' | 'dx-chest', Picture> = {
	'ct-head': {
		phantom: ctHead,
		marker: { side: 'R', label: 'Far left edge', x: 1, y: 59, w: 9, h: 11 },
	},
	'dx-chest': {
		phantom: dxChest,
		marker: { side: 'L', label: 'Upper right corner', x: 228, y: 2, w: 24, h: 28 },
	},
};

/** Shares of width and height; they neither meet each other nor a marker. */
const PLACES = [
	['top', 'Upper part', 0.3, 0.1, 0.4, 0.22],
	['left', 'Left part', 0.1, 0.38, 0.24, 0.24],
	['center', 'Middle', 0.38, 0.38, 0.24, 0.24],
	['right', 'Right part', 0.66, 0.38, 0.24, 0.24],
	['bottom', 'Lower part', 0.3, 0.68, 0.4, 0.22],
] as const;

function regionsOf({ phantom, marker }: Picture): ExhibitRegion[] {
	const { rows, columns } = phantom;
	const { side: _side, ...place } = marker;
	return [
		{ id: 'marker', ...place },
		...PLACES.map(([id, label, x, y, w, h]) => ({
			id,
			label,
			x: Math.round(x * columns),
			y: Math.round(y * rows),
			w: Math.round(w * columns),
			h: Math.round(h * rows),
		})),
	];
}

/** Values after rescaling, with their least and greatest. */
function valuesOf(phantom: Phantom, variant: number, slice: number) {
	const stored = phantom.render(variant, slice);
	const values = new Int32Array(stored.length / 2);
	let minimum = Infinity;
	let maximum = -Infinity;
	for (let i = 0; i < values.length; i++) {
		const value =
			((stored[2 * i] ?? 0) | ((stored[2 * i + 1] ?? 0) << 8)) + phantom.rescaleIntercept;
		values[i] = value;
		if (value < minimum) minimum = value;
		if (value > maximum) maximum = value;
	}
	return { values, minimum, maximum };
}

/** The linear VOI LUT function to 8 bits (PS3.3 C.11.2.1.2.1). */
function windowed(value: number, center: number, width: number): number {
	if (value <= center - 0.5 - (width - 1) / 2) return 0;
	if (value > center - 0.5 + (width - 1) / 2) return 255;
	return Math.round(((value - (center - 0.5)) / (width - 1) + 0.5) * 255);
}

export const image = defineExhibit({
	kind: 'image',
	title: 'Image',
	doc: 'A synthetic phantom through a window, with named regions.',
	parameters: z.strictObject({
		phantom: z.enum(['ct-head', 'dx-chest']),
		center: z.number().min(-100_000).max(100_000).optional(),
		width: z.number().min(1).max(100_000).optional(),
		invert: z.boolean().default(false),
	}),
	make(parameters, { seed }) {
		const picture = PICTURES[parameters.phantom];
		const { phantom, marker } = picture;
		const random = new Random(seed, 'image');
		const variant = random.below(phantom.variants);
		// Around the middle, where most is to be seen; a projection has one only.
		const middle = phantom.slices >> 1;
		const slice = phantom.slices === 1 ? 0 : random.between(middle - 1, middle + 1);
		const { values, minimum, maximum } = valuesOf(phantom, variant, slice);
		const center = parameters.center ?? phantom.window.center;
		const width = parameters.width ?? phantom.window.width;
		const grey = new Uint8Array(values.length);
		for (let i = 0; i < values.length; i++) {
			const shown = windowed(values[i] ?? 0, center, width);
			grey[i] = parameters.invert ? 255 - shown : shown;
		}
		return {
			content: {
				form: 'image',
				width: phantom.columns,
				height: phantom.rows,
				pixels: toBase64(grey),
				regions: regionsOf(picture),
			},
			facts: {
				center,
				width,
				inverted: parameters.invert,
				minimum,
				maximum,
				rows: phantom.rows,
				columns: phantom.columns,
				markerSide: marker.side,
			},
		};
	},
});
