/**
 * The abstract message syntax of HL7 v2.5.1 section 2.12: segments in their order, `[ ]` for what may
 * be left out, `{ }` for what may repeat, `< | >` for one of several. A group of several segments
 * begins with its name: `{ PATIENT: PID [PD1] MRG [PV1] }`.
 */

/** One segment, or a group of elements, at its place in a structure. */
export interface StructureElement {
	/** The segments that can stand here; empty for a group. */
	readonly segments: readonly string[];
	/** The name of a group; '' for a segment. */
	readonly group: string;
	/** What a group consists of; empty for a segment. */
	readonly elements: readonly StructureElement[];
	readonly required: boolean;
	readonly repeats: boolean;
	/** The segments that it can begin with. */
	readonly first: ReadonlySet<string>;
	/** Every segment in it. */
	readonly all: ReadonlySet<string>;
}

const TOKEN = /\w+:|\w+|[[\]{}<|>]/g;

function groupOf(group: string, elements: readonly StructureElement[]): StructureElement {
	const first = new Set<string>();
	for (const element of elements) {
		for (const id of element.first) first.add(id);
		if (element.required) break;
	}
	const all = new Set(elements.flatMap((element) => [...element.all]));
	return { segments: [], group, elements, required: true, repeats: false, first, all };
}

function segmentOf(segments: readonly string[]): StructureElement {
	const first = new Set(segments);
	return { segments, group: '', elements: [], required: true, repeats: false, first, all: first };
}

class NotationReader {
	readonly #tokens: readonly string[];
	#at = 0;

	constructor(text: string) {
		this.#tokens = text.match(TOKEN) ?? [];
	}

	/** Elements up to this bracket, or to the end of the text. */
	sequence(closing: string | undefined): StructureElement[] {
		const elements: StructureElement[] = [];
		while (this.#tokens[this.#at] !== closing) elements.push(this.#element());
		this.#at += 1;
		return elements;
	}

	#element(): StructureElement {
		const token = this.#tokens[this.#at];
		this.#at += 1;
		switch (token) {
			case '[':
				return { ...this.#inner(']'), required: false };
			case '{':
				return { ...this.#inner('}'), repeats: true };
			case '<': {
				const choice = this.sequence('>');
				return segmentOf(choice.flatMap((element) => element.segments));
			}
			default:
				if (token === undefined || !/^\w{3}$/.test(token)) {
					throw new SyntaxError(`"${token ?? 'the end'}" in a message structure`);
				}
				if (this.#tokens[this.#at] === '|') this.#at += 1;
				return segmentOf([token]);
		}
	}

	#inner(closing: string): StructureElement {
		const name = /^(\w+):$/.exec(this.#tokens[this.#at] ?? '')?.[1];
		if (name !== undefined) this.#at += 1;
		const elements = this.sequence(closing);
		const [only] = elements;
		if (name !== undefined) return groupOf(name, elements);
		if (only === undefined || elements.length > 1) {
			throw new SyntaxError('a group of a message structure has no name');
		}
		return only;
	}
}

/** The structure with this name in the notation. Throws SyntaxError for text that is not in it. */
export function parseStructure(name: string, notation: string): StructureElement {
	return groupOf(name, new NotationReader(notation).sequence(undefined));
}
