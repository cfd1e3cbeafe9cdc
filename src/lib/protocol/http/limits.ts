/** How much of a peer's message is taken. Sizes are in bytes and include line ends. */
export interface HttpLimits {
	/** The request or status line; RFC 9112 section 3 recommends at least 8000. */
	readonly startLineBytes: number;
	readonly fieldCount: number;
	/** All field lines of a head, and again all of a trailer section. */
	readonly fieldBytes: number;
	/** A chunk-size line with its extensions. */
	readonly chunkLineBytes: number;
	/** The content without framing. */
	readonly bodyBytes: number;
}

export const DEFAULT_HTTP_LIMITS: HttpLimits = {
	startLineBytes: 8_192,
	fieldCount: 100,
	fieldBytes: 32_768,
	chunkLineBytes: 256,
	bodyBytes: 10 * 1024 * 1024,
};
