/**
 * dcmjs-dimse as the other side of Modality Performed Procedure Step and Storage Commitment, over real sockets:
 * the simulated RIS and archive serve it, and the simulated scanner reports to it.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import dimse from 'dcmjs-dimse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import type { Modality } from '#lib/hospital/devices/modality/modality.ts';
import { beginList, endList } from '#lib/hospital/devices/modality/step-data.ts';
import type { WorklistEntry } from '#lib/hospital/devices/modality/worklist-query.ts';
import type { Ris } from '#lib/hospital/devices/ris/ris.ts';
import { acquire } from '#lib/hospital/objects/acquire.ts';
import { hours, parseIsoLocal } from '#lib/kernel/time.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { encodeDataSet, joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { communityHospital } from '#lib/server/gateway/community.fixture.ts';
import { openGateway, type Gateway } from '#lib/server/gateway/open-gateway.ts';
import { syntheticAcquisition } from '../support/synthetic-acquisition.ts';

const { Client, Dataset, Scp } = dimse;
const { NActionRequest, NCreateRequest, NSetRequest } = dimse.requests;
const { NCreateResponse, NEventReportResponse, NSetResponse } = dimse.responses;
const { PresentationContextResult, Status } = dimse.constants;
type Requested = InstanceType<typeof NCreateRequest>;

const PATIENCE = { timeout: 20_000 };
const STEP = UID.ModalityPerformedProcedureStepSOPClass;
const COMMITMENT = UID.StorageCommitmentPushModelSOPClass;
/** The well-known instance of the push model (PS3.4 J.3.5). */
const COMMITMENT_INSTANCE = '1.2.840.10008.1.20.1.1';

dimse.log.setLevel('silent');

/** What dcmjs-dimse was asked as a provider. */
const received: { service: string; instance: string; elements: Record<string, unknown> }[] = [];

class Provider extends Scp {
	override associationRequested(association: InstanceType<typeof dimse.association.Association>) {
		for (const { id } of association.getPresentationContexts()) {
			const context = association.getPresentationContext(id);
			context.setResult(PresentationContextResult.Accept, context.getTransferSyntaxUids()[0]);
		}
		this.sendAssociationAccept();
	}

	override nCreateRequest(request: Requested, callback: (response: never) => void) {
		this.#keep('N-CREATE', request.getAffectedSopInstanceUid(), request);
		const response = NCreateResponse.fromRequest(request);
		response.setStatus(Status.Success);
		callback(response as never);
	}

	override nSetRequest(
		request: InstanceType<typeof NSetRequest>,
		callback: (response: never) => void,
	) {
		this.#keep('N-SET', request.getRequestedSopInstanceUid(), request);
		const response = NSetResponse.fromRequest(request);
		response.setStatus(Status.Success);
		callback(response as never);
	}

	override nEventReportRequest(
		request: InstanceType<typeof dimse.requests.NEventReportRequest>,
		callback: (response: never) => void,
	) {
		this.#keep(`N-EVENT-REPORT ${request.getEventTypeId()}`, '', request);
		const response = NEventReportResponse.fromRequest(request);
		response.setStatus(Status.Success);
		callback(response as never);
	}

	override associationReleaseRequested() {
		this.sendAssociationReleaseResponse();
	}

	#keep(service: string, instance: string, request: InstanceType<typeof dimse.requests.Request>) {
		const elements = request.getDataset()?.getElements() ?? {};
		received.push({ service, instance, elements: elements as Record<string, unknown> });
	}
}

let server: Server;
let gateway: Gateway;
let substituted: Gateway;

const start = parseIsoLocal('2026-03-09T10:00') ?? 0;
const acquisition = syntheticAcquisition('dcmjs-dimse');
const series = acquire('CT', acquisition);

beforeAll(async () => {
	// Its own Server class listens on every address of the machine; this one on the loopback interface only.
	server = createServer((socket) => void new Provider(socket, {})).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	const common = { hospital: communityHospital(), startUs: start, basePort: 0 };
	gateway = await openGateway({
		...{ ...common, seed: 'dcmjs-dimse', warmUpUs: hours(1), callers: [] },
		destinations: [{ aeTitle: 'DIMSE', port }],
	});
	substituted = await openGateway({
		...{ ...common, seed: 'dcmjs-dimse-ris', warmUpUs: hours(1), callers: [], destinations: [] },
		substitutes: [{ host: 'ris', hospitalPort: 104, port }],
	});
});
afterAll(async () => {
	await gateway.close();
	await substituted.close();
	server.close();
});

const ris = () => gateway.world.device('ris') as Ris;
const ct = (where: Gateway) => where.world.device('ct1') as Modality;

/** The data set as dcmjs reads it. */
function theirs(dataSet: DataSet): InstanceType<typeof Dataset> {
	const pieces = encodeDataSet(dataSet, { transferSyntax: UID.LittleEndianImplicit });
	return new Dataset(Buffer.from(joinBytes(pieces)), UID.LittleEndianImplicit);
}

/** Sends one request to a node of the gateway; the status of its response. */
function ask(
	request: InstanceType<typeof dimse.requests.Request>,
	called: string,
	calling = 'CT1',
): Promise<{ status: number; comment: string | undefined }> {
	const node = gateway.nodes.find((entry) => entry.aeTitle === called);
	return new Promise((resolve, reject) => {
		const client = new Client();
		request.on('response', (response: InstanceType<typeof NCreateResponse>) => {
			resolve({ status: response.getStatus(), comment: response.getErrorComment() });
		});
		client.addRequest(request);
		client.on('networkError', reject);
		client.on('associationRejected', (why: unknown) => reject(new Error(JSON.stringify(why))));
		client.send('127.0.0.1', node?.realPort ?? 0, calling, called);
	});
}

