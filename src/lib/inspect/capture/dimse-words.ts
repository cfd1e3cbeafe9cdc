import type { CommandSet } from '#lib/protocol/dicom/dimse/command-dictionary.ts';
import { commandName, isResponse } from '#lib/protocol/dicom/dimse/services.ts';
import { type DimseService, statusOf } from '#lib/protocol/dicom/dimse/status.ts';
import type { Tone } from '../remark.ts';
import { uidText } from '../uid-words.ts';

const TONES = {
	success: 'good',
	pending: 'neutral',
	cancel: 'warning',
	warning: 'warning',
	failure: 'bad',
} as const satisfies Record<string, Tone>;

/** The name of a command, `C-STORE-RQ`; its number where it has none. */
export function commandText(command: CommandSet): string {
	return commandName(command.CommandField) ?? `command 0x${hex(command.CommandField)}`;
}

export interface StatusWords {
	/** `0xA700 Out of resources (failure)`. */
	readonly text: string;
	readonly tone: Tone;
	readonly clause: string;
}

/** The status of a response in words; undefined for a request. */
export function statusWords(command: CommandSet): StatusWords | undefined {
	if (!isResponse(command) || command.Status === undefined) return undefined;
	const service = commandName(command.CommandField)?.replace(/-RSP$/, '') ?? 'C-ECHO';
	const { name, category, source } = statusOf(service as DimseService, command.Status);
	const comment = command.ErrorComment ? `: ${command.ErrorComment}` : '';
	const text = `0x${hex(command.Status)} ${name} (${category})${comment}`;
	return { text, tone: TONES[category], clause: source };
}

/** What a message is about: SOP class, message id, and what else tells it from others of its kind. */
export function messageDetail(command: CommandSet): string {
	const status = statusWords(command);
	const sopClass = command.AffectedSOPClassUID ?? command.RequestedSOPClassUID;
	const id = command.MessageIDBeingRespondedTo ?? command.MessageID;
	const subOperations = [
		['remaining', command.NumberOfRemainingSuboperations],
		['completed', command.NumberOfCompletedSuboperations],
		['failed', command.NumberOfFailedSuboperations],
		['warning', command.NumberOfWarningSuboperations],
	].flatMap(([label, count]) => (count === undefined ? [] : [`${count} ${label}`]));
	const parts = [
		status?.text,
		status === undefined && sopClass !== undefined ? uidText(sopClass) : undefined,
		command.MoveDestination === undefined ? undefined : `to ${command.MoveDestination}`,
		subOperations.length > 0 ? subOperations.join(', ') : undefined,
		id === undefined ? undefined : `message ${id}`,
	];
	return parts.filter((part) => part !== undefined).join(' · ');
}

function hex(value: number): string {
	return value.toString(16).toUpperCase().padStart(4, '0');
}
