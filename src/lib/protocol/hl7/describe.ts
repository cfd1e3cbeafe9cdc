/** Messages for people: a tree with names, and text for the eye. */
import { isDelimiterField, type Er7Presence, valueOfRaw } from './access.ts';
import { levelsOf } from './build.ts';
import { byteLayoutOf, decodeByteText } from './character-sets.ts';
import { splitAt } from './delimiters.ts';
import { componentDefinition, fieldDefinition } from './fields.ts';
import { type Er7Message, type Er7Segment, fieldsOf } from './message.ts';
import { type Er7Path, formatPath } from './path.ts';

export interface Er7Node {
	/** `PID-3[2].4`, or `OBX[2]` for a segment. */
	readonly path: string;
	/** As HL7 v2.5.1 names it; '' where the tables have no name. */
	readonly name: string;
	/** As sent, decoded by the character set only. */
	readonly raw: string;
	/** The text of a node without children; '' of others and of the delete value. */
	readonly value: string;
	readonly presence: Exclude<Er7Presence, 'absent'>;
	readonly children: readonly Er7Node[];
}

const DEFAULT_MOST_NODES = 20_000;

interface Budget {
	left: number;
}

interface Place {
	readonly path: Er7Path;
	readonly name: string;
	readonly dataType: string;
}

/** The places of the parts of a place, one level down. */
function partPlace(place: Place, depth: number, index: number): Place {
	const number = index + 1;
	if (depth === 0) return { ...place, path: { ...place.path, repetition: number } };
	const definition = componentDefinition(place.dataType, number);
	const path =
		depth === 1 ? { ...place.path, component: number } : { ...place.path, subcomponent: number };
	return { path, name: definition?.name ?? '', dataType: definition?.dataType ?? '' };
}

class Describer {
	readonly #message: Er7Message;
	readonly #levels: readonly string[];
	readonly #budget: Budget;

	constructor(message: Er7Message, mostNodes: number) {
		this.#message = message;
		this.#levels = levelsOf(message);
		this.#budget = { left: mostNodes };
	}

	segments(): Er7Node[] {
		const counts = new Map<string, number>();
		return this.#nodes(this.#message.segments, (segment) => {
			const occurrence = (counts.get(segment.id) ?? 0) + 1;
			counts.set(segment.id, occurrence);
			return this.#segment(segment, occurrence);
		});
	}

	#text(raw: string): string {
		return decodeByteText(raw, this.#message.characterSets);
	}

	/** The nodes of what is not empty, as long as the budget lasts. */
	#nodes<T>(parts: readonly T[], nodeOf: (part: T, index: number) => Er7Node | undefined) {
		const nodes: Er7Node[] = [];
		for (const [index, part] of parts.entries()) {
			if (this.#budget.left <= 0) break;
			const node = nodeOf(part, index);
			if (node !== undefined) nodes.push(node);
		}
		return nodes;
	}

	#segment(segment: Er7Segment, occurrence: number): Er7Node {
		this.#budget.left -= 1;
		const id = this.#text(segment.id);
		const fields = fieldsOf(segment, this.#message);
		const valueType = this.#text(fields[2] ?? '');
		const children = this.#nodes(fields, (raw, field) => {
			if (field === 0 || raw === '') return undefined;
			const definition = fieldDefinition(segment.id, field);
			const varies = segment.id === 'OBX' && field === 5;
			const place: Place = {
				path: { segment: id, occurrence, field },
				name: definition?.name ?? '',
				dataType: varies ? valueType : (definition?.dataType ?? ''),
			};
			return isDelimiterField(segment.id, field)
				? this.#leaf(place, raw, raw)
				: this.#field(place, raw);
		});
		const path = occurrence === 1 ? id : `${id}[${occurrence}]`;
		const raw = this.#text(segment.raw);
		const presence = segment.raw === '' ? 'empty' : 'value';
		return { path, name: '', raw, value: '', presence, children };
	}

	#leaf({ path, name }: Place, raw: string, value: string): Er7Node {
		this.#budget.left -= 1;
		const presence = raw === '""' ? 'delete' : 'value';
		return { path: formatPath(path), name, raw: this.#text(raw), value, presence, children: [] };
	}

	/** A field; repetitions are a level of their own only where there are several. */
	#field(place: Place, raw: string): Er7Node | undefined {
		const isRepeated = this.#split(raw, 0).length > 1;
		return this.#part(place, raw, isRepeated ? 0 : 1);
	}

	#split(raw: string, depth: number): string[] {
		const layout = byteLayoutOf(this.#message.characterSets);
		return splitAt(raw, this.#levels[depth] ?? '', layout);
	}

	#part(place: Place, raw: string, depth: number): Er7Node | undefined {
		if (raw === '') return undefined;
		const parts = this.#split(raw, depth);
		if (parts.length === 1) {
			// A single component may still be divided into subcomponents.
			if (depth < 2 && this.#split(raw, depth + 1).length > 1) {
				return this.#branch(place, raw, parts, depth);
			}
			const { text } = valueOfRaw(raw, [], this.#message);
			return this.#leaf(place, raw, text);
		}
		return this.#branch(place, raw, parts, depth);
	}

	#branch(place: Place, raw: string, parts: readonly string[], depth: number): Er7Node {
		this.#budget.left -= 1;
		const children = this.#nodes(parts, (part, index) =>
			this.#part(partPlace(place, depth, index), part, depth + 1),
		);
		const path = formatPath(place.path);
		return { path, name: place.name, raw: this.#text(raw), value: '', presence: 'value', children };
	}
}

/**
 * The message as a tree of segments, fields, repetitions, components and subcomponents, without the
 * empty ones. Ends after `mostNodes` nodes.
 */
export function describeEr7(message: Er7Message, mostNodes = DEFAULT_MOST_NODES): Er7Node[] {
	return new Describer(message, mostNodes).segments();
}

/** The Unicode picture of a control character; U+FFFD for one of 80..9F, which have none. */
function pictureOf(control: string): string {
	const code = control.charCodeAt(0);
	if (code >= 0x80) return '\ufffd';
	return String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);
}

/** One segment per line, decoded; control characters as their Unicode pictures. */
export function formatEr7(message: Er7Message): string {
	const lines = message.segments.map(({ raw }) =>
		decodeByteText(raw, message.characterSets).replace(/\p{Cc}/gu, pictureOf),
	);
	return lines.map((line) => `${line}\n`).join('');
}
