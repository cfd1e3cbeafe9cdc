import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import type { JsonAttribute, JsonDataSet } from '#lib/protocol/dicom/web/json-model.ts';
import { readMultipart } from '#lib/protocol/dicom/web/multipart.ts';
import { parseMediaType } from '#lib/protocol/http/media-type.ts';
import { dicomWebHospital } from './dicomweb-hospital.ts';
import type { Answered } from './http-over-stream.ts';

export const BASE = '/dicom-web';
export const URI = 'http://pacs:8042/dicom-web';

export const json = (answer: Answered): JsonDataSet[] => JSON.parse(answer.text) as JsonDataSet[];
export const first = (attribute: JsonAttribute | undefined): unknown => attribute?.Value?.[0];

/** The parts of a multipart response. */
export function parts(answer: Answered) {
	const type = parseMediaType(answer.field('Content-Type') ?? '');
	const read = readMultipart(answer.bytes, type?.parameters.get('boundary'));
	if (!Array.isArray(read)) throw new Error(read.text);
	return read;
}

/** A hospital with the paths of its two studies. */
export function hospital() {
	const all = dicomWebHospital();
	const path = (object: DataSet): string =>
		`${BASE}/studies/${object.text('StudyInstanceUID')}/series/${object.text('SeriesInstanceUID')}/instances/${object.text('SOPInstanceUID')}`;
	const ct = all.ct.instances.map(({ dataSet }) => dataSet);
	const dx = all.dx.instances.map(({ dataSet }) => dataSet);
	return { ...all, ct, dx, ctPath: path(ct[0]!), dxPath: path(dx[0]!) };
}
