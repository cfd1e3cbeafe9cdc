import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { importFile } from './import-file.ts';

const OPTIONS = {
	name: 'file.xml',
	format: 'auto',
	objective: 'own.test',
	created: '2026-11-23',
} as const;
const read = (text: string) => importFile(new TextEncoder().encode(text), OPTIONS);

const MOODLE = `<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="category"><category><text>x</text></category></question>
<question type="multichoice">
	<name><text>Single</text></name>
	<questiontext format="html"><text><![CDATA[<p>Which <em>level</em>?</p><ul><li>a<li>b</ul><p>Say.</p>]]></text></questiontext>
	<generalfeedback format="html"><text>All &lt;b&gt;told&lt;/b&gt;.</text></generalfeedback>
	<single>true</single>
	<answer fraction="100" format="html"><text>Study</text><feedback format="html"><text>Yes.</text></feedback></answer>
	<answer fraction="0" format="html"><text>Ward</text><feedback><text>No.</text></feedback></answer>
	<answer fraction="50" format="plain_text"><text>a*b</text></answer>
</question>
<question type="multichoice"><name><text>Multi</text></name><questiontext format="markdown"><text>Which **two**?</text></questiontext>
	<single>false</single>
	<answer fraction="50"><text>a</text></answer><answer fraction="50"><text>b</text></answer><answer fraction="-100"><text>c</text></answer>
</question>
<question type="truefalse"><name><text>TF</text></name><questiontext><text>So?</text></questiontext>
	<answer fraction="0"><text>true</text></answer><answer fraction="100"><text>false</text><feedback><text>Right.</text></feedback></answer>
</question>
<question type="numerical"><name><text>Number</text></name><questiontext><text>How long?</text></questiontext>
	<answer fraction="100"><text>1.5e3</text><tolerance>10</tolerance></answer>
	<answer fraction="0"><text>15</text><feedback><text>Factor 100.</text></feedback></answer>
	<answer fraction="0"><text>*</text><feedback><text>No.</text></feedback></answer>
	<units><unit><multiplier>1</multiplier><unit_name>ms</unit_name></unit><unit><multiplier>0.001</multiplier><unit_name>s</unit_name></unit></units>
</question>
<question type="matching"><name><text>Match</text></name><questiontext><text>Pair.</text></questiontext>
	<subquestion><text>DICOM</text><answer><text>images</text></answer></subquestion>
	<subquestion><text>HL7</text><answer><text>messages</text></answer></subquestion>
	<subquestion><text></text><answer><text>letters</text></answer></subquestion>
</question>
<question type="ordering"><name><text>Order</text></name><questiontext><text>Sort.</text></questiontext>
	<answer fraction="2"><text>second</text></answer><answer fraction="1"><text>first</text></answer><answer fraction="3"><text>third</text></answer>
</question>
<question type="essay"><name><text>Essay</text></name><questiontext><text>Write.</text></questiontext></question>
<question type="calculated"><name><text>Calc</text></name><questiontext><text>{a}</text></questiontext></question>
<question type="matching"><name><text>Shared</text></name><questiontext><text>Pair.</text></questiontext>
	<subquestion><text>a</text><answer><text>x</text></answer></subquestion>
	<subquestion><text>b</text><answer><text>x</text></answer></subquestion>
</question>
<question type="stack"><name><text></text></name><questiontext><text>Odd one</text></questiontext></question>
</quiz>`;

