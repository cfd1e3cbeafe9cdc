import { expect, test } from 'vitest';
import { workbenchFixture } from '../../../../../tests/support/workbench-fixture.ts';
import {
	areasOf,
	cornerOf,
	NODE_HEIGHT,
	NODE_WIDTH,
	pathThrough,
	trailOf,
	wiresOf,
} from './geometry.ts';

const { map } = workbenchFixture();

test('an area holds every host of its network and none of another', () => {
	for (const area of areasOf(map)) {
		for (const node of map.nodes) {
			const corner = cornerOf(node);
			const inside =
				corner.x >= area.x &&
				corner.y >= area.y &&
				corner.x + NODE_WIDTH <= area.x + area.width &&
				corner.y + NODE_HEIGHT <= area.y + area.height;
			expect([node.id, inside]).toEqual([
				node.id,
				node.networks.length === 1 && node.networks[0] === area.id,
			]);
		}
	}
});

test('every link is drawn, and a trail runs along the wires in both directions', () => {
	const wires = wiresOf(map);
	expect(wires.length).toBe(map.links.length);
	const there = trailOf(map, wires, ['ct2', 'core', 'pacs']);
	const back = trailOf(map, wires, ['pacs', 'core', 'ct2']);
	expect(there.length).toBeGreaterThan(4);
	expect(back).toEqual(there.toReversed());
});

test('hosts that are not on the map are skipped', () => {
	expect(trailOf(map, wiresOf(map), ['nowhere', 'pacs']).length).toBe(1);
});

test('a path starts and ends at its points', () => {
	const path = pathThrough([
		{ x: 0, y: 0 },
		{ x: 10, y: 0 },
		{ x: 10, y: 30 },
	]);
	expect(path).toBe('M0 0L5 0Q10 0 10 8L10 30');
});
