/** Query parameters of rendered resources (PS3.18 8.3.5). */
import type { HttpProblem } from '../../http/message.ts';
import { unknownParameter } from './search-parameters.ts';

export type VoiFunction = 'linear' | 'linear-exact' | 'sigmoid';

export interface Window {
	readonly center: number;
	readonly width: number;
	readonly shape: VoiFunction;
}

export interface Viewport {
	readonly width: number;
	readonly height: number;
	/** The region of the source; a negative width or height flips it. undefined: to the edge. */
	readonly source: {
		readonly x: number;
		readonly y: number;
		readonly width: number | undefined;
		readonly height: number | undefined;
	};
}

export interface RenderedParameters {
	readonly window: Window | undefined;
	readonly viewport: Viewport | undefined;
	/** Of JPEG, 1 to 100. */
	readonly quality: number;
	/** Named in a Warning header. */
	readonly unsupported: readonly string[];
}

const DEFAULT_QUALITY = 90;
const VIEWPORT_MAX = 4_096;
const SHAPES: ReadonlySet<string> = new Set(['linear', 'linear-exact', 'sigmoid']);
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;

const bad = (text: string): HttpProblem => ({ status: 400, text });

/**
 * Reads the parameters; 400 for a value that is ill-formed, unknown or beyond what is rendered here. Another
 * parameter is ignored, and named in a Warning.
 */
export function parseRenderedParameters(
	query: readonly (readonly [name: string, value: string])[],
): RenderedParameters | HttpProblem {
	let window: Window | undefined;
	let viewport: Viewport | undefined;
	let quality = DEFAULT_QUALITY;
	const unsupported: string[] = [];
	for (const [name, value] of query) {
		switch (name) {
			case 'window':
				window = readWindow(value);
				if (!window) {
					return bad('window is center,width,function, with linear, linear-exact or sigmoid.');
				}
				break;
			case 'viewport':
				viewport = readViewport(value);
				if (!viewport) {
					return bad(`viewport is vw,vh or vw,vh,sx,sy,sw,sh, vw and vh 1 to ${VIEWPORT_MAX}.`);
				}
				break;
			case 'quality':
				quality = /^\d{1,3}$/.test(value) ? Number(value) : 0;
				if (quality < 1 || quality > 100) return bad('quality is a whole number from 1 to 100.');
				break;
			case 'annotation':
				if (!/^(patient|technique)(,(patient|technique))*$/.test(value)) {
					return bad('annotation is patient, technique or both.');
				}
				unsupported.push(`The following annotation values are not supported: ${value}`);
				break;
			case 'iccprofile':
				if (value !== 'no') return bad('iccprofile: no profile is put into rendered images here.');
				break;
			case 'accept':
			case 'charset':
				break;
			default:
				unsupported.push(unknownParameter(name));
		}
	}
	return { window, viewport, quality, unsupported };
}

function decimal(text: string | undefined): number | undefined {
	return text !== undefined && DECIMAL.test(text) ? Number(text) : undefined;
}

/** A width below 1 has no meaning for linear (PS3.3 C.11.2.1.2.1), one of 0 for none of the three. */
function readWindow(text: string): Window | undefined {
	const [centerText, widthText, shape = '', ...more] = text.split(',');
	const center = decimal(centerText);
	const width = decimal(widthText);
	if (center === undefined || width === undefined || more.length > 0) return undefined;
	if (!SHAPES.has(shape) || width <= 0 || (shape === 'linear' && width < 1)) return undefined;
	return { center, width, shape: shape as VoiFunction };
}

function readViewport(text: string): Viewport | undefined {
	const [vw = '', vh = '', ...region] = text.split(',');
	const [width, height] = [vw, vh].map((one) => (/^\d{1,5}$/.test(one) ? Number(one) : 0));
	if (!width || !height || width > VIEWPORT_MAX || height > VIEWPORT_MAX) return undefined;
	// Commas at the end stand for nothing and are to be left out.
	if (region.length > 4 || region.at(-1) === '') return undefined;
	const values = region.map((one) => (one === '' ? undefined : decimal(one)));
	if (values.some((value, i) => value === undefined && region[i] !== '')) return undefined;
	const [x = 0, y = 0, sourceWidth, sourceHeight] = values;
	if (sourceWidth === 0 || sourceHeight === 0) return undefined;
	// "Absolute values" of sx and sy count (8.3.5.1.3).
	const source = { x: Math.abs(x), y: Math.abs(y), width: sourceWidth, height: sourceHeight };
	return { width, height, source };
}
