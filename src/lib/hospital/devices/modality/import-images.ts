import { readPart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import type { Process } from '#lib/kernel/process.ts';
import { deskPath, filesAt } from '../../desk.ts';
import type { OperationDeclaration, OperationResult } from '../../define-device.ts';
import { donorImage, modalityOfDonor } from '../../objects/donor-image.ts';
import type { ImportedImage } from '../../objects/imported-series.ts';
import type { Order } from '../../records.ts';
import type { Modality } from './modality.ts';
import { newWalkIn } from './walk-in.ts';
import type { WorklistEntry } from './worklist-query.ts';

/** Images that one import takes at most, and what the device has room for in all. */
const IMAGES_MAX = 100;
const IMPORT_BYTES_MAX = 60e6;

type Medium =
	{ ok: true; images: ImportedImage[]; sizeBytes: number } | { ok: false; problem: string };

const refuse = (text: string): OperationResult => ({ text, refused: true });

/**
 * Reads what the trainee brings along from the desk: a file, or a folder with those files in it that are
 * images. All of it must be for this device, or nothing is taken.
 */
function readMedium(device: Modality, typed: string): Medium {
	const { world, config } = device;
	const path = deskPath(world.spec, typed);
	const files = filesAt(world.system(world.spec.desk).files, path);
	const single = files.length === 1 && files[0]?.[0] === path;
	const images: ImportedImage[] = [];
	const classes = new Set<string>();
	let sizeBytes = 0;
	for (const [name, bytes] of files) {
		const file = readPart10(bytes);
		if (!file.ok && !single) continue;
		if (!file.ok) return { ok: false, problem: `${typed} is no DICOM file.` };
		const { dataSet, transferSyntax } = file;
		const sopClassUid = dataSet.text('SOPClassUID') ?? '';
		// The directory of a file-set lies beside its images.
		if (!single && sopClassUid === '') continue;
		const result = donorImage(dataSet, transferSyntax);
		if (!result.ok) return { ok: false, problem: `${name}: ${result.problem}` };
		const modality = modalityOfDonor(sopClassUid);
		if (modality !== config.modality) {
			const problem = `${name} is a ${modality} image; this device takes ${config.modality} images.`;
			return { ok: false, problem };
		}
		classes.add(sopClassUid);
		sizeBytes += bytes.length;
		images.push({ donor: result.donor, transferSyntax });
	}
	const problem = mediumProblem(device, { typed, images, classes: classes.size, sizeBytes });
	return problem === undefined ? { ok: true, images, sizeBytes } : { ok: false, problem };
}

function mediumProblem(
	device: Modality,
	medium: { typed: string; images: readonly unknown[]; classes: number; sizeBytes: number },
): string | undefined {
	const { typed, images, classes, sizeBytes } = medium;
	if (images.length === 0) return `There are no DICOM images at ${typed} on the desk.`;
	if (images.length > IMAGES_MAX) return `One import takes ${IMAGES_MAX} images at most.`;
	if (classes > 1)
		return 'The images are of different SOP classes; import them one after the other.';
	if (device.importedBytes + sizeBytes > IMPORT_BYTES_MAX) {
		return `The device has room for ${IMPORT_BYTES_MAX / 1e6} MB of imported images, and that is used up.`;
	}
	return undefined;
}

function* importAs(
	device: Modality,
	images: readonly ImportedImage[],
	sizeBytes: number,
	{ order, entry }: { order: Order | undefined; entry: WorklistEntry },
): Process<OperationResult> {
	device.importedBytes += sizeBytes;
	const { instances } = yield* device.takeOver(order, entry, images);
	const count = instances.length === 1 ? '1 image' : `${instances.length} images`;
	return {
		text: `${count} imported as ${entry.description} of ${entry.patientName}; the study is in the send queue.`,
		facts: [`import at ${device.id}: done`],
	};
}

const SOURCE = {
	id: 'source',
	label: 'File or folder of your desk',
	kind: 'text',
	maximumLength: 200,
	help: 'You carry it there: ~/upload/knee.dcm, or a folder for all images in it.',
	required: true,
	initial: '~/upload',
} as const;

const COMMON = {
	minutes: 3,
	takesItsTime: true,
	effect: 'work',
	fields: [{ ...SOURCE }],
} satisfies Partial<OperationDeclaration<Modality>>;

/** Importing images from media: for an entry of the worklist, or for somebody who has no order. */
export const importOperations: OperationDeclaration<Modality>[] = [
	{
		...COMMON,
		id: 'import-images',
		label: 'Import images from media',
		help: 'The images get patient, order and equipment of this entry and go out as its study.',
		table: 'worklist',
		*run(device, { row, fields }) {
			const entry = device.worklist.find(({ accessionNumber }) => accessionNumber === row);
			if (!entry) return refuse('This entry is not on the worklist any more.');
			if (device.examination?.entry.accessionNumber === row) {
				return refuse('This patient is being examined.');
			}
			const medium = readMedium(device, String(fields['source']));
			if (!medium.ok) return refuse(medium.problem);
			const order = device.world.records.byAccession(entry.accessionNumber);
			return yield* importAs(device, medium.images, medium.sizeBytes, { order, entry });
		},
	},
	{
		...COMMON,
		id: 'import-unscheduled',
		label: 'Import images of an emergency patient without an order',
		help: 'Nothing on the worklist belongs to them; the technologist types in the patient.',
		*run(device, { fields }) {
			const medium = readMedium(device, String(fields['source']));
			if (!medium.ok) return refuse(medium.problem);
			const walkIn = newWalkIn(device);
			if (!walkIn) return refuse('There is no procedure for this device.');
			device.world.records.add(walkIn.order);
			return yield* importAs(device, medium.images, medium.sizeBytes, walkIn);
		},
	},
];
