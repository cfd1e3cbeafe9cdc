import { Random } from '#lib/kernel/random.ts';
import { Canvas } from './canvas.ts';
import { sharedRender, type Phantom } from './phantom.ts';
import {
	clamp01,
	depth,
	distanceFromLines,
	line,
	mirror,
	oval,
	type Line,
	type Oval,
} from './shapes.ts';

const SIZE = 256;
const VARIANTS = 4;
const PIXEL_SPACING_MM = 1.6;
const MARKER = 4095;
const AIR = 150;

/** x to the patient's left (the right of the image), y to the feet, from the middle of the image. */
const SHOULDER = oval(150, -72, 150, 62, 0.9397, 0.342);
const TORSO = [oval(0, 120, 172, 330), oval(0, -170, 54, 110), SHOULDER, mirror(SHOULDER)];
const SCAPULA = oval(136, -50, 22, 58, 0.9397, 0.342);
const SCAPULAE = [SCAPULA, mirror(SCAPULA)];
const LUNG_LEFT = oval(68, 2, 58, 128, 0.9903, -0.1392);
const LUNG_RIGHT = mirror(LUNG_LEFT);
const DOME_LEFT = oval(74, 150, 84, 62);
const DOME_RIGHT = oval(-72, 150, 86, 76);
/** The heart of each variant may be larger. */
const heart = (scale: number): Oval => oval(24, 66, 66 * scale, 48 * scale, 0.866, 0.5);
const RIGHT_ATRIUM = oval(-18, 62, 24, 36);
const AORTIC_KNOB = oval(24, -44, 17, 19);
const HILA = [oval(-38, 8, 13, 22), oval(38, 0, 13, 20)];
const GASTRIC_BUBBLE = oval(82, 108, 25, 12);
/** On the left; the right has the same. */
const CLAVICLES: readonly Line[] = [line(18, -98, 70, -106), line(70, -106, 132, -124)];
/** On the left; the right has the same. */
const VESSELS: readonly Line[] = [
	line(38, -8, 62, -64),
	line(40, 0, 92, -34),
	line(42, 6, 100, 22),
	line(40, 14, 84, 66),
	line(36, 18, 54, 78),
	line(62, -64, 78, -84),
	line(66, -18, 82, 2),
	line(62, 38, 96, 54),
];
const PACEMAKER_LEAD: readonly Line[] = [
	line(74, -84, 30, -92),
	line(30, -92, 4, -62),
	line(4, -62, -12, 40),
	line(-12, 40, 34, 88),
];
const RIB_COUNT = 9;

interface Finding {
	readonly heart: Oval;
	/** A round shadow. */
	readonly nodule?: Oval;
	/** Fluid at the left base: everything below this line, higher at the chest wall. */
	readonly effusionTopMm?: number;
	readonly pacemaker?: boolean;
}

const HEALTHY: Finding = { heart: heart(1) };

const FINDINGS: readonly Finding[] = [
	HEALTHY,
	{ heart: heart(1), nodule: oval(-84, -36, 12, 11) },
	{ heart: heart(1.12), effusionTopMm: 48 },
	{ heart: heart(1.06), pacemaker: true },
];

/** Soft tissue around everything: full in the middle, falling off towards the skin. */
function softTissue(x: number, y: number): number {
	let thickest = 0;
	for (const part of TORSO) thickest = Math.max(thickest, depth(part, x, y));
	return 1750 * Math.sqrt(thickest);
}

/** How much air the ray crosses in the lungs, 0 to 1; less behind the domes of the diaphragm. */
function lungAir(x: number, y: number, finding: Finding): number {
	const lung = depth(x < 0 ? LUNG_RIGHT : LUNG_LEFT, x, y);
	if (lung === 0) return 0;
	const dome = depth(x < 0 ? DOME_RIGHT : DOME_LEFT, x, y);
	let air = Math.sqrt(lung) * (1 - clamp01(dome * 2.2));
	if (finding.effusionTopMm !== undefined && x > 0) {
		const level = finding.effusionTopMm - ((x - 60) * Math.abs(x - 60)) / 110;
		air *= 1 - clamp01((y - level) / 14);
	}
	return air;
}

/** Posterior ribs slope down to the side, anterior ones down to the middle; only within the cage. */
function ribs(x: number, y: number): number {
	const side = Math.abs(x);
	const height = (y - 10) / 152;
	const cage = 1 - height * height;
	if (cage <= 0) return 0;
	const wall = 138 * Math.sqrt(cage);
	if (side > wall || side < 12) return 0;
	const fade = clamp01((wall - side) / 5) * clamp01((side - 12) / 6);
	let shadow = 0;
	for (let i = 0; i < RIB_COUNT; i++) {
		const start = -112 + i * 23;
		const back = Math.abs(y - (start - side * 0.16 + (side * side) / (420 - i * 14)));
		if (back < 6.5) shadow += (back > 3.6 ? 235 : 165) * clamp01(6.5 - back);
		const front = Math.abs(y - (start + 66 - (side - 30) * 0.52));
		if (i > 0 && i < 7 && side > 52 && front < 7) shadow += 95 * clamp01(7 - front);
	}
	return shadow * fade;
}

