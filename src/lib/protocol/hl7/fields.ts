/**
 * Fields and components, as HL7 v2.5.1 has them. In the tables a line is a data type, `*` when it may
 * repeat, `!` when it is required, `#` and the number of the HL7 table that its values come from, and
 * its name: `CX*! Patient Identifier List`, `ID#0155 Accept Acknowledgment Type`.
 */
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
	/** Optionality R: the field must have a value. */
	readonly required: boolean;
	/** The HL7 table that values must come from, "0155", where it is in `value-tables.ts`. */
	readonly table: string | undefined;
}

function definitionsOf(tables: Readonly<Record<string, string>>): Map<string, Er7Definition[]> {
	return new Map(
		Object.entries(tables).map(([id, rows]) => [id, rows.trim().split('\n').map(row)]),
	);
}

function row(line: string): Er7Definition {
	const [, dataType = '', star, mark, table, name = ''] =
		/^\s*(\w+)(\*?)(!?)(?:#(\d{4}))? (.+)$/.exec(line) ?? [];
	return { name, dataType, repeats: star === '*', required: mark === '!', table };
}

const SEGMENTS = definitionsOf({ ...CONTROL_FIELDS, ...PATIENT_FIELDS, ...ORDER_FIELDS });
const COMPONENTS = definitionsOf(DATA_TYPES);

/** The fields of a segment in their order; none for a segment that the tables do not have. */
export function fieldsOfSegment(segmentId: string): readonly Er7Definition[] {
	return SEGMENTS.get(segmentId) ?? [];
}

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
