import { seedNote, type FrozenChoice, type FrozenItem } from './frozen-item.ts';
import { markdownToHtml, markdownToInlineHtml } from './markdown-to-html.ts';
import { element, escapeXml, XML_DECLARATION } from './xml-write.ts';

const NAMESPACE = 'http://www.imsglobal.org/xsd/imsqtiasi_v3p0';
const SCHEMA = 'https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0p1_v1p0.xsd';

/** What a type adds to the item. */
interface Parts {
	response: string;
	interaction: string;
	/** Whether a response is right. */
	test: string;
	/** Rules that set FEEDBACK. */
	feedback: string;
	/** Rationales by the identifier in FEEDBACK. */
	rationales: [identifier: string, text: string][];
}

/** One question as a QTI 3 item that shows the rationales of what was chosen, and then the explanation. */
export function qti3Item(item: FrozenItem): string {
	const { response, interaction, test, feedback, rationales } = partsOf(item);
	const told = rationales.filter(([, text]) => text !== '');
	const note = seedNote(item);
	const stem = item.stem === '' ? '' : markdownToHtml(item.stem);
	const xml = element(
		'qti-assessment-item',
		{
			xmlns: NAMESPACE,
			'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
			'xsi:schemaLocation': `${NAMESPACE} ${SCHEMA}`,
			...{ identifier: item.id, title: item.title, label: note === '' ? undefined : note },
			...{ adaptive: 'false', 'time-dependent': 'false', 'xml:lang': 'en' },
		},
		response,
		outcome('SCORE', 'single', 'float', '0'),
		outcome('FEEDBACK', 'multiple', 'identifier'),
		outcome('EXPLANATION', 'single', 'identifier'),
		element('qti-item-body', {}, stem, interaction),
		element(
			'qti-response-processing',
			{},
			element(
				'qti-response-condition',
				{},
				element('qti-response-if', {}, test, set('SCORE', base('float', '1'))),
				element('qti-response-else', {}, set('SCORE', base('float', '0'))),
			),
			feedback,
			set('EXPLANATION', base('identifier', 'explanation')),
		),
		...told.map(([identifier, text]) => modal('FEEDBACK', identifier, text)),
		item.explanation === '' ? '' : modal('EXPLANATION', 'explanation', item.explanation),
	);
	return `${XML_DECLARATION}${xml}\n`;
}

function outcome(identifier: string, cardinality: string, type: string, value?: string): string {
	const attributes = { identifier, cardinality, 'base-type': type };
	const initial =
		value === undefined ? '' : element('qti-default-value', {}, element('qti-value', {}, value));
	return element('qti-outcome-declaration', attributes, initial);
}

function modal(outcomeIdentifier: string, identifier: string, markdown: string): string {
	const attributes = { 'outcome-identifier': outcomeIdentifier, identifier, 'show-hide': 'show' };
	const body = element('qti-content-body', {}, markdownToHtml(markdown));
	return element('qti-modal-feedback', attributes, body);
}

function declaration(cardinality: string, type: string, values: readonly string[]): string {
	return element(
		'qti-response-declaration',
		{ identifier: 'RESPONSE', cardinality, 'base-type': type },
		element(
			'qti-correct-response',
			{},
			...values.map((value) => element('qti-value', {}, escapeXml(value))),
		),
	);
}

const VARIABLE = element('qti-variable', { identifier: 'RESPONSE' });
const CORRECT = element('qti-correct', { identifier: 'RESPONSE' });
const MATCH = element('qti-match', {}, VARIABLE, CORRECT);

function set(identifier: string, value: string): string {
	return element('qti-set-outcome-value', { identifier }, value);
}

function base(type: string, value: string): string {
	return element('qti-base-value', { 'base-type': type }, escapeXml(value));
}

function prompt(markdown: string): string {
	return element('qti-prompt', {}, markdownToHtml(markdown));
}

function simpleChoice({ id, text }: { id: string; text: string }): string {
	return element('qti-simple-choice', { identifier: id }, markdownToInlineHtml(text));
}

function reasons(choices: readonly FrozenChoice[]): [string, string][] {
	return choices.map(({ id, rationale }) => [id, rationale]);
}

/** FEEDBACK becomes all of these. */
function showAll(identifiers: readonly string[]): string {
	const values = identifiers.map((identifier) => base('identifier', identifier));
	return set('FEEDBACK', element('qti-multiple', {}, ...values));
}

