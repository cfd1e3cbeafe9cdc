import { UPLOAD_LIMITS } from '#lib/lab/upload-limits.ts';
import { NotFound } from '../attempts/errors.ts';
import { KeyedLock } from '../attempts/lock.ts';
import { findAttempt } from '../db/attempt-store.ts';
import { inTransaction } from '../db/connection.ts';
import type { Database } from '../db/open.ts';
import { hasUpload, insertUpload, uploadUsage } from '../db/upload-store.ts';
import type { RateLimits } from '../rate-limit.ts';
import { cleanUpload } from './clean-upload.ts';
import { readBody } from './read-body.ts';

export type UploadOutcome =
	| { kind: 'kept'; digest: string; sizeBytes: number }
	/** The file cannot be taken; `message` says why. */
	| { kind: 'refused'; message: string }
	| { kind: 'too-large'; message: string }
	/** The user's room is used up, or the ticket is closed. */
	| { kind: 'conflict'; message: string }
	| { kind: 'too-many'; message: string; retryAfterSeconds: number };

/** Files that are held in memory at the same time, whoever sends them. */
const AT_ONCE_MAX = 8;
const BUSY_SECONDS = 5;

/** Takes files that users bring into their labs: reads them, cleans them, keeps what is left of them. */
export class UploadService {
	readonly #db: Database;
	readonly #limits: RateLimits;
	readonly #now: () => Date;
	/** One file at a time for each user. */
	readonly #lock = new KeyedLock();
	#atOnce = 0;

	constructor(options: { db: Database; limits: RateLimits; now: () => Date }) {
		this.#db = options.db;
		this.#limits = options.limits;
		this.#now = options.now;
	}

	/**
	 * Takes the file in a request for an attempt of the user; throws NotFound for one that is not. The file
	 * itself is never stored. The same file again is kept once.
	 */
	async take(userId: string, attemptId: string, request: Request): Promise<UploadOutcome> {
		const allowance = this.#limits.uploads.take(userId);
		if (!allowance.allowed) {
			const message = 'These were many files in a short time. Please wait a moment.';
			const { retryAfterSeconds } = allowance;
			return { kind: 'too-many', message, retryAfterSeconds };
		}
		const attempt = await findAttempt(this.#db, attemptId);
		if (attempt?.userId !== userId) throw new NotFound('There is no such attempt.');
		if (attempt.status === 'closed') {
			return { kind: 'conflict', message: 'This ticket is closed; nothing can be uploaded to it.' };
		}
		if (this.#atOnce >= AT_ONCE_MAX) {
			const message = 'Many people upload at the moment. Please try again in a few seconds.';
			return { kind: 'too-many', message, retryAfterSeconds: BUSY_SECONDS };
		}
		this.#atOnce += 1;
		try {
			return await this.#lock.run(userId, () => this.#read(userId, request));
		} finally {
			this.#atOnce -= 1;
		}
	}

	async #read(userId: string, request: Request): Promise<UploadOutcome> {
		const full = this.#fullness(userId, 0);
		if (full !== undefined) return { kind: 'conflict', message: full };
		const file = await readBody(request, UPLOAD_LIMITS.fileBytes);
		if (!file) {
			const message = `The file is larger than ${UPLOAD_LIMITS.fileBytes / 1e6} MB.`;
			return { kind: 'too-large', message };
		}
		if (file.length === 0) return { kind: 'refused', message: 'The file is empty.' };
		const cleaned = await cleanUpload(file);
		return cleaned.ok ? this.#keep(userId, cleaned) : { kind: 'refused', message: cleaned.problem };
	}

	/** A sentence when the user has no room for so many more bytes. */
	#fullness(userId: string, moreBytes: number): string | undefined {
		const { files, sizeBytes } = uploadUsage(this.#db, userId);
		const { userFiles, userBytes } = UPLOAD_LIMITS;
		return files >= userFiles || sizeBytes + moreBytes > userBytes
			? `You can keep ${userFiles} files and ${userBytes / 1e6} MB of uploads, and that is used up.`
			: undefined;
	}

	#keep(userId: string, { digest, bytes }: { digest: string; bytes: Uint8Array }): UploadOutcome {
		const sizeBytes = bytes.length;
		const full = inTransaction(this.#db, (tx) => {
			if (hasUpload(tx, userId, digest)) return undefined;
			const problem = this.#fullness(userId, sizeBytes);
			if (problem === undefined) {
				const createdAt = this.#now();
				insertUpload(tx, { userId, digest, sizeBytes, bytes: Buffer.from(bytes), createdAt });
			}
			return problem;
		});
		return full === undefined
			? { kind: 'kept', digest, sizeBytes }
			: { kind: 'conflict', message: full };
	}
}
