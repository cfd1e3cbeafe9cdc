import type { RenderedFrame, Window } from '#lib/inspect/dicom/render-frame.ts';
import type { ContentPlace, InspectAnswer, Inspected, InspectRequest } from './inspected.ts';

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** The page's side of the worker: one question, one answer. */
export class InspectClient {
	readonly #worker = new Worker(new URL('./inspect-worker.ts', import.meta.url), {
		type: 'module',
	});
	readonly #waiting = new Map<number, (answer: InspectAnswer | undefined) => void>();
	#lastId = 0;
	#onprogress: (part: number) => void = () => undefined;

	constructor() {
		this.#worker.onmessage = ({ data }: MessageEvent<InspectAnswer>) => {
			if (data.kind === 'progress') this.#onprogress(data.part);
			else this.#settle(data.id, data);
		};
		this.#worker.onerror = (event) => {
			event.preventDefault();
			for (const id of [...this.#waiting.keys()]) this.#settle(id, undefined);
		};
	}

	/** Opens a file; the one that was open before is forgotten. */
	async open(file: Blob, onprogress: (part: number) => void): Promise<Inspected> {
		this.#onprogress = onprogress;
		return this.#inspected({ kind: 'open', file });
	}

	/** Opens a message of the capture that is open. */
	async openContent(place: ContentPlace): Promise<Inspected> {
		return this.#inspected({ kind: 'open-content', place });
	}

	async bytes(place: ContentPlace): Promise<Uint8Array<ArrayBuffer> | undefined> {
		const answer = await this.#ask({ kind: 'bytes', place });
		return answer?.kind === 'bytes' ? answer.bytes : undefined;
	}

	/** Draws a frame of the open file, or of a message of the open capture. */
	async frame(
		place: ContentPlace | undefined,
		frame: number,
		window: Window | undefined,
	): Promise<RenderedFrame> {
		const answer = await this.#ask({ kind: 'frame', place, frame, window });
		if (answer?.kind === 'frame') return answer.frame;
		return { ok: false, reason: 'The image could not be drawn.' };
	}

	close(): void {
		this.#worker.terminate();
	}

	async #inspected(request: WithoutId<InspectRequest>): Promise<Inspected> {
		const answer = await this.#ask(request);
		if (answer?.kind === 'inspected') return answer.inspected;
		return {
			kind: 'refused',
			message: 'Reading failed: the browser ran out of memory, or this is our mistake.',
		};
	}

	#ask(request: WithoutId<InspectRequest>): Promise<InspectAnswer | undefined> {
		const id = ++this.#lastId;
		return new Promise((resolve) => {
			this.#waiting.set(id, resolve);
			this.#worker.postMessage({ ...request, id });
		});
	}

	#settle(id: number, answer: InspectAnswer | undefined): void {
		this.#waiting.get(id)?.(answer);
		this.#waiting.delete(id);
	}
}
