import type { Process } from '#lib/kernel/process.ts';
import {
	AssociationLink,
	failureFact,
	openAssociation,
	type Answer,
	type OpenFailure,
} from '#lib/hospital/dicom/service-class-user.ts';
import type { ServiceRequest } from '#lib/hospital/dicom/service-request.ts';
import { PRODUCTS } from '#lib/hospital/products.ts';
import { describeReject } from '#lib/protocol/dicom/dimse/describe.ts';
import type { AssociationPeer } from '#lib/protocol/dicom/association.ts';
import type { RoleSelection } from '#lib/protocol/dicom/upper-layer/pdu.ts';
import type { CommandContext } from '../../define-command.ts';
import { connectText } from '../connect-text.ts';
import { trafficTo, type Traffic } from '../peers.ts';
import { acceptedText, requestText, type ProposedContext } from './association-text.ts';
import type { NetworkSettings } from './tool.ts';
import { tlsConditionText } from './tls-condition.ts';
import { tlsDetailsText } from './tls-details.ts';
import type { Level, ToolLog } from './tool-log.ts';

/** Largest PDU that DCMTK sends, whatever the peer would take. */
const LARGEST_PDU_BYTES = 131_072;
const PDV_HEADER_BYTES = 12;

/** In which level, and on how many lines, a tool complains that there is no association. */
export type FailureStyle = 'fatal' | 'error' | 'fatal-on-two-lines' | 'negotiation';

export type ToolAssociation =
	| { ok: true; link: AssociationLink }
	/** `outcome` is the failure in facts; the log has said it already. */
	| { ok: false; outcome: string; noContext: boolean; ended: Traffic['ended'] };

/** Opens an association as the tools of DCMTK do, and logs as they do. `serve` answers requests of the peer. */
export function* openForTool(
	context: CommandContext,
	log: ToolLog,
	settings: NetworkSettings,
	contexts: readonly ProposedContext[],
	style: FailureStyle,
	serve?: (request: ServiceRequest) => Process,
): Process<ToolAssociation> {
	const level = style === 'error' ? 'error' : 'fatal';
	if (log.shows('debug'))
		log.add('debug', `Request Parameters:\n${requestText(settings, contexts)}`);
	log.add('info', 'Requesting Association');
	const opened = yield* openAssociation(context.world, context.host, {
		host: settings.host,
		port: settings.port,
		calledAeTitle: settings.calledAeTitle,
		callingAeTitle: settings.callingAeTitle,
		contexts,
		roles: rolesOf(contexts),
		implementation: PRODUCTS.desk,
		connectTimeoutUs: settings.connectTimeoutUs ?? Infinity,
		answerTimeoutUs: settings.acseTimeoutUs,
		...(settings.tls && { tls: settings.tls }),
	});
	if (opened.session) log.add('debug', tlsDetailsText(opened.session));
	if (!opened.ok) {
		logFailure(log, level, style, opened.failure, settings);
		const outcome = failureFact(opened.failure);
		return { ok: false, outcome, noContext: false, ended: endedBy(opened.failure) };
	}
	const { association } = opened.link.connection;
	if (log.shows('debug')) {
		const text = acceptedText(settings, contexts, association);
		log.add('debug', `Association Parameters Negotiated:\n${text}`);
	}
	if (association.acceptedContexts.size === 0) {
		yield* endWithoutContexts(opened.link, log, level, style);
		const outcome = 'no acceptable presentation context';
		return { ok: false, outcome, noContext: true, ended: 'answered' };
	}
	log.add('info', `Association Accepted (Max Send PDV: ${maximumPdv(association.peer)})`);
	const answerTimeoutUs = settings.dimseTimeoutUs ?? settings.socketTimeoutUs;
	return { ok: true, link: new AssociationLink(opened.link.connection, answerTimeoutUs, serve) };
}

function rolesOf(contexts: readonly ProposedContext[]): RoleSelection[] {
	return contexts
		.filter(({ role }) => role === 'SCP')
		.map(({ abstractSyntax }) => ({
			sopClassUid: abstractSyntax,
			scuRole: false,
			scpRole: true,
		}));
}

