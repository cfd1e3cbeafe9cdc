import { Random } from '#lib/kernel/random.ts';
import { Canvas } from './canvas.ts';
import { sharedRender, type Phantom } from './phantom.ts';

const ROWS = 128;
const SLICES = 16;
const VARIANTS = 4;
const PIXEL_SPACING_MM = 1.875;
const EXTENT_MM = 128;
const RESCALE_INTERCEPT = -1024;
const AIR_HU = -1000;
const MARKER_HU = 2000;

/** Rows of the tables: centre and half axes in mm (x to the patient's left, y to the back, z to the head). */
type Row = readonly [
	hu: number,
	center: readonly [x: number, y: number, z: number],
	axes: readonly [x: number, y: number, z: number],
	/** Rotation about z from x towards y. Not in degrees: sines may differ between JavaScript engines. */
	turn?: readonly [cosine: number, sine: number],
];

const TURN_15 = [0.9659, 0.2588] as const;
const TURN_30 = [0.866, 0.5] as const;
const BACK_15 = [0.9659, -0.2588] as const;
const BACK_30 = [0.866, -0.5] as const;

/** Painted in this order, each over those before it. */
const ANATOMY: readonly Row[] = [
	[40, [0, 0, -20], [78, 98, 95]], // scalp
	[1000, [0, 0, -20], [73, 93, 89.5]], // skull
	[10, [0, 0, -20], [66.5, 86.5, 82.5]], // cerebrospinal fluid under it
	[38, [0, 0, -20], [64.5, 84.5, 80]], // cortex
	[28, [0, 0, -16], [56, 75, 69]], // white matter
	[38, [0, 0, -16], [7, 80, 70]], // cortex at the midline
	[28, [0, -6, 22], [16, 28, 5]], // corpus callosum
	[10, [0, -54, 0], [2.6, 26, 42]], // fissure between the hemispheres
	[10, [0, 50, 6], [2.6, 26, 34]],
	[52, [0, -52, 0], [1.3, 26, 40]], // falx
	[52, [0, 48, 6], [1.3, 26, 32]],
	[38, [-11, 6, 0], [10, 16, 12]], // thalamus
	[38, [11, 6, 0], [10, 16, 12]],
	[39, [-26, -4, 0], [7, 17, 11], BACK_15], // lentiform nucleus
	[39, [26, -4, 0], [7, 17, 11], TURN_15],
	[39, [-15, -22, 6], [5, 10, 12]], // caudate nucleus
	[39, [15, -22, 6], [5, 10, 12]],
	[6, [-8, -22, 10], [4.5, 17, 14], BACK_15], // frontal horns
	[6, [8, -22, 10], [4.5, 17, 14], TURN_15],
	[6, [-18, 26, 12], [6, 22, 12], TURN_15], // trigones and occipital horns
	[6, [18, 26, 12], [6, 22, 12], BACK_15],
	[6, [0, 2, -2], [2.6, 13, 11]], // third ventricle
	[160, [0, 24, 2], [3, 3, 4]], // calcified pineal gland
	[10, [0, 4, -34], [24, 22, 14]], // basal cisterns
	[45, [0, 44, -46], [58, 40, 25]], // tentorium
	[36, [0, 46, -48], [56, 38, 25]], // cerebellum
	[34, [0, 14, -46], [15, 14, 34]], // brain stem
	[6, [0, 30, -44], [8, 4, 9]], // fourth ventricle
	[900, [-40, 14, -56], [30, 9, 10], TURN_30], // petrous bones
	[900, [40, 14, -56], [30, 9, 10], BACK_30],
	[-700, [-56, 26, -57], [7, 8, 8]], // mastoid cells
	[-700, [56, 26, -57], [7, 8, 8]],
	[700, [0, -50, -62], [54, 34, 14]], // base of the skull
	[-960, [0, -30, -61], [13, 11, 9]], // sphenoid sinus
	[-960, [-8, -58, -61], [4.5, 18, 9]], // ethmoid cells
	[-960, [8, -58, -61], [4.5, 18, 9]],
	[-90, [-33, -62, -60], [16, 24, 13]], // fat of the orbit
	[-90, [33, -62, -60], [16, 24, 13]],
	[60, [-27, -52, -60], [2.5, 16, 4], BACK_15], // optic nerves
	[60, [27, -52, -60], [2.5, 16, 4], TURN_15],
	[20, [-33, -71, -60], [12, 12, 12]], // eyes
	[20, [33, -71, -60], [12, 12, 12]],
	[90, [-33, -81, -60], [5, 2.5, 5]], // lenses
	[90, [33, -81, -60], [5, 2.5, 5]],
	[-960, [-8, -84, -38], [7, 3.5, 12]], // frontal sinus
	[-960, [8, -84, -38], [7, 3.5, 12]],
];

