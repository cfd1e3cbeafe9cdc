import type { CommandSet } from '#lib/protocol/dicom/dimse/command-dictionary.ts';
import { commandName } from '#lib/protocol/dicom/dimse/services.ts';
import {
	statusOf,
	type DimseService,
	type StatusCategory,
} from '#lib/protocol/dicom/dimse/status.ts';
import { uidName } from '#lib/protocol/dicom/dataset/uids.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { dumpDataSet } from '#lib/protocol/dicom/dataset/dump.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';

/** A response as DCMTK prints it at debug level, with the Status Detail where there is one. */
export function responseText(service: DimseService, command: CommandSet): string {
	const code = command.Status ?? 0;
	const { name, category } = statusOf(service, code);
	const uid = command.AffectedSOPClassUID;
	const lines: [string, string][] = [
		['Message Type', (commandName(command.CommandField) ?? '').replace('-RSP', ' RSP')],
		['Message ID Being Responded To', String(command.MessageIDBeingRespondedTo ?? 0)],
		['Affected SOP Class UID', uid === undefined ? 'none' : (uidName(uid) ?? uid)],
	];
	if (command.AffectedSOPInstanceUID !== undefined) {
		lines.push(['Affected SOP Instance UID', command.AffectedSOPInstanceUID]);
	}
	const counters = [
		['Remaining Suboperations', command.NumberOfRemainingSuboperations],
		['Completed Suboperations', command.NumberOfCompletedSuboperations],
		['Failed Suboperations', command.NumberOfFailedSuboperations],
		['Warning Suboperations', command.NumberOfWarningSuboperations],
	] as const;
	if (service === 'C-MOVE') {
		for (const [label, value] of counters) lines.push([label, String(value ?? 'none')]);
	}
	lines.push(
		['Data Set', command.CommandDataSetType === 0x0101 ? 'none' : 'present'],
		[
			'DIMSE Status',
			`0x${code.toString(16).padStart(4, '0')}: ${statusWords(code, category, name)}`,
		],
	);
	return [
		'===================== INCOMING DIMSE MESSAGE ====================',
		...lines.map(([label, value]) => `${label.padEnd(30)}: ${value}`),
		'======================= END DIMSE MESSAGE =======================',
		...statusDetail(command),
	].join('\n');
}

/** `Refused: Out of resources`: DCMTK tells refusals and errors of a service from general failures. */
function statusWords(code: number, category: StatusCategory, name: string): string {
	const family = code >> 8;
	const kind =
		category !== 'failure'
			? category.charAt(0).toUpperCase() + category.slice(1)
			: family === 0xa7 || family === 0xa8 || code === 0x0122 || code === 0x0124
				? 'Refused'
				: family >= 0xa9
					? 'Error'
					: 'Failed';
	return name === kind ? kind : `${kind}: ${name}`;
}

function statusDetail(command: CommandSet): string[] {
	if (command.ErrorComment === undefined) return [];
	const detail = DataSet.from({ ErrorComment: command.ErrorComment });
	const dump = dumpDataSet(detail, { transferSyntax: UID.LittleEndianImplicit });
	return ['Status Detail:', ...dump.split('\n')];
}
