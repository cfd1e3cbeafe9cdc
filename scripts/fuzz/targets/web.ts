import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { writeMultipart } from '#lib/protocol/dicom/web/multipart.ts';
import { jsonToDataSet } from '#lib/protocol/dicom/web/read-json.ts';
import { parseResource } from '#lib/protocol/dicom/web/resource.ts';
import { parseSearchParameters } from '#lib/protocol/dicom/web/search-parameters.ts';
import { readStoreRequest } from '#lib/protocol/dicom/web/store.ts';
import { dataSetToJson } from '#lib/protocol/dicom/web/write-json.ts';
import { DEFAULT_HTTP_LIMITS } from '#lib/protocol/http/limits.ts';
import { textResponse, type HttpRequest } from '#lib/protocol/http/message.ts';
import { ServerConnection } from '#lib/protocol/http/server-connection.ts';
import { parseTarget } from '#lib/protocol/http/target.ts';
import { chunksOf, type FuzzTarget } from '../define-target.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const OBJECT = DataSet.from({
	SpecificCharacterSet: 'ISO_IR 100',
	SOPClassUID: UID.CTImageStorage,
	SOPInstanceUID: '2.25.3',
	PatientName: 'Jörg^Test',
	StudyInstanceUID: '2.25.4',
	RequestAttributesSequence: [DataSet.from({ ScheduledProcedureStepID: 'S1' })],
	Rows: 4,
	SliceThickness: 1.25,
	PixelData: new Uint8Array(32),
});

/** A store of two objects. */
function storeRequest(): Uint8Array {
	const file = writePart10(OBJECT, {
		transferSyntax: UID.LittleEndianExplicit,
		...{ implementationClassUid: '2.25.1', implementationVersionName: 'FUZZ' },
	});
	const part = { fields: [['Content-Type', 'application/dicom']], body: file } as const;
	const { boundary, body } = writeMultipart([part, part]);
	const content = joinBytes(body);
	const head = bytesOf(
		`POST /studies HTTP/1.1\r\nHost: pacs\r\nContent-Type: multipart/related; type="application/dicom"; boundary="${boundary}"\r\nContent-Length: ${content.length}\r\n\r\n`,
	);
	return joinBytes([head, content]);
}

const REQUESTS = [
	'GET /studies?PatientName=A*&00080020=20260301-20260309&includefield=all&limit=5 HTTP/1.1\r\nHost: pacs:8042\r\nAccept: application/dicom+json\r\n\r\n',
	'POST /studies HTTP/1.1\r\nHost: pacs\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n',
	'PUT /studies/1.2/series/1.3 HTTP/1.1\r\nHost: pacs\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc',
	'GET /studies/1.2/metadata HTTP/1.0\r\n\r\n',
].join('');

/** What a DICOMweb service looks at in a request. */
function read(request: HttpRequest): void {
	const target = parseTarget(request.target);
	if (!target) return;
	parseResource(target.segments);
	parseSearchParameters(target.query);
	readStoreRequest(request);
}

/** Requests understood by a server that answers each at once. */
function serve(chunks: Iterable<Uint8Array>): number {
	const connection = new ServerConnection({
		limits: { ...DEFAULT_HTTP_LIMITS, bodyBytes: 64 * 1024 },
	});
	let requests = 0;
	const drain = (): void => {
		for (let output = connection.next(); output; output = connection.next()) {
			if (output.kind !== 'request') continue;
			requests++;
			read(output.request);
			connection.respond(textResponse({ status: 404, text: 'nothing here' }));
		}
	};
	for (const chunk of chunks) {
		connection.receive(chunk);
		drain();
	}
	connection.timedOut();
	connection.peerEnded();
	drain();
	return requests;
}

export const httpTarget: FuzzTarget = {
	name: 'HTTP and DICOMweb requests',
	seeds: () => [bytesOf(REQUESTS), storeRequest()],
	run: (input, random) => void serve(chunksOf(input, random)),
	understands: (seed) => serve([seed]) >= 1,
};

function readJson(input: Uint8Array): boolean {
	let json: unknown;
	try {
		json = JSON.parse(new TextDecoder().decode(input));
	} catch {
		return false;
	}
	const result = jsonToDataSet(json);
	if (result.ok) dataSetToJson(result.dataSet);
	return result.ok;
}

export const jsonTarget: FuzzTarget = {
	name: 'DICOM JSON',
	seeds: () => [bytesOf(JSON.stringify(dataSetToJson(OBJECT)))],
	run: (input) => void readJson(input),
	understands: readJson,
};
