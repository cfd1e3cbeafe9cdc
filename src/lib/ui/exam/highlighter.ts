import type { Highlight as Mark } from '../exam-data.ts';

/**
 * Marked text. The marks are painted by the browser's custom highlights, which leave the document as it is;
 * a mark is kept as character offsets into the text of a part of the question.
 */

const NAME = 'exam-mark';

/** The parts of a question are elements with `data-part`. */
const partOf = (node: Node | null): HTMLElement | null =>
	(node instanceof Element ? node : node?.parentElement)?.closest<HTMLElement>('[data-part]') ??
	null;

function offsetIn(part: HTMLElement, node: Node, offset: number): number {
	const before = document.createRange();
	before.selectNodeContents(part);
	before.setEnd(node, offset);
	return before.toString().length;
}

/** What is selected now as a mark, or null when nothing of a question is. */
export function selectedMark(): Mark | null {
	const selection = document.getSelection();
	if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return null;
	const range = selection.getRangeAt(0);
	const part = partOf(range.startContainer);
	if (part === null || part !== partOf(range.endContainer)) return null;
	const from = offsetIn(part, range.startContainer, range.startOffset);
	const to = offsetIn(part, range.endContainer, range.endOffset);
	const name = part.dataset['part'] ?? '';
	return to > from && name !== '' ? { part: name, from, to } : null;
}

/** Adds a mark, joining those that touch; a mark of marked text takes it away. */
export function toggleMark(marks: readonly Mark[], mark: Mark): Mark[] {
	const others = marks.filter((other) => other.part !== mark.part);
	const same = marks.filter((other) => other.part === mark.part);
	const inside = same.some((other) => other.from <= mark.from && mark.to <= other.to);
	const cut = same.flatMap((other) => [
		{ ...other, to: Math.min(other.to, mark.from) },
		{ ...other, from: Math.max(other.from, mark.to) },
	]);
	const kept = cut.filter((other) => other.from < other.to);
	if (inside) return [...others, ...kept];
	const touching = same.filter((other) => other.from <= mark.to && mark.from <= other.to);
	const apart = same.filter((other) => !touching.includes(other));
	const joined = {
		part: mark.part,
		from: Math.min(mark.from, ...touching.map((other) => other.from)),
		to: Math.max(mark.to, ...touching.map((other) => other.to)),
	};
	return [...others, ...apart, joined];
}

function rangeOf(part: HTMLElement, mark: Mark): Range | null {
	const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
	const range = document.createRange();
	let at = 0;
	let started = false;
	for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
		const length = node.textContent?.length ?? 0;
		if (!started && mark.from < at + length) {
			range.setStart(node, mark.from - at);
			started = true;
		}
		if (started && mark.to <= at + length) {
			range.setEnd(node, mark.to - at);
			return range;
		}
		at += length;
	}
	return null;
}

/** Paints the marks of the question that is shown; without support in the browser nothing is painted. */
export function paintMarks(root: HTMLElement, marks: readonly Mark[]): void {
	if (!('highlights' in CSS)) return;
	const ranges = marks.flatMap((mark) => {
		const part = root.querySelector<HTMLElement>(`[data-part="${CSS.escape(mark.part)}"]`);
		const range = part === null ? null : rangeOf(part, mark);
		return range === null ? [] : [range];
	});
	CSS.highlights.set(NAME, new Highlight(...ranges));
}
