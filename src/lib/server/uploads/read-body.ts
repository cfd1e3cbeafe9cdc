/** Reads the body of a request as it comes; undefined, and no more is read, once it is larger than allowed. */
export async function readBody(
	request: Request,
	mostBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
	if (Number(request.headers.get('content-length') ?? 0) > mostBytes) return undefined;
	const pieces: Uint8Array[] = [];
	let sizeBytes = 0;
	const reader = request.body?.getReader();
	for (;;) {
		const next = await reader?.read();
		if (!next || next.done) break;
		sizeBytes += next.value.length;
		if (sizeBytes > mostBytes) {
			await reader?.cancel();
			return undefined;
		}
		pieces.push(next.value);
	}
	const bytes = new Uint8Array(sizeBytes);
	let at = 0;
	for (const piece of pieces) {
		bytes.set(piece, at);
		at += piece.length;
	}
	return bytes;
}
