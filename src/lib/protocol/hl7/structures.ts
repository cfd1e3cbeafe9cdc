/**
 * Message structures of HL7 v2.5.1: chapters 2 (ACK), 3 (ADT), 4 (orders), 7 (ORU) and 9 (MDM), table
 * 0354. A prior result of OMG^O19 has its PID here, which the standard lets be left out: without it
 * nobody can tell the prior result from the next order. After one, ORC goes on with the prior results,
 * so that its OBX is not required as the standard has it.
 */
import { parseStructure, type StructureElement } from './structure-notation.ts';

const INSURANCE = '[{ INSURANCE: IN1 [IN2] [{IN3}] [{ROL}] }]';
const PROCEDURE = '[{ PROCEDURE: PR1 [{ROL}] }]';
const TIMING = '[{ TIMING: TQ1 [{TQ2}] }]';
const OBSERVATIONS = '[{ OBSERVATION: OBX [{NTE}] }]';
const ORDER_DETAIL = '<OBR|RQD|RQ1|RXO|ODS|ODT>';
const ORDERED_PATIENT = `
	[ PATIENT_VISIT: PV1 [PV2] ] [{ INSURANCE: IN1 [IN2] [IN3] }] [GT1] [{AL1}]`;
const RESPONSE = 'MSH MSA [{ERR}] [{SFT}] [{NTE}]';
const DOCUMENT = `
	MSH [{SFT}] EVN PID PV1 [{ COMMON_ORDER: ORC ${TIMING} OBR [{NTE}] }] TXA`;

const STRUCTURES: Readonly<Record<string, string>> = {
	ACK: 'MSH [{SFT}] MSA [{ERR}]',
	ADT_A01: `
		MSH [{SFT}] EVN PID [PD1] [{ROL}] [{NK1}] PV1 [PV2] [{ROL}] [{DB1}] [{OBX}] [{AL1}] [{DG1}]
		[DRG] ${PROCEDURE} [{GT1}] ${INSURANCE} [ACC] [UB1] [UB2] [PDA]`,
	ADT_A02: 'MSH [{SFT}] EVN PID [PD1] [{ROL}] PV1 [PV2] [{ROL}] [{DB1}] [{OBX}] [PDA]',
	ADT_A03: `
		MSH [{SFT}] EVN PID [PD1] [{ROL}] [{NK1}] PV1 [PV2] [{ROL}] [{DB1}] [{AL1}] [{DG1}] [DRG]
		${PROCEDURE} [{OBX}] [{GT1}] ${INSURANCE} [ACC] [PDA]`,
	ADT_A05: `
		MSH [{SFT}] EVN PID [PD1] [{ROL}] [{NK1}] PV1 [PV2] [{ROL}] [{DB1}] [{OBX}] [{AL1}] [{DG1}]
		[DRG] ${PROCEDURE} [{GT1}] ${INSURANCE} [ACC] [UB1] [UB2]`,
	ADT_A09: 'MSH [{SFT}] EVN PID [PD1] PV1 [PV2] [{DB1}] [{OBX}] [{DG1}]',
	ADT_A18: 'MSH [{SFT}] EVN PID [PD1] MRG PV1',
	ADT_A30: 'MSH [{SFT}] EVN PID [PD1] MRG',
	ADT_A39: 'MSH [{SFT}] EVN { PATIENT: PID [PD1] MRG [PV1] }',
	MDM_T01: DOCUMENT,
	MDM_T02: `${DOCUMENT} { OBSERVATION: OBX [{NTE}] }`,
	OMG_O19: `
		MSH [{SFT}] [{NTE}] [ PATIENT: PID [PD1] [{NTE}] [{NK1}] ${ORDERED_PATIENT} ]
		{ ORDER: ORC ${TIMING} OBR [{NTE}] [CTD] [{DG1}] ${OBSERVATIONS}
			[{ SPECIMEN: SPM [{OBX}] [{ CONTAINER: SAC [{OBX}] }] }]
			[{ PRIOR_RESULT: PID [PD1] [ PATIENT_VISIT_PRIOR: PV1 [PV2] ] [{AL1}]
				{ ORDER_PRIOR: [ORC] OBR [{ TIMING_PRIOR: TQ1 [{TQ2}] }] [{NTE}] [CTD]
					[{ OBSERVATION_PRIOR: OBX [{NTE}] }] } }]
			[{FT1}] [{CTI}] [BLG] }`,
	OMI_O23: `
		MSH [{SFT}] [{NTE}] [ PATIENT: PID [PD1] [{NTE}] ${ORDERED_PATIENT} ]
		{ ORDER: ORC ${TIMING} OBR [{NTE}] [CTD] [{DG1}] ${OBSERVATIONS} {IPC} }`,
	ORG_O20: `
		${RESPONSE} [ RESPONSE: [ PATIENT: PID [{NTE}] ]
			{ ORDER: ORC ${TIMING} [OBR] [{NTE}] [{CTI}] [{ SPECIMEN: SPM [{SAC}] }] } ]`,
	ORI_O24: `
		${RESPONSE} [ RESPONSE: [ PATIENT: PID [{NTE}] ]
			{ ORDER: ORC ${TIMING} OBR [{NTE}] {IPC} } ]`,
	ORM_O01: `
		MSH [{NTE}] [ PATIENT: PID [PD1] [{NTE}] ${ORDERED_PATIENT} ]
		{ ORDER: ORC
			[ ORDER_DETAIL: ${ORDER_DETAIL} [{NTE}] [CTD] [{DG1}] ${OBSERVATIONS} ]
			[{FT1}] [{CTI}] [BLG] }`,
	ORR_O02: `
		${RESPONSE} [ RESPONSE: [ PATIENT: PID [{NTE}] ]
			{ ORDER: ORC [${ORDER_DETAIL}] [{NTE}] [{CTI}] } ]`,
	ORU_R01: `
		MSH [{SFT}]
		{ PATIENT_RESULT:
			[ PATIENT: PID [PD1] [{NTE}] [{NK1}] [ VISIT: PV1 [PV2] ] ]
			{ ORDER_OBSERVATION: [ORC] OBR [{NTE}] [{ TIMING_QTY: TQ1 [{TQ2}] }] [CTD]
				${OBSERVATIONS} [{FT1}] [{CTI}] [{ SPECIMEN: SPM [{OBX}] }] } }
		[DSC]`,
};

