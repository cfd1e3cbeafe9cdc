import { newUid } from '#lib/hospital/identifiers.ts';
import type { StoredInstance } from '#lib/hospital/devices/archive/study-store.ts';
import type { Process } from '#lib/kernel/process.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import {
	encodeDataSet,
	encodedLength,
	joinBytes,
} from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cEchoRequest, cFindRequest, cMoveRequest } from '#lib/protocol/dicom/dimse/services.ts';
import type { ExchangeCase } from './exchange-case.ts';
import type { Stage } from './stage.ts';
import { images, MAIN_CLASS, sendImages, UNCOMPRESSED, VERIFICATION, type Flaw } from './steps.ts';

const FIND = UID.FINDStudyRootQueryRetrieveInformationModel;
const MOVE = UID.MOVEStudyRootQueryRetrieveInformationModel;

/** Sends some good images and then one with a flaw. */
function* sendFlawed(stage: Stage, flaw: Flaw): Process {
	const good = stage.random.below(3);
	const list = images(stage, good + 1).map((image, i) =>
		i === good ? { image, flaw } : { image },
	);
	if (yield* sendImages(stage, list)) yield* stage.caller.release();
}

/** Leaves room on the archive's volume for less than the images that will be sent. */
function* fillVolume(stage: Stage): Process {
	const { volume } = stage.archive;
	const fitting = stage.random.below(3);
	const sizes = images(stage, 4).map((image) =>
		encodedLength(image.elements(), { transferSyntax: UID.LittleEndianExplicit }),
	);
	const room = sizes.slice(0, fitting).reduce((sum, size) => sum + size, 0);
	volume.usedBytes = volume.sizeBytes - room - Math.floor((sizes[fitting] ?? 0) / 2);
}

/** The study that the archive has already. */
function* keepStudy(stage: Stage): Process {
	const transferSyntax = UID.LittleEndianExplicit;
	for (const dataSet of images(stage, stage.random.between(2, 4))) {
		const text = (keyword: string): string => dataSet.text(keyword) ?? '';
		const instance: StoredInstance = {
			sopClassUid: MAIN_CLASS[stage.site.caller.modality],
			sopInstanceUid: text('SOPInstanceUID'),
			seriesInstanceUid: text('SeriesInstanceUID'),
			studyInstanceUid: text('StudyInstanceUID'),
			transferSyntax,
			bytes: joinBytes(encodeDataSet(dataSet, { transferSyntax })),
			dataSet,
			receivedUs: 0,
			callingAeTitle: stage.site.neighbour.aeTitle,
		};
		stage.archive.store.add(instance);
	}
}

/** A query or retrieve with its responses up to the last one. */
function* ask(stage: Stage, model: string, identifier: DataSet, destination?: string): Process {
	const { caller } = stage;
	if (!(yield* caller.associate([{ abstractSyntax: model, transferSyntaxes: UNCOMPRESSED }])))
		return;
	const messageId = caller.connection.messageId();
	const command =
		destination === undefined
			? cFindRequest({ messageId, sopClassUid: model })
			: cMoveRequest({ messageId, sopClassUid: model, destination });
	const transferSyntax =
		caller.connection.association.contextFor(model)?.transferSyntax ?? UID.LittleEndianImplicit;
	let answer = yield* caller.request(model, command, encodeDataSet(identifier, { transferSyntax }));
	while (answer.kind === 'message' && (answer.message.command.Status ?? 0) >= 0xff00) {
		answer = yield* caller.next();
	}
	const status = answer.kind === 'message' ? (answer.message.command.Status ?? 0) : 0xc000;
	const service = destination === undefined ? 'C-FIND' : 'C-MOVE';
	const code = status.toString(16).toUpperCase().padStart(4, '0');
	caller.log(status === 0 ? 'INFO' : 'ERROR', `${service} ended with status ${code}`);
	yield* caller.release();
}

/** Exchanges decided by the status of a response. */
export const dimseCases: Record<string, ExchangeCase> = {
	'store-out-of-resources': {
		prepare: fillVolume,
		*act(stage) {
			const list = images(stage, 4).map((image) => ({ image }));
			if (yield* sendImages(stage, list)) yield* stage.caller.release();
		},
	},
	'store-dataset-mismatch': {
		act: (stage) => sendFlawed(stage, { otherInstance: newUid(stage.random) }),
	},
	'store-cannot-understand': {
		act: (stage) => sendFlawed(stage, { cutToPercent: stage.random.between(30, 60) }),
	},
	'move-destination-unknown': {
		changes: { readingStation: true, unknownCaller: true, anyCaller: true },
		prepare: keepStudy,
		*act(stage) {
			const study = [...stage.archive.store.studies.keys()][0] ?? '';
			const identifier = DataSet.from({ QueryRetrieveLevel: 'STUDY', StudyInstanceUID: study });
			yield* ask(stage, MOVE, identifier, stage.site.caller.aeTitle);
		},
	},
	'echo-ok': {
		*act({ caller }) {
			if (!(yield* caller.associate([VERIFICATION]))) return;
			const messageId = caller.connection.messageId();
			yield* caller.request(UID.VerificationSOPClass, cEchoRequest({ messageId }));
			caller.log('INFO', 'C-ECHO status 0000');
			yield* caller.release();
		},
	},
	'find-ok': {
		changes: { callerMayQuery: true },
		prepare: keepStudy,
		*act(stage) {
			const study = [...stage.archive.store.studies.values()][0];
			const identifier = DataSet.from({
				QueryRetrieveLevel: 'STUDY',
				PatientID: study?.patientId ?? '',
				AccessionNumber: '',
				StudyDate: '',
				StudyInstanceUID: '',
			});
			yield* ask(stage, FIND, identifier);
		},
	},
};
