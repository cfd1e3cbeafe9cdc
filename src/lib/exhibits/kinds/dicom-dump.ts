import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { dumpDataSet } from '#lib/protocol/dicom/dataset/dump.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { defineExhibit } from '../define-exhibit.ts';
import { makeObject, objectParameters } from '../dicom/make-object.ts';
import { objectFacts } from '../dicom/object-facts.ts';

/** The elements with these tags; the items of sequences keep the character set they were made with. */
function part(dataSet: DataSet, tags: readonly number[]): DataSet {
	const some = new DataSet();
	for (const tag of tags) {
		const element = dataSet.element(tag);
		if (element !== undefined) some.add(element);
	}
	return some;
}

export const dicomDump = defineExhibit({
	kind: 'dicom-dump',
	title: 'Data set as text',
	doc: 'A synthetic image in the form in which dcmdump prints it.',
	parameters: objectParameters,
	make(parameters, { seed }) {
		const made = makeObject(parameters, seed);
		if ('problem' in made) return made;
		const { shown } = made;
		const fileMeta = shown ? part(made.fileMeta, shown) : made.fileMeta;
		const dataSet = shown ? part(made.dataSet, shown) : made.dataSet;
		const text = dumpDataSet(dataSet, {
			transferSyntax: UID.LittleEndianExplicit,
			...(fileMeta.tags().length > 0 && { fileMeta }),
		});
		return {
			content: { form: 'text', text: text.trim() },
			facts: objectFacts(made, parameters),
		};
	},
});
