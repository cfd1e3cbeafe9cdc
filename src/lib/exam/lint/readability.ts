/** Sentences end before a capital, so that "PS3.8" and "e.g." do not end one; lines of lists end one, too. */
const SENTENCE_END = /[.?!:;](?:\s+(?=[A-Z*"“(])|\s*$)|\n\s*\n|\n(?=\s*[-*\d|])/;

/** Vowel groups of a word, without a silent "e"; at least one. */
function syllables(word: string): number {
	const groups = word.replace(/e$/, '').match(/[aeiouy]+/g);
	return Math.max(groups?.length ?? 1, 1);
}

/**
 * The Flesch-Kincaid grade level of an English text (Kincaid et al. 1975): school years needed to read it.
 * Numbers, abbreviations and terms with digits are spelled out by nobody and count as one syllable. Texts of
 * less than two dozen words get 0, because the formula means nothing there.
 */
export function gradeLevel(text: string): number {
	const words = text.match(/[A-Za-z0-9][A-Za-z0-9'’.,/-]*/g) ?? [];
	if (words.length < 24) return 0;
	const sentences = text.split(SENTENCE_END).filter((part) => /[A-Za-z]{2}/.test(part)).length;
	const total = words.reduce(
		(sum, word) =>
			sum +
			(/^[a-z]|^[A-Z][a-z]/.test(word) && !/\d/.test(word) ? syllables(word.toLowerCase()) : 1),
		0,
	);
	return 0.39 * (words.length / Math.max(sentences, 1)) + 11.8 * (total / words.length) - 15.59;
}
