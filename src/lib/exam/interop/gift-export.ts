import {
	bodyOf,
	explanationWithReasons,
	seedNote,
	type FrozenAnswers,
	type FrozenItem,
	type Skipped,
} from './frozen-item.ts';
import { plainNumber } from './gift-split.ts';
import { markdownToPlainText } from './plain-text.ts';
import { shareOf } from './share.ts';

/** Questions as one GIFT file in Markdown; what GIFT cannot express is skipped. */
export function exportGift(items: readonly FrozenItem[]): {
	text: string;
	exported: string[];
	skipped: Skipped[];
} {
	const exported: string[] = [];
	const skipped: Skipped[] = [];
	const blocks: string[] = [];
	for (const item of items) {
		const answers = answersToGift(item.answers);
		if (answers === undefined) {
			skipped.push({ id: item.id, reason: 'GIFT has no questions about an order.' });
			continue;
		}
		exported.push(item.id);
		blocks.push(block(item, answers));
	}
	const left = skipped.map(({ id, reason }) => `// Left out: ${id}. ${reason}`);
	if (left.length > 0) blocks.push(left.join('\n'));
	return { text: `${blocks.join('\n\n')}\n`, exported, skipped };
}

function block(item: FrozenItem, answers: readonly string[]): string {
	const note = seedNote(item);
	const general = explanationWithReasons(item);
	return [
		`// [id:${item.id}]`,
		...(note === '' ? [] : [`// ${note}`]),
		`::${escapeGift(`${item.id} ${item.title}`)}::[markdown]${escapeGift(bodyOf(item))}{`,
		...answers.map((line) => `\t${line}`),
		...(general === '' ? [] : [`\t####${escapeGift(general)}`]),
		'}',
	].join('\n');
}

/** Escapes what controls GIFT; lines are written as `\n`, because an empty one would end the question. */
function escapeGift(text: string): string {
	return text.replace(/[\\~=#{}:]/g, String.raw`\$&`).replace(/\r?\n/g, String.raw`\n`);
}

function feedback(rationale: string): string {
	return rationale === '' ? '' : `#${escapeGift(rationale)}`;
}

function answersToGift(answers: FrozenAnswers): string[] | undefined {
	switch (answers.type) {
		case 'choice': {
			const { choices, correct } = answers;
			const isSingle = correct.length === 1;
			return choices.map(({ id, text, rationale }) => {
				const isRight = correct.includes(id);
				const single = isRight ? '=' : '~';
				const share = isRight ? shareOf(correct.length) : '-100';
				// Text that begins with a bracket or percent sign would be read as format or weight.
				const guard = /^[[%]/.test(text) ? '[markdown]' : '';
				return `${isSingle ? single : `~%${share}%`}${guard}${escapeGift(text)}${feedback(rationale)}`;
			});
		}
		case 'match':
			return [
				...answers.pairs.map(({ left, right }) => {
					const side = escapeGift(left.text).replaceAll('->', '→');
					return `=${side} -> ${escapeGift(markdownToPlainText(right.text))}`;
				}),
				...answers.extra.map(({ text }) => `= -> ${escapeGift(markdownToPlainText(text))}`),
			];
		case 'numeric': {
			const { value, tolerance, traps } = answers;
			const line = (sign: string, number: number, width: number, why: string): string =>
				`${sign}${plainNumber(number)}:${plainNumber(width)}${feedback(why)}`;
			return [
				'#',
				line('=', value, tolerance, ''),
				...traps.map((trap) => line('=%0%', trap.value, tolerance, trap.rationale)),
			];
		}
		case 'order':
			return undefined;
	}
}
