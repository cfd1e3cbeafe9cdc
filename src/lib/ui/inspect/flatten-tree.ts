import type { TreeNode } from '#lib/inspect/tree-node.ts';

/** A line of a tree as it is shown. */
export interface TreeRow {
	readonly node: TreeNode;
	/** Indices from the top, `0.3.1`. */
	readonly key: string;
	/** From 1. */
	readonly level: number;
	readonly position: number;
	readonly siblings: number;
	readonly expanded: boolean | undefined;
}

/** The lines of a tree with these nodes open. With `wanted`, only what fits and what is around it, all open. */
export function flattenTree(
	nodes: readonly TreeNode[],
	open: ReadonlySet<string>,
	wanted: string,
): TreeRow[] {
	const needle = wanted.trim().toLowerCase();
	const fitting = needle === '' ? undefined : fittingKeys(nodes, needle);
	const rows: TreeRow[] = [];
	const walk = (list: readonly TreeNode[], above: string, level: number): void => {
		const shown = list
			.map((node, index) => ({ node, key: above === '' ? String(index) : `${above}.${index}` }))
			.filter(({ key }) => fitting?.has(key) ?? true);
		for (const [index, { node, key }] of shown.entries()) {
			const hasChildren = node.children.length > 0;
			const expanded = hasChildren ? fitting !== undefined || open.has(key) : undefined;
			const siblings = shown.length;
			rows.push({ node, key, level, position: index + 1, siblings, expanded });
			if (expanded === true) walk(node.children, key, level + 1);
		}
	};
	walk(nodes, '', 1);
	return rows;
}

/** The keys of nodes that contain the text, with all nodes around them. */
function fittingKeys(nodes: readonly TreeNode[], needle: string): Set<string> {
	const keys = new Set<string>();
	const walk = (list: readonly TreeNode[], above: string): boolean => {
		let found = false;
		for (const [index, node] of list.entries()) {
			const key = above === '' ? String(index) : `${above}.${index}`;
			const below = walk(node.children, key);
			if (!below && !fits(node, needle)) continue;
			keys.add(key);
			found = true;
		}
		return found;
	};
	walk(nodes, '');
	return keys;
}

function fits({ label, name, type, value, details }: TreeNode, needle: string): boolean {
	if (`${label} ${type} ${name} ${value}`.toLowerCase().includes(needle)) return true;
	// Tags are typed in many ways: 00100010, 0010,0010, PatientName.
	if (label.replace(/[(),]/g, '').includes(needle.replace(/[(),]/g, ''))) return needle !== ',';
	return details.some(({ text }) => text.toLowerCase().includes(needle));
}

/** The node at a key, with all keys above it. */
export function nodeAt(
	nodes: readonly TreeNode[],
	key: string,
): { node: TreeNode; above: string[] } | undefined {
	let list = nodes;
	let node: TreeNode | undefined;
	const above: string[] = [];
	const indices = key.split('.');
	for (const [depth, index] of indices.entries()) {
		node = list[Number(index)];
		if (!node) return undefined;
		if (depth > 0) above.push(indices.slice(0, depth).join('.'));
		list = node.children;
	}
	return node && { node, above };
}
