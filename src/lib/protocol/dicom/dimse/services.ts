import type { CommandSet } from './command-dictionary.ts';
import { statusOf } from './status.ts';

/** Command Field values (PS3.7 Annex E.1). A response has the highest bit set. */
export const COMMAND_FIELD = {
	'C-STORE-RQ': 0x0001,
	'C-STORE-RSP': 0x8001,
	'C-GET-RQ': 0x0010,
	'C-GET-RSP': 0x8010,
	'C-FIND-RQ': 0x0020,
	'C-FIND-RSP': 0x8020,
	'C-MOVE-RQ': 0x0021,
	'C-MOVE-RSP': 0x8021,
	'C-ECHO-RQ': 0x0030,
	'C-ECHO-RSP': 0x8030,
	'N-EVENT-REPORT-RQ': 0x0100,
	'N-EVENT-REPORT-RSP': 0x8100,
	'N-GET-RQ': 0x0110,
	'N-GET-RSP': 0x8110,
	'N-SET-RQ': 0x0120,
	'N-SET-RSP': 0x8120,
	'N-ACTION-RQ': 0x0130,
	'N-ACTION-RSP': 0x8130,
	'N-CREATE-RQ': 0x0140,
	'N-CREATE-RSP': 0x8140,
	'N-DELETE-RQ': 0x0150,
	'N-DELETE-RSP': 0x8150,
	'C-CANCEL-RQ': 0x0fff,
} as const;

export type CommandName = keyof typeof COMMAND_FIELD;

const NAMES: ReadonlyMap<number, CommandName> = new Map(
	(Object.keys(COMMAND_FIELD) as CommandName[]).map((name) => [COMMAND_FIELD[name], name]),
);

/** Name of a Command Field, or undefined; a request without a name is answered with status 0x0211. */
export function commandName(commandField: number): CommandName | undefined {
	return NAMES.get(commandField);
}

/** What tells a response from its request (PS3.7 Annex E.1). */
const RESPONSE_BIT = 0x8000;

/** Whether a command answers another one. */
export function isResponse(command: CommandSet): boolean {
	return (command.CommandField & RESPONSE_BIT) !== 0;
}

/** The Command Field of the request that a response answers. */
export function requestFieldOf(response: CommandSet): number {
	return response.CommandField & ~RESPONSE_BIT;
}

/** The one Command Data Set Type that means "no data set"; every other value means that one follows. */
export const NO_DATA_SET = 0x0101;
const DATA_SET_FOLLOWS = 0x0001;

/** Verification SOP Class (PS3.4 Annex A). */
export const VERIFICATION_SOP_CLASS = '1.2.840.10008.1.1';

/** Values of Priority (0000,0700). */
export const PRIORITY = { medium: 0, high: 1, low: 2 } as const;

export type Priority = (typeof PRIORITY)[keyof typeof PRIORITY];

/** C-ECHO-RQ (PS3.7 9.3.5.1). */
export function cEchoRequest(rq: { messageId: number }): CommandSet {
	return {
		AffectedSOPClassUID: VERIFICATION_SOP_CLASS,
		CommandField: COMMAND_FIELD['C-ECHO-RQ'],
		MessageID: rq.messageId,
		CommandDataSetType: NO_DATA_SET,
	};
}

export interface CStoreRequest {
	messageId: number;
	sopClassUid: string;
	sopInstanceUid: string;
	priority?: Priority;
	/** Set on the sub-operations of a C-MOVE: who asked, and with which C-MOVE message. */
	moveOriginator?: { aeTitle: string; messageId: number };
}

/** C-STORE-RQ (PS3.7 9.3.1.1); the data set follows. */
export function cStoreRequest(rq: CStoreRequest): CommandSet {
	const command: CommandSet = {
		AffectedSOPClassUID: rq.sopClassUid,
		CommandField: COMMAND_FIELD['C-STORE-RQ'],
		MessageID: rq.messageId,
		Priority: rq.priority ?? PRIORITY.medium,
		CommandDataSetType: DATA_SET_FOLLOWS,
		AffectedSOPInstanceUID: rq.sopInstanceUid,
	};
	if (rq.moveOriginator !== undefined) {
		command.MoveOriginatorApplicationEntityTitle = rq.moveOriginator.aeTitle;
		command.MoveOriginatorMessageID = rq.moveOriginator.messageId;
	}
	return command;
}

export interface CFindRequest {
	messageId: number;
	/** The information model, e.g. Study Root Query/Retrieve Information Model - FIND. */
	sopClassUid: string;
	priority?: Priority;
}

/** C-FIND-RQ (PS3.7 9.3.2.1); the identifier follows. */
export function cFindRequest(rq: CFindRequest): CommandSet {
	return {
		AffectedSOPClassUID: rq.sopClassUid,
		CommandField: COMMAND_FIELD['C-FIND-RQ'],
		MessageID: rq.messageId,
		Priority: rq.priority ?? PRIORITY.medium,
		CommandDataSetType: DATA_SET_FOLLOWS,
	};
}

