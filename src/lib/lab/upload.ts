import { deskHome } from '#lib/hospital/desk.ts';
import { newUid } from '#lib/hospital/identifiers.ts';
import { donorImage } from '#lib/hospital/objects/donor-image.ts';
import { importSeries, type ImportedImage } from '#lib/hospital/objects/imported-series.ts';
import { PRODUCTS } from '#lib/hospital/products.ts';
import type { World } from '#lib/hospital/world.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { readPart10, writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { UPLOAD_LIMITS } from './upload-limits.ts';

/**
 * Finds an uploaded object by the SHA-256 of its bytes, in hexadecimal digits. The log of an attempt names the
 * digest only, so this must give the same bytes whenever the attempt is replayed.
 */
export type Uploads = (digest: string) => Uint8Array | undefined;

export type PutUpload =
	{ ok: true; path: string; sizeBytes: number } | { ok: false; problem: string };

/**
 * Writes an uploaded image to the desk under a name. It belongs to nobody, so it gets the identity of a
 * made-up patient without an order; its UIDs come from the world's own stream.
 */
export function putUpload(world: World, name: string, bytes: Uint8Array | undefined): PutUpload {
	if (!bytes) return { ok: false, problem: 'This upload is not there.' };
	const file = readPart10(bytes);
	if (!file.ok) return { ok: false, problem: `This upload cannot be read: ${file.error.message}.` };
	const { transferSyntax } = file;
	const image = donorImage(file.dataSet, transferSyntax);
	if (!image.ok) return { ok: false, problem: image.problem };
	const desk = world.system(world.spec.desk).files;
	const folder = `${deskHome(world.spec)}/upload`;
	const path = `${folder}/${name}.dcm`;
	const others = [...desk].filter(([other]) => other.startsWith(`${folder}/`) && other !== path);
	const usedBytes = others.reduce((sum, [, one]) => sum + one.length, 0);
	const { deskFiles, deskBytes } = UPLOAD_LIMITS;
	if (others.length >= deskFiles || usedBytes + bytes.length > deskBytes) {
		const problem = `The upload folder takes ${deskFiles} files and ${deskBytes / 1e6} MB; this one does not fit.`;
		return { ok: false, problem };
	}
	const written = asDeskFile(world, { donor: image.donor, transferSyntax });
	desk.set(path, written);
	return { ok: true, path, sizeBytes: written.length };
}

function asDeskFile(world: World, image: ImportedImage): Uint8Array {
	const random = world.kernel.random('uploads');
	const series = importSeries(
		{
			patient: { id: 'SYN00000026', name: 'Upload^Synthetic', birthDate: '19700101', sex: 'O' },
			order: {
				accessionNumber: '',
				// The Study ID of a medium has a value; without a scheduled step there is no request.
				requestedProcedureId: 'UPLOAD',
				requestedProcedureDescription: 'Uploaded image',
				scheduledProcedureStepId: '',
				studyInstanceUid: newUid(random),
				referringPhysician: '',
			},
			equipment: {
				manufacturer: 'PACS desk',
				modelName: 'Upload',
				serialNumber: '1',
				stationName: 'PACSDESK',
				institutionName: world.spec.institution,
				softwareVersions: '1',
				aeTitle: 'PACSDESK',
			},
			startUs: world.system(world.spec.desk).clockUs(),
			operator: 'Administrator^Pacs',
			random,
			specificCharacterSet: 'ISO_IR 100',
			variant: 0,
		},
		[image],
		{ seriesNumber: 1, protocolName: 'Upload' },
	);
	const pieces = series.instances.map(({ dataSet }) =>
		writePart10(dataSet, {
			transferSyntax: image.transferSyntax,
			implementationClassUid: PRODUCTS.desk.classUid,
			implementationVersionName: PRODUCTS.desk.versionName,
		}),
	);
	return joinBytes(pieces.flat());
}
