import { encodeText } from '#lib/protocol/dicom/dataset/character-sets.ts';
import { DataSetError } from '#lib/protocol/dicom/dataset/data-set-error.ts';
import type { AcquisitionContext } from './acquisition-context.ts';

function isEncodable(text: string, terms: readonly string[]): boolean {
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

function deviceTexts<T extends object>(record: T, terms: readonly string[]): T {
	const entries = Object.entries(record).map(([key, value]: [string, unknown]) => {
		if (typeof value === 'string') return [key, deviceText(value, terms)];
		const nested = typeof value === 'object' && value !== null;
		return [key, nested ? deviceTexts(value, terms) : value];
	});
	return Object.fromEntries(entries) as T;
}

/** The values of (0008,0005); none for the default repertoire. */
export function characterSetTerms(ctx: AcquisitionContext): readonly string[] {
	return ctx.specificCharacterSet === '' ? [] : ctx.specificCharacterSet.split('\\');
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
