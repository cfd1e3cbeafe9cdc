import { error } from '@sveltejs/kit';

/** The position, from 0, that a text of an address or form names, counted from `first`. 404 for any other text. */
export function positionOf(text: string, first: 0 | 1): number {
	const position = /^[0-9]{1,4}$/.test(text) ? Number(text) - first : -1;
	if (position < 0) error(404, 'There is no such question.');
	return position;
}
