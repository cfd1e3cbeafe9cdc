import type { Exhibit, ExhibitNode } from '#lib/exam/item/exhibit.ts';
import type { Instance, Question } from '#lib/exam/item/instance.ts';
import { labelled } from './answers.ts';

/** An instance as plain text for a blind reader: nothing in it comes from key, rationale or metadata. */
export function printedItem({ itemId, question }: Instance): string {
	return [
		`=== ${itemId} (${question.type})`,
		question.stem.trim(),
		...question.exhibits.map(printedExhibit),
		question.leadIn.trim(),
		printedChoices(question),
		'',
	].join('\n\n');
}

function printedChoices(question: Question): string {
	const choices = [...labelled(question)]
		.map(([label, { text }]) => `  ${label}: ${text.trim()}`)
		.join('\n');
	switch (question.type) {
		case 'sba':
		case 'hotspot':
			return choices;
		case 'multi':
			return `Choose ${question.select}.\n${choices}`;
		case 'order':
			return `Put in order.\n${choices}`;
		case 'match':
			return `Give each number a letter.\n${choices}`;
		case 'numeric':
			return question.unit === null ? 'A number.' : `A number in ${question.unit}.`;
		case 'scenario':
			return `The lab ${question.scenario}. Answer "solvable" when the task and its lab fit together.`;
	}
}

function printedExhibit(exhibit: Exhibit): string {
	return `[${exhibit.id}] ${exhibit.caption}\n${contentOf(exhibit)}`;
}

function contentOf(exhibit: Exhibit): string {
	switch (exhibit.form) {
		case 'text':
			return exhibit.text.trimEnd();
		case 'table':
			return [exhibit.columns, ...exhibit.rows].map((row) => row.join(' | ')).join('\n');
		case 'tree':
			return exhibit.nodes.map((node) => printedNode(node, 0)).join('\n');
		case 'image': {
			const regions = exhibit.regions.map(
				({ label, x, y, w, h }) => `  ${label} at ${x},${y}, size ${w} x ${h}`,
			);
			return [`(image of ${exhibit.width} x ${exhibit.height}; ${exhibit.alt})`, ...regions].join(
				'\n',
			);
		}
		case 'map': {
			const labelOf = (id: string): string =>
				exhibit.boxes.find((box) => box.id === id)?.label ?? id;
			const boxes = exhibit.boxes.map(({ label, detail }) => `  ${label}, ${detail}`);
			const links = exhibit.links.map(
				({ from, to, label }) => `  ${labelOf(from)} -- ${labelOf(to)} ${label}`,
			);
			return [`(map; ${exhibit.alt})`, ...boxes, ...links].join('\n');
		}
	}
}

function printedNode(node: ExhibitNode, depth: number): string {
	const line = `${'  '.repeat(depth)}${node.code} ${node.type} ${node.name}: ${node.value}`;
	return [line, ...node.children.map((child) => printedNode(child, depth + 1))].join('\n');
}
