import type { Process } from '#lib/kernel/process.ts';
import { formatDicomDate, formatDicomTime, formatIsoLocal, minutes } from '#lib/kernel/time.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { COMMAND_FIELD, responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import { z } from 'zod';
import { defineDevice } from '../define-device.ts';
import { Device, type DeviceEnvironment } from '../device.ts';
import { answerIdentifier, matches, type QueryRecord } from '../dicom/match-identifier.ts';
import { DicomProvider, type ServiceRequest } from '../dicom/service-class-provider.ts';
import { PRODUCTS } from '../products.ts';
import type { Order } from '../records.ts';
import { associationHistory } from './association-history.ts';

const risConfigSchema = z.strictObject({
	aeTitle: z.string().min(1).max(16),
	port: z.int().min(1).max(65_535).default(104),
	/** The AE title that the RIS has on file for each station, by device id. */
	stations: z.record(z.string(), z.string().min(1).max(16)),
});

type RisConfig = z.infer<typeof risConfigSchema>;

export class Ris extends Device {
	readonly config: RisConfig;
	readonly orders: Order[] = [];
	readonly provider: DicomProvider;

	constructor(environment: DeviceEnvironment, config: RisConfig) {
		super(environment);
		this.config = config;
		this.provider = new DicomProvider(this, {
			port: () => this.config.port,
			maximumLengthBytes: 16_384,
			policy: () => ({
				aeTitles: [this.config.aeTitle],
				acceptCalling: 'any',
				supported: [UID.VerificationSOPClass, UID.FINDModalityWorklistInformationModel].map(
					(abstractSyntax) => ({
						abstractSyntax,
						transferSyntaxes: [UID.LittleEndianExplicit, UID.LittleEndianImplicit],
					}),
				),
				implementationClassUid: PRODUCTS.ris.classUid,
				implementationVersionName: PRODUCTS.ris.versionName,
				maximumAssociations: 20,
			}),
			serve: (request) => this.#serve(request),
		});
	}

	/** Order entry: the order is scheduled on a station and appears on its worklist. */
	placeOrder(order: Order): void {
		this.orders.push(order);
		this.log('INFO', `order ${order.accessionNumber} scheduled on ${order.device}`);
	}

	protected override onStart(): void {
		this.provider.open();
	}

	protected override onStop(): void {
		this.provider.close();
	}

	*#serve(request: ServiceRequest): Process {
		if (request.command.CommandField !== COMMAND_FIELD['C-FIND-RQ']) {
			if (request.command.CommandField !== COMMAND_FIELD['C-CANCEL-RQ']) {
				request.respond(responseTo(request.command, { status: 0x0211 }));
			}
			return;
		}
		const { transferSyntax } = request.context;
		const decoded = decodeDataSet(request.data, { transferSyntax });
		if (!decoded.ok) {
			request.respond(responseTo(request.command, { status: 0xa900 }));
			return;
		}
		yield* this.world.kernel.sleep(15_000);
		let count = 0;
		for (const order of this.orders) {
			if (order.status !== 'scheduled') continue;
			const record = this.#worklistRecord(order);
			if (!matches(decoded.dataSet, record)) continue;
			count++;
			request.respond(
				responseTo(request.command, { status: 0xff00, withDataSet: true }),
				encodeDataSet(answerIdentifier(decoded.dataSet, record), { transferSyntax }),
			);
		}
		request.respond(responseTo(request.command, { status: 0x0000 }));
		this.log('INFO', `worklist query from ${request.callingAeTitle}: ${count} entries`);
	}

	/** Attributes of PS3.4 table K.6-1 that this RIS supports. */
	#worklistRecord(order: Order): QueryRecord {
		const startUs = this.world.epochUs + order.scheduledUs;
		const { code } = order.procedure;
		return {
			SpecificCharacterSet: 'ISO_IR 100',
			AccessionNumber: order.accessionNumber,
			PatientName: order.patient.name,
			PatientID: order.patient.id,
			PatientBirthDate: order.patient.birthDate,
			PatientSex: order.patient.sex,
			ReferringPhysicianName: 'Referrer^Synthetic',
			StudyInstanceUID: order.studyInstanceUid,
			RequestedProcedureID: order.requestedProcedureId,
			RequestedProcedureDescription: order.procedure.description,
			RequestedProcedurePriority: order.priority,
			RequestedProcedureCodeSequence: [
				{ CodeValue: code.value, CodingSchemeDesignator: code.scheme, CodeMeaning: code.meaning },
			],
			ScheduledProcedureStepSequence: [
				{
					Modality: order.procedure.modality,
					ScheduledStationAETitle: this.config.stations[order.device] ?? '',
					ScheduledProcedureStepStartDate: formatDicomDate(startUs),
					ScheduledProcedureStepStartTime: formatDicomTime(startUs),
					ScheduledProcedureStepDescription: order.procedure.description,
					ScheduledProcedureStepID: order.scheduledProcedureStepId,
				},
			],
		};
	}
}

