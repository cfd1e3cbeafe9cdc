/// <reference lib="webworker" />
/** Reads files off the main thread. Holds the file that is open; nothing leaves the browser. */
import { CaptureAnalysis } from '#lib/inspect/capture/analyse-capture.ts';
import { detectKind } from '#lib/inspect/detect-kind.ts';
import { renderFrame, type RenderedFrame } from '#lib/inspect/dicom/render-frame.ts';
import { analyseHl7 } from '#lib/inspect/hl7/analyse-hl7.ts';
import { readPart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { dicomReport } from './dicom-report.ts';
import {
	type ContentPlace,
	FILE_BYTES_MAX,
	type InspectAnswer,
	type Inspected,
	type InspectRequest,
} from './inspected.ts';

const ITEMS_PER_PROGRESS = 20_000;
/** HL7 messages are small; a larger file is something else that happens to begin alike. */
const HL7_BYTES_MAX = 32_000_000;

const worker = self as unknown as DedicatedWorkerGlobalScope;
let open: { bytes: Uint8Array; capture: CaptureAnalysis | undefined } | undefined;

worker.onmessage = ({ data }: MessageEvent<InspectRequest>): void => {
	void answer(data);
};

function post(message: InspectAnswer): void {
	worker.postMessage(message);
}

async function answer(request: InspectRequest): Promise<void> {
	const { id } = request;
	switch (request.kind) {
		case 'open':
			return post({ id, kind: 'inspected', inspected: await openFile(id, request.file) });
		case 'open-content': {
			const bytes = contentOf(request.place);
			const inspected: Inspected = bytes
				? inspectContent(bytes)
				: { kind: 'refused', message: 'There is no data set to show.' };
			return post({ id, kind: 'inspected', inspected });
		}
		case 'bytes': {
			const bytes = contentOf(request.place);
			return post({ id, kind: 'bytes', bytes: bytes && new Uint8Array(bytes) });
		}
		case 'frame':
			return post({ id, kind: 'frame', frame: drawFrame(request) });
	}
}

async function openFile(id: number, file: Blob): Promise<Inspected> {
	open = undefined;
	if (file.size === 0) return { kind: 'refused', message: 'The file is empty.' };
	if (file.size > FILE_BYTES_MAX) {
		const message = `The file has ${megabytes(file.size)} MB; at most ${megabytes(FILE_BYTES_MAX)} MB are opened here. Cut a capture with editcap or a narrower filter.`;
		return { kind: 'refused', message };
	}
	try {
		const bytes = new Uint8Array(await file.arrayBuffer());
		open = { bytes, capture: undefined };
		return inspect(id, bytes);
	} catch (problem) {
		const reason = problem instanceof Error ? problem.message : String(problem);
		return { kind: 'refused', message: `The file could not be read: ${reason}` };
	}
}

function inspect(id: number, bytes: Uint8Array): Inspected {
	switch (detectKind(bytes)) {
		case 'capture': {
			const capture = new CaptureAnalysis(bytes);
			while (!capture.advance(ITEMS_PER_PROGRESS)) {
				post({ id, kind: 'progress', part: capture.progress });
			}
			if (open) open.capture = capture;
			return { kind: 'capture', report: capture.report() };
		}
		case 'dicom-file':
			return { kind: 'dicom', report: dicomReport(bytes, 'file') };
		case 'dicom-data-set':
			return { kind: 'dicom', report: dicomReport(bytes, 'data-set') };
		case 'hl7':
			if (bytes.length <= HL7_BYTES_MAX) return { kind: 'hl7', report: analyseHl7(bytes) };
			return {
				kind: 'refused',
				message: `HL7 files up to ${megabytes(HL7_BYTES_MAX)} MB are opened here.`,
			};
		case 'unknown':
			return {
				kind: 'refused',
				message:
					'This is neither a DICOM object, nor HL7 v2, nor a capture. A DICOM file has “DICM” at byte 128, an HL7 message begins with MSH, and captures are pcap or pcapng.',
			};
	}
}

/** A message of the open capture: what its dissector gives is a DICOM file made here, or HL7. */
function inspectContent(bytes: Uint8Array): Inspected {
	if (detectKind(bytes) === 'dicom-file') {
		return { kind: 'dicom', report: dicomReport(bytes, 'message') };
	}
	return { kind: 'hl7', report: analyseHl7(bytes) };
}

function contentOf({ conversation, content }: ContentPlace): Uint8Array | undefined {
	return open?.capture?.content(conversation, content);
}

function drawFrame(request: InspectRequest & { kind: 'frame' }): RenderedFrame {
	const bytes = request.place ? contentOf(request.place) : open?.bytes;
	if (!bytes) return { ok: false, reason: 'No file is open.' };
	const read = readPart10(bytes);
	if (!read.ok) return { ok: false, reason: `The object cannot be read: ${read.error.message}.` };
	return renderFrame(read.dataSet, read.transferSyntax, request.frame, request.window);
}

function megabytes(sizeBytes: number): string {
	return String(Math.ceil(sizeBytes / 1_000_000));
}
