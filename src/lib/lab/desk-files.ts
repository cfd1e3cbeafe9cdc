import { acquireCtSeries } from '#lib/hospital/objects/ct-image.ts';
import { patientMessage } from '#lib/hospital/hl7/patient-messages.ts';
import { newUid } from '#lib/hospital/identifiers.ts';
import { PRODUCTS } from '#lib/hospital/products.ts';
import { authorityOf } from '#lib/hospital/security/hospital-authority.ts';
import type { NodeSecurity } from '#lib/hospital/security/node-security.ts';
import type { World } from '#lib/hospital/world.ts';
import { hours } from '#lib/kernel/time.ts';
import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import { certificatePem } from '#lib/protocol/x509/certificate.ts';
import { privateKeyPem } from '#lib/protocol/x509/keys.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { bytesOfByteText, byteTextOf } from '#lib/protocol/hl7/byte-text.ts';
import { writeEr7 } from '#lib/protocol/hl7/message.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';

const TEST_PATIENT = {
	id: 'SYN00000018',
	name: 'Test^Phantom',
	birthDate: '19700101',
	sex: 'O',
} as const;

/**
 * What lies on the desk from the start: a test image of the PACS administrator's own, and where the archive
 * listens for HL7 a message about its patient.
 */
export function deskFiles(world: World): Map<string, Uint8Array> {
	const random = world.kernel.random('desk-files');
	const series = acquireCtSeries(
		{
			patient: TEST_PATIENT,
			order: {
				accessionNumber: 'TEST0001',
				requestedProcedureId: 'TEST0001',
				requestedProcedureDescription: 'Transmission test',
				scheduledProcedureStepId: 'TEST0001',
				studyInstanceUid: newUid(random),
				referringPhysician: 'Referrer^Synthetic',
			},
			equipment: {
				manufacturer: 'PACS desk',
				modelName: 'Test image',
				serialNumber: '1',
				stationName: 'PACSDESK',
				institutionName: world.spec.institution,
				softwareVersions: '1',
				aeTitle: 'PACSDESK',
			},
			startUs: world.epochUs,
			operator: 'Administrator^Pacs',
			random,
			specificCharacterSet: 'ISO_IR 100',
			variant: 0,
		},
		{ slices: 1 },
	);
	const files = new Map<string, Uint8Array>();
	for (const { dataSet } of series.instances) {
		const pieces = writePart10(dataSet, {
			transferSyntax: UID.LittleEndianExplicit,
			implementationClassUid: PRODUCTS.desk.classUid,
			implementationVersionName: PRODUCTS.desk.versionName,
		});
		files.set('/home/you/test-image.dcm', joinBytes(pieces));
	}
	if (listensForHl7(world)) files.set('/home/you/test-update.hl7', patientUpdate(world));
	if (usesTls(world)) addTlsFiles(world, files);
	return files;
}

function listensForHl7(world: World): boolean {
	return world
		.devicesOfKind('archive')
		.some((archive) => (archive as Archive).config.hl7 !== undefined);
}

/** Another name for the test patient (IHE RAD-12), as an editor keeps a message: a segment a line. */
function patientUpdate(world: World): Uint8Array {
	const timeUs = world.epochUs;
	const message = patientMessage(
		'A08',
		{ ...TEST_PATIENT, name: 'Test^Renamed' },
		{
			patientClass: 'O',
			location: '',
			visitNumber: '',
			referringPhysician: '',
			isPregnant: false,
		},
		{
			application: 'PACSDESK',
			facility: '',
			receivingApplication: 'PACS',
			receivingFacility: '',
			assigningAuthority: '',
			characterSet: '8859/1',
			controlId: 'TEST0001',
			timeUs,
			epochUs: timeUs,
		},
	);
	return bytesOfByteText(byteTextOf(writeEr7(message)).replaceAll('\r', '\n'));
}

function usesTls(world: World): boolean {
	return [...world.devices.values()].some(
		(device) => (device as { security?: NodeSecurity }).security?.config.enabled,
	);
}

/** The hospital's root, and a certificate of the desk's own with its key: for OpenSSL and DCMTK. */
function addTlsFiles(world: World, files: Map<string, Uint8Array>): void {
	const authority = authorityOf(world);
	const own = authority.issue(world.spec.desk, {
		notBeforeUs: world.epochUs - hours(24 * 30),
		notAfterUs: world.epochUs + hours(24 * 335),
		keyType: 'P-256',
	});
	const chain = [own.certificate, authority.issuing.certificate].map(certificatePem);
	const put = (name: string, text: string): void =>
		void files.set(`/home/you/tls/${name}`, new TextEncoder().encode(text));
	put('ca.pem', certificatePem(authority.root.certificate));
	put('desk.pem', chain.join(''));
	put('desk.key', privateKeyPem(own.key));
}
