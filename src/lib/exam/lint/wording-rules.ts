import type { Item } from '../item/item-schema.ts';
import { textsOf, withoutCode, type ItemText, type TextRole } from './item-texts.ts';
import type { Flaw, ItemRule } from './rule.ts';

/** Words that must not stand in texts of some roles. */
interface Forbidden {
	pattern: RegExp;
	/** `%` stands for what was found. */
	message: string;
	roles?: readonly TextRole[];
}

const MARKDOWN: readonly TextRole[] = [
	'stem',
	'lead-in',
	'choice',
	'rationale',
	'explanation',
	'caption',
	'alt',
];

/** E04: choices are shuffled, so no text may name one by letter or place. */
const PLACES: readonly Forbidden[] = [
	{
		pattern: /\b(?:[Oo]ptions?|[Cc]hoices?|[Aa]nswers?|[Dd]istractors?) [A-H]\b(?![-'’])/,
		message: '"%" names a choice by letter, but choices are shuffled',
	},
	{
		pattern: /\b(?:first|second|third|fourth|fifth|last) (?:option|choice|answer|distractor)\b/i,
		message: '"%" names a choice by place, but choices are shuffled',
		roles: ['stem', 'lead-in', 'choice', 'rationale', 'explanation'],
	},
	{
		pattern: /\b(?:option|choice|answer) (?:above|below)\b/i,
		message: '"%" names a choice by place, but choices are shuffled',
	},
];

/** E05: choices made of other choices. */
const COMBINED: readonly Forbidden[] = [
	{
		pattern:
			/\b(?:all|none|any|some|both|neither) of (?:the )?(?:above|below|these|those|other options|options|others)\b/i,
		message: '"%" is not a choice of its own',
		roles: ['choice'],
	},
	{
		pattern: /^(?:[Bb]oth )?[A-H],?(?: (?:and|or|&) |, ?)[A-H](?:,? (?:and|or) [A-H])?\.?$/,
		message: '"%" combines other choices',
		roles: ['choice'],
	},
];

/** E13: what a renderer could run or load. Code spans are quoted and harmless. */
const MARKUP: readonly Forbidden[] = [
	{ pattern: /<[a-z!/?][^<>]*>/i, message: '"%" is HTML; put it in a code span', roles: MARKDOWN },
	{ pattern: /!\[[^\]]*\]\([^)]*\)/, message: '"%" loads a picture', roles: MARKDOWN },
	{
		pattern: /\]\((?!https:\/\/)[^)]*\)/,
		message: '"%" is not a link to an https address',
		roles: MARKDOWN,
	},
	{
		pattern: /\b(?:javascript|vbscript|data):\S/i,
		message: '"%" is a script-like link',
		roles: MARKDOWN,
	},
];

/** E15: names of sites and manners of speaking that betray recalled exam content. */
const RECALLED: readonly Forbidden[] = [
	{
		pattern:
			/\b(?:exam ?topics|brain ?dumps?|pass4sure|testking|dumpsbase|quizlet|course ?hero|actual exam|real exam questions?|recalled (?:question|item)s?|on the (?:real )?(?:CIIP|PARCA|ABII) exam)\b/i,
		message: '"%": items are original work, not recalled exam content',
	},
];

/** E11: brands; products of the trade are not named, because no vendor is better or worse here. */
const BRANDS: readonly Forbidden[] = [
	{
		pattern:
			/\b(?:GE Healthcare|GE HealthCare|Siemens|Healthineers|Philips|Fujifilm|Synapse|Agfa|Sectra|Carestream|McKesson|Change Healthcare|Merge Healthcare|Cerner|Meditech|Epic (?:Radiant|Systems)|Intelerad|Hologic|Canon Medical|Konica|Nuance|PowerScribe|Mirth|Rhapsody|Cloverleaf|Corepoint|Orthanc|dcm4chee?|OsiriX|Horos|Hyland|Visage|Barco|NetApp|Dell EMC|Isilon|VMware|Veeam|Commvault)\b/,
		message: '"%" is a brand; say what kind of product it is',
	},
];

function forbid(list: readonly Forbidden[]): (item: Item) => Generator<Flaw> {
	return function* (item) {
		for (const text of textsOf(item)) yield* violations(text, list);
	};
}

function* violations({ role, text, keys }: ItemText, list: readonly Forbidden[]): Generator<Flaw> {
	const said = role === 'exhibit' ? text : withoutCode(text);
	for (const { pattern, message, roles } of list) {
		if (roles && !roles.includes(role)) continue;
		const found = pattern.exec(said)?.[0];
		if (found !== undefined) yield { keys, message: message.replace('%', () => found) };
	}
}

/** Rules about words that must not occur. */
export const WORDING_RULES: readonly ItemRule[] = [
	{ id: 'E04', title: 'no text names a choice by letter or place', check: forbid(PLACES) },
	{ id: 'E05', title: 'no choice is made of other choices', check: forbid(COMBINED) },
	{ id: 'E11', title: 'no brand', check: forbid(BRANDS) },
	{ id: 'E13', title: 'no HTML, no pictures, no script-like links', check: forbid(MARKUP) },
	{ id: 'E15', title: 'original work', check: forbid(RECALLED) },
];
