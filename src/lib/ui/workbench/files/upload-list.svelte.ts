import { UPLOAD_LIMITS, uploadName } from '#lib/lab/upload-limits.ts';
import type { AttemptState } from '../attempt-state.svelte.ts';
import type { postUpload } from './post-upload.ts';

/** A file on its way to the desk. */
interface Upload {
	readonly file: File;
	state: 'waiting' | 'sending' | 'done' | 'failed';
	/** How much has been sent, 0 to 1. */
	fraction: number;
	/** Where it is, or why it is not there. */
	text: string;
}

/** The files that somebody chose, and how far each has come: sent one after the other, each a step of the attempt. */
export class UploadList {
	readonly uploads: Upload[] = $state([]);
	running = $state(false);

	readonly waiting = $derived(this.uploads.filter(({ state }) => state === 'waiting').length);
	readonly #attempt: AttemptState;
	readonly #send: (
		file: File,
		onprogress: (fraction: number) => void,
	) => ReturnType<typeof postUpload>;

	constructor(
		attempt: AttemptState,
		send: (file: File, onprogress: (fraction: number) => void) => ReturnType<typeof postUpload>,
	) {
		this.#attempt = attempt;
		this.#send = send;
	}

	/** Adds files; those that are too large are told at once. */
	add(files: Iterable<File>): void {
		for (const file of files) {
			const tooLarge = file.size > UPLOAD_LIMITS.fileBytes;
			this.uploads.push({
				file,
				state: tooLarge ? 'failed' : 'waiting',
				fraction: 0,
				text: tooLarge ? `Larger than ${UPLOAD_LIMITS.fileBytes / 1e6} MB.` : '',
			});
		}
	}

	remove(upload: Upload): void {
		this.uploads.splice(this.uploads.indexOf(upload), 1);
	}

	/** Sends what waits, in order. */
	async run(): Promise<void> {
		if (this.running) return;
		this.running = true;
		for (const upload of this.uploads) {
			if (upload.state === 'waiting') await this.#bring(upload);
		}
		this.running = false;
	}

	async #bring(upload: Upload): Promise<void> {
		upload.state = 'sending';
		const reply = await this.#send(upload.file, (fraction) => (upload.fraction = fraction));
		if (!reply.ok) return void Object.assign(upload, { state: 'failed', text: reply.message });
		const name = this.#freeName(uploadName(upload.file.name));
		const observation = await this.#attempt.act({ kind: 'upload', name, digest: reply.digest });
		const done = observation?.outcome === 'done';
		Object.assign(upload, {
			state: done ? 'done' : 'failed',
			text: observation?.text ?? 'Another step was under way. Please try this file again.',
		});
	}

	/** A name that no file of the upload folder has. */
	#freeName(name: string): string {
		const taken = (candidate: string) =>
			this.#attempt.view.files.some(({ path }) => path.endsWith(`/upload/${candidate}.dcm`));
		let free = name;
		for (let number = 2; taken(free); number++) free = `${name.slice(0, 36)}-${number}`;
		return free;
	}
}
