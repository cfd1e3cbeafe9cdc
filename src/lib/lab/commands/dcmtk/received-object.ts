import { PRODUCTS } from '#lib/hospital/products.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import type { CommandContext } from '../../define-command.ts';
import { absolutePath } from '../files.ts';
import { modalityPrefix } from './modality-prefix.ts';

/** An object as a C-STORE brought it. */
interface ReceivedObject {
	sopClassUid: string;
	sopInstanceUid: string;
	transferSyntax: string;
	bytes: Uint8Array;
	sourceAeTitle?: string;
}

/** What became of it: the path as typed, and whether a file of that name was there before. */
type Kept =
	{ ok: true; path: string; existed: boolean } | { ok: false; reason: 'full' | 'unreadable' };

const OBJECTS_MAX = 500;

/** Writes what a retrieve brings to files of the desk, as `CT.<instance uid>`; at most 500 of them. */
export class ReceivedObjects {
	readonly #context: CommandContext;
	readonly #folder: string;
	count = 0;

	/** @param folder as typed; without one they go to the home, and are named without a folder */
	constructor(context: CommandContext, folder?: string) {
		this.#context = context;
		this.#folder = folder === undefined ? '' : `${folder.replace(/\/+$/, '')}/`;
	}

	keep(object: ReceivedObject): Kept {
		if (this.count >= OBJECTS_MAX) return { ok: false, reason: 'full' };
		const { sopClassUid, sopInstanceUid, transferSyntax, sourceAeTitle } = object;
		const decoded = decodeDataSet(object.bytes, { transferSyntax });
		if (!decoded.ok) return { ok: false, reason: 'unreadable' };
		const name = `${modalityPrefix(sopClassUid)}.${sopInstanceUid.replace(/[^0-9.]/g, '_')}`;
		const path = `${this.#folder}${name}`;
		const absolute = absolutePath(this.#context, path);
		const existed = this.#context.readFile(absolute) !== undefined;
		const file = writePart10(decoded.dataSet, {
			transferSyntax,
			implementationClassUid: PRODUCTS.desk.classUid,
			implementationVersionName: PRODUCTS.desk.versionName,
			...(sourceAeTitle !== undefined && { sourceAeTitle }),
		});
		this.#context.writeFile(absolute, joinBytes(file));
		this.count++;
		return { ok: true, path, existed };
	}
}
