import type { FieldValue, FieldView } from '#lib/hospital/console-view.ts';

/** Why a value cannot be sent, in words; undefined when it can. The device itself still decides. */
export function fieldProblem(
	field: FieldView,
	value: FieldValue | undefined,
	required = false,
): string | undefined {
	const empty = value === undefined || value === '';
	if (empty) return required || field.kind === 'integer' ? 'A value is needed.' : undefined;
	if (field.kind === 'text' && typeof value === 'string') {
		const { maximumLength } = field;
		return maximumLength !== undefined && value.length > maximumLength
			? `At most ${maximumLength} characters.`
			: undefined;
	}
	if (field.kind !== 'integer') return undefined;
	if (typeof value !== 'number') return 'A whole number is needed.';
	const { minimum = -Infinity, maximum = Infinity } = field;
	if (value < minimum) return `At least ${minimum}.`;
	return value > maximum ? `At most ${maximum}.` : undefined;
}
