import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { dumpDataSet } from '#lib/protocol/dicom/dataset/dump.ts';
import { readPart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { defineCommand } from '../define-command.ts';
import { tagOfText } from './dcmtk/query-keys.ts';
import { readOptions, usageError } from './dcmtk/tool.ts';
import { absolutePath } from './files.ts';

const SYNOPSIS = 'dcmdump [+P tag]... file...';
const TOOL = { name: 'dcmdump', title: 'Dump DICOM file and data set', synopsis: SYNOPSIS };
/** Head lines of a dump without file meta information: blank, title, transfer syntax. */
const HEAD_LINES = 3;

export const dcmdump = defineCommand({
	name: 'dcmdump',
	synopsis: SYNOPSIS,
	summary: 'show the attributes of a DICOM file',
	details: '+P 0010,0010 or +P PatientName shows only that attribute, wherever in the file it is.',
	only: 'desk',
	*run(context, args) {
		const read = readOptions(TOOL, args, OPTIONS, false);
		if ('exitCode' in read) return read;
		const { options, log } = read;
		if (options.operands.length === 0) return usageError(TOOL, 'Missing parameter dcmfile-in');
		const tags: number[] = [];
		for (const text of options.values('+P')) {
			const tag = tagOfText(text);
			if (tag === undefined) {
				log.add('warn', `unrecognized tag name: '${text}'`);
				return { text: log.text, exitCode: 1 };
			}
			tags.push(tag);
		}
		const out: string[] = [];
		let exitCode = 0;
		for (const typed of options.operands) {
			const bytes = context.readFile(absolutePath(context, typed));
			const file = bytes && readPart10(bytes);
			if (!file?.ok) {
				const why = file
					? 'I/O suspension or premature end of stream'
					: 'No such file or directory';
				out.push(`E: dcmdump: ${why}: reading file: ${typed}`);
				exitCode = 1;
				continue;
			}
			const { dataSet, fileMeta, transferSyntax } = file;
			if (tags.length === 0) {
				out.push(dumpDataSet(dataSet, { fileMeta, transferSyntax }).replace(/\n$/, ''));
				continue;
			}
			if (options.operands.length > 1) out.push('');
			for (const tag of tags) {
				out.push(...findTag(fileMeta, tag, UID.LittleEndianExplicit));
				out.push(...findTag(dataSet, tag, transferSyntax));
			}
		}
		return { text: out.join('\n'), exitCode };
	},
});

const OPTIONS = [{ names: ['+P', '--search'], value: true }];

/** The dump of every element with a tag, in the data set and in its sequences. */
function findTag(dataSet: DataSet, tag: number, transferSyntax: string): string[] {
	return dataSet.elements().flatMap((element) => {
		if (element.tag === tag) {
			const alone = new DataSet();
			alone.add(element);
			const lines = dumpDataSet(alone, { transferSyntax }).replace(/\n$/, '').split('\n');
			return lines.slice(HEAD_LINES);
		}
		return (element.items ?? []).flatMap((item) => findTag(item, tag, transferSyntax));
	});
}
