import type { CommandSet } from '#lib/protocol/dicom/dimse/command-dictionary.ts';
import { commandName } from '#lib/protocol/dicom/dimse/services.ts';
import { statusOf, type DimseService } from '#lib/protocol/dicom/dimse/status.ts';
import { uidName } from '#lib/protocol/dicom/dataset/uids.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { dumpDataSet } from '#lib/protocol/dicom/dataset/dump.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';

/** Which way a message goes; getscu tells its presentation context too. */
interface MessageView {
	direction: 'INCOMING' | 'OUTGOING';
	contextId?: number;
	/** The data set of a request, where the tool shows it with the command. */
	identifier?: DataSet;
}

/** A C-GET or C-STORE request as DCMTK prints it at debug level. */
export function dimseRequestText(command: CommandSet, view: MessageView): string {
	return dumpText(view, [
		...headLines(command, view, ['Message ID', String(command.MessageID ?? 0)]),
		dataSetLine(command),
		['Priority', PRIORITY_NAMES[command.Priority ?? 0] ?? 'medium'],
	]);
}

/** A response as DCMTK prints it at debug level, with the Status Detail where there is one. */
export function responseText(
	service: DimseService,
	command: CommandSet,
	view: MessageView = { direction: 'INCOMING' },
): string {
	const code = command.Status ?? 0;
	const lines = headLines(command, view, [
		'Message ID Being Responded To',
		String(command.MessageIDBeingRespondedTo ?? 0),
	]);
	const counters = [
		['Remaining Suboperations', command.NumberOfRemainingSuboperations],
		['Completed Suboperations', command.NumberOfCompletedSuboperations],
		['Failed Suboperations', command.NumberOfFailedSuboperations],
		['Warning Suboperations', command.NumberOfWarningSuboperations],
	] as const;
	if (service === 'C-MOVE' || service === 'C-GET') {
		for (const [label, value] of counters) lines.push([label, String(value ?? 'none')]);
	}
	lines.push(dataSetLine(command), [
		'DIMSE Status',
		`0x${code.toString(16).padStart(4, '0')}: ${statusWords(service, code)}`,
	]);
	return [dumpText(view, lines), ...statusDetail(command)].join('\n');
}

type Line = [string, string];

const PRIORITY_NAMES = ['medium', 'high', 'low'];

function headLines(command: CommandSet, { contextId }: MessageView, messageId: Line): Line[] {
	const { AffectedSOPClassUID: uid, AffectedSOPInstanceUID: instance } = command;
	return [
		['Message Type', (commandName(command.CommandField) ?? '').replace(/-(RQ|RSP)$/, ' $1')],
		...(contextId === undefined ? [] : [['Presentation Context ID', String(contextId)] as Line]),
		messageId,
		['Affected SOP Class UID', uid === undefined ? 'none' : (uidName(uid) ?? uid)],
		...(instance === undefined ? [] : [['Affected SOP Instance UID', instance] as Line]),
	];
}

function dataSetLine(command: CommandSet): Line {
	return ['Data Set', command.CommandDataSetType === 0x0101 ? 'none' : 'present'];
}

function dumpText({ direction, identifier }: MessageView, lines: readonly Line[]): string {
	return [
		`===================== ${direction} DIMSE MESSAGE ====================`,
		...lines.map(([label, value]) => `${label.padEnd(30)}: ${value}`),
		...(identifier ? ['-'.repeat(65), ...dataSetDump(identifier)] : []),
		'======================= END DIMSE MESSAGE =======================',
	].join('\n');
}

/** Between the rules there are no blank lines. */
function dataSetDump(dataSet: DataSet): string[] {
	const dump = dumpDataSet(dataSet, { transferSyntax: UID.LittleEndianExplicit });
	return dump.split('\n').filter((line) => line !== '');
}

/** What a success means, in the words that DCMTK adds for some services. */
const SUCCESS_WORDS: Partial<Record<DimseService, string>> = {
	'C-FIND': 'Matching is complete',
	'C-MOVE': 'Sub-operations complete - No failures or warnings',
	'C-GET': 'Sub-operations complete - No failures or warnings',
};

/** `Refused: Out of resources`: DCMTK tells refusals and errors of a service from general failures. */
function statusWords(service: DimseService, code: number): string {
	const { name, category } = statusOf(service, code);
	const words = category === 'success' ? (SUCCESS_WORDS[service] ?? name) : name;
	const family = code >> 8;
	const kind =
		category !== 'failure'
			? category.charAt(0).toUpperCase() + category.slice(1)
			: family === 0xa7 || family === 0xa8 || code === 0x0122 || code === 0x0124
				? 'Refused'
				: family >= 0xa9
					? 'Error'
					: 'Failed';
	return words === kind ? kind : `${kind}: ${words}`;
}

function statusDetail(command: CommandSet): string[] {
	if (command.ErrorComment === undefined) return [];
	const detail = DataSet.from({ ErrorComment: command.ErrorComment });
	const dump = dumpDataSet(detail, { transferSyntax: UID.LittleEndianImplicit });
	return ['Status Detail:', ...dump.split('\n')];
}
