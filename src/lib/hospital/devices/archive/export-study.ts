import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { DataSetError } from '#lib/protocol/dicom/dataset/data-set-error.ts';
import { type DirectoryFile, makeDicomdir } from '#lib/protocol/dicom/dataset/dicomdir.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { deskHome } from '../../desk.ts';
import type { OperationDeclaration, OperationResult } from '../../define-device.ts';
import { UNCOMPRESSED_SYNTAXES } from '../../dicom/storage-classes.ts';
import { newUid } from '../../identifiers.ts';
import { PRODUCTS } from '../../products.ts';
import type { Archive } from './archive.ts';
import { instancesOf, type StoredInstance, type StoredStudy } from './study-store.ts';

/** What lies in export folders on the desk at most: copies of images are kept in memory. */
const EXPORT_BYTES_MAX = 100e6;

const IMPLEMENTATION = {
	implementationClassUid: PRODUCTS.archive.classUid,
	implementationVersionName: PRODUCTS.archive.versionName,
};

/**
 * The general purpose profiles want explicit VR little endian (PS3.11 annex D): what is not compressed is
 * written so, what is compressed stays as it is.
 */
function mediaSyntax({ transferSyntax }: StoredInstance): string {
	const native = [...UNCOMPRESSED_SYNTAXES, UID.DeflatedLittleEndianExplicit];
	return native.includes(transferSyntax) ? UID.LittleEndianExplicit : transferSyntax;
}

/** `IM000001`: file IDs have components of eight characters at most (PS3.10 8.2). */
function component(prefix: string, number: number): string {
	return prefix + String(number).padStart(8 - prefix.length, '0');
}

/** The object with these numbers where it has none: the records of a directory need them (PS3.3 F.5). */
function withKeys(dataSet: DataSet, numbers: Readonly<Record<string, number>>): DataSet {
	const missing = Object.entries(numbers).filter(
		([keyword]) => (dataSet.text(keyword) ?? '') === '',
	);
	if (missing.length === 0) return dataSet;
	const copy = new DataSet();
	for (const element of dataSet.elements()) copy.add(element);
	for (const [keyword, number] of missing) copy.set(keyword, String(number));
	return copy;
}

/** A study as a file-set: DICOMDIR and a folder for each series. Paths are below the file-set's root. */
function fileSetOf(
	study: StoredStudy,
	archive: Archive,
): { files: Map<string, Uint8Array>; remarks: readonly string[] } {
	const files = new Map<string, Uint8Array>();
	const directory: DirectoryFile[] = [];
	for (const [seriesIndex, series] of [...study.series.values()].entries()) {
		for (const [index, instance] of [...series.instances.values()].entries()) {
			const { dataSet } = instance;
			const transferSyntax = mediaSyntax(instance);
			const fileId = ['DICOM', component('SE', seriesIndex + 1), component('IM', index + 1)];
			const options = { ...IMPLEMENTATION, transferSyntax, sourceAeTitle: archive.config.aeTitle };
			files.set(fileId.join('/'), joinBytes(writePart10(dataSet, options)));
			const numbers = { StudyID: 1, SeriesNumber: seriesIndex + 1, InstanceNumber: index + 1 };
			directory.push({ fileId, dataSet: withKeys(dataSet, numbers), transferSyntax });
		}
	}
	const instanceUid = newUid(archive.world.kernel.random(`${archive.id}.media`));
	const made = makeDicomdir(directory, { ...IMPLEMENTATION, fileSetId: 'EXPORT', instanceUid });
	files.set('DICOMDIR', joinBytes(made.pieces));
	return { files, remarks: made.remarks };
}

function exportStudy(archive: Archive, study: StoredStudy): OperationResult {
	const { spec } = archive.world;
	const desk = archive.world.system(spec.desk).files;
	const exports = `${deskHome(spec)}/export`;
	const folder = `${exports}/${folderName(study)}`;
	for (const path of [...desk.keys()]) if (path.startsWith(`${folder}/`)) desk.delete(path);
	const usedBytes = [...desk]
		.filter(([path]) => path.startsWith(`${exports}/`))
		.reduce((sum, [, bytes]) => sum + bytes.length, 0);
	const sizeBytes = instancesOf(study).reduce((sum, { bytes }) => sum + bytes.length, 0);
	if (usedBytes + sizeBytes > EXPORT_BYTES_MAX) {
		return {
			text: `There is room for ${EXPORT_BYTES_MAX / 1e6} MB of exported studies on the desk; this one does not fit.`,
			refused: true,
		};
	}
	const { files, remarks } = fileSetOf(study, archive);
	for (const [path, bytes] of files) desk.set(`${folder}/${path}`, bytes);
	const count = objectsText(files.size - 1);
	archive.log('INFO', `study ${study.accessionNumber} exported: ${count}`);
	const compressed = remarks.filter((remark) => remark.includes('transfer syntax'));
	const lacks = remarks.length - compressed.length;
	return {
		text: [
			`${count} and a DICOMDIR written to ${folder} on your desk.`,
			...(compressed.length > 0
				? ['Some are compressed, so this is no medium of the general purpose profile (STD-GEN-CD).']
				: []),
			...(lacks > 0
				? [`${lacks} keys of the directory are empty, because the objects lack them.`]
				: []),
		].join('\n'),
		facts: [`export of a study from ${archive.id}: done`],
	};
}

const objectsText = (objects: number): string =>
	objects === 1 ? '1 object' : `${objects} objects`;

/** The accession number as a folder; a study without one, or with letters no folder has, by its UID. */
function folderName({ accessionNumber, studyInstanceUid }: StoredStudy): string {
	return /^[A-Za-z0-9_-]{1,16}$/.test(accessionNumber) ? accessionNumber : studyInstanceUid;
}

/** Writes a study to the desk as a medium would hold it (PS3.10). */
export const exportOperation: OperationDeclaration<Archive> = {
	id: 'export-study',
	label: 'Export to desk',
	help: 'Writes the objects as DICOM files with a DICOMDIR.',
	minutes: 2,
	effect: 'work',
	table: 'studies',
	*run(archive, { row }) {
		const study = archive.store.studies.get(row ?? '');
		if (!study) return { text: 'This study is not in the archive.', refused: true };
		try {
			return exportStudy(archive, study);
		} catch (error) {
			// Text that its own character set does not have: an object that came so cannot be copied.
			if (!(error instanceof DataSetError)) throw error;
			return { text: `The study cannot be written: ${error.message}.`, refused: true };
		}
	},
};
