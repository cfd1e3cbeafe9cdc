import { isAiken, readAiken } from './aiken.ts';
import type { Imported, ImportFormat, ReadQuestion, Refused } from './draft.ts';
import { readGift } from './gift.ts';
import { LIMITS } from './limits.ts';
import { makeOwnItem, type Origin } from './make-own-item.ts';
import { readMoodleXml } from './moodle-xml.ts';
import { isQti, readQtiItem } from './qti-import.ts';
import { readContentPackage } from './read-content-package.ts';
import { isZip } from './read-package.ts';
import { readText } from './read-text.ts';
import { parseXml } from './xml-tree.ts';

export interface ImportOptions extends Origin {
	/** Of the file, for messages. */
	name: string;
	format: ImportFormat | 'auto';
}

/** Questions of GIFT may begin with HTML, so a `<` alone does not tell. */
const XML_START =
	/^\s*<(?:\?xml|!|(?:[\w-]+:)?(?:quiz|(?:qti-)?assessment-?\w+|questestinterop)\b)/i;

interface ReadFile {
	format: ImportFormat | null;
	questions: ReadQuestion[];
}

/**
 * Reads a file of questions from another program. Each question is taken over exactly or refused with a
 * reason; whatever the bytes are, this never throws. At most 500 items are taken over.
 */
export function importFile(bytes: Uint8Array, options: ImportOptions): Imported {
	const { format, questions } = readFile(bytes, options);
	const accepted: Imported['accepted'] = [];
	const refused: Refused[] = [];
	for (const question of questions) {
		if (!question) continue;
		if ('refused' in question) refused.push(question.refused);
		else if (accepted.length >= LIMITS.items) {
			const { title, line } = question.draft;
			const reason = `Only ${LIMITS.items} questions fit into one collection.`;
			refused.push({ title: title || 'Untitled', line, reason });
		} else {
			const made = makeOwnItem(question.draft, accepted.length + 1, options);
			if ('item' in made) accepted.push(made);
			else refused.push(made);
		}
	}
	if (accepted.length === 0 && refused.length === 0) {
		refused.push(whole(options.name, 'There is no question in it.'));
	}
	return { format, accepted, refused: shortened(refused) };
}

function whole(title: string, reason: string, line: number | null = null): Refused {
	return { title: title.slice(0, 120) || 'The file', line, reason };
}

function shortened(refused: readonly Refused[]): Refused[] {
	const more = refused.length - LIMITS.refused;
	const shown = refused.slice(0, LIMITS.refused);
	return more > 0 ? [...shown, whole('And more', `${more} more questions were refused.`)] : shown;
}

function readFile(bytes: Uint8Array, { name, format }: ImportOptions): ReadFile {
	const refuse = (reason: string, line: number | null = null): ReadFile => {
		const known = format === 'auto' ? null : format;
		return { format: known, questions: [{ refused: whole(name, reason, line) }] };
	};
	if (isZip(bytes)) {
		if (format !== 'auto' && format !== 'qti')
			return refuse('It is a package, but only QTI comes in packages.');
		return { format: 'qti', questions: readContentPackage(bytes) };
	}
	const read = readText(bytes);
	if ('problem' in read) return refuse(read.problem);
	const { text } = read;
	if (format === 'gift') return { format, questions: readGift(text) };
	if (format === 'aiken') return { format, questions: readAiken(text) };
	if (format !== 'auto' || XML_START.test(text)) return readXml(text, format, refuse);
	if (isAiken(text)) return { format: 'aiken', questions: readAiken(text) };
	if (!text.includes('{')) {
		return refuse('It is none of the formats that are understood: GIFT, Aiken, Moodle XML, QTI.');
	}
	return { format: 'gift', questions: readGift(text) };
}

function readXml(
	text: string,
	format: ImportFormat | 'auto',
	refuse: (reason: string, line?: number) => ReadFile,
): ReadFile {
	const parsed = parseXml(text);
	if ('problem' in parsed) {
		return refuse(`It is not well-formed XML: ${parsed.problem.message}.`, parsed.problem.line);
	}
	const { root } = parsed;
	if (root.name === 'quiz' && format !== 'qti') {
		return { format: 'moodle-xml', questions: readMoodleXml(root) };
	}
	if (isQti(root) && format !== 'moodle-xml')
		return { format: 'qti', questions: [readQtiItem(root)] };
	if (root.name === 'questestinterop') {
		return refuse('It is QTI 1.x. Export it as QTI 2.x or 3.', root.line);
	}
	return refuse(
		`Its outermost element is <${root.name}>, which is not understood here.`,
		root.line,
	);
}
