import type { LabCard } from '../page-data.ts';

/** What the catalogue is narrowed to; its place is the address, so that a view can be shared. */
export interface LabFilters {
	text: string;
	level: number | undefined;
	kind: LabCard['kind'] | undefined;
}

export const KINDS: readonly { id: LabCard['kind']; label: string }[] = [
	{ id: 'lab', label: 'Labs' },
	{ id: 'drill', label: 'Drills' },
	{ id: 'shift', label: 'Shifts' },
];
const LEVEL_MAX = 5;

/** Reads the filters from an address; what is not understood narrows nothing. */
export function filtersFrom(parameters: URLSearchParams): LabFilters {
	const level = Number(parameters.get('level'));
	const kind = parameters.get('kind');
	return {
		text: parameters.get('q') ?? '',
		level: Number.isInteger(level) && level >= 1 && level <= LEVEL_MAX ? level : undefined,
		kind: KINDS.find((known) => known.id === kind)?.id,
	};
}

/** The query part of the address for these filters, with its question mark, or nothing. */
export function addressOf(filters: LabFilters): string {
	const parameters = new URLSearchParams();
	if (filters.text.trim() !== '') parameters.set('q', filters.text);
	if (filters.level !== undefined) parameters.set('level', String(filters.level));
	if (filters.kind !== undefined) parameters.set('kind', filters.kind);
	const text = parameters.toString();
	return text === '' ? '' : `?${text}`;
}

/** The labs that pass, easiest first. Every word must occur somewhere. */
export function filterLabs(labs: readonly LabCard[], filters: LabFilters): LabCard[] {
	const words = filters.text.toLowerCase().split(/\s+/).filter(Boolean);
	return labs
		.filter((lab) => {
			const codes = lab.blueprint.map(({ exam, code }) => `${exam} ${code}`);
			const text = [lab.id, lab.title, lab.summary, lab.hospitalTitle, ...lab.objectives, ...codes]
				.join(' ')
				.toLowerCase();
			return (
				(filters.level === undefined || lab.level === filters.level) &&
				(filters.kind === undefined || lab.kind === filters.kind) &&
				words.every((word) => text.includes(word))
			);
		})
		.toSorted((a, b) => a.level - b.level || a.minutes - b.minutes);
}
