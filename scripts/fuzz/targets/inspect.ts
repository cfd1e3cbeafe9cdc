import { CaptureAnalysis } from '#lib/inspect/capture/analyse-capture.ts';
import { objectRemarks } from '#lib/inspect/dicom/object-remarks.ts';
import { analyseHl7 } from '#lib/inspect/hl7/analyse-hl7.ts';
import { readCapture } from '#lib/protocol/wire/read-capture.ts';
import { makeSample } from '#lib/ui/inspect/samples.ts';
import type { FuzzTarget } from '../define-target.ts';

/** What the inspection page makes of a capture; whether it found conversations. */
function analyse(input: Uint8Array): boolean {
	const analysis = new CaptureAnalysis(input);
	analysis.advance();
	return analysis.report().conversations.length > 0;
}

/** The packets of a capture, until it has ended or made no sense. */
function packetsOf(input: Uint8Array): number {
	let packets = 0;
	for (const item of readCapture(input)) if (item.kind === 'packet') packets++;
	return packets;
}

const captures = (): Uint8Array[] =>
	(['capture-rejected', 'capture-store-failure'] as const).map((id) => makeSample(id).bytes);

export const captureTarget: FuzzTarget = {
	name: 'capture file',
	seeds: captures,
	run: (input) => void packetsOf(input),
	understands: (seed) => packetsOf(seed) > 10,
};

export const captureAnalysisTarget: FuzzTarget = {
	name: 'capture analysis',
	seeds: captures,
	run: (input) => void analyse(input),
	understands: analyse,
};

export const objectTarget: FuzzTarget = {
	name: 'inspected object',
	seeds: () => [makeSample('dicom-character-set').bytes],
	run: (input) => void objectRemarks(input),
	understands: (seed) => !objectRemarks(seed).general.some(({ tone }) => tone === 'bad'),
};

export const hl7FileTarget: FuzzTarget = {
	name: 'inspected HL7 file',
	seeds: () => [makeSample('hl7-missing-field').bytes],
	run: (input) => void analyseHl7(input),
	understands: (seed) => analyseHl7(seed).messages.some(({ segments }) => segments.length > 2),
};
