/** DIMSE statuses by service: name, category, clause, and the text that DCMTK 3.6.7's tools print. */

export type StatusCategory = 'success' | 'warning' | 'failure' | 'cancel' | 'pending';

export type DimseService =
	| 'C-ECHO'
	| 'C-STORE'
	| 'C-FIND'
	| 'C-MOVE'
	| 'C-GET'
	| 'N-EVENT-REPORT'
	| 'N-GET'
	| 'N-SET'
	| 'N-ACTION'
	| 'N-CREATE'
	| 'N-DELETE';

export interface DimseStatus {
	code: number;
	/** Meaning in the words of the standard; 'Unknown' for a code that the service does not define. */
	name: string;
	category: StatusCategory;
	/** What DCMTK 3.6.7 prints, e.g. `Refused: OutOfResources` or `Unknown Status: 0x124`. */
	dcmtkText: string;
	/** Table or clause that defines the code, or the one that defines its category. */
	source: string;
}

/** First code, last code, category, name, DCMTK's text where it has one. */
type Row = readonly [number, number, StatusCategory, string, string?];

const UNABLE_TO_PROCESS: Row = [
	0xc000,
	0xcfff,
	'failure',
	'Unable to process',
	'Failed: UnableToProcess',
];

const RETRIEVE: Row[] = [
	[
		0xa701,
		0xa701,
		'failure',
		'Out of resources: unable to calculate number of matches',
		'Refused: OutOfResourcesNumberOfMatches',
	],
	[
		0xa702,
		0xa702,
		'failure',
		'Out of resources: unable to perform sub-operations',
		'Refused: OutOfResourcesSubOperations',
	],
	[
		0xa900,
		0xa900,
		'failure',
		'Identifier does not match SOP class',
		'Error: DataSetDoesNotMatchSOPClass',
	],
	[
		0xb000,
		0xb000,
		'warning',
		'Sub-operations complete, one or more failures or warnings',
		'Warning: SubOperationsCompleteOneOrMoreFailures',
	],
	UNABLE_TO_PROCESS,
	[
		0xfe00,
		0xfe00,
		'cancel',
		'Sub-operations terminated due to cancel indication',
		'Cancel: SubOperationsTerminatedDueToCancelIndication',
	],
	[0xff00, 0xff00, 'pending', 'Sub-operations are continuing', 'Pending'],
];

const BY_SERVICE: Partial<Record<DimseService, { source: string; rows: Row[] }>> = {
	'C-STORE': {
		source: 'PS3.4 Table B.2-1',
		rows: [
			[0xa700, 0xa7ff, 'failure', 'Out of resources', 'Refused: OutOfResources'],
			[
				0xa900,
				0xa9ff,
				'failure',
				'Data set does not match SOP class',
				'Error: DataSetDoesNotMatchSOPClass',
			],
			[0xb000, 0xb000, 'warning', 'Coercion of data elements', 'Warning: CoercionOfDataElements'],
			[0xb006, 0xb006, 'warning', 'Elements discarded', 'Warning: ElementsDiscarded'],
			[
				0xb007,
				0xb007,
				'warning',
				'Data set does not match SOP class',
				'Warning: DataSetDoesNotMatchSOPClass',
			],
			[0xc000, 0xcfff, 'failure', 'Cannot understand', 'Error: CannotUnderstand'],
		],
	},
	'C-FIND': {
		source: 'PS3.4 Table C.4-1',
		rows: [
			[0xa700, 0xa700, 'failure', 'Out of resources', 'Refused: OutOfResources'],
			[
				0xa900,
				0xa900,
				'failure',
				'Identifier does not match SOP class',
				'Error: DataSetDoesNotMatchSOPClass',
			],
			UNABLE_TO_PROCESS,
			[
				0xfe00,
				0xfe00,
				'cancel',
				'Matching terminated due to cancel request',
				'Cancel: MatchingTerminatedDueToCancelRequest',
			],
			[0xff00, 0xff00, 'pending', 'Matches are continuing', 'Pending'],
			[
				0xff01,
				0xff01,
				'pending',
				'Matches are continuing, one or more optional keys are not supported',
				'Pending: WarningUnsupportedOptionalKeys',
			],
		],
	},
	'C-MOVE': {
		source: 'PS3.4 Table C.4-2',
		rows: [
			...RETRIEVE,
			[0xa801, 0xa801, 'failure', 'Move destination unknown', 'Refused: MoveDestinationUnknown'],
		],
	},
	'C-GET': { source: 'PS3.4 Table C.4-3', rows: RETRIEVE },
};

