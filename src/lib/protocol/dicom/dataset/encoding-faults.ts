/** Mistakes to be made on purpose while a data set is written, as real devices make them. */
import { ElementOf, valueElement } from './data-element.ts';
import type { DataElement } from './data-set.ts';

/** `tag` is that of an element at any depth. Lengths are changed by `by` bytes, up or down. */
export type EncodingFault =
	/** The last byte of the value is left out: an odd length (against PS3.5 7.1.1). */
	| { readonly kind: 'odd-length'; readonly tag: number }
	/** The header has this VR; the value stays (PS3.5 6.2). */
	| { readonly kind: 'wrong-vr'; readonly tag: number; readonly vr: string }
	/** The length of a value, or of a sequence of defined length, is not that of its bytes. */
	| { readonly kind: 'wrong-length'; readonly tag: number; readonly by: number }
	/** The same for an item of defined length in the sequence `tag`, counted from 0. */
	| {
			readonly kind: 'wrong-item-length';
			readonly tag: number;
			readonly item: number;
			readonly by: number;
	  }
	/** The group length (gggg,0000), which has to be present, counts wrong (PS3.5 7.2). */
	| { readonly kind: 'wrong-group-length'; readonly group: number; readonly by: number }
	/** Undefined lengths in this sequence, with one kind of delimiter left out (PS3.5 7.5.2). */
	| {
			readonly kind: 'missing-delimiter';
			readonly tag: number;
			readonly of: 'sequence' | 'item';
	  }
	/** Elements in descending order, in items too (against PS3.5 7.1). */
	| { readonly kind: 'descending-order' }
	/** The element is written twice (against PS3.5 7.1). */
	| { readonly kind: 'duplicate'; readonly tag: number }
	/** The other byte order than that of the transfer syntax (PS3.5 7.3). */
	| { readonly kind: 'wrong-byte-order' };

function changeNumber(element: DataElement, by: number): DataElement {
	const bytes = element.bytes.slice();
	const view = new DataView(bytes.buffer);
	if (bytes.length >= 4) view.setUint32(0, view.getUint32(0, true) + by, true);
	return valueElement(element.tag, element.vr, bytes);
}

function changed(element: DataElement, fault: EncodingFault): DataElement {
	const { tag, vr, source, start, length } = element;
	switch (fault.kind) {
		case 'odd-length':
			if (fault.tag !== tag || length === 0 || length % 2 === 1) return element;
			return new ElementOf(tag, vr, source, start, length - 1);
		case 'wrong-vr':
			if (fault.tag !== tag || !element.isPlain) return element;
			return new ElementOf(tag, fault.vr, source, start, length);
		case 'wrong-group-length':
			return fault.group * 0x10000 === tag ? changeNumber(element, fault.by) : element;
		default:
			return element;
	}
}

/** What the writer asks when there are faults to be made. */
export class Faults {
	private readonly list: readonly EncodingFault[];

	constructor(list: readonly EncodingFault[]) {
		this.list = list;
	}

	has(kind: EncodingFault['kind']): boolean {
		return this.list.some((fault) => fault.kind === kind);
	}

	/** The elements as they are to be written. */
	elements(elements: readonly DataElement[]): readonly DataElement[] {
		const out = elements.flatMap((element) => {
			const one = this.list.reduce(changed, element);
			const twice = this.list.some(
				(fault) => fault.kind === 'duplicate' && fault.tag === element.tag,
			);
			return twice ? [one, one] : [one];
		});
		return this.has('descending-order') ? out.reverse() : out;
	}

	/** By how many bytes the length of this element is wrong. */
	lengthChange(tag: number): number {
		const fault = this.list.find((one) => one.kind === 'wrong-length' && one.tag === tag);
		return fault?.kind === 'wrong-length' ? fault.by : 0;
	}

	/** By how many bytes the length of an item is wrong. */
	itemLengthChange(tag: number, item: number): number {
		for (const fault of this.list) {
			if (fault.kind !== 'wrong-item-length') continue;
			if (fault.tag === tag && fault.item === item) return fault.by;
		}
		return 0;
	}

	/** Whether delimiters are missing here, which asks for undefined length. */
	leavesOut(tag: number, of: 'sequence' | 'item'): boolean {
		return this.list.some(
			(fault) => fault.kind === 'missing-delimiter' && fault.tag === tag && fault.of === of,
		);
	}
}
