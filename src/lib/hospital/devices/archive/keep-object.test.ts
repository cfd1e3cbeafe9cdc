import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { tagOf } from '#lib/protocol/dicom/dataset/dictionary.ts';
import { encodeDataSet, joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cStoreRequest } from '#lib/protocol/dicom/dimse/services.ts';
import { expect, test } from 'vitest';
import { STORAGE_CLASSES, STORAGE_SYNTAXES } from '../../dicom/storage-classes.ts';
import type { World } from '../../world.ts';
import {
	archiveWorld,
	context,
	keep,
	responseOf,
	study,
	talk,
} from '../../../../../tests/support/archive-conversation.ts';

const CT = UID.CTImageStorage;
const EXPLICIT = UID.LittleEndianExplicit;

const image = (seed = 'one'): DataSet => {
	const [first] = study(seed, {}, 1);
	if (!first) throw new Error('no image');
	return first;
};

interface Sent {
	sopClassUid?: string;
	sopInstanceUid?: string;
	transferSyntax?: string;
	bytes?: Uint8Array;
}

/** One C-STORE from the desk; the response's status, comment and offending elements. */
function store(world: World, dataSet: DataSet, sent: Sent = {}) {
	const sopClassUid = sent.sopClassUid ?? CT;
	const transferSyntax = sent.transferSyntax ?? EXPLICIT;
	const sopInstanceUid = sent.sopInstanceUid ?? dataSet.text('SOPInstanceUID') ?? '';
	const data = sent.bytes ? [sent.bytes] : encodeDataSet(dataSet, { transferSyntax });
	const { command } = talk(world, [context(sopClassUid, transferSyntax)], function* (link) {
		const rq = cStoreRequest({ messageId: 1, sopClassUid, sopInstanceUid });
		return responseOf(yield* link.request(sopClassUid, rq, data));
	});
	const { Status: status, ErrorComment: comment, OffendingElement: offending } = command;
	return { status, comment, offending };
}

test.each(STORAGE_SYNTAXES)('an object in %s is kept byte for byte', (transferSyntax) => {
	const { world, archive } = archiveWorld();
	const object = image();
	if (transferSyntax.startsWith('1.2.840.10008.1.2.4') || transferSyntax === UID.RLELossless) {
		object.setFragments('PixelData', [new Uint8Array(0), new Uint8Array(64).fill(7)]);
	}
	expect(store(world, object, { transferSyntax }).status).toBe(0x0000);
	const kept = archive.store.instance(object.text('SOPInstanceUID') ?? '');
	expect(kept?.transferSyntax).toBe(transferSyntax);
	const sent = joinBytes(encodeDataSet(object, { transferSyntax }));
	expect(Buffer.from(kept?.bytes ?? []).equals(Buffer.from(sent))).toBe(true);
	expect(kept?.dataSet.text('StudyInstanceUID')).toBe(object.text('StudyInstanceUID'));
});

test('the storage classes of a hospital are accepted, and no others', () => {
	const wanted = [
		UID.CTImageStorage,
		UID.EnhancedCTImageStorage,
		UID.MRImageStorage,
		UID.EnhancedMRImageStorage,
		UID.UltrasoundImageStorage,
		UID.UltrasoundMultiframeImageStorage,
		UID.XRayAngiographicImageStorage,
		UID.XRayRadiofluoroscopicImageStorage,
		UID.DigitalXRayImageStorageForPresentation,
		UID.DigitalMammographyXRayImageStorageForPresentation,
		UID.BreastTomosynthesisImageStorage,
		UID.PositronEmissionTomographyImageStorage,
		UID.NuclearMedicineImageStorage,
		UID.SecondaryCaptureImageStorage,
		UID.ComprehensiveSRStorage,
		UID.XRayRadiationDoseSRStorage,
		UID.KeyObjectSelectionDocumentStorage,
		UID.GrayscaleSoftcopyPresentationStateStorage,
		UID.EncapsulatedPDFStorage,
		UID.RTStructureSetStorage,
		UID.RTPlanStorage,
		UID.RTDoseStorage,
	];
	expect(wanted.filter((uid) => !STORAGE_CLASSES.includes(uid))).toEqual([]);
	expect(new Set(STORAGE_CLASSES).size).toBe(STORAGE_CLASSES.length);
	const { world } = archiveWorld({ storageClasses: [CT], acceptCompressed: false });
	const results = talk(
		world,
		[
			context(CT),
			context(CT, UID.RLELossless),
			context(UID.MRImageStorage),
			context(UID.FINDStudyRootQueryRetrieveInformationModel),
			context('1.2.826.0.1.1'),
		],
		function* (link) {
			yield* world.kernel.sleep(0);
			return [...link.connection.association.acceptedContexts.keys()];
		},
	);
	expect(results).toEqual([1, 7]);
});

