import type { Random } from '#lib/kernel/random.ts';
import type { Micros } from '#lib/kernel/time.ts';
import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';

/** Whom the images are of, as the modality was told: from its worklist or typed in. */
export interface AcquisitionPatient {
	readonly id: string;
	/** LO; absent where the modality does not know it. */
	readonly issuer?: string;
	/** PN. */
	readonly name: string;
	/** DA. */
	readonly birthDate: string;
	readonly sex: string;
}

interface Code {
	readonly value: string;
	readonly scheme: string;
	readonly meaning: string;
}

/** What a modality knows of the order, usually from its worklist. */
export interface AcquisitionOrder {
	readonly accessionNumber: string;
	readonly placerOrderNumber?: string;
	readonly requestedProcedureId: string;
	readonly requestedProcedureDescription: string;
	readonly scheduledProcedureStepId: string;
	readonly studyInstanceUid: string;
	readonly referringPhysician: string;
	readonly scheduledProcedureStepDescription?: string;
	readonly procedureCode?: Code;
	readonly scheduledProtocolCode?: Code;
}

/** The device that makes the images. */
export interface AcquisitionEquipment {
	readonly manufacturer: string;
	readonly modelName: string;
	readonly serialNumber: string;
	readonly stationName: string;
	readonly institutionName: string;
	readonly softwareVersions: string;
	readonly aeTitle: string;
}

/** Everything an acquisition needs; plain data but for the stream that makes the UIDs. */
export interface AcquisitionContext {
	readonly patient: AcquisitionPatient;
	readonly order: AcquisitionOrder;
	readonly equipment: AcquisitionEquipment;
	/** When it starts: µs since 1970 by the device's own clock. */
	readonly startUs: Micros;
	/** Operators' Name (PN). */
	readonly operator: string;
	readonly random: Random;
	/** Values of (0008,0005) joined by backslashes; '' for the default repertoire. */
	readonly specificCharacterSet: string;
	/** The performed procedure step the images belong to, on a device that reports one (MPPS). */
	readonly performedProcedureStep?: {
		readonly id: string;
		readonly sopInstanceUid: string;
		/** When the step was started, as it was reported; the start of the acquisition unless given. */
		readonly startUs?: Micros;
	};
	/** Which finding the phantom shows; 0 is the healthy one. */
	readonly variant: number;
}

/** One series as the modality holds it before sending. */
export interface AcquiredSeries {
	readonly seriesInstanceUid: string;
	readonly modality: string;
	readonly sopClassUid: string;
	readonly description: string;
	readonly protocolName: string;
	readonly instances: readonly { readonly sopInstanceUid: string; readonly dataSet: DataSet }[];
}
