import { Unsupported, type Draft, type DraftAnswers, type ReadQuestion } from './draft.ts';
import { nodesToMarkdown, type Notes } from './html-to-markdown.ts';
import { scoringOf, type QtiScoring } from './qti-scoring.ts';
import { attribute, plainTree, valuesOf } from './qti-tree.ts';
import { descendants, elementsOf, firstOf, type XmlElement, type XmlNode } from './xml-tree.ts';

const REFUSED: Record<string, string> = {
	'extended-text-interaction': 'It is an essay (extended text), which is not marked here.',
	'upload-interaction': 'It asks for a file.',
	'drawing-interaction': 'It asks for a drawing.',
	'slider-interaction': 'It asks for a place on a slider.',
	'gap-match-interaction': 'It has gaps to be filled from a list, which are not understood here.',
	'hottext-interaction': 'It asks for words in a text (hottext), which are not understood here.',
	'associate-interaction': 'It asks for pairs within one list, which are not understood here.',
	'end-attempt-interaction':
		'It reacts while it is answered (adaptive), which is not understood here.',
	'portable-custom-interaction': 'It brings a program of its own.',
	'custom-interaction': 'It brings a program of its own.',
};
const PICTURES = /^(?:hotspot|select-point|graphic-.*|position-object)-interaction$/;

/** What holds the questions: an item or a test with items inside, of QTI 2.x or 3. */
export function isQti(root: XmlElement): boolean {
	return /^(?:\w+:)?(?:qti-)?assessment-?(?:item|test|section)$/i.test(root.name);
}

/** Reads one item. `root` is the tree as parsed. */
export function readQtiItem(root: XmlElement): ReadQuestion {
	const item = plainTree(root);
	const title = attribute(item, 'title') || attribute(item, 'identifier');
	try {
		return { draft: draftOf(item, title) };
	} catch (error) {
		if (!(error instanceof Unsupported)) throw error;
		return { refused: { title, line: item.line, reason: error.message } };
	}
}

function draftOf(item: XmlElement, title: string): Draft {
	if (item.name !== 'assessment-item') {
		throw new Unsupported('It is not an item; put tests and their items into a package (.zip).');
	}
	if (attribute(item, 'adaptive') === 'true') {
		throw new Unsupported('It is adaptive: it reacts while it is answered.');
	}
	if (firstOf(item, 'template-declaration') ?? firstOf(item, 'template-processing')) {
		throw new Unsupported('Its values are drawn by templates, which are not understood here.');
	}
	const body = firstOf(item, 'item-body');
	if (!body) throw new Unsupported('It has no body (qti-item-body).');
	const interactions = descendants(body, ({ name }) => name.endsWith('-interaction'));
	const [interaction, ...more] = interactions;
	if (!interaction) throw new Unsupported('It has no interaction, so there is nothing to answer.');
	if (more.length > 0) {
		throw new Unsupported(`It has ${interactions.length} interactions; one can be shown.`);
	}
	const notes: Notes = new Set();
	const response = attribute(interaction, 'response-identifier');
	const declaration = elementsOf(item, 'response-declaration').find(
		(one) => attribute(one, 'identifier') === response,
	);
	if (!declaration) throw new Unsupported(`The response "${response}" is not declared.`);
	const scoring = readScoring(item, interaction, response);
	const feedback = new Feedback(item, body, notes);
	const reading: Reading = { interaction, declaration, scoring, feedback, notes };
	const answers = answersOf(reading);
	const text = bodyText(body, interaction, notes);
	const explanation = feedback.rest(answers.type === 'choice');
	return {
		title,
		line: item.line,
		text,
		explanation,
		answers,
		notes: [...scoring.notes, ...notes],
	};
}

/** What cannot be shown is told before what cannot be marked. */
function readScoring(item: XmlElement, interaction: XmlElement, response: string): QtiScoring {
	const { name } = interaction;
	if (PICTURES.test(name)) {
		throw new Unsupported('Its answer is a place in a picture; pictures are not taken over.');
	}
	const reason = REFUSED[name];
	if (reason !== undefined) throw new Unsupported(reason);
	return scoringOf(item, response);
}

interface Reading {
	interaction: XmlElement;
	declaration: XmlElement;
	scoring: QtiScoring;
	feedback: Feedback;
	notes: Notes;
}

/** Feedback by the identifier that shows it. What no choice claims belongs to the explanation. */
class Feedback {
	readonly #texts = new Map<string, string[]>();

	constructor(item: XmlElement, body: XmlElement, notes: Notes) {
		const all = [
			...elementsOf(item, 'modal-feedback'),
			...descendants(body, ({ name }) => name === 'feedback-inline' || name === 'feedback-block'),
		];
		for (const one of all) {
			if (attribute(one, 'show-hide') === 'hide') continue;
			const identifier = attribute(one, 'identifier');
			const text = nodesToMarkdown(unwrapped(one.children), notes);
			if (text === '') continue;
			this.#texts.set(identifier, [...(this.#texts.get(identifier) ?? []), text]);
		}
	}

