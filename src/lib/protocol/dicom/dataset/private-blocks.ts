/** Private elements and who they belong to (PS3.5 section 7.8.1). */
import type { DataSet } from './data-set.ts';
import { DataSetError } from './data-set-error.ts';

/** The elements (gggg,bb00) to (gggg,bbFF), which the creator in (gggg,00bb) has reserved. */
export interface PrivateBlock {
	readonly creator: string;
	/** An odd group. */
	readonly group: number;
	/** 0x10 to 0xFF. */
	readonly block: number;
}

const FIRST_BLOCK = 0x10;
const LAST_BLOCK = 0xff;
/** The group numbers that are odd but not for private elements (PS3.5 7.1). */
const NEVER_PRIVATE = [0x0001, 0x0003, 0x0005, 0x0007, 0xffff];

function creatorTag(group: number, block: number): number {
	return group * 0x10000 + block;
}

function checkGroup(group: number): void {
	if (group % 2 === 1 && group <= 0xffff && !NEVER_PRIVATE.includes(group)) return;
	const shown = group.toString(16).padStart(4, '0');
	throw new DataSetError('bad-value', `group ${shown} is not for private elements`);
}

/** The block that a creator has in a group of this data set; undefined: none. */
export function privateBlock(
	dataSet: DataSet,
	group: number,
	creator: string,
): PrivateBlock | undefined {
	for (let block = FIRST_BLOCK; block <= LAST_BLOCK; block += 1) {
		if (dataSet.text(creatorTag(group, block))?.trim() === creator) {
			return { creator, group, block };
		}
	}
	return undefined;
}

/**
 * The block that a creator has in a group, reserved now if it has none: the first that is free.
 * Throws DataSetError "bad-value" when the group is not private or has no free block.
 */
export function reservePrivateBlock(
	dataSet: DataSet,
	group: number,
	creator: string,
): PrivateBlock {
	checkGroup(group);
	const known = privateBlock(dataSet, group, creator);
	if (known !== undefined) return known;
	for (let block = FIRST_BLOCK; block <= LAST_BLOCK; block += 1) {
		const tag = creatorTag(group, block);
		if (dataSet.has(tag)) continue;
		dataSet.set(tag, creator, 'LO');
		return { creator, group, block };
	}
	throw new DataSetError('bad-value', `every block of group ${group.toString(16)} is taken`);
}

/** The tag of an element 0x00 to 0xFF of a block. */
export function privateTag({ group, block }: PrivateBlock, element: number): number {
	return group * 0x10000 + block * 0x100 + (element & 0xff);
}

/** Who a private element belongs to; undefined: not private, or nobody has reserved its block. */
export function privateCreatorOf(dataSet: DataSet, tag: number): string | undefined {
	const group = tag >>> 16;
	const block = (tag >>> 8) & 0xff;
	if (group % 2 === 0 || block < FIRST_BLOCK) return undefined;
	return dataSet.text(creatorTag(group, block))?.trim();
}
