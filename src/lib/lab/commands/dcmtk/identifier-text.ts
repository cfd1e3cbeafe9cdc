import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { dumpDataSet } from '#lib/protocol/dicom/dataset/dump.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';

/** A request identifier as the tools log it: a blank line, the dump, a blank line. */
export function requestIdentifierText(identifier: DataSet): string {
	return dumpDataSet(identifier, { transferSyntax: UID.LittleEndianExplicit });
}

/** A response identifier. Unlike files and requests it is shown with the padding it had on the wire. */
export function responseIdentifierText(identifier: DataSet, transferSyntax: string): string {
	return dumpDataSet(identifier, { transferSyntax }).split('\n').map(withPadding).join('\n');
}

const TEXT_LINE = /^( *\([0-9a-f,]+\) (..) )\[([^\]]*)\]( *)( # +(\d+), *\d+ .*)$/;

function withPadding(line: string): string {
	const match = TEXT_LINE.exec(line);
	if (!match) return line;
	const [, start = '', vr = '', value = '', blanks = '', rest = '', length = ''] = match;
	const bytes = new TextEncoder().encode(value).length;
	if (vr === 'UI' || bytes + 1 !== Number(length)) return line;
	return `${start}[${value} ]${blanks.slice(1)}${rest}`;
}