test('Moodle XML: six types with keys, reasons, units', () => {
	const { format, accepted, refused } = read(MOODLE);
	expect(format).toBe('moodle-xml');
	expect(accepted.map(({ item }) => item)).toMatchObject([
		{
			...{
				type: 'sba',
				stem: 'Which *level*?\n\n- a\n- b',
				lead_in: 'Say.',
				explanation: 'All **told**.',
			},
			options: [
				{ text: 'Study', correct: true, rationale: 'Yes.' },
				{ text: 'Ward', rationale: 'No.' },
				{ text: 'a\\*b' },
			],
		},
		{ type: 'multi', lead_in: 'Which **two**?' },
		{
			type: 'sba',
			options: [{ text: 'True' }, { text: 'False', correct: true, rationale: 'Right.' }],
		},
		{
			type: 'numeric',
			answer: { value: 1500, tol_abs: 10, unit: 'ms' },
			traps: [{ value: 15, rationale: 'Factor 100.' }],
		},
		{
			type: 'match',
			pairs: [{ left: 'DICOM', right: 'images' }, {}],
			extra: [{ text: 'letters' }],
		},
		{ type: 'order', sequence: [{ text: 'first' }, { text: 'second' }, { text: 'third' }] },
	]);
	expect(accepted[0]?.notes).toEqual(['Part marks were left out: one choice is right.']);
	expect(accepted[0]?.line).toBe(4);
	expect(refused.map(({ title, line, reason }) => [title, line, reason.slice(0, 24)])).toEqual([
		['Essay', 34, 'It is an essay, which is'],
		['Calc', 35, 'It is calculated from da'],
		['Shared', 36, 'Two of the right sides r'],
		['Odd one', 40, 'Questions of the type "s'],
	]);
});

/** An item of QTI 3 from its parts. */
function qti3(body: string, declaration: string, processing: string, more = ''): string {
	return `<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i1" title="Title" adaptive="false">
${declaration}<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
<qti-item-body>${body}</qti-item-body>${processing}${more}</qti-assessment-item>`;
}
const template = (name: string) =>
	`<qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/${name}.xml"/>`;
const declare = (cardinality: string, type: string, inner: string) =>
	`<qti-response-declaration identifier="R" cardinality="${cardinality}" base-type="${type}">${inner}</qti-response-declaration>`;
const correct = (...values: string[]) =>
	`<qti-correct-response>${values.map((v) => `<qti-value>${v}</qti-value>`).join('')}</qti-correct-response>`;
const CHOICES = `<p>Look.</p><qti-choice-interaction response-identifier="R" max-choices="1"><qti-prompt>Which?</qti-prompt>
<qti-simple-choice identifier="A">One<qti-feedback-inline outcome-identifier="F" identifier="A" show-hide="show">Yes</qti-feedback-inline></qti-simple-choice>
<qti-simple-choice identifier="B">Two</qti-simple-choice><qti-simple-choice identifier="C"><img src="c.png" alt="Three"/></qti-simple-choice></qti-choice-interaction>`;
const SINGLE = declare('single', 'identifier', correct('A'));
const ENTRY = '<p>How many? <qti-text-entry-interaction response-identifier="R"/></p>';
const MAPPING = `<qti-mapping default-value="0"><qti-map-entry map-key="A" mapped-value="1"/><qti-map-entry map-key="C" mapped-value="1"/><qti-map-entry map-key="B" mapped-value="-1"/></qti-mapping>`;
const equal = (attributes: string, other: string) =>
	`<qti-response-processing><qti-response-condition><qti-response-if><qti-equal ${attributes}><qti-variable identifier="R"/>${other}</qti-equal><qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">1</qti-base-value></qti-set-outcome-value></qti-response-if></qti-response-condition></qti-response-processing>`;
const RIGHT = '<qti-correct identifier="R"/>';

const MODAL =
	'<qti-modal-feedback outcome-identifier="F" identifier="B" show-hide="show"><qti-content-body><p>No.</p></qti-content-body></qti-modal-feedback>';

