import type { Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import type { CaseModality } from '../clinical-case.ts';
import { dimseCases } from './dimse-cases.ts';
import { endings } from './endings.ts';
import type { ExchangeCase } from './exchange-case.ts';
import { rejections } from './rejections.ts';
import type { Stage } from './stage.ts';
import { images, MAIN_CLASS, sendImages, UNCOMPRESSED, withVerification } from './steps.ts';

/** Classes that the archive of the exhibits does not store, by the modality that makes such objects. */
const FOREIGN_CLASSES: Record<CaseModality, readonly string[]> = {
	CT: [
		UID.EnhancedCTImageStorage,
		UID.XRayRadiationDoseSRStorage,
		UID.GrayscaleSoftcopyPresentationStateStorage,
		UID.EncapsulatedPDFStorage,
	],
	DX: [
		UID.GrayscaleSoftcopyPresentationStateStorage,
		UID.EncapsulatedPDFStorage,
		UID.XRayRadiationDoseSRStorage,
		UID.KeyObjectSelectionDocumentStorage,
	],
};

const COMPRESSED = [
	UID.JPEG2000LosslessOnly,
	UID.JPEGLSLossless,
	UID.RLELossless,
	UID['JPEGLossless:Non-hierarchical-1stOrderPrediction'],
];

/** Asks with contexts of which the one that matters is refused, and gives up in good order. */
function* askInVain(stage: Stage, context: Parameters<typeof withVerification>[1]): Process {
	const { caller } = stage;
	if (!(yield* caller.associate(withVerification(stage, context)))) return;
	caller.log('ERROR', 'no presentation context was accepted for these images');
	yield* caller.release();
}

function* sendAll(stage: Stage, most: number): Process {
	const list = images(stage, stage.random.between(1, most)).map((image) => ({ image }));
	if (yield* sendImages(stage, list)) yield* stage.caller.release();
}

export const EXCHANGE_CASES: Readonly<Record<string, ExchangeCase>> = {
	accepted: { act: (stage) => sendAll(stage, 3) },
	...rejections,
	...endings,
	'abstract-syntax-refused': {
		act: (stage) =>
			askInVain(stage, {
				abstractSyntax: stage.random.pick(FOREIGN_CLASSES[stage.site.caller.modality]),
				transferSyntaxes: UNCOMPRESSED,
			}),
	},
	'transfer-syntaxes-refused': {
		act: (stage) =>
			askInVain(stage, {
				abstractSyntax: MAIN_CLASS[stage.site.caller.modality],
				transferSyntaxes: stage.random.shuffle(COMPRESSED).slice(0, stage.random.between(1, 2)),
			}),
	},
	...dimseCases,
	'store-ok': { act: (stage) => sendAll(stage, 2) },
	'syn-timeout': {
		changes: { blocked: true },
		unheard: true,
		*act({ caller, random }) {
			yield* caller.connect(seconds(random.pick([10, 20, 30])));
		},
	},
	'connection-refused': {
		unheard: true,
		*prepare({ archive }) {
			archive.stop();
		},
		*act({ caller }) {
			yield* caller.connect(seconds(30));
		},
	},
};
