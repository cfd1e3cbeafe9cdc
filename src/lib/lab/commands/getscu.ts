import type { AssociationLink } from '#lib/hospital/dicom/service-class-user.ts';
import type { ServiceRequest } from '#lib/hospital/dicom/service-request.ts';
import type { Process } from '#lib/kernel/process.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import type { CommandSet } from '#lib/protocol/dicom/dimse/command-dictionary.ts';
import { cGetRequest, COMMAND_FIELD, responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import { statusOf } from '#lib/protocol/dicom/dimse/status.ts';
import { defineCommand, type CommandContext } from '../define-command.ts';
import type { ProposedContext } from './dcmtk/association-text.ts';
import { STORAGE_CLASSES } from './dcmtk/modality-prefix.ts';
import { brokenExchange, openForTool, toolTraffic } from './dcmtk/open-association.ts';
import { readKeys } from './dcmtk/query-keys.ts';
import { ReceivedObjects } from './dcmtk/received-object.ts';
import { dimseRequestText, responseText } from './dcmtk/response-text.ts';
import { readNetwork, readOptions, usageError, type NetworkSettings } from './dcmtk/tool.ts';
import type { ToolLog } from './dcmtk/tool-log.ts';
import { absolutePath, allFiles, homeOf } from './files.ts';
import { peerLabel, type Traffic } from './peers.ts';

const SYNOPSIS =
	'getscu [-v] -S [-aet own-title] [-aec called-title] [-od folder] -k key=value... peer port';
const TOOL = { name: 'getscu', title: 'DICOM retrieve (C-GET) SCU', synopsis: SYNOPSIS };

export const getscu = defineCommand({
	name: 'getscu',
	synopsis: SYNOPSIS,
	summary: 'DICOM retrieve: fetch images on the association that asks for them',
	details: [
		'The images come back on the same association, so no port is opened here and the archive needs no entry for',
		'a destination. They become files in your home, or in the folder of -od. Without -S it asks in the patient root.',
		'It says nothing without -v, and its exit code is 0 whatever status the archive answers: read the final report.',
		'getscu -v -S -aet PACSDESK -aec PACS1 -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=... pacs 104',
	].join('\n'),
	only: 'desk',
	*run(context, args) {
		const read = readOptions(TOOL, args, OPTIONS, true);
		if ('exitCode' in read) return read;
		const { options, log } = read;
		const settings = readNetwork(TOOL, options, 'GETSCU');
		if ('exitCode' in settings) return settings;
		if (options.operands.length > 2)
			return usageError(TOOL, 'query files are not available: use -k');
		const keys = options.values('-k');
		if (keys.length === 0) {
			return usageError(TOOL, 'either query file or override keys (or both) must be specified');
		}
		const folder = options.value('-od');
		if (folder !== undefined && !isFolder(context, folder)) {
			log.add('fatal', 'specified output directory does not exist');
			return { text: log.text, exitCode: 1 };
		}
		const identifier = readableKeys(log, keys);
		const model = options.has('-S')
			? UID.GETStudyRootQueryRetrieveInformationModel
			: UID.GETPatientRootQueryRetrieveInformationModel;
		const storage = new Storage(log, new ReceivedObjects(context, folder), options.has('+B'));
		const level = identifier.text('QueryRetrieveLevel') ?? 'no level';
		const finish = (exitCode: number, outcome: string, ended: Traffic['ended']) => ({
			text: log.text,
			exitCode,
			facts: [`get ${level} at ${peerLabel(context.world, settings.host)}: ${outcome}`],
			traffic: toolTraffic(context, settings.host, ended),
		});
		const contexts = contextsFor(model);
		const configured = `Configured a total of ${contexts.length} presentation contexts for SCU`;
		log.add('debug', configured);
		const opened = yield* openForTool(context, log, settings, contexts, 'negotiation', (request) =>
			storage.serve(request),
		);
		if (!opened.ok) return finish(1, opened.outcome, opened.ended);
		const got = yield* get(opened.link, log, settings, model, identifier);
		const empty = got.outcome === 'success' && storage.received === 0;
		return finish(
			got.exitCode,
			empty ? 'success without images' : got.outcome,
			got.outcome === 'success' ? 'answered' : 'refused',
		);
	},
});

const OPTIONS = [
	{ names: ['-S', '--study'] },
	{ names: ['-P', '--patient'] },
	{ names: ['-k', '--key'], value: true },
	{ names: ['-od', '--output-directory'], value: true },
	{ names: ['-B', '--normal'] },
	{ names: ['+B', '--bit-preserving'] },
];

const TRANSFER_SYNTAXES = [
	UID.LittleEndianExplicit,
	UID.BigEndianExplicit,
	UID.LittleEndianImplicit,
];

/** The retrieve, and every storage class with the role of SCP (PS3.4 C.4.3.1). */
function contextsFor(model: string): ProposedContext[] {
	return [
		{ abstractSyntax: model, transferSyntaxes: TRANSFER_SYNTAXES },
		...STORAGE_CLASSES.map((abstractSyntax) => ({
			abstractSyntax,
			transferSyntaxes: TRANSFER_SYNTAXES,
			role: 'SCP' as const,
		})),
	];
}

function isFolder(context: CommandContext, typed: string): boolean {
	const path = absolutePath(context, typed);
	const prefix = path === '/' ? '/' : `${path}/`;
	return (
		`${homeOf(context)}/`.startsWith(prefix) ||
		allFiles(context).some((file) => file.path.startsWith(prefix))
	);
}

/** The tool complains about a key that it cannot read, and goes on without it. */
function readableKeys(log: ToolLog, keys: readonly string[]): DataSet {
	const readable = keys.filter((key) => {
		const one = readKeys([key]);
		if (one.ok) return true;
		const why = `Unable to parse tag/dictionary name at beginning of path: ${one.at}`;
		log.add('error', `Bad override key/path: ${key}: ${why}`);
		return false;
	});
	const all = readKeys(readable);
	return all.ok ? all.identifier : new DataSet();
}

/** The store SCP on the association of the retrieve. */
class Storage {
	readonly #log: ToolLog;
	readonly #objects: ReceivedObjects;
	/** Then files are written over without a word. */
	readonly #bitPreserving: boolean;

	constructor(log: ToolLog, objects: ReceivedObjects, bitPreserving: boolean) {
		this.#log = log;
		this.#objects = objects;
		this.#bitPreserving = bitPreserving;
	}

	get received(): number {
		return this.#objects.count;
	}

	*serve(request: ServiceRequest): Process {
		const { command, context } = request;
		if (command.CommandField !== COMMAND_FIELD['C-STORE-RQ']) {
			request.respond(responseTo(command, { status: 0x0211 }));
			return;
		}
		const log = this.#log;
		logMessage(log, 'Received C-STORE Request', command.MessageID, () =>
			dimseRequestText(command, { direction: 'INCOMING', contextId: context.id }),
		);
		log.add('debug', `Received dataset on presentation context ${context.id}`);
		const response = responseTo(command, { status: this.#store(request) });
		const status = statusOf('C-STORE', response.Status ?? 0).dcmtkText;
		logMessage(log, 'Sending C-STORE Response', status, () =>
			responseText('C-STORE', response, { direction: 'OUTGOING', contextId: context.id }),
		);
		request.respond(response);
	}

	/** Returns the status. */
	#store({ command, context, data }: ServiceRequest): number {
		const sopClassUid = command.AffectedSOPClassUID ?? '';
		const sopInstanceUid = command.AffectedSOPInstanceUID ?? '';
		const kept = this.#objects.keep({
			sopClassUid,
			sopInstanceUid,
			transferSyntax: context.transferSyntax,
			bytes: data,
		});
		if (!kept.ok) return kept.reason === 'full' ? 0xa700 : 0xc000;
		if (kept.existed && !this.#bitPreserving) {
			this.#log.add('warn', `DICOM file already exists, overwriting: ${kept.path}`);
		}
		this.#log.add('debug', 'Stored instance to disk:');
		this.#log.add('debug', `  Filename: ${kept.path}`);
		this.#log.add('debug', `  SOP Class UID: ${sopClassUid}`);
		this.#log.add('debug', `  SOP Instance UID: ${sopInstanceUid}`);
		return 0x0000;
	}
}

