import type { CaptureReport } from '#lib/inspect/capture/capture-report.ts';
import type { RenderedFrame, Window } from '#lib/inspect/dicom/render-frame.ts';
import type { Hl7Report } from '#lib/inspect/hl7/analyse-hl7.ts';
import type { DicomReport } from './dicom-report.ts';

/** What a file turned out to be. */
export type Inspected =
	| { readonly kind: 'dicom'; readonly report: DicomReport }
	| { readonly kind: 'hl7'; readonly report: Hl7Report }
	| { readonly kind: 'capture'; readonly report: CaptureReport }
	| { readonly kind: 'refused'; readonly message: string };

/** A message within a capture: the number of the conversation, and that of its content. */
export interface ContentPlace {
	readonly conversation: number;
	readonly content: number;
}

/** What the page asks its worker; `id` comes back with the answer. `place` is within the open capture. */
export type InspectRequest =
	| { readonly id: number; readonly kind: 'open'; readonly file: Blob }
	| { readonly id: number; readonly kind: 'open-content'; readonly place: ContentPlace }
	| { readonly id: number; readonly kind: 'bytes'; readonly place: ContentPlace }
	| {
			readonly id: number;
			readonly kind: 'frame';
			readonly place: ContentPlace | undefined;
			readonly frame: number;
			readonly window: Window | undefined;
	  };

export type InspectAnswer =
	| { readonly id: number; readonly kind: 'progress'; readonly part: number }
	| { readonly id: number; readonly kind: 'inspected'; readonly inspected: Inspected }
	| {
			readonly id: number;
			readonly kind: 'bytes';
			readonly bytes: Uint8Array<ArrayBuffer> | undefined;
	  }
	| { readonly id: number; readonly kind: 'frame'; readonly frame: RenderedFrame };

/** Files beyond this are not opened: they and what is made of them have to fit into memory. */
export const FILE_BYTES_MAX = 200_000_000;
