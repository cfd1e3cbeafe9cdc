import { createHash } from 'node:crypto';
import { donorImage } from '#lib/hospital/objects/donor-image.ts';
import { PRODUCTS } from '#lib/hospital/products.ts';
import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { readPart10, writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { identityTexts } from './identity-texts.ts';
import { readAgain, type Reading } from './second-reader.ts';

export type Cleaned =
	| {
			ok: true;
			/** A DICOM file of the image without anybody; the same for the same upload. */
			bytes: Uint8Array;
			/** SHA-256 of the bytes, in hexadecimal digits. */
			digest: string;
	  }
	/** Why the file is not taken, as a sentence. */
	| { ok: false; problem: string };

/** Far more than an image has, and far less than would keep a reader busy. */
const LIMITS = { depth: 12, elements: 50_000, inflatedBytes: 48e6 };

/**
 * Makes of a DICOM file what is kept of it: see {@link donorImage}. Two independent readers must understand the
 * file alike, and no name or number of the patient may stand in what is kept. Never throws.
 */
export async function cleanUpload(file: Uint8Array): Promise<Cleaned> {
	const read = readPart10(file, { limits: LIMITS });
	if (!read.ok) return { ok: false, problem: `This is no DICOM file: ${read.error.message}.` };
	const { dataSet, transferSyntax } = read;
	const image = donorImage(dataSet, transferSyntax);
	if (!image.ok) return { ok: false, problem: image.problem };
	const difference = differenceOf(readingOf(image.donor, transferSyntax), await readAgain(file));
	if (difference !== undefined) return { ok: false, problem: difference };
	const bytes = joinBytes(
		writePart10(image.donor, {
			transferSyntax,
			implementationClassUid: PRODUCTS.desk.classUid,
			implementationVersionName: PRODUCTS.desk.versionName,
		}),
	);
	const pixels = Buffer.concat(pixelPieces(image.donor));
	if (identityTexts(dataSet).some((text) => pixels.includes(text))) {
		return {
			ok: false,
			problem: 'The name or a number of the patient stands within the pixel data as text.',
		};
	}
	return { ok: true, bytes, digest: createHash('sha256').update(bytes).digest('hex') };
}

function pixelPieces(donor: DataSet): readonly Uint8Array[] {
	const element = donor.element('PixelData');
	return element?.fragments ?? (element ? [element.bytes] : []);
}

function readingOf(donor: DataSet, transferSyntax: string): Reading {
	return {
		sopClassUid: donor.text('SOPClassUID') ?? '',
		transferSyntax,
		rows: donor.number('Rows') ?? 0,
		columns: donor.number('Columns') ?? 0,
		pixelBytes: pixelPieces(donor).reduce((sum, piece) => sum + piece.length, 0),
	};
}

const WORDS: Record<keyof Reading, string> = {
	sopClassUid: 'the SOP class',
	transferSyntax: 'the transfer syntax',
	rows: 'the rows',
	columns: 'the columns',
	pixelBytes: 'the length of the pixel data',
};

function differenceOf(one: Reading, other: Reading | undefined): string | undefined {
	if (!other) return 'A second program (dcmjs) cannot read this file.';
	const keys = Object.keys(WORDS) as (keyof Reading)[];
	const different = keys.find((key) => one[key] !== other[key]);
	return (
		different && `A second program (dcmjs) reads ${WORDS[different]} of this file differently.`
	);
}
