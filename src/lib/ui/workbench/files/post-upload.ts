import type { UploadAnswer } from '../../page-data.ts';

/** How sending one file ended: the digest under which it is kept, or why it is not, as a sentence. */
export type UploadReply = { ok: true; digest: string } | { ok: false; message: string };

const TIMEOUT_MS = 120_000;

/** Sends a file and tells how much of it has gone, 0 to 1. Never throws: every failure is a reply. */
export function postUpload(
	attemptId: string,
	file: Blob,
	onprogress: (fraction: number) => void,
): Promise<UploadReply> {
	// Only XMLHttpRequest tells how far an upload is.
	const request = new XMLHttpRequest();
	request.open('POST', `/attempts/${attemptId}/uploads?without-patient-data=yes`);
	request.setRequestHeader('content-type', 'application/dicom');
	request.responseType = 'json';
	request.timeout = TIMEOUT_MS;
	return new Promise((resolve) => {
		const fail = (message: string) => () => resolve({ ok: false, message });
		request.upload.onprogress = ({ loaded, total }) => onprogress(total > 0 ? loaded / total : 0);
		request.onload = () => resolve(replyOf(request.status, request.response));
		request.onerror = fail('The server could not be reached.');
		request.ontimeout = fail('The server did not answer in time.');
		request.send(file);
	});
}

function replyOf(status: number, body: unknown): UploadReply {
	// The endpoint is part of the same program; its bodies have the shape of page-data.ts.
	const answer = (body ?? {}) as Partial<Extract<UploadAnswer, { digest: string }>> & {
		message?: string;
	};
	if (status === 200 && answer.digest !== undefined) return { ok: true, digest: answer.digest };
	return { ok: false, message: answer.message ?? `The server answered ${status}.` };
}