function partsOf(item: FrozenItem): Parts {
	const { answers, leadIn } = item;
	switch (answers.type) {
		case 'choice':
			return choiceParts(answers, leadIn);
		case 'order': {
			const { choices, shown } = answers;
			const byId = new Map(choices.map((choice) => [choice.id, choice]));
			const asShown = shown.flatMap((id) => byId.get(id) ?? []);
			const attributes = { 'response-identifier': 'RESPONSE', shuffle: 'true' };
			const ids = choices.map(({ id }) => id);
			return {
				response: declaration('ordered', 'identifier', ids),
				interaction: element(
					'qti-order-interaction',
					attributes,
					prompt(leadIn),
					...asShown.map(simpleChoice),
				),
				test: MATCH,
				feedback: showAll(ids),
				rationales: reasons(choices),
			};
		}
		case 'match':
			return matchParts(answers, leadIn);
		case 'numeric':
			return numericParts(answers, leadIn);
	}
}

type AnswersOf<T> = Extract<FrozenItem['answers'], { type: T }>;

function choiceParts({ choices, correct }: AnswersOf<'choice'>, leadIn: string): Parts {
	const isSingle = correct.length === 1;
	const attributes = {
		...{ 'response-identifier': 'RESPONSE', shuffle: 'true' },
		'max-choices': isSingle ? 1 : correct.length,
	};
	return {
		response: declaration(isSingle ? 'single' : 'multiple', 'identifier', correct),
		interaction: element(
			'qti-choice-interaction',
			attributes,
			prompt(leadIn),
			...choices.map(simpleChoice),
		),
		test: MATCH,
		feedback: set('FEEDBACK', isSingle ? element('qti-multiple', {}, VARIABLE) : VARIABLE),
		rationales: reasons(choices),
	};
}

function matchParts({ pairs, extra }: AnswersOf<'match'>, leadIn: string): Parts {
	const side = (choices: readonly { id: string; text: string }[]): string =>
		element(
			'qti-simple-match-set',
			{},
			...choices.map(({ id, text }) => {
				const attributes = { identifier: id, 'match-max': 1 };
				return element('qti-simple-associable-choice', attributes, markdownToInlineHtml(text));
			}),
		);
	const lefts = pairs.map(({ left }) => left);
	// In the order of their opaque ids, so that partners do not stand side by side.
	const rights = [...pairs.map(({ right }) => right), ...extra].sort((a, b) =>
		a.id < b.id ? -1 : 1,
	);
	const attributes = {
		...{ 'response-identifier': 'RESPONSE', shuffle: 'true' },
		'max-associations': pairs.length,
	};
	return {
		response: declaration(
			'multiple',
			'directedPair',
			pairs.map(({ left, right }) => `${left.id} ${right.id}`),
		),
		interaction: element(
			'qti-match-interaction',
			attributes,
			prompt(leadIn),
			side(lefts),
			side(rights),
		),
		test: MATCH,
		feedback: showAll([...lefts, ...extra].map(({ id }) => id)),
		rationales: reasons([...lefts, ...extra]),
	};
}

function numericParts(answers: AnswersOf<'numeric'>, leadIn: string): Parts {
	const { value, tolerance, unit, traps } = answers;
	const band = { 'tolerance-mode': 'absolute', tolerance: `${tolerance} ${tolerance}` };
	const mode = tolerance === 0 ? { 'tolerance-mode': 'exact' } : band;
	const gap = element('qti-text-entry-interaction', {
		...{ 'response-identifier': 'RESPONSE', 'expected-length': 12 },
		...(unit === null ? {} : { 'data-unit': unit }),
	});
	const behind = unit === null ? '' : ` ${escapeXml(unit)}`;
	return {
		response: declaration('single', 'float', [String(value)]),
		interaction: `${markdownToHtml(leadIn)}${element('p', {}, gap, behind)}`,
		test: element('qti-equal', mode, VARIABLE, CORRECT),
		feedback: traps
			.map((trap, i) => {
				const test = element('qti-equal', mode, VARIABLE, base('float', String(trap.value)));
				const shown = set('FEEDBACK', element('qti-multiple', {}, base('identifier', `trap-${i}`)));
				return element('qti-response-condition', {}, element('qti-response-if', {}, test, shown));
			})
			.join(''),
		rationales: traps.map(({ rationale }, i) => [`trap-${i}`, rationale]),
	};
}
