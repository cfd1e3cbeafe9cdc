/** One question of a GIFT file. */
export interface GiftBlock {
	text: string;
	/** The number, counted from 1, of each of its lines in the file. */
	lines: number[];
}

/**
 * Cuts a GIFT file at its empty lines, as its definition says, so that a broken question spoils no other. Lines
 * of comment and of category are left out; line numbers stay those of the file.
 */
export function splitGift(text: string): GiftBlock[] {
	const blocks: GiftBlock[] = [];
	let lines: { text: string; line: number }[] = [];
	const flush = (): void => {
		if (lines.length > 0) {
			const whole = lines.map((one) => one.text).join('\n');
			blocks.push({ text: whole, lines: lines.map(({ line }) => line) });
		}
		lines = [];
	};
	text.split('\n').forEach((line, i) => {
		if (line.trim() === '') flush();
		else if (/^\s*\$CATEGORY:/.test(line)) flush();
		else if (!/^\s*\/\//.test(line)) lines.push({ text: line, line: i + 1 });
	});
	flush();
	return blocks;
}

const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?/g;

/**
 * Writes one question as the strict grammar wants it: signs that mean nothing where they stand are escaped (a
 * colon in a text, an equals sign before the answers), and numbers are written out. Offsets change by that.
 */
export function strictGift(block: string): string {
	const [title = ''] = /^\s*::(?:\\.|(?!::)[^\\])*::/s.exec(block) ?? [];
	const inner = title.trim().slice(2, -2);
	const head = title === '' ? '' : `::${escapeSigns(inner, ':=~#{}')}::`;
	const rest = block.slice(title.length);
	const open = indexOfBare(rest, '{');
	const close = open < 0 ? -1 : indexOfBare(rest, '}', open);
	if (close < 0) return head + escapeSigns(rest, ':');
	const answers = rest
		.slice(open + 1, close)
		.replace(/^\s*(?:true|false|t|f)(?=\s*(?:#|$))/i, (word) => word.toUpperCase());
	const written = answers.trimStart().startsWith('#')
		? strictNumbers(answers)
		: escapeSigns(answers, ':');
	return (
		head +
		escapeSigns(rest.slice(0, open), ':=~#}') +
		`{${written}}` +
		escapeSigns(rest.slice(close + 1), ':=~#{}')
	);
}

/** Where a sign stands that is not escaped; -1 when nowhere. */
export function indexOfBare(text: string, sign: string, from = 0): number {
	for (let i = from; i < text.length; i++) {
		if (text[i] === '\\') i += 1;
		else if (text[i] === sign) return i;
	}
	return -1;
}

function escapeSigns(text: string, signs: string): string {
	let out = '';
	for (let i = 0; i < text.length; i++) {
		const sign = text[i] ?? '';
		if (sign === '\\') {
			out += sign + (text[i + 1] ?? '');
			i += 1;
		} else out += signs.includes(sign) ? `\\${sign}` : sign;
	}
	return out;
}

/** `#` begins the block and each feedback; numbers stand between a sign of choice and the feedback. */
function strictNumbers(answers: string): string {
	const start = answers.indexOf('#') + 1;
	let out = answers.slice(0, start);
	let isFeedback = false;
	for (const part of answers.slice(start).split(/(?<!\\)(?=[#=~])/)) {
		if (part.startsWith('#')) isFeedback = true;
		else if (/^[=~]/.test(part)) isFeedback = false;
		out += isFeedback
			? escapeSigns(part, ':')
			: part
					.split('..')
					.map((one) => one.replace(NUMBER, (number) => plainNumber(Number(number))))
					.join('..');
	}
	return out;
}

/** A number without an exponent. */
export function plainNumber(value: number): string {
	const text = String(value);
	const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
	if (!match) return text;
	const [, sign = '', first = '', rest = '', power = '0'] = match;
	const digits = first + rest;
	const point = 1 + Number(power);
	if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
	if (point >= digits.length) return sign + digits.padEnd(point, '0');
	return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
