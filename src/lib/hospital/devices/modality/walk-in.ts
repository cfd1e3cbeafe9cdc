import { newUid } from '../../identifiers.ts';
import { newPatient } from '../../patients.ts';
import { NO_DETAILS, type Order } from '../../records.ts';
import type { Modality } from './modality.ts';
import type { WorklistEntry } from './worklist-query.ts';

/**
 * An emergency patient whom nobody has ordered an examination for: what really happens, and what the
 * technologist types in. Accession number and scheduled step are empty (the unscheduled case of IHE RAD-6).
 * Undefined when the hospital has no procedure for the device.
 */
export function newWalkIn(device: Modality): { order: Order; entry: WorklistEntry } | undefined {
	const { world, config } = device;
	const procedure = world.spec.procedures.find(({ modality }) => modality === config.modality);
	if (!procedure) return undefined;
	const random = world.kernel.random(`${device.id}.walk-ins`);
	const patient = newPatient(random, world.wallUs());
	const studyInstanceUid = newUid(random);
	const nowUs = world.kernel.nowUs;
	const order: Order = {
		accessionNumber: '',
		placerOrderNumber: '',
		requestedProcedureId: '',
		scheduledProcedureStepId: '',
		studyInstanceUid,
		patient,
		procedure,
		device: device.id,
		priority: 'STAT',
		department: '',
		details: NO_DETAILS,
		placedUs: nowUs,
		scheduledUs: nowUs,
		status: 'scheduled',
		instances: [],
	};
	const entry: WorklistEntry = {
		accessionNumber: '',
		placerOrderNumber: '',
		fillerOrderNumber: '',
		patientId: patient.id,
		issuerOfPatientId: '',
		patientName: patient.name,
		birthDate: patient.birthDate,
		sex: patient.sex,
		weight: '',
		pregnancyStatus: '',
		warnings: '',
		referringPhysician: '',
		performingPhysician: '',
		studyInstanceUid,
		referencedStudies: [],
		requestedProcedureId: '',
		description: procedure.description,
		procedureCode: undefined,
		priority: order.priority,
		scheduledStepId: '',
		scheduledStepDescription: '',
		protocolCode: undefined,
		scheduledTime: '',
		location: '',
	};
	return { order, entry };
}
