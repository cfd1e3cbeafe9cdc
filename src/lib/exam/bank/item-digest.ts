import { PlainDataDigest } from '#lib/kernel/plain-data-digest.ts';
import type { Item } from '../item/item-schema.ts';

/**
 * 16 hexadecimal digits over what a candidate is asked and how it is scored: stem, lead-in, exhibits, generator,
 * choices and key. Rationales, explanation, references and metadata do not count.
 */
export function itemDigest(item: Item): string {
	const { type, stem, lead_in, exhibits, params } = item;
	const digest = new PlainDataDigest();
	digest.add({ type, stem, lead_in, exhibits, params, scored: scoredPart(item) });
	return digest.finish().slice(0, 16);
}

function scoredPart(item: Item): unknown {
	switch (item.type) {
		case 'sba':
		case 'multi':
			return item.options.map(({ id, text, correct }) => ({ id, text, correct }));
		case 'order':
			return item.sequence.map(({ id, text }) => ({ id, text }));
		case 'match':
			return {
				pairs: item.pairs.map(({ id, left, right }) => ({ id, left, right })),
				extra: item.extra.map(({ id, text }) => ({ id, text })),
			};
		case 'numeric':
			return item.answer;
		case 'hotspot':
			return { on: item.on, regions: item.regions.map(({ id, correct }) => ({ id, correct })) };
		case 'scenario':
			return { scenario: item.scenario, pass: item.pass };
	}
}
