/** Plane shapes that projections are drawn from, in mm. */

export interface Oval {
	readonly x: number;
	readonly y: number;
	/** Half axes in mm. */
	readonly a: number;
	readonly b: number;
	/** Rotation from x towards y; not in degrees: sines may differ between JavaScript engines. */
	readonly cosine: number;
	readonly sine: number;
}

/** An ellipse by its centre, half axes and rotation. */
export const oval = (x: number, y: number, a: number, b: number, cosine = 1, sine = 0): Oval => ({
	x,
	y,
	a,
	b,
	cosine,
	sine,
});

/** The same on the other side of the patient. */
export const mirror = (o: Oval): Oval => ({ ...o, x: -o.x, sine: -o.sine });

/** How much of a round body the ray crosses: 1 in the middle, 0 from the edge on. */
export function depth({ x, y, a, b, cosine, sine }: Oval, px: number, py: number): number {
	const dx = px - x;
	const dy = py - y;
	const u = (dx * cosine + dy * sine) / a;
	const v = (dy * cosine - dx * sine) / b;
	const rest = 1 - u * u - v * v;
	return rest > 0 ? Math.sqrt(rest) : 0;
}

/** The nearest number in 0..1. */
export const clamp01 = (n: number): number => (n < 0 ? 0 : n > 1 ? 1 : n);

export interface Line {
	readonly x: number;
	readonly y: number;
	readonly dx: number;
	readonly dy: number;
}

/** The line between two points. */
export const line = (x0: number, y0: number, x1: number, y1: number): Line => ({
	x: x0,
	y: y0,
	dx: x1 - x0,
	dy: y1 - y0,
});

/** The distance in mm of a point from the nearest of the lines. */
export function distanceFromLines(lines: readonly Line[], px: number, py: number): number {
	let nearest = Infinity;
	for (const { x, y, dx, dy } of lines) {
		const t = clamp01(((px - x) * dx + (py - y) * dy) / (dx * dx + dy * dy));
		const ex = px - x - t * dx;
		const ey = py - y - t * dy;
		nearest = Math.min(nearest, ex * ex + ey * ey);
	}
	return Math.sqrt(nearest);
}