	take(identifier: string): string {
		const texts = this.#texts.get(identifier) ?? [];
		this.#texts.delete(identifier);
		return texts.join('\n\n');
	}

	/** Everything left; where there are right and wrong answers, what is said of wrong ones is not. */
	rest(skipWrong: boolean): string {
		const wrong = /^(?:in_?correct|wrong|false)$/i;
		return [...this.#texts]
			.filter(([identifier]) => !skipWrong || !wrong.test(identifier))
			.flatMap(([, texts]) => texts)
			.join('\n\n');
	}
}

/** QTI's own containers around HTML are transparent; feedback and what only editors see is not shown. */
function unwrapped(nodes: readonly XmlNode[]): XmlNode[] {
	return nodes.flatMap((node): XmlNode[] => {
		if (typeof node === 'string') return [node];
		if (
			/^(?:feedback-inline|feedback-block|rubric-block|stylesheet|catalog-info)$/.test(node.name)
		) {
			return [];
		}
		if (/^(?:content-body|template-inline|template-block|prompt)$/.test(node.name)) {
			return [{ ...node, name: 'div', children: unwrapped(node.children) }];
		}
		return [{ ...node, children: unwrapped(node.children) }];
	});
}

/** The text of the body with the prompt where the interaction stands; a gap stays a gap. */
function bodyText(body: XmlElement, interaction: XmlElement, notes: Notes): string {
	const isGap = interaction.name === 'inline-choice-interaction';
	const isEntry = interaction.name === 'text-entry-interaction';
	const shown = (nodes: readonly XmlNode[]): XmlNode[] =>
		nodes.flatMap((node): XmlNode[] => {
			if (typeof node === 'string') return [node];
			if (node !== interaction) return [{ ...node, children: shown(node.children) }];
			if (isGap || isEntry) return ['_____'];
			return elementsOf(node, 'prompt').map((prompt) => ({ ...prompt, name: 'div' }));
		});
	const text = nodesToMarkdown(unwrapped(shown(body.children)), notes);
	if (!isEntry) return text;
	// A number is asked for below its question: a gap at the end says nothing, nor does the unit behind it.
	const unit = unitOf(interaction);
	const bare = unit !== null && text.endsWith(` ${unit}`) ? text.slice(0, -unit.length) : text;
	return bare.replace(/\s*(?:\\_){5}\s*$/, '').trim();
}

function answersOf(reading: Reading): DraftAnswers {
	const { interaction } = reading;
	switch (interaction.name) {
		case 'choice-interaction':
			return choice(reading, elementsOf(interaction, 'simple-choice'));
		case 'inline-choice-interaction':
			return choice(reading, elementsOf(interaction, 'inline-choice'));
		case 'order-interaction':
			return order(reading);
		case 'match-interaction':
			return match(reading);
		case 'text-entry-interaction':
			return textEntry(reading);
		default: {
			throw new Unsupported(`The interaction "${interaction.name}" is not understood here.`);
		}
	}
}

function correctValues({ declaration, scoring }: Reading): string[] {
	if (scoring.value !== null) return [scoring.value];
	if (scoring.by === 'correct') {
		const values = valuesOf(firstOf(declaration, 'correct-response'));
		if (values.length === 0) throw new Unsupported('It declares no correct response.');
		return values;
	}
	const mapping = firstOf(declaration, 'mapping');
	if (!mapping) throw new Unsupported('It is marked by a mapping, but declares none.');
	const entries = elementsOf(mapping, 'map-entry')
		.map((entry) => {
			return { key: attribute(entry, 'map-key'), value: Number(attribute(entry, 'mapped-value')) };
		})
		.filter(({ value }) => value > 0);
	if (entries.length === 0) throw new Unsupported('No entry of its mapping gives a point.');
	return entries.map(({ key }) => key);
}

/** Points of the positive entries differ: some right answers are worth more. */
function hasUnevenPoints({ declaration }: Reading): boolean {
	const points = elementsOf(firstOf(declaration, 'mapping') ?? declaration, 'map-entry')
		.map((entry) => Number(attribute(entry, 'mapped-value')))
		.filter((value) => value > 0);
	return new Set(points).size > 1;
}

const UNEVEN = 'Points were left out: all right choices are needed.';

function choice(reading: Reading, choices: readonly XmlElement[]): DraftAnswers {
	const { declaration, scoring, feedback, notes } = reading;
	const multiple = attribute(declaration, 'cardinality') === 'multiple';
	let right = correctValues(reading);
	if (scoring.by === 'mapping' && hasUnevenPoints(reading)) {
		if (multiple) notes.add(UNEVEN);
		else right = bestOf(reading);
	}
	checkKnown(
		right,
		choices.map((one) => attribute(one, 'identifier')),
	);
	return {
		type: 'choice',
		multiple,
		options: choices.map((one) => {
			const identifier = attribute(one, 'identifier');
			return {
				text: nodesToMarkdown(unwrapped(one.children), notes),
				correct: right.includes(identifier),
				rationale: feedback.take(identifier),
			};
		}),
	};
}

/** The choices worth most, where only one can be taken. */
function bestOf({ declaration, notes }: Reading): string[] {
	const entries = elementsOf(firstOf(declaration, 'mapping') ?? declaration, 'map-entry');
	const points = entries.map((entry) => Number(attribute(entry, 'mapped-value')));
	const most = points.reduce((a, b) => Math.max(a, b), 0);
	notes.add('Part marks were left out: one choice is right.');
	return entries.filter((_, i) => points[i] === most).map((entry) => attribute(entry, 'map-key'));
}

function checkKnown(values: readonly string[], known: readonly string[]): void {
	const unknown = values.find((value) => !known.includes(value));
	if (unknown !== undefined) throw new Unsupported(`Its key "${unknown}" is none of the choices.`);
}

function order(reading: Reading): DraftAnswers {
	const { interaction, scoring, feedback, notes } = reading;
	const choices = new Map(
		elementsOf(interaction, 'simple-choice').map((one) => [attribute(one, 'identifier'), one]),
	);
	if (scoring.by === 'mapping')
		throw new Unsupported('An order is marked by a mapping, which is not understood.');
	const right = correctValues(reading);
	checkKnown(right, [...choices.keys()]);
	if (right.length !== choices.size || new Set(right).size !== right.length) {
		throw new Unsupported('Its key does not put all choices in order.');
	}
	return {
		type: 'order',
		sequence: right.map((identifier) => ({
			text: nodesToMarkdown(unwrapped(choices.get(identifier)?.children ?? []), notes),
			rationale: feedback.take(identifier),
		})),
	};
}

function match(reading: Reading): DraftAnswers {
	const { interaction, scoring, feedback, notes } = reading;
	const [left = [], right = []] = elementsOf(interaction, 'simple-match-set').map((set) =>
		elementsOf(set, 'simple-associable-choice').map((one) => ({
			identifier: attribute(one, 'identifier'),
			text: nodesToMarkdown(unwrapped(one.children), notes),
		})),
	);
	if (scoring.by === 'mapping' && hasUnevenPoints(reading)) notes.add(UNEVEN);
	const partners = new Map<string, string>();
	for (const pair of correctValues(reading)) {
		const [a = '', b = ''] = pair.split(/\s+/);
		checkKnown(
			[a],
			left.map(({ identifier }) => identifier),
		);
		checkKnown(
			[b],
			right.map(({ identifier }) => identifier),
		);
		if (partners.has(a)) throw new Unsupported(`"${a}" has several partners; one can be given.`);
		if ([...partners.values()].includes(b)) {
			throw new Unsupported(`"${b}" is the partner of several; each must have its own.`);
		}
		partners.set(a, b);
	}
	const alone = left.find(({ identifier }) => !partners.has(identifier));
	if (alone) throw new Unsupported(`"${alone.identifier}" has no partner.`);
	const used = new Set(partners.values());
	const textOfRight = new Map(right.map(({ identifier, text }) => [identifier, text]));
	return {
		type: 'match',
		pairs: left.map(({ identifier, text }) => ({
			left: text,
			right: textOfRight.get(partners.get(identifier) ?? '') ?? '',
			rationale: feedback.take(identifier),
		})),
		extra: right
			.filter(({ identifier }) => !used.has(identifier))
			.map(({ identifier, text }) => ({ text, rationale: feedback.take(identifier) })),
	};
}

function textEntry(reading: Reading): DraftAnswers {
	const { interaction, declaration, scoring, feedback } = reading;
	const type = attribute(declaration, 'base-type');
	if (type !== 'float' && type !== 'integer') {
		throw new Unsupported('It asks for words (text entry), which are not marked here.');
	}
	const [only, ...more] = correctValues(reading);
	if (more.length > 0) throw new Unsupported('Several numbers are right; one must be.');
	const value = only === undefined || only === '' ? Number.NaN : Number(only);
	if (!Number.isFinite(value)) throw new Unsupported(`Its key "${only ?? ''}" is no number.`);
	const { mode, low, high } = scoring.tolerance;
	const scale = mode === 'relative' ? Math.abs(value) / 100 : 1;
	if (low !== high) throw new Unsupported('Its tolerance is not the same to both sides.');
	const traps = scoring.singled
		.filter((one) => Number.isFinite(Number(one.value)))
		.map((one) => ({ value: Number(one.value), rationale: feedback.take(one.identifier) }));
	return { type: 'numeric', value, tolerance: low * scale, unit: unitOf(interaction), traps };
}

/** Our own export names the unit beside the gap. */
function unitOf(interaction: XmlElement): string | null {
	return attribute(interaction, 'data-unit').slice(0, 20) || null;
}

/** The items that a test names, as relative addresses in the order in which they stand. */
export function itemsOfTest(root: XmlElement): string[] {
	return descendants(plainTree(root), ({ name }) => name === 'assessment-item-ref').map((item) =>
		attribute(item, 'href'),
	);
}

/** Whether a parsed file is a test. */
export function isQtiTest(root: XmlElement): boolean {
	return plainTree({ ...root, children: [] }).name === 'assessment-test';
}
