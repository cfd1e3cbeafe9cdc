/** From stored pixel values to a picture of 8 bits: the image rendering pipeline of PS3.4 N.2. */
import { exponential } from '#lib/kernel/exponential.ts';
import type { DataSet } from '../dataset/data-set.ts';
import type { Viewport, VoiFunction, Window } from './rendered-parameters.ts';

/** Grey (one sample) or RGB (three samples a pixel), row by row. */
export interface Picture {
	readonly width: number;
	readonly height: number;
	readonly samples: 1 | 3;
	readonly pixels: Uint8Array;
}

/**
 * Renders one native frame: Modality LUT (rescale), VOI (the window asked for, that of the object, or from
 * the least to the greatest value) and MONOCHROME1 turned over. undefined: a photometric interpretation or
 * sample size that this does not render.
 */
export function renderFrame(
	dataSet: DataSet,
	frame: Uint8Array,
	window: Window | undefined,
): Picture | undefined {
	const number = (keyword: string, otherwise: number): number =>
		dataSet.number(keyword) ?? otherwise;
	const width = number('Columns', 0);
	const height = number('Rows', 0);
	const photometric = dataSet.text('PhotometricInterpretation');
	const allocated = number('BitsAllocated', 0);
	if (photometric === 'RGB' && allocated === 8 && number('SamplesPerPixel', 1) === 3) {
		const planar = number('PlanarConfiguration', 0) === 1;
		return { width, height, samples: 3, pixels: interleaved(frame, width * height, planar) };
	}
	const inverted = photometric === 'MONOCHROME1';
	if (!inverted && photometric !== 'MONOCHROME2') return undefined;
	if (allocated !== 8 && allocated !== 16) return undefined;
	const values = modalityValues(dataSet, frame, width * height, allocated);
	const { center, width: windowWidth, shape } = window ?? windowOf(dataSet, values);
	const pixels = new Uint8Array(values.length);
	for (let i = 0; i < values.length; i++) {
		const grey = voi(values[i] ?? 0, center, windowWidth, shape);
		pixels[i] = inverted ? 255 - grey : grey;
	}
	return { width, height, samples: 1, pixels };
}

/** Stored values without the bits that are not theirs, rescaled (PS3.3 C.7.6.3, C.11.1). */
function modalityValues(
	dataSet: DataSet,
	frame: Uint8Array,
	count: number,
	allocated: 8 | 16,
): Float64Array {
	const stored = dataSet.number('BitsStored') ?? allocated;
	const shift = (dataSet.number('HighBit') ?? stored - 1) + 1 - stored;
	const mask = 2 ** stored - 1;
	const sign = dataSet.number('PixelRepresentation') === 1 ? 2 ** (stored - 1) : 0;
	const slope = dataSet.number('RescaleSlope') ?? 1;
	const intercept = dataSet.number('RescaleIntercept') ?? 0;
	const values = new Float64Array(count);
	for (let i = 0; i < count; i++) {
		const word =
			allocated === 8 ? (frame[i] ?? 0) : (frame[2 * i] ?? 0) | ((frame[2 * i + 1] ?? 0) << 8);
		const bits = (word >> shift) & mask;
		values[i] = ((bits ^ sign) - sign) * slope + intercept;
	}
	return values;
}

/** The first window of the object, or one from its least to its greatest value. */
function windowOf(dataSet: DataSet, values: Float64Array): Window {
	const center = dataSet.number('WindowCenter');
	const width = dataSet.number('WindowWidth');
	const name = dataSet.text('VOILUTFunction') ?? 'LINEAR';
	const shape =
		name === 'SIGMOID' ? 'sigmoid' : name === 'LINEAR_EXACT' ? 'linear-exact' : 'linear';
	if (center !== undefined && width !== undefined && width >= 1) return { center, width, shape };
	let minimum = Infinity;
	let maximum = -Infinity;
	for (const value of values) {
		minimum = Math.min(minimum, value);
		maximum = Math.max(maximum, value);
	}
	const span = Math.max(maximum - minimum, 1);
	return { center: minimum + span / 2, width: span, shape: 'linear-exact' };
}

/** The VOI LUT functions to 0..255 (PS3.3 C.11.2.1.2.1, C.11.2.1.3). */
function voi(value: number, center: number, width: number, shape: VoiFunction): number {
	if (shape === 'sigmoid') {
		return Math.round(255 / (1 + exponential((-4 * (value - center)) / width)));
	}
	// LINEAR counts steps between whole values: it is LINEAR_EXACT with both a little smaller.
	const middle = shape === 'linear' ? center - 0.5 : center;
	const span = shape === 'linear' ? width - 1 : width;
	if (value <= middle - span / 2) return 0;
	if (value > middle + span / 2) return 255;
	return Math.round(((value - middle) / span + 0.5) * 255);
}

function interleaved(frame: Uint8Array, count: number, planar: boolean): Uint8Array {
	if (!planar) return frame.subarray(0, count * 3);
	const pixels = new Uint8Array(count * 3);
	for (let i = 0; i < count; i++) {
		for (let plane = 0; plane < 3; plane++) {
			pixels[i * 3 + plane] = frame[plane * count + i] ?? 0;
		}
	}
	return pixels;
}

/**
 * Cuts out the region and scales it by its nearest pixels as large as the viewport holds without distortion
 * (PS3.18 8.3.5.1.3). undefined: the region is outside the picture.
 */
export function fitViewport(picture: Picture, viewport: Viewport): Picture | undefined {
	const { x, y } = viewport.source;
	const sourceWidth = viewport.source.width ?? picture.width - x;
	const sourceHeight = viewport.source.height ?? picture.height - y;
	const regionWidth = Math.abs(sourceWidth);
	const regionHeight = Math.abs(sourceHeight);
	if (x + regionWidth > picture.width || y + regionHeight > picture.height) return undefined;
	if (sourceWidth === 0 || sourceHeight === 0) return undefined;
	const scale = Math.min(viewport.width / regionWidth, viewport.height / regionHeight);
	const width = Math.max(1, Math.round(regionWidth * scale));
	const height = Math.max(1, Math.round(regionHeight * scale));
	const { samples } = picture;
	const pixels = new Uint8Array(width * height * samples);
	const columns = sourcePlaces(width, x, sourceWidth, picture.width);
	const rows = sourcePlaces(height, y, sourceHeight, picture.height);
	let at = 0;
	for (const row of rows) {
		for (const column of columns) {
			const from = (row * picture.width + column) * samples;
			for (let s = 0; s < samples; s++) pixels[at++] = picture.pixels[from + s] ?? 0;
		}
	}
	return { width, height, samples, pixels };
}

/** For each place of the result the nearest one of the source; backwards for a negative size. */
function sourcePlaces(count: number, start: number, size: number, limit: number): number[] {
	const places = Array.from({ length: count }, (_, i) =>
		Math.min(limit - 1, Math.floor(start + ((i + 0.5) * Math.abs(size)) / count)),
	);
	return size < 0 ? places.reverse() : places;
}
