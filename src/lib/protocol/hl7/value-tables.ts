/**
 * HL7 tables of HL7 v2.5.1 whose values the standard fixes, by number; user-defined tables are not
 * here, since a site may add to them. One table a line, the values divided by blanks.
 */
const VALUE_TABLES: Readonly<Record<string, string>> = {
	/** Acknowledgment code. */
	'0008': 'AA AE AR CA CE CR',
	/** Order status. */
	'0038': 'A CA CM DC ER HD IP RP SC',
	/** Observation result status. */
	'0085': 'C D F I N O P R S U W X',
	/** Processing ID. */
	'0103': 'D P T',
	/** Order control. */
	'0119':
		'AF CA CH CN CR DC DE DF DR FU HD HR LI NA NW OC OD OE OF OH OK OP OR PA PR PY RE RF RL RO RP ' +
		'RQ RR RU SC SN SR SS UA UC UD UF UH UM UN UR UX XO XR XX',
	/** Result status. */
	'0123': 'A C F I O P R S X Y Z',
	/** Yes or no. */
	'0136': 'N Y',
	/** Accept and application acknowledgment conditions. */
	'0155': 'AL ER NE SU',
	/** Document completion status. */
	'0271': 'AU DI DO IN IP LA PA',
	/** Error severity. */
	'0516': 'E F I W',
};

const SETS = new Map(
	Object.entries(VALUE_TABLES).map(([table, values]) => [table, new Set(values.split(' '))]),
);

/** Whether the table has the value; undefined for a table that is not here. */
export function tableHas(table: string, value: string): boolean | undefined {
	return SETS.get(table)?.has(value);
}