/** A line with what is in brackets, or at debug level the whole message below it. */
function logMessage(
	log: ToolLog,
	line: string,
	detail: string | number | undefined,
	dump: () => string,
): void {
	if (log.shows('debug')) {
		log.add('info', line);
		log.add('debug', dump());
	} else {
		log.add('info', `${line} (${typeof detail === 'number' ? `MsgID ${detail}` : detail})`);
	}
}

function* get(
	link: AssociationLink,
	log: ToolLog,
	settings: NetworkSettings,
	model: string,
	identifier: DataSet,
): Process<{ exitCode: number; outcome: string }> {
	const { connection } = link;
	const context = connection.association.contextFor(model);
	if (!context) {
		log.add('fatal', 'No adequate Presentation Contexts for sending C-GET');
		connection.stream.close();
		return { exitCode: 1, outcome: 'no acceptable presentation context' };
	}
	if (identifier.elements().length === 0) {
		const { callingAeTitle, calledAeTitle } = settings;
		const warning = `(${callingAeTitle},${calledAeTitle}): sendMessage: dataset is empty`;
		log.add('warn', `DIMSE Warning: ${warning}`);
		log.add('error', 'Failed sending C-GET request: 0006:020e DIMSE Failed to send message');
		connection.stream.close();
		return { exitCode: 1, outcome: 'not sent' };
	}
	const command = cGetRequest({ messageId: connection.messageId(), sopClassUid: model });
	logMessage(log, 'Sending C-GET Request', command.MessageID, () =>
		dimseRequestText(command, { direction: 'OUTGOING', contextId: context.id, identifier }),
	);
	const { transferSyntax } = context;
	let answer = yield* link.request(model, command, encodeDataSet(identifier, { transferSyntax }));
	while (answer.kind === 'response') {
		if (logResponse(log, answer.command, context.id)) {
			answer = yield* link.nextAnswer();
			continue;
		}
		logReport(log, answer.command);
		log.add('info', 'Releasing Association');
		if (answer.data === undefined) yield* link.release();
		else releaseTooEarly(link, log);
		return { exitCode: 0, outcome: outcomeOf(answer.command) };
	}
	const { condition, outcome } = brokenExchange(answer, settings);
	log.add('error', `Failed receiving DIMSE command: ${condition}`);
	connection.stream.close();
	return { exitCode: 1, outcome };
}