/** Trigger events by message code and structure, where the structure is not named after its event. */
const EVENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	ADT: {
		ADT_A01: 'A01 A04 A08 A13',
		ADT_A02: 'A02',
		ADT_A03: 'A03',
		ADT_A05: 'A05 A14 A28 A31',
		ADT_A09: 'A09 A10 A11',
		ADT_A18: 'A18',
		ADT_A30: 'A30 A34 A35 A36 A46 A47 A48 A49',
		ADT_A39: 'A39 A40 A41 A42',
	},
	MDM: { MDM_T01: 'T01 T03 T05 T07 T09 T11', MDM_T02: 'T02 T04 T06 T08 T10' },
	OMG: { OMG_O19: 'O19' },
	OMI: { OMI_O23: 'O23' },
	ORG: { ORG_O20: 'O20' },
	ORI: { ORI_O24: 'O24' },
	ORM: { ORM_O01: 'O01' },
	ORR: { ORR_O02: 'O02' },
	ORU: { ORU_R01: 'R01' },
};

const parsed = new Map<string, StructureElement>();
const names = new Map(
	Object.entries(EVENTS).map(([code, structures]) => [
		code,
		new Map(
			Object.entries(structures).flatMap(([name, events]) =>
				events.split(' ').map((event) => [event, name] as const),
			),
		),
	]),
);

function structureNamed(name: string): StructureElement {
	let structure = parsed.get(name);
	if (structure === undefined) {
		structure = parseStructure(name, STRUCTURES[name]!);
		parsed.set(name, structure);
	}
	return structure;
}

/**
 * The structure of a message by MSH-9.1 and MSH-9.2; MSH-9.3 says nothing more. Otherwise what is not
 * known: the message code, or its trigger event. ACK has one structure for every event.
 */
export function structureOf(
	code: string,
	event: string,
): { readonly structure: StructureElement } | { readonly unknown: 'code' | 'event' } {
	if (code === 'ACK') return { structure: structureNamed('ACK') };
	const events = names.get(code);
	if (events === undefined) return { unknown: 'code' };
	const name = events.get(event);
	return name === undefined ? { unknown: 'event' } : { structure: structureNamed(name) };
}

/** Every message code and trigger event with a structure here, "ADT^A01". */
export function knownEvents(): readonly string[] {
	return [...names].flatMap(([code, events]) => [...events.keys()].map((one) => `${code}^${one}`));
}
