import type { Item } from '../item/item-schema.ts';
import { textsOf, type ItemText } from './item-texts.ts';
import type { FieldKnowledge, Flaw, ItemRule, LintContext } from './rule.ts';

/** Whether a text stands in an exhibit that breaks the rules of its format on purpose (`with: {faulty: true}`). */
function isFaulty(item: Item, { keys }: ItemText): boolean {
	const exhibit = keys[0] === 'exhibits' ? item.exhibits[Number(keys[1])] : undefined;
	return exhibit?.with['faulty'] === true;
}

const SEGMENT = /^[A-Z][A-Z0-9]{2}\|/;

/** The HL7 v2 messages in a text: each MSH line with the segments below it. */
function messagesIn(text: string): string[] {
	const messages: string[][] = [];
	let open = false;
	for (const line of text.split(/\r\n|\r|\n/)) {
		if (line.startsWith('MSH|')) messages.push([line]);
		else if (open && SEGMENT.test(line)) messages.at(-1)?.push(line);
		open = SEGMENT.test(line) && messages.length > 0;
	}
	return messages.map((lines) => lines.join('\r'));
}

const UID = /(?<![\d.])[0-2](?:\.\d+){5,}(?![\d.]*\d)/g;
/** PS3.5 section 9.1. */
const MOST_UID = 64;

function* uidMistakes(text: string): Generator<string> {
	for (const [uid] of text.matchAll(UID)) {
		if (uid.length > MOST_UID)
			yield `the UID ${uid} has ${uid.length} characters; most is ${MOST_UID}`;
		if (uid.split('.').some((part) => part.length > 1 && part.startsWith('0'))) {
			yield `a component of the UID ${uid} begins with 0`;
		}
	}
}

const TAG = /\(([0-9a-fA-F]{4}),([0-9a-fA-F]{4})\)/g;
/** What a dump prints behind a tag: its VR, and in the end length, multiplicity and keyword. */
const DUMP_VR = /^[ \t]+([A-Z]{2})[ \t]/;
const DUMP_KEYWORD = /^[^\n]*#\s*\d+,\s*\d+\s+([A-Za-z]+)[ \t]*(?:\n|$)/;

/** The attribute named just before a tag, as in "Study Instance UID (0020,000D)". */
function namedBefore(text: string, knowledge: FieldKnowledge): string | undefined {
	const words = text.replace(/[*_`]/g, '').match(/[A-Za-z'’-]+\s*$|[A-Za-z'’-]+(?=\s)/g) ?? [];
	const last = words.slice(-6).map((word) => word.trim().replace(/['’]s$|[^A-Za-z]/g, ''));
	if (!/[A-Za-z)][*_`]* $/.test(text)) return undefined;
	for (let length = last.length; length > 0; length--) {
		const tag = knowledge.tagOf(last.slice(-length).join(''));
		if (tag !== undefined) return tag;
	}
	return undefined;
}

function* tagMistakes(text: string, knowledge: FieldKnowledge): Generator<string> {
	for (const match of text.matchAll(TAG)) {
		const tag = `${match[1]}${match[2]}`.toUpperCase();
		// Groups with odd numbers are private (PS3.5 section 7.8).
		if (Number.parseInt(tag.slice(0, 4), 16) % 2 === 1) continue;
		const entry = knowledge.tag(tag);
		if (!entry) {
			yield `${match[0]} is not in the DICOM dictionary`;
			continue;
		}
		const before = text.slice(text.lastIndexOf('\n', match.index) + 1, match.index);
		const named = namedBefore(before, knowledge);
		if (named !== undefined && named !== tag) {
			yield `${match[0]} is ${entry.keyword}, not what stands before it`;
		}
		const rest = text.slice(match.index + match[0].length);
		const vr = DUMP_VR.exec(rest)?.[1];
		const keyword = DUMP_KEYWORD.exec(rest)?.[1];
		if (vr !== undefined && VRS.has(vr) && !entry.vrs.includes(vr)) {
			yield `${match[0]} has the VR ${entry.vrs.join(' or ')}, not ${vr}`;
		}
		if (keyword !== undefined && keyword !== entry.keyword) {
			yield `${match[0]} is ${entry.keyword}, not ${keyword}`;
		}
	}
}

