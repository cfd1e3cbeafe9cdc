import type { Process } from '#lib/kernel/process.ts';
import type { AssociationLink } from '#lib/hospital/dicom/service-class-user.ts';
import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { readPart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { transferSyntaxName } from '#lib/protocol/dicom/dataset/transfer-syntax.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cStoreRequest } from '#lib/protocol/dicom/dimse/services.ts';
import { statusOf } from '#lib/protocol/dicom/dimse/status.ts';
import { defineCommand } from '../define-command.ts';
import type { ProposedContext } from './dcmtk/association-text.ts';
import { modalityPrefix } from './dcmtk/modality-prefix.ts';
import { brokenExchange, maximumPdv, openForTool, toolTraffic } from './dcmtk/open-association.ts';
import { responseText } from './dcmtk/response-text.ts';
import { secureSettings } from './dcmtk/tls-layer.ts';
import { readTlsOptions, TLS_HELP, TLS_OPTIONS } from './dcmtk/tls-options.ts';
import { readNetwork, readOptions, usageError, type NetworkSettings } from './dcmtk/tool.ts';
import type { ToolLog } from './dcmtk/tool-log.ts';
import { absolutePath } from './files.ts';
import type { Traffic } from './peers.ts';

const SYNOPSIS = 'storescu [-v] [-aet own-title] [-aec called-title] peer port file...';
const TOOL = { name: 'storescu', title: 'DICOM storage (C-STORE) SCU', synopsis: SYNOPSIS };
const FILES_MAX = 50;
const LOST_DURING_STORE = 10;

interface InputFile {
	typed: string;
	dataSet: DataSet;
	transferSyntax: string;
	sopClassUid: string;
	sopInstanceUid: string;
}

export const storescu = defineCommand({
	name: 'storescu',
	synopsis: SYNOPSIS,
	summary: 'DICOM storage: send files to a peer',
	details: [
		'Without -v a refused object prints nothing: only the exit code tells (167 is 0xA7 of status A700).',
		`At most ${FILES_MAX} files. What is sent stays in the archive: use a test patient, never a real one.`,
		TLS_HELP,
	].join('\n'),
	only: 'desk',
	*run(context, args) {
		const read = readOptions(TOOL, args, OPTIONS, true);
		if ('exitCode' in read) return read;
		const { options, log } = read;
		const network = readNetwork(TOOL, options, 'STORESCU');
		if ('exitCode' in network) return network;
		const names = options.operands.slice(2);
		if (names.length === 0) return usageError(TOOL, 'Missing parameter dcmfile-in');
		if (names.length > FILES_MAX) return usageError(TOOL, `at most ${FILES_MAX} files in one go`);
		const tls = readTlsOptions(TOOL, options);
		if (tls && 'exitCode' in tls) return tls;
		log.add('info', 'checking input files ...');
		const files: InputFile[] = [];
		for (const typed of names) {
			const file = openFile(typed, context.readFile(absolutePath(context, typed)));
			if (typeof file === 'string') {
				log.add(file.startsWith('cannot') ? 'fatal' : 'error', file);
				return { text: log.text, exitCode: 1 };
			}
			files.push(file);
		}
		const settings = secureSettings(context, log, network, tls);
		if (!settings) return { text: log.text, exitCode: 1 };
		const { host, callingAeTitle, calledAeTitle } = settings;
		const finish = (exitCode: number, outcome: string, ended: Traffic['ended']) => ({
			text: log.text,
			exitCode,
			facts: [`store to ${calledAeTitle} from ${context.host.id} as ${callingAeTitle}: ${outcome}`],
			traffic: toolTraffic(context, host, ended),
		});
		const opened = yield* openForTool(context, log, settings, contextsFor(files), 'fatal');
		if (!opened.ok) return finish(1, opened.outcome, opened.ended);
		let last = { exitCode: 0, outcome: 'success', goOn: true };
		let stored = false;
		for (const file of files) {
			last = yield* sendFile(opened.link, log, settings, file);
			stored ||= last.exitCode === 0;
			if (!last.goOn) return finish(last.exitCode, last.outcome, 'lost');
			if (last.exitCode !== 0) break;
		}
		log.add('info', 'Releasing Association');
		yield* opened.link.release();
		return { ...finish(last.exitCode, last.outcome, 'answered'), changed: stored };
	},
});

const OPTIONS = [{ names: ['-R', '--required'] }, ...TLS_OPTIONS];

/** A complaint when the file is not there or cannot be read. */
function openFile(typed: string, bytes: Uint8Array | undefined): InputFile | string {
	if (!bytes) return `cannot access file: ${typed}`;
	const part10 = readPart10(bytes);
	if (!part10.ok) return `Bad DICOM file: ${typed}: I/O suspension or premature end of stream`;
	const { dataSet, transferSyntax } = part10;
	return {
		typed,
		dataSet,
		transferSyntax,
		sopClassUid: dataSet.text('SOPClassUID') ?? '',
		sopInstanceUid: dataSet.text('SOPInstanceUID') ?? '',
	};
}

const UNCOMPRESSED: readonly string[] = [
	UID.LittleEndianExplicit,
	UID.BigEndianExplicit,
	UID.LittleEndianImplicit,
];

/**
 * What the files need, as with the tool's option --required: per class explicit little endian, the other
 * uncompressed syntaxes, and what the file itself is compressed with.
 */
function contextsFor(files: readonly InputFile[]): ProposedContext[] {
	const contexts = new Map<string, ProposedContext>();
	const propose = (abstractSyntax: string, transferSyntaxes: readonly string[]): void => {
		contexts.set(`${abstractSyntax} ${transferSyntaxes.join()}`, {
			abstractSyntax,
			transferSyntaxes,
		});
	};
	for (const { sopClassUid, transferSyntax } of files) {
		propose(sopClassUid, [UID.LittleEndianExplicit]);
		propose(sopClassUid, [UID.BigEndianExplicit, UID.LittleEndianImplicit]);
		if (!UNCOMPRESSED.includes(transferSyntax)) propose(sopClassUid, [transferSyntax]);
	}
	return [...contexts.values()];
}

function* sendFile(
	link: AssociationLink,
	log: ToolLog,
	settings: NetworkSettings,
	file: InputFile,
): Process<{ exitCode: number; outcome: string; goOn: boolean }> {
	const { association } = link.connection;
	const { sopClassUid, sopInstanceUid } = file;
	log.add('info', `Sending file: ${file.typed}`);
	const exact = association.contextFor(sopClassUid, file.transferSyntax);
	const convertible = UNCOMPRESSED.includes(file.transferSyntax);
	const context =
		exact ??
		(convertible
			? UNCOMPRESSED.map((uid) => association.contextFor(sopClassUid, uid)).find((one) => one)
			: undefined);
	if (!context) {
		log.add(
			'error',
			`No presentation context for: (${modalityPrefix(sopClassUid)}) ${sopClassUid}`,
		);
		return failed(link, log, file, { kind: 'context-not-accepted' }, settings);
	}
	const from = transferSyntaxName(file.transferSyntax);
	log.add(
		'info',
		`Converting transfer syntax: ${from} -> ${transferSyntaxName(context.transferSyntax)}`,
	);
	const messageId = link.connection.messageId();
	log.add('info', `Sending Store Request (MsgID ${messageId}, ${modalityPrefix(sopClassUid)})`);
	const data = encodeDataSet(file.dataSet, { transferSyntax: context.transferSyntax });
	const sizeBytes = data.reduce((sum, piece) => sum + piece.length, 0);
	const pdus = Math.max(1, Math.ceil(sizeBytes / maximumPdv(association.peer)));
	log.addBare('info', `XMIT: ${'.'.repeat(Math.min(pdus, 500))}`);
	const request = cStoreRequest({ messageId, sopClassUid, sopInstanceUid });
	const answer = yield* link.request(sopClassUid, request, data, context.transferSyntax);
	if (answer.kind !== 'response') return failed(link, log, file, answer, settings);
	const code = answer.command.Status ?? 0;
	const status = statusOf('C-STORE', code);
	log.add('info', `Received Store Response (${status.dcmtkText})`);
	if (log.shows('debug')) log.add('debug', responseText('C-STORE', answer.command));
	const hex = code.toString(16).toUpperCase().padStart(4, '0');
	const refused = status.category === 'failure';
	return {
		exitCode: refused ? code >> 8 : 0,
		outcome: code === 0 ? 'success' : `${refused ? 'failed' : 'warning'} ${hex}`,
		goOn: true,
	};
}

function failed(
	link: AssociationLink,
	log: ToolLog,
	file: InputFile,
	answer: Parameters<typeof brokenExchange>[0],
	settings: NetworkSettings,
): { exitCode: number; outcome: string; goOn: boolean } {
	const { condition, peerAborted, outcome } = brokenExchange(answer, settings);
	log.add('error', `Store Failed, file: ${file.typed}:\n${condition}`);
	if (peerAborted) log.add('info', 'Peer Aborted Association');
	else {
		log.add('error', `Store SCU Failed: ${condition}`);
		log.add('info', 'Aborting Association');
	}
	link.abort();
	return { exitCode: peerAborted ? LOST_DURING_STORE : 1, outcome, goOn: false };
}
