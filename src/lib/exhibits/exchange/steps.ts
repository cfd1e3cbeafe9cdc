import type { Process } from '#lib/kernel/process.ts';
import { milliseconds } from '#lib/kernel/time.ts';
import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { encodeDataSet, joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cStoreRequest } from '#lib/protocol/dicom/dimse/services.ts';
import type { CaseModality } from '../clinical-case.ts';
import type { ProposedContext } from './caller.ts';
import { smallImages } from './small-images.ts';
import type { Stage } from './stage.ts';

export const UNCOMPRESSED: readonly string[] = [UID.LittleEndianExplicit, UID.LittleEndianImplicit];

/** What each modality stores. */
export const MAIN_CLASS: Record<CaseModality, string> = {
	CT: UID.CTImageStorage,
	DX: UID.DigitalXRayImageStorageForPresentation,
};

export const VERIFICATION: ProposedContext = {
	abstractSyntax: UID.VerificationSOPClass,
	transferSyntaxes: [UID.LittleEndianImplicit],
};

/** The context, with one for Verification before or behind it, or alone. */
export function withVerification(stage: Stage, context: ProposedContext): ProposedContext[] {
	return stage.random.pick([[context], [VERIFICATION, context], [context, VERIFICATION]]);
}

export function storageContexts(stage: Stage): ProposedContext[] {
	const abstractSyntax = MAIN_CLASS[stage.site.caller.modality];
	return withVerification(stage, { abstractSyntax, transferSyntaxes: UNCOMPRESSED });
}

/** One to four images of the caller's modality. */
export function images({ site, seed }: Stage, count: number): DataSet[] {
	return smallImages(seed, site.caller.modality).slice(0, count);
}

/** How an object is sent when something is wrong with it. */
export interface Flaw {
	/** The command names another instance than the data set. */
	otherInstance?: string;
	/** Share of the data set that is sent, in percent. */
	cutToPercent?: number;
}

/** Sends one object; its status, or undefined when there was no answer. */
export function* store(
	{ caller, random, site }: Stage,
	image: DataSet,
	flaw: Flaw = {},
): Process<number | undefined> {
	const sopClassUid = MAIN_CLASS[site.caller.modality];
	const context = caller.connection.association.contextFor(sopClassUid);
	const transferSyntax = context?.transferSyntax ?? UID.LittleEndianExplicit;
	const sopInstanceUid = image.text('SOPInstanceUID') ?? '';
	const bytes = joinBytes(encodeDataSet(image, { transferSyntax }));
	const sizeBytes = (Math.floor((bytes.length * (flaw.cutToPercent ?? 100)) / 100) >> 1) << 1;
	yield* caller.sleep(milliseconds(random.between(20, 90)));
	const answer = yield* caller.request(
		sopClassUid,
		cStoreRequest({
			messageId: caller.connection.messageId(),
			sopClassUid,
			sopInstanceUid: flaw.otherInstance ?? sopInstanceUid,
		}),
		[bytes.subarray(0, sizeBytes)],
	);
	if (answer.kind !== 'message') {
		caller.log(
			'ERROR',
			answer.kind === 'timeout'
				? 'no answer to C-STORE within 30 s'
				: 'association lost while sending',
		);
		return undefined;
	}
	const status = answer.message.command.Status ?? 0;
	const code = status.toString(16).toUpperCase().padStart(4, '0');
	caller.log(
		status === 0 ? 'INFO' : 'ERROR',
		status === 0 ? `image ${sopInstanceUid} sent` : `C-STORE failed, status ${code}`,
	);
	return status;
}

/** Associates for storage and sends images until one fails; then releases, unless told otherwise. */
export function* sendImages(
	stage: Stage,
	list: readonly { image: DataSet; flaw?: Flaw }[],
): Process<boolean> {
	if (!(yield* stage.caller.associate(storageContexts(stage)))) return false;
	for (const { image, flaw } of list) {
		if ((yield* store(stage, image, flaw)) !== 0) break;
	}
	return true;
}