function entryOf(where: Gateway): WorklistEntry {
	const [entry] = ct(where).worklist;
	if (!entry) throw new Error('nothing on the worklist');
	return entry;
}

function begin(where: Gateway): DataSet {
	return beginList({
		...{ id: 'PPS1', entry: entryOf(where), startUs: start, config: ct(where).config },
		specificCharacterSet: 'ISO_IR 100',
	});
}

function end(where: Gateway): DataSet {
	return endList({
		...{ entry: entryOf(where), endUs: start, operator: 'Technologist^Synthetic', series },
		specificCharacterSet: 'ISO_IR 100',
	});
}

function create(instance: string, list: DataSet) {
	const request = new NCreateRequest(STEP, instance);
	request.setDataset(theirs(list));
	return request;
}

function set(instance: string, list: DataSet) {
	const request = new NSetRequest(STEP, instance);
	request.setDataset(theirs(list));
	return request;
}

test('dcmjs-dimse | MPPS N-CREATE and N-SET | SCU', async () => {
	await gateway.act('worklist', ct(gateway).refreshWorklist());
	expect(await ask(create('2.25.501', begin(gateway)), 'RISMWL')).toMatchObject({ status: 0 });
	expect(ris().performedSteps.get('2.25.501')?.status).toBe('IN PROGRESS');
	expect(await ask(set('2.25.501', end(gateway)), 'RISMWL')).toMatchObject({ status: 0 });
	expect(ris().performedSteps.get('2.25.501')?.status).toBe('COMPLETED');
});

test('dcmjs-dimse | MPPS refusals | SCU: it reads 0111, 0112, 0120 and 0110', async () => {
	expect((await ask(create('2.25.501', begin(gateway)), 'RISMWL')).status).toBe(0x0111);
	expect((await ask(set('2.25.599', end(gateway)), 'RISMWL')).status).toBe(0x0112);
	const incomplete = begin(gateway);
	incomplete.delete('PerformedProcedureStepID');
	expect((await ask(create('2.25.502', incomplete), 'RISMWL')).status).toBe(0x0120);
	const late = await ask(set('2.25.501', end(gateway)), 'RISMWL');
	expect(late.status).toBe(0x0110);
	expect(late.comment).toMatch(/no longer be updated/);
});

test('dcmjs-dimse | MPPS N-CREATE and N-SET | SCP: the simulated scanner reports to it', async () => {
	const scanner = ct(substituted);
	// Its worklist still lists what the RIS had told before.
	const entry = entryOf(substituted);
	const report = await substituted.act(
		'step',
		(function* () {
			const step = { id: 'PPS2', sopInstanceUid: '2.25.601', entry, startUs: start };
			return scanner.stepReports.begin(step, begin(substituted));
		})(),
	);
	await expect.poll(() => report.state, PATIENCE).toBe('reported');
	await substituted.act(
		'step',
		(function* () {
			scanner.stepReports.end(report, 'COMPLETED', end(substituted));
		})(),
	);
	// The rest of the hospital goes on reporting too.
	const own = () => received.filter(({ instance }) => instance === '2.25.601');
	await expect
		.poll(() => own().map(({ service }) => service), PATIENCE)
		.toEqual(['N-CREATE', 'N-SET']);
	const [created, finished] = own();
	expect(created).toMatchObject({
		instance: '2.25.601',
		elements: { PerformedProcedureStepStatus: 'IN PROGRESS', PerformedStationAETitle: 'CT1' },
	});
	expect(finished).toMatchObject({
		instance: '2.25.601',
		elements: { PerformedProcedureStepStatus: 'COMPLETED' },
	});
});

test('dcmjs-dimse | Storage Commitment | SCU: the archive reports to it on a reverse association', async () => {
	received.length = 0;
	const [study] = [...(gateway.world.device('pacs') as Archive).store.studies.values()];
	const stored = [...(study?.series.values() ?? [])].flatMap((one) => [...one.instances.values()]);
	const [kept] = stored;
	if (!kept) throw new Error('the archive is empty');
	const reference = (sopInstanceUid: string) =>
		DataSet.from({
			ReferencedSOPClassUID: kept.sopClassUid,
			ReferencedSOPInstanceUID: sopInstanceUid,
		});
	const request = new NActionRequest(COMMITMENT, COMMITMENT_INSTANCE, 1);
	request.setDataset(
		theirs(
			DataSet.from({
				TransactionUID: '2.25.701',
				ReferencedSOPSequence: [reference(kept.sopInstanceUid), reference('2.25.799')],
			}),
		),
	);
	expect((await ask(request, 'PACS1', 'DIMSE')).status).toBe(0);
	// Type 2: some instances are not committed (PS3.4 J.3.3.1.3).
	await expect
		.poll(() => received.map(({ service }) => service), PATIENCE)
		.toEqual(['N-EVENT-REPORT 2']);
	expect(received[0]?.elements).toMatchObject({
		TransactionUID: '2.25.701',
		ReferencedSOPSequence: [{ ReferencedSOPInstanceUID: kept.sopInstanceUid }],
		FailedSOPSequence: [{ ReferencedSOPInstanceUID: '2.25.799', FailureReason: 0x0112 }],
	});
});
