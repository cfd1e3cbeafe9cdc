/** Names and data types of fields and components, as HL7 v2.5.1 has them. */
import { DATA_TYPES } from './data-types.ts';
import { CONTROL_FIELDS } from './fields-control.ts';
import { ORDER_FIELDS } from './fields-orders.ts';
import { PATIENT_FIELDS } from './fields-patient.ts';

/** A field of a segment, or a component of a data type. */
export interface Er7Definition {
	readonly name: string;
	/** "Varies" for a field whose type another field tells, such as OBX-5. */
	readonly dataType: string;
	readonly repeats: boolean;
}

function definitionsOf(tables: Readonly<Record<string, string>>): Map<string, Er7Definition[]> {
	return new Map(
		Object.entries(tables).map(([id, rows]) => [id, rows.trim().split('\n').map(row)]),
	);
}

function row(line: string): Er7Definition {
	const [, dataType = '', star, name = ''] = /^\s*(\w+)(\*?) (.+)$/.exec(line) ?? [];
	return { name, dataType, repeats: star === '*' };
}

const SEGMENTS = definitionsOf({ ...CONTROL_FIELDS, ...PATIENT_FIELDS, ...ORDER_FIELDS });
const COMPONENTS = definitionsOf(DATA_TYPES);

/** The field with this number, from 1; undefined when the table does not have it. */
export function fieldDefinition(segmentId: string, field: number): Er7Definition | undefined {
	return SEGMENTS.get(segmentId)?.[field - 1];
}

/** The component with this number, from 1; undefined for a primitive type or one not in the table. */
export function componentDefinition(
	dataType: string,
	component: number,
): Er7Definition | undefined {
	return COMPONENTS.get(dataType)?.[component - 1];
}
