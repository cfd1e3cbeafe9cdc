/** How something is to be taken. Always shown together with a shape and words. */
export type Tone = 'good' | 'warning' | 'bad' | 'neutral';

/** Something worth saying about what was read, in a sentence. */
export interface Remark {
	readonly tone: Tone;
	readonly text: string;
	/** The clause that says so, such as `PS3.5 6.1.2.3`. */
	readonly clause?: string;
}
