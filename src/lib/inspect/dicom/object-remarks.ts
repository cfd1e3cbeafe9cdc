import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { formatTag } from '#lib/protocol/dicom/dataset/dictionary.ts';
import { readPart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { validateDataSet } from '#lib/protocol/dicom/dataset/validate-data-set.ts';
import type { Remark } from '../remark.ts';

export interface ObjectRemarks {
	/** By the place of an element: `(0008,1115)[0].(0020,000e)`. */
	readonly byPath: Map<string, Remark[]>;
	/** About the encoding, by the place of what comes next. */
	readonly general: readonly Remark[];
}

/** Identifiers of queries hold ranges and wildcards (PS3.4 C.2.2.2), which are no values of objects. */
const QUERIES = /^1\.2\.840\.10008\.5\.1\.4\.(?:1\.2|31|32|33|37)(?:\.|$)/;

/**
 * What our own decoder and the rules of the standard say about an object: a second reader beside the one
 * that makes the tree. `bareSyntax` is the transfer syntax of a data set without the head of a file.
 */
export function objectRemarks(bytes: Uint8Array, bareSyntax?: string): ObjectRemarks {
	const read =
		bareSyntax === undefined
			? readPart10(bytes)
			: decodeDataSet(bytes, { transferSyntax: bareSyntax });
	if (!read.ok) {
		const text = `Our decoder stops at byte ${read.error.offset}: ${read.error.message}.`;
		return { byPath: new Map(), general: [{ tone: 'bad', text }] };
	}
	const general = read.remarks.map(({ tag, kind, clause }): Remark => {
		const text = `${formatTag(tag)}: ${kind.replaceAll('-', ' ')}.`;
		return { tone: 'warning', text, clause };
	});
	const sopClass = 'fileMeta' in read ? read.fileMeta.text('MediaStorageSOPClassUID') : undefined;
	if (QUERIES.test(sopClass ?? '')) return { byPath: new Map(), general };
	return { byPath: valueRemarks(read.dataSet), general };
}

function valueRemarks(dataSet: DataSet): Map<string, Remark[]> {
	const byPath = new Map<string, Remark[]>();
	for (const { path, severity, text, clause } of validateDataSet(dataSet)) {
		const tone = severity === 'error' ? 'bad' : 'warning';
		const remark: Remark = { tone, text: sentence(text), clause };
		const list = byPath.get(path);
		if (list) list.push(remark);
		else byPath.set(path, [remark]);
	}
	return byPath;
}

function sentence(text: string): string {
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