export interface CMoveRequest extends CFindRequest {
	/** AE title of the store SCP that is to receive the instances. */
	destination: string;
}

/** C-MOVE-RQ (PS3.7 9.3.4.1); the identifier follows. */
export function cMoveRequest(rq: CMoveRequest): CommandSet {
	return {
		AffectedSOPClassUID: rq.sopClassUid,
		CommandField: COMMAND_FIELD['C-MOVE-RQ'],
		MessageID: rq.messageId,
		MoveDestination: rq.destination,
		Priority: rq.priority ?? PRIORITY.medium,
		CommandDataSetType: DATA_SET_FOLLOWS,
	};
}

/** C-GET-RQ (PS3.7 9.3.3.1); the identifier follows. */
export function cGetRequest(rq: CFindRequest): CommandSet {
	return {
		AffectedSOPClassUID: rq.sopClassUid,
		CommandField: COMMAND_FIELD['C-GET-RQ'],
		MessageID: rq.messageId,
		Priority: rq.priority ?? PRIORITY.medium,
		CommandDataSetType: DATA_SET_FOLLOWS,
	};
}

/**
 * C-CANCEL-RQ (PS3.7 9.3.2.3, 9.3.3.3, 9.3.4.3): asks to end a C-FIND, C-GET or C-MOVE. It has no SOP class,
 * no data set, no message id of its own and no response: the request it names gets its final response.
 */
export function cCancelRequest(messageIdBeingRespondedTo: number): CommandSet {
	return {
		CommandField: COMMAND_FIELD['C-CANCEL-RQ'],
		MessageIDBeingRespondedTo: messageIdBeingRespondedTo,
		CommandDataSetType: NO_DATA_SET,
	};
}

/** What names the SOP instance of a DIMSE-N request. */
interface InstanceRequest {
	messageId: number;
	sopClassUid: string;
	sopInstanceUid: string;
}

/** N-EVENT-REPORT-RQ (PS3.7 10.3.1.1); the event information follows unless said otherwise. */
export function nEventReportRequest(
	rq: InstanceRequest & { eventTypeId: number; withDataSet?: boolean },
): CommandSet {
	return {
		AffectedSOPClassUID: rq.sopClassUid,
		CommandField: COMMAND_FIELD['N-EVENT-REPORT-RQ'],
		MessageID: rq.messageId,
		CommandDataSetType: dataSetType(rq.withDataSet ?? true),
		AffectedSOPInstanceUID: rq.sopInstanceUid,
		EventTypeID: rq.eventTypeId,
	};
}

/** N-GET-RQ (PS3.7 10.3.2.1). `attributes` as tags, e.g. 0x00100010; without them all are asked for. */
export function nGetRequest(rq: InstanceRequest & { attributes?: number[] }): CommandSet {
	const command: CommandSet = {
		RequestedSOPClassUID: rq.sopClassUid,
		CommandField: COMMAND_FIELD['N-GET-RQ'],
		MessageID: rq.messageId,
		CommandDataSetType: NO_DATA_SET,
		RequestedSOPInstanceUID: rq.sopInstanceUid,
	};
	if (rq.attributes !== undefined) command.AttributeIdentifierList = rq.attributes;
	return command;
}

/** N-SET-RQ (PS3.7 10.3.3.1); the modification list follows. */
export function nSetRequest(rq: InstanceRequest): CommandSet {
	return {
		RequestedSOPClassUID: rq.sopClassUid,
		CommandField: COMMAND_FIELD['N-SET-RQ'],
		MessageID: rq.messageId,
		CommandDataSetType: DATA_SET_FOLLOWS,
		RequestedSOPInstanceUID: rq.sopInstanceUid,
	};
}

/** N-ACTION-RQ (PS3.7 10.3.4.1); the action information follows unless said otherwise. */
export function nActionRequest(
	rq: InstanceRequest & { actionTypeId: number; withDataSet?: boolean },
): CommandSet {
	return {
		RequestedSOPClassUID: rq.sopClassUid,
		CommandField: COMMAND_FIELD['N-ACTION-RQ'],
		MessageID: rq.messageId,
		CommandDataSetType: dataSetType(rq.withDataSet ?? true),
		RequestedSOPInstanceUID: rq.sopInstanceUid,
		ActionTypeID: rq.actionTypeId,
	};
}

/**
 * N-CREATE-RQ (PS3.7 10.3.5.1); the attribute list follows unless said otherwise. Without an instance UID the
 * SCP makes one and names it in its response.
 */
export function nCreateRequest(rq: {
	messageId: number;
	sopClassUid: string;
	sopInstanceUid?: string;
	withDataSet?: boolean;
}): CommandSet {
	const command: CommandSet = {
		AffectedSOPClassUID: rq.sopClassUid,
		CommandField: COMMAND_FIELD['N-CREATE-RQ'],
		MessageID: rq.messageId,
		CommandDataSetType: dataSetType(rq.withDataSet ?? true),
	};
	if (rq.sopInstanceUid !== undefined) command.AffectedSOPInstanceUID = rq.sopInstanceUid;
	return command;
}