test.each([
	[
		'choice by match_correct',
		qti3(CHOICES, SINGLE, template('match_correct'), MODAL),
		{
			...{ type: 'sba', stem: 'Look.', lead_in: 'Which?' },
			options: [
				{ text: 'One', correct: true, rationale: 'Yes' },
				{ text: 'Two', rationale: 'No.' },
				{ text: '\\[Three\\]' },
			],
		},
	],
	[
		'several by map_response',
		qti3(CHOICES, declare('multiple', 'identifier', MAPPING), template('map_response')),
		{ type: 'multi', options: [{ correct: true }, {}, { correct: true }] },
	],
	[
		'a number with an absolute tolerance',
		qti3(
			ENTRY,
			declare('single', 'float', correct('8')),
			equal('tolerance-mode="absolute" tolerance="0.5 0.5"', RIGHT),
		),
		{ type: 'numeric', lead_in: 'How many?', answer: { value: 8, tol_abs: 0.5 } },
	],
	[
		'a number with a relative tolerance that the processing itself names',
		qti3(
			ENTRY,
			declare('single', 'float', ''),
			equal(
				'tolerance-mode="relative" tolerance="5"',
				'<qti-base-value base-type="float">40</qti-base-value>',
			),
		),
		{ type: 'numeric', answer: { value: 40, tol_abs: 2 } },
	],
	[
		'an order',
		qti3(
			'<qti-order-interaction response-identifier="R"><qti-prompt>Sort</qti-prompt><qti-simple-choice identifier="a">A</qti-simple-choice><qti-simple-choice identifier="b">B</qti-simple-choice></qti-order-interaction>',
			declare('ordered', 'identifier', correct('b', 'a')),
			template('match_correct'),
		),
		{ type: 'order', lead_in: 'Sort', sequence: [{ text: 'B' }, { text: 'A' }] },
	],
	[
		'pairs',
		qti3(
			'<qti-match-interaction response-identifier="R"><qti-prompt>Pair</qti-prompt><qti-simple-match-set><qti-simple-associable-choice identifier="a" match-max="1">A</qti-simple-associable-choice><qti-simple-associable-choice identifier="b" match-max="1">B</qti-simple-associable-choice></qti-simple-match-set><qti-simple-match-set><qti-simple-associable-choice identifier="x" match-max="1">X</qti-simple-associable-choice><qti-simple-associable-choice identifier="y" match-max="1">Y</qti-simple-associable-choice></qti-simple-match-set></qti-match-interaction>',
			declare('multiple', 'directedPair', correct('a y', 'b x')),
			template('match_correct'),
		),
		{
			type: 'match',
			pairs: [
				{ left: 'A', right: 'Y' },
				{ left: 'B', right: 'X' },
			],
		},
	],
	[
		'a gap to choose for',
		qti3(
			'<p>The <qti-inline-choice-interaction response-identifier="R"><qti-inline-choice identifier="a">A</qti-inline-choice><qti-inline-choice identifier="b">B</qti-inline-choice></qti-inline-choice-interaction> of it.</p>',
			declare('single', 'identifier', correct('b')),
			template('match_correct'),
		),
		{
			type: 'sba',
			lead_in: 'The \\_\\_\\_\\_\\_ of it.',
			options: [{}, { text: 'B', correct: true }],
		},
	],
	[
		'QTI 2.1 in its spelling',
		`<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="Old" adaptive="false" timeDependent="false">
<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"><correctResponse><value>B</value></correctResponse></responseDeclaration>
<itemBody><choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1"><prompt>Which?</prompt><simpleChoice identifier="A">one</simpleChoice><simpleChoice identifier="B">two</simpleChoice></choiceInteraction></itemBody>
<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/></assessmentItem>`,
		{ type: 'sba', lead_in: 'Which?', options: [{ text: 'one' }, { text: 'two', correct: true }] },
	],
])('QTI: %s', (_, text, item) => {
	const { format, accepted, refused } = read(text);
	expect(refused).toEqual([]);
	expect(format).toBe('qti');
	expect(accepted[0]?.item).toMatchObject(item);
});

const SCORE_SUM =
	'<qti-response-processing><qti-set-outcome-value identifier="SCORE"><qti-sum><qti-variable identifier="R"/></qti-sum></qti-set-outcome-value></qti-response-processing>';
const TWO_STEPS = equal('tolerance-mode="exact"', RIGHT).replace(
	'</qti-response-condition>',
	'<qti-response-else-if><qti-equal tolerance-mode="exact"><qti-variable identifier="R"/><qti-base-value base-type="float">7</qti-base-value></qti-equal><qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">0.5</qti-base-value></qti-set-outcome-value></qti-response-else-if></qti-response-condition>',
);