/** The radiology information system: orders and the modality worklist made from them. */
export const ris = defineDevice<RisConfig, Ris>({
	kind: 'ris',
	title: 'RIS',
	doc: 'Schedules orders on stations and serves them as Modality Worklist.',
	config: risConfigSchema,
	create: (environment, config) => new Ris(environment, config),
	console: {
		status: (device) => [
			{
				label: 'Service',
				value: device.state,
				tone: device.state === 'running' ? 'good' : 'bad',
			},
			{
				label: 'Worklist provider',
				value: `${device.config.aeTitle}:${device.config.port}`,
				tone: 'neutral',
			},
		],
		settings: [
			{
				id: 'ae-title',
				label: 'Worklist AE title',
				group: 'DICOM',
				kind: 'text',
				maximumLength: 16,
				minutes: 1,
				read: (device) => device.config.aeTitle,
				write: (device, value) => void (device.config.aeTitle = String(value)),
			},
		],
		tables: [
			{
				id: 'orders',
				title: "Today's orders",
				columns: [
					{ id: 'time', label: 'Scheduled', mono: true },
					{ id: 'accession', label: 'Accession', mono: true },
					{ id: 'patient', label: 'Patient' },
					{ id: 'procedure', label: 'Procedure' },
					{ id: 'station', label: 'Station' },
					{ id: 'priority', label: 'Priority' },
					{ id: 'status', label: 'Status' },
				],
				emptyText: 'No orders yet.',
				rows: (device) =>
					[...device.orders]
						.sort((a, b) => b.scheduledUs - a.scheduledUs)
						.map((order) => ({
							id: order.accessionNumber,
							cells: {
								time: formatIsoLocal(device.world.epochUs + order.scheduledUs).slice(11, 16),
								accession: order.accessionNumber,
								patient: `${order.patient.name} (${order.patient.id})`,
								procedure: order.procedure.description,
								station: order.device,
								priority: order.priority,
								status: order.status,
							},
							tone: order.priority === 'STAT' ? 'warning' : 'neutral',
						})),
			},
			{
				id: 'stations',
				title: 'Stations',
				configuration: true,
				columns: [
					{ id: 'station', label: 'Station' },
					{ id: 'ae-title', label: 'AE title on file', mono: true },
				],
				emptyText: 'No station is on file: every worklist stays empty.',
				rows: (device) =>
					Object.entries(device.config.stations).map(([id, aeTitle]) => ({
						id,
						cells: { station: device.world.devices.get(id)?.title ?? id, 'ae-title': aeTitle },
					})),
			},
			associationHistory('Worklist queries'),
		],
		operations: [
			{
				id: 'set-station',
				label: 'Change AE title',
				minutes: 2,
				effect: 'change',
				table: 'stations',
				fields: [
					{ id: 'ae-title', label: 'AE title', kind: 'text', maximumLength: 16, required: true },
				],
				*run(device, { row, fields }) {
					if (row === undefined || !(row in device.config.stations)) {
						return { text: `There is no station ${row ?? ''}.`, refused: true };
					}
					const aeTitle = String(fields['ae-title']);
					device.config.stations[row] = aeTitle;
					device.log('INFO', `station ${row} now has the AE title ${aeTitle}`);
					return { text: `Orders for ${row} are now on the worklist of ${aeTitle}.` };
				},
			},
			{
				id: 'restart',
				label: 'Restart RIS services',
				minutes: 5,
				takesItsTime: true,
				effect: 'change',
				confirm: 'Restart the RIS? Nobody can work with orders for about five minutes.',
				*run(device) {
					device.stop();
					yield* device.world.kernel.sleep(minutes(5));
					device.start();
					return { text: 'The RIS was restarted. It was down for five minutes.' };
				},
			},
		],
	},
});
