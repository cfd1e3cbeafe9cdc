import { DataSetError } from '#lib/protocol/dicom/dataset/data-set-error.ts';
import { DataSet, type DataSetValue } from '#lib/protocol/dicom/dataset/data-set.ts';
import { entryOf, tagOf } from '#lib/protocol/dicom/dataset/dictionary.ts';
import { vrOfCode } from '#lib/protocol/dicom/dataset/vr.ts';
import type { QueryRecord } from './query-record.ts';

type Values = Record<string, DataSetValue>;

const UTF_8 = 'ISO_IR 192';

/**
 * The response identifier of a match (PS3.4 C.4.1.1.3.2): every requested attribute with the record's value,
 * empty where it has none, in the record's character set. Text that this character set does not have (a
 * database may know more than the object) makes the answer UTF-8. Of attributes that the record does not
 * know, those in `omit` are left out.
 */
export function answerIdentifier(
	identifier: DataSet,
	record: QueryRecord,
	omit: readonly number[] = [],
): DataSet {
	const omitted = new Set(omit);
	const own = record['SpecificCharacterSet'];
	const label = typeof own === 'string' && own !== '' ? { SpecificCharacterSet: own } : {};
	const values = (): Values => answerValues(identifier, record, omitted);
	try {
		return settled({ ...values(), ...label });
	} catch (problem) {
		if (!(problem instanceof DataSetError) || problem.code !== 'unencodable-text') throw problem;
		return settled({ ...values(), SpecificCharacterSet: UTF_8 });
	}
}

/** Text of items is encoded only when the whole is there. Throws like `DataSet.from`. */
function settled(values: Values): DataSet {
	const dataSet = DataSet.from(values);
	dataSet.elements();
	return dataSet;
}

function answerValues(identifier: DataSet, record: QueryRecord, omit: ReadonlySet<number>): Values {
	const out: Values = {};
	for (const tag of identifier.tags()) {
		const entry = entryOf(tag);
		if (!entry || omit.has(tag) || entry.keyword === 'GenericGroupLength') continue;
		if (entry.keyword === 'SpecificCharacterSet') continue;
		const value = record[entry.keyword];
		if (entry.vr === 'SQ') {
			const key = identifier.items(tag)[0];
			const items = Array.isArray(value) ? value : [];
			out[entry.keyword] = items.map((item) =>
				DataSet.from(
					key && key.tags().length > 0 ? answerValues(key, item, new Set()) : everything(item),
				),
			);
		} else if (entry.keyword === 'QueryRetrieveLevel') {
			out[entry.keyword] = identifier.text(tag) ?? '';
		} else out[entry.keyword] = typeof value === 'string' ? fitting(entry.vr, value) : '';
	}
	return out;
}

/** What a stored object holds need not be right: the answer must be, so that it can be sent at all. */
function fitting(vr: string, value: string): DataSetValue {
	switch (vrOfCode(vr)?.kind) {
		case 'charset-text':
			return value;
		case 'text':
		case 'decimal':
			return value.replace(/[^\x20-\x7e]/g, '?');
		default: {
			const numbers = value === '' ? [] : value.split('\\').map(Number);
			return numbers.every(Number.isFinite) ? numbers : '';
		}
	}
}

/** A sequence asked for without item keys is answered whole. */
function everything(record: QueryRecord): Values {
	const out: Values = {};
	for (const [keyword, value] of Object.entries(record)) {
		if (typeof value === 'string')
			out[keyword] = fitting(entryOf(tagOf(keyword))?.vr ?? 'UN', value);
		else if (value) out[keyword] = value.map((item) => DataSet.from(everything(item)));
	}
	return out;
}