const VRS: ReadonlySet<string> = new Set(
	'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV'.split(
		' ',
	),
);

/** AE titles as logs and tables write them (PS3.5 section 6.2: 16 characters at most). */
const AE_TITLE = /\b(?:AE ?Title|AET|calling|called)\s*[:=]\s*["'[]?([A-Z][A-Z0-9_-]*)/gi;
const MOST_AE_TITLE = 16;
const PORT = /\bport\s*[:=]?\s*(\d+)\b/gi;

function* addressMistakes(text: string): Generator<string> {
	for (const [, title = ''] of text.matchAll(AE_TITLE)) {
		if (title.length > MOST_AE_TITLE) {
			yield `the AE title ${title} has ${title.length} characters; most is ${MOST_AE_TITLE}`;
		}
	}
	for (const [, port = ''] of text.matchAll(PORT)) {
		if (Number(port) < 1 || Number(port) > 65_535) yield `there is no port ${port}`;
	}
}

/** E10: what stands in an exhibit, and every tag that is taught, agrees with the standards. */
function* agreesWithStandards(item: Item, { knowledge }: LintContext): Generator<Flaw> {
	for (const entry of textsOf(item)) {
		const { role, text, keys } = entry;
		// A wrong choice may be wrong in form, too.
		if (role === 'choice' || isFaulty(item, entry)) continue;
		const mistakes = [...tagMistakes(text, knowledge)];
		if (role === 'exhibit') {
			mistakes.push(...uidMistakes(text), ...addressMistakes(text));
			if (!item.params) mistakes.push(...messagesIn(text).flatMap(knowledge.hl7Mistakes));
		}
		for (const message of mistakes) yield { keys, message };
	}
}

/** Names that everybody knows as nobody's. */
const PLACEHOLDERS: ReadonlySet<string> = new Set(
	'DOE ROE POE COE MOE LOW SAMPLE EXAMPLE TEST PATIENT ANONYMOUS UNKNOWN'.split(' '),
);
const PATIENT_NAMES = [
	/^PID\|(?:[^|\n]*\|){4}([A-Za-z'’-]+)\^/gm,
	/\(0010,0010\)\s+PN\s+\[([A-Za-z'’-]+)\^/g,
];
const IDENTIFIERS: readonly { pattern: RegExp; what: string }[] = [
	{ pattern: /\b\d{3}-\d{2}-\d{4}\b/, what: 'a social security number' },
	{
		pattern: /\b(?:\+?1[ -])?\(?\d{3}\)?[ -]\d{3}-\d{4}\b(?<!555-01\d\d)/,
		what: 'a telephone number (555-0100 to 555-0199 are reserved for examples)',
	},
	{
		pattern:
			/\b[\w.+-]+@(?!(?:[\w-]+\.)*example\.(?:com|org|net|edu)\b)(?!(?:[\w-]+\.)+(?:example|test|invalid|local)\b)[\w-]+\.[\w.-]+\b/,
		what: 'an e-mail address (use example.org)',
	},
];

/** E11: nothing that could be data of a person. */
function* synthetic(item: Item, { knowledge }: LintContext): Generator<Flaw> {
	for (const { text, keys } of textsOf(item)) {
		for (const { pattern, what } of IDENTIFIERS) {
			const found = pattern.exec(text)?.[0];
			if (found !== undefined) yield { keys, message: `"${found}" looks like ${what}` };
		}
		for (const pattern of PATIENT_NAMES) {
			for (const [, family = ''] of text.matchAll(pattern)) {
				if (PLACEHOLDERS.has(family.toUpperCase()) || knowledge.syntheticName(family)) continue;
				yield {
					keys,
					message: `"${family}" could be a real name: use DOE or a name of the simulator`,
				};
			}
		}
	}
}

/** Rules about facts of the trade that stand in texts and exhibits written by hand. */
export const FIELD_RULES: readonly ItemRule[] = [
	{ id: 'E10', title: 'what is shown agrees with the standards', check: agreesWithStandards },
	{ id: 'E11', title: 'no data that could be a person’s', check: synthetic },
];
