import { strToU8 } from 'fflate';
import type { ExhibitMaker } from '../item/exhibit.ts';
import type { Item } from '../item/item-schema.ts';
import { freeze, type Skipped } from './frozen-item.ts';
import { exportGift } from './gift-export.ts';
import { exportMoodleXml } from './moodle-xml-export.ts';
import { exportQti3 } from './qti3-export.ts';

export const EXPORT_FORMATS = ['gift', 'moodle-xml', 'qti3'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface Exported {
	bytes: Uint8Array;
	mediaType: string;
	/** With its dot. */
	extension: string;
	/** Ids of the questions in it; of a generator one for each seed. */
	exported: string[];
	skipped: Skipped[];
}

/**
 * Items as a file for other programs, keys and rationales included. Generators become one frozen question for
 * each seed. The same items and seeds give the same bytes.
 */
export function exportItems(
	items: readonly Item[],
	options: {
		format: ExportFormat;
		/** Of the collection. */
		title: string;
		makeExhibit: ExhibitMaker;
		seeds: readonly string[];
	},
): Exported {
	const { format, title } = options;
	const { frozen, skipped } = freeze(items, options);
	const ids = frozen.map(({ id }) => id);
	switch (format) {
		case 'gift': {
			const gift = exportGift(frozen);
			return {
				...{
					bytes: strToU8(gift.text),
					mediaType: 'text/plain; charset=utf-8',
					extension: '.gift',
				},
				...{ exported: gift.exported, skipped: [...skipped, ...gift.skipped] },
			};
		}
		case 'moodle-xml': {
			const bytes = strToU8(exportMoodleXml(frozen, title));
			const mediaType = 'application/xml; charset=utf-8';
			return { bytes, mediaType, extension: '.xml', exported: ids, skipped };
		}
		case 'qti3': {
			const bytes = exportQti3(frozen, title);
			return { bytes, mediaType: 'application/zip', extension: '.zip', exported: ids, skipped };
		}
	}
}