const FINDINGS: readonly (readonly Row[])[] = [
	[],
	// Haemorrhage of the basal ganglia on the right, with oedema around it.
	[
		[20, [-28, -2, 8], [18, 25, 22]],
		[70, [-28, -2, 8], [13, 18, 16]],
	],
	// Old infarct in the territory of the left middle cerebral artery.
	[[15, [40, 6, 10], [17, 29, 26]]],
	// Meningioma at the left convexity, partly calcified.
	[
		[20, [27, -34, 22], [21, 23, 22]],
		[62, [34, -38, 22], [14, 16, 16]],
		[240, [37, -40, 22], [4, 5, 6]],
	],
];

interface Ellipse {
	hu: number;
	x: number;
	y: number;
	xx: number;
	xy: number;
	yy: number;
}

/** The cut of an ellipsoid with the plane at `z`, as a quadratic form; undefined where they do not meet. */
function cut([hu, center, axes, turn]: Row, z: number): Ellipse | undefined {
	const height = (z - center[2]) / axes[2];
	const rest = 1 - height * height;
	if (rest <= 0) return undefined;
	const [cosine, sine] = turn ?? [1, 0];
	const a = 1 / (axes[0] * axes[0] * rest);
	const b = 1 / (axes[1] * axes[1] * rest);
	return {
		hu,
		x: center[0],
		y: center[1],
		xx: cosine * cosine * a + sine * sine * b,
		xy: 2 * cosine * sine * (a - b),
		yy: sine * sine * a + cosine * cosine * b,
	};
}

/** HU at a point of the slice: that of the last ellipse painted there. */
function huAt(ellipses: readonly Ellipse[], x: number, y: number): number {
	for (let i = ellipses.length - 1; i >= 0; i--) {
		const { hu, x: x0, y: y0, xx, xy, yy } = ellipses[i] as Ellipse;
		const dx = x - x0;
		const dy = y - y0;
		if (xx * dx * dx + xy * dx * dy + yy * dy * dy < 1) return hu;
	}
	return headRest(x, y) ? 40 : AIR_HU;
}

/** A shell of plastic below the head. */
function headRest(x: number, y: number): boolean {
	const outer = (x * x) / (98 * 98) + (y * y) / (112 * 112);
	const inner = (x * x) / (93 * 93) + (y * y) / (107 * 107);
	return y > 50 && outer < 1 && inner > 1;
}

function draw(variant: number, slice: number): Uint8Array {
	const z = ((slice + 0.5) * EXTENT_MM) / SLICES - EXTENT_MM / 2;
	const rows = [...ANATOMY, ...(FINDINGS[variant] ?? [])];
	const ellipses = rows.map((row) => cut(row, z)).filter((ellipse) => ellipse !== undefined);
	const canvas = new Canvas(ROWS, ROWS);
	const middle = (ROWS - 1) / 2;
	const quarter = PIXEL_SPACING_MM / 4;
	canvas.fill((column, row) => {
		const x = (column - middle) * PIXEL_SPACING_MM;
		const y = (row - middle) * PIXEL_SPACING_MM;
		// The mean of four points: a pixel at an edge holds a part of both tissues.
		const upper =
			huAt(ellipses, x - quarter, y - quarter) + huAt(ellipses, x + quarter, y - quarter);
		const lower =
			huAt(ellipses, x - quarter, y + quarter) + huAt(ellipses, x + quarter, y + quarter);
		return (upper + lower) / 4;
	});
	canvas.addNoise(new Random('phantom', `ct-head ${variant} ${slice}`), 1);
	canvas.writeText('PHANTOM', 3, 3, 1, MARKER_HU);
	canvas.writeText(String(slice + 1).padStart(2, '0'), ROWS - 14, 3, 1, MARKER_HU);
	canvas.writeText('R', 3, 61, 1, MARKER_HU);
	return canvas.toPixelData(RESCALE_INTERCEPT, 12);
}

/** A head in the manner of Shepp and Logan, in three dimensions: ellipsoids of known density. */
export const phantom: Phantom = {
	id: 'ct-head',
	title: 'CT head',
	rows: ROWS,
	columns: ROWS,
	slices: SLICES,
	variants: VARIANTS,
	pixelSpacingMm: PIXEL_SPACING_MM,
	extentMm: EXTENT_MM,
	bitsStored: 12,
	signed: false,
	photometric: 'MONOCHROME2',
	rescaleIntercept: RESCALE_INTERCEPT,
	window: { center: 40, width: 80 },
	render: sharedRender(VARIANTS, SLICES, draw),
};
