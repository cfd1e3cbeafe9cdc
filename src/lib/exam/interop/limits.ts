/** What an imported file may be at most. Everything beyond is refused, never cut. */
export const LIMITS = {
	/** Of the file, and of each file inside a package once unpacked. */
	fileBytes: 2_000_000,
	items: 500,
	/** Problems beyond these are summed up in one line. */
	refused: 500,
	xml: { depth: 64, nodes: 100_000, attributes: 64, textCharacters: 2_000_000 },
	/** Deeper elements of HTML in texts are flattened. */
	htmlDepth: 24,
	zip: {
		entries: 2_000,
		pathCharacters: 240,
		/** Of everything unpacked. */
		totalBytes: 20_000_000,
		/** Unpacked by packed bytes, counted over the whole package. */
		ratio: 200,
	},
	/** What the pages can show and the answers can hold. */
	stemCharacters: 20_000,
	textCharacters: 4_000,
	choices: 10,
	ordered: 8,
} as const;
