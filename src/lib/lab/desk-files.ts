import { acquireCtSeries } from '#lib/hospital/objects/ct-image.ts';
import { newUid } from '#lib/hospital/identifiers.ts';
import { PRODUCTS } from '#lib/hospital/products.ts';
import type { World } from '#lib/hospital/world.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';

/** What lies on the desk from the start: a test image of the PACS administrator's own. */
export function deskFiles(world: World): Map<string, Uint8Array> {
	const random = world.kernel.random('desk-files');
	const series = acquireCtSeries(
		{
			patient: { id: 'SYN00000018', name: 'Test^Phantom', birthDate: '19700101', sex: 'O' },
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
	return files;
}
