import { Unzip, UnzipInflate } from 'fflate';
import { LIMITS } from './limits.ts';

export type ReadPackage = { files: ReadonlyMap<string, Uint8Array> } | { problem: string };

class Refusal extends Error {}

/** So few packed bytes at a time that what they unpack to stays within a few megabytes. */
const STEP_BYTES = 4_096;

/** Whether bytes begin as a ZIP archive does. */
export function isZip(bytes: Uint8Array): boolean {
	return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/**
 * Unpacks the XML files of an archive; other files are counted, but not unpacked. Never throws: archives that
 * are broken, hold too much or name paths outside themselves are refused as a whole. What counts is what comes
 * out, whatever the archive's own directory claims.
 */
export function readPackage(bytes: Uint8Array): ReadPackage {
	if (bytes.length > LIMITS.fileBytes) {
		return { problem: `The package is larger than ${LIMITS.fileBytes / 1e6} MB.` };
	}
	const files = new Map<string, Uint8Array>();
	const state = { entries: 0, totalBytes: 0, packedBytes: 0 };
	const unzip = new Unzip((file) => {
		state.entries += 1;
		if (state.entries > LIMITS.zip.entries) {
			throw new Refusal(`The package holds more than ${LIMITS.zip.entries} files.`);
		}
		checkPath(file.name);
		if (!file.name.toLowerCase().endsWith('.xml')) return;
		if (files.has(file.name)) throw new Refusal(`The package holds "${file.name}" twice.`);
		const chunks: Uint8Array[] = [];
		let size = 0;
		file.ondata = (error, chunk, final) => {
			if (error) throw error;
			size += chunk.length;
			state.totalBytes += chunk.length;
			checkSize(file.name, size, state);
			chunks.push(chunk);
			if (final) files.set(file.name, joined(chunks, size));
		};
		file.start();
	});
	unzip.register(UnzipInflate);
	try {
		for (let at = 0; at < bytes.length; at += STEP_BYTES) {
			state.packedBytes = Math.min(at + STEP_BYTES, bytes.length);
			unzip.push(bytes.subarray(at, at + STEP_BYTES), at + STEP_BYTES >= bytes.length);
		}
	} catch (error) {
		if (error instanceof Refusal) return { problem: error.message };
		return { problem: 'The package is damaged or packed in a way that is not understood.' };
	}
	return { files };
}

function checkPath(path: string): void {
	const parts = path.split('/');
	const isOutside = path.startsWith('/') || parts.includes('..') || /[\\:\0]/.test(path);
	if (isOutside) throw new Refusal('The package names a path outside itself.');
	if (path.length > LIMITS.zip.pathCharacters)
		throw new Refusal('A path in the package is too long.');
}

function checkSize(
	name: string,
	sizeBytes: number,
	{ totalBytes, packedBytes }: { totalBytes: number; packedBytes: number },
): void {
	const { ratio, totalBytes: most } = LIMITS.zip;
	if (sizeBytes > LIMITS.fileBytes) {
		throw new Refusal(`"${name}" in the package is larger than ${LIMITS.fileBytes / 1e6} MB.`);
	}
	if (totalBytes > most) {
		throw new Refusal(`The package unpacks to more than ${most / 1e6} MB.`);
	}
	if (totalBytes > 100_000 && totalBytes > ratio * packedBytes) {
		throw new Refusal(`The package unpacks to more than ${ratio} times its size.`);
	}
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
	const whole = new Uint8Array(size);
	let at = 0;
	for (const chunk of chunks) {
		whole.set(chunk, at);
		at += chunk.length;
	}
	return whole;
}