/** Returns whether more responses follow. */
function logResponse(log: ToolLog, command: CommandSet, contextId: number): boolean {
	const { dcmtkText, category } = statusOf('C-GET', command.Status ?? 0);
	logMessage(log, 'Received C-GET Response', dcmtkText, () =>
		responseText('C-GET', command, { direction: 'INCOMING', contextId }),
	);
	log.add('debug', 'Handling C-GET Response');
	const quiet = category === 'pending' || category === 'success';
	const level = quiet ? 'debug' : category === 'warning' ? 'warn' : 'error';
	log.add(level, `DIMSE status is: ${dcmtkText}`);
	return category === 'pending';
}

function logReport(log: ToolLog, command: CommandSet): void {
	log.add('info', 'Final status report from last C-GET message:');
	const counters = [
		['Remaining', command.NumberOfRemainingSuboperations],
		['Completed', command.NumberOfCompletedSuboperations],
		['Failed', command.NumberOfFailedSuboperations],
		['Warning', command.NumberOfWarningSuboperations],
	] as const;
	for (const [which, count = 0] of counters) {
		log.add('info', `  ${`Number of ${which} Suboperations`.padEnd(34)}: ${count}`);
	}
}

/**
 * DCMTK 3.6.7 does not read the data set of a final response (the failed SOP instances): it asks for the
 * release, meets the data set instead of the answer, and aborts.
 */
function releaseTooEarly(link: AssociationLink, log: ToolLog): void {
	log.add('error', 'Association Release Failed: 0006:0316 DUL P-Data PDU arrived');
	log.add('info', 'Aborting Association');
	link.connection.act((association) => {
		association.release();
		association.abort();
	});
}

function outcomeOf({ Status: status = 0 }: CommandSet): string {
	return status === 0 ? 'success' : `failed ${status.toString(16).toUpperCase().padStart(4, '0')}`;
}
