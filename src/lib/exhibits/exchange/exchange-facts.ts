import type { ExhibitFacts } from '#lib/exam/item/exhibit.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { COMMAND_FIELD, commandName, isResponse } from '#lib/protocol/dicom/dimse/services.ts';
import type { AssociateAc, AssociateRq } from '#lib/protocol/dicom/upper-layer/pdu.ts';
import { nameOfUid } from '../uid-names.ts';
import { endingFacts } from './reason-texts.ts';
import type { Site } from './site.ts';
import type { SeenPacket, Unit } from './wire.ts';

/** What an exchange was, read from the PDUs that a host saw; what nobody said is no fact. */
export function exchangeFacts(packets: readonly SeenPacket[], site: Site): ExhibitFacts {
	const units = packets.flatMap((packet) => packet.units);
	const facts: ExhibitFacts = {
		peer: site.caller.address,
		port: site.archive.port,
		...endingFacts(units),
		...statusFacts(units),
	};
	const rq = units.find((unit) => unit.kind === 'A-ASSOCIATE-RQ');
	if (rq?.kind !== 'A-ASSOCIATE-RQ') return facts;
	facts['calling'] = rq.callingAeTitle;
	facts['called'] = rq.calledAeTitle;
	facts['maxPdu'] = rq.userInformation.maximumLength;
	const ac = units.find((unit) => unit.kind === 'A-ASSOCIATE-AC');
	const answer = ac?.kind === 'A-ASSOCIATE-AC' ? ac : undefined;
	return { ...facts, ...contextFacts(rq, answer, units) };
}

/**
 * The presentation context that matters: the one a request was sent on, else the one refused, else the one
 * that is not only for Verification.
 */
function contextFacts(
	rq: AssociateRq,
	ac: AssociateAc | undefined,
	units: readonly Unit[],
): ExhibitFacts {
	const request = units.find((unit) => unit.kind === 'command' && !isResponse(unit.command));
	const refused = ac?.presentationContexts.find(({ result }) => result !== 0);
	const id = request?.kind === 'command' ? request.contextId : refused?.id;
	const contexts = rq.presentationContexts;
	const context =
		contexts.find((proposal) => proposal.id === id) ??
		contexts.find(({ abstractSyntax }) => abstractSyntax !== UID.VerificationSOPClass) ??
		contexts[0];
	if (!context) return {};
	const answer = ac?.presentationContexts.find((one) => one.id === context.id);
	const agreed = answer?.result === 0 ? answer.transferSyntax : context.transferSyntaxes[0];
	return {
		sopClass: nameOfUid(context.abstractSyntax),
		sopClassUid: context.abstractSyntax,
		transferSyntax: nameOfUid(agreed ?? ''),
		transferSyntaxUid: agreed ?? '',
		contextId: context.id,
		...(answer && { contextResult: answer.result }),
	};
}

/** The status of the last final response, how many instances were stored, and where a C-MOVE was to go. */
function statusFacts(units: readonly Unit[]): ExhibitFacts {
	const facts: ExhibitFacts = { stored: 0 };
	let stored = 0;
	for (const unit of units) {
		if (unit.kind !== 'command') continue;
		const { command } = unit;
		if (command.MoveDestination !== undefined) facts['destination'] = command.MoveDestination;
		if (!isResponse(command) || command.Status === undefined || command.Status >= 0xff00) continue;
		if (command.CommandField === COMMAND_FIELD['C-STORE-RSP'] && command.Status === 0) stored++;
		facts['status'] = statusCode(command.Status);
		facts['service'] = commandName(command.CommandField)?.replace(/-RSP$/, '') ?? '';
	}
	facts['stored'] = stored;
	return facts;
}

/** Four hexadecimal digits, as people write a DIMSE status. */
export function statusCode(status: number): string {
	return status.toString(16).toUpperCase().padStart(4, '0');
}
