import type { DimseReport } from '#lib/inspect/capture/capture-report.ts';
import { statusWords } from '#lib/inspect/capture/dimse-words.ts';
import { uidText } from '#lib/inspect/uid-words.ts';
import { commandName } from '#lib/protocol/dicom/dimse/services.ts';
import { formatTag } from '#lib/protocol/dicom/dataset/dictionary.ts';

/** PS3.7 annex E.1-1. */
const PRIORITIES: Readonly<Record<number, string>> = { 0: 'medium', 1: 'high', 2: 'low' };

/** The command set of a message for people, in the order of its elements. */
export function commandFacts(message: DimseReport): { label: string; text: string }[] {
	const status = statusWords(message.command);
	const facts = Object.entries(message.command).flatMap(([keyword, value]) => {
		if (value === undefined || keyword === 'CommandDataSetType') return [];
		const label = keyword
			.replace(/([a-z])([A-Z])/g, '$1 $2')
			.replace(/([A-Z])([A-Z][a-z])/g, '$1 $2');
		return [{ label, text: textOf(keyword, value, status?.text) }];
	});
	facts.push({ label: 'Presentation context', text: String(message.contextId) });
	if (message.dataBytes > 0) {
		const syntax = message.transferSyntax;
		const text = syntax === undefined ? 'not in the capture, implicit VR assumed' : uidText(syntax);
		facts.push({ label: 'Transfer syntax', text });
	}
	return facts;
}

function textOf(
	keyword: string,
	value: string | number | readonly number[],
	status: string | undefined,
): string {
	if (keyword === 'Status' && status !== undefined) return status;
	if (keyword === 'CommandField') {
		const field = Number(value);
		return `0x${field.toString(16).padStart(4, '0')} ${commandName(field) ?? 'not defined'}`;
	}
	if (keyword === 'Priority') return PRIORITIES[Number(value)] ?? String(value);
	if (keyword.endsWith('SOPClassUID')) return uidText(String(value));
	return typeof value === 'object' ? value.map(formatTag).join(', ') : String(value);
}
