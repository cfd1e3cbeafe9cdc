/** There is no such thing, or it belongs to somebody else: the answer must not tell which. */
export class NotFound extends Error {
	override name = 'NotFound';
}

/** The attempt exists but its world cannot be rebuilt, because its scenario has changed or gone. */
export class AttemptUnavailable extends Error {
	override name = 'AttemptUnavailable';
}
