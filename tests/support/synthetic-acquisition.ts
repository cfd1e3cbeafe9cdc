import { newUid } from '#lib/hospital/identifiers.ts';
import type { AcquisitionContext } from '#lib/hospital/objects/acquisition-context.ts';
import { newPatient } from '#lib/hospital/patients.ts';
import { Random } from '#lib/kernel/random.ts';
import { parseIsoLocal } from '#lib/kernel/time.ts';

const START_US = parseIsoLocal('2026-03-09T07:40:12') ?? 0;

/** Everything an acquisition needs, from one seed; `changes` replace parts of it. */
export function syntheticAcquisition(
	seed: string,
	changes: Partial<AcquisitionContext> = {},
): AcquisitionContext {
	const random = new Random(seed, 'acquisition');
	return {
		patient: newPatient(random, START_US),
		order: {
			accessionNumber: 'A2603090001',
			placerOrderNumber: 'P260309000001',
			requestedProcedureId: 'RP2603090001',
			requestedProcedureDescription: 'CT head without contrast',
			scheduledProcedureStepId: 'SPS2603090001',
			studyInstanceUid: newUid(random),
			referringPhysician: 'Cirrus^Noémie',
			procedureCode: { value: 'CTHEAD', scheme: '99SYN', meaning: 'CT head' },
		},
		equipment: {
			manufacturer: 'Meridian Imaging',
			modelName: 'Aurora 64',
			serialNumber: 'AU-10427',
			stationName: 'CT2',
			institutionName: 'Community Hospital',
			softwareVersions: '5.2.1',
			aeTitle: 'CT2',
		},
		startUs: START_US,
		operator: 'Mistral^Jo',
		random,
		specificCharacterSet: 'ISO_IR 100',
		performedProcedureStep: { id: 'PPS2603090001', sopInstanceUid: newUid(random) },
		variant: 0,
		...changes,
	};
}
