/** Segments to groups: which segment stands where in the structure of its message. */
import type { StructureElement } from './structure-notation.ts';

/** A group as it stands in a message. */
export interface SegmentGroup {
	/** "ORDER", or the name of the structure for the whole message. */
	readonly name: string;
	/** Indices of segments, and groups, in the order of the message. */
	readonly parts: readonly (number | SegmentGroup)[];
}

export interface GroupedSegments {
	readonly group: SegmentGroup;
	/** Segments and groups that the structure requires and that are not there. */
	readonly missing: readonly MissingPart[];
	/** Indices of segments that the structure has elsewhere; they are in no group. */
	readonly misplaced: readonly number[];
	/**
	 * Indices of segments that the structure has nowhere, such as ZDS. They belong to the group they stand
	 * in, and whoever does not expect them ignores them (HL7 v2.5.1 section 2.6.2).
	 */
	readonly extra: readonly number[];
}

export interface MissingPart {
	/** The segment, or the first segment of the group. */
	readonly segment: string;
	/** The group that lacks it. */
	readonly group: string;
}

interface OpenGroup {
	readonly element: StructureElement;
	readonly parts: (number | SegmentGroup)[];
	/** The element that was filled last. */
	at: number;
	/** Whether anything has been filled yet. */
	isBegun: boolean;
}

type Test = (element: StructureElement, id: string) => boolean;
const begins: Test = (element, id) => element.first.has(id);
/** Second choice: a group whose first segments are missing. */
const contains: Test = (element, id) => element.all.has(id);

class SegmentGrouper {
	readonly missing: MissingPart[] = [];
	readonly misplaced: number[] = [];
	readonly extra: number[] = [];
	readonly root: SegmentGroup;
	readonly #structure: StructureElement;
	readonly #open: OpenGroup[];

	constructor(structure: StructureElement) {
		this.#structure = structure;
		const parts: (number | SegmentGroup)[] = [];
		this.root = { name: structure.group, parts };
		this.#open = [{ element: structure, parts, at: 0, isBegun: false }];
	}

	place(id: string, index: number): void {
		if (!this.#structure.all.has(id)) {
			this.extra.push(index);
			this.#open.at(-1)!.parts.push(index);
		} else if (!this.#placeWhere(begins, id, index) && !this.#placeWhere(contains, id, index)) {
			this.misplaced.push(index);
		}
	}

	/** Closes all groups; what they still require is missing. */
	end(): void {
		while (this.#open.length > 0) this.#close();
	}

	/** From the innermost open group outward: the first place at or after the present one. */
	#placeWhere(test: Test, id: string, index: number): boolean {
		for (let depth = this.#open.length - 1; depth >= 0; depth -= 1) {
			const at = this.#placeIn(this.#open[depth]!, test, id);
			if (at === undefined) continue;
			while (this.#open.length - 1 > depth) this.#close();
			this.#fill(at, test, id, index);
			return true;
		}
		return false;
	}

	#placeIn({ element, at, isBegun }: OpenGroup, test: Test, id: string): number | undefined {
		for (let i = at; i < element.elements.length; i += 1) {
			const candidate = element.elements[i]!;
			const isUsed = isBegun && i === at && !candidate.repeats;
			if (!isUsed && test(candidate, id)) return i;
		}
		return undefined;
	}

	#fill(at: number, test: Test, id: string, index: number): void {
		const group = this.#open.at(-1)!;
		this.#missBetween(group, at);
		group.at = at;
		group.isBegun = true;
		const element = group.element.elements[at]!;
		if (element.group === '') {
			group.parts.push(index);
			return;
		}
		const parts: (number | SegmentGroup)[] = [];
		group.parts.push({ name: element.group, parts });
		const inner: OpenGroup = { element, parts, at: 0, isBegun: false };
		this.#open.push(inner);
		this.#fill(this.#placeIn(inner, test, id)!, test, id, index);
	}

	/** What is required after the present element and before this one. */
	#missBetween({ element, at, isBegun }: OpenGroup, end: number): void {
		for (const one of element.elements.slice(isBegun ? at + 1 : at, end)) {
			if (!one.required) continue;
			const [segment = ''] = one.first;
			this.missing.push({ segment, group: element.group });
		}
	}

	#close(): void {
		const group = this.#open.pop()!;
		this.#missBetween(group, group.element.elements.length);
	}
}

/**
 * Assigns segments, given by their ids in order, to the groups of a structure. Takes a segment where the
 * structure can first have it, closing groups as needed; what cannot stand there is told, never
 * refused. A segment that is misplaced is not missing as well.
 */
export function groupSegments(
	structure: StructureElement,
	ids: readonly string[],
): GroupedSegments {
	const grouper = new SegmentGrouper(structure);
	for (const [index, id] of ids.entries()) grouper.place(id, index);
	grouper.end();
	const { root: group, misplaced, extra } = grouper;
	const elsewhere = new Set(misplaced.map((index) => ids[index]!));
	const missing = grouper.missing.filter(({ segment }) => !elsewhere.has(segment));
	return { group, missing, misplaced, extra };
}
