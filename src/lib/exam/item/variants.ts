/**
 * So many variants of an item are served: enough that nobody meets one twice in a year, few enough that their
 * exhibits can be kept and every one of them can be checked before it is served.
 */
export const VARIANTS = 40;

/** The seed of a variant, counted from 0. */
export function variantOf(number: number): string {
	return `v${number}`;
}
