import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cFindRequest } from '#lib/protocol/dicom/dimse/services.ts';
import { statusOf } from '#lib/protocol/dicom/dimse/status.ts';
import type { AssociationLink } from '#lib/hospital/dicom/service-class-user.ts';
import type { Process } from '#lib/kernel/process.ts';
import { defineCommand } from '../define-command.ts';
import { requestIdentifierText, responseIdentifierText } from './dcmtk/identifier-text.ts';
import { brokenExchange, openForTool, toolTraffic } from './dcmtk/open-association.ts';
import { readKeys } from './dcmtk/query-keys.ts';
import { responseText } from './dcmtk/response-text.ts';
import { secureSettings } from './dcmtk/tls-layer.ts';
import { readTlsOptions, TLS_HELP, TLS_OPTIONS } from './dcmtk/tls-options.ts';
import {
	readCancel,
	readNetwork,
	readOptions,
	sendCancel,
	usageError,
	type NetworkSettings,
} from './dcmtk/tool.ts';
import type { ToolLog } from './dcmtk/tool-log.ts';
import { peerLabel, type Traffic } from './peers.ts';

const SYNOPSIS =
	'findscu [-v] -S|-P|-W [-aet own-title] [-aec called-title] [--cancel n] -k key[=value]... peer port';
const TOOL = { name: 'findscu', title: 'DICOM query (C-FIND) SCU', synopsis: SYNOPSIS };
const NO_ASSOCIATION = 2;
/** Further responses are counted, not shown. */
const SHOWN_MAX = 100;

export const findscu = defineCommand({
	name: 'findscu',
	synopsis: SYNOPSIS,
	summary: 'DICOM query: ask an archive (-S, -P) or a worklist (-W) what it has',
	details: [
		'Keys: -k 0008,0052=STUDY, -k QueryRetrieveLevel=STUDY, -k PatientName (asks for the value),',
		'-k "(0040,0100)[0].Modality=CT" (inside a sequence). No match is no error: only the final line comes.',
		'-P asks in the patient root, where PATIENT is a level too. --cancel 2 asks to end after two responses (C-CANCEL).',
		'findscu -v -S -aet PACSDESK -aec PACS1 -k QueryRetrieveLevel=STUDY -k AccessionNumber=A1 pacs 104',
		TLS_HELP,
	].join('\n'),
	only: 'desk',
	*run(context, args) {
		const read = readOptions(TOOL, args, OPTIONS, true);
		if ('exitCode' in read) return read;
		const { options, log } = read;
		const network = readNetwork(TOOL, options, 'FINDSCU');
		if ('exitCode' in network) return network;
		const cancelAfter = readCancel(TOOL, options);
		if (typeof cancelAfter === 'object') return cancelAfter;
		if (options.operands.length > 2)
			return usageError(TOOL, 'query files are not available: use -k');
		const keys = options.values('-k');
		if (keys.length === 0) {
			return usageError(TOOL, 'either query file or override keys (or both) must be specified');
		}
		const tls = readTlsOptions(TOOL, options);
		if (tls && 'exitCode' in tls) return tls;
		const query = readKeys(keys);
		if (!query.ok) {
			log.add('error', `Bad override key/path: ${query.key}`);
			log.add(
				'error',
				`Find SCU Failed: 0001:0019 Unable to parse tag/dictionary name at beginning of path: ${query.at}`,
			);
			return { text: log.text, exitCode: 0 };
		}
		const settings = secureSettings(context, log, network, tls);
		if (!settings) return { text: log.text, exitCode: 1 };
		// DCMTK's default is the worklist.
		const model = options.has('-S')
			? UID.FINDStudyRootQueryRetrieveInformationModel
			: options.has('-P')
				? UID.FINDPatientRootQueryRetrieveInformationModel
				: UID.FINDModalityWorklistInformationModel;
		const worklist = model === UID.FINDModalityWorklistInformationModel;
		const level = worklist
			? 'WORKLIST'
			: (query.identifier.text('QueryRetrieveLevel') ?? 'no level');
		const finish = (exitCode: number, outcome: string, ended: Traffic['ended']) => ({
			text: log.text,
			exitCode,
			facts: [`find ${level} at ${peerLabel(context.world, settings.host)}: ${outcome}`],
			traffic: toolTraffic(context, settings.host, ended),
		});
		const opened = yield* openForTool(
			context,
			log,
			settings,
			[{ abstractSyntax: model, transferSyntaxes: TRANSFER_SYNTAXES }],
			'error',
		);
		if (!opened.ok) return finish(NO_ASSOCIATION, opened.outcome, opened.ended);
		const outcome = yield* sendQuery(opened.link, log, settings, {
			model,
			identifier: query.identifier,
			cancelAfter,
		});
		return finish(0, outcome, 'answered');
	},
});

