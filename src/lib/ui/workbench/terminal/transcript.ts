import type { WorkbenchView } from '#lib/lab/workbench-view.ts';

export interface TranscriptEntry {
	sequence: number;
	line: string;
	text: string;
	refused: boolean;
}

/** What was typed and shown in one shell, rebuilt from the history of the attempt. */
export function transcriptOf(
	history: WorkbenchView['history'],
	host: string,
	fromSequence = 0,
): TranscriptEntry[] {
	return history.flatMap(({ sequence, action, observation }) =>
		action.kind === 'command' && action.place === host && sequence >= fromSequence
			? [
					{
						sequence,
						line: action.line,
						text: observation.text,
						refused: observation.outcome === 'refused',
					},
				]
			: [],
	);
}