/** The column of vertebrae with its discs, and the trachea in front of it. */
function spineAndTrachea(x: number, y: number): number {
	const side = Math.abs(x);
	const phase = (y + 220) % 24;
	const vertebra = side < 17 ? 190 * clamp01((17 - side) / 3) * (phase < 19 ? 1 : 0.45) : 0;
	const pedicle = phase > 4 && phase < 11 && side > 8 && side < 13 ? 110 : 0;
	const trachea = y < -38 ? -330 * clamp01((9 - side) / 4) * clamp01((-38 - y) / 8) : 0;
	return vertebra + pedicle + trachea;
}

/** How much the heart and the great vessels fill of the depth, 0 to 1. */
function mediastinum(x: number, y: number, heartShape: Oval): number {
	const middle = 0.85 * Math.sqrt(clamp01(1 - (x * x) / (30 * 30)));
	const ventricles = Math.sqrt(depth(heartShape, x, y));
	const atrium = 0.9 * Math.sqrt(depth(RIGHT_ATRIUM, x, y));
	const knob = 0.8 * Math.sqrt(depth(AORTIC_KNOB, x, y));
	return Math.max(middle, ventricles, atrium, knob);
}

function lungMarkings(x: number, y: number): number {
	let shadow = 0;
	for (const hilum of HILA) shadow = Math.max(shadow, 330 * depth(hilum, x, y));
	const distance = distanceFromLines(VESSELS, Math.abs(x), y);
	if (distance < 3.2) shadow = Math.max(shadow, 230 * (1 - distance / 3.2));
	return shadow;
}

/** A generator below the left clavicle and its lead into the heart. */
function pacemaker(x: number, y: number): number {
	const u = (x - 92) / 21;
	const v = (y + 78) / 17;
	const generator = 1500 * clamp01((1 - u * u * u * u - v * v * v * v) * 4);
	const lead = 1200 * clamp01(2 - distanceFromLines(PACEMAKER_LEAD, x, y));
	return Math.max(generator, lead);
}

function clavicles(x: number, y: number): number {
	if (y < -138 || y > -84) return 0;
	const distance = distanceFromLines(CLAVICLES, Math.abs(x), y);
	const rim = distance > 3.5 ? 70 : 0;
	return (250 + rim) * clamp01((7 - distance) / 1.5);
}

/** The stored value at a point in mm: more is denser, as MONOCHROME2 shows bones bright. */
function valueAt(x: number, y: number, finding: Finding): number {
	const body = softTissue(x, y);
	if (body === 0) return AIR;
	const central = mediastinum(x, y, finding.heart);
	const air = lungAir(x, y, finding) * (1 - central);
	let value = AIR + body + 260 * central - 1150 * air;
	value += spineAndTrachea(x, y) + ribs(x, y) + clavicles(x, y);
	for (const scapula of SCAPULAE) value += 170 * clamp01(3 * depth(scapula, x, y));
	if (air > 0) value += lungMarkings(x, y) * Math.sqrt(air);
	value -= 420 * depth(GASTRIC_BUBBLE, x, y);
	if (finding.nodule) value += 420 * depth(finding.nodule, x, y);
	if (finding.pacemaker) value += pacemaker(x, y);
	return value;
}

function draw(variant: number): Uint8Array {
	const finding = FINDINGS[variant] ?? HEALTHY;
	const canvas = new Canvas(SIZE, SIZE);
	const middle = (SIZE - 1) / 2;
	canvas.fill((column, row) =>
		valueAt((column - middle) * PIXEL_SPACING_MM, (row - middle) * PIXEL_SPACING_MM, finding),
	);
	canvas.addNoise(new Random('phantom', `dx-chest ${variant}`), 6);
	canvas.writeText('PHANTOM', 6, 6, 2, MARKER);
	canvas.writeText('L', SIZE - 24, 6, 3, MARKER);
	return canvas.toPixelData(0, 12);
}

/** A chest from behind (PA), as a sum of shadows: lungs, heart, ribs, spine, diaphragm. */
export const phantom: Phantom = {
	id: 'dx-chest',
	title: 'DX chest PA',
	rows: SIZE,
	columns: SIZE,
	slices: 1,
	variants: VARIANTS,
	pixelSpacingMm: PIXEL_SPACING_MM,
	extentMm: 0,
	bitsStored: 12,
	signed: false,
	photometric: 'MONOCHROME2',
	rescaleIntercept: 0,
	window: { center: 1600, width: 2600 },
	render: sharedRender(VARIANTS, 1, draw),
};
