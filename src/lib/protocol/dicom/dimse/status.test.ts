import { expect, test } from 'vitest';
import { statusOf, type DimseService } from './status.ts';

test.each<[DimseService, number, string, string, string]>([
	['C-ECHO', 0x0000, 'success', 'Success', 'PS3.7 Annex C'],
	['C-ECHO', 0x0122, 'failure', 'Unknown Status: 0x122', 'PS3.7 Annex C'],
	['C-STORE', 0xa700, 'failure', 'Refused: OutOfResources', 'PS3.4 Table B.2-1'],
	['C-STORE', 0xa702, 'failure', 'Refused: OutOfResources', 'PS3.4 Table B.2-1'],
	['C-STORE', 0xa9ff, 'failure', 'Error: DataSetDoesNotMatchSOPClass', 'PS3.4 Table B.2-1'],
	['C-STORE', 0xc123, 'failure', 'Error: CannotUnderstand', 'PS3.4 Table B.2-1'],
	['C-STORE', 0xb000, 'warning', 'Warning: CoercionOfDataElements', 'PS3.4 Table B.2-1'],
	['C-STORE', 0xb007, 'warning', 'Warning: DataSetDoesNotMatchSOPClass', 'PS3.4 Table B.2-1'],
	['C-STORE', 0x0122, 'failure', 'Refused: SOPClassNotSupported', 'PS3.7 Annex C'],
	['C-STORE', 0x0124, 'failure', 'Unknown Status: 0x124', 'PS3.7 Annex C'],
	['C-STORE', 0x0111, 'failure', 'Unknown Status: 0x111', 'PS3.7 Annex C'],
	['C-FIND', 0xa700, 'failure', 'Refused: OutOfResources', 'PS3.4 Table C.4-1'],
	['C-FIND', 0xa701, 'failure', 'Unknown Status: 0xa701', 'PS3.7 Annex C'],
	['C-FIND', 0xff01, 'pending', 'Pending: WarningUnsupportedOptionalKeys', 'PS3.4 Table C.4-1'],
	['C-FIND', 0xb001, 'warning', 'Unknown Status: 0xb001', 'PS3.7 Annex C'],
	['C-MOVE', 0xa801, 'failure', 'Refused: MoveDestinationUnknown', 'PS3.4 Table C.4-2'],
	[
		'C-MOVE',
		0xb000,
		'warning',
		'Warning: SubOperationsCompleteOneOrMoreFailures',
		'PS3.4 Table C.4-2',
	],
	['C-GET', 0xa801, 'failure', 'Unknown Status: 0xa801', 'PS3.7 Annex C'],
	['C-MOVE', 0xff00, 'pending', 'Pending', 'PS3.4 Table C.4-2'],
	['N-CREATE', 0x0111, 'failure', 'Failure: DuplicateSOPInstance', 'PS3.7 Annex C'],
	['N-SET', 0x0111, 'failure', 'Unknown Status: 0x111', 'PS3.7 Annex C'],
	['N-SET', 0x0116, 'warning', 'Warning: AttributeValueOutOfRange', 'PS3.7 Annex C'],
	['N-ACTION', 0xc001, 'failure', 'Failed: UnableToProcess', 'PS3.7 Annex C'],
	['N-GET', 0x0001, 'warning', 'Unknown Status: 0x1', 'PS3.7 Annex C'],
])('%s %i is a %s: %s', (service, code, category, dcmtkText, source) => {
	expect(statusOf(service, code)).toMatchObject({ code, category, dcmtkText, source });
});

test('the same code means another thing in another service', () => {
	expect(statusOf('C-STORE', 0xb000).name).toBe('Coercion of data elements');
	expect(statusOf('C-MOVE', 0xb000).name).toBe(
		'Sub-operations complete, one or more failures or warnings',
	);
});
