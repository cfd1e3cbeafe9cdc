import type { Process } from '#lib/kernel/process.ts';
import type { AssociationLink } from '#lib/hospital/dicom/service-class-user.ts';
import { PortInUse } from '#lib/network/tcp-listener.ts';
import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cMoveRequest } from '#lib/protocol/dicom/dimse/services.ts';
import { statusOf } from '#lib/protocol/dicom/dimse/status.ts';
import { defineCommand } from '../define-command.ts';
import { requestIdentifierText } from './dcmtk/identifier-text.ts';
import { brokenExchange, openForTool, toolTraffic } from './dcmtk/open-association.ts';
import { readKeys } from './dcmtk/query-keys.ts';
import { responseText } from './dcmtk/response-text.ts';
import { StoreListener } from './dcmtk/store-listener.ts';
import {
	readCancel,
	readNetwork,
	readOptions,
	readPort,
	sendCancel,
	usageError,
	type NetworkSettings,
} from './dcmtk/tool.ts';
import type { ToolLog } from './dcmtk/tool-log.ts';
import { peerLabel, type Traffic } from './peers.ts';

const SYNOPSIS =
	'movescu [-v] -S|-P [-aet own-title] [-aec called-title] [-aem destination] [+P port] [--cancel n] -k key=value... peer port';
const TOOL = { name: 'movescu', title: 'DICOM retrieve (C-MOVE) SCU', synopsis: SYNOPSIS };

/** Exit codes of movescu.cc. */
const EXIT = {
	noNetwork: 60,
	noAssociation: 61,
	noContext: 66,
	moveWarning: 68,
	moveError: 69,
} as const;

export const movescu = defineCommand({
	name: 'movescu',
	synopsis: SYNOPSIS,
	summary: 'DICOM retrieve: have an archive send images to a destination',
	details: [
		'The archive sends the images on a connection of its own to the destination (-aem, your own title unless',
		'told otherwise), at the address and port of its node table. +P opens that port here; the images become',
		'files in your home. Without -S it asks in the patient root. --cancel 2 asks to end after two responses.',
		'movescu -v -S -aet PACSDESK -aec PACS1 +P 11113 -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=... pacs 104',
	].join('\n'),
	only: 'desk',
	*run(context, args) {
		const read = readOptions(TOOL, args, OPTIONS, true);
		if ('exitCode' in read) return read;
		const { options, log } = read;
		const portText = options.value('+P');
		const port = portText === undefined ? undefined : readPort(portText);
		if (portText !== undefined && port === undefined) {
			return usageError(TOOL, `Invalid value for option --port (${portText})`);
		}
		const settings = readNetwork(TOOL, options, 'MOVESCU');
		if ('exitCode' in settings) return settings;
		const cancelAfter = readCancel(TOOL, options);
		if (typeof cancelAfter === 'object') return cancelAfter;
		if (options.operands.length > 2)
			return usageError(TOOL, 'query files are not available: use -k');
		const keys = options.values('-k');
		if (keys.length === 0) {
			return usageError(TOOL, 'either query file or override keys (or both) must be specified');
		}
		const query = readKeys(keys);
		if (!query.ok) {
			const why = 'bad key format or dictionary name not found in dictionary';
			return usageError(TOOL, `${why}: ${query.at}`);
		}
		const destination = options.value('-aem') ?? settings.callingAeTitle;
		if (destination.length < 1 || destination.length > 16) {
			return usageError(TOOL, `an AE title has 1 to 16 characters: ${destination}`);
		}
		const model = options.has('-S') ? STUDY_ROOT : PATIENT_ROOT;
		const finish = (exitCode: number, outcome: string, ended: Traffic['ended']) => ({
			text: log.text,
			exitCode,
			facts: [`move to ${destination} at ${peerLabel(context.world, settings.host)}: ${outcome}`],
			traffic: toolTraffic(context, settings.host, ended),
		});
		let listener: StoreListener | undefined;
		try {
			if (port !== undefined) listener = new StoreListener(context, log, port);
			const contexts = [model.find, model.move].map((abstractSyntax) => ({
				abstractSyntax,
				transferSyntaxes: TRANSFER_SYNTAXES,
			}));
			const opened = yield* openForTool(context, log, settings, contexts, 'fatal-on-two-lines');
			if (!opened.ok) {
				const exitCode = opened.noContext ? EXIT.noContext : EXIT.noAssociation;
				return finish(exitCode, opened.outcome, opened.ended);
			}
			const moved = yield* move(opened.link, log, settings, {
				model: model.move,
				destination,
				identifier: query.identifier,
				cancelAfter,
			});
			const empty = moved.outcome === 'success' && listener?.received === 0;
			return finish(
				moved.exitCode,
				empty ? 'success without images' : moved.outcome,
				moved.exitCode === 0 ? 'answered' : 'refused',
			);
		} catch (error) {
			if (!(error instanceof PortInUse)) throw error;
			const why = '0006:031c TCP Initialization Error: Address already in use';
			log.add('fatal', `cannot create network: ${why}`);
			return { text: log.text, exitCode: EXIT.noNetwork };
		} finally {
			listener?.close();
		}
	},
});

