import type { AcquisitionContext } from '#lib/hospital/objects/acquisition-context.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';

/**
 * One scheduled step of CT 1 on 2026-03-09 as Orthanc and DCMTK's wlmscpfs keep theirs: a file. It has all the
 * attributes that PS3.4 table K.6-1 wants from a provider with type 1 or 2.
 */
export function worklistFile({ patient, order }: AcquisitionContext): Uint8Array {
	const dataSet = DataSet.from({
		SpecificCharacterSet: 'ISO_IR 100',
		AccessionNumber: order.accessionNumber,
		PatientName: patient.name,
		PatientID: patient.id,
		PatientBirthDate: patient.birthDate,
		PatientSex: patient.sex,
		ReferringPhysicianName: order.referringPhysician,
		RequestingPhysician: order.referringPhysician,
		AdmissionID: '',
		CurrentPatientLocation: '',
		ReferencedStudySequence: '',
		ReferencedPatientSequence: '',
		PatientWeight: '',
		ConfidentialityConstraintOnPatientDataDescription: '',
		PatientState: '',
		PregnancyStatus: 4,
		MedicalAlerts: '',
		Allergies: '',
		SpecialNeeds: '',
		RequestedProcedurePriority: 'ROUTINE',
		PatientTransportArrangements: '',
		StudyInstanceUID: order.studyInstanceUid,
		RequestedProcedureDescription: order.requestedProcedureDescription,
		RequestedProcedureID: order.requestedProcedureId,
		ScheduledProcedureStepSequence: [
			DataSet.from({
				Modality: 'CT',
				ScheduledStationAETitle: 'CT1',
				ScheduledPerformingPhysicianName: '',
				ScheduledStationName: '',
				ScheduledProcedureStepLocation: '',
				PreMedication: '',
				RequestedContrastAgent: '',
				ScheduledProcedureStepStartDate: '20260309',
				ScheduledProcedureStepStartTime: '101500',
				ScheduledProcedureStepDescription: order.requestedProcedureDescription,
				ScheduledProcedureStepID: order.scheduledProcedureStepId,
			}),
		],
	});
	return joinBytes(
		writePart10(dataSet, {
			transferSyntax: UID.LittleEndianExplicit,
			...{ implementationClassUid: '2.25.1', implementationVersionName: 'TEST' },
		}),
	);
}