test.each([
	[
		'adaptive',
		qti3(CHOICES, SINGLE, template('match_correct')).replace('adaptive="false"', 'adaptive="true"'),
		'adaptive',
	],
	[
		'templates',
		qti3(
			CHOICES,
			`<qti-template-declaration identifier="x" cardinality="single" base-type="float"/>${SINGLE}`,
			template('match_correct'),
		),
		'drawn by templates',
	],
	[
		'two interactions',
		qti3(CHOICES + CHOICES, SINGLE, template('match_correct')),
		'2 interactions',
	],
	['no interaction', qti3('<p>x</p>', SINGLE, template('match_correct')), 'nothing to answer'],
	[
		'a hotspot',
		qti3('<qti-hotspot-interaction response-identifier="R"/>', SINGLE, template('match_correct')),
		'pictures are not',
	],
	[
		'an essay',
		qti3(
			'<qti-extended-text-interaction response-identifier="R"/>',
			SINGLE,
			template('match_correct'),
		),
		'essay',
	],
	[
		'unknown interaction',
		qti3('<qti-media-interaction response-identifier="R"/>', SINGLE, template('match_correct')),
		'"media-interaction"',
	],
	['an area map', qti3(CHOICES, SINGLE, template('map_response_point')), 'map_response_point'],
	[
		'a sum',
		qti3(CHOICES, SINGLE, SCORE_SUM),
		'rules of its own that are not understood here (sum)',
	],
	[
		'part marks by rules',
		qti3(ENTRY, declare('single', 'float', correct('8')), TWO_STEPS),
		'different points',
	],
	[
		'words',
		qti3(ENTRY, declare('single', 'string', correct('x')), template('match_correct')),
		'asks for words',
	],
	[
		'no number',
		qti3(ENTRY, declare('single', 'float', correct('x')), template('match_correct')),
		'is no number',
	],
	[
		'no key',
		qti3(CHOICES, declare('single', 'identifier', ''), template('match_correct')),
		'no correct response',
	],
	[
		'a foreign key',
		qti3(CHOICES, declare('single', 'identifier', correct('Z')), template('match_correct')),
		'"Z" is none',
	],
	['undeclared', qti3(CHOICES, '', template('match_correct')), 'not declared'],
])('QTI: refuses %s with the reason', (_, text, reason) => {
	const { accepted, refused } = read(text);
	expect(accepted).toEqual([]);
	expect(refused).toHaveLength(1);
	expect(refused[0]).toMatchObject({ title: 'Title', line: 1 });
	expect(refused[0]?.reason).toContain(reason);
});

const ITEM = qti3(CHOICES, SINGLE, template('match_correct'));
const manifest = (resources: string) =>
	`<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="m"><organizations/><resources>${resources}</resources></manifest>`;

function pack(files: Record<string, string>) {
	return importFile(
		zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)]))),
		OPTIONS,
	);
}

test('a package gives the items of its manifest and of its tests, each once', () => {
	const { accepted, refused } = pack({
		'imsmanifest.xml': manifest(
			'<resource identifier="t" type="imsqti_test_xmlv3p0" href="tests/t.xml"/><resource identifier="a" type="imsqti_item_xmlv3p0" href="items/a.xml"/><resource identifier="c" type="imsqti_item_xmlv3p0" href="items/missing.xml"/><resource identifier="w" type="webcontent" href="x.png"/>',
		),
		'tests/t.xml':
			'<qti-assessment-test identifier="t"><qti-test-part><qti-assessment-section><qti-assessment-item-ref identifier="b" href="../items/b%20two.xml"/><qti-assessment-item-ref identifier="a" href="../items/a.xml"/></qti-assessment-section></qti-test-part></qti-assessment-test>',
		'items/a.xml': ITEM.replace('"Title"', '"A"'),
		'items/b two.xml': ITEM.replace('"Title"', '"B"'),
		'x.png': 'not read',
	});
	expect(accepted.map(({ title }) => title)).toEqual(['B', 'A']);
	expect(refused).toEqual([
		{ title: 'items/missing.xml', line: null, reason: 'The file is missing.' },
	]);
});

test('a package without manifest, and an item in it that is broken', () => {
	expect(pack({ 'a.xml': ITEM }).refused[0]?.reason).toContain('no imsmanifest.xml');
	const { refused } = pack({
		'imsmanifest.xml': manifest(
			'<resource identifier="a" type="imsqti_item_xmlv2p1" href="a.xml"/>',
		),
		'a.xml': ITEM.replace('</qti-item-body>', ''),
	});
	expect(refused[0]).toMatchObject({ title: 'a.xml', line: 5 });
});
