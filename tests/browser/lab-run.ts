import { loadContent } from '#lib/lab/content.ts';
import { Attempt } from '#lib/lab/attempt.ts';
import { sha256, Sha256, toHex } from '#lib/kernel/sha256.ts';

/** What a finished lab left behind, as fingerprints. */
export interface LabRun {
	scenario: string;
	/** Of everything that happened in the hospital, at which microsecond. */
	trace: string;
	/** Of what the trainee was shown. */
	observations: string;
	/** Of the capture file of the trainee's own machine: the bytes that Wireshark would open. */
	capture: string;
}

/** Plays the first solution of every lab to its end, with all frames kept. */
export function runLabs(files: readonly { path: string; text: string }[], seed: string): LabRun[] {
	const { content, problems } = loadContent(files);
	if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
	return [...content.scenarios.values()].map(({ id, solutions }) => {
		const attempt = new Attempt(content, id, seed, { capture: true });
		attempt.advance();
		for (const action of solutions[0]?.actions ?? []) attempt.perform(action);
		const capture = new Sha256();
		for (const piece of attempt.capture()) capture.update(piece);
		attempt.watch();
		const shown = JSON.stringify(attempt.records.map(({ observation }) => observation));
		return {
			scenario: id,
			trace: attempt.fingerprint(),
			observations: toHex(sha256(shown)),
			capture: toHex(capture.digest()),
		};
	});
}
