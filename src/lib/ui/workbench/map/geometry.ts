import type { WorkbenchView } from '#lib/lab/workbench-view.ts';

/** Where things are drawn on the network map, in map pixels. Positions come from the hospital's grid. */

type MapView = WorkbenchView['map'];
export interface Point {
	x: number;
	y: number;
}
export interface Rectangle extends Point {
	width: number;
	height: number;
}
export interface Area extends Rectangle {
	id: string;
	title: string;
	cidr: string;
	/** Which of the network tints it has, counted from 1. */
	tint: number;
}
export interface Wire {
	from: string;
	to: string;
	network: string;
	points: Point[];
}

/** Traffic as drawn: its way, and how it ended. */
export interface Run {
	points: Point[];
	ended: 'answered' | 'refused' | 'lost';
}

export const NODE_WIDTH = 168;
export const NODE_HEIGHT = 46;
const PITCH_X = 188;
const PITCH_Y = 72;
const AREA_PADDING = 14;
const AREA_TITLE = 24;
const TINTS = 4;
const CORNER = 8;

/** The top left corner of a node. */
export const cornerOf = (node: Point): Point => ({ x: node.x * PITCH_X, y: node.y * PITCH_Y });

const centreOf = (node: Point): Point => ({
	x: node.x * PITCH_X + NODE_WIDTH / 2,
	y: node.y * PITCH_Y + NODE_HEIGHT / 2,
});

/** One rectangle per network around the hosts that are on this network only. */
export function areasOf(map: MapView): Area[] {
	return map.networks.flatMap((network, index) => {
		const corners = map.nodes
			.filter((node) => node.networks.length === 1 && node.networks[0] === network.id)
			.map(cornerOf);
		if (corners.length === 0) return [];
		const left = Math.min(...corners.map((corner) => corner.x)) - AREA_PADDING;
		const top = Math.min(...corners.map((corner) => corner.y)) - AREA_PADDING - AREA_TITLE;
		const right = Math.max(...corners.map((corner) => corner.x)) + NODE_WIDTH + AREA_PADDING;
		const bottom = Math.max(...corners.map((corner) => corner.y)) + NODE_HEIGHT + AREA_PADDING;
		return [
			{
				id: network.id,
				title: network.title,
				cidr: network.cidr,
				tint: (index % TINTS) + 1,
				x: left,
				y: top,
				width: right - left,
				height: bottom - top,
			},
		];
	});
}

/** The smallest rectangle around all hosts and areas. */
export function boundsOf(map: MapView, areas: readonly Rectangle[]): Rectangle {
	const parts = [
		...areas,
		...map.nodes.map((node) => ({ ...cornerOf(node), width: NODE_WIDTH, height: NODE_HEIGHT })),
	];
	const x = Math.min(...parts.map((part) => part.x));
	const y = Math.min(...parts.map((part) => part.y));
	return {
		x,
		y,
		width: Math.max(...parts.map((part) => part.x + part.width)) - x,
		height: Math.max(...parts.map((part) => part.y + part.height)) - y,
	};
}

/**
 * A wire in the gutters between the nodes: down into the gap under the row, along it, and along the gap
 * beside the other end. Wires to the same place then share a trunk, as in a drawing of a building.
 */
function route(from: Point, to: Point): Point[] {
	const a = centreOf(from);
	const b = centreOf(to);
	if (a.x === b.x) return [a, b];
	const gutterY = a.y + PITCH_Y / 2;
	const gutterX = b.x + (Math.sign(a.x - b.x) * PITCH_X) / 2;
	return [a, { x: a.x, y: gutterY }, { x: gutterX, y: gutterY }, { x: gutterX, y: b.y }, b];
}

/** All links of the map as drawn. */
export function wiresOf(map: MapView): Wire[] {
	const nodes = new Map(map.nodes.map((node) => [node.id, node]));
	return map.links.flatMap(({ from, to, network }) => {
		const a = nodes.get(from);
		const b = nodes.get(to);
		return a === undefined || b === undefined ? [] : [{ from, to, network, points: route(a, b) }];
	});
}

/** The way of a packet through these hosts: along the wires where there are some, straight elsewhere. */
export function trailOf(map: MapView, wires: readonly Wire[], hosts: readonly string[]): Point[] {
	const nodes = new Map(map.nodes.map((node) => [node.id, node]));
	const trail: Point[] = [];
	hosts.forEach((to, index) => {
		const from = hosts[index - 1];
		const node = nodes.get(to);
		if (node === undefined) return;
		const along = from === undefined ? undefined : wireBetween(wires, from, to);
		trail.push(...(along ?? [centreOf(node)]));
	});
	return trail.filter((point, index) => {
		const before = trail[index - 1];
		return before === undefined || before.x !== point.x || before.y !== point.y;
	});
}

function wireBetween(wires: readonly Wire[], from: string, to: string): Point[] | undefined {
	const forward = wires.find((wire) => wire.from === from && wire.to === to);
	if (forward !== undefined) return forward.points;
	return wires.find((wire) => wire.from === to && wire.to === from)?.points.toReversed();
}

/** An SVG path through the points with rounded corners. */
export function pathThrough(points: readonly Point[]): string {
	return points
		.map((point, index) => {
			const before = points[index - 1];
			const after = points[index + 1];
			if (before === undefined) return `M${point.x} ${point.y}`;
			if (after === undefined) return `L${point.x} ${point.y}`;
			const start = towards(point, before);
			const end = towards(point, after);
			return `L${start.x} ${start.y}Q${point.x} ${point.y} ${end.x} ${end.y}`;
		})
		.join('');
}

function towards(from: Point, to: Point): Point {
	const distance = Math.hypot(to.x - from.x, to.y - from.y);
	const part = distance === 0 ? 0 : Math.min(CORNER, distance / 2) / distance;
	return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}
