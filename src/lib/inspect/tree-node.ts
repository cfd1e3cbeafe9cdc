import type { Remark } from './remark.ts';

/** A part of something that was read, for people to look through. */
export interface TreeNode {
	/** Where it stands: `(0010,0010)`, `PID-5.1`, `Item 2`. */
	readonly label: string;
	readonly name: string;
	/** VR or data type; may be empty. */
	readonly type: string;
	/** Shortened to what fits a line. */
	readonly value: string;
	readonly children: readonly TreeNode[];
	/** More about it, for whoever looks closer. The whole value is among it where `value` is shortened. */
	readonly details: readonly { readonly label: string; readonly text: string }[];
	readonly remarks: readonly Remark[];
}

/** A remark with the way to the node it is about: indices of children from the top. */
export interface PlacedRemark extends Remark {
	readonly path: readonly number[];
}

/** All remarks in a tree, in its order. */
export function remarksOf(nodes: readonly TreeNode[]): PlacedRemark[] {
	const found: PlacedRemark[] = [];
	const walk = (list: readonly TreeNode[], above: readonly number[]): void => {
		for (const [index, node] of list.entries()) {
			const path = [...above, index];
			for (const remark of node.remarks) found.push({ ...remark, path });
			walk(node.children, path);
		}
	};
	walk(nodes, []);
	return found;
}