/** N-DELETE-RQ (PS3.7 10.3.6.1). */
export function nDeleteRequest(rq: InstanceRequest): CommandSet {
	return {
		RequestedSOPClassUID: rq.sopClassUid,
		CommandField: COMMAND_FIELD['N-DELETE-RQ'],
		MessageID: rq.messageId,
		CommandDataSetType: NO_DATA_SET,
		RequestedSOPInstanceUID: rq.sopInstanceUid,
	};
}

function dataSetType(follows: boolean): number {
	return follows ? DATA_SET_FOLLOWS : NO_DATA_SET;
}

/** What every response may say besides its status (PS3.7 Annex C). */
export interface ResponseDetail {
	status: number;
	/** Whether a data set or identifier goes with the response; default false. */
	withDataSet?: boolean;
	/** LO: at most 64 characters in a conforming response. */
	errorComment?: string;
	/** Tags, e.g. 0x00080018. */
	offendingElements?: number[];
	/** In place of the request's: the UID that the SCP of an N-CREATE made (PS3.7 10.3.5.2). */
	sopInstanceUid?: string;
	/** Of an N-EVENT-REPORT; told with success and with the failures that are about it (PS3.7 10.1.1.1, C.5). */
	eventTypeId?: number;
	/** Of an N-ACTION; told with success and with the failures that are about it (PS3.7 10.1.4.1.5, C.5). */
	actionTypeId?: number;
}

/** Success; no such event type or argument; invalid argument value. */
const NAMES_EVENT_TYPE: ReadonlySet<number> = new Set([0x0000, 0x0113, 0x0114, 0x0115]);
/** Success; no such argument; invalid argument value; no such action. */
const NAMES_ACTION_TYPE: ReadonlySet<number> = new Set([0x0000, 0x0114, 0x0115, 0x0123]);
/** Failures of an N-CREATE that are about the instance: no other one names it (PS3.7 10.1.5.1.4, C.5). */
const NAMES_INSTANCE: ReadonlySet<number> = new Set([0x0110, 0x0111, 0x0112, 0x0117, 0x0119]);

function namesInstance(request: CommandSet, status: number): boolean {
	if (request.CommandField !== COMMAND_FIELD['N-CREATE-RQ']) return true;
	return statusOf('N-CREATE', status).category !== 'failure' || NAMES_INSTANCE.has(status);
}

/**
 * The response to any request, also to one whose Command Field is not known (status 0x0211): message
 * id, SOP class and instance are taken over from the request, Requested becoming Affected (PS3.7 10.3).
 * A C-CANCEL has no response: ask for none.
 */
export function responseTo(request: CommandSet, detail: ResponseDetail): CommandSet {
	// In the order of the tags: the encoder then need not sort.
	const command = {} as CommandSet;
	const sopClass = request.AffectedSOPClassUID ?? request.RequestedSOPClassUID;
	if (sopClass !== undefined) command.AffectedSOPClassUID = sopClass;
	command.CommandField = request.CommandField | RESPONSE_BIT;
	command.MessageIDBeingRespondedTo = request.MessageID ?? 0;
	command.CommandDataSetType = dataSetType(detail.withDataSet ?? false);
	command.Status = detail.status;
	if (detail.offendingElements !== undefined) {
		command.OffendingElement = detail.offendingElements;
	}
	if (detail.errorComment !== undefined) command.ErrorComment = detail.errorComment;
	const sopInstance =
		detail.sopInstanceUid ?? request.AffectedSOPInstanceUID ?? request.RequestedSOPInstanceUID;
	if (sopInstance !== undefined && namesInstance(request, detail.status)) {
		command.AffectedSOPInstanceUID = sopInstance;
	}
	if (detail.eventTypeId !== undefined && NAMES_EVENT_TYPE.has(detail.status)) {
		command.EventTypeID = detail.eventTypeId;
	}
	if (detail.actionTypeId !== undefined && NAMES_ACTION_TYPE.has(detail.status)) {
		command.ActionTypeID = detail.actionTypeId;
	}
	return command;
}

/** Sub-operation counters of a C-MOVE or C-GET response (PS3.7 9.3.3.2, 9.3.4.2). */
export interface SubOperations {
	/** Sent with pending and cancel responses only. */
	remaining?: number;
	completed: number;
	failed: number;
	warning: number;
}

/** C-MOVE-RSP or C-GET-RSP with its counters. */
export function retrieveResponse(
	request: CommandSet,
	detail: ResponseDetail & { subOperations: SubOperations },
): CommandSet {
	const command = responseTo(request, detail);
	const { remaining, completed, failed, warning } = detail.subOperations;
	if (remaining !== undefined) command.NumberOfRemainingSuboperations = remaining;
	command.NumberOfCompletedSuboperations = completed;
	command.NumberOfFailedSuboperations = failed;
	command.NumberOfWarningSuboperations = warning;
	return command;
}
