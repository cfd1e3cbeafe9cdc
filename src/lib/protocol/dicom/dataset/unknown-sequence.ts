import { decodeUnknownItems } from './decode-data-set.ts';
import type { AttributeKey, DataSet } from './data-set.ts';

/**
 * The items of a sequence, also of one that is hidden in a value of VR UN: a private sequence in
 * implicit VR, or one that passed through a program which did not know its VR (PS3.5 6.2.2). Such a
 * value is decoded at every call and stays as it was in the data set. undefined: no such element, or
 * not the items of a sequence.
 */
export function itemsOf(dataSet: DataSet, key: AttributeKey): readonly DataSet[] | undefined {
	const element = dataSet.element(key);
	if (element === undefined || element.items !== undefined) return element?.items;
	return element.vr === 'UN' ? decodeUnknownItems(element.bytes, dataSet) : undefined;
}
