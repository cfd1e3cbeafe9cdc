import { minutes, parseIsoLocal } from '#lib/kernel/time.ts';
import { NO_DETAILS, type Order } from '../records.ts';
import type { MessageContext } from './message-context.ts';

/** An order about nobody, for tests of messages. */
export function syntheticOrder(changes: Partial<Order> = {}): Order {
	return {
		accessionNumber: 'A2603090001',
		placerOrderNumber: 'P260309000001',
		requestedProcedureId: 'RP2603090001',
		scheduledProcedureStepId: 'SPS2603090001',
		studyInstanceUid: '2.25.20260309',
		patient: { id: 'SYN12345674', name: 'Larch^Zoë', birthDate: '19640227', sex: 'F' },
		procedure: {
			id: 'ct-head',
			modality: 'CT',
			description: 'CT Head without contrast',
			code: { value: 'CTHEAD', scheme: '99LARK', meaning: 'CT Head without contrast' },
			minutes: 6,
		},
		device: 'ct1',
		priority: 'ROUTINE',
		department: 'Neurology',
		details: {
			...NO_DETAILS,
			fillerOrderNumber: 'F260309000001',
			requestingPhysician: 'Gneiss^Ingrid^^Dr.',
			referringPhysician: 'Onyx^Kofi^^Dr.',
			admissionId: 'V1234567',
			patientLocation: 'Neurology',
		},
		placedUs: 0,
		scheduledUs: minutes(40),
		status: 'scheduled',
		instances: [],
		...changes,
	};
}

/** What the messages of a test say of sender, receiver and moment. */
export function syntheticContext(changes: Partial<MessageContext> = {}): MessageContext {
	const epochUs = parseIsoLocal('2026-03-09T07:00') ?? 0;
	return {
		application: 'RIS',
		facility: 'LARKFIELD',
		receivingApplication: 'PACS',
		receivingFacility: 'LARKFIELD',
		assigningAuthority: 'LARKFIELD',
		characterSet: '8859/1',
		controlId: 'RIS0000001',
		timeUs: epochUs + minutes(3),
		epochUs,
		...changes,
	};
}
