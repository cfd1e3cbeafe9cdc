import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { KeyedLock } from '../attempts/lock.ts';

/** What two programs must read alike in a file before it is taken. */
export interface Reading {
	sopClassUid: string;
	transferSyntax: string;
	rows: number;
	columns: number;
	/** Of the pixel data, without the offset table of encapsulated ones. */
	pixelBytes: number;
}

const readingSchema = z.object({
	sopClassUid: z.string(),
	transferSyntax: z.string(),
	rows: z.number(),
	columns: z.number(),
	pixelBytes: z.number(),
});

const TIMEOUT_MS = 10_000;
const HEAP_MB = 256;
const DCMJS = createRequire(import.meta.url).resolve('dcmjs');

/**
 * dcmjs in a thread of its own, which can be ended: it has no limits for files that are made to keep a reader
 * busy. The program is a text because a bundler does not carry a second entry along. What dcmjs cannot read it
 * leaves out; a file with several character sets for example is read up to its end all the same.
 */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const dcmjs = require(workerData.dcmjs);
dcmjs.log.setLevel('silent');
const { meta, dict } = dcmjs.data.DicomMessage.readFile(workerData.buffer, { ignoreErrors: true });
const first = (elements, tag) => elements[tag]?.Value?.[0];
const frames = dict['7FE00010']?.Value ?? [];
const bytes = (part) => Array.isArray(part) ? part.reduce((sum, one) => sum + bytes(one), 0) : part?.byteLength ?? 0;
parentPort.postMessage({
	sopClassUid: String(first(dict, '00080016') ?? ''),
	transferSyntax: String(first(meta, '00020010') ?? ''),
	rows: Number(first(dict, '00280010')),
	columns: Number(first(dict, '00280011')),
	pixelBytes: bytes(frames),
});
`;

/** One thread at a time: each may need several times the size of its file. */
const lock = new KeyedLock();

/** What dcmjs reads in a file; undefined when it cannot, or not within its time and memory. */
export function readAgain(bytes: Uint8Array): Promise<Reading | undefined> {
	return lock.run('dcmjs', () => readInThread(bytes));
}

function readInThread(bytes: Uint8Array): Promise<Reading | undefined> {
	const buffer = bytes.slice().buffer;
	const worker = new Worker(PROGRAM, {
		eval: true,
		workerData: { dcmjs: DCMJS, buffer },
		transferList: [buffer],
		resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
		stdout: true,
		stderr: true,
		env: {},
	});
	worker.stdout.resume();
	worker.stderr.resume();
	return new Promise((resolve) => {
		const finish = (message?: unknown): void => {
			clearTimeout(timer);
			void worker.terminate();
			const reading = readingSchema.safeParse(message);
			resolve(reading.success ? reading.data : undefined);
		};
		const timer = setTimeout(finish, TIMEOUT_MS);
		worker.once('message', finish);
		worker.once('error', () => finish());
		worker.once('exit', () => finish());
	});
}
