/** The elements of group 0000 that current services use (PS3.7 Annex E.1). Retired ones are skipped on reading. */

type CommandVr = 'UI' | 'US' | 'AE' | 'LO' | 'AT' | 'UL';

/** Element number within group 0000, keyword and VR, in ascending order. */
const COMMAND_ELEMENTS = [
	[0x0000, 'CommandGroupLength', 'UL'],
	[0x0002, 'AffectedSOPClassUID', 'UI'],
	[0x0003, 'RequestedSOPClassUID', 'UI'],
	[0x0100, 'CommandField', 'US'],
	[0x0110, 'MessageID', 'US'],
	[0x0120, 'MessageIDBeingRespondedTo', 'US'],
	[0x0600, 'MoveDestination', 'AE'],
	[0x0700, 'Priority', 'US'],
	[0x0800, 'CommandDataSetType', 'US'],
	[0x0900, 'Status', 'US'],
	[0x0901, 'OffendingElement', 'AT'],
	[0x0902, 'ErrorComment', 'LO'],
	[0x0903, 'ErrorID', 'US'],
	[0x1000, 'AffectedSOPInstanceUID', 'UI'],
	[0x1001, 'RequestedSOPInstanceUID', 'UI'],
	[0x1002, 'EventTypeID', 'US'],
	[0x1005, 'AttributeIdentifierList', 'AT'],
	[0x1008, 'ActionTypeID', 'US'],
	[0x1020, 'NumberOfRemainingSuboperations', 'US'],
	[0x1021, 'NumberOfCompletedSuboperations', 'US'],
	[0x1022, 'NumberOfFailedSuboperations', 'US'],
	[0x1023, 'NumberOfWarningSuboperations', 'US'],
	[0x1030, 'MoveOriginatorApplicationEntityTitle', 'AE'],
	[0x1031, 'MoveOriginatorMessageID', 'US'],
] as const satisfies readonly (readonly [number, string, CommandVr])[];

type Row = (typeof COMMAND_ELEMENTS)[number];
type ValueOf<Vr> = Vr extends 'UI' | 'AE' | 'LO' ? string : Vr extends 'AT' ? number[] : number;
type Elements = {
	-readonly [R in Row as Exclude<R[1], 'CommandGroupLength'>]?: ValueOf<R[2]>;
};

/**
 * A command set by keyword. Text without padding; AT values as 32-bit tags (0x00080018).
 * The group length belongs to the encoding, not to this object.
 */
export type CommandSet = Elements & { CommandField: number; CommandDataSetType: number };

/** Keyword of a command element that a command set may hold. */
export type CommandKeyword = keyof Elements;

/** One dictionary entry; `element` is the lower half of the tag (0000,eeee). */
export interface CommandElement {
	element: number;
	keyword: CommandKeyword | 'CommandGroupLength';
	vr: CommandVr;
}

const entries: CommandElement[] = COMMAND_ELEMENTS.map(([element, keyword, vr]) => ({
	element,
	keyword,
	vr,
}));

export const COMMAND_ELEMENT_BY_NUMBER: ReadonlyMap<number, CommandElement> = new Map(
	entries.map((entry) => [entry.element, entry]),
);

export const COMMAND_ELEMENT_BY_KEYWORD: ReadonlyMap<string, CommandElement> = new Map(
	entries.map((entry) => [entry.keyword, entry]),
);
