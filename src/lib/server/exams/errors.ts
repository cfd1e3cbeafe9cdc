/** The question exists but cannot be shown, because its text is at fault. */
export class QuestionUnavailable extends Error {
	override name = 'QuestionUnavailable';
}
