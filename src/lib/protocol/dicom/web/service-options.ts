/** How an origin server is set up. */
export interface WebServiceOptions {
	/** Path segments before `/studies`. */
	readonly prefix: readonly string[];
	/** Host and port of URLs for a client that names none (HTTP/1.0). */
	readonly authority: string;
	/** The most results of one search response; the rest is for the next page. */
	readonly resultsMax: number;
	/** A search that matches more than this without a limit is too broad: 413. */
	readonly matchesMax: number;
	/** The most that one response carries, in bytes: 413 beyond it. */
	readonly payloadBytesMax: number;
	/** Of the File Meta Information of what is sent. */
	readonly implementationClassUid: string;
	readonly implementationVersionName: string;
	readonly sourceAeTitle: string;
}

/** What a request is answered with beside its resource. */
export interface ServiceContext {
	readonly options: WebServiceOptions;
	/** Scheme, host and path of this service as the client named them. */
	readonly serviceUri: string;
	/** The Accept field or parameter; undefined: anything. */
	readonly accept: string | undefined;
	readonly query: readonly (readonly [name: string, value: string])[];
}