const OPTIONS = [
	{ names: ['-S', '--study'] },
	{ names: ['-P', '--patient'] },
	{ names: ['-k', '--key'], value: true },
	{ names: ['-aem', '--move'], value: true },
	{ names: ['+P', '--port'], value: true },
	{ names: ['--cancel'], value: true },
];

const STUDY_ROOT = {
	find: UID.FINDStudyRootQueryRetrieveInformationModel,
	move: UID.MOVEStudyRootQueryRetrieveInformationModel,
};
const PATIENT_ROOT = {
	find: UID.FINDPatientRootQueryRetrieveInformationModel,
	move: UID.MOVEPatientRootQueryRetrieveInformationModel,
};

const TRANSFER_SYNTAXES = [
	UID.LittleEndianExplicit,
	UID.BigEndianExplicit,
	UID.LittleEndianImplicit,
];

interface MoveRequest {
	model: string;
	destination: string;
	identifier: DataSet;
	cancelAfter: number | undefined;
}

function* move(
	link: AssociationLink,
	log: ToolLog,
	settings: NetworkSettings,
	request: MoveRequest,
): Process<{ exitCode: number; outcome: string }> {
	const { model, destination, identifier, cancelAfter } = request;
	const messageId = link.connection.messageId();
	const transferSyntax = link.transferSyntaxOf(model) ?? UID.LittleEndianImplicit;
	log.add('info', `Sending Move Request (MsgID ${messageId})`);
	log.add('info', `Request Identifiers:\n${requestIdentifierText(identifier)}`);
	let answer = yield* link.request(
		model,
		cMoveRequest({ messageId, sopClassUid: model, destination }),
		encodeDataSet(identifier, { transferSyntax }),
	);
	for (let count = 1; answer.kind === 'response'; count++) {
		const code = answer.command.Status ?? 0;
		const { dcmtkText, category } = statusOf('C-MOVE', code);
		if (log.shows('debug')) log.add('debug', responseText('C-MOVE', answer.command));
		if (category === 'pending') {
			log.add('info', `Received Move Response ${count} (${dcmtkText})`);
			if (count === cancelAfter) sendCancel(link, log, model, messageId);
			answer = yield* link.nextAnswer();
			continue;
		}
		const trouble = category === 'warning' ? 'warning' : 'error';
		const ended = code === 0 || category === 'cancel';
		if (!ended) log.add('warn', `Move response with ${trouble} status (${dcmtkText})`);
		log.add('info', `Received Final Move Response (${dcmtkText})`);
		log.add('info', 'Releasing Association');
		yield* link.release();
		if (ended) return { exitCode: 0, outcome: code === 0 ? 'success' : 'cancelled' };
		const exitCode = category === 'warning' ? EXIT.moveWarning : EXIT.moveError;
		return { exitCode, outcome: `failed ${code.toString(16).toUpperCase().padStart(4, '0')}` };
	}
	const { condition, peerAborted, outcome } = brokenExchange(answer, settings);
	log.add('error', `Move Request Failed: ${condition}`);
	if (peerAborted) log.add('info', 'Peer Aborted Association');
	else {
		log.add('error', `Move SCU Failed: ${condition}`);
		log.add('info', 'Aborting Association');
	}
	link.abort();
	return { exitCode: peerAborted ? 0 : EXIT.moveError, outcome };
}
