/**
 * Blind reading of items: somebody who has not seen the keys answers, and the answers are kept.
 *
 *   node scripts/bank-reading.ts sheet <folder or id ...> [--seed s] [--unread] [--images folder]
 *   node scripts/bank-reading.ts record <reader> <answers.yaml> [--seed s] [--date YYYY-MM-DD]
 *
 * `sheet` prints the items as a candidate sees them, nothing of key or rationale; with --unread only those that no
 * reading proves yet. Choices are lettered; pictures go to --images as PNG. `record` reads a map of item id to answer: a letter, a list of letters for several and for orders, a map of number to letter for matches, what would be
 * typed for a number; or `{answer, note}` with one of these. It marks them at the same seed, writes
 * banks/readings/<reader>.yaml and prints where reader and key differ. Items are never changed.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import type { Bank, Origins } from '#lib/exam/bank/bank.ts';
import { itemDigest } from '#lib/exam/bank/item-digest.ts';
import { parseBank } from '#lib/exam/bank/parse-bank.ts';
import { isProven } from '#lib/exam/bank/proven.ts';
import { readingsSchema, type ReadingsFile } from '#lib/exam/bank/reading-schema.ts';
import type { Instance } from '#lib/exam/item/instance.ts';
import type { Item } from '#lib/exam/item/item-schema.ts';
import { makeInstance } from '#lib/exam/item/make-instance.ts';
import { mark } from '#lib/exam/item/mark.ts';
import { answerKept, answerOf, keyText, responseOf } from './reading/answers.ts';
import { encodePng } from './reading/encode-png.ts';
import { printedItem } from './reading/print-item.ts';
import { readBankFiles, readExhibitMaker } from './read-bank.ts';

const { values: options, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		seed: { type: 'string', default: 'reading-1' },
		date: { type: 'string', default: new Date().toISOString().slice(0, 10) },
		unread: { type: 'boolean', default: false },
		images: { type: 'string' },
	},
});

const [verb, ...rest] = positionals;
const { bank, origins } = parseBank(readBankFiles());
const makeExhibit = readExhibitMaker();

if (verb === 'sheet') printSheet(bank, origins, rest);
else if (verb === 'record' && rest[0] && rest[1]) record(bank, rest[0], rest[1]);
else {
	console.error('bank-reading sheet <folder or id ...> | record <reader> <answers.yaml>');
	process.exitCode = 2;
}

function printSheet(bank: Bank, origins: Origins, wanted: readonly string[]): void {
	for (const item of bank.items.values()) {
		const path = origins.get(item.id)?.path ?? '';
		const chosen = wanted.some((name) => {
			const place = name.replace(/^\.\//, '').replace(/\/$/, '');
			return item.id === name || path === place || path.startsWith(`${place}/`);
		});
		if (!chosen || item.status === 'retired') continue;
		const readings = bank.readings.get(item.id) ?? [];
		if (options.unread && isProven(item, readings, options.date)) continue;
		const made = makeInstance(item, options.seed, makeExhibit);
		if ('problem' in made) console.error(`${item.id}: ${made.problem}`);
		else {
			console.log(printedItem(made.instance));
			writePictures(made.instance);
		}
	}
}

function writePictures({ itemId, question }: Instance): void {
	if (options.images === undefined) return;
	mkdirSync(options.images, { recursive: true });
	for (const exhibit of question.exhibits) {
		if (exhibit.form !== 'image') continue;
		const pixels = Buffer.from(exhibit.pixels, 'base64');
		const path = join(options.images, `${itemId}-${exhibit.id}.png`);
		writeFileSync(path, encodePng(exhibit.width, exhibit.height, pixels));
	}
}

function record(bank: Bank, reader: string, answersPath: string): void {
	const answers: unknown = parse(readFileSync(answersPath, 'utf8'));
	if (typeof answers !== 'object' || answers === null || Array.isArray(answers)) {
		throw new Error(`${answersPath}: a map of item id to answer is needed`);
	}
	const path = `banks/readings/${reader}.yaml`;
	const file: ReadingsFile = existsSync(path)
		? readingsSchema.parse(parse(readFileSync(path, 'utf8')))
		: { reader, date: options.date, readings: [] };
	let agreed = 0;
	const disagreements: string[] = [];
	for (const [id, given] of Object.entries(answers)) {
		const item = bank.items.get(id);
		const result = item ? judged(item, given) : `${id}: there is no such item`;
		if (typeof result === 'string') {
			console.error(result);
			process.exitCode = 1;
			continue;
		}
		file.readings = file.readings.filter((reading) => reading.item !== id);
		file.readings.push(result.reading);
		if (result.reading.agrees) agreed++;
		else disagreements.push(result.difference);
	}
	file.date = options.date;
	file.readings.sort((a, b) => (a.item < b.item ? -1 : 1));
	writeFileSync(path, stringify(readingsSchema.parse(file), { flowCollectionPadding: true }));
	for (const difference of disagreements) console.log(difference);
	console.log(`${path}: ${agreed} agree, ${disagreements.length} differ`);
}

type Judged = { reading: ReadingsFile['readings'][number]; difference: string };

/** The reading of one answer, or what is wrong with the answer. */
function judged(item: Item, given: unknown): Judged | string {
	const made = makeInstance(item, options.seed, makeExhibit);
	if ('problem' in made) return `${item.id}: ${made.problem}`;
	const { answer, note } = answerOf(given);
	const response = responseOf(made.instance.question, answer);
	if (typeof response === 'string') return `${item.id}: ${response}`;
	// A reader judges whether the lab can be solved at all; there is no answer to compare.
	const { correct } = mark(made.instance.key, response, answer === 'solvable' ? 100 : 0);
	return {
		reading: {
			item: item.id,
			version: item.version,
			digest: itemDigest(item),
			seed: options.seed,
			date: options.date,
			answer: answerKept(response),
			agrees: correct,
			...(note === undefined ? {} : { note }),
		},
		difference: `${item.id}: read ${JSON.stringify(answer)}, key ${keyText(made.instance.question, made.instance.key)}${note ? ` (${note})` : ''}`,
	};
}
