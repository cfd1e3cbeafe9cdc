import { encodeText } from '#lib/protocol/dicom/dataset/character-sets.ts';
import { DataSetError } from '#lib/protocol/dicom/dataset/data-set-error.ts';
import type { AcquisitionContext } from './acquisition-context.ts';

const PLAIN = /^[\x20-\x5b\x5d-\x7d]*$/;

function isEncodable(text: string, terms: readonly string[]): boolean {
	// The same in every character set; most text is.
	if (PLAIN.test(text)) return true;
	try {
		encodeText(text, terms, '');
		return true;
	} catch (error) {
		if (error instanceof DataSetError) return false;
		throw error;
	}
}

/** A question mark for each character that is in none of the character sets. */
function deviceText(text: string, terms: readonly string[]): string {
	if (isEncodable(text, terms)) return text;
	return [...text].map((one) => (isEncodable(one, terms) ? one : '?')).join('');
}

/** Plain data with its texts as a device writes them that knows only these character sets. */
export function deviceTexts<T extends object>(record: T, terms: readonly string[]): T {
	const written = (value: unknown): unknown => {
		if (typeof value === 'string') return deviceText(value, terms);
		return typeof value === 'object' && value !== null ? deviceTexts(value, terms) : value;
	};
	if (Array.isArray(record)) return record.map(written) as T;
	const entries = Object.entries(record).map(([key, value]: [string, unknown]) => [
		key,
		written(value),
	]);
	return Object.fromEntries(entries) as T;
}

/** The single values of a Specific Character Set (0008,0005); none for the default repertoire. */
export function termsOf(specificCharacterSet: string): readonly string[] {
	return specificCharacterSet === '' ? [] : specificCharacterSet.split('\\');
}

/** The values of (0008,0005); none for the default repertoire. */
export function characterSetTerms(ctx: AcquisitionContext): readonly string[] {
	return termsOf(ctx.specificCharacterSet);
}

/**
 * The context as a device writes it that knows only its own character set: what it cannot write becomes
 * a question mark, in the way many devices do it.
 */
export function asDeviceWrites(ctx: AcquisitionContext): AcquisitionContext {
	const terms = characterSetTerms(ctx);
	return {
		...ctx,
		patient: deviceTexts(ctx.patient, terms),
		order: deviceTexts(ctx.order, terms),
		equipment: deviceTexts(ctx.equipment, terms),
		operator: deviceText(ctx.operator, terms),
	};
}
