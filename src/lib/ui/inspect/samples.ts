/** Files to try, made in the browser by the simulator itself. Loaded only when one is asked for. */
import { playExchange } from '#lib/exhibits/exchange/play.ts';
import { acquireCtSeries } from '#lib/hospital/objects/ct-image.ts';
import { Random } from '#lib/kernel/random.ts';
import { parseIsoLocal } from '#lib/kernel/time.ts';
import { writeCapture } from '#lib/network/capture-file.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import type { SampleId } from './sample-list.ts';

export interface Sample {
	readonly name: string;
	readonly bytes: Uint8Array;
}

/** Makes a sample; the same one each time. Everybody in them is invented. */
export function makeSample(id: SampleId): Sample {
	switch (id) {
		case 'dicom-character-set':
			return { name: 'ct-wrong-character-set.dcm', bytes: mislabelledImage() };
		case 'hl7-missing-field':
			return { name: 'order-without-patient-id.hl7', bytes: incompleteOrder() };
		case 'capture-rejected':
			return { name: 'calling-ae-not-recognized.pcapng', bytes: capture('calling-rejected') };
		case 'capture-store-failure':
			return { name: 'archive-full.pcapng', bytes: capture('store-out-of-resources') };
	}
}

/** A CT slice whose text is UTF-8 while (0008,0005) says ISO_IR 100, as after a careless conversion. */
function mislabelledImage(): Uint8Array {
	const random = new Random('inspect', 'sample');
	const series = acquireCtSeries(
		{
			patient: { id: 'SYN00000042', name: 'Grüßner^Zoë', birthDate: '19700101', sex: 'F' },
			order: {
				accessionNumber: 'SAMPLE01',
				requestedProcedureId: 'SAMPLE01',
				requestedProcedureDescription: 'CT Schädel nativ',
				scheduledProcedureStepId: 'SAMPLE01',
				studyInstanceUid: '2.25.283746509182736450918273645091827364',
				referringPhysician: 'Lefèvre^Anaïs',
			},
			equipment: {
				manufacturer: 'PACS On-Call',
				modelName: 'Sample',
				serialNumber: '1',
				stationName: 'SAMPLE',
				institutionName: 'Simulated hospital',
				softwareVersions: '1',
				aeTitle: 'SAMPLE',
			},
			startUs: parseIsoLocal('2026-03-09T07:40') ?? 0,
			operator: 'Operator^Sample',
			random,
			specificCharacterSet: 'ISO_IR 192',
			variant: 0,
		},
		{ slices: 1 },
	);
	const [instance] = series.instances;
	if (!instance) throw new Error('no image was made');
	instance.dataSet.set('SpecificCharacterSet', 'ISO_IR 100');
	return joinBytes(
		writePart10(instance.dataSet, {
			transferSyntax: UID.LittleEndianExplicit,
			implementationClassUid: '2.25.199137246581903310418367154612038450811',
			implementationVersionName: 'PACS_ON_CALL',
		}),
	);
}

/** An imaging order in which the patient identifier list (PID-3) is empty. */
function incompleteOrder(): Uint8Array {
	const segments = [
		'MSH|^~\\&|RIS|SIMULATED HOSPITAL|PACS|SIMULATED HOSPITAL|20260309074000||ORM^O01^ORM_O01|MSG00042|P|2.5.1||||||UNICODE UTF-8',
		'PID|1||||Grüßner^Zoë||19700101|F',
		'PV1|1|O|CT^^^RADIOLOGY',
		'ORC|NW|ORD00042^RIS|||SC||^^^20260309080000^^R',
		'OBR|1|ORD00042^RIS||CTHEAD^CT head without contrast^L|||||||||||||Lefèvre^Anaïs',
	];
	return new TextEncoder().encode(segments.map((segment) => `${segment}\r`).join(''));
}

/** An exchange between two simulated hosts, as the caller captured it. */
function capture(exchange: string): Uint8Array {
	const { caller, epochUs } = playExchange(exchange, 'sample');
	const packets = caller.packets.map(({ packet }) => packet);
	return writeCapture(packets, {
		epochUs,
		interfaces: [{ name: 'eth0', description: 'at the caller' }],
		comment: 'made by the simulator',
	});
}