const OPTIONS = [
	{ names: ['-S', '--study'] },
	{ names: ['-P', '--patient'] },
	{ names: ['-W', '--worklist'] },
	{ names: ['-k', '--key'], value: true },
	{ names: ['--cancel'], value: true },
	...TLS_OPTIONS,
];

const TRANSFER_SYNTAXES = [
	UID.LittleEndianExplicit,
	UID.BigEndianExplicit,
	UID.LittleEndianImplicit,
];

/** Sends the request and logs the responses; returns the outcome for the fact. */
function* sendQuery(
	link: AssociationLink,
	log: ToolLog,
	settings: NetworkSettings,
	query: { model: string; identifier: DataSet; cancelAfter: number | undefined },
): Process<string> {
	const { model, identifier, cancelAfter } = query;
	const messageId = link.connection.messageId();
	const transferSyntax = link.transferSyntaxOf(model) ?? UID.LittleEndianImplicit;
	log.add('info', `Sending Find Request (MsgID ${messageId})`);
	log.add('info', `Request Identifiers:\n${requestIdentifierText(identifier)}`);
	const request = cFindRequest({ messageId, sopClassUid: model });
	const data = encodeDataSet(identifier, { transferSyntax });
	let answer = yield* link.request(model, request, data);
	let matches = 0;
	while (answer.kind === 'response') {
		const status = answer.command.Status ?? 0;
		const { dcmtkText, category } = statusOf('C-FIND', status);
		if (category !== 'pending') {
			if (log.shows('debug')) log.add('debug', responseText('C-FIND', answer.command));
			log.add('info', `Received Final Find Response (${dcmtkText})`);
			log.add('info', 'Releasing Association');
			yield* link.release();
			if (category === 'cancel') return 'cancelled';
			if (status !== 0) return `failed ${status.toString(16).toUpperCase().padStart(4, '0')}`;
			return matches > 0 ? 'N>0' : 'none';
		}
		matches++;
		if (matches <= SHOWN_MAX) {
			logMatch(log, matches, dcmtkText, answer.data, transferSyntax);
		} else if (matches === SHOWN_MAX + 1) {
			log.add('warn', `further responses are not shown; ask with more keys`);
		}
		if (matches === cancelAfter) sendCancel(link, log, model, messageId);
		answer = yield* link.nextAnswer();
	}
	const { condition, peerAborted, outcome } = brokenExchange(answer, settings);
	log.add('error', `Find Failed, query keys:\n${requestIdentifierText(identifier)}`);
	log.add('error', condition);
	if (peerAborted) log.add('info', 'Peer Aborted Association');
	else {
		log.add('error', `Find SCU Failed: ${condition}`);
		log.add('info', 'Aborting Association');
	}
	link.abort();
	return outcome;
}

/** Matches are shown without -v as well: they are what the tool is for. */
function logMatch(
	log: ToolLog,
	number: number,
	statusText: string,
	data: Uint8Array | undefined,
	transferSyntax: string,
): void {
	const decoded = decodeDataSet(data ?? new Uint8Array(0), { transferSyntax });
	const text = decoded.ok
		? responseIdentifierText(decoded.dataSet, transferSyntax)
		: `\n(the response could not be read: ${decoded.error.message})\n`;
	log.addMatch(`---------------------------\nFind Response: ${number} (${statusText})\n${text}`);
}