/** Codes 01xx and 02xx mean the same in every service (PS3.7 Annex C). */
const GENERAL: Row[] = [
	[0x0000, 0x0000, 'success', 'Success', 'Success'],
	[0x0105, 0x0105, 'failure', 'No such attribute', 'Failure: NoSuchAttribute'],
	[0x0106, 0x0106, 'failure', 'Invalid attribute value', 'Failure: InvalidAttributeValue'],
	[0x0107, 0x0107, 'warning', 'Attribute list warning', 'Warning: AttributeListError'],
	[0x0110, 0x0110, 'failure', 'Processing failure', 'Failure: ProcessingFailure'],
	[0x0111, 0x0111, 'failure', 'Duplicate SOP instance', 'Failure: DuplicateSOPInstance'],
	[0x0112, 0x0112, 'failure', 'No such SOP instance', 'Failure: NoSuchSOPInstance'],
	[0x0113, 0x0113, 'failure', 'No such event type', 'Failure: NoSuchEventType'],
	[0x0114, 0x0114, 'failure', 'No such argument', 'Failure: NoSuchArgument'],
	[0x0115, 0x0115, 'failure', 'Invalid argument value', 'Failure: InvalidArgumentValue'],
	[0x0116, 0x0116, 'warning', 'Attribute value out of range', 'Warning: AttributeValueOutOfRange'],
	[0x0117, 0x0117, 'failure', 'Invalid SOP instance', 'Failure: InvalidSOPInstance'],
	[0x0118, 0x0118, 'failure', 'No such SOP class', 'Failure: NoSuchSOPClass'],
	[0x0119, 0x0119, 'failure', 'Class-instance conflict', 'Failure: ClassInstanceConflict'],
	[0x0120, 0x0120, 'failure', 'Missing attribute', 'Failure: MissingAttribute'],
	[0x0121, 0x0121, 'failure', 'Missing attribute value', 'Failure: MissingAttributeValue'],
	[0x0122, 0x0122, 'failure', 'SOP class not supported', 'Refused: SOPClassNotSupported'],
	[0x0123, 0x0123, 'failure', 'No such action', 'Failure: NoSuchAction'],
	[0x0124, 0x0124, 'failure', 'Not authorized'],
	[0x0210, 0x0210, 'failure', 'Duplicate invocation', 'Failure: DuplicateInvocation'],
	[0x0211, 0x0211, 'failure', 'Unrecognized operation', 'Failure: UnrecognizedOperation'],
	[0x0212, 0x0212, 'failure', 'Mistyped argument', 'Failure: MistypedArgument'],
	[0x0213, 0x0213, 'failure', 'Resource limitation', 'Failure: ResourceLimitation'],
];

/** Which of the general codes DCMTK 3.6.7 has a text for, by service (success always has). */
const GENERAL_KNOWN_TO_DCMTK: Record<DimseService, readonly number[]> = {
	'C-ECHO': [],
	'C-STORE': [0x0122],
	'C-FIND': [0x0122],
	'C-MOVE': [0x0122],
	'C-GET': [0x0122],
	'N-EVENT-REPORT': [
		0x0110, 0x0112, 0x0113, 0x0114, 0x0115, 0x0117, 0x0118, 0x0119, 0x0210, 0x0211, 0x0212, 0x0213,
	],
	'N-GET': [0x0107, 0x0110, 0x0112, 0x0116, 0x0117, 0x0118, 0x0119, 0x0210, 0x0212, 0x0213],
	'N-SET': [
		0x0105, 0x0106, 0x0110, 0x0112, 0x0116, 0x0117, 0x0118, 0x0119, 0x0121, 0x0210, 0x0211, 0x0212,
		0x0213,
	],
	'N-ACTION': [
		0x0110, 0x0112, 0x0114, 0x0115, 0x0117, 0x0118, 0x0119, 0x0123, 0x0210, 0x0211, 0x0212, 0x0213,
	],
	'N-CREATE': [
		0x0105, 0x0106, 0x0110, 0x0111, 0x0112, 0x0116, 0x0117, 0x0118, 0x0119, 0x0120, 0x0121, 0x0210,
		0x0211, 0x0212, 0x0213,
	],
	'N-DELETE': [0x0110, 0x0112, 0x0117, 0x0118, 0x0119, 0x0210, 0x0211, 0x0212, 0x0213],
};

/** The meaning of a status code in a service. Any 16-bit code has an answer. */
export function statusOf(service: DimseService, code: number): DimseStatus {
	const unknownText = `Unknown Status: 0x${code.toString(16)}`;
	const table = BY_SERVICE[service];
	const specific = table?.rows.find((row) => code >= row[0] && code <= row[1]);
	if (table !== undefined && specific !== undefined) {
		const [, , category, name, text] = specific;
		return { code, name, category, dcmtkText: text ?? unknownText, source: table.source };
	}
	const general = GENERAL.find((row) => row[0] === code);
	if (general !== undefined) {
		const [, , category, name, text] = general;
		const known = code === 0 || GENERAL_KNOWN_TO_DCMTK[service].includes(code);
		const dcmtkText = known && text !== undefined ? text : unknownText;
		return { code, name, category, dcmtkText, source: 'PS3.7 Annex C' };
	}
	const unableToProcess = service.startsWith('N-') && code >= 0xc000 && code <= 0xcfff;
	return {
		code,
		name: unableToProcess ? 'Unable to process' : 'Unknown',
		category: categoryOf(code),
		dcmtkText: unableToProcess ? 'Failed: UnableToProcess' : unknownText,
		source: 'PS3.7 Annex C',
	};
}

/** The category by the ranges of PS3.7 Annex C; codes outside all ranges count as failures. */
function categoryOf(code: number): StatusCategory {
	if (code === 0x0000) return 'success';
	if (code === 0xff00 || code === 0xff01) return 'pending';
	if (code === 0xfe00) return 'cancel';
	if (code === 0x0001 || code === 0x0107 || code === 0x0116) return 'warning';
	return code >= 0xb000 && code <= 0xbfff ? 'warning' : 'failure';
}
