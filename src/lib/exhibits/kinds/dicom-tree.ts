import type { ExhibitNode } from '#lib/exam/item/exhibit.ts';
import type { DataElement, DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { entryOf, formatTag } from '#lib/protocol/dicom/dataset/dictionary.ts';
import { defineExhibit } from '../define-exhibit.ts';
import { makeObject, objectParameters } from '../dicom/make-object.ts';
import { objectFacts } from '../dicom/object-facts.ts';

function nodesOf(dataSet: DataSet, shown?: readonly number[]): ExhibitNode[] {
	return dataSet
		.elements()
		.filter(({ tag }) => shown?.includes(tag) ?? true)
		.map((element) => nodeOf(dataSet, element));
}

function nodeOf(dataSet: DataSet, { tag, vr, items, length }: DataElement): ExhibitNode {
	return {
		code: formatTag(tag),
		name: entryOf(tag)?.keyword ?? '',
		type: vr,
		value: items ? '' : (dataSet.text(tag) ?? `${length} bytes`),
		children: (items ?? []).map((item, i) => ({
			code: `Item ${i + 1}`,
			name: '',
			type: '',
			value: '',
			children: nodesOf(item),
		})),
	};
}

export const dicomTree = defineExhibit({
	kind: 'dicom-tree',
	title: 'Data set as a tree',
	doc: 'A synthetic image as rows of tag, value representation, name and value.',
	parameters: objectParameters,
	make(parameters, { seed }) {
		const made = makeObject(parameters, seed);
		if ('problem' in made) return made;
		const { fileMeta, dataSet, shown } = made;
		return {
			content: { form: 'tree', nodes: [...nodesOf(fileMeta, shown), ...nodesOf(dataSet, shown)] },
			facts: objectFacts(made, parameters),
		};
	},
});
