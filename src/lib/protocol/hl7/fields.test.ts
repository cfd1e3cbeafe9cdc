import { expect, test } from 'vitest';
import { DATA_TYPES } from './data-types.ts';
import { CONTROL_FIELDS } from './fields-control.ts';
import { ORDER_FIELDS } from './fields-orders.ts';
import { PATIENT_FIELDS } from './fields-patient.ts';
import { componentDefinition, fieldDefinition } from './fields.ts';

const PRIMITIVES = ['DT', 'DTM', 'FT', 'ID', 'IS', 'NM', 'SI', 'ST', 'TM', 'TX'];
/** Composite types that the tables leave out, and the type that another field tells. */
const LEFT_OUT = ['GTS', 'OSD', 'RI', 'Varies'];

test.each([
	['MSH', 18, 'Character Set', 'ID', true],
	['MSH', 21, 'Message Profile Identifier', 'EI', true],
	['EVN', 7, 'Event Facility', 'HD', false],
	['PID', 3, 'Patient Identifier List', 'CX', true],
	['PID', 18, 'Patient Account Number', 'CX', false],
	['PID', 39, 'Tribal Citizenship', 'CWE', true],
	['PD1', 21, 'Military Status', 'IS', false],
	['PV1', 19, 'Visit Number', 'CX', false],
	['PV1', 52, 'Other Healthcare Provider', 'XCN', true],
	['MRG', 7, 'Prior Patient Name', 'XPN', true],
	['ORC', 31, 'Parent Universal Service Identifier', 'CWE', false],
	['OBR', 31, 'Reason for Study', 'CE', true],
	['OBR', 50, 'Parent Universal Service Identifier', 'CWE', false],
	['OBX', 25, 'Performing Organization Medical Director', 'XCN', false],
	['NTE', 4, 'Comment Type', 'CE', false],
	['MSA', 6, 'Error Condition', 'CE', false],
	['ERR', 12, 'Help Desk Contact Point', 'XTN', true],
	['IPC', 9, 'Scheduled Station AE Title', 'ST', false],
	['ZDS', 1, 'Study Instance UID', 'RP', false],
	['AL1', 6, 'Identification Date', 'DT', false],
	['DG1', 21, 'Diagnosis Action Code', 'ID', false],
	['TXA', 23, 'Distributed Copies', 'XCN', true],
	['SCH', 27, 'Filler Order Number', 'EI', true],
	['PV2', 49, 'Notify Clergy Code', 'IS', true],
	['FHS', 12, 'Reference File Control ID', 'ST', false],
	['BHS', 9, 'Batch Name/ID/Type', 'ST', false],
	['BTS', 3, 'Batch Totals', 'NM', true],
	['FTS', 1, 'File Batch Count', 'NM', false],
	['MFI', 6, 'Response Level Code', 'ID', false],
	['MFE', 5, 'Primary Key Value Type', 'ID', true],
])('%s-%i is %s', (segment, field, name, dataType, repeats) => {
	expect(fieldDefinition(segment, field)).toMatchObject({ name, dataType, repeats });
});

test.each([
	['CX', 10],
	['XPN', 14],
	['XCN', 23],
	['HD', 3],
	['EI', 4],
	['CE', 6],
	['CWE', 9],
	['PL', 11],
	['TS', 2],
	['XAD', 14],
	['XTN', 12],
])('%s has %i components', (dataType, count) => {
	expect(componentDefinition(dataType, count)?.name).not.toBe('');
	expect(componentDefinition(dataType, count + 1)).toBeUndefined();
});

test('every line of the tables is well formed and its type is known', () => {
	const known = [...PRIMITIVES, ...LEFT_OUT, ...Object.keys(DATA_TYPES)];
	const tables = { ...CONTROL_FIELDS, ...PATIENT_FIELDS, ...ORDER_FIELDS, ...DATA_TYPES };
	for (const rows of Object.values(tables)) {
		for (const row of rows.trim().split('\n')) {
			const [, dataType = ''] = /^\s*(\w+)\*?!?(?:#\d{4})? [A-Z]\S*( \S+)*$/.exec(row) ?? [];
			expect(known, row).toContain(dataType);
		}
	}
});

test('what is not in the tables has no definition', () => {
	expect(fieldDefinition('ZZZ', 1)).toBeUndefined();
	expect(fieldDefinition('PID', 40)).toBeUndefined();
	expect(componentDefinition('ST', 1)).toBeUndefined();
});
