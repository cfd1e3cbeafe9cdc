import type { DataSet } from './data-set.ts';
import { entryOf } from './dictionary.ts';
import { type ValueRepresentation, vrOfCode } from './vr.ts';

const UN = vrOfCode('UN')!;

/** The VR that implicit VR leaves to the dictionary; UN for most private and unknown elements. */
export function implicitVr(dataSet: DataSet, tag: number): ValueRepresentation {
	const entry = entryOf(tag);
	if (entry === undefined) {
		const element = tag & 0xffff;
		if (element === 0) return vrOfCode('UL')!;
		const creator = (tag >>> 16) % 2 === 1 && element >= 0x10 && element <= 0xff;
		return creator ? vrOfCode('LO')! : UN;
	}
	if (entry.ambiguous === 'US or SS' && dataSet.pixelsAreSigned() === true) return vrOfCode('SS')!;
	return vrOfCode(entry.vr)!;
}

/** Whether an element read as US may turn out to be SS. */
export function signIsOpen(dataSet: DataSet, tag: number): boolean {
	return entryOf(tag)?.ambiguous === 'US or SS' && dataSet.pixelsAreSigned() === undefined;
}
