import { expect, test } from 'vitest';
import { DataSet } from './data-set.ts';
import { dumpDataSet } from './dump.ts';
import { UID } from './uids.ts';

test('prints a query as findscu does', () => {
	const query = DataSet.from({
		PatientName: 'DOE^J*',
		PatientID: '',
		ScheduledProcedureStepSequence: [DataSet.from({ Modality: 'CT' })],
	});
	const text = dumpDataSet(query, {
		transferSyntax: UID.LittleEndianExplicit,
		sequences: 'undefined',
		indent: 'I: ',
	});
	expect(text.split('\n')).toEqual([
		'I: ',
		'I: # Dicom-Data-Set',
		'I: # Used TransferSyntax: Little Endian Explicit',
		'I: (0010,0010) PN [DOE^J*]                                 #   6, 1 PatientName',
		'I: (0010,0020) LO (no value available)                     #   0, 0 PatientID',
		'I: (0040,0100) SQ (Sequence with undefined length #=1)     # u/l, 1 ScheduledProcedureStepSequence',
		'I:   (fffe,e000) na (Item with undefined length #=1)         # u/l, 1 Item',
		'I:     (0008,0060) CS [CT]                                     #   2, 1 Modality',
		'I:   (fffe,e00d) na (ItemDelimitationItem)                   #   0, 0 ItemDelimitationItem',
		'I: (fffe,e0dd) na (SequenceDelimitationItem)               #   0, 0 SequenceDelimitationItem',
		'',
	]);
});

test('text looks as in a UTF-8 terminal', () => {
	const utf8 = DataSet.from({ SpecificCharacterSet: 'ISO_IR 192', PatientName: 'Müller' });
	expect(dumpDataSet(utf8, { transferSyntax: UID.LittleEndianExplicit })).toContain(
		'(0010,0010) PN [Müller]                                #   8, 1 PatientName',
	);
	const latin1 = DataSet.from({ SpecificCharacterSet: 'ISO_IR 100', PatientName: 'Müller' });
	expect(dumpDataSet(latin1, { transferSyntax: UID.LittleEndianExplicit })).toContain(
		'[M\ufffdller]',
	);
});
