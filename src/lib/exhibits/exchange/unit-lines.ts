import { commandName, isResponse } from '#lib/protocol/dicom/dimse/services.ts';
import type { CommandSet } from '#lib/protocol/dicom/dimse/command-dictionary.ts';
import type {
	AssociateAc,
	AssociateRq,
	UserInformation,
} from '#lib/protocol/dicom/upper-layer/pdu.ts';
import { nameOfUid } from '../uid-names.ts';
import { statusCode } from './exchange-facts.ts';
import type { Unit } from './wire.ts';

/**
 * A PDU as a DICOM product logs it at its most talkative: numbers as they are on the wire. Without `words` the
 * error comment of a response is left out.
 */
export function unitLines(unit: Unit, words: boolean): string[] {
	switch (unit.kind) {
		case 'A-ASSOCIATE-RQ':
			return requestLines(unit);
		case 'A-ASSOCIATE-AC':
			return acceptLines(unit);
		case 'A-ASSOCIATE-RJ':
			return [`A-ASSOCIATE-RJ result=${unit.result} source=${unit.source} reason=${unit.reason}`];
		case 'A-ABORT':
			return [`A-ABORT source=${unit.source} reason=${unit.reason}`];
		case 'command':
			return [commandLine(unit.command, unit.contextId, words)];
		// The command before it says what the data belong to.
		case 'data':
			return [];
		case 'defect':
			return [`not a PDU: ${unit.explanation}`];
		default:
			return [unit.kind];
	}
}

const withUid = (uid: string): string => `${nameOfUid(uid)} [${uid}]`;

function userLine({ maximumLength, implementationVersionName: version }: UserInformation): string {
	return `   max PDU ${maximumLength}${version === undefined ? '' : `, implementation ${version}`}`;
}

function requestLines(rq: AssociateRq): string[] {
	const { userInformation } = rq;
	return [
		`A-ASSOCIATE-RQ calling=${rq.callingAeTitle} called=${rq.calledAeTitle}`,
		`   application context ${rq.applicationContext}`,
		userLine(userInformation),
		...rq.presentationContexts.flatMap(({ id, abstractSyntax, transferSyntaxes }) => [
			`   context ${id}: ${withUid(abstractSyntax)}`,
			...transferSyntaxes.map((uid) => `      ${withUid(uid)}`),
		]),
	];
}

function acceptLines(ac: AssociateAc): string[] {
	const { userInformation } = ac;
	return [
		'A-ASSOCIATE-AC',
		userLine(userInformation),
		...ac.presentationContexts.map(
			({ id, result, transferSyntax }) =>
				`   context ${id}: result ${result}${result === 0 ? `, ${withUid(transferSyntax)}` : ''}`,
		),
	];
}

function commandLine(command: CommandSet, contextId: number, words: boolean): string {
	const name = commandName(command.CommandField) ?? 'unknown command';
	const id = isResponse(command) ? command.MessageIDBeingRespondedTo : command.MessageID;
	const parts = [name, `context=${contextId}`, `message=${id ?? 0}`];
	if (command.MoveDestination !== undefined) parts.push(`destination=${command.MoveDestination}`);
	if (command.AffectedSOPInstanceUID !== undefined && !isResponse(command)) {
		parts.push(`instance=${command.AffectedSOPInstanceUID}`);
	}
	if (command.Status !== undefined) parts.push(`status=${statusCode(command.Status)}`);
	if (words && command.ErrorComment !== undefined) parts.push(`comment="${command.ErrorComment}"`);
	return parts.join(' ');
}
