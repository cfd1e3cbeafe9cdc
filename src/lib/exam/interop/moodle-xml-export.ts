import { bodyOf, explanationWithReasons, seedNote, type FrozenItem } from './frozen-item.ts';
import { markdownToHtml } from './markdown-to-html.ts';
import { markdownToPlainText } from './plain-text.ts';
import { shareOf } from './share.ts';
import { cdata, element, escapeXml, XML_DECLARATION } from './xml-write.ts';

const TYPES = { choice: 'multichoice', order: 'ordering', match: 'matching', numeric: 'numerical' };

/** Questions as one Moodle XML file, with texts as HTML. All types can be expressed. */
export function exportMoodleXml(items: readonly FrozenItem[], title: string): string {
	const category = element(
		'question',
		{ type: 'category' },
		element('category', {}, plain(`$course$/${title.replaceAll('/', '-')}`)),
	);
	return `${XML_DECLARATION}<quiz>\n${[category, ...items.map(question)].join('\n')}\n</quiz>\n`;
}

function plain(text: string): string {
	return element('text', {}, escapeXml(text));
}

function html(name: string, markdown: string, attributes: Record<string, string> = {}): string {
	return element(
		name,
		{ ...attributes, format: 'html' },
		element('text', {}, cdata(markdownToHtml(markdown))),
	);
}

function question(item: FrozenItem): string {
	const note = seedNote(item);
	return element(
		'question',
		{ type: TYPES[item.answers.type] },
		element('name', {}, plain(`${item.id} ${item.title}`)),
		html('questiontext', bodyOf(item)),
		html('generalfeedback', explanationWithReasons(item)),
		element('defaultgrade', {}, '1'),
		element('penalty', {}, '0'),
		element('hidden', {}, '0'),
		element('idnumber', {}, escapeXml(item.id)),
		...answers(item),
		note === '' ? '' : element('tags', {}, element('tag', {}, plain(`seed ${item.seed ?? ''}`))),
	);
}

function answer(fraction: string, inner: string, rationale: string, ...more: string[]): string {
	const attributes = { fraction, format: 'html' };
	return element('answer', attributes, inner, html('feedback', rationale), ...more);
}

function answers({ answers: given }: FrozenItem): string[] {
	switch (given.type) {
		case 'choice': {
			const { choices, correct } = given;
			return [
				element('single', {}, String(correct.length === 1)),
				element('shuffleanswers', {}, 'true'),
				element('answernumbering', {}, 'abc'),
				...choices.map(({ id, text, rationale }) => {
					const wrong = correct.length === 1 ? '0' : '-100';
					const fraction = correct.includes(id) ? shareOf(correct.length) : wrong;
					return answer(fraction, element('text', {}, cdata(markdownToHtml(text))), rationale);
				}),
			];
		}
		case 'order':
			return [
				element('layouttype', {}, 'VERTICAL'),
				element('selecttype', {}, 'ALL'),
				element('gradingtype', {}, 'ALL_OR_NOTHING'),
				...given.choices.map(({ text }, i) =>
					answer(`${i + 1}`, element('text', {}, cdata(markdownToHtml(text))), ''),
				),
			];
		case 'match':
			return [
				element('shuffleanswers', {}, 'true'),
				...[
					...given.pairs.map(({ left, right }) => [left.text, right.text]),
					...given.extra.map(({ text }) => ['', text]),
				].map(([left = '', right = '']) => {
					const attributes = { format: 'html' };
					const asked = element('text', {}, left === '' ? '' : cdata(markdownToHtml(left)));
					const partner = element('answer', {}, plain(markdownToPlainText(right)));
					return element('subquestion', attributes, asked, partner);
				}),
			];
		case 'numeric': {
			const { value, tolerance, unit, traps } = given;
			const width = element('tolerance', {}, String(tolerance));
			const one = element(
				'unit',
				{},
				element('multiplier', {}, '1'),
				element('unit_name', {}, escapeXml(unit ?? '')),
			);
			return [
				answer('100', plain(String(value)), '', width),
				...traps.map((trap) => answer('0', plain(String(trap.value)), trap.rationale, width)),
				...(unit === null ? [] : [element('units', {}, one)]),
			];
		}
	}
}
