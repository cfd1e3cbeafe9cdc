/** Paths to a place in a message, written as people in the field write them: `PID-3[2].4.1`. */

/** All numbers count from 1. */
export interface Er7Path {
	readonly segment: string;
	/** Which of the segments with this id. */
	readonly occurrence: number;
	readonly field: number;
	/** Left out: the whole field or, with a component, its first repetition. */
	readonly repetition?: number;
	readonly component?: number;
	readonly subcomponent?: number;
}

export type Er7PathResult = { readonly path: Er7Path } | { readonly error: string };

/** The largest number in a path; setting a field pads up to it. */
export const LARGEST_PATH_NUMBER = 9999;

interface Part {
	readonly name: 'occurrence' | 'field' | 'repetition' | 'component' | 'subcomponent';
	readonly opening: string;
	readonly closing: string;
	readonly isRequired?: true;
}

const PARTS: readonly Part[] = [
	{ name: 'occurrence', opening: '[', closing: ']' },
	{ name: 'field', opening: '-', closing: '', isRequired: true },
	{ name: 'repetition', opening: '[', closing: ']' },
	{ name: 'component', opening: '.', closing: '' },
	{ name: 'subcomponent', opening: '.', closing: '' },
];

/**
 * Parses `SEG[occurrence]-field[repetition].component.subcomponent`, of which only the segment and
 * the field are needed. The error says what was expected where.
 */
export function parsePath(text: string): Er7PathResult {
	const segment = /^[A-Z][A-Z0-9]{2}/.exec(text)?.[0];
	const fail = (at: number, expected: string): Er7PathResult => {
		const found = at < text.length ? `"${text.slice(at)}"` : 'the end';
		return { error: `"${text}": expected ${expected} at character ${at + 1}, found ${found}` };
	};
	if (segment === undefined) return fail(0, 'a segment id such as PID');
	const numbers: Partial<Record<Part['name'], number>> = {};
	let at = 3;
	for (const { name, opening, closing, isRequired } of PARTS) {
		if (text[at] !== opening) {
			if (isRequired) return fail(at, `"${opening}" and a field number`);
			continue;
		}
		const digits = /^\d+/.exec(text.slice(at + 1))?.[0] ?? '';
		const number = Number(digits);
		if (digits === '' || number < 1 || number > LARGEST_PATH_NUMBER) {
			return fail(at + 1, `the number of a ${name} from 1 to ${LARGEST_PATH_NUMBER}`);
		}
		at += 1 + digits.length;
		if (!text.startsWith(closing, at)) return fail(at, `"${closing}"`);
		at += closing.length;
		numbers[name] = number;
	}
	if (at < text.length) return fail(at, 'the end');
	return { path: { segment, occurrence: 1, field: 0, ...numbers } };
}

/** The path as text; an occurrence of 1 is not written. */
export function formatPath(path: Er7Path): string {
	const { segment, occurrence, field, repetition, component, subcomponent } = path;
	let text = segment + (occurrence === 1 ? '' : `[${occurrence}]`) + `-${field}`;
	if (repetition !== undefined) text += `[${repetition}]`;
	if (component !== undefined || subcomponent !== undefined) text += `.${component ?? 1}`;
	if (subcomponent !== undefined) text += `.${subcomponent}`;
	return text;
}