test.each(['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID', 'SOPClassUID'])(
	'A900 without %s',
	(keyword) => {
		const { world, archive } = archiveWorld();
		const object = image();
		const sopInstanceUid = object.text('SOPInstanceUID') ?? '';
		object.delete(keyword);
		const { status, offending } = store(world, object, { sopInstanceUid });
		expect([status, offending]).toEqual([0xa900, [tagOf(keyword)]]);
		expect(archive.store.instanceCount).toBe(0);
	},
);

test('A900 when the command names another instance, or the context another class', () => {
	const { world } = archiveWorld();
	const other = store(world, image(), { sopInstanceUid: '1.2.3' });
	expect([other.status, other.offending]).toEqual([0xa900, [tagOf('SOPInstanceUID')]]);
	const mr = store(world, image(), { sopClassUid: UID.MRImageStorage });
	expect([mr.status, mr.offending]).toEqual([0xa900, [tagOf('SOPClassUID')]]);
});

test('C000 for bytes that are no data set, and for a UID that is none', () => {
	const { world } = archiveWorld();
	expect(store(world, image(), { bytes: new Uint8Array(9) }).status).toBe(0xc000);
	const deflated = { bytes: new Uint8Array(40).fill(0xff) };
	const transferSyntax = UID.DeflatedLittleEndianExplicit;
	expect(store(world, image(), { ...deflated, transferSyntax }).status).toBe(0xc000);
	for (const uid of ['not-a-uid', '1..2', '.1', `1.${'2'.repeat(63)}`]) {
		const object = image();
		object.setRaw(tagOf('StudyInstanceUID'), 'UI', new TextEncoder().encode(uid));
		expect([uid, store(world, object).status]).toEqual([uid, 0xc000]);
	}
});

test('a UID with a leading zero is kept, and the log says so', () => {
	const { world, archive } = archiveWorld();
	const object = image();
	object.set('StudyInstanceUID', '1.2.826.012.5');
	expect(store(world, object).status).toBe(0x0000);
	expect(archive.store.studies.has('1.2.826.012.5')).toBe(true);
	expect(archive.logFile.lines.join('\n')).toContain(
		'StudyInstanceUID 1.2.826.012.5 has a component with a leading zero',
	);
});

test('the same object again is a success, also in another transfer syntax', () => {
	const { world, archive } = archiveWorld();
	expect(keep(archive, [image()])).toEqual([0x0000]);
	const used = archive.volume.usedBytes;
	expect(store(world, image()).status).toBe(0x0000);
	for (const transferSyntax of [UID.BigEndianExplicit, UID.DeflatedLittleEndianExplicit]) {
		expect(store(world, image(), { transferSyntax }).status).toBe(0x0000);
	}
	expect(archive.store.instanceCount).toBe(1);
	expect(archive.volume.usedBytes).toBe(used);
});

test.each([
	['keep-first', 0xb006],
	['reject', 0x0111],
] as const)('another object under the same UID: %s', (duplicates, status) => {
	const { world, archive } = archiveWorld({ duplicates });
	keep(archive, [image()]);
	const before = archive.store.instance(image().text('SOPInstanceUID') ?? '')?.bytes;
	const other = image();
	other.set('PixelData', new Uint8Array(other.bytes('PixelData')?.length ?? 0).fill(9));
	expect(store(world, other).status).toBe(status);
	expect(archive.store.instance(image().text('SOPInstanceUID') ?? '')?.bytes).toBe(before);
	const stored = world.kernel.trace.events.filter((event) => event.kind === 'store-refused');
	expect(stored.length).toBe(duplicates === 'reject' ? 1 : 0);
});

test('B000 when the archive is set to change the issuer, which the object then tells', () => {
	const { world, archive } = archiveWorld({ coerceIssuer: true, issuerOfPatientId: 'LARKFIELD' });
	const object = image();
	object.set('IssuerOfPatientID', 'ELSEWHERE');
	const { status, offending } = store(world, object);
	expect([status, offending]).toEqual([0xb000, [tagOf('IssuerOfPatientID')]]);
	const kept = archive.store.instance(object.text('SOPInstanceUID') ?? '');
	expect(kept?.dataSet.text('IssuerOfPatientID')).toBe('LARKFIELD');
	const [original] = kept?.dataSet.items('OriginalAttributesSequence') ?? [];
	expect(original?.text('ReasonForTheAttributeModification')).toBe('COERCE');
	expect(original?.text('ModifyingSystem')).toBe('PACS1');
	const [modified] = original?.items('ModifiedAttributesSequence') ?? [];
	expect(modified?.text('IssuerOfPatientID')).toBe('ELSEWHERE');
	// Right from the start there is nothing to change.
	const fitting = image('two');
	fitting.set('IssuerOfPatientID', 'LARKFIELD');
	expect(store(world, fitting).status).toBe(0x0000);
});

test('A700 when it does not fit, and nothing is kept of it', () => {
	const { world, archive } = archiveWorld();
	archive.volume.usedBytes = archive.volume.sizeBytes - 100;
	expect(store(world, image())).toMatchObject({ status: 0xa700 });
	expect(archive.store.instanceCount).toBe(0);
	expect(archive.volume.usedBytes).toBe(archive.volume.sizeBytes - 100);
});