/** getscu goes without a release or an abort. */
function* endWithoutContexts(
	link: AssociationLink,
	log: ToolLog,
	level: Level,
	style: FailureStyle,
): Process {
	if (style === 'negotiation') {
		log.add('error', 'No Acceptable Presentation Contexts');
		log.add(level, 'Could not negotiate association: No acceptable Presentation Contexts');
		link.connection.stream.close();
		return;
	}
	log.add(level, 'No Acceptable Presentation Contexts');
	yield* link.release();
}

/** The largest presentation data value that DCMTK sends to a peer. */
export function maximumPdv(peer: AssociationPeer | undefined): number {
	const announced = peer?.maximumLengthBytes ?? 0;
	const limit = announced === 0 ? LARGEST_PDU_BYTES : Math.min(announced, LARGEST_PDU_BYTES);
	return limit - PDV_HEADER_BYTES;
}

/** Module and code before the words of a condition. */
const CONDITION_NUMBER = /^[0-9a-f]{4}:[0-9a-f]{4} /;

function logFailure(
	log: ToolLog,
	level: Level,
	style: FailureStyle,
	failure: OpenFailure,
	settings: NetworkSettings,
): void {
	if (style === 'negotiation') {
		const why =
			failure.kind === 'rejected'
				? 'DUL Association Rejected'
				: conditionText(failure, settings).replace(CONDITION_NUMBER, '');
		log.add(level, `Could not negotiate association: ${why}`);
		return;
	}
	if (failure.kind === 'rejected') {
		const { complaints, result, reason } = describeReject(failure);
		for (const complaint of complaints) log.add('error', complaint);
		log.add(level, `Association Rejected:\n${result}\n${reason}`);
		return;
	}
	const separator = style === 'fatal-on-two-lines' ? '\n' : ' ';
	log.add(level, `Association Request Failed:${separator}${conditionText(failure, settings)}`);
}

function conditionText(
	failure: Exclude<OpenFailure, { kind: 'rejected' }>,
	settings: NetworkSettings,
): string {
	switch (failure.kind) {
		case 'name-not-resolved':
			return `0006:0320 Attempt to connect to unknown host: ${failure.name}`;
		case 'not-connected': {
			// With -to the tool itself stops waiting, while the connect is still under way.
			const given = settings.connectTimeoutUs !== undefined && failure.failure.kind === 'timeout';
			const why = given ? 'Operation now in progress (Timeout)' : connectText(failure.failure);
			return `0006:031c TCP Initialization Error: ${why}`;
		}
		case 'not-secured':
			return tlsConditionText(failure.failure);
		case 'aborted':
			return PEER_ABORTED;
		case 'no-answer':
			return '0006:031a DUL network read timeout';
	}
}

const PEER_ABORTED = '0006:0317 Peer aborted Association (or never connected)';

function endedBy(failure: OpenFailure): Traffic['ended'] {
	if (failure.kind === 'no-answer' || failure.kind === 'name-not-resolved') return 'lost';
	return failure.kind === 'not-connected' && failure.failure.kind === 'timeout'
		? 'lost'
		: 'refused';
}

/** A DIMSE exchange that brought no response: DCMTK's condition and what becomes of the association. */
export function brokenExchange(
	answer: Exclude<Answer, { kind: 'response' }>,
	settings: NetworkSettings,
): { condition: string; peerAborted: boolean; outcome: string } {
	if (answer.kind === 'context-not-accepted') {
		const condition = '0006:0208 DIMSE No valid Presentation Context ID';
		return { condition, peerAborted: false, outcome: 'no acceptable presentation context' };
	}
	if (answer.kind === 'timeout' && settings.dimseTimeoutUs !== undefined) {
		const condition = '0006:0207 DIMSE No data available (timeout in non-blocking mode)';
		return { condition, peerAborted: false, outcome: 'no answer' };
	}
	if (answer.kind === 'timeout') {
		return { condition: PEER_ABORTED, peerAborted: true, outcome: 'no answer' };
	}
	const outcome =
		answer.kind === 'aborted' && answer.received
			? `aborted ${answer.source}/${answer.reason}`
			: 'connection lost';
	return { condition: PEER_ABORTED, peerAborted: true, outcome };
}

/** Where the traffic of a tool went, for the map. */
export function toolTraffic(
	context: CommandContext,
	host: string,
	ended: Traffic['ended'],
): Traffic[] {
	const { zone } = context.world.network;
	const address = context.host.names.hostsFile.find((line) => line.name === host)?.address;
	return trafficTo(context, address ?? zone.find(host, 'A') ?? host, ended);
}
